"""Tapers: the window functions of NumPy.

In:  nothing.   Out: `OPERATIONS`.
Not here: windows of an array (windows.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import at_least_zero
from gradscribe.ir.types import ArrayType, Type
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.shapes import int_length
from gradscribe.ops.spec import Domain, Spelling

Attrs = Mapping[str, object]
FLOAT = np.dtype(np.float64)


def _types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(FLOAT, (at_least_zero(int_length(attrs["M"], types)),)),)


def _kaiser(b: OpBuilder, beta: Value, M: int | Value) -> Value:
    """I0(beta sqrt(1 - t^2)) / I0(beta), where t goes from -1 to 1, and is 0 for one point alone."""
    count = M if isinstance(M, Value) else b.constant(M)
    last = b.op("sub", count, 1)
    doubled = b.op("mul", 2.0, b.apply("arange", (count,), {"start": Input(0)})[0])
    places = b.op("div", b.op("sub", doubled, last), b.op("maximum", last, 1))
    heights = b.op("sqrt", b.op("sub", 1.0, b.op("square", places)))
    return b.op("div", b.op("numpy_i0", b.op("mul", beta, heights)), b.op("numpy_i0", beta))


OPERATIONS = (
    *(
        constant_almost_everywhere(
            name,
            f"numpy.{name}",
            "it has no float operand",
            f"The {maker} window.",
            signature="M",
            operands=(),
            types=_types,
            backend=Domain.OPAQUE,
            samples=("5", "n(4)", "1"),
        )
        for name, maker in (
            ("bartlett", "Bartlett"),
            ("blackman", "Blackman"),
            ("hamming", "Hamming"),
            ("hanning", "Hann"),
        )
    ),
    composite(
        "kaiser",
        "numpy.kaiser",
        "M, beta",
        _kaiser,
        "The Kaiser window.",
        types=_types,
        operands=("beta",),
        why="a quotient of Bessel functions; with one point it is 1",
        backend=Domain.OPAQUE,
        samples=("5, f()", "n(4), s()"),
    ),
)
