"""Overwriting: how a carried array or list becomes the next one, and whether a reverse loop should undo that.

    for i in range(n):                         chain of x: x, set_item(x, s, i)
        s = b[i] - l[i, :i] @ x[:i]            read by the derivative: x[:i], a part
        x[i] = s                               overwritten: one element

What the derivative reads of an array that is overwritten can be kept in two ways: save what is read, or save what
each store overwrites and carry the array backwards through the reverse loop, undoing store by store. The second is
chosen where parts are read and clearly less is overwritten.

In:  blocks.   Out: chains; whether to undo them.
Not here: undoing (ad/undo.py), saving (ad/residuals.py).
References: DESIGN section 6, "What is saved"; Hascoet & Pascual, The Tapenade AD tool, TOMS 39(3) 2013, section 4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, Type, shape_of
from gradscribe.ir.walk import definitions
from gradscribe.ops.declare import push_first, push_linear
from gradscribe.ops.indexes import select
from gradscribe.ops.spec import Aliasing, Bilinear, Composite, Custom, Elementwise, OpSpec

STORES = frozenset({"set_item", "accumulate_at"})
LIST_STORES = frozenset({"list_set", "list_accumulate"})
LIST_ENDS = frozenset({"list_append", "list_pop"})
READS = frozenset({"get_item", "list_get"})

# Sizes that are only known at run time, by their order.
ELEMENT, PART, WHOLE, PER_LOOP = 1.0, 100.0, 1000.0, 1000.0
# Undoing is chosen where it keeps clearly less: reading what was saved is simpler.
CLEARLY = 1.5


@dataclass(frozen=True, slots=True)
class Link:
    """One node of a chain: `before` becomes `after`."""

    node: Node
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Chain:
    """What becomes of a parameter of a block by stores alone: `root`, and each later version by a link."""

    root: Value
    links: tuple[Link, ...]

    @property
    def versions(self) -> frozenset[Value]:
        """All values that the storage goes through."""
        return frozenset((self.root, *(link.after for link in self.links)))


class Overwriting:
    """Answers for the blocks of one program; each block is looked at once."""

    def __init__(self) -> None:
        self._definitions: dict[Block, dict[Value, Node]] = {}
        self._chains: dict[tuple[Block, Value], Chain | None] = {}
        self._costs: dict[tuple[Block, Value], tuple[float, float]] = {}

    def chain(self, block: Block, result: Value) -> Chain | None:
        """The chain that ends in this value of the block, None where something else than stores made it."""
        key = (block, result)
        if key not in self._chains:
            self._chains[key] = self._trace(block, result)
        return self._chains[key]

    def carried_chain(self, body: Block, param: Value, result: Value) -> Chain | None:
        """The chain from a carried parameter to its result, if stores make it."""
        chain = self.chain(body, result)
        return chain if chain is not None and chain.root is param and chain.links else None

    def captured_position(self, view: IfView, output: int) -> int | None:
        """Which captured value an output of an `if` is a later version of, whichever branch is taken."""
        if not isinstance(view.outputs[output].type, ArrayType | SequenceType):
            return None
        chains = [self.chain(block, block.results[output]) for block in (view.then, view.otherwise)]
        if any(chain is None for chain in chains):
            return None
        positions = {
            block.params.index(chain.root)
            for block, chain in zip((view.then, view.otherwise), chains, strict=True)
            if chain is not None
        }
        return positions.pop() if len(positions) == 1 else None

    def to_undo(self, body: Block, param: Value, result: Value) -> bool:
        """Whether the reverse loop should carry this storage backwards."""
        chain = self.carried_chain(body, param, result)
        if chain is None:
            return False
        reads, writes = self._chain_costs(body, chain)
        return reads >= PART and reads > CLEARLY * writes

    def _trace(self, block: Block, result: Value) -> Chain | None:
        defined = self._definitions.setdefault(block, definitions(block.nodes))
        params = frozenset(block.params)
        links: list[Link] = []
        current = result
        while current not in params:
            node = defined[current]
            before = self._before(node, current)
            if before is None or not same_storage(before.type, current.type):
                return None
            links.append(Link(node, before, current))
            current = before
        return Chain(current, tuple(reversed(links)))

    def _before(self, node: Node, after: Value) -> Value | None:
        if node.op.name in STORES | LIST_STORES | LIST_ENDS:
            return node.inputs[0] if after is node.outputs[0] else None
        position = node.outputs.index(after)
        if node.op is IF:
            view = IfView.of(node)
            captured = self.captured_position(view, position)
            return None if captured is None else view.captured[captured]
        if node.op is FOR or node.op is WHILE:
            loop = ForView.of(node) if node.op is FOR else WhileView.of(node)
            if position >= len(loop.initial):
                return None
            param = loop.carried_params[position]
            chain = self.chain(loop.body, loop.carried_results[position])
            return loop.initial[position] if chain is not None and chain.root is param else None
        return None

    def _chain_costs(self, block: Block, chain: Chain) -> tuple[float, float]:
        """What the derivative reads of the storage in one run of the block, and what is overwritten."""
        key = (block, chain.root)
        if key not in self._costs:
            links = {link.node: link for link in chain.links}
            reads = self._reads(block, dict.fromkeys(chain.versions, WHOLE), frozenset(links))
            writes = 0.0
            for link in chain.links:
                more_reads, more_writes = self._link_costs(link)
                reads, writes = reads + more_reads, writes + more_writes
            self._costs[key] = (reads, writes)
        return self._costs[key]

    def _link_costs(self, link: Link) -> tuple[float, float]:
        node = link.node
        if not node.blocks:
            return 0.0, _overwritten(node)
        position = node.outputs.index(link.after)
        inner = node.blocks if node.op is IF else node.blocks[-1:]
        times = ELEMENT if node.op is IF else PER_LOOP
        found = [self._inner_costs(block, position) for block in inner]
        return times * max(r for r, _ in found), times * max(w for _, w in found)

    def _inner_costs(self, block: Block, position: int) -> tuple[float, float]:
        chain = self.chain(block, block.results[position])
        return self._chain_costs(block, chain) if chain is not None else (0.0, 0.0)

    def _reads(self, block: Block, sizes: dict[Value, float], links: frozenset[Node]) -> float:
        """Sizes of what the derivative reads of these values and of parts of them."""
        total = 0.0
        seen: set[Value] = set()
        for node in block.nodes:
            if node in links:
                continue
            if not node.blocks and node.op is not CALL and node.inputs and node.inputs[0] in sizes:
                if _is_reading(node):
                    for output in node.outputs:
                        sizes[output] = ELEMENT if isinstance(output.type, ScalarType) else PART
            for position, value in enumerate(node.inputs):
                if value in sizes and value not in seen:
                    size = self._read_by(node, position, sizes[value])
                    total += size
                    if size:
                        seen.add(value)
        return total

    def _read_by(self, node: Node, position: int, size: float) -> float:
        if not node.blocks and node.op is not CALL:
            return size if derivative_reads(node, position) else 0.0
        if node.op not in (IF, FOR, WHILE):
            return size
        inner = 0.0
        for block in node.blocks:
            offset = position - (len(node.inputs) - len(block.params))
            if offset >= 0:
                inner = max(inner, self._reads(block, {block.params[offset]: size}, frozenset()))
        return size if inner and node.op is not IF else inner


def _is_reading(node: Node) -> bool:
    return node.op.name in READS or (isinstance(node.op, OpSpec) and node.op.aliasing is Aliasing.VIEW)


def same_storage(before: Type, after: Type) -> bool:
    """Whether a storage of the one type may become the other by stores, and be undone.

    The numbers in a list may be of several kinds, and its length may change.
    """
    if isinstance(before, SequenceType) and isinstance(after, SequenceType):
        return _same_entries(before.element, after.element)
    return before == after


def _same_entries(before: Type, after: Type) -> bool:
    if isinstance(before, ScalarType) and isinstance(after, ScalarType):
        return True
    return same_storage(before, after)


def _overwritten(node: Node) -> float:
    """How much a store overwrites."""
    if node.op.name in LIST_ENDS:
        return 0.0
    if node.op.name in LIST_STORES:
        return ELEMENT if isinstance(node.inputs[-1].type, ScalarType) else PART
    found = select(node.attrs["index"], [v.type for v in node.inputs], shape_of(node.inputs[0].type))
    return ELEMENT if found.is_scalar else PART


def derivative_reads(node: Node, position: int) -> bool:
    """Whether the derivative of an ordinary node reads this input (rather: may read it)."""
    spec = node.op
    assert isinstance(spec, OpSpec), spec
    names = spec.operand_names(node)
    if position >= len(names) and not spec.variadic:
        return True
    match spec.form:
        case Elementwise(partials=partials):
            word = re.compile(rf"\b{names[position]}\b")
            return any(
                not isinstance(text, str) or word.search(text) is not None for text in partials.values()
            )
        case Bilinear() | Composite():
            return True
        case Custom(jvp=jvp):
            return jvp is not push_linear and jvp is not push_first
        case _:
            return False
