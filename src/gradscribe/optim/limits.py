"""Options of engines: how long they may go on, by one name for all of them, and those that they do not have.

In:  the most iterations, and the user's options.   Out: options of the engine.
Not here: what the engines are (minimize.py, root.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from gradscribe.optim.settings import check_counts, refused


def with_limit(
    function: str, option: str, max_iterations: int | None, options: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The user's options, with that of the most iterations.

    Raises:
        GS356: it is not a positive int, or stands in the options, too.
    """
    found = dict(options or {})
    if max_iterations is None:
        return found
    check_counts(function, max_iterations=max_iterations)
    if option in found:
        raise refused(
            function, f"`max_iterations` and the option {option!r} say both how long to go on", "pass one"
        )
    return {**found, option: max_iterations}


def known_options(method: str, known: Collection[str], options: Mapping[str, Any] | None) -> dict[str, Any]:
    """The user's options, if the method has them all.

    Raises:
        GS356: it has not.
    """
    for name in options or {}:
        if name not in known:
            able = "; trf and dogbox have robust losses" if name == "loss" else ""
            fix = f"pass some of {', '.join(known)}{able}"
            raise refused("least_squares", f"{method} has no option {name!r}", fix)
    return dict(options or {})
