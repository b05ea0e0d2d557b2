"""Absence: which values may not exist at run time.

`absent` stands for the slot of a branch that was not taken. A value that may be absent is only read under the
condition under which it exists; nothing may be computed from it, not even its shape, anywhere else.

In:  a block and flags of its parameters.   Out: the values of this level that may be absent. A list counts when
its entries may be absent.
Not here: whether a user's name may be unbound (frontend/).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ir.control import FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ops.structural import absent_parts
from gradscribe.ops.table import lookup


def maybe_absent(block: Block, params: Sequence[bool]) -> frozenset[Value]:
    """Values of this level, parameters included, that may be absent."""
    found = {value for value, flag in zip(block.params, params, strict=True) if flag}
    for node in block.nodes:
        found.update(output for output, flag in zip(node.outputs, _outputs(node, found), strict=True) if flag)
    return frozenset(found)


def _outputs(node: Node, found: set[Value]) -> Sequence[bool]:
    if node.op is lookup("absent"):
        return [True]
    if node.op is lookup("unpack"):
        parts = absent_parts(node)
        return parts or [False] * len(node.outputs)
    flags = [value in found for value in node.inputs]
    if node.attrs.get("optional"):
        return flags[:1]
    if node.op is IF:
        view = IfView.of(node)
        pairs = zip(_results(view.then, flags[1:]), _results(view.otherwise, flags[1:]), strict=True)
        return [any(pair) for pair in pairs]
    if node.op is FOR:
        loop = ForView.of(node)
        inner = _results(loop.body, [False, *flags[3:]])
        initial = flags[3 + len(loop.sequences) :][: len(loop.initial)]
        return _loop(node, initial, inner)
    if node.op is WHILE:
        repeat = WhileView.of(node)
        return _loop(node, flags[: len(repeat.initial)], _results(repeat.body, flags))
    return [False] * len(node.outputs)


def _results(block: Block, params: Sequence[bool]) -> list[bool]:
    inside = maybe_absent(block, params)
    return [result in inside for result in block.results]


def _loop(node: Node, initial: Sequence[bool], results: list[bool]) -> list[bool]:
    carried = [a or b for a, b in zip(initial, results, strict=False)]
    collected = results[len(initial) :]
    flags = carried + collected
    return (flags + [False] * len(node.outputs))[: len(node.outputs)]
