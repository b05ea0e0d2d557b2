"""scipy.ndimage: filters with boundaries, and interpolation between pixels.

A boundary mode says which pixel stands for a place outside: places are mapped to pixels, and the rest is reading
and summing. A Gaussian filter is symmetric where the boundary reflects, wraps or is zero: it is its own transpose.

In:  nothing.   Out: `OPERATIONS`.
Not here: convolution without boundaries (signals.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.slices import entry, length, turned
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported
from gradscribe.ops.written import general_images as written

Attrs = Mapping[str, object]
NDIMAGE = "scipy.ndimage."
Origin = int | Sequence[int]
SYMMETRIC = ("reflect", "grid-mirror", "wrap", "grid-wrap", "grid-constant", "constant")
PLACES = {
    "reflect": "where(i % (2 * n) < n, i % (2 * n), 2 * n - 1 - i % (2 * n))",
    "grid-mirror": "where(i % (2 * n) < n, i % (2 * n), 2 * n - 1 - i % (2 * n))",
    "mirror": "where(i % maximum(2 * n - 2, 1) < n, i % maximum(2 * n - 2, 1), "
    "2 * n - 2 - i % maximum(2 * n - 2, 1))",
    "nearest": "minimum(maximum(i, 0), n - 1)",
    "wrap": "i % n",
    "grid-wrap": "i % n",
}


def _floats(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types)[0]
    if operand.dtype.kind != "f" or not shape_of(operand):
        raise Unsupported("a filter of other than arrays of floats", "convert them with .astype(float)")
    return (ArrayType(operand.dtype, shape_of(operand)),)


# The Gaussian filter


def _gaussian_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if attrs.get("mode", "reflect") not in SYMMETRIC:
        raise Unsupported(
            f"a Gaussian filter with mode={attrs['mode']!r}", "use 'reflect', 'wrap' or 'constant'"
        )
    sigma = attrs["sigma"]
    if not isinstance(sigma, int | float | tuple | list):
        raise Unsupported("a sigma that is known at run time only", "write it as a literal")
    return _floats(types, attrs, spelling)


def _is_general(given: Attrs) -> bool:
    """Where the filter is not symmetric, or how wide it is known at run time only."""
    sigma = given.get("sigma")
    plain = isinstance(sigma, int | float) or (isinstance(sigma, tuple) and all(map(_is_number, sigma)))
    further = {"order", "radius", "cval"} & set(given)
    return not plain or bool(further) or given.get("mode", "reflect") not in SYMMETRIC


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _same_filter(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.apply(node.op.name, (ct, *node.inputs[1:]), node.attrs)[0]


def _gaussian(name: str, signature: str, general: Callable[..., Any], samples: tuple[str, ...]) -> OpSpec:
    assert isinstance(general, FunctionType)
    return linear(
        name,
        NDIMAGE + name,
        signature,
        _same_filter,
        _gaussian_types,
        "Gaussian filter; it is its own transpose.",
        operands=("input",),
        written=general,
        written_if=_is_general,
        refused_keywords={"output": "it writes into another array", "axes": "all axes are filtered"},
        samples=samples,
    )


# Correlation with a kernel, whose boundary is read pixel by pixel


def _correlate(
    b: OpBuilder, /, input: Value, weights: Value, mode: str = "reflect", origin: Origin = 0
) -> Value:
    """out[i] = Σ w[j] input[i + j - n // 2 - origin]."""
    return _correlated(b, input, weights, mode, _origins(origin, input))


def _convolve(
    b: OpBuilder, /, input: Value, weights: Value, mode: str = "reflect", origin: Origin = 0
) -> Value:
    """The correlation with the kernel turned round; an even kernel then stands one pixel further."""
    origins = [-place for place in _origins(origin, input)]
    return _correlated(b, input, b.op("flip", weights), mode, origins, turned_round=True)


def _origins(origin: Origin, input: Value) -> Sequence[int]:
    """Where the kernel stands, along each axis."""
    origins = [origin] * len(shape_of(input.type)) if isinstance(origin, int) else origin
    if not all(isinstance(place, int) for place in origins):
        raise Unsupported("an origin that is not known when the code is generated", "pass a literal")
    return origins


def _correlated(
    b: OpBuilder, x: Value, weights: Value, mode: str, origins: Sequence[int], *, turned_round: bool = False
) -> Value:
    if len(shape_of(weights.type)) != len(shape_of(x.type)):
        raise Unsupported("a kernel of another number of dimensions", "give it as many as the image has")
    for axis, origin in enumerate(origins):
        x = _with_borders(b, x, weights, axis, mode, origin, turned_round=turned_round)
    return b.op("signal_correlate", x, weights, mode="valid")


def _with_borders(
    b: OpBuilder, x: Value, weights: Value, axis: int, mode: str, origin: int, *, turned_round: bool
) -> Value:
    """The array with as many more pixels along an axis as the kernel reaches beyond the ends."""
    n, reach = length(b, x, axis), length(b, weights, axis)
    half = b.op("floordiv", reach, 2)
    if turned_round:
        half = b.op("floordiv", b.op("sub", reach, 1), 2)
    before = b.op("add", half, origin) if origin else half
    count = b.op("add", n, b.op("sub", reach, 1))
    places = b.op("sub", b.apply("arange", (count,), {"start": Input(0)})[0], before)
    if mode in ("constant", "grid-constant"):
        inside = b.expression("(i >= 0) * (i < n)", {"i": places, "n": n})
        kept = _taken(b, x, b.expression("minimum(maximum(i, 0), n - 1)", {"i": places, "n": n}), axis)
        return b.op("where", turned(b, inside, axis, len(shape_of(x.type))), kept, 0.0)
    if mode not in PLACES:
        raise Unsupported(f"mode={mode!r}", f"use one of {', '.join(PLACES)}")
    return _taken(b, x, b.expression(PLACES[mode], {"i": places, "n": n}), axis)


def _taken(b: OpBuilder, x: Value, places: Value, axis: int) -> Value:
    index = (*(slice(None),) * axis, Input(1))
    return b.apply("get_item", (x, places), {"index": index})[0]


# Values between pixels


def _mapped_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if attrs.get("order", 3) not in (0, 1):
        raise Unsupported("map_coordinates with splines", "pass order=1, or order=0")
    if attrs.get("mode", "constant") not in ("constant", "nearest"):
        raise Unsupported(f"map_coordinates with mode={attrs['mode']!r}", "use 'constant' or 'nearest'")
    image, coordinates = numbers(types)
    first = shape_of(coordinates)[:1]
    if not shape_of(image):
        raise Unsupported("an image of one number", "pass an array")
    if not first or first[0].constant not in (None, len(shape_of(image))):
        raise Unsupported("coordinates that do not fit the image", "pass one array of coordinates per axis")
    return (number_type(dtype_of(image), shape_of(coordinates)[1:]),)


def _map_coordinates(
    b: OpBuilder,
    /,
    input: Value,
    coordinates: Value,
    order: int = 3,
    mode: str = "constant",
    cval: float = 0.0,
) -> Value:
    """The mean of the pixels around a point, weighted by its distances; outside, `cval` or the border."""
    ndim = len(shape_of(input.type))
    points = [entry(b, coordinates, 0, axis) for axis in range(ndim)]
    sizes = [length(b, input, axis) for axis in range(ndim)]
    inside: Value | None = None
    for axis, (x, n) in enumerate(zip(points, sizes, strict=True)):
        here = b.expression("(x >= 0) * (x <= n - 1)", {"x": x, "n": n})
        inside = here if inside is None else b.op("mul", inside, here)
        points[axis] = b.expression("minimum(maximum(x, 0.0), n - 1.0)", {"x": x, "n": n})
    total = _mean_of_corners(b, input, points, sizes, order)
    return b.op("where", inside, total, cval) if mode == "constant" and inside is not None else total


def _mean_of_corners(
    b: OpBuilder, image: Value, points: list[Value], sizes: list[Value], order: int
) -> Value:
    if order == 0:
        nearest = [b.op("astype", b.expression("floor(x + 0.5)", {"x": x}), dtype=np.intp) for x in points]
        return _pixels(b, image, nearest)
    lower = [b.op("floor", x) for x in points]
    fractions = [b.op("sub", x, low) for x, low in zip(points, lower, strict=True)]
    total: Value | None = None
    for corner in itertools.product((0, 1), repeat=len(points)):
        places, weight = [], None
        for up, low, fraction, n in zip(corner, lower, fractions, sizes, strict=True):
            place = b.op("astype", low, dtype=np.intp)
            places.append(b.expression("minimum(i + 1, n - 1)", {"i": place, "n": n}) if up else place)
            part = fraction if up else b.op("sub", 1.0, fraction)
            weight = part if weight is None else b.op("mul", weight, part)
        assert weight is not None
        term = b.op("mul", weight, _pixels(b, image, places))
        total = term if total is None else b.op("add", total, term)
    assert total is not None
    return total


def _pixels(b: OpBuilder, image: Value, places: Sequence[Value]) -> Value:
    index = tuple(Input(k + 1) for k in range(len(places)))
    return b.apply("get_item", (image, *places), {"index": index})[0]


KERNELS = tuple(
    f"a(5), a({m}), mode='{mode}'"
    for m in (3, 4)
    for mode in ("reflect", "mirror", "nearest", "wrap", "constant")
)
REFUSED = {
    "output": "it writes into another array",
    "cval": "the value outside must be 0",
    "axes": "all axes are filtered",
}

OPERATIONS = (
    _gaussian("gaussian_filter", "input, sigma, mode='reflect', truncate=4.0", written.gaussian_filter,
              ("a(6), 1.0", "a(4, 5), (0.8, 1.5), mode='wrap'", "a(4, 5), 0.7, mode='constant'")),
    _gaussian("gaussian_filter1d", "input, sigma, axis=-1, mode='reflect', truncate=4.0",
              written.gaussian_filter1d,
              ("a(6), 1.0", "a(4, 5), 0.8, axis=0, mode='wrap'")),
    composite(
        "image_correlate",
        NDIMAGE + "correlate",
        "input, weights, mode='reflect', origin=0",
        _correlate,
        "Correlation of an image with a kernel.",
        why="pixels read where the boundary puts them, times weights",
        types=_floats,
        operands=("input", "weights"),
        refused_keywords=REFUSED,
        samples=("a(5), a(3)", *KERNELS, "a(4, 5), a(3, 2)", "a(5), a(3), origin=1",
                 "a(4, 5), a(3, 3), origin=(1, -1)"),
    ),
    composite(
        "image_convolve",
        NDIMAGE + "convolve",
        "input, weights, mode='reflect', origin=0",
        _convolve,
        "Convolution of an image with a kernel.",
        why="pixels read where the boundary puts them, times weights",
        types=_floats,
        operands=("input", "weights"),
        refused_keywords=REFUSED,
        samples=("a(5), a(3)", *KERNELS, "a(4, 5), a(3, 2)", "a(5), a(3), origin=1",
                 "a(4, 5), a(3, 3), origin=(1, -1)"),
    ),
    composite(
        "map_coordinates",
        NDIMAGE + "map_coordinates",
        "input, coordinates, order=3, mode='constant', cval=0.0",
        _map_coordinates,
        "Values of an image between its pixels.",
        why="a mean of the pixels around, by their distances",
        types=_mapped_types,
        operands=("input", "coordinates"),
        written=written.map_coordinates,
        written_if=lambda given: (
            given.get("order", 3) not in (0, 1) or given.get("mode", "constant") not in ("constant", "nearest")
        ),
        refused_keywords={"output": "it writes into another array", "prefilter": "the image is filtered first"},
        samples=(
            "a(5), array([[0.3, 2.6, 3.9]]), order=1",
            "a(4, 5), array([[0.3, 2.6, 9.0], [3.2, 0.7, 1.1]]), order=1",
            "a(4, 5), array([[0.3, 2.6, -0.2], [3.2, 0.7, 1.1]]), order=1, mode='nearest'",
            "a(5), array([[0.3, 2.6, 3.9]]), order=0",
        ),
    ),
)  # fmt: skip
