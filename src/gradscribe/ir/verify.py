"""What every graph must satisfy between two stages, checked.

Blocks are closed, each value is defined once and before it is read, the parts of control nodes agree in number and
type, placeholders of attributes refer to inputs, calls fit the graphs they name, signatures fit the leaves.

In:  a program.   Out: nothing, or an `InternalError` (GS911 to GS918) that lists what is wrong.
Not here: whether an operation gives the types its node claims (ops/build.infer), what a program computes
(evaluate.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from gradscribe.errors import Diagnostic, InternalError
from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView, graphs_called
from gradscribe.ir.graph import Block, Graph, Node, Program, Value
from gradscribe.ir.lengths import Length, of_symbol, symbols_of
from gradscribe.ir.signature import leaves
from gradscribe.ir.template import inputs_in
from gradscribe.ir.types import (
    NONE,
    ArrayType,
    OpaqueType,
    ResidualsType,
    ScalarType,
    SequenceType,
    TupleType,
    Type,
    is_number,
    shape_of,
)

MOST_FAULTS = 20
MAY_READ_ABSENT = frozenset({"pack", "unpack"})


def verify(program: Program) -> None:
    """Check a whole program.

    Raises:
        InternalError: with one diagnostic per fault, the first ones of many.
    """
    checker = _Checker(program)
    if program.main not in program.graphs:
        checker.fault("GS917", f"the entry graph `{program.main}` is missing")
    for name, graph in program.graphs.items():
        if graph.name != name:
            checker.fault("GS917", f"graph `{graph.name}` is listed as `{name}`")
        checker.graph(graph)
    if checker.found:
        raise InternalError(checker.found[:MOST_FAULTS])


def fits(value: Type, slot: Type) -> bool:
    """Whether a value of the first type may stand where the second, an upper bound, is declared.

    >>> fits(INT, FLOAT), fits(FLOAT, INT), fits(FLOAT, numpy_scalar("float32"))
    (True, False, True)
    """
    match value, slot:
        case ScalarType() | ArrayType(), ScalarType() | ArrayType():
            return _number_fits(value, slot)
        case SequenceType(ScalarType(dtype)), SequenceType(ScalarType(wanted_dtype)) if dtype == wanted_dtype:
            # Entries are added up one by one: a list of floats may come to hold NumPy's.
            return True
        case SequenceType(ScalarType(dtype, loose=True)), SequenceType(ScalarType(wanted_dtype)) if (
            dtype.kind == wanted_dtype.kind
        ):
            # Python's floats among NumPy's take on the precision of what they are computed with.
            return True
        case SequenceType(element), SequenceType(wanted):
            return element == NONE or fits(element, wanted)
        case TupleType(elements), TupleType(wanted_elements):
            return len(elements) == len(wanted_elements) and all(map(fits, elements, wanted_elements))
        case ResidualsType(), ResidualsType() | TupleType():
            return value == slot or isinstance(slot, TupleType)
        case TupleType(), ResidualsType():
            # The content of a recursive graph's residuals is only known where it is packed.
            return True
        case OpaqueType(), OpaqueType():
            return value == slot
        case _:
            return False


def _number_fits(value: ScalarType | ArrayType, slot: ScalarType | ArrayType) -> bool:
    if isinstance(value, ScalarType):
        if value.python:
            return "biufc".index(value.dtype.kind) <= "biufc".index(slot.dtype.kind)
        in_python_slot = isinstance(slot, ScalarType) and slot.python
        return not in_python_slot and np.can_cast(value.dtype, slot.dtype)
    if not isinstance(slot, ArrayType) or value.ndim != slot.ndim:
        return False
    for mine, wanted in zip(value.shape, slot.shape, strict=True):
        # In the branch of a join, a length that is unknown outside may be known to be 1.
        if wanted.is_one and mine.is_not_one:
            return False
        if wanted.constant is not None and mine.constant is not None and wanted != mine:
            return False
    return np.can_cast(value.dtype, slot.dtype)


def _known_lengths(value: Value, slot: Value) -> Value:
    """The value with the lengths of the slot, where both are arrays of as many dimensions."""
    given, wanted = value.type, slot.type
    if isinstance(given, ArrayType) and isinstance(wanted, ArrayType) and given.ndim == wanted.ndim:
        return Value(ArrayType(given.dtype, wanted.shape), value.hint)
    return value


def _follows(length: Length) -> bool:
    """Whether a length is computed from others: neither a number nor an unknown one."""
    return length.constant is None and all(length != of_symbol(symbol) for symbol in symbols_of(length))


@dataclass
class _Checker:
    program: Program
    found: list[Diagnostic] = field(default_factory=list)
    name: str = ""
    defined: set[Value] = field(default_factory=set)

    def fault(self, code: str, title: str, node: Node | None = None) -> None:
        where = f"graph `{self.name}`: " if self.name else ""
        location = node.location if node is not None else None
        self.found.append(Diagnostic(code, where + title, location, why="this is our bug, not yours"))

    def graph(self, graph: Graph) -> None:
        self.name, self.defined = graph.name, set()
        self._signature(graph)
        self.block(graph.body)
        if not graph.donated <= set(range(len(graph.body.params))):
            self.fault("GS917", f"donated positions {sorted(graph.donated)} are not all parameters")
        self.name = ""

    def _signature(self, graph: Graph) -> None:
        signature = graph.signature
        structures = [parameter.structure for parameter in signature.parameters]
        structures += [hidden.structure for hidden in signature.hidden]
        given = [leaf.index for structure in structures for leaf in leaves(structure)]
        if given != list(range(len(graph.body.params))):
            self.fault("GS917", f"argument leaves {given} for {len(graph.body.params)} parameters")
        results = {leaf.index for leaf in leaves(signature.result)}
        if results != set(range(len(graph.body.results))):
            self.fault("GS917", f"result leaves {sorted(results)} for {len(graph.body.results)} results")

    def block(self, block: Block) -> None:
        visible: set[Value] = set()
        absent: set[Value] = set()
        self._define(block.params, visible, None)
        for node in block.nodes:
            reads_all = not node.blocks and node.op is not CALL and node.op.name not in MAY_READ_ABSENT
            for value in node.inputs:
                if value not in visible:
                    self.fault("GS911", f"`{node.op}` reads {value!r}, not defined before in its block", node)
                if reads_all and value in absent:
                    self.fault("GS918", f"`{node.op}` reads {value!r}, which is absent", node)
            self.node(node)
            self._define(node.outputs, visible, node)
            if node.op.name == "absent":
                absent.update(node.outputs)
        for value in block.results:
            if value not in visible:
                self.fault("GS911", f"a block yields {value!r}, which it does not define")

    def _define(self, values: Sequence[Value], visible: set[Value], node: Node | None) -> None:
        for value in values:
            if value in self.defined:
                self.fault("GS912", f"{value!r} is defined twice", node)
        visible.update(values)
        self.defined.update(values)

    def node(self, node: Node) -> None:
        for name, template in node.attrs.items():
            bad = [k for k in inputs_in(template) if not 0 <= k < len(node.inputs)]
            if bad:
                of = f"of {len(node.inputs)}"
                self.fault("GS915", f"`{node.op}`: attribute `{name}` refers to inputs {bad} {of}", node)
        if node.op is IF:
            self._if(node)
        elif node.op is FOR:
            self._for(node)
        elif node.op is WHILE:
            self._while(node)
        elif node.op is CALL:
            self._call(node)
        elif node.blocks:
            self.fault("GS913", f"`{node.op}` has blocks", node)
        elif missing := set(graphs_called(node)) - set(self.program.graphs):
            self.fault("GS916", f"`{node.op}` calls {missing}, which the program does not have", node)
        for block in node.blocks:
            self.block(block)

    def _if(self, node: Node) -> None:
        if len(node.blocks) != 2 or not node.inputs:
            self.fault("GS913", "`if` needs a condition and two blocks", node)
            return
        view = IfView.of(node)
        self._number(view.condition, "the condition", node)
        for label, block in (("then", view.then), ("else", view.otherwise)):
            captured = view.captured
            if node.derivative and len(captured) == len(block.params):
                # The cotangent of a result has, in a branch, the shape of what this branch yielded.
                captured = tuple(map(_known_lengths, captured, block.params))
            self._agree(captured, block.params, f"captured values of `{label}`", node)
            self._agree(block.results, view.outputs, f"results of `{label}`", node)
            self._joined(block.results, view.outputs, f"results of `{label}`", node)

    def _joined(self, given: Sequence[Value], outputs: Sequence[Value], what: str, node: Node) -> None:
        """A length that follows from others is known of an output where it is known of both branches."""
        for value, output in zip(given, outputs, strict=False):
            pairs = zip(shape_of(value.type), shape_of(output.type), strict=False)
            for mine, wanted in pairs:
                if mine != wanted and mine.constant is None and _follows(wanted):
                    self.fault("GS914", f"{what}: {value!r} where {output!r} is declared", node)

    def _for(self, node: Node) -> None:
        if not self._counts(node, ("sequences", "carried"), 3, 1):
            return
        view = ForView.of(node)
        for value in (view.start, view.stop, view.step, *view.body.params[:1]):
            if not isinstance(value.type, ScalarType) or value.type.dtype.kind not in "biu":
                self.fault("GS914", f"a bound or the index of `for` is {value!r}, not an integer", node)
        if len(view.body.params) != 1 + len(node.inputs) - 3:
            self.fault("GS913", f"`for`: {len(node.inputs)} inputs, {len(view.body.params)} parameters", node)
            return
        if view.backwards and view.leaves:
            self.fault("GS913", "`for`: a loop that leaves cannot run backwards", node)
        for sequence, element in zip(view.sequences, view.elements, strict=True):
            self._element(sequence, element, node)
        self._agree(view.captured, view.captured_params, "captured values", node)
        self._loop_results(node, view, len(view.body.results) - view.leaves, len(view.outputs) - view.leaves)
        self._trips(view.trips, node)

    def _while(self, node: Node) -> None:
        if not self._counts(node, ("carried",), 0, 2):
            return
        view = WhileView.of(node)
        for label, block in (("condition", view.condition), ("body", view.body)):
            self._agree(node.inputs, block.params, f"parameters of the {label}", node)
        if len(view.condition.results) != 1:
            self.fault("GS913", f"`while`: its condition yields {len(view.condition.results)} values", node)
            return
        self._number(view.condition.results[0], "the condition", node)
        if not view.outputs:
            self.fault("GS913", "`while` has no trip count", node)
            return
        self._loop_results(node, view, len(view.body.results) - view.leaves, len(view.outputs) - 1)
        self._trips(view.trips, node)

    def _loop_results(self, node: Node, view: ForView | WhileView, results: int, outputs: int) -> None:
        """Carried and collected values of a loop."""
        if results != outputs or results < len(view.initial):
            self.fault("GS913", f"`{node.op}`: {results} results without `leave`, {outputs} outputs", node)
            return
        if len(view.carried_params) != len(view.initial):
            return
        self._agree(view.initial, view.carried_params, "initial values", node)
        self._agree(view.carried_results, view.carried_params, "carried values", node)
        self._agree(view.carried_results, view.final, "final values", node)
        for element, sequence in zip(view.collected_results, view.collected, strict=True):
            self._element(sequence, element, node, collected=True)
        if view.leave is not None:
            self._number(view.leave, "`leave`", node)

    def _call(self, node: Node) -> None:
        callee = self.program.graphs.get(str(node.attrs.get("graph")))
        if callee is None:
            self.fault("GS916", f"call of `{node.attrs.get('graph')}`, which the program does not have", node)
            return
        self._agree(node.inputs, callee.body.params, f"arguments of `{callee.name}`", node, "GS916")
        self._agree(callee.body.results, node.outputs, f"results of `{callee.name}`", node, "GS916")

    def _counts(self, node: Node, names: Sequence[str], bounds: int, blocks: int) -> bool:
        counts = [node.attrs.get(name) for name in names]
        total = sum(count for count in counts if isinstance(count, int))
        well = all(isinstance(count, int) and count >= 0 for count in counts)
        if well and len(node.blocks) == blocks and len(node.inputs) >= bounds + total:
            return True
        parts = f"{len(node.inputs)} inputs, {len(node.blocks)} blocks"
        self.fault("GS913", f"`{node.op}`: counts {counts}, {parts}", node)
        return False

    def _agree(
        self, given: Sequence[Value], slots: Sequence[Value], what: str, node: Node, code: str = "GS914"
    ) -> None:
        if len(given) != len(slots):
            self.fault("GS913" if code == "GS914" else code, f"{what}: {len(given)} for {len(slots)}", node)
            return
        for value, slot in zip(given, slots, strict=True):
            if not fits(value.type, slot.type):
                self.fault(code, f"{what}: {value!r} does not fit {slot!r}", node)

    def _element(self, sequence: Value, element: Value, node: Node, *, collected: bool = False) -> None:
        if not isinstance(sequence.type, SequenceType):
            self.fault("GS914", f"`{node.op}`: {sequence!r} is not a list", node)
            return
        pair = (element.type, sequence.type.element)
        if not (fits(*pair) if collected else fits(*reversed(pair))):
            self.fault("GS914", f"`{node.op}`: entry {element!r} of {sequence!r}", node)

    def _number(self, value: Value, what: str, node: Node) -> None:
        if not is_number(value.type):
            self.fault("GS914", f"`{node.op}`: {what} is {value!r}, not a number", node)

    def _trips(self, value: Value | None, node: Node) -> None:
        if value is not None and not (isinstance(value.type, ScalarType) and value.type.dtype.kind in "iu"):
            self.fault("GS914", f"`{node.op}`: the trip count is {value!r}", node)
