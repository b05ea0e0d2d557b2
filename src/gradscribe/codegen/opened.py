"""The form in which code generation works: captured values are simply the outer values.

Closed blocks suit passes; Python is open: a loop body reads the variables around it. Opening substitutes what
is captured, turns collected outputs into lists that the loop carries and appends to, and trip counts into
counters, so that everything after knows one kind of loop output. All values of the result are fresh.

In:  a closed block.   Out: a block whose inner blocks read outer values. `while` conditions share the parameters
of the body. Also which lists hold their entries from last to first, being filled by a backwards loop.
Not here: decisions about memory (storage.py) and names (variables.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from gradscribe.codegen.collecting import place_appends
from gradscribe.codegen.reads import iterated, living, pruned
from gradscribe.codegen.suggestions import TEMPORARY, suggest
from gradscribe.ir.control import FOR, IF, WHILE, ForView, IfView, WhileView, caught_by
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import BOOL, INT, SequenceType
from gradscribe.naming import entry_name, saved_name
from gradscribe.ops.build import literals_of
from gradscribe.ops.table import lookup


@dataclass(frozen=True)
class Opened:
    """A block in open form.

    Attributes:
        block: the block.
        reversed_lists: lists whose first entry belongs to the last iteration.
        suggestions: names for values that have none.
    """

    block: Block
    reversed_lists: frozenset[Value]
    suggestions: Mapping[Value, str]


def open_block(block: Block) -> Opened:
    """The open form of the body of a graph."""
    opener = _Opener()
    mapping = {param: _copy(param) for param in block.params}
    nodes = opener.nodes(block, mapping)
    params = tuple(mapping[param] for param in block.params)
    results = tuple(mapping[value] for value in block.results)
    opened = pruned(Block(params, tuple(nodes), results))
    return Opened(opened, frozenset(opener.reversed_lists), opener.suggestions)


def literal(value: int, node: Node) -> Node:
    """A node for an int that the compiler itself needs."""
    return Node(
        lookup("constant"), (), (Value(INT),), {"value": value}, location=node.location, derivative=True
    )


Outer = dict[Value, Value]


def _copy(value: Value) -> Value:
    return Value(value.type, value.hint)


def _outside(mapping: Outer, value: Value) -> Value:
    """What an input stands for; a value that nothing printed reads may not exist."""
    return mapping[value] if value in mapping else _copy(value)


@dataclass
class _Slots:
    """What a loop carries: initial value, parameter, result and output of each slot."""

    before: list[Node] = field(default_factory=list)
    initial: list[Value] = field(default_factory=list)
    params: list[Value] = field(default_factory=list)
    results: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)


class _Opener:
    def __init__(self) -> None:
        self.reversed_lists: set[Value] = set()
        self.suggestions: dict[Value, str] = {}

    def nodes(self, block: Block, mapping: Outer) -> list[Node]:
        """Open nodes of a closed block; `mapping` holds its parameters and is extended."""
        used, kept = living(block)
        nodes: list[Node] = []
        for node in kept:
            if node.op is IF:
                nodes.append(self.branch(node, mapping, used))
            elif node.op is FOR:
                nodes += self.counted(node, mapping, used)
            elif node.op is WHILE:
                nodes += self.conditional(node, mapping, used)
            else:
                nodes.append(self.plain(node, mapping))
        return nodes

    def plain(self, node: Node, mapping: Outer) -> Node:
        inputs = tuple(mapping[value] for value in node.inputs)
        outputs = tuple(_copy(value) for value in node.outputs)
        mapping.update(zip(node.outputs, outputs, strict=True))
        made = Node(node.op, inputs, outputs, node.attrs, (), node.location, node.derivative)
        if made.derivative and made.op.name in ("list_append", "list_pop", "list_get"):
            self.name_saved(made)
        elif len(outputs) == 1 and not outputs[0].hint:
            self.suggestions[outputs[0]] = suggest(made, self.suggestions)
        return made

    def name_saved(self, node: Node) -> None:
        """Names of a list that a branch saves values in, and of an entry that is taken from it."""
        items = self.name(node.inputs[0])
        if node.op.name == "list_append":
            items = items or saved_name(self.name(node.inputs[-1]) or TEMPORARY)
            self.suggestions[node.output] = items
        else:
            self.suggestions[node.outputs[-1]] = entry_name(items)
            self.suggestions[node.outputs[0]] = items if len(node.outputs) > 1 else entry_name(items)

    def branch(self, node: Node, mapping: Outer, used: Collection[Value]) -> Node:
        view = IfView.of(node)
        kept = [k for k, output in enumerate(view.outputs) if output in used]
        blocks: list[Block] = []
        for block in (view.then, view.otherwise):
            inner = self.captured(block.params, view.captured, mapping)
            nodes = self.nodes(block, inner)
            blocks.append(Block((), tuple(nodes), tuple(inner[block.results[k]] for k in kept)))
        condition = mapping[view.condition]
        outputs = tuple(_copy(view.outputs[k]) for k in kept)
        mapping.update(zip((view.outputs[k] for k in kept), outputs, strict=True))
        for output, *results in zip(outputs, *(block.results for block in blocks), strict=True):
            names = [self.name(result) for result in results]
            telling = [name for name in names if name not in ("", TEMPORARY)]
            self.suggestions[output] = telling[0] if telling else self.flag(node, blocks, results)
        return Node(IF, (condition,), outputs, node.attrs, tuple(blocks), node.location, node.derivative)

    def flag(self, node: Node, blocks: Sequence[Block], results: Sequence[Value]) -> str:
        """The name of an output that says which way was taken, as whether the body of a `try` ran to its end."""
        literals = [literals_of(block.nodes).get(value) for block, value in zip(blocks, results, strict=True)]
        if not caught_by(node):
            return (
                "flag" if results[0].type == BOOL and any(isinstance(one, bool) for one in literals) else ""
            )
        return "completed" if literals == [True, False] else "failed" if literals == [False, True] else ""

    def captured(self, params: Sequence[Value], values: Sequence[Value], mapping: Outer) -> Outer:
        """What captured parameters stand for. Values that nobody reads may be missing outside."""
        return {param: _outside(mapping, value) for param, value in zip(params, values, strict=True)}

    def counted(self, node: Node, mapping: Outer, used: Collection[Value]) -> list[Node]:
        view = ForView.of(node)
        inner = self.captured(view.captured_params, view.captured, mapping)
        index, elements = _copy(view.index), [_copy(element) for element in view.elements]
        inner[view.index] = index
        inner.update(zip(view.elements, elements, strict=True))
        for element, sequence in zip(elements, view.sequences, strict=True):
            self.suggestions[element] = (
                entry_name(self.name(mapping[sequence])) if sequence in mapping else ""
            )
        listed, ranged = iterated(node, view)
        slots = _Slots()
        lists = [k for k, value in enumerate(view.collected) if value in used]
        self.add_lists(slots, node, [view.collected[k] for k in lists], mapping, backwards=view.backwards)
        self.add_carried(slots, view.initial, view.carried_params, view.final, mapping, inner)
        counts = view.trips is not None and view.trips in used
        if counts:
            assert view.trips is not None
            self.add_counter(slots, node, view.trips, mapping)
        body = self.nodes(view.body, inner)
        collected = [inner[view.collected_results[k]] for k in lists]
        carried = [inner[value] for value in view.carried_results]
        nodes = self.close_body(slots, node, body, collected, carried, counts)
        leave = self.leave(view.leave, inner, nodes, slots)
        bounds = tuple(_outside(mapping, value) for value in (view.start, view.stop, view.step))
        made = Node(
            FOR,
            (*bounds, *(_outside(mapping, value) for value in view.sequences), *slots.initial),
            tuple(slots.outputs),
            {**node.attrs, "carried": len(slots.initial), "listed": tuple(listed), "counts": ranged},
            (Block((index, *elements, *slots.params), tuple(nodes), (*slots.results, *leave)),),
            node.location,
            node.derivative,
        )
        return [*slots.before, made]

    def conditional(self, node: Node, mapping: Outer, used: Collection[Value]) -> list[Node]:
        view = WhileView.of(node)
        inner = self.captured(view.captured_params, view.captured, mapping)
        slots = _Slots()
        lists = [k for k, value in enumerate(view.collected) if value in used]
        self.add_lists(slots, node, [view.collected[k] for k in lists], mapping, backwards=False)
        self.add_carried(slots, view.initial, view.carried_params, view.final, mapping, inner)
        counts = view.trips in used
        if counts:
            self.add_counter(slots, node, view.trips, mapping)
        carried_in_test = view.condition.params[: len(view.initial)]
        test = self.captured(view.condition.params[len(view.initial) :], view.captured, mapping)
        test.update(zip(carried_in_test, (inner[param] for param in view.carried_params), strict=True))
        test_nodes = self.nodes(view.condition, test)
        condition = Block((), tuple(test_nodes), (test[view.condition.results[0]],))
        body = self.nodes(view.body, inner)
        collected = [inner[view.collected_results[k]] for k in lists]
        carried = [inner[value] for value in view.carried_results]
        nodes = self.close_body(slots, node, body, collected, carried, counts)
        leave = self.leave(view.leave, inner, nodes, slots)
        made = Node(
            WHILE,
            tuple(slots.initial),
            tuple(slots.outputs),
            {**node.attrs, "carried": len(slots.initial)},
            (condition, Block(tuple(slots.params), tuple(nodes), (*slots.results, *leave))),
            node.location,
            node.derivative,
        )
        return [*slots.before, made]

    def name(self, value: Value) -> str:
        """The name of a value, or what is suggested for it."""
        return value.hint or self.suggestions.get(value, "")

    def add_lists(
        self, slots: _Slots, node: Node, outputs: Sequence[Value], mapping: Outer, *, backwards: bool
    ) -> None:
        """A slot for each list that the loop collects."""
        for output in outputs:
            empty, param, final = _copy(output), _copy(output), _copy(output)
            new = Node(lookup("list_new"), (), (empty,), location=node.location, derivative=True)
            slots.before.append(new)
            slots.initial.append(empty)
            slots.params.append(param)
            slots.outputs.append(final)
            mapping[output] = final
            if backwards:
                self.reversed_lists.add(final)

    def add_carried(
        self,
        slots: _Slots,
        initial: Sequence[Value],
        params: Sequence[Value],
        finals: Sequence[Value],
        mapping: Outer,
        inner: Outer,
    ) -> None:
        for start, param, final in zip(initial, params, finals, strict=True):
            slots.initial.append(mapping[start])
            inner[param] = _copy(param)
            slots.params.append(inner[param])
            if isinstance(param.type, SequenceType):
                self.suggestions[inner[param]] = self.name(mapping[start])
            mapping[final] = _copy(final)
            slots.outputs.append(mapping[final])

    def add_counter(self, slots: _Slots, node: Node, trips: Value, mapping: Outer) -> None:
        zero = literal(0, node)
        slots.before.append(zero)
        slots.initial.append(zero.output)
        slots.params.append(_copy(trips))
        mapping[trips] = _copy(trips)
        slots.outputs.append(mapping[trips])

    def close_body(
        self,
        slots: _Slots,
        node: Node,
        body: list[Node],
        collected: Sequence[Value],
        carried: Sequence[Value],
        counts: bool,
    ) -> list[Node]:
        """The nodes of the body with appends and counting; fills in the results of the slots."""
        lists = slots.params[: len(collected)]
        for k, value in enumerate(collected):
            for version in (slots.initial[k], slots.params[k], slots.outputs[k]):
                self.suggestions[version] = saved_name(self.name(value) or TEMPORARY)
        pairs = dict(zip(slots.params[len(lists) :], carried, strict=False))
        nodes, grown = place_appends(body, lists, collected, pairs)
        slots.results += [*grown, *carried]
        for result, output in zip(carried, slots.outputs[len(lists) :], strict=False):
            if isinstance(output.type, SequenceType):
                self.suggestions[output] = self.name(result)
        if counts:
            one = literal(1, node)
            total = _copy(slots.params[-1])
            inputs = (slots.params[-1], one.output)
            step = Node(lookup("add"), inputs, (total,), location=node.location, derivative=True)
            nodes += [one, step]
            slots.results.append(total)
        return nodes

    def leave(self, value: Value | None, inner: Outer, nodes: list[Node], slots: _Slots) -> list[Value]:
        """The flag that ends the loop; a value of this iteration, never a carried parameter."""
        if value is None:
            return []
        flag = inner[value]
        if flag in slots.params:
            kept = Value(flag.type, flag.hint)
            nodes.append(Node(lookup("identity"), (flag,), (kept,), derivative=True))
            flag = kept
        return [flag]
