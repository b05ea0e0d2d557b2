"""scipy.fft: cosine and sine transforms.

Each is a real matrix: types 1 and 4 are symmetric, types 2 and 3 each other's transposes, but for the weights of
the first or last entry. With norm="ortho" they are orthogonal, and there are no weights.

In:  nothing.   Out: `OPERATIONS`.
Not here: Fourier transforms (fourier.py).
References: Strang, The discrete cosine transform, 1999; Martucci, Symmetric convolution and the discrete sine and
cosine transforms, 1994.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.slices import counted, length, turned
from gradscribe.ops.spec import OpSpec, Spelling, Transpose

Attrs = Mapping[str, object]
FFT = "scipy.fft."
TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
SPEED = "it has no influence on the result"
REFUSED = {
    "n": "cut or pad the array yourself",
    "overwrite_x": "arguments are kept",
    "workers": SPEED,
    "orthogonalize": "it is what the norm says",
}


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (x,) = numbers(types)
    kept = x.dtype.kind in "fc" and x.dtype.itemsize <= 16
    return (ArrayType(x.dtype if kept else np.dtype(np.float64), shape_of(x)),)


def _transposed(name: str) -> Transpose:
    """The transpose of a transform along one axis."""

    def transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
        kind, norm = node.attrs.get("type", 2), node.attrs.get("norm")
        axis = one_axis(node.attrs.get("axis", -1), len(shape_of(ct.type)))
        other = TRANSPOSED[int(str(kind))]
        # The inverse of type 2 is made of the matrix of type 3.
        matrix = TRANSPOSED[other] if name.startswith("i") else other
        weighted = norm != "ortho" and _is_weighted(name, matrix)
        if weighted and matrix != 2:
            ct = _weighted(b, name, ct, axis, matrix)
        attrs: dict[str, Any] = {"type": other, "axis": axis}
        if norm is not None:
            attrs["norm"] = norm
        found = b.op(name, ct, **attrs)
        if weighted and matrix != 3:
            found = _weighted(b, name, found, axis, matrix, outside=True)
        return found

    return transpose


def _is_weighted(name: str, kind: int) -> bool:
    """Whether some entries of the transform count once where the others count twice."""
    return kind in (2, 3) or (kind == 1 and name in ("dct", "idct"))


def _weighted(b: OpBuilder, name: str, x: Value, axis: int, kind: int, *, outside: bool = False) -> Value:
    """Entries at the ends, twice before and half as much after the transform."""
    index = counted(b, x, axis)
    last = b.op("eq", index, b.op("sub", length(b, x, axis), 1))
    ends = b.op("eq", index, 0) if name in ("dct", "idct") else last
    ends = b.op("logical_or", ends, last) if kind == 1 else ends
    weights = b.op("where", ends, 0.5 if outside else 2.0, 1.0)
    return b.op("mul", x, turned(b, weights, axis, len(shape_of(x.type))))


def _several(name: str) -> Body:
    """One axis after the other."""

    def body(b: OpBuilder, x: Value, type: int = 2, axes: object = None, norm: str | None = None) -> Value:
        ndim = len(shape_of(x.type))
        chosen = axes if isinstance(axes, tuple | list) else range(ndim) if axes is None else (axes,)
        for axis in chosen:
            attrs: dict[str, Any] = {"type": type, "axis": one_axis(axis, ndim)}
            if norm is not None:
                attrs["norm"] = norm
            x = b.op(name, x, **attrs)
        return x

    return body


LINES = (
    "a(5)",
    "a(4), 1",
    "a(4), 3, norm='ortho'",
    "a(3, 4), axis=0",
    "a(5), 4",
    "a(4), 3",
    "a(4), 2, norm='forward'",
    "a(4), 1, norm='ortho'",
    "a(3, 4), 3, axis=0, norm='forward'",
    "c(4)",
)
PLANES = ("a(3, 4)", "a(3, 4), 3, norm='ortho'", "a(2, 3, 4), axes=(0, 2)", "a(3, 4), 1")


def _pair(name: str, doc: str) -> tuple[OpSpec, OpSpec]:
    line = linear(
        name,
        FFT + name,
        "x, type=2, axis=-1, norm=None",
        _transposed(name),
        _types,
        doc,
        operands=("x",),
        refused_keywords=REFUSED,
        options={"type": tuple(TRANSPOSED)},
        samples=LINES,
    )
    several = composite(
        f"{name}n",
        f"{FFT}{name}n",
        "x, type=2, axes=None, norm=None",
        _several(name),
        f"{doc[:-1]} along several axes.",
        why="made of transforms along one axis",
        operands=("x",),
        types=_types,
        refused_keywords={**REFUSED, "s": "cut or pad the array yourself"},
        options={"type": tuple(TRANSPOSED)},
        samples=PLANES,
    )
    return line, several


OPERATIONS = (
    *_pair("dct", "Cosine transform."),
    *_pair("idct", "Inverse cosine transform."),
    *_pair("dst", "Sine transform."),
    *_pair("idst", "Inverse sine transform."),
)
