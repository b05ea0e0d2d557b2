"""Reductions over axes.

In:  nothing.   Out: `OPERATIONS`.
Not here: running sums (cumulative.py), order statistics (sorting.py), norms (linalg.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type, dtype_of, shape_of
from gradscribe.ops.axes import reduced_shape, reduction_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.products import one_axis_of, products_of_others
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.spec import Contributions, Domain, Masked, OpSpec, Spelling, TypeRule, Unsupported
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]
AXES = "x, axis=None, keepdims=False"
REDUCTION_KEYWORDS = {
    "dtype": "convert the operand with .astype instead",
    "out": "it writes into another array",
    "initial": "combine the result with it instead",
    "where": "select with np.where first",
}
SAMPLES = (
    "a(3, 4)",
    "a(3, 4), axis=0",
    "a(3, 4), axis=-1",
    "a(3, 4), axis=1, keepdims=True",
    "a(2, 3, 4), axis=(0, 2)",
    "a(2, 3, 4), axis=(-1, 0), keepdims=True",
    "a(3)",
    "a(1, 3), axis=0",
    "a(3), keepdims=True",
)


def reduction_types(result: np.dtype | None = None, *, inexact: bool = False) -> TypeRule:
    """The type rule of a reduction: a fixed dtype, that of the operand, or the float dtype it is made into."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        (operand,) = numbers(types)
        dtype = result or operand.dtype
        if result is None and inexact and operand.dtype.kind not in "fc":
            dtype = np.dtype(np.float64)
        axes, keepdims = reduction_of(attrs, len(shape_of(operand)))
        return (number_type(dtype, reduced_shape(shape_of(operand), axes, keepdims)),)

    return rule


def _accumulated_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """Sums and products of small ints are made in the platform's int."""
    (operand,) = numbers(types)
    dtype = operand.dtype
    if dtype.kind in "bi" and dtype.itemsize < 8:
        dtype = np.dtype(np.int64)
    if dtype.kind == "u" and dtype.itemsize < 8:
        dtype = np.dtype(np.uint64)
    return reduction_types(dtype)(types, attrs, spelling)


def restore_axes(b: OpBuilder, node: Node, value: Value) -> Value:
    """A value shaped like the result of a reduction, shaped so that it broadcasts to the operand."""
    ndim = len(shape_of(node.inputs[0].type))
    axes, keepdims = reduction_of(node.attrs, ndim)
    if keepdims or len(axes) == ndim or axes == tuple(range(len(axes))):
        return value
    return b.op("expand_dims", value, axis=axes[0] if len(axes) == 1 else axes)


def count_reduced(b: OpBuilder, node: Node) -> Value:
    """The number of elements that each result of a reduction is made of, as written code says it."""
    operand = node.inputs[0]
    ndim = len(shape_of(operand.type))
    axes, _ = reduction_of(node.attrs, ndim)
    if len(axes) == ndim:
        return b.op("size", operand)
    total: Value | None = None
    for axis in axes:
        length = b.op("dimension", operand, axis=axis)
        total = length if total is None else b.op("mul", total, length)
    return total if total is not None else b.constant(1)


def reduce_like(b: OpBuilder, node: Node, name: str, value: Value) -> Value:
    """The reduction `name` over the axes of `node`."""
    attrs: dict[str, Any] = {key: node.attrs[key] for key in ("axis", "keepdims") if key in node.attrs}
    return b.op(name, value, **attrs)


def weighted_vjp(weights: Any) -> Any:
    """The vjp of a reduction whose result moves by the sum of weight times tangent: `weights(b, node)`."""

    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        return [None] if ct is None else [b.op("mul", restore_axes(b, node, ct), weights(b, node))]

    return vjp


def weighted_jvp(weights: Any) -> Any:
    """The jvp that belongs to `weighted_vjp`."""

    def jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
        tangent = tangents[0]
        return [
            None if tangent is None else reduce_like(b, node, "sum", b.op("mul", weights(b, node), tangent))
        ]

    return jvp


def _sum_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return restore_axes(b, node, ct)


def _mean_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return restore_axes(b, node, b.op("div", ct, count_reduced(b, node)))


def _nansum_transpose(b: OpBuilder, node: Node, ct: Value) -> Masked:
    """What is nan gets nothing, nor does what it was computed from."""
    return Masked(restore_axes(b, node, ct), b.op("isnan", node.inputs[0]), taken_if=False)


def share(b: OpBuilder, node: Node, extreme: Value, ct: Value, of: Value | None = None) -> Value:
    """`ct` shared equally among the elements equal to `extreme`, which is shaped like the result of `node`.

    The elements are those of `of`, which has the shape of the operand; of the operand itself unless given.
    """
    equal = b.op("eq", of or node.inputs[0], restore_axes(b, node, extreme))
    count = reduce_like(b, node, "count_nonzero", equal)
    return b.op("where", equal, restore_axes(b, node, b.op("div", ct, count)), 0.0)


def mean_of_ties(b: OpBuilder, node: Node, extreme: Value, tangent: Value, of: Value | None = None) -> Value:
    """The transpose of `share`: the mean of the tangents of the elements equal to `extreme`."""
    equal = b.op("eq", of or node.inputs[0], restore_axes(b, node, extreme))
    count = reduce_like(b, node, "count_nonzero", equal)
    return b.op("div", reduce_like(b, node, "sum", b.op("where", equal, tangent, 0.0)), count)


def extreme_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The vjp of a reduction that gives one of the elements."""
    (ct,) = cts
    return [None if ct is None else share(b, node, node.output, ct)]


def extreme_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The jvp that belongs to `extreme_vjp`."""
    (tangent,) = tangents
    return [None if tangent is None else mean_of_ties(b, node, node.output, tangent)]


def _ptp_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None]
    largest, smallest = (reduce_like(b, node, name, node.inputs[0]) for name in ("max", "min"))
    return [b.op("sub", share(b, node, largest, ct), share(b, node, smallest, ct))]


def _ptp_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    largest, smallest = (reduce_like(b, node, name, node.inputs[0]) for name in ("max", "min"))
    return [b.op("sub", mean_of_ties(b, node, largest, tangent), mean_of_ties(b, node, smallest, tangent))]


def _deviation(b: OpBuilder, node: Node) -> Value:
    mean = reduce_like(b, node, "mean", node.inputs[0])
    return b.op("sub", node.inputs[0], restore_axes(b, node, mean))


def _freedom(b: OpBuilder, node: Node) -> Value:
    count = count_reduced(b, node)
    ddof = node.attrs.get("ddof", 0)
    assert isinstance(ddof, int | float)
    return b.op("sub", count, ddof) if ddof else count


def _var_weights(b: OpBuilder, node: Node) -> Value:
    return b.op("div", b.op("mul", 2.0, _deviation(b, node)), _freedom(b, node))


def _std_weights(b: OpBuilder, node: Node) -> Value:
    """(x - mean) / (n std); 0 where the standard deviation is 0, as for a norm."""
    spread = b.expression("or_one(out)", {"out": node.output})
    return b.op("div", _deviation(b, node), restore_axes(b, node, b.op("mul", _freedom(b, node), spread)))


def _real_reduction(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if dtype_of(numbers(types)[0]).kind == "c":
        raise Unsupported("variance of complex numbers", "apply it to x.real and x.imag")
    ddof = attrs.get("ddof", 0)
    if not isinstance(ddof, int | float):
        raise Unsupported("ddof is not known when the code is generated", "write ddof as a literal")
    return reduction_types(inexact=True)(types, attrs, spelling)


def _prod_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else b.op("mul", restore_axes(b, node, ct), products_of_others(b, node))]


def _prod_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    one_axis_of(attrs, types[0])
    return _accumulated_types(types, attrs, spelling)


def _weighted(name: str, spellings: str, weights: Any, types: TypeRule, doc: str, **fields: Any) -> OpSpec:
    fields.setdefault("signature", AXES)
    fields.setdefault("samples", SAMPLES)
    signature = fields.pop("signature")
    return custom(
        name,
        spellings,
        signature,
        weighted_vjp(weights),
        weighted_jvp(weights),
        types,
        doc,
        operands=("x",),
        refused_keywords=REDUCTION_KEYWORDS,
        backend=Domain.REDUCTION,
        otherwise=f"{name}_where",
        **fields,
    )


def _linear(name: str, spellings: str, transpose: Any, types: TypeRule, doc: str) -> OpSpec:
    return linear(
        name,
        spellings,
        AXES,
        transpose,
        types,
        doc,
        operands=("x",),
        samples=SAMPLES,
        refused_keywords=REDUCTION_KEYWORDS,
        backend=Domain.REDUCTION,
        otherwise=f"{name}_where",
    )


def _constant(
    name: str, spellings: str, types: TypeRule, doc: str, why: str = "its result is a bool", **fields: Any
) -> OpSpec:
    return constant_almost_everywhere(
        name,
        spellings,
        why,
        doc,
        signature=AXES,
        operands=("x",),
        types=types,
        refused_keywords=REDUCTION_KEYWORDS,
        backend=Domain.REDUCTION,
        samples=SAMPLES,
        **fields,
    )


EXTREME: dict[str, Any] = {
    "why": "ties share equally",
    "operands": ("x",),
    "refused_keywords": REDUCTION_KEYWORDS,
    "backend": Domain.REDUCTION,
    "samples": SAMPLES,
}
SPREAD = "x, axis=None, ddof=0, keepdims=False"
SPREAD_SAMPLES = (*SAMPLES, "a(3, 4), axis=0, ddof=1", "a(5), ddof=1")

OPERATIONS = (
    _linear("sum", "numpy.sum .sum()", _sum_transpose, _accumulated_types, "Sum over axes."),
    _linear("mean", "numpy.mean .mean()", _mean_transpose, reduction_types(inexact=True), "Mean over axes."),
    custom(
        "prod",
        "numpy.prod .prod()",
        AXES,
        _prod_vjp,
        weighted_jvp(products_of_others),
        _prod_types,
        "Product over one axis or over all.",
        why="the product of the other elements, exact with zeros",
        operands=("x",),
        refused_keywords=REDUCTION_KEYWORDS,
        backend=Domain.REDUCTION,
        samples=SAMPLES,
        otherwise="prod_where",
    ),
    custom(
        "max",
        "numpy.max numpy.amax .max()",
        AXES,
        extreme_vjp,
        extreme_jvp,
        reduction_types(),
        "Largest element over axes.",
        otherwise="max_where",
        **EXTREME,
    ),
    custom(
        "min",
        "numpy.min numpy.amin .min()",
        AXES,
        extreme_vjp,
        extreme_jvp,
        reduction_types(),
        "Smallest element over axes.",
        otherwise="min_where",
        **EXTREME,
    ),
    custom(
        "ptp",
        "numpy.ptp",
        AXES,
        _ptp_vjp,
        _ptp_jvp,
        reduction_types(),
        "Largest minus smallest element.",
        **EXTREME,
    ),
    _weighted(
        "var",
        "numpy.var .var()",
        _var_weights,
        _real_reduction,
        "Variance over axes.",
        signature=SPREAD,
        samples=SPREAD_SAMPLES,
        why="quadratic in the deviations from the mean",
        renamed={"correction": "ddof"},
        written=written.var,
        written_if=lambda given: "mean" in given,
    ),
    _weighted(
        "std",
        "numpy.std .std()",
        _std_weights,
        _real_reduction,
        "Standard deviation over axes.",
        signature=SPREAD,
        samples=SPREAD_SAMPLES,
        why="a norm of the deviations from the mean: 0 at 0",
        renamed={"correction": "ddof"},
        written=written.std,
        written_if=lambda given: "mean" in given,
    ),
    linear(
        "nansum",
        "numpy.nansum",
        AXES,
        _nansum_transpose,
        _accumulated_types,
        "Sum that skips nan.",
        operands=("x",),
        refused_keywords={"out": REDUCTION_KEYWORDS["out"]},
        written=written.nansum,
        backend=Domain.REDUCTION,
        samples=SAMPLES,
    ),
    *(
        _constant(
            name,
            f"numpy.{name} .{name}()",
            reduction_types(np.dtype(np.bool_)),
            f"Whether {what} true.",
            written=body,
        )
        for name, what, body in (
            ("any", "any element is", written.any_where),
            ("all", "all elements are", written.all_where),
        )
    ),
    _constant(
        "count_nonzero",
        "numpy.count_nonzero",
        reduction_types(np.dtype(np.int64)),
        "The number of elements that are not 0.",
        why="its result is an int",
    ),
)
