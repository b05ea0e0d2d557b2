"""scipy.interpolate: interpolants that are made and evaluated in one operation.

In:  nothing.   Out: `OPERATIONS`, `EVALUATED`.
Not here: their models (written/interpolants.py), the classes that users name (interpolators.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradscribe.ops.composite import modelled, written_out
from gradscribe.ops.options import Kind, Options
from gradscribe.ops.piece_methods import METHODS as PIECE_METHODS
from gradscribe.ops.spec import OpSpec
from gradscribe.ops.written import interpolants as model
from gradscribe.runtime import interpolants as runtime

POINTS = "array([0.0, 0.6, 1.1, 2.0, 2.7, 3.3]), a(6)"
PLACES = "array([0.3, 0.9, 2.2])"
KNOTS = "constant([0.0, 0.0, 0.0, 0.0, 1.1, 2.0, 3.3, 3.3, 3.3, 3.3])"

KINDS = (
    *("linear", "slinear", "quadratic", "cubic", "zero", "previous", "next", "nearest", "nearest-up"),
    *(0, 1, 2, 3),
)
OUTSIDE = ("extrapolate", None, Kind.NUMBERS)
SMOOTHED = (0, 0.0)
WIDTHS = ("scott", "silverman", None, Kind.NUMBER)
DEGREES = (1, 2, 3, 4, 5)
ORDERS = (0, *DEGREES)
LOW_ORDERS = (0, 1, 2, 3)

# The class that users name, and the function that stands for an object of it, before it is called.
EVALUATED: Mapping[str, Callable[..., Any]] = {
    "interp1d": runtime.interp1d,
    "make_interp_spline": runtime.interp_spline,
    "BSpline": runtime.b_spline,
    "Akima1DInterpolator": runtime.akima,
    "CubicHermiteSpline": runtime.hermite,
    "KroghInterpolator": runtime.krogh,
    "UnivariateSpline": runtime.univariate,
    "InterpolatedUnivariateSpline": runtime.interpolated_univariate,
    "gaussian_kde": runtime.kde,
}

# Methods of such objects.
METHODS: Mapping[Callable[..., Any], Mapping[str, Callable[..., Any]]] = {
    runtime.kde: {"evaluate": runtime.kde, "pdf": runtime.kde, "logpdf": runtime.kde_log},
    **PIECE_METHODS,
}


def _evaluated(
    function: Callable[..., Any], signature: str, doc: str, options: Options, *samples: str
) -> OpSpec:
    name = function.__name__
    users = USERS.get(name) or next(user for user, made in EVALUATED.items() if made.__name__ == name)
    return modelled(
        f"evaluated_{name}",
        f"gradscribe.runtime.interpolants.{name}",
        signature,
        function,
        doc,
        why="its formula, by points, values and places",
        options=options,
        known_as=users if "." in users else f"scipy.interpolate.{users}",
        samples=samples,
    )


USERS = {
    "spline_representation": "splrep",
    "spline_values": "splev",
    "kde": "scipy.stats.gaussian_kde",
    "kde_log": "scipy.stats.gaussian_kde",
}
SAMPLES = (
    "a(7), array([0.2, 0.9])",
    "a(7), 0.3 + 0.1 * f().value",
    "a(2, 8), a(2, 3), bw_method='silverman'",
    "a(2, 8), a(2), bw_method=0.6",
    "a(7), array([0.2, 0.9]), weights=2.0 + a(7)",
)
OPERATIONS = (
    _evaluated(
        model.interp1d,
        "x, y, xi, *, kind='linear', bounds_error=None, fill_value=None",
        "Interpolation of one variable.",
        {"kind": KINDS, "fill_value": OUTSIDE},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, 0.7 + 0.1 * f().value",
        f"{POINTS}, {PLACES}, kind='cubic'",
        f"{POINTS}, {PLACES}, kind='quadratic'",
        f"{POINTS}, array([0.2, 0.9, 2.2]), kind='nearest'",
        f"{POINTS}, array([0.2, 0.9, 2.2]), kind='nearest-up'",
        f"{POINTS}, {PLACES}, kind='previous'",
        f"{POINTS}, {PLACES}, kind='next'",
        f"{POINTS}, {PLACES}, kind=2",
        f"{POINTS}, array([-0.3, 0.9, 3.9]), fill_value='extrapolate'",
        f"{POINTS}, array([-0.3, 0.9, 3.9]), bounds_error=False, fill_value=0.5",
        f"{POINTS}, array([-0.3, 0.9, 3.9]), bounds_error=False, fill_value=(f(), 0.5)",
    ),
    _evaluated(
        model.interp_spline,
        "x, y, xi, nu=0, *, k=3",
        "Spline through points.",
        {"nu": ORDERS, "k": DEGREES},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, {PLACES}, 1, k=3",
        f"{POINTS}, {PLACES}, k=2",
        f"{POINTS}, {PLACES}, k=5",
        f"{POINTS}, {PLACES}, 3, k=2",
        f"{POINTS}, array(1.3), k=1",
        f"{POINTS[:-4]}a(6, 2), {PLACES}",
    ),
    _evaluated(
        model.b_spline,
        "t, c, k, xi, nu=0",
        "B-spline.",
        {"nu": ORDERS},
        f"{KNOTS}, a(6), 3, {PLACES}",
        f"{KNOTS}, a(6), 3, {PLACES}, 2",
        f"constant([0.0, 0.0, 0.0, 1.1, 2.0, 3.3, 3.3, 3.3]), a(5, 2), 2, {PLACES}",
    ),
    _evaluated(
        model.akima,
        "x, y, xi, nu=0",
        "Akima's cubics through points.",
        {"nu": ORDERS},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, {PLACES}, 1",
        f"{POINTS}, {PLACES}, 2",
    ),
    _evaluated(
        model.hermite,
        "x, y, dydx, xi, nu=0",
        "Cubics with given slopes.",
        {"nu": ORDERS},
        f"{POINTS}, a(6), {PLACES}",
        f"{POINTS}, a(6), {PLACES}, 2",
    ),
    _evaluated(
        model.krogh,
        "x, y, xi",
        "Polynomial through points.",
        {},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, 0.7 + 0.1 * f().value",
    ),
    _evaluated(
        model.univariate,
        "x, y, xi, nu=0, *, k=3, s=0",
        "Spline through points.",
        {"nu": LOW_ORDERS, "k": DEGREES, "s": SMOOTHED},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, {PLACES}, 1, k=2",
    ),
    _evaluated(
        model.interpolated_univariate,
        "x, y, xi, nu=0, *, k=3",
        "Spline through points.",
        {"nu": LOW_ORDERS, "k": DEGREES},
        f"{POINTS}, {PLACES}",
        f"{POINTS}, {PLACES}, 1, k=4",
    ),
    _evaluated(
        model.spline_representation,
        "x, y, k=3",
        "Knots and coefficients of a spline through points.",
        {"k": DEGREES},
        f"{POINTS}",
        f"{POINTS}, 2",
    ),
    _evaluated(
        model.spline_values,
        "t, c, k, xi, der=0",
        "Values of a spline.",
        {"der": LOW_ORDERS},
        f"{KNOTS}, a(10), 3, {PLACES}",
        f"{KNOTS}, a(10), 3, {PLACES}, 2",
    ),
    _evaluated(
        model.kde,
        "dataset, points, *, bw_method=None, weights=None",
        "Kernel density.",
        {"bw_method": WIDTHS},
        *SAMPLES,
    ),
    _evaluated(
        model.kde_log,
        "dataset, points, *, bw_method=None, weights=None",
        "Its logarithm.",
        {"bw_method": WIDTHS},
        *SAMPLES,
    ),
    written_out(
        "splrep",
        "scipy.interpolate.splrep",
        model.splrep,
        "Knots, coefficients and degree of a spline through points.",
        options={"k": DEGREES, "s": (None, *SMOOTHED)},
        refused_keywords={
            **dict.fromkeys(("w", "xb", "xe", "task", "t"), "the points count alike, and choose the knots"),
            "per": "periodic splines are not supported",
            **dict.fromkeys(("full_output", "quiet"), "only the spline is returned"),
        },
        samples=(POINTS,),
    ),
    written_out(
        "splev",
        "scipy.interpolate.splev",
        model.splev,
        "Values of a spline.",
        options={"der": LOW_ORDERS, "ext": (0,)},
        samples=(f"{PLACES}, ({KNOTS}, a(10), 3)",),
    ),
    written_out("interpn", "scipy.interpolate.interpn", model.interpn, "Interpolation on a regular grid."),
    written_out(
        "pchip_interpolate",
        "scipy.interpolate.pchip_interpolate",
        model.pchip_interpolate,
        "Monotone cubics through points.",
        options={"der": (0,)},
        refused_keywords={"axis": "values in a vector are taken"},
        samples=(f"{POINTS}, {PLACES}",),
    ),
)
