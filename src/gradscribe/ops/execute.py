"""Executing one node on values: what an operation means, by calling what its spelling names.

In:  a node of the table and the values of its inputs.   Out: the values of its outputs.
Not here: control flow (ir/evaluate.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node
from gradscribe.ir.template import fill
from gradscribe.ops.call import call_of
from gradscribe.ops.spec import OpSpec, SpellingKind, spelling_of
from gradscribe.ops.table import resolve

OPERATORS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "@": operator.matmul,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "-x": operator.neg,
    "+x": operator.pos,
    "~x": operator.invert,
    "not": operator.not_,
    "and": lambda x, y: x and y,
    "or": lambda x, y: x or y,
}


def execute(node: Node, values: Sequence[object]) -> tuple[object, ...]:
    """The outputs of `node` for these inputs; no input is modified."""
    spec = node.op
    assert isinstance(spec, OpSpec), spec
    result: Any = (
        spec.evaluate(values, node.attrs) if spec.evaluate is not None else _call(spec, node, values)
    )
    alone = len(node.outputs) == 1 and not spec.returns_tuple
    return (result,) if alone else tuple(result)[: len(node.outputs)]


def _call(spec: OpSpec, node: Node, values: Sequence[Any]) -> Any:
    spelling = spelling_of(node)
    call = call_of(node)
    arguments: Sequence[Any] = fill(call.positional, values)
    keywords: Mapping[str, Any] = fill(dict(call.keywords), values)
    match spelling.kind:
        case SpellingKind.OPERATOR if spelling.name == "x[]":
            return values[0][arguments[1]]
        case SpellingKind.OPERATOR:
            return OPERATORS[spelling.name](*arguments)
        case SpellingKind.METHOD:
            return getattr(arguments[0], spelling.name)(*arguments[1:], **keywords)
        case SpellingKind.ATTRIBUTE if keywords or len(arguments) > 1:
            return getattr(np, spec.name)(*arguments, **keywords)
        case SpellingKind.ATTRIBUTE:
            return getattr(arguments[0], spelling.name)
        case SpellingKind.FUNCTION:
            function = resolve(spelling.name)
            assert callable(function), spelling.name
            return function(*arguments, **keywords)
