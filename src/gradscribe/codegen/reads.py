"""Which inputs of a node the printed statement really reads.

A loop over residual lists does not mention its range when nobody asks for the index; a value captured for a branch
that does not use it is not read; `dimension` and its like read a shape, not the elements.

In:  nodes.   Out: inputs that count.
Not here: where they are last read (lifetimes.py).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from gradscribe.ir.control import FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import with_blocks


def read_inputs(node: Node) -> Sequence[Value]:
    """Inputs that the printed node reads. Works on closed blocks and on opened ones."""
    if node.op is IF:
        view = IfView.of(node)
        used = values_read(view.then) | values_read(view.otherwise)
        pairs = zip(view.captured, view.then.params, view.otherwise.params, strict=True)
        return [view.condition, *(value for value, a, b in pairs if a in used or b in used)]
    if node.op is FOR:
        loop = ForView.of(node)
        used = values_read(loop.body)
        listed, counts = iterated(node, loop)
        bounds = [loop.start, loop.stop, loop.step] if counts else []
        captured = zip(loop.captured, loop.captured_params, strict=True)
        kept = [value for value, param in captured if param in used]
        return [*bounds, *(loop.sequences[k] for k in listed), *loop.initial, *kept]
    if node.op is WHILE:
        repeat = WhileView.of(node)
        used = values_read(repeat.body) | values_read(repeat.condition)
        n = len(repeat.initial)
        pairs = zip(repeat.captured, repeat.captured_params, repeat.condition.params[n:], strict=True)
        return [*repeat.initial, *(value for value, a, b in pairs if a in used or b in used)]
    return node.inputs


@lru_cache(maxsize=4096)
def living(block: Block) -> tuple[frozenset[Value], tuple[Node, ...]]:
    """Values that a block reads (where it is open, also inside), and its nodes that are not dead."""
    used = set(block.results)
    kept: list[Node] = []
    for node in reversed(block.nodes):
        if node.derivative and not node.has_effect and used.isdisjoint(node.outputs):
            continue
        used.update(read_inputs(node))
        for inner in node.blocks:
            used |= values_read(inner)
        kept.append(node)
    return frozenset(used), tuple(reversed(kept))


def values_read(block: Block) -> frozenset[Value]:
    """Values that living nodes of a block read, and its results."""
    return living(block)[0]


def iterated(node: Node, loop: ForView) -> tuple[Sequence[int], bool]:
    """Positions of the lists that a loop goes through, and whether it counts. Decided once, when it is opened."""
    if "listed" in node.attrs:
        listed = node.attrs["listed"]
        assert isinstance(listed, tuple)
        return listed, bool(node.attrs["counts"])
    used = values_read(loop.body)
    return read_sequences(loop, used), needs_range(loop, used)


def read_sequences(loop: ForView, used: Collection[Value]) -> list[int]:
    """Positions of the sequences whose entries the body reads."""
    return [k for k, element in enumerate(loop.elements) if element in used]


def pruned(block: Block) -> Block:
    """The block, and the blocks inside, without dead derivative statements."""
    nodes = [
        with_blocks(node, map(pruned, node.blocks)) if node.blocks else node for node in living(block)[1]
    ]
    return Block(block.params, tuple(nodes), block.results)


def needs_range(loop: ForView, used: Collection[Value]) -> bool:
    """True when the loop must count: the index is read, there is no list to go through, or it may end early."""
    return loop.index in used or loop.leaves or not read_sequences(loop, used)
