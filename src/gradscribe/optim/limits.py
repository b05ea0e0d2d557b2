"""Options of engines: how long they may go on, by one name for all of them, and those that they do not have.

In:  the most iterations, and the user's options.   Out: options of the engine.
Not here: what the engines are (minimize.py, root.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from numbers import Real
from typing import Any

from gradscribe.optim.extras import load
from gradscribe.optim.settings import check_counts, described, refused


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


def known_options(
    function: str, method: str, known: Collection[str], options: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The user's options, if the method has them all.

    Raises:
        GS356: it has not, or they are not named.
    """
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        fix = f"pass a dict, such as `options={{{next(iter(known))!r}: ...}}`"
        raise refused(function, f"`options` is a {type(options).__name__}", fix)
    for name in options:
        if name not in known and not _documented(function, method, name):
            able = (
                "; trf and dogbox have robust losses" if (function, name) == ("least_squares", "loss") else ""
            )
            fix = f"pass some of {', '.join(known)}{able}"
            raise refused(function, f"{method} has no option {name!r}", fix)
    return dict(options)


def _documented(function: str, method: str, name: object) -> bool:
    """The installed SciPy, which may be newer than our list, describes such an option."""
    if function not in ("minimize", "root"):
        return False
    text = load("scipy.optimize", function).show_options(function, method.lower(), disp=False)
    return re.search(rf"^\s*{re.escape(str(name))} ?: ", text, re.MULTILINE) is not None


def check_tolerance(function: str, tol: object) -> None:
    """Demand a tolerance: a number of at least 0, or None.

    Raises:
        GS356: it is none.
    """
    if tol is not None and (isinstance(tol, bool) or not isinstance(tol, Real) or not float(tol) >= 0.0):
        raise refused(function, described("tol", tol), "pass a number such as 1e-8")
