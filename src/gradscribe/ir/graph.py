"""Programs as graphs: typed SSA with structured control flow, pure and immutable.

Blocks are closed: a block reads only its parameters and its own nodes. What it needs from outside is an
input of the node that owns it. So every pass is one recursive function over blocks.

In:  types.   Out: `Program`, `Graph`, `Block`, `Node`, `Value`, `Op`.
Not here: making nodes (build.py), the meaning of control nodes (control.py), operations (ops/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gradscribe.ir.signature import Signature
from gradscribe.ir.types import Type
from gradscribe.location import Location


@dataclass(frozen=True, slots=True)
class Input:
    """Stands, inside an attribute, for the node's input at this position.

    An attribute is a template: any nesting of tuples, lists, slices and static values may hold `Input`s, as in
    `x[i, 1:n]` with inputs (x, i, n) and index `(Input(1), slice(1, Input(2), None))`.
    """

    position: int


NO_ATTRS: Mapping[str, object] = MappingProxyType({})


def _no_attrs() -> Mapping[str, object]:
    return NO_ATTRS


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Op:
    """What a node does. Operations of the table (ops/spec.py) and control flow (control.py) extend it.

    Attributes:
        name: unique in the process.
        has_effect: it prints, raises or asserts: never removed, duplicated, merged or moved across another.
        shape_only: positions of the inputs of which it reads shape and dtype, never the elements.
    """

    name: str
    has_effect: bool = False
    shape_only: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """One SSA value. Compared by identity.

    Attributes:
        type: upper bound of what it is at run time.
        hint: the user's own name for it, '' for an unnamed intermediate, 'd_x' for the cotangent of x.
    """

    type: Type
    hint: str = ""

    def __repr__(self) -> str:
        return f"{self.hint or '%'}:{self.type}"


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """One operation.

    Attributes:
        inputs: values read.
        outputs: values defined.
        attrs: what is known at compile time (axis, index, spelling, literal); compared with ==.
        blocks: sub-programs of a control node.
        location: the user's line that it computes, or whose derivative it computes.
        derivative: it belongs to a derivative statement: no reference bits, may be simplified and reassociated.
    """

    op: Op
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    attrs: Mapping[str, object] = field(default_factory=_no_attrs)
    blocks: tuple[Block, ...] = ()
    location: Location | None = None
    derivative: bool = False
    has_effect: bool = field(init=False)

    def __post_init__(self) -> None:
        has_effect = self.op.has_effect
        if self.blocks and not has_effect:
            has_effect = any(node.has_effect for block in self.blocks for node in block.nodes)
        object.__setattr__(self, "has_effect", has_effect)

    @property
    def output(self) -> Value:
        """The only output."""
        (value,) = self.outputs
        return value


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Block:
    """A straight sequence of nodes, in order of execution."""

    params: tuple[Value, ...]
    nodes: tuple[Node, ...]
    results: tuple[Value, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Graph:
    """A function: `body.params` are the leaves of its arguments, `body.results` those of what it returns.

    Attributes:
        donated: positions of parameters whose storage the callee owns and may overwrite (accumulators).
    """

    name: str
    signature: Signature
    body: Block
    location: Location | None = None
    doc: str = ""
    donated: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Program:
    """Graphs by name. `main` is what the user calls; the others are reached by `call` nodes.

    Attributes:
        ignored: floating-point errors ("divide", "over", "under", "invalid") of which the user's function tells
            NumPy not to warn; what is generated from it does not warn of them either.
    """

    main: str
    graphs: Mapping[str, Graph]
    ignored: frozenset[str] = frozenset()

    @property
    def entry(self) -> Graph:
        """The graph that the user calls."""
        return self.graphs[self.main]

    def with_graph(self, graph: Graph) -> Program:
        """This program with one graph added or replaced; itself when nothing changes."""
        if self.graphs.get(graph.name) is graph:
            return self
        return replace(self, graphs={**self.graphs, graph.name: graph})
