"""Fourier transforms along several axes, and what goes with spectra: shifts and frequencies.

In:  nothing.   Out: `OPERATIONS`.
Not here: transforms along one axis (fourier.py), of which those of several are made, one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import constant_almost_everywhere, linear
from gradscribe.ops.fourier import FFT, OUT, Number, half, transform
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import int_length
from gradscribe.ops.spec import OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]


def _chosen(a: Value, s: object, axes: object) -> tuple[list[int], list[Number | None]]:
    """The axes of a transform in several dimensions, and the lengths asked for."""
    ndim = len(shape_of(a.type))
    lengths = list(s) if isinstance(s, tuple | list) else None
    if axes is None:
        chosen = list(range(ndim)) if lengths is None else list(range(ndim - len(lengths), ndim))
    else:
        given = axes if isinstance(axes, tuple | list) else (axes,)
        chosen = [all_axes((item,), ndim)[0] for item in given]
    if lengths is None:
        return chosen, [None] * len(chosen)
    if len(lengths) != len(chosen):
        raise Unsupported(f"{len(lengths)} lengths for {len(chosen)} axes", "pass one for each axis")
    return chosen, [None if item == -1 else item for item in lengths]


def _several(name: str) -> Body:
    """`fftn`, `ifftn`: one axis after the other, the last one first, as NumPy does."""

    def body(b: OpBuilder, a: Value, s: object = None, axes: object = None, norm: str | None = None) -> Value:
        if not shape_of(a.type):
            raise Unsupported("a transform of one number", "it is the number itself")
        for axis, n in reversed(list(zip(*_chosen(a, s, axes), strict=True))):
            a = transform(b, name, a, axis, norm, n)
        return a

    return body


def _rfftn(b: OpBuilder, a: Value, s: object = None, axes: object = None, norm: str | None = None) -> Value:
    chosen, lengths = _chosen(a, s, axes)
    a = transform(b, "rfft", a, chosen[-1], norm, lengths[-1])
    for axis, n in reversed(list(zip(chosen[:-1], lengths[:-1], strict=True))):
        a = transform(b, "fft", a, axis, norm, n)
    return a


def _irfftn(b: OpBuilder, a: Value, s: object = None, axes: object = None, norm: str | None = None) -> Value:
    chosen, lengths = _chosen(a, s, axes)
    for axis, n in zip(chosen[:-1], lengths[:-1], strict=True):
        a = transform(b, "ifft", a, axis, norm, n)
    return transform(b, "irfft", a, chosen[-1], norm, lengths[-1])


def _with_axes(body: Body) -> Body:
    """The form for two dimensions: the same over the last two axes."""

    def two(
        b: OpBuilder, a: Value, s: object = None, axes: object = (-2, -1), norm: str | None = None
    ) -> Value:
        return body(b, a, s, axes, norm)  # type: ignore[return-value]

    return two


def _shift_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    all_axes(attrs.get("axes"), len(shape_of(operand)))
    return (ArrayType(operand.dtype, shape_of(operand)),)


def _shift(name: str, inverse: str) -> OpSpec:
    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        attrs: dict[str, Any] = {"axes": node.attrs["axes"]} if "axes" in node.attrs else {}
        return b.op(inverse, ct, **attrs)

    return linear(
        name,
        f"{FFT}{name} scipy.fft.{name}",
        "x, axes=None",
        transpose,
        _shift_types,
        "The halves of a spectrum exchanged.",
        operands=("x",),
        samples=("a(5)", "a(4)", "a(3, 4)", "a(3, 4), axes=1", "c(2, 3), axes=(0, 1)"),
    )


def _frequencies(name: str, whole: bool) -> tuple[OpSpec, OpSpec]:
    def body(b: OpBuilder, n: Number, d: Value | float = 1.0) -> Value:
        if isinstance(n, Value):
            unit = b.apply(f"unit_{name}", (n,), {"n": Input(0)})[0]
        else:
            unit = b.op(f"unit_{name}", n=n)
        return b.op("div", unit, d)

    def types(given: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        n = int_length(attrs["n"], given)
        return (ArrayType(np.dtype(np.float64), (n if whole else half(n),)),)

    unit = constant_almost_everywhere(
        f"unit_{name}",
        f"gradscribe.runtime.spectra.unit_{name}",
        "it has no float operand",
        "Frequencies for a spacing of 1.",
        signature="n",
        operands=(),
        types=types,
        samples=("4", "n(5)"),
    )
    scaled = composite(
        name,
        f"{FFT}{name} scipy.fft.{name}",
        "n, d=1.0",
        body,
        "The frequencies of a transform.",
        why="proportional to 1 / d",
        operands=("d",),
        types=types,
        refused_keywords={"device": "only NumPy arrays are supported"},
        samples=("4", "5, d=f()", "n(6), s()"),
        domain={"d": (0.5, 2.0)},
    )
    return unit, scaled


PLANES = (
    "a(3, 4)",
    "a(2, 3, 4), axes=(0, 1)",
    "a(3, 4), s=(4, 3), axes=(0, 1)",
    "a(3, 4), norm='ortho'",
    "a(3, 4), axes=(1, 0)",
)


def _plane(name: str, body: Body, doc: str, samples: tuple[str, ...], axes: str = "None") -> OpSpec:
    return composite(
        name,
        f"{FFT}{name} scipy.fft.{name}",
        f"a, s=None, axes={axes}, norm=None",
        body,
        doc,
        why="made of transforms along one axis",
        operands=("a",),
        samples=samples,
        refused_keywords=OUT,
    )


OPERATIONS = (
    _plane("fftn", _several("fft"), "Fourier transform along several axes.", (*PLANES, "c(2, 3)")),
    _plane("ifftn", _several("ifft"), "Inverse Fourier transform along several axes.", (*PLANES, "c(2, 3)")),
    _plane("rfftn", _rfftn, "Half the Fourier transform of real numbers along several axes.", PLANES),
    _plane("irfftn", _irfftn, "Inverse of rfftn.", (*PLANES, "c(2, 3)")),
    *(
        _plane(name, _with_axes(body), doc, PLANES, "(-2, -1)")
        for name, body, doc in (
            ("fft2", _several("fft"), "Fourier transform in two dimensions."),
            ("ifft2", _several("ifft"), "Inverse Fourier transform in two dimensions."),
            ("rfft2", _rfftn, "Half the Fourier transform of real numbers in two dimensions."),
            ("irfft2", _irfftn, "Inverse of rfft2."),
        )
    ),
    _shift("fftshift", "ifftshift"),
    _shift("ifftshift", "fftshift"),
    *_frequencies("fftfreq", True),
    *_frequencies("rfftfreq", False),
)
