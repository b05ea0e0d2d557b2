"""What is around the point of lowering: loops of the generated code, calls that are lowered in place.

In:  nothing.   Out: `ActiveLoop`, `Activation`.
Not here: frames, which hold variables (state.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from gradscribe.frontend.syntax import FunctionSyntax
from gradscribe.frontend.values import Abstract, Cell
from gradscribe.ir.graph import Value

MAX_TRIPS = 32
"""How often a loop runs at most that is written out where it need not be."""


PASSED = -1
"""In the place of the number of an argument: an object that a recursive function is given, which is a graph."""


@dataclass(frozen=True, slots=True)
class ActiveLoop:
    """A run-time loop around the point of lowering.

    Attributes:
        key: of its memory.
        can_unroll: its bounds are known now.
        bounds: what its bounds are computed from: numbers of leaves, keys of loops.
        mark: objects with a greater serial were made inside.
        slots: the slot key of each carried parameter.
        trips: how often it runs, where that is known and it can be written out.
        index: its counter. range: what that goes over: start, stop and step.
    """

    key: object
    can_unroll: bool
    bounds: frozenset[object] = frozenset()
    mark: int = 0
    slots: dict[Value, object] = field(default_factory=dict)
    trips: int | None = None
    index: Value | None = None
    range: tuple[Abstract, Abstract, Abstract] | None = None


@dataclass(eq=False)
class Activation:
    """A call of a user function that is being lowered in place.

    Attributes:
        key: the function and the kinds of its arguments; a second call with this key inside is recursion.
        function: the syntax of the function.
        copies: how many calls inside, lowered in place, have called the function again.
        calls_itself: whether this one has.
        has_no_end: whether calls inside were too deep, so that no further ones are lowered.
        heap: the contents of objects when it was called.
        mark: objects with a greater serial were made since then.
        lengths: of the lists it was given, by the place where they stand among its arguments.
        numbers: known now among its arguments, also in tuples.
        held: numbers known now that objects among its arguments hold, by place.
        depth: of blocks around it.
        is_graph: it is lowered as a graph of its own.
    """

    key: object
    function: FunctionSyntax
    heap: Mapping[Cell, object]
    mark: int
    lengths: Mapping[tuple[Hashable, ...], int]
    numbers: Mapping[str, object]
    held: Mapping[tuple[Hashable, ...], int | float]
    depth: int
    is_graph: bool = False
    copies: int = 0
    calls_itself: bool = False
    has_no_end: bool = False
