"""Values of an inexact type that may be an int at run time.

The type of a joined value is an upper bound: after `s = 0` and `if c: s = 0.5` it is float, and nothing
converts it. `1.0 * s` is then not the same as `s`.

In:  a block and what is known of its parameters.   Out: the values of this level that may be ints.
Not here: removing the multiplication (products.py).
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from gradscribe.ir.control import CALL, FOR, IF, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import SequenceType, is_inexact, is_number

ALWAYS_INEXACT = frozenset({"div", "constant", "exp", "log", "sqrt", "sin", "cos", "tanh", "mean"})


def maybe_integer(block: Block, params: Sequence[bool]) -> frozenset[Value]:
    """Inexact values of this level, parameters included, that may be ints."""
    found = {param for param, flag in zip(block.params, params, strict=True) if flag}
    for node in block.nodes:
        flags = _outputs(node, found)
        found.update(output for output, flag in zip(node.outputs, flags, strict=False) if flag)
    return frozenset(found)


def block_flags(node: Node, found: Set[Value]) -> list[tuple[bool, ...]]:
    """For each block of a control node: which of its parameters may be ints."""
    if node.op is IF:
        view = IfView.of(node)
        return [tuple(_bound(view.captured, block.params, found)) for block in node.blocks]
    if node.op is FOR:
        loop = ForView.of(node)
        given = _bound(node.inputs[3:], loop.body.params[1:], found)
        first = 1 + len(loop.sequences)
        return [_closed(loop.body, [False, *given], range(first, first + len(loop.initial)))]
    repeat = WhileView.of(node)
    flags = _closed(repeat.body, _bound(node.inputs, repeat.body.params, found), range(len(repeat.initial)))
    return [flags, flags]


def _closed(body: Block, flags: list[bool], carried: range) -> tuple[bool, ...]:
    """Flags of a loop body. Once a carried value may be an int, every carried value is taken to be one.

    So one step is enough, and the work does not depend on how deep loops are nested.
    """
    types = [param.type for param in body.params]
    results = body.results[: len(carried)]
    joined = (
        any(flags[k] for k in carried)
        or any(map(_joins_integers, body.nodes))
        or any(
            is_inexact(types[k]) and is_number(after.type) and not is_inexact(after.type)
            for k, after in zip(carried, results, strict=False)
        )
    )
    if not joined:
        return tuple(flags)
    return tuple(flag or (k in carried and is_inexact(types[k])) for k, flag in enumerate(flags))


def _bound(values: Sequence[Value], params: Sequence[Value], found: Set[Value]) -> list[bool]:
    return [
        is_inexact(param.type) and (value in found or (is_number(value.type) and not is_inexact(value.type)))
        for value, param in zip(values, params, strict=True)
    ]


def _joins_integers(node: Node) -> bool:
    """An integer becomes a value of an inexact type, here or in a block inside."""
    yields_int = any(
        is_inexact(output.type) and not isinstance(output.type, SequenceType) and not is_inexact(result.type)
        for block in (node.blocks if node.op is IF else node.blocks[-1:])
        for output, result in zip(node.outputs, block.results, strict=False)
    )
    return yields_int or any(_joins_integers(inner) for block in node.blocks for inner in block.nodes)


def _outputs(node: Node, found: set[Value]) -> Sequence[bool]:
    inexact = [is_inexact(output.type) for output in node.outputs]
    if node.blocks:
        any_flag = any(map(any, block_flags(node, found)))
        return inexact if any_flag or _joins_integers(node) else [False] * len(inexact)
    if node.op is CALL:
        return inexact
    if node.op.name in ALWAYS_INEXACT:
        return [False] * len(inexact)
    return inexact if any(value in found for value in node.inputs) else [False] * len(inexact)
