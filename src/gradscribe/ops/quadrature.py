"""scipy.integrate: integrals of samples.

In:  nothing.   Out: `OPERATIONS`.
Not here: the trapezoidal rule, which NumPy has too (calculus.py).
References: Cartwright, Simpson's rule cumulative integration with MS Excel, 2017 (even numbers of samples).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import number_type
from gradscribe.ops.slices import along, joined, length, turned
from gradscribe.ops.spec import Domain, Spelling, Unsupported

Attrs = Mapping[str, object]
INTEGRATE = "scipy.integrate."


def _cumulative(
    b: OpBuilder,
    /,
    y: Value,
    x: Value | None = None,
    dx: Value | Number = 1.0,
    axis: int = -1,
    initial: object = None,
) -> Value:
    """Running sums of means times steps."""
    ndim = len(shape_of(y.type))
    place = one_axis(axis, ndim)
    steps: Value | Number = dx
    if x is not None:
        steps = b.op("diff", x) if len(shape_of(x.type)) == 1 else b.op("diff", x, axis=place)
        steps = turned(b, steps, place, ndim) if len(shape_of(steps.type)) == 1 else steps
    heights = b.op("add", along(b, y, place, 1), along(b, y, place, None, -1))
    found = b.op("cumsum", b.op("div", b.op("mul", steps, heights), 2.0), axis=place)
    if initial is None:
        return found
    if type(initial) not in (int, float) or initial != 0:
        raise Unsupported(f"initial={initial!r}", "pass initial=0, or None")
    return joined(b, [b.op("zeros_like", along(b, y, place, None, 1)), found], place)


def _simpson(b: OpBuilder, /, y: Value, dx: Value | Number = 1.0, axis: int = -1) -> Value:
    """A sum with weights that depend on the number of samples alone."""
    ndim = len(shape_of(y.type))
    place = one_axis(axis, ndim)
    weights = b.op("simpson_weights", length(b, y, place))
    weighted = b.op("mul", turned(b, weights, place, ndim), y)
    return b.op("mul", dx, b.op("sum", weighted, axis=place))


def _weight_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    count = getattr(types[0], "length", None)
    if count is None:
        raise Unsupported("a number of samples that is not known as a length", "pass an array")
    return (ArrayType(np.dtype(np.float64), (count,)),)


def _simpson_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    shape = list(shape_of(types[0]))
    axis = attrs.get("axis", -1)
    assert isinstance(axis, int)
    del shape[one_axis(axis, len(shape))]
    # In single precision, SciPy's result is double for an even number of samples.
    if dtype_of(types[0]) != np.dtype(np.float64):
        raise Unsupported("simpson of other than double precision", "convert y with .astype(float)")
    return (number_type(np.dtype(np.float64), tuple(shape)),)


OPERATIONS = (
    composite(
        "cumulative_trapezoid",
        INTEGRATE + "cumulative_trapezoid",
        "y, x=None, dx=1.0, axis=-1, initial=None",
        _cumulative,
        "Running integral by the trapezoidal rule.",
        why="a running sum of means times steps",
        operands=("y", "x", "dx"),
        samples=(
            "a(5)",
            "a(5), a(5)",
            "a(2, 5), dx=0.5, initial=0",
            "a(5, 2), a(5), axis=0",
            "a(4), dx=f()",
        ),
    ),
    composite(
        "simpson",
        INTEGRATE + "simpson",
        "y, *, dx=1.0, axis=-1",
        _simpson,
        "Integral by Simpson's rule over even steps.",
        why="a weighted sum",
        types=_simpson_types,
        operands=("y", "dx"),
        refused_keywords={"x": "uneven steps are not supported yet; use trapezoid"},
        samples=("a(5)", "a(4)", "a(2)", "a(3, 6), dx=0.5", "a(5, 2), axis=0", "a(7), dx=f()"),
    ),
    constant_almost_everywhere(
        "simpson_weights",
        "gradscribe.runtime.quadrature.simpson_weights",
        "its result depends on a number of samples",
        "Weights of Simpson's rule.",
        signature="n",
        types=_weight_types,
        backend=Domain.OPAQUE,
        samples=("n(5)", "n(4)", "n(2)"),
    ),
)
