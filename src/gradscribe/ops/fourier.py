"""Discrete Fourier transforms.

A transform is a symmetric matrix F, so the transpose of `fft` is `fft` itself, along the same axis and with the
same normalisation; cotangents of complex values are not conjugated (complex_numbers.py). Of a real signal half the
spectrum is kept; an entry that has a mirror in the other half counts twice in the signal (h = 2), others once:

    rfft:   x̄ = hfft(ȳ / h)           irfft:  ȳ = h ihfft(x̄)
    ihfft:  x̄ = irfft(ȳ / h)          hfft:   ȳ = h rfft(x̄)


In:  nothing.   Out: `OPERATIONS`.
Not here: several axes at once, shifts, frequencies (spectra.py).
References: Van Loan, Computational Frameworks for the Fast Fourier Transform, 1992, section 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, as_length
from gradscribe.ir.template import fill
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear, push_first
from gradscribe.ops.promotion import numbers, opaque_length
from gradscribe.ops.shapes import int_length
from gradscribe.ops.slices import length
from gradscribe.ops.spec import Contributions, OpSpec, Spelling, Transpose, TypeRule, Unsupported

Attrs = Mapping[str, object]
Number = Value | int
FFT = "numpy.fft."
OUT = {"out": "it writes into another array"}


@cache
def _transformed(dtype: np.dtype) -> np.dtype:
    """The dtype of a transform: complex64 of float32."""
    return np.fft.fft(np.zeros(1, dtype)).dtype


def _lengthened(types: Sequence[Type], attrs: Attrs, axis: int) -> tuple[Length, ...]:
    shape = shape_of(types[0])
    if attrs.get("n") is None:
        return shape
    return (*shape[:axis], int_length(attrs["n"], types), *shape[axis + 1 :])


def _plain_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types)[0]
    axis = one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    return (ArrayType(_transformed(operand.dtype), _lengthened(types, attrs, axis)),)


def _transposed(b: OpBuilder, node: Node, ct: Value) -> Value:
    """The same transform of the cotangent, cut or padded to the length of the operand."""
    attrs = {name: node.attrs[name] for name in ("axis", "norm") if name in node.attrs}
    found = b.apply(node.op.name, (ct,), attrs)[0]
    if node.attrs.get("n") is None:
        return found
    axis = one_axis(node.attrs.get("axis", -1), len(shape_of(ct.type)))
    return fitted(b, found, length(b, node.inputs[0], axis), axis)


def fitted(b: OpBuilder, x: Value, n: Number, axis: int) -> Value:
    """x cut or padded to n entries along the axis."""
    if isinstance(n, Value):
        return b.apply("fitted", (x, n), {"n": Input(1), "axis": axis})[0]
    return b.op("fitted", x, n=n, axis=axis)


def _fitted_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    axis = attrs["axis"]
    assert isinstance(axis, int)
    return (ArrayType(dtype_of(types[0]), _lengthened(types, attrs, axis)),)


def _fitted_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    axis = node.attrs["axis"]
    assert isinstance(axis, int)
    return [None if ct is None else fitted(b, ct, length(b, node.inputs[0], axis), axis)]


def _half_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    n = int_length(attrs["n"], types)
    return (ArrayType(np.dtype(str(attrs.get("dtype", "float64"))), (half(n),)),)


@cache
def half(n: Length) -> Length:
    """n // 2 + 1."""
    if n.constant is not None:
        return as_length(n.constant // 2 + 1)
    return opaque_length("floordiv", n, as_length(2)) + 1


def axis_of(x: Value, axis: object) -> int:
    """An axis of x, counted from the front."""
    return one_axis(axis, len(shape_of(x.type)))


def _real_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """rfft and ihfft: half a spectrum of real numbers."""
    operand = numbers(types)[0]
    if operand.dtype.kind == "c":
        raise Unsupported(f"{spelling.name} of complex numbers", "use np.fft.fft")
    axis = one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    shape = _lengthened(types, attrs, axis)
    return (ArrayType(_transformed(operand.dtype), (*shape[:axis], half(shape[axis]), *shape[axis + 1 :])),)


def _whole_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """irfft and hfft: the real numbers of half a spectrum; an even number unless given."""
    operand = numbers(types)[0]
    axis = one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    shape = list(_lengthened(types, attrs, axis))
    if attrs.get("n") is None:
        shape[axis] = (shape[axis] - 1) * 2
    return (ArrayType(np.zeros(0, _transformed(operand.dtype)).real.dtype, tuple(shape)),)


def _from_half(inverse: str) -> Transpose:
    """The transpose of rfft and ihfft: what has a mirror in the whole spectrum comes back twice as half of it."""

    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        x = node.inputs[0]
        axis = axis_of(x, node.attrs.get("axis", -1))
        given = node.attrs.get("n")
        n = length(b, x, axis) if given is None else _filled(node, given)
        scaled = b.op("div", ct, _halves(b, n, ct, axis))
        found = transform(b, inverse, scaled, axis, node.attrs.get("norm"), n)
        return found if given is None else fitted(b, found, length(b, x, axis), axis)

    return transpose


def _to_half(inverse: str) -> Transpose:
    """The transpose of irfft and hfft."""

    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        x = node.inputs[0]
        axis = axis_of(x, node.attrs.get("axis", -1))
        found = transform(b, inverse, ct, axis, node.attrs.get("norm"))
        scaled = b.op("mul", found, _halves(b, length(b, ct, axis), found, axis))
        return scaled if node.attrs.get("n") is None else fitted(b, scaled, length(b, x, axis), axis)

    return transpose


def _filled(node: Node, n: object) -> Number:
    found = fill(n, node.inputs)
    assert isinstance(found, Value | int)
    return found


def transform(b: OpBuilder, name: str, x: Value, axis: int, norm: object, n: Number | None = None) -> Value:
    """A transform along one axis."""
    attrs: dict[str, object] = {} if n is None else {"n": Input(1) if isinstance(n, Value) else n}
    if axis != len(shape_of(x.type)) - 1:
        attrs["axis"] = axis
    if norm is not None:
        attrs["norm"] = norm
    return b.apply(name, (x, n) if isinstance(n, Value) else (x,), attrs)[0]


def _halves(b: OpBuilder, n: Number, like: Value, axis: int) -> Value:
    """How often each entry of half a spectrum stands in the whole, along an axis of `like`."""
    attrs: dict[str, object] = {} if dtype_of(like.type).itemsize == 16 else {"dtype": "float32"}
    attrs["n"] = Input(0) if isinstance(n, Value) else n
    weights = b.apply("halves", (n,) if isinstance(n, Value) else (), attrs)[0]
    ndim = len(shape_of(like.type))
    return weights if axis == ndim - 1 else b.op("expand_dims", weights, axis=tuple(range(1, ndim - axis)))


REAL = (
    "a(5)",
    "a(4), n=6",
    "a(6), n=5",
    "a(3, 4), axis=0, norm='ortho'",
    "a(4), norm='forward'",
    "a(4), n(3)",
)
CONVENTION = "Its cotangent is the same transform of the cotangent, without conjugation."
COMPLEX = (*REAL, "c(4)", "c(2, 3), n=4, axis=0")
WHOLE = (*COMPLEX, "c(3), n=3", "c(4), n=7", "c(2, 3), axis=0, norm='ortho'")


def _line(
    name: str, transpose: Transpose, types: TypeRule, doc: str, samples: tuple[str, ...], note: str = ""
) -> OpSpec:
    return linear(
        name,
        f"{FFT}{name} scipy.fft.{name}",
        "a, n=None, axis=-1, norm=None",
        transpose,
        types,
        doc,
        operands=("a",),
        refused_keywords=OUT,
        samples=samples,
        note=note,
    )


OPERATIONS = (
    _line("fft", _transposed, _plain_types, "Fourier transform.", COMPLEX, CONVENTION),
    _line("ifft", _transposed, _plain_types, "Inverse Fourier transform.", COMPLEX, CONVENTION),
    _line("rfft", _from_half("hfft"), _real_types, "Half the transform of real numbers.", REAL),
    _line("ihfft", _from_half("irfft"), _real_types, "Inverse of hfft.", REAL),
    _line(
        "irfft", _to_half("ihfft"), _whole_types, "The real numbers that half a transform belongs to.", WHOLE
    ),
    _line("hfft", _to_half("rfft"), _whole_types, "The transform of half a Hermitian signal.", WHOLE),
    custom(
        "fitted",
        "gradscribe.runtime.spectra.fitted",
        "x, n, axis",
        _fitted_vjp,
        push_first,
        _fitted_types,
        "Cut or padded with zeros to n entries along an axis.",
        why="linear",
        operands=("x",),
        samples=("a(4), 6, 0", "a(4), 3, 0", "c(2, 3), n(4), 1"),
    ),
    constant_almost_everywhere(
        "halves",
        "gradscribe.runtime.spectra.halves",
        "it has no float operand",
        "How often an entry of half a spectrum stands in the whole one.",
        signature="n, dtype='float64'",
        operands=(),
        types=_half_types,
        samples=("4", "n(5)", "5, dtype='float32'"),
    ),
)
