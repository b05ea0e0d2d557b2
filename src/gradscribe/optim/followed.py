"""Which functions the compiler does not follow into: they read trees by generated code, which has no derivative.

In:  a function, and what a loss may call instead.   Out: the same function, which says so.
Not here: functions that losses may call (tree.py, losses.py, projections.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

INNER_STEP = (
    "write a step that is differentiated with `optim.tree`: `p = optim.tree.add_scale(p, -rate, grads)`; "
    "`optim.tree.update_moment` and `bias_correction` make the means of Adam"
)


def not_followed(name: str, instead: str) -> Callable[[F], F]:
    """Mark a function; a call of it inside of a compiled one is refused with what to write instead."""

    def mark(function: F) -> F:
        function.__gradscribe_instead__ = (name, instead)  # type: ignore[attr-defined]
        return function

    return mark
