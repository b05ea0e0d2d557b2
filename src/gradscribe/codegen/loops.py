"""`for` and `while` statements: what they go through, in which direction, and how they are left early.

In:  opened loop nodes.   Out: statements.
Not here: the nodes of the body (blocks.py).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Protocol

from gradscribe.codegen.expressions import Expressions
from gradscribe.codegen.flow import carried_params
from gradscribe.codegen.jumps import leave_directly
from gradscribe.codegen.reads import iterated
from gradscribe.codegen.statements import For, If, Simple, Statement, While
from gradscribe.ir.control import FOR, IF, ForView
from gradscribe.ir.graph import Block, Node, Value


class Writer(Protocol):
    """What loops need of the writer of blocks."""

    e: Expressions

    def block(self, block: Block) -> list[Statement]:
        """Statements of a block."""

    def moves(self, targets: Sequence[Value], sources: Sequence[Value], node: Node) -> list[Statement]:
        """Assignments between blocks."""


def write_loop(w: Writer, node: Node) -> list[Statement]:
    """The loop, the assignments before it and those after it."""
    used = w.e.lifetimes.inliner.is_used
    params = carried_params(node)
    slots = [k for k, param in enumerate(params) if used(param) or used(node.outputs[k])]
    initial = node.inputs[len(node.inputs) - len(params) :]
    kept = [params[k] for k in slots]
    before = w.moves(kept, [initial[k] for k in slots], node)
    body = _body(w, node, slots)
    loop = _for(w, node, body) if node.op is FOR else _while(w, node, body)
    read = [k for k in slots if used(node.outputs[k])]
    after = w.moves([node.outputs[k] for k in read], [params[k] for k in read], node)
    for output in node.outputs:
        if output in w.e.schedule.turned_lists:
            turn = ast.Call(ast.Attribute(ast.Name(w.e.variables.name(output)), "reverse"), [], [])
            after.append(Simple(ast.Expr(turn), node.location, node.derivative))
    return [*before, loop, *after]


def _body(w: Writer, node: Node, slots: Sequence[int]) -> list[Statement]:
    body = node.blocks[-1]
    params = carried_params(node)
    statements = w.block(body)
    moves = w.moves([params[k] for k in slots], [body.results[k] for k in slots], node)
    flags = body.results[len(params) :]
    if not flags:
        return [*statements, *moves]
    flag = w.e.value(flags[0])
    leaving = Simple(ast.Break(), node.location, node.derivative)
    if isinstance(flag, ast.Constant):
        return [*statements, *moves, *([leaving] if flag.value else [])]
    if isinstance(flag, ast.Name) and w.e.lifetimes.inliner.uses(flags[0]) == 1:
        short = None if moves else _leave_inside(statements, flag.id, leaving)
        short = short or leave_directly([*statements, *moves], flag.id, _asked_once(w.e, body), leaving)
        if short is not None:
            return short
    return [*statements, *moves, If(flag, (leaving,), (), node.location, node.derivative)]


def _asked_once(e: Expressions, body: Block) -> list[str]:
    """Variables that one `if` reads, and nothing else."""
    tests = [node.inputs[0] for node in body.nodes if node.op is IF and not e.is_inlined(node.inputs[0])]
    return [e.variables.name(test) for test in tests if e.lifetimes.inliner.uses(test) == 1]


def _leave_inside(statements: Sequence[Statement], flag: str, leaving: Simple) -> list[Statement] | None:
    """The statements with `break` where the flag would be set, at their very end; None if it is set elsewhere."""
    if not statements:
        return None
    *rest, last = statements
    match last:
        case Simple(ast.Assign(targets=[ast.Name(id=name)], value=value)) if name == flag:
            if isinstance(value, ast.Constant):
                return [*rest, *([leaving] if value.value else [])]
            return [*rest, If(value, (leaving,), (), last.location, last.derivative)]
        case Simple(ast.Assign()):
            # Assignments at the end of a branch do not depend on one another's order when one is a constant.
            shorter = _leave_inside(rest, flag, leaving)
            if shorter is None:
                return None
            if shorter and shorter[-1] is leaving:
                return [*shorter[:-1], last, leaving]
            return None if shorter and isinstance(shorter[-1], If) else [*shorter, last]
        case If(test, body, otherwise):
            then, other = _leave_inside(body, flag, leaving), _leave_inside(otherwise, flag, leaving)
            if then is None or other is None:
                return None
            return [*rest, *_if(test, then, other, last)]
        case _:
            return None


def _if(test: ast.expr, then: list[Statement], other: list[Statement], last: If) -> list[Statement]:
    if not then and not other:
        return []
    if not then:
        test, then, other = ast.UnaryOp(ast.Not(), test), other, []
    return [If(test, tuple(then), tuple(other), last.location, last.derivative)]


def _while(w: Writer, node: Node, body: list[Statement]) -> Statement:
    condition = node.blocks[0]
    test = w.e.truth(condition.results[0])
    if condition in w.e.lifetimes.inliner.expressions:
        return While(test, tuple(body), node.location, node.derivative)
    leaving = Simple(ast.Break(), node.location, node.derivative)
    stop = If(ast.UnaryOp(ast.Not(), test), (leaving,), (), node.location, node.derivative)
    whole = (*w.block(condition), stop, *body)
    return While(ast.Constant(True), whole, node.location, node.derivative)


def _for(w: Writer, node: Node, body: list[Statement]) -> Statement:
    loop = ForView.of(node)
    used = w.e.lifetimes.inliner.is_used
    listed, counts = iterated(node, loop)
    targets: list[ast.expr] = []
    iterables: list[ast.expr] = []
    if counts:
        targets.append(ast.Name(w.e.variables.name(loop.index) if used(loop.index) else "_"))
        # Without the index the direction does not show, unless lists run beside.
        turned = loop.backwards and (used(loop.index) or bool(listed))
        iterables.append(_turned(_range(w.e, loop), turned))
    for k in listed:
        sequence = loop.sequences[k]
        backwards = loop.backwards != (sequence in w.e.schedule.reversed_lists)
        targets.append(ast.Name(w.e.variables.name(loop.elements[k]) if used(loop.elements[k]) else "_"))
        iterables.append(_turned(w.e.value(sequence), backwards))
    if len(targets) == 1:
        return For(targets[0], iterables[0], tuple(body), node.location, node.derivative)
    together = ast.Call(ast.Name("zip"), iterables, [])
    return For(ast.Tuple(targets), together, tuple(body), node.location, node.derivative)


def _turned(iterable: ast.expr, backwards: bool) -> ast.expr:
    return ast.Call(ast.Name("reversed"), [iterable], []) if backwards else iterable


def _range(e: Expressions, loop: ForView) -> ast.expr:
    start, stop, step = (e.value(value) for value in (loop.start, loop.stop, loop.step))
    if not (isinstance(step, ast.Constant) and step.value == 1):
        bounds = [start, stop, step]
    elif isinstance(start, ast.Constant) and start.value == 0:
        bounds = [stop]
    else:
        bounds = [start, stop]
    return ast.Call(ast.Name("range"), bounds, [])
