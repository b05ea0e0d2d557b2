"""Order statistics: percentiles, quantiles, partial sorting.

A quantile is read between two neighbours of the sorted array. Elements that are equal share what is read equally,
as they do for max, min and median.

In:  nothing.   Out: `OPERATIONS`.
Not here: sort and median (sorting.py).
References: Hyndman & Fan, Sample quantiles in statistical packages, 1996.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis, reduced_shape
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import custom, push_first
from gradscribe.ops.promotion import inexact, is_python, number_type, numbers
from gradscribe.ops.slices import length
from gradscribe.ops.spec import Contributions, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]

# (alpha, beta) of Hyndman and Fan: position n q + alpha + q (1 - alpha - beta), counted from 1.
POSITIONS = {
    "linear": (1.0, 1.0),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1.0 / 3.0, 1.0 / 3.0),
    "normal_unbiased": (3.0 / 8.0, 3.0 / 8.0),
}
PICKED = ("lower", "higher", "midpoint", "nearest")


KEYWORDS = {
    "out": "it writes into another array",
    "overwrite_input": "the operand is never changed",
    "weights": "weighted quantiles are not supported",
    "interpolation": "use method",
}
HOLES = "array([[1.0, nan, 2.0], [0.5, 0.7, nan]])"


def _last_axes(b: OpBuilder, a: Value, axis: object) -> Value:
    """The array with the axes of the quantile as its last one."""
    ndim = len(shape_of(a.type))
    axes = all_axes(axis, ndim)
    if len(axes) == ndim:
        return a if ndim == 1 else b.op("reshape", a, shape=(-1,))
    if len(axes) == 1:
        return a if axes[0] == ndim - 1 else b.op("moveaxis", a, source=axes[0], destination=-1)
    kept = [place for place in range(ndim) if place not in axes]
    moved = b.op("transpose", a, axes=(*kept, *axes))
    lengths = [b.op("dimension", a, axis=place) for place in kept]
    template = (*(Input(k + 1) for k in range(len(kept))), -1)
    return b.apply("reshape", (moved, *lengths), {"shape": template})[0]


def _quantile(
    b: OpBuilder, a: Value, q: Value, axis: object, method: str, keepdims: bool, *, skips: bool
) -> Value:
    rows = b.op("sort_sharing", _last_axes(b, a, axis))
    count: Value = length(b, rows, -1)
    if skips:
        count = b.op("sum", b.op("logical_not", b.op("isnan", rows)), axis=-1)
        count = b.op("maximum", count, 1)
    many = len(shape_of(q.type)) == 1
    if many and len(shape_of(rows.type)) > 1:
        count = b.op("expand_dims", count, axis=-1) if skips else count
    found = _between(b, rows, _place(b, q, count, method), method, many=many, last=b.op("sub", count, 1))
    if many and len(shape_of(found.type)) > 1:
        found = b.op("moveaxis", found, source=-1, destination=0)
    return _kept(b, a, found, axis, many) if keepdims else found


def _place(b: OpBuilder, q: Value, count: Value, method: str) -> Value:
    """The position of the quantile among the sorted elements, counted from 0."""
    if method in PICKED:
        return b.op("mul", q, b.op("sub", count, 1))
    alpha, beta = POSITIONS[method]
    if (alpha, beta) == (1.0, 1.0):
        return b.op("mul", q, b.op("sub", count, 1))
    text = f"n * q + ({alpha} + q * ({1.0 - alpha - beta})) - 1.0"
    return b.expression(text, {"n": count, "q": q})


def _between(b: OpBuilder, rows: Value, place: Value, method: str, *, many: bool, last: Value) -> Value:
    place = b.op("clip", place, 0, last)
    if method == "nearest":
        place = b.op("rint", place)
    below = b.op("astype", b.op("ceil" if method == "higher" else "floor", place), dtype=np.dtype(np.int64))
    if method in ("lower", "higher", "nearest"):
        return _read(b, rows, below, many)
    above = b.op("minimum", b.op("add", below, 1), last)
    low, high = _read(b, rows, below, many), _read(b, rows, above, many)
    part: Value | Number = b.op("sub", place, below)
    if method == "midpoint":
        part = b.op("mul", 0.5, b.op("gt", part, 0))
    return b.op("add", low, b.op("mul", b.op("sub", high, low), part))


def _read(b: OpBuilder, rows: Value, place: Value, many: bool) -> Value:
    """The element at a position of each row."""
    shape = shape_of(place.type)
    if len(shape_of(rows.type)) == 1 or not shape or (many and len(shape) == 1):
        before = (Ellipsis,) if len(shape_of(rows.type)) > 1 else ()
        return b.apply("get_item", (rows, place), {"index": (*before, Input(1))})[0]
    if many:
        return b.op("take_along_axis", rows, place, axis=-1)
    found = b.op("take_along_axis", rows, b.op("expand_dims", place, axis=-1), axis=-1)
    return b.op("squeeze", found, axis=-1)


def _kept(b: OpBuilder, a: Value, found: Value, axis: object, many: bool) -> Value:
    places = tuple(place + many for place in all_axes(axis, len(shape_of(a.type))))
    return b.op("expand_dims", found, axis=places)


def _checked(attrs: Attrs) -> str:
    method = attrs.get("method", "linear")
    if method not in POSITIONS and method not in PICKED:
        raise Unsupported(f"the method {method!r} of a quantile", "use 'linear' or another continuous method")
    assert isinstance(method, str)
    return method


def _types(scale: int) -> Any:
    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        a, q = numbers(types)
        method = _checked(attrs)
        if a.dtype.kind == "c" or len(shape_of(q)) > 1:
            raise Unsupported("quantiles of complex numbers, or at a matrix of positions", "use vectors")
        shape = reduced_shape(
            shape_of(a), all_axes(attrs.get("axis"), len(shape_of(a))), bool(attrs.get("keepdims", False))
        )
        weak = is_python(q)
        sample: Any = scale / 2 if weak else np.full(1 if shape_of(q) else (), scale / 2).astype(q.dtype)[()]
        dtype = getattr(np, spelling.name.removeprefix("numpy."))(
            np.ones(2, a.dtype), sample, method=method
        ).dtype
        return (number_type(dtype, (*shape_of(q), *shape)),)

    return rule


def _body(scale: int, *, skips: bool) -> Body:
    def body(
        b: OpBuilder,
        a: Value,
        q: Value,
        axis: object = None,
        method: str = "linear",
        keepdims: bool = False,
    ) -> Value:
        return _quantile(b, a, b.op("div", q, scale) if scale > 1 else q, axis, method, keepdims, skips=skips)

    return body


def _nanmedian(b: OpBuilder, a: Value, axis: object = None, keepdims: bool = False) -> Value:
    return _quantile(b, a, b.constant(0.5), axis, "linear", keepdims, skips=True)


def _nanmedian_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (a,) = numbers(types)
    axes = all_axes(attrs.get("axis"), len(shape_of(a)))
    shape = reduced_shape(shape_of(a), axes, bool(attrs.get("keepdims", False)))
    return (number_type(inexact(a.dtype), shape),)


def _sharing(b: OpBuilder, node: Node, value: Value) -> Value:
    """The mean over equal elements of what has been sorted along the last axis."""
    return b.op("mean_of_equals", value, node.output)


def _sort_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    order = b.op("argsort", node.inputs[0])
    return [b.op("take_along_axis", _sharing(b, node, ct), b.op("argsort", order), axis=-1)]


def _sort_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    moved = b.op("take_along_axis", tangent, b.op("argsort", node.inputs[0]), axis=-1)
    return [_sharing(b, node, moved)]


def _same(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (types[0],)


def _equals_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None if ct is None else b.op("mean_of_equals", ct, node.inputs[1]), None]


def _rearranged(b: OpBuilder, x: Value, out: Value, axis: int) -> Value:
    """The elements of x in the order of `out`, which holds the same ones."""
    order = b.op("take_along_axis", b.op("argsort", x, axis=axis), _ranks(b, out, axis), axis=axis)
    return b.op("take_along_axis", x, order, axis=axis)


def _ranks(b: OpBuilder, out: Value, axis: int) -> Value:
    return b.op("argsort", b.op("argsort", out, axis=axis), axis=axis)


def _partition(b: OpBuilder, a: Value, kth: object, axis: int = -1) -> Value:
    place = one_axis(axis, len(shape_of(a.type)))
    return _rearranged(b, a, b.op("partition", b.op("stop_gradient", a), kth=kth, axis=place), place)


def _sort_complex(b: OpBuilder, a: Value) -> Value:
    order = b.op("argsort", a)
    sorted_ = b.op("take_along_axis", a, order, axis=-1)
    return b.op("add", sorted_, 0j)


def _complex_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (a,) = numbers(types)
    if not isinstance(a, ArrayType) or not a.shape:
        raise Unsupported(f"sort_complex of a {a}", "pass an array")
    dtype = np.sort_complex(np.zeros(1, a.dtype)).dtype
    return (ArrayType(dtype, a.shape),)


def _entry(name: str, scale: int, doc: str, *, skips: bool = False) -> OpSpec:
    extra = (f"{HOLES}, {{}}, axis=1",) if skips else ()
    texts = (
        "a(5), {}",
        "a(3, 4), {}",
        "a(3, 4), {}, axis=0",
        "a(2, 3, 4), {}, axis=(0, 2), keepdims=True",
        "a(5), {}, method='lower'",
        "a(6), {}, method='midpoint'",
        "a(6), {}, method='hazen'",
        "a(2, 5), array([{}, {}]), axis=1",
        *extra,
    )
    return composite(
        name,
        f"numpy.{name}",
        "a, q, axis=None, method='linear', keepdims=False",
        _body(scale, skips=skips),
        doc,
        why="read between two sorted neighbours; equal elements share equally",
        types=_types(scale),
        operands=("a", "q"),
        refused_keywords=KEYWORDS,
        domain={"a": (-30.0, 30.0)},
        samples=tuple(text.format(*(scale * part for part in (0.3, 0.9))) for text in texts),
    )


OPERATIONS = (
    _entry("quantile", 1, "Quantiles."),
    _entry("percentile", 100, "Percentiles."),
    _entry("nanquantile", 1, "Quantiles of the elements that are not nan.", skips=True),
    _entry("nanpercentile", 100, "Percentiles of the elements that are not nan.", skips=True),
    composite(
        "nanmedian",
        "numpy.nanmedian",
        "a, axis=None, keepdims=False",
        _nanmedian,
        "Median of the elements that are not nan.",
        why="read between two sorted neighbours; equal elements share equally",
        types=_nanmedian_types,
        operands=("a",),
        refused_keywords={
            "out": "it writes into another array",
            "overwrite_input": "the operand is never changed",
        },
        samples=(
            "a(5)",
            "a(3, 4), axis=0",
            "array([[1.0, nan, 2.0], [0.5, 0.7, nan]]), axis=1",
            "a(2, 3), keepdims=True",
        ),
    ),
    custom(
        "sort_sharing",
        "numpy.sort",
        "a",
        _sort_vjp,
        _sort_jvp,
        _same,
        "Sorted along the last axis; equal elements share equally.",
        why="a permutation, averaged over equal elements",
        samples=("a(4)", "a(2, 3)", "array([1.0, 0.5, 2.0])"),
    ),
    custom(
        "mean_of_equals",
        "gradscribe.runtime.order.mean_of_equals",
        "x, ordered",
        _equals_vjp,
        push_first,
        _same,
        "Means of x over the places where sorted elements are equal.",
        why="linear and symmetric; which elements are equal is constant almost everywhere",
        samples=("a(4), a(4)", "a(2, 3), a(2, 3)"),
    ),
    composite(
        "partition",
        "numpy.partition",
        "a, kth, axis=-1",
        _partition,
        "Partly sorted: what stands before the element in its sorted place is not larger.",
        why="a permutation",
        types=_same,
        operands=("a",),
        refused_keywords={"kind": "there is only one", "order": "structured arrays are not supported"},
        samples=("a(6), 2", "a(3, 4), 1, axis=0", "a(6), (1, 3)"),
    ),
    composite(
        "sort_complex",
        "numpy.sort_complex",
        "a",
        _sort_complex,
        "Sorted by real, then imaginary part, as complex numbers.",
        why="a permutation",
        types=_complex_types,
        samples=("c(4)", "a(4)", "c(2, 3)"),
    ),
)
