"""scipy.signal: convolution in any number of dimensions, recursive filters.

The derivative of a full convolution is the valid part of one with the other array reversed, and the other way
round. A filter is its own derivative by the signal; its transpose runs backwards in time.

In:  nothing.   Out: `OPERATIONS`.
Not here: convolution of vectors by NumPy (convolution.py), filters of images (images.py).
References: Oppenheim & Schafer, Discrete-Time Signal Processing, section 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import bilinear, custom
from gradscribe.ops.promotion import numbers, promote
from gradscribe.ops.slices import along, length
from gradscribe.ops.spec import Contributions, NoRule, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
SIGNAL = "scipy.signal."
MODES = ("full", "same", "valid")


def _pair(types: Sequence[Type]) -> tuple[np.dtype, tuple[Length, ...], tuple[Length, ...]]:
    first, second = (shape_of(type_) for type_ in types)
    if len(first) != len(second) or not first:
        raise Unsupported(
            "a convolution of arrays of different dimensions", "give them equal numbers of dimensions"
        )
    dtype = promote(numbers(types))
    return (dtype if dtype.kind in "fc" else np.dtype(np.float64)), first, second


def _mode(attrs: Attrs) -> str:
    mode = attrs.get("mode", "full")
    if mode not in MODES:
        raise Unsupported(f"mode={mode!r}", "write 'full', 'same' or 'valid'")
    return str(mode)


def _whole_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype, first, second = _pair(types)
    full = _mode(attrs) == "full"
    shape = tuple(n + m - 1 if full else n - m + 1 for n, m in zip(first, second, strict=True))
    return (ArrayType(dtype, shape),)


def _convolved_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype, first, second = _pair(types)
    if any(dtype_of(type_).kind not in "fc" for type_ in types):
        raise Unsupported("a convolution of ints", "convert them with .astype(float)")
    mode = _mode(attrs)
    if mode == "same":
        return (ArrayType(dtype, first),)
    pairs = list(zip(first, second, strict=True))
    if mode == "full":
        return (ArrayType(dtype, tuple(n + m - 1 for n, m in pairs)),)
    return (ArrayType(dtype, tuple(_valid(n, m) for n, m in pairs)),)


def _valid(n: Length, m: Length) -> Length:
    if n.constant is None or m.constant is None:
        return fresh()
    return as_length(abs(n.constant - m.constant) + 1)


def _whole(b: OpBuilder, first: Value, second: Value, *, full: bool) -> Value:
    return b.apply("whole_convolution", (first, second), {} if full else {"mode": "valid"})[0]


def _left(b: OpBuilder, node: Node, ct: Value) -> Value:
    return _whole(b, ct, b.op("flip", node.inputs[1]), full=_mode(node.attrs) != "full")


def _right(b: OpBuilder, node: Node, ct: Value) -> Value:
    first = node.inputs[0]
    if _mode(node.attrs) == "full":
        return _whole(b, ct, b.op("flip", first), full=False)
    return b.op("flip", _whole(b, first, b.op("flip", ct), full=False))


def _convolve(b: OpBuilder, /, in1: Value, in2: Value, mode: str = "full", method: str = "auto") -> Value:
    """A part of the full convolution, along each axis."""
    found = _whole(b, in1, in2, full=True)
    if mode == "full":
        return found
    for axis in range(len(shape_of(in1.type))):
        n, m = length(b, in1, axis), length(b, in2, axis)
        if mode == "same":
            start = b.op("floordiv", b.op("sub", m, 1), 2)
            stop = b.op("add", start, n)
        else:
            start = b.op("sub", b.op("minimum", n, m), 1)
            stop = b.op("maximum", n, m)
        found = along(b, found, axis, start, stop)
    return found


def _correlate(b: OpBuilder, /, in1: Value, in2: Value, mode: str = "full", method: str = "auto") -> Value:
    turned = b.op("flip", b.op("conj", in2) if dtype_of(in2.type).kind == "c" else in2)
    return _convolve(b, in1, turned, mode)


SAMPLES = (
    "a(5), a(3)",
    "a(5), a(3), mode='same'",
    "a(5), a(4), mode='same'",
    "a(5), a(2), mode='valid'",
    "a(4, 5), a(2, 3)",
    "a(4, 5), a(3, 2), mode='same'",
    "a(4, 5), a(2, 3), mode='valid'",
)


def _part(name: str, signature: str, doc: str, **fields: object) -> OpSpec:
    body = _correlate if name.startswith("correlate") else _convolve
    return composite(
        f"signal_{name}",
        SIGNAL + name,
        signature,
        body,
        doc,
        why="parts of a convolution with the other array reversed",
        types=_convolved_types,
        operands=("in1", "in2"),
        **fields,
    )


# Recursive filters


def _filter_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    # A Python number among the coefficients is an array of doubles to SciPy.
    dtype = np.result_type(*(type_.dtype for type_ in numbers(types)))
    if dtype.kind != "f" or not shape_of(types[-1]):
        raise Unsupported("a filter of other than arrays of floats", "convert them with .astype(float)")
    return (ArrayType(dtype, shape_of(types[-1])),)


def _axis(node: Node) -> int:
    axis = node.attrs.get("axis", -1)
    assert isinstance(axis, int)
    return axis % len(shape_of(node.inputs[-1].type))


def _filter(b: OpBuilder, node: Node, numerator: Value, denominator: Value, x: Value) -> Value:
    attrs = {"axis": node.attrs["axis"]} if "axis" in node.attrs else {}
    return b.apply("lfilter", (numerator, denominator, x), attrs)[0]


def _backwards(b: OpBuilder, node: Node, numerator: Value, denominator: Value, x: Value) -> Value:
    axis = _axis(node)
    return b.op("flip", _filter(b, node, numerator, denominator, b.op("flip", x, axis=axis)), axis=axis)


def _one(b: OpBuilder, like: Value) -> Value:
    """The filter that changes nothing."""
    return b.op("full_like", along(b, like, 0, None, 1), 1.0)


def _lfilter_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """With v the cotangent run backwards through 1 / a: b̄[k] = Σ v[n] x[n - k], ā[k] = -Σ v[n] y[n - k]."""
    (ct,) = cts
    if ct is None:
        return [None, None, None]
    numerator, denominator, x = node.inputs
    axis = _axis(node)
    driven = _backwards(b, node, _one(b, numerator), denominator, ct)
    return [
        b.op("lagged_products", driven, x, numerator, axis=axis),
        b.op("neg", b.op("lagged_products", driven, node.output, denominator, axis=axis)),
        _backwards(b, node, numerator, denominator, ct),
    ]


def _lfilter_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    b_dot, a_dot, x_dot = tangents
    numerator, denominator, x = node.inputs
    one = _one(b, numerator)
    total = None if x_dot is None else _filter(b, node, numerator, denominator, x_dot)
    if b_dot is not None:
        term = _filter(b, node, one, denominator, _filter(b, node, b_dot, one, x))
        total = term if total is None else b.op("add", total, term)
    if a_dot is not None:
        term = _filter(b, node, one, denominator, _filter(b, node, a_dot, one, node.output))
        total = b.op("neg", term) if total is None else b.op("sub", total, term)
    return [total]


def _lag_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(promote(numbers(types[:2])), shape_of(types[2])),)


def _lags_left(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("lfilter", ct, _one(b, ct), node.inputs[1], axis=node.attrs["axis"])


def _lags_right(b: OpBuilder, node: Node, ct: Value) -> Value:
    axis = node.attrs["axis"]
    turned = b.op("flip", node.inputs[0], axis=axis)
    return b.op("flip", b.op("lfilter", ct, _one(b, ct), turned, axis=axis), axis=axis)


def _sosfilt_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The sections commute: the transpose is the same filter, backwards."""
    (ct,) = cts
    if ct is None:
        return [None, None]
    axis = _axis(node)
    turned = _sections(b, node, b.op("flip", ct, axis=axis))
    return [NO_SECTIONS, b.op("flip", turned, axis=axis)]


def _sosfilt_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    sos_dot, x_dot = tangents
    if sos_dot is not None:
        raise Unsupported(NO_SECTIONS.why, NO_SECTIONS.fix)
    return [None if x_dot is None else _sections(b, node, x_dot)]


def _sections(b: OpBuilder, node: Node, x: Value) -> Value:
    attrs = {"axis": node.attrs["axis"]} if "axis" in node.attrs else {}
    return b.apply("sosfilt", (node.inputs[0], x), attrs)[0]


NO_SECTIONS = NoRule("the derivative by the sections of a filter", "use lfilter, one section after the other")

OPERATIONS = (
    _part("convolve", "in1, in2, mode='full', method='auto'", "Convolution.", samples=SAMPLES,
          otherwise="whole_convolution"),
    _part("fftconvolve", "in1, in2, mode='full'", "Convolution by Fourier transform.", samples=SAMPLES,
          refused_keywords={"axes": "all axes are convolved"}),
    _part("oaconvolve", "in1, in2, mode='full'", "Convolution by overlapping parts.", samples=SAMPLES[:3],
          refused_keywords={"axes": "all axes are convolved"}),
    _part("convolve2d", "in1, in2, mode='full'", "Convolution of matrices.", samples=SAMPLES[4:],
          otherwise="bounded_convolve2d"),
    _part("correlate", "in1, in2, mode='full', method='auto'", "Correlation.", samples=SAMPLES),
    bilinear(
        "whole_convolution",
        SIGNAL + "convolve",
        "in1, in2, mode='full'",
        _left,
        _right,
        _whole_types,
        "Convolution; in the mode `valid`, the first array is not the smaller one.",
        operands=("in1", "in2"),
        samples=("a(4), a(3)", "a(4, 5), a(2, 3), mode='valid'"),
    ),
    custom(
        "lfilter",
        SIGNAL + "lfilter",
        "b, a, x, axis=-1",
        _lfilter_vjp,
        _lfilter_jvp,
        _filter_types,
        "A recursive filter, by its coefficients and the signal.",
        why="the filter, and its transpose backwards in time",
        operands=("b", "a", "x"),
        refused_keywords={"zi": "it would return a second result"},
        samples=(
            "a(3), array([1.2, 0.3, -0.1]), a(7)",
            "a(2), array([1.1, 0.2, -0.3]), a(5, 2), axis=0",
            "a(2), array([2.0]), a(2, 5)",
        ),
    ),
    bilinear(
        "lagged_products",
        "gradscribe.runtime.filters.lagged_products",
        "v, x, like, axis",
        _lags_left,
        _lags_right,
        _lag_types,
        "Entry k is the sum of v[n] * x[n - k].",
        operands=("v", "x", "like"),
        samples=("a(5), a(5), array([1, 2, 3]), 0", "a(3, 4), a(3, 4), array([1, 2]), 1"),
    ),
    custom(
        "sosfilt",
        SIGNAL + "sosfilt",
        "sos, x, axis=-1",
        _sosfilt_vjp,
        _sosfilt_jvp,
        _filter_types,
        "A recursive filter in sections, by the signal.",
        why="the filter, and itself backwards in time",
        operands=("sos", "x"),
        refused_keywords={"zi": "it would return a second result"},
        samples=("array([[1, 2, 1, 1, 0, 0]]), a(5)",),
        note="The sections count as constant: differentiating by them is refused.",
    ),
)  # fmt: skip
