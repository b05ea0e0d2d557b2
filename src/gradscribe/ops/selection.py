"""Choosing between values, element by element.

In:  nothing.   Out: `OPERATIONS`.
Not here: choosing by index (indexing.py), by order (sorting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom, elementwise
from gradscribe.ops.promotion import is_array, is_python, number_type, numbers, promote, python_results, ufunc_types
from gradscribe.ops.spec import Contributions, Domain, Masked, Spelling, SpellingKind

Attrs = Mapping[str, object]


def _where_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    condition, x, y = numbers(types)
    shape = broadcast_shapes(shape_of(condition), shape_of(x), shape_of(y))
    if spelling.kind is SpellingKind.OPERATOR:
        if is_python(x) and is_python(y):
            return python_results(lambda a, b: a + b, (x, y))
        return (number_type(promote((x, y)), shape),)
    return (ArrayType(promote((x, y)), shape),)


def _where_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    condition = node.inputs[0]
    return [None, Masked(ct, condition, True), Masked(ct, condition, False)]


def _where_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    condition = node.inputs[0]
    x_dot, y_dot = tangents[1:]
    if x_dot is None and y_dot is None:
        return [None]
    return [b.op("where", condition, 0.0 if x_dot is None else x_dot, 0.0 if y_dot is None else y_dot)]


def _where(inputs: Sequence[object], attrs: Attrs) -> object:
    spelling = attrs.get("spelling")
    if isinstance(spelling, Spelling) and spelling.kind is SpellingKind.OPERATOR:
        return inputs[1] if inputs[0] else inputs[2]
    return np.where(*inputs)  # type: ignore[call-overload]


OPERATIONS = (
    custom("where", "numpy.where if-else", "condition, x, y", _where_vjp, _where_jvp, _where_types,
           "x where the condition holds, y elsewhere.", why="linear in x and y; the condition only selects",
           evaluate=_where, backend=Domain.ELEMENTWISE),
    elementwise("maximum", "numpy.maximum builtins.max",
                {"x": "where(x == y, 0.5, where(x > y, 1.0, 0.0))", "y": "where(x == y, 0.5, where(y > x, 1.0, 0.0))"},
                "The larger of two numbers.", formula="Max(x, y)", types=ufunc_types(np.maximum, max)),
    elementwise("minimum", "numpy.minimum builtins.min",
                {"x": "where(x == y, 0.5, where(x < y, 1.0, 0.0))", "y": "where(x == y, 0.5, where(y < x, 1.0, 0.0))"},
                "The smaller of two numbers.", formula="Min(x, y)", types=ufunc_types(np.minimum, min)),
)
