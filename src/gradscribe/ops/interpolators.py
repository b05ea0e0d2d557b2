"""scipy.interpolate and scipy.stats: classes whose objects are called with places.

In:  nothing.   Out: `OPERATIONS`: the classes, which are recognised and never become nodes.
Not here: those operations (splines.py, grids.py), recognising the objects (frontend/splines.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from gradscribe.ir.types import Type
from gradscribe.ops.declare import custom
from gradscribe.ops.interpolants import DEGREES, KINDS, OUTSIDE, SMOOTHED, WIDTHS
from gradscribe.ops.spec import OpSpec, Spelling


def _never_a_node(*_: object) -> NoReturn:
    raise AssertionError("frontend/splines.py puts other operations in place of the object")


def _no_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    _never_a_node()


def _class(
    name: str, signature: str, doc: str, note: str, *, module: str = "interpolate", **fields: Any
) -> OpSpec:
    return custom(
        name,
        f"scipy.{module}.{name}",
        signature,
        _never_a_node,
        _never_a_node,
        _no_types,
        doc,
        why="by its arguments and by the places where it is evaluated",
        operands=(),
        note=note,
        **fields,
    )


ONE_VECTOR = {"axis": "values in a vector are taken"}
OUTER_PIECES = {"extrapolate": "the outer pieces go on"}
FITTED = {
    **dict.fromkeys(("w", "bbox"), "the points count alike, and end the interval"),
    "ext": "the outer pieces go on",
}

OPERATIONS = (
    _class(
        "CubicSpline",
        "x, y, axis=0, bc_type='not-a-knot', extrapolate=None",
        "A cubic spline through points, to be called with places and the order of a derivative.",
        "By knots, values and places; not by values in `bc_type`. From 4 knots on (natural, clamped: 2); along "
        "the first axis. At a knot, the slope is that of the piece that begins there.",
    ),
    _class(
        "PchipInterpolator",
        "x, y, axis=0, extrapolate=None",
        "A monotone cubic through points, to be called with places and the order of a derivative.",
        "By knots, values and places, from 3 knots on; along the first axis.",
    ),
    _class(
        "RegularGridInterpolator",
        "points, values, method='linear', bounds_error=True, fill_value=float('nan')",
        "Interpolation on a regular grid, to be called with places.",
        "'linear' and 'nearest', by points, values and places. At a grid point, the slope is that of the cell "
        "that begins there.",
        refused_keywords=dict.fromkeys(
            ("solver", "solver_args"), "splines of several variables are not supported"
        ),
    ),
    _class(
        "interp1d",
        "x, y, kind='linear', *, bounds_error=None, fill_value=None",
        "Interpolation of one variable, to be called with places.",
        "Of values in a vector.",
        options={"kind": KINDS, "fill_value": OUTSIDE},
        refused_keywords={
            **ONE_VECTOR,
            **dict.fromkeys(("copy", "assume_sorted"), "the arguments are kept, and sorted"),
        },
    ),
    _class(
        "make_interp_spline",
        "x, y, k=3",
        "A spline through points, to be called with places and the order of a derivative.",
        "With the usual knots and conditions.",
        options={"k": DEGREES},
        refused_keywords={**ONE_VECTOR, **dict.fromkeys(("t", "bc_type"), "the usual ones are taken")},
    ),
    _class(
        "BSpline",
        "t, c, k",
        "A spline of knots and coefficients, to be called with places and the order of a derivative.",
        "",
        refused_keywords={**ONE_VECTOR, **OUTER_PIECES},
    ),
    _class(
        "Akima1DInterpolator",
        "x, y",
        "Akima's cubics, to be called with places and the order of a derivative.",
        "Of values in a vector.",
        refused_keywords={**ONE_VECTOR, **OUTER_PIECES, "method": "the usual one is taken"},
    ),
    _class(
        "CubicHermiteSpline",
        "x, y, dydx",
        "Cubics with given slopes, to be called with places and the order of a derivative.",
        "Of values in a vector.",
        refused_keywords={**ONE_VECTOR, **OUTER_PIECES},
    ),
    _class(
        "KroghInterpolator",
        "xi, yi",
        "A polynomial through points.",
        "Of values in a vector.",
        refused_keywords=ONE_VECTOR,
    ),
    _class(
        "UnivariateSpline",
        "x, y, *, k=3, s=None",
        "A spline through points, to be called with places and the order of a derivative.",
        "How a smoothing spline moves is not followed: pass s=0.",
        options={"k": DEGREES, "s": SMOOTHED},
        refused_keywords=FITTED,
    ),
    _class(
        "InterpolatedUnivariateSpline",
        "x, y, *, k=3",
        "A spline through points, to be called with places and the order of a derivative.",
        "",
        options={"k": DEGREES},
        refused_keywords=FITTED,
    ),
    _class(
        "gaussian_kde",
        "dataset, bw_method=None, weights=None",
        "A kernel density, to be called with points; `pdf`, `logpdf`.",
        "",
        module="stats",
        options={"bw_method": WIDTHS},
    ),
)
