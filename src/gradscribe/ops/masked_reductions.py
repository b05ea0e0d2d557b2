"""Reductions with `where`, `initial` or `dtype`.

Elements that `where` leaves out are replaced by what does not matter: 0 in a sum, 1 in a product. A mean, a
variance and a standard deviation divide by the number of the others.

In:  nothing.   Out: `OPERATIONS`.
Not here: the same reductions without these keywords (reductions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, dtype_of, shape_of
from gradscribe.ops.axes import all_axes, reduced_shape, reduction_options
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import custom
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.reductions import reduce_like, restore_axes
from gradscribe.ops.spec import Contributions, Domain, OpSpec, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
Mask = Value | Number
OUT = {"out": "it writes into another array"}


def _kept(b: OpBuilder, x: Value, where: Mask, neutral: float) -> Value:
    return x if where is True else b.op("where", where, x, neutral)


def _cast(b: OpBuilder, x: Value, dtype: np.dtype | None) -> Value:
    return x if dtype is None or dtype == dtype_of(x.type) else b.op("astype", x, dtype=dtype)


def _count(b: OpBuilder, x: Value, where: Mask, axis: object, keepdims: bool) -> Value:
    mask = where if isinstance(where, Value) else b.constant(bool(where))
    return b.op("sum", b.op("broadcast_like", mask, x), **reduction_options(axis, keepdims))


def _sum(
    b: OpBuilder,
    x: Value,
    axis: object = None,
    dtype: np.dtype | None = None,
    keepdims: bool = False,
    initial: Mask | None = None,
    where: Mask = True,
) -> Value:
    found = b.op("sum", _cast(b, _kept(b, x, where, 0.0), dtype), **reduction_options(axis, keepdims))
    return found if initial is None else b.op("add", found, initial)


def _prod(
    b: OpBuilder,
    x: Value,
    axis: object = None,
    dtype: np.dtype | None = None,
    keepdims: bool = False,
    initial: Mask | None = None,
    where: Mask = True,
) -> Value:
    found = b.op("prod", _cast(b, _kept(b, x, where, 1.0), dtype), **reduction_options(axis, keepdims))
    return found if initial is None else b.op("mul", found, initial)


@dataclass(frozen=True, slots=True)
class _Takers:
    """Where an extreme stands among the elements, whether it is the initial value, and how often it is there."""

    elements: Value
    initial: Value | None
    count: Value


def _takers(b: OpBuilder, node: Node) -> _Takers:
    given = dict(zip(node.op.operand_names(node), node.inputs, strict=True))  # type: ignore[attr-defined]
    elements = b.op("eq", given["x"], restore_axes(b, node, node.output))
    if "where" in given:
        elements = b.op("logical_and", elements, given["where"])
    count = reduce_like(b, node, "count_nonzero", elements)
    if "initial" not in given:
        return _Takers(elements, None, count)
    initial = b.op("eq", given["initial"], node.output)
    return _Takers(elements, initial, b.op("add", count, initial))


def _extreme_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    takers = _takers(b, node)
    share = b.op("div", ct, takers.count)
    found: list[Value | None] = [b.op("where", takers.elements, restore_axes(b, node, share), 0.0)]
    if takers.initial is not None:
        found.append(b.op("where", takers.initial, share, 0.0))
    return [*found, *[None] * (len(node.inputs) - len(found))]


def _extreme_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    takers = _takers(b, node)
    moved = tangents[0]
    total: Value | None = None
    if moved is not None:
        total = reduce_like(b, node, "sum", b.op("where", takers.elements, moved, 0.0))
    if takers.initial is not None and tangents[1] is not None:
        term = b.op("where", takers.initial, tangents[1], 0.0)
        total = term if total is None else b.op("add", total, term)
    return [None if total is None else b.op("div", total, takers.count)]


def _mean(
    b: OpBuilder,
    x: Value,
    axis: object = None,
    dtype: np.dtype | None = None,
    keepdims: bool = False,
    where: Mask = True,
) -> Value:
    x = _cast(b, x, dtype)
    total = b.op("sum", _kept(b, x, where, 0.0), **reduction_options(axis, keepdims))
    return b.op("div", total, _count(b, x, where, axis, keepdims))


def _spread(*, root: bool) -> Body:
    def body(
        b: OpBuilder,
        x: Value,
        axis: object = None,
        dtype: np.dtype | None = None,
        ddof: float = 0,
        keepdims: bool = False,
        where: Mask = True,
    ) -> Value:
        x = _cast(b, x, dtype)
        deviation = _kept(b, b.op("sub", x, _mean(b, x, axis, None, True, where)), where, 0.0)
        count = _count(b, x, where, axis, keepdims)
        count = b.op("sub", count, ddof) if ddof else count
        if root:
            length = b.op("vector_norm", deviation, **reduction_options(axis, keepdims))
            return b.op("div", length, b.op("sqrt", count))
        return b.op("div", b.op("sum", b.op("square", deviation), **reduction_options(axis, keepdims)), count)

    return body


def _types(function: Callable[..., Any], *, extreme: bool = False) -> TypeRule:
    """The shape of the reduction, and the dtype that NumPy gives it."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        operand = numbers(types[:1])[0]
        if operand.dtype.kind == "c":
            raise Unsupported("this reduction of complex numbers", "apply it to x.real and x.imag")
        # An operand that was left out is an attribute.
        if extreme and "where" not in attrs and "initial" in attrs:
            raise Unsupported("an extreme with `where` and no `initial`", "pass what counts if none is left")
        dtype: Any = attrs.get("dtype")
        sample = np.zeros(2, operand.dtype)
        found = (function(sample) if dtype is None else function(sample, dtype=dtype)).dtype
        ndim = len(shape_of(operand))
        axes = all_axes(attrs.get("axis"), ndim)
        shape = reduced_shape(shape_of(operand), axes, bool(attrs.get("keepdims", False)))
        return (number_type(found, shape),)

    return rule


def _entry(name: str, signature: str, body: Body, types: TypeRule, samples: tuple[str, ...]) -> OpSpec:
    operands = tuple(part for part in ("x", "initial", "where") if part in signature)
    return composite(
        f"{name}_where",
        f"numpy.{name} .{name}()",
        signature,
        body,
        f"`np.{name}` with `where`, `initial` or `dtype`.",
        why="what `where` leaves out counts for nothing",
        types=types,
        operands=operands,
        refused_keywords=OUT,
        backend=Domain.REDUCTION,
        samples=samples,
    )


def _extreme(name: str, samples: tuple[str, ...]) -> OpSpec:
    return custom(
        f"{name}_where",
        f"numpy.{name} .{name}()",
        "x, axis=None, keepdims=False, initial=None, where=None",
        _extreme_vjp,
        _extreme_jvp,
        _types(getattr(np, name), extreme=True),
        f"`np.{name}` with `where` or `initial`.",
        why="all that are equal to the extreme share equally, the initial value among them",
        operands=("x", "initial", "where"),
        refused_keywords=OUT,
        backend=Domain.REDUCTION,
        samples=samples,
    )


TOTAL = "x, axis=None, dtype=None, keepdims=False, initial=None, where=None"
TOTALS = (
    "a(3), where=m(3)",
    "a(2, 3), axis=0, where=m(2, 3), initial=f()",
    "a(2, 3), axis=1, dtype=float64, keepdims=True",
    "a(2, 3), initial=2.0",
    "a(2, 3), where=m(3)",
)
EXTREMES = (
    "a(3), initial=-2.0",
    "a(2, 3), axis=1, where=m(2, 3), initial=f(), keepdims=True",
    "a(2, 3), where=m(3), initial=0.0",
)
ONE_LEFT = "array([[True, False, True], [True, True, False]])"
MEANS = (
    f"a(2, 3), where={ONE_LEFT}",
    f"a(2, 3), axis=1, where={ONE_LEFT}",
    "a(2, 3), axis=0, dtype=float64",
    f"a(2, 3), axis=1, keepdims=True, where={ONE_LEFT}",
)

OPERATIONS = (
    _entry("sum", TOTAL, _sum, _types(np.sum), TOTALS),
    _entry("prod", TOTAL, _prod, _types(np.prod), TOTALS),
    _extreme("max", EXTREMES),
    _extreme("min", tuple(text.replace("-2.0", "2.0") for text in EXTREMES)),
    _entry("mean", "x, axis=None, dtype=None, keepdims=False, where=None", _mean, _types(np.mean), MEANS),
    *(
        _entry(
            name,
            "x, axis=None, dtype=None, ddof=0, keepdims=False, where=None",
            _spread(root=name == "std"),
            _types(getattr(np, name)),
            (*MEANS, "a(2, 3), axis=1, ddof=1, where=array([[True, True, True], [True, True, False]])"),
        )
        for name in ("var", "std")
    ),
)
