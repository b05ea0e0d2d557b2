"""Closing blocks: what they read from outside becomes parameters.

While a block is built its nodes refer to outer values freely; when it is finished each outer value gets a
parameter, and the owner of the block an input.

In:  nodes and results.   Out: closed blocks and the values they capture; simple `if` nodes.
Not here: joining variables (branches.py), loops (loops.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.ir.control import Caught, IfView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import free_values, substitute


def captured_by(*parts: tuple[Sequence[Node], Sequence[Value]], own: Sequence[Value] = ()) -> list[Value]:
    """Values that the nodes and results read but neither define nor have as parameters, in order."""
    found: dict[Value, None] = {}
    for nodes, results in parts:
        found.update(dict.fromkeys(free_values(nodes, results)))
    for value in own:
        found.pop(value, None)
    return list(found)


def close(
    nodes: Sequence[Node],
    results: Sequence[Value],
    own: Sequence[Value],
    captured: Sequence[Value],
    renamed: Mapping[Value, Value] | None = None,
) -> Block:
    """The block with parameters (*own, *captured); `renamed` replaces further values."""
    params = [Value(value.type, value.hint) for value in captured]
    mapping = {**(renamed or {}), **dict(zip(captured, params, strict=True))}
    inside = tuple(substitute(node, mapping) for node in nodes)
    return Block((*own, *params), inside, tuple(mapping.get(value, value) for value in results))


def emit_if(
    run: Lowering,
    node: cst.CSTNode | None,
    condition: Value,
    then: tuple[Sequence[Node], Sequence[Value]],
    otherwise: tuple[Sequence[Node], Sequence[Value]],
    outputs: Sequence[Value],
    catches: Caught = (),
) -> None:
    """Append an `if` node; nothing when it would do nothing."""
    if not outputs and not then[0] and not otherwise[0]:
        return
    captured = captured_by(then, otherwise)
    blocks = [close(nodes, results, (), captured) for nodes, results in (then, otherwise)]
    made = IfView.make(
        condition, captured, blocks[0], blocks[1], outputs, catches=catches, location=run.location(node)
    )
    run.builder.append(made)


def emit_branch(
    run: Lowering,
    node: cst.CSTNode | None,
    condition: Value,
    then: Callable[[], None],
    otherwise: Callable[[], None],
) -> None:
    """Append an `if` of which one branch does nothing, and the other raises: what it changes is seen by nobody."""
    names, heap = dict(run.frame.names), dict(run.heap)
    with run.block() as first:
        then()
    with run.block() as second:
        otherwise()
    run.frame.names, run.heap = names, heap
    emit_if(run, node, condition, (first.nodes, ()), (second.nodes, ()), ())
