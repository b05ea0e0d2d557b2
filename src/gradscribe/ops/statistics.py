"""Averages, covariances, histograms.

In:  nothing.   Out: `OPERATIONS`.
Not here: mean, var, std (reductions.py), order statistics (quantiles.py), statistics that skip nan (missing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import as_length, fresh
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.axes import all_axes, reduced_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.contraction import transposed
from gradscribe.ops.declare import custom, refused
from gradscribe.ops.promotion import inexact, number_type, numbers, promote
from gradscribe.ops.slices import along, turned
from gradscribe.ops.spec import Aliasing, Contributions, Domain, Spelling, Unsupported
from gradscribe.ops.written import histograms
from gradscribe.ops.written import statistics as written

Attrs = Mapping[str, object]
INT = np.dtype(np.int64)


def _average(
    b: OpBuilder, a: Value, axis: object = None, weights: Value | None = None, keepdims: bool = False
) -> Value:
    attrs: dict[str, Any] = {"axis": axis} if axis is not None else {}
    if keepdims:
        attrs["keepdims"] = True
    if weights is None:
        return b.op("mean", a, **attrs)
    shared = _spread_weights(b, a, weights, axis)
    return b.op("div", b.op("sum", b.op("mul", a, shared), **attrs), b.op("sum", shared, **attrs))


def _spread_weights(b: OpBuilder, a: Value, weights: Value, axis: object) -> Value:
    """Weights in the shape of the array."""
    ndim = len(shape_of(a.type))
    if len(shape_of(weights.type)) == ndim:
        return weights
    if not isinstance(axis, int) or len(shape_of(weights.type)) != 1:
        raise Unsupported(
            "weights of another number of dimensions", "reshape them so that they broadcast to the array"
        )
    return b.op("broadcast_like", turned(b, weights, axis, ndim), a)


def _average_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types[:1])[0]
    weights = [] if attrs.get("weights", 0) is None else numbers(types[1:2])
    dtype = promote((operand, *weights))
    axes = all_axes(attrs.get("axis"), len(shape_of(operand)))
    shape = reduced_shape(shape_of(operand), axes, bool(attrs.get("keepdims", False)))
    return (number_type(inexact(dtype), shape),)


def _rows(b: OpBuilder, x: Value, rowvar: bool) -> Value:
    if len(shape_of(x.type)) == 1:
        return b.op("expand_dims", x, axis=0)
    return x if rowvar else transposed(b, x)


def _mean_of_rows(b: OpBuilder, rows: Value, weights: Value | None) -> Value:
    if weights is None:
        return b.op("mean", rows, axis=1, keepdims=True)
    total = b.op("sum", b.op("mul", rows, weights), axis=1, keepdims=True)
    return b.op("div", total, b.op("sum", weights))


def _counted(b: OpBuilder, rows: Value, weights: Value | None, aweights: Value | None, lost: int) -> Value:
    """How many samples count, without the degrees of freedom that the mean takes."""
    count = b.op("dimension", rows, axis=1) if weights is None else b.op("sum", weights)
    if not lost:
        return count
    if aweights is None:
        return b.op("sub", count, lost)
    assert weights is not None
    share = b.op("div", b.op("sum", b.op("mul", weights, aweights)), count)
    return b.op("sub", count, b.op("mul", float(lost), share))


def _cov(
    b: OpBuilder,
    m: Value,
    y: Value | None = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Value | None = None,
    aweights: Value | None = None,
) -> Value:
    rows = _rows(b, m, rowvar)
    if y is not None:
        parts = [rows, _rows(b, y, rowvar)]
        rows = b.apply("concatenate", parts, {"arrays": [Input(0), Input(1)]})[0]
    lost = (0 if bias else 1) if ddof is None else ddof
    if fweights is not None and aweights is not None:
        weights: Value | None = b.op("mul", fweights, aweights)
    else:
        weights = fweights if aweights is None else aweights
    centred = b.op("sub", rows, _mean_of_rows(b, rows, weights))
    count = _counted(b, rows, weights, aweights, lost)
    flipped = transposed(b, centred if weights is None else b.op("mul", centred, weights))
    if dtype_of(centred.type).kind == "c":
        flipped = b.op("conj", flipped)
    matrix = b.op("div", b.op("matmul", centred, flipped), count)
    return b.op("squeeze", matrix, axis=(0, 1)) if shape_of(matrix.type)[0].is_one else matrix


def _cov_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    samples = 1 if attrs.get("y", 0) is None else 2
    found = numbers(types[:samples])
    if any(not 1 <= len(shape_of(item)) <= 2 for item in found):
        raise Unsupported("covariances of anything but vectors or matrices", "reshape the samples")
    rowvar = bool(attrs.get("rowvar", True))
    sizes = [
        as_length(1) if len(shape_of(item)) == 1 else shape_of(item)[0 if rowvar else 1] for item in found
    ]
    total = sizes[0]
    for size in sizes[1:]:
        total = total + size
    dtype = np.result_type(promote(found), np.float64)
    if total.is_one:
        scalar = spelling.name.endswith("corrcoef")
        return (number_type(dtype, ()) if scalar else ArrayType(dtype, ()),)
    return (ArrayType(dtype, (total, total)),)


def _corrcoef(b: OpBuilder, x: Value, y: Value | None = None, rowvar: bool = True) -> Value:
    c = _cov(b, x, y, rowvar)
    if not shape_of(c.type):
        return b.op("div", c, c)
    spread = b.op("sqrt", b.op("real", b.op("diagonal", c)))
    scaled = b.op("div", c, b.op("expand_dims", spread, axis=-1))
    return b.op("div", scaled, spread)


def _bincount_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype = INT if attrs.get("weights", 0) is None else np.dtype(np.float64)
    return (ArrayType(dtype, (fresh(),)),)


def _bincount_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None or len(node.inputs) < 2:
        return [None] * len(node.inputs)
    return [None, b.apply("get_item", (ct, node.inputs[0]), {"index": (Input(1),)})[0]]


def _bincount_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    tangent = tangents[1] if len(tangents) > 1 else None
    return [
        None
        if tangent is None
        else b.apply("bincount", (node.inputs[0], tangent, *node.inputs[2:]), node.attrs)[0]
    ]


def _widened(b: OpBuilder, low: Value, high: Value) -> tuple[Value, Value]:
    """The range of samples; that of equal ones is 1."""
    is_point = b.op("eq", low, high)
    lower, upper = b.op("sub", low, 0.5), b.op("add", high, 0.5)
    return b.op("where", is_point, lower, low), b.op("where", is_point, upper, high)


def _edges(b: OpBuilder, a: Value, bins: Value | int, range: Any) -> Value:
    """The edges of the bins: given, or a grid from the smallest to the largest element."""
    if isinstance(bins, Value) and shape_of(bins.type):
        return bins
    if range is None:
        low, high = _widened(b, b.op("min", a), b.op("max", a))
    else:
        low, high = range
    count = b.op("add", bins, 1)
    values = [item if isinstance(item, Value) else b.constant(float(item)) for item in (low, high)]
    return b.apply("linspace", (*values, count), {"num": Input(2)})[0]


def _edge_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    bins = types[1] if len(types) > 1 else None
    if isinstance(bins, ArrayType):
        return (ArrayType(bins.dtype, bins.shape),)
    operand = numbers(types)[0]
    single = operand.dtype.kind == "f" and operand.dtype.itemsize == 4
    length = getattr(bins, "length", None)
    count = as_length(11) if bins is None else fresh() if length is None else length + 1
    return (ArrayType(np.dtype(np.float32 if single else np.float64), (count,)),)


def _grid_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if len(types) > 1 and shape_of(types[1]):
        raise Unsupported("edges that are given", "use them as they are")
    return _edge_types(types, attrs, spelling)


def _bin_edges(b: OpBuilder, a: Value, bins: Value | int = 10, range: Any = None) -> Value:
    return _edges(b, a, bins if isinstance(bins, Value) else b.constant(bins), range)


def _histogram_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (edges,) = _edge_types(types[:2] if attrs.get("bins", 0) is not None else types[:1], attrs, spelling)
    assert isinstance(edges, ArrayType)
    weighted = attrs.get("weights", 0) is not None
    if weighted and dtype_of(types[-1]).kind == "c":
        raise Unsupported("a histogram with complex weights", "add those of weights.real and weights.imag")
    dtype = np.dtype(np.float64) if attrs.get("density", False) else dtype_of(types[-1]) if weighted else INT
    return ArrayType(dtype, (edges.shape[0] - 1,)), edges


def _histogram(
    b: OpBuilder,
    a: Value,
    bins: Value | int = 10,
    range: Any = None,
    density: bool = False,
    weights: Value | None = None,
) -> tuple[Value, Value]:
    """Counts do not move with the samples; weights are counted, and a density is divided by the widths."""
    edges = _bin_edges(b, a, bins, range)
    flat = b.op("reshape", a, shape=(-1,))
    last = b.op("sub", b.op("dimension", edges, axis=0), 2)
    place = b.op("sub", b.apply("searchsorted", (edges, flat), {"side": "right"})[0], 1)
    top = along(b, edges, 0, -1)
    place = b.op("where", b.op("eq", flat, top), last, place)
    inside = b.op("logical_and", b.op("ge", place, 0), b.op("le", place, last))
    counted = b.op("astype", inside, dtype=np.dtype(np.float64))
    if weights is not None:
        counted = b.op("where", inside, b.op("reshape", weights, shape=(-1,)), 0.0)
    place = b.op("where", inside, place, 0)
    counts = b.op("scattered", counted, place, along(b, edges, 0, None, -1))
    if weights is None and not density:
        counts = b.op("astype", counts, dtype=INT)
    if density:
        counts = b.op("div", b.op("div", counts, b.op("sum", counts)), b.op("diff", edges))
    return counts, edges


BINS = {
    "why": "how many dimensions the points have is known at run time only",
    "fix": "pass the bins of each dimension, as in bins=(10, 10)",
}


def _dimensions_unknown(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    raise Unsupported(BINS["why"], BINS["fix"])


PARTS = "made of simpler operations"
COUNTS = "counts do not move with the samples; edges do, where they follow the smallest and largest one"

OPERATIONS = (
    refused(
        "histogramdd",
        "numpy.histogramdd",
        "sample, bins=10, range=None, density=None, weights=None",
        _dimensions_unknown,
        "Counts of points in a grid of bins; the edges of the bins in a list.",
        operands=("sample", "weights"),
        written=histograms.histogramdd,
        written_if=lambda given: isinstance(given.get("bins"), tuple | list),
        note="`bins` is a tuple or list: it tells the number of dimensions.",
        **BINS,
    ),
    composite(
        "average",
        "numpy.average",
        "a, axis=None, weights=None, keepdims=False",
        _average,
        "Weighted mean.",
        why="a weighted sum over the sum of the weights",
        types=_average_types,
        operands=("a", "weights"),
        written=written.average,
        written_if=lambda given: given.get("returned") is True,
        samples=(
            "a(3)",
            "a(2, 3), axis=0",
            "a(3), weights=array([1.0, 2.0, 0.5])",
            "a(2, 3), axis=1, weights=array([1.0, 2.0, 0.5])",
            "a(2, 2), weights=array([[1.0, 2.0], [0.5, 0.7]])",
            "a(2, 3), axis=1, keepdims=True",
        ),
    ),
    composite(
        "cov",
        "numpy.cov",
        "m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None",
        _cov,
        "Covariance matrix.",
        why="products of deviations from the mean",
        types=_cov_types,
        operands=("m", "y", "fweights", "aweights"),
        refused_keywords={"dtype": "convert the operands with .astype instead"},
        samples=(
            "a(2, 5)",
            "a(5)",
            "a(5), a(5)",
            "a(2, 5), a(3, 5)",
            "a(5, 2), rowvar=False",
            "a(2, 5), bias=True",
            "a(2, 5), ddof=0",
            "a(2, 4), fweights=constant([1, 2, 3, 1])",
            "a(2, 4), aweights=array([1.0, 0.5, 0.3, 1.0])",
            "a(4), a(4), fweights=constant([1, 2, 3, 1]), aweights=array([1.0, 0.5, 0.3, 1.0]), ddof=2",
        ),
    ),
    composite(
        "corrcoef",
        "numpy.corrcoef",
        "x, y=None, rowvar=True",
        _corrcoef,
        "Correlation coefficients.",
        why="covariances over standard deviations",
        types=_cov_types,
        operands=("x", "y"),
        refused_keywords={"dtype": "convert the operands with .astype instead", "bias": "it has no effect"},
        samples=("a(2, 5)", "a(5), a(5)", "a(5, 2), rowvar=False", "a(3, 6)"),
    ),
    custom(
        "bincount",
        "numpy.bincount",
        "x, weights=None, minlength=0",
        _bincount_vjp,
        _bincount_jvp,
        _bincount_types,
        "Sums of the weights of each number.",
        why="linear in the weights",
        operands=("x", "weights"),
        backend=Domain.OPAQUE,
        samples=("i(5), a(5)", "i(5)", "i(5), a(5), minlength=4", "i(5), a(5), minlength=n(4)"),
    ),
    composite(
        "histogram_bin_edges",
        "numpy.histogram_bin_edges",
        "a, bins=10, range=None",
        _bin_edges,
        "The edges of the bins of a histogram.",
        why="a grid from the smallest to the largest element",
        types=_grid_types,
        operands=("a", "bins"),
        refused_keywords={"weights": "they do not change the edges"},
        samples=("a(5), 3", "a(5)", "a(5), 4, range=(-1.0, 2.0)"),
    ),
    composite(
        "histogram",
        "numpy.histogram",
        "a, bins=10, range=None, density=False, weights=None",
        _histogram,
        "Counts in bins, and the edges of the bins.",
        why=COUNTS,
        types=_histogram_types,
        operands=("a", "bins", "weights"),
        aliasing=Aliasing.EACH,
        returns_tuple=True,
        samples=(
            "a(8), 3",
            "a(8)",
            "a(8), array([-1.0, 0.0, 0.5, 1.0]), weights=a(8)",
            "a(8), 3, density=True",
            "a(8), 4, range=(-1.0, 0.5), weights=a(8)",
        ),
    ),
)
