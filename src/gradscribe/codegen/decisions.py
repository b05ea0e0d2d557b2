"""What the analysis of storage finds: data only.

In:  nothing.   Out: `CallSummary`, `Fixes`, `Decisions`.
Not here: how it is found (storage.py), how it is carried out (rewrite.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gradscribe.ir.graph import Block, Node, Value


@dataclass(frozen=True, slots=True)
class CallSummary:
    """What the results of a graph share memory with.

    Attributes:
        params: for each result, positions of parameters (not donated ones) whose memory it may hold.
        shared: pairs of results that may share memory.
        donated: positions of parameters that are overwritten.
    """

    params: tuple[frozenset[int], ...]
    shared: frozenset[tuple[int, int]]
    donated: frozenset[int]


@dataclass
class Fixes:
    """Copies that are cheaper than copying what is written; they change the graph, so the pass runs again.

    Attributes:
        views: copied where they are made, for the derivative statements that read them.
        appends: results of `list_append` and `list_set` that must store a copy.
        nested: those of them that must store a copy of the lists inside, too.
        params: parameters copied at the start.
        shared_slots: loop parameters that are not to be written in place.
    """

    views: set[Value] = field(default_factory=set)
    appends: set[Value] = field(default_factory=set)
    nested: set[Value] = field(default_factory=set)
    params: set[Value] = field(default_factory=set)
    shared_slots: set[Value] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.views or self.appends or self.params or self.shared_slots)


@dataclass
class Decisions:
    """What happens to memory.

    Attributes:
        in_place: result of a write -> the value it modifies. Other writes make new memory.
        elided: results of storing a view back that was written in place: nothing is left to do.
        copied_inputs: (node, position of an input) that is copied just before the node.
        copied_results: (block, position of a result) that is copied at the end of the block.
        nested: those of both whose lists inside are copied, too.
    """

    in_place: dict[Value, Value] = field(default_factory=dict)
    elided: set[Value] = field(default_factory=set)
    copied_inputs: set[tuple[Node, int]] = field(default_factory=set)
    copied_results: set[tuple[Block, int]] = field(default_factory=set)
    nested: set[tuple[Node | Block, int]] = field(default_factory=set)
