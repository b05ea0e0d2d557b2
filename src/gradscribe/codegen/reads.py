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

# Operation -> positions of the inputs of which only shape and dtype matter.
SHAPE_ONLY: dict[str, frozenset[int]] = {
    "dimension": frozenset({0}),
    "size": frozenset({0}),
    "zeros_like": frozenset({0}),
    "ones_like": frozenset({0}),
    "empty_like": frozenset({0}),
    "full_like": frozenset({0}),
    "broadcast_like": frozenset({1}),
    "unbroadcast_like": frozenset({1}),
}


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
        listed = read_sequences(loop, used)
        bounds = [loop.start, loop.stop, loop.step] if needs_range(loop, used) else []
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
def values_read(block: Block) -> frozenset[Value]:
    """Values read in a block and, where it is open, in the blocks inside."""
    found = set(block.results)
    for node in block.nodes:
        found.update(read_inputs(node))
        for inner in node.blocks:
            found |= values_read(inner)
    return frozenset(found)


def read_sequences(loop: ForView, used: Collection[Value]) -> list[int]:
    """Positions of the sequences whose entries the body reads."""
    return [k for k, element in enumerate(loop.elements) if element in used]


def needs_range(loop: ForView, used: Collection[Value]) -> bool:
    """True when the loop must count: it reads the index, has no list to go through, or may end before its lists."""
    return loop.index in used or loop.leaves or not read_sequences(loop, used)
