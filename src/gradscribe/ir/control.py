"""Control nodes: `if`, `for`, `while` and `call`, and how their inputs and blocks are laid out.

Every control node is read through its view (`IfView.of(node)` ...), which names the parts, and made by its
`make`. Nobody else counts positions.

In:  graphs.   Out: views and makers; which graphs are called.
Not here: deriving them (ad/control.py), printing them as Python (codegen/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ir.graph import NO_ATTRS, Block, Graph, Node, Op, Value
from gradscribe.ir.types import INT, SequenceType, Type
from gradscribe.ir.walk import walk
from gradscribe.location import Location
from gradscribe.naming import saved_name

IF = Op(name="if")
FOR = Op(name="for")
WHILE = Op(name="while")
CALL = Op(name="call")

Caught = tuple[type[BaseException], ...]
"""Exception classes that a handler catches."""


@dataclass(frozen=True, slots=True)
class GraphReference:
    """Stands, as an attribute, for a graph: the function that an operation calls (`func` of quad)."""

    name: str


def graphs_called(node: Node) -> tuple[str, ...]:
    """The names of the graphs that a node calls, itself or through the library that it hands them to."""
    if node.op is CALL:
        return (str(node.attrs["graph"]),)
    if not node.attrs:
        return ()
    return tuple(item.name for item in node.attrs.values() if isinstance(item, GraphReference))


def graphs_reached(main: Graph, graphs: Mapping[str, Graph]) -> dict[str, Graph]:
    """The main graph and, of the others, those that calls lead to from it and that are made by now."""
    reached: dict[str, Graph] = {}
    waiting = [main]
    while waiting:
        graph = waiting.pop()
        if graph.name not in reached:
            reached[graph.name] = graph
            called = [name for node in walk(graph.body) for name in graphs_called(node)]
            waiting += [graphs[name] for name in called if name in graphs]
    return reached


@dataclass(frozen=True, slots=True, eq=False)
class IfView:
    """`if condition: then else: otherwise`.

    inputs:  (condition, *captured);   both blocks: params (*captured), results like the outputs.

    With `catches` it is `try: then except catches: otherwise`. The condition is a literal True then, which holds
    until something in `then` raises one of these exceptions: nothing remains of it, and `otherwise` runs instead.
    """

    condition: Value
    captured: tuple[Value, ...]
    then: Block
    otherwise: Block
    outputs: tuple[Value, ...]
    catches: Caught = ()

    @staticmethod
    def of(node: Node) -> IfView:
        """The parts of an `if` node."""
        then, otherwise = node.blocks
        return IfView(node.inputs[0], node.inputs[1:], then, otherwise, node.outputs, caught_by(node))

    @staticmethod
    def make(
        condition: Value,
        captured: Sequence[Value],
        then: Block,
        otherwise: Block,
        outputs: Sequence[Value],
        *,
        catches: Caught = (),
        location: Location | None = None,
        derivative: bool = False,
    ) -> Node:
        """An `if` node."""
        attrs = {"catches": catches} if catches else NO_ATTRS
        inputs = (condition, *captured)
        return Node(IF, inputs, tuple(outputs), attrs, (then, otherwise), location, derivative)


@dataclass(frozen=True, slots=True, eq=False)
class ForView:
    """`for index in range(start, stop, step)`.

    inputs:  (start, stop, step, *sequences, *carried, *captured)
    block:   params (index, *elements, *carried, *captured); results (*carried, *collected[, leave])
    outputs: (*carried, *collected[, trips])

    `sequences` are per-iteration inputs: lists read entry by entry. `collected` are per-iteration outputs, one
    list each. Both are indexed by iteration number (0 for the first value of the range), not by visiting order:
    a loop with `backwards` visits the iterations from the last to the first and means the same lists.
    With `leaves`, the last block result is a bool that ends the loop after that iteration, and the last output is
    the number of iterations that ran; such a loop is never `backwards`.
    """

    start: Value
    stop: Value
    step: Value
    sequences: tuple[Value, ...]
    initial: tuple[Value, ...]
    captured: tuple[Value, ...]
    body: Block
    outputs: tuple[Value, ...]
    backwards: bool
    leaves: bool

    @staticmethod
    def of(node: Node) -> ForView:
        """The parts of a `for` node."""
        n_sequences, n_carried = _count(node, "sequences"), _count(node, "carried")
        first, second = 3 + n_sequences, 3 + n_sequences + n_carried
        start, stop, step = node.inputs[:3]
        return ForView(
            start,
            stop,
            step,
            node.inputs[3:first],
            node.inputs[first:second],
            node.inputs[second:],
            node.blocks[0],
            node.outputs,
            bool(node.attrs["backwards"]),
            bool(node.attrs["leaves"]),
        )

    @property
    def index(self) -> Value:
        """Block parameter: the value of the range."""
        return self.body.params[0]

    @property
    def elements(self) -> tuple[Value, ...]:
        """Block parameters: this iteration's entry of each sequence."""
        return self.body.params[1 : 1 + len(self.sequences)]

    @property
    def carried_params(self) -> tuple[Value, ...]:
        """Block parameters: carried values at the start of an iteration."""
        first = 1 + len(self.sequences)
        return self.body.params[first : first + len(self.initial)]

    @property
    def captured_params(self) -> tuple[Value, ...]:
        """Block parameters: values of the outside that are only read."""
        return self.body.params[1 + len(self.sequences) + len(self.initial) :]

    @property
    def carried_results(self) -> tuple[Value, ...]:
        """Block results: carried values at the end of an iteration."""
        return self.body.results[: len(self.initial)]

    @property
    def collected_results(self) -> tuple[Value, ...]:
        """Block results: what this iteration adds to each collected list."""
        end = len(self.body.results) - self.leaves
        return self.body.results[len(self.initial) : end]

    @property
    def leave(self) -> Value | None:
        """Block result: the loop ends after this iteration."""
        return self.body.results[-1] if self.leaves else None

    @property
    def final(self) -> tuple[Value, ...]:
        """Outputs: carried values after the loop."""
        return self.outputs[: len(self.initial)]

    @property
    def collected(self) -> tuple[Value, ...]:
        """Outputs: the collected lists."""
        end = len(self.outputs) - self.leaves
        return self.outputs[len(self.initial) : end]

    @property
    def trips(self) -> Value | None:
        """Output: number of iterations that ran, for a loop that `leaves`."""
        return self.outputs[-1] if self.leaves else None

    @staticmethod
    def make(
        bounds: tuple[Value, Value, Value],
        body: Block,
        *,
        sequences: Sequence[Value] = (),
        initial: Sequence[Value] = (),
        captured: Sequence[Value] = (),
        outputs: Sequence[Value],
        backwards: bool = False,
        leaves: bool = False,
        location: Location | None = None,
        derivative: bool = False,
    ) -> Node:
        """A `for` node."""
        attrs = {
            "sequences": len(sequences),
            "carried": len(initial),
            "backwards": backwards,
            "leaves": leaves,
        }
        inputs = (*bounds, *sequences, *initial, *captured)
        return Node(FOR, inputs, tuple(outputs), attrs, (body,), location=location, derivative=derivative)


@dataclass(frozen=True, slots=True, eq=False)
class WhileView:
    """`while condition: body`.

    inputs:    (*carried, *captured)
    condition: params (*carried, *captured); results (bool,)
    body:      params (*carried, *captured); results (*carried, *collected[, leave])
    outputs:   (*carried, *collected, trips)
    """

    initial: tuple[Value, ...]
    captured: tuple[Value, ...]
    condition: Block
    body: Block
    outputs: tuple[Value, ...]
    leaves: bool

    @staticmethod
    def of(node: Node) -> WhileView:
        """The parts of a `while` node."""
        n_carried = _count(node, "carried")
        return WhileView(
            node.inputs[:n_carried],
            node.inputs[n_carried:],
            node.blocks[0],
            node.blocks[1],
            node.outputs,
            bool(node.attrs["leaves"]),
        )

    @property
    def carried_params(self) -> tuple[Value, ...]:
        """Parameters of the body: carried values at the start of an iteration."""
        return self.body.params[: len(self.initial)]

    @property
    def captured_params(self) -> tuple[Value, ...]:
        """Parameters of the body: values of the outside that are only read."""
        return self.body.params[len(self.initial) :]

    @property
    def carried_results(self) -> tuple[Value, ...]:
        """Results of the body: carried values at the end of an iteration."""
        return self.body.results[: len(self.initial)]

    @property
    def collected_results(self) -> tuple[Value, ...]:
        """Results of the body: what this iteration adds to each collected list."""
        return self.body.results[len(self.initial) : len(self.body.results) - self.leaves]

    @property
    def leave(self) -> Value | None:
        """Result of the body: the loop ends after this iteration."""
        return self.body.results[-1] if self.leaves else None

    @property
    def final(self) -> tuple[Value, ...]:
        """Outputs: carried values after the loop."""
        return self.outputs[: len(self.initial)]

    @property
    def collected(self) -> tuple[Value, ...]:
        """Outputs: the collected lists."""
        return self.outputs[len(self.initial) : -1]

    @property
    def trips(self) -> Value:
        """Output: number of iterations that ran."""
        return self.outputs[-1]

    @staticmethod
    def make(
        condition: Block,
        body: Block,
        *,
        initial: Sequence[Value] = (),
        captured: Sequence[Value] = (),
        outputs: Sequence[Value],
        leaves: bool = False,
        location: Location | None = None,
        derivative: bool = False,
    ) -> Node:
        """A `while` node."""
        return Node(
            WHILE,
            (*initial, *captured),
            tuple(outputs),
            {"carried": len(initial), "leaves": leaves},
            (condition, body),
            location=location,
            derivative=derivative,
        )


def caught_by(node: Node) -> Caught:
    """The exceptions that an `if` node catches; none but for a `try`."""
    found = node.attrs.get("catches", ())
    assert isinstance(found, tuple)
    return found


def make_call(
    graph: str,
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    *,
    location: Location | None = None,
    derivative: bool = False,
) -> Node:
    """A call of the graph of this name: inputs like its parameters, outputs like its results."""
    return Node(
        CALL, tuple(inputs), tuple(outputs), {"graph": graph}, location=location, derivative=derivative
    )


def collected_value(element: Value) -> Value:
    """A fresh value for the list that collects `element` once per iteration."""
    return Value(SequenceType(element.type), saved_name(element.hint) if element.hint else "")


def trips_value() -> Value:
    """A fresh value for a trip count."""
    return Value(INT, "trips")


def types_of(values: Sequence[Value]) -> tuple[Type, ...]:
    """Their types."""
    return tuple(value.type for value in values)


def _count(node: Node, name: str) -> int:
    count = node.attrs[name]
    assert isinstance(count, int)
    return count
