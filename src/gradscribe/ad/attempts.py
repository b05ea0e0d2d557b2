"""What a derivative asks of a `try`: whether its body completed; and that nothing of a derivative is tried.

    before:  try:                         after:  try:
                 y = log(x)                           y = log(x)
                 y_dot = x_dot / x                    completed = True
             except ValueError:                   except ValueError:
                 ...                                  ...; completed = False
                                                  y_dot = x_dot / x if completed else ...

An exception of a derivative statement is none of the user's: no handler of theirs may see it.

In:  `if` nodes that catch.   Out: the same with one more output; in forward mode, the tangents in an `if` after.
Not here: reverse mode, where they stand in the reverse sweep anyway (branches.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.ir.control import CALL, IfView
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.types import BOOL
from gradscribe.ir.walk import clone_nodes, definitions, free_values, walk
from gradscribe.ops.build import OpBuilder, literals_of
from gradscribe.ops.effects import has_lasting_effect


def asking(node: Node) -> Node:
    """The node with an output that says that the body of a `try` completed; itself for a plain `if`."""
    view = IfView.of(node)
    if not view.catches or _flag(view) is not None:
        return node
    blocks = []
    for block, completed in ((view.then, True), (view.otherwise, False)):
        b = OpBuilder(location=node.location)
        b.nodes.extend(block.nodes)
        blocks.append(b.finish(block.params, (*block.results, b.constant(completed))))
    outputs = (*view.outputs, Value(BOOL, "completed"))
    return Node(node.op, node.inputs, outputs, node.attrs, tuple(blocks), node.location, node.derivative)


def decision(view: IfView) -> Value:
    """What says, after an `if`, that `then` ran to its end."""
    if not view.catches:
        return view.condition
    flag = _flag(view)
    assert flag is not None
    return flag


def _flag(view: IfView) -> Value | None:
    """The output that is True from the body and False from the handler."""
    literals = [literals_of(block.nodes) for block in (view.then, view.otherwise)]
    for output, first, second in zip(view.outputs, view.then.results, view.otherwise.results, strict=True):
        if literals[0].get(first) is True and literals[1].get(second) is False:
            return output
    return None


def tangents_after(program: Program, node: Node, pushed: Node) -> list[Node]:
    """The `try` with the body it had, and an `if` that computes the tangents of what completed.

    Args:
        program: the program before.
        node: the `try` before, asking whether it completed.
        pushed: the `try` with tangents in both blocks, as further results.
    """
    before, after = IfView.of(node), IfView.of(pushed)
    n = len(before.outputs)
    moved = _moved(program, node, after.then, after.then.results[n:])
    here = {output for made in moved for output in made.outputs}
    tangents = after.then.results[n:]
    inner = definitions(before.then.nodes)
    saved = [value for value in free_values(moved, tangents) if value in inner and value not in here]
    carried = [Value(value.type, value.hint) for value in saved]
    failed = [Value(output.type, output.hint) for output in after.outputs[n:]]
    tried = _tried(node, after, saved, [*after.outputs[:n], *failed, *carried])
    captured = [*after.captured, *carried, *failed]
    params = [Value(value.type, value.hint) for value in captured]
    mapping = dict(zip([*after.then.params, *saved], params, strict=False))
    nodes = clone_nodes(moved, mapping)
    then = Block(tuple(params), tuple(nodes), tuple(mapping.get(value, value) for value in tangents))
    otherwise = _failed(after.otherwise, captured, len(failed))
    moving = IfView.make(
        decision(before),
        captured,
        then,
        otherwise,
        after.outputs[n:],
        location=node.location,
        derivative=True,
    )
    return [tried, moving]


def _failed(handler: Block, captured: Sequence[Value], count: int) -> Block:
    """The other way: the tangents that came out of the handler. What is absent there is absent here, too."""
    params = [Value(value.type, value.hint) for value in captured]
    b = OpBuilder(derivative=True)
    made = definitions(handler.nodes)
    results = [
        b.absent(param.type) if result in made and made[result].op.name == "absent" else param
        for param, result in zip(
            params[len(params) - count :], handler.results[len(handler.results) - count :], strict=True
        )
    ]
    return b.finish(params, results)


def _tried(node: Node, after: IfView, saved: Sequence[Value], outputs: Sequence[Value]) -> Node:
    """The `try` with the body it had, which yields what the tangents read; they come out of the handler only."""
    before = IfView.of(node)
    n = len(before.outputs)
    body, handler = OpBuilder(derivative=True, location=node.location), OpBuilder(derivative=True)
    body.nodes.extend(before.then.nodes)
    handler.nodes.extend(after.otherwise.nodes)
    nothing = [body.absent(output.type) for output in after.outputs[n:]]
    unsaved = [handler.absent(value.type) for value in saved]
    return IfView.make(
        after.condition,
        after.captured,
        body.finish(after.then.params, (*before.then.results, *nothing, *saved)),
        handler.finish(after.otherwise.params, (*after.otherwise.results, *unsaved)),
        outputs,
        catches=after.catches,
        location=node.location,
        derivative=node.derivative,
    )


def _moved(program: Program, node: Node, body: Block, tangents: Sequence[Value]) -> list[Node]:
    """What computes the tangents: all that is not primal, and the literals it reads.

    A loop or branch computes both together; it runs again, which it can, having completed.
    """
    primal = set(IfView.of(node).then.nodes)
    wanted, moved = set(tangents), list[Node]()
    for made in reversed(body.nodes):
        is_literal = made.op.name in ("constant", "absent")
        if wanted.isdisjoint(made.outputs) or (made in primal and not is_literal):
            continue
        if made.blocks or made.op is CALL:
            _check_repeatable(program, made, node)
        wanted.update(made.inputs)
        moved.append(made)
    moved.reverse()
    return moved


def _check_repeatable(program: Program, moved: Node, node: Node) -> None:
    inside = [inner for block in moved.blocks for inner in walk(block)]
    if any(inner.op is CALL for inner in (moved, *inside)):
        inside += [inner for graph in program.graphs.values() for inner in walk(graph.body)]
    # What the body raises itself has led to the handler.
    if any(has_lasting_effect(inner.op) for inner in inside):
        raise UnsupportedOperationError(
            Diagnostic(
                "GS203",
                "in a `try`, a loop or branch that prints, draws or asks a dict has no derivative in forward mode",
                node.location,
                why="its tangents are computed after the `try`, for which it runs a second time",
                fix="print or draw before the `try`",
            )
        )
