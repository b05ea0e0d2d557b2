"""A piece of a random program: text with holes, and what must be there for it.

In:  nothing.   Out: `Fragment`.
Not here: the pieces (mutation.py, views.py, ...), filling the holes (writer.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.programs.scope import Shape


@dataclass(frozen=True)
class Fragment:
    """Some statements.

    Holes: `$a`, `$b`, `$c` arrays of one shape; `$k`, `$l` indices of the first axis of `$a`; `$place` of an
    element of it; `$cut` between 1 and its length; `$v`, `$w` numbers; `$x` an array expression of that shape;
    `$new`, `$other`, `$i`, `$j` new names; `$body` statements; `$everything` the result.

    Attributes:
        text: the statements.
        needs: 'nothing', 'any' array, 'some' elements, 'vector' or 'matrix' (two elements along the first axis).
        binds: what the new names hold afterwards.
        top: only outside loops and branches, where new names are seen by the rest of the program.
        looping: only in the body of a loop of this function.
    """

    text: str
    needs: str = "some"
    binds: dict[str, str] = field(default_factory=dict)
    top: bool = False
    looping: bool = False

    @property
    def has_body(self) -> bool:
        """Other statements stand in it."""
        return "$body" in self.text


def fits(needs: str, shape: Shape) -> bool:
    """Whether an array of this shape will do."""
    if needs == "any":
        return True
    if 0 in shape:
        return False
    if needs == "some":
        return True
    rank = {"vector": 1, "matrix": 2}[needs]
    return len(shape) == rank and shape[0] >= 2


def _size(shape: Shape) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


SHAPES: dict[str, Callable[[Shape, int], Shape]] = {
    "number": lambda shape, cut: (),
    "same": lambda shape, cut: shape,
    "row": lambda shape, cut: shape[1:],
    "tail": lambda shape, cut: (shape[0] - 1, *shape[1:]),
    "after": lambda shape, cut: (shape[0] - cut, *shape[1:]),
    "before": lambda shape, cut: (cut, *shape[1:]),
    "half": lambda shape, cut: ((shape[0] + 1) // 2, *shape[1:]),
    "flat": lambda shape, cut: (_size(shape),),
    "turned": lambda shape, cut: shape[::-1],
    "column": lambda shape, cut: (shape[0], *shape[2:]),
    "diagonal": lambda shape, cut: (min(shape),),
    "one more": lambda shape, cut: (*shape, 1),
    "pair": lambda shape, cut: (2, *shape),
    "joined": lambda shape, cut: (2 * shape[0], *shape[1:]),
    "square": lambda shape, cut: (shape[0], shape[0]),
    "three": lambda shape, cut: (3,),
}
"""Shapes of what a fragment binds, of the shape of `$a` and the number `$cut`."""
