"""Choosing between values, element by element.

On a tie NumPy may return either operand; the derivative is shared equally. `0.5 + 0.5 * sign(x - y)` says just
that, in the dtype of the operands. It is `heaviside(x - y, 0.5)`, which branches on each element and is five times
slower where signs alternate. Where both may be infinite, their difference is not asked.

In:  nothing.   Out: `OPERATIONS`.
Not here: choosing by index (indexing.py), by order (sorting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import ZERO, at_least_zero, smaller
from gradscribe.ir.types import (
    INT,
    ArrayType,
    ScalarType,
    Type,
    broadcast_shapes,
    int_of_length,
    numpy_scalar,
    one_of_scalars,
    shape_of,
)
from gradscribe.ops.build import OpBuilder, is_finite_number
from gradscribe.ops.declare import custom, elementwise
from gradscribe.ops.promotion import (
    is_python,
    is_pythonic,
    length_of,
    number_type,
    numbers,
    opaque_length,
    promote,
    ufunc_types,
)
from gradscribe.ops.spec import (
    Contributions,
    Domain,
    Masked,
    Partial,
    Spelling,
    SpellingKind,
    TypeRule,
    Unsupported,
    spelling_of,
)

Attrs = Mapping[str, object]


def _where_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    condition, x, y = numbers(types)
    shape = broadcast_shapes(shape_of(condition), shape_of(x), shape_of(y))
    if spelling.kind is SpellingKind.OPERATOR:
        if shape_of(condition):
            raise Unsupported("a condition that is an array", "use np.where")
        if is_python(x) and is_python(y):
            return (max(x, y, key=lambda type_: "bifc".index(type_.dtype.kind)),)
        if isinstance(x, ScalarType) and isinstance(y, ScalarType):
            return (one_of_scalars(x, y),)
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


def _step(difference: str) -> str:
    """1 where the difference is positive, 0 where it is negative, 1/2 between."""
    return f"0.5 + 0.5 * sign({difference})"


def _product(*factors: str) -> str:
    return " * ".join(f"({factor})" for factor in factors)


def _larger(winner: str, loser: str, *, of: str) -> Partial:
    """The partial of operand `of`: 1 where `winner` is larger than `loser`, 1/2 where they are equal.

    Beside a nan, Python's `max` and `min` keep the first operand; NumPy's result is nan, whichever it is.
    """

    def partial(b: OpBuilder, node: Node) -> str:
        if not any(map(shape_of, (value.type for value in node.inputs))):
            if of == "y" and is_pythonic(spelling_of(node)):
                return f"where({winner} > {loser}, 1.0, where({winner} == {loser}, 0.5, 0.0))"
            return f"where({loser} > {winner}, 0.0, where({loser} == {winner}, 0.5, 1.0))"
        step = _step(f"{winner} - {loser}")
        for name, value in zip(("x", "y"), node.inputs, strict=True):
            literal = b.literal(value)
            if literal == 0 and not isinstance(literal, bool):
                return _step(winner if name == loser else f"-{loser}")
            if is_finite_number(literal):
                return step
        # Both partials then share what they compute.
        share = f"where(x == y, 0.5, {_step('x - y')})"
        return share if winner == "x" else f"1.0 - {share}"

    return partial


def _larger_number(winner: str, loser: str, *, other_wins: str) -> str:
    """As `_larger`, where a nan loses; `other_wins` compares."""
    step = f"where(x == y, 0.5, {_step(other_wins)})"
    return f"where(isnan({loser}), 1.0, where(isnan({winner}), 0.0, {step}))"


def _choice_types(ufunc: np.ufunc) -> TypeRule:
    general = ufunc_types(ufunc)

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        operands = numbers(types)
        if not is_pythonic(spelling):
            return general(types, attrs, spelling)
        if any(shape_of(operand) for operand in operands):
            raise Unsupported(
                f"{spelling.name.removeprefix('builtins.')} of arrays", f"use np.{ufunc.__name__}"
            )
        # An array without axes is chosen as a number of NumPy would be.
        scalars = [
            operand if isinstance(operand, ScalarType) else numpy_scalar(operand.dtype)
            for operand in operands
        ]
        order = sorted(operands, key=lambda type_: "bifc".index(type_.dtype.kind.replace("u", "i")))
        if order[-1] == INT:
            return (_choice_of_ints(ufunc, operands),)
        if all(map(is_python, operands)):
            return (order[-1],)
        # The one that is chosen stays what it is.
        return (reduce(one_of_scalars, scalars),)

    return rule


def _choice_of_ints(ufunc: np.ufunc, operands: Sequence[Type]) -> Type:
    """One of two ints, as a length where both are known as lengths."""
    lengths = [length for length in map(length_of, operands) if length is not None]
    if len(lengths) != len(operands):
        return INT
    first, second = lengths
    if ufunc is np.minimum:
        return int_of_length(smaller(first, second))
    if ZERO in lengths:
        return int_of_length(at_least_zero(second if first == ZERO else first))
    return int_of_length(opaque_length("maximum", first, second))


def _clip_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operands = numbers(types)
    if len(operands) == 1:
        raise Unsupported("clip without bounds", "leave it out")
    if is_python(operands[0]):
        # It becomes an array, and its dtype counts.
        operands[0] = ScalarType(operands[0].dtype)
    return (number_type(promote(operands), broadcast_shapes(*map(shape_of, operands))),)


def _given(node: Node, name: str) -> bool:
    return name not in node.attrs


def _clip_x(b: OpBuilder, node: Node) -> str:
    factors = [_step("x - a_min")] if _given(node, "a_min") else []
    factors += [_step("a_max - x")] if _given(node, "a_max") else []
    return _product(*factors)


def _clip_lo(b: OpBuilder, node: Node) -> str:
    factors = [_step("a_min - x")]
    factors += [_step("a_max - a_min")] if _given(node, "a_max") else []
    return _product(*factors)


def _clip_hi(b: OpBuilder, node: Node) -> str:
    return _step("maximum(x, a_min) - a_max" if _given(node, "a_min") else "x - a_max")


def _nan_to_num_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if operand.dtype.kind == "c":
        raise Unsupported("nan_to_num of complex numbers", "apply it to x.real and x.imag")
    return (number_type(operand.dtype, shape_of(operand)),)


def _nan_to_num_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    return [Masked(ct, b.op("isfinite", node.inputs[0]), True)]


def _nan_to_num_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    return [b.expression("where(isfinite(x), moved, 0.0)", {"x": node.inputs[0], "moved": tangent})]


OPERATIONS = (
    custom(
        "where",
        "numpy.where if-else",
        "condition, x, y",
        _where_vjp,
        _where_jvp,
        _where_types,
        "x where the condition holds, y elsewhere.",
        why="linear in x and y; the condition only selects",
        evaluate=_where,
        backend=Domain.ELEMENTWISE,
        otherwise="nonzero",
        samples=(
            "m(3), a(3), a(3)",
            "m(2, 3), a(3), 0.0",
            "m(3), f(), a(2, 3)",
            "m(2, 1), a(2, 3), a(3)",
            "m(3), a(1), s()",
            "True, f(), s()",
            "a(3), a(3), a(3)",
        ),
    ),
    elementwise(
        "maximum",
        "numpy.maximum builtins.max",
        {"x": _larger("x", "y", of="x"), "y": _larger("y", "x", of="y")},
        "The larger of two numbers.",
        formula="Max(x, y)",
        types=_choice_types(np.maximum),
        otherwise="max_items",
        note="Ties share equally.",
        hard_points={"x": (-1e300, 5e-324, 1.0, 1e300), "y": (-1e-300, 2.0)},
    ),
    elementwise(
        "minimum",
        "numpy.minimum builtins.min",
        {"x": _larger("y", "x", of="x"), "y": _larger("x", "y", of="y")},
        "The smaller of two numbers.",
        formula="Min(x, y)",
        types=_choice_types(np.minimum),
        otherwise="min_items",
        note="Ties share equally.",
        hard_points={"x": (-1e300, 5e-324, 1.0, 1e300), "y": (-1e-300, 2.0)},
    ),
    elementwise(
        "fmax",
        "numpy.fmax",
        {
            "x": _larger_number("x", "y", other_wins="x - y"),
            "y": _larger_number("y", "x", other_wins="y - x"),
        },
        "The larger of two numbers; nan counts as missing.",
        formula="Max(x, y)",
        note="Ties share equally.",
        hard_points={"x": (-1e300, 5e-324, 1.0, 1e300), "y": (-1e-300, 2.0)},
    ),
    elementwise(
        "fmin",
        "numpy.fmin",
        {
            "x": _larger_number("x", "y", other_wins="y - x"),
            "y": _larger_number("y", "x", other_wins="x - y"),
        },
        "The smaller of two numbers; nan counts as missing.",
        formula="Min(x, y)",
        note="Ties share equally.",
        hard_points={"x": (-1e300, 5e-324, 1.0, 1e300), "y": (-1e-300, 2.0)},
    ),
    elementwise(
        "clip",
        "numpy.clip .clip()",
        {"x": _clip_x, "a_min": _clip_lo, "a_max": _clip_hi},
        "x limited to [a_min, a_max].",
        signature="x, a_min=None, a_max=None",
        renamed={"min": "a_min", "max": "a_max"},
        types=_clip_types,
        operands=("x", "a_min", "a_max"),
        note="At a bound the derivative is shared equally.",
        formula="Min(Max(x, a_min), a_max)",
        hard_points={
            "x": (-1e300, -1.0, 5e-324, 0.9999999999, 1e300),
            "a_min": (-2.0, 1e-300),
            "a_max": (1.0, 2.0),
        },
        samples=(
            "a(5), -0.5, 0.5",
            "a(5), a_min=None, a_max=0.5",
            "a(5), a_min=-0.5, a_max=None",
            "a(2, 3), a(3), 0.7",
            "s(), -0.5, 0.5",
            "a(5), -0.5, a(5)",
        ),
    ),
    custom(
        "nan_to_num",
        "numpy.nan_to_num",
        "x, copy=True, nan=0.0, posinf=None, neginf=None",
        _nan_to_num_vjp,
        _nan_to_num_jvp,
        _nan_to_num_types,
        "x with nan and infinities replaced by numbers.",
        why="1 where x is finite; elsewhere it is a constant, however infinite the derivative of x is",
        operands=("x",),
        backend=Domain.ELEMENTWISE,
        refused_keywords={"copy": "use `x[...] = np.nan_to_num(x)` to change `x`"},
        samples=("a(3)", "a(3), nan=2.0", "s()"),
    ),
)
