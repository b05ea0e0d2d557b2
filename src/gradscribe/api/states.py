"""What `vjp` and `jvp` compiled for a function, kept with the function.

In:  a function and a transformation.   Out: its `Specialisations`, the same ones at each call.
Not here: compiling and guards (compiler/).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from gradscribe.compiler.cache import Specialisations
from gradscribe.ir.graph import Program

ATTRIBUTE = "__gradscribe_compiled__"
_lock = threading.Lock()


def specialisations_of(
    function: Callable[..., object],
    key: Hashable,
    transform: Callable[[Program], Program],
    name: str,
) -> Specialisations:
    """What was compiled for this function and key so far.

    It is an attribute of the function, and dies with it. `functools.wraps` copies attributes to wrappers, so each
    entry is checked to belong to this very function.
    """
    with _lock:
        kept: dict[Hashable, Specialisations] = getattr(function, ATTRIBUTE, {})
        found = kept.get(key)
        if found is None or found.function is not function:
            found = Specialisations(function, transform, name, calls=False)
            mine = {k: state for k, state in kept.items() if state.function is function}
            setattr(function, ATTRIBUTE, {**mine, key: found})
        return found
