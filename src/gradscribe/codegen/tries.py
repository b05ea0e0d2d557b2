"""`try` statements: the body, one clause for each handler, and what runs where nothing was raised.

In:  `if` nodes that catch, opened.   Out: statements.
Not here: plain `if` and the statements inside (blocks.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from gradscribe.codegen.expressions import Expressions
from gradscribe.codegen.special import classes_of
from gradscribe.codegen.statements import Handler, If, Simple, Statement, Try, mentions
from gradscribe.codegen.stores import assign
from gradscribe.ir.control import IF, Caught, caught_by
from gradscribe.ir.graph import Node, Value


class Writer(Protocol):
    """What is needed of the writer of blocks."""

    e: Expressions

    def sides(self, node: Node, read: Sequence[int]) -> Iterator[list[Statement]]:
        """Both branches, with the outputs that are read."""


def write_try(w: Writer, node: Node, following: Node | None) -> list[Statement]:
    """The statement; `following` is the `if` after it that asks whether it completed, where there is one."""
    inliner = w.e.lifetimes.inliner
    # Nobody else wants to know whether the body completed: the clauses say it.
    asked = following.inputs[0] if following is not None else None
    silent = asked if asked is not None and inliner.uses(asked) == 1 else None
    body, handler = w.sides(
        node, [k for k, output in enumerate(node.outputs) if inliner.is_used(output) and output is not silent]
    )
    otherwise: list[Statement] = []
    if following is not None:
        otherwise, failed = w.sides(
            following, [k for k, output in enumerate(following.outputs) if inliner.is_used(output)]
        )
        handler += failed
    error = next((inner.output for inner in node.blocks[1].nodes if inner.op.name == "caught"), None)
    name = w.e.variables.name(error) if error is not None and w.e.variables.has_name(error) else ""
    clauses = tuple(_clauses(w.e, caught_by(node), name, handler))
    return [Try(tuple(body), clauses, tuple(otherwise), node.location, node.derivative)]


def asks_completion(e: Expressions, tried: Node, node: Node) -> bool:
    """Whether a node is an `if` on a flag that says that the `try` before it completed."""
    if (
        node.op is not IF
        or caught_by(node)
        or node.inputs[0] not in tried.outputs
        or e.is_inlined(node.inputs[0])
    ):
        return False
    if not e.lifetimes.is_printed(node):
        return False
    position = tried.outputs.index(node.inputs[0])
    flags = [_literal(e, block.results[position]) for block in tried.blocks]
    return flags == [True, False]


def _literal(e: Expressions, value: Value) -> object:
    definition = e.lifetimes.definition.get(value)
    return definition.attrs.get("value") if definition is not None else None


def _clauses(e: Expressions, catches: Caught, name: str, handler: Sequence[Statement]) -> list[Handler]:
    """One clause for each test of `isinstance(error, ...)` that the handler consists of."""
    match _tested(handler):
        case [If(ast.Call(ast.Name("isinstance"), [ast.Name(tested), classes]), body, rest), *moves] if (
            tested == name and all(isinstance(move, Simple) for move in moves)
        ):
            told = {
                ast.unparse(one) for one in (classes.elts if isinstance(classes, ast.Tuple) else [classes])
            }
            later = tuple(one for one in catches if ast.unparse(e.names.exception(one)) not in told)
            first = _clause(classes, name, [*body, *moves])
            return [first, *_clauses(e, later, name, [*rest, *moves])] if later else [first]
    return [_clause(classes_of(e.names, catches), name, handler)]


def _tested(handler: Sequence[Statement]) -> Sequence[Statement]:
    """The statements with `test = isinstance(error, ...)` as True or False where `if test` has decided it."""
    match handler:
        case [
            Simple(ast.Assign([ast.Name(name)], ast.Call(ast.Name("isinstance")) as call)) as told,
            If(ast.Name(asked)) as chosen,
            *rest,
        ] if name == asked:
            found = [replace(told, code=assign(ast.Name(name), ast.Constant(flag))) for flag in (True, False)]
            body, otherwise = (found[0], *chosen.body), (found[1], *chosen.otherwise)
            return [replace(chosen, test=call, body=body, otherwise=otherwise), *rest]
    return handler


def _clause(classes: ast.expr, name: str, body: Sequence[Statement]) -> Handler:
    return Handler(classes, name if name and mentions(body, name) else None, tuple(body))
