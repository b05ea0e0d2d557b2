"""What to write instead of functions that have no entry, where something near has one.

In:  a callable.   Out: the fix of the error, "" where there is none in particular.
Not here: the error (calls.py).
"""

from __future__ import annotations

from collections.abc import Mapping

IMPLICIT = (
    "state the implicit function theorem as a rule, as `your-own-operations.md` does with gs.custom_vjp"
)
NESTED = "nest scipy.integrate.quad: `quad(lambda x: quad(lambda y: f(y, x), c, d)[0], a, b)[0]`"
SPLINE = "use scipy.interpolate.CubicSpline or PchipInterpolator"
WINDOWS = "use np.lib.stride_tricks.sliding_window_view for windows, np.broadcast_to for repeated axes"
OUTSIDE = (
    "state rules outside of the function, at the top of the module; what they read can be their argument"
)
PLACES = "loop over the places: `for i in np.ndindex(x.shape): x[i] = ...`"
INSTEAD: Mapping[tuple[str, str], str] = {
    ("numpy", "nditer"): PLACES,
    ("numpy.lib.stride_tricks", "as_strided"): WINDOWS,
    **{
        ("scipy.optimize", name): "search with scipy.optimize.minimize or root, or " + IMPLICIT
        for name in (
            "leastsq",
            "differential_evolution",
            "basinhopping",
            "linprog",
        )
    },
    **{("scipy.integrate", name): NESTED for name in ("dblquad", "tplquad", "nquad")},
    **{
        ("gradscribe.extend", name): OUTSIDE
        for name in ("custom_vjp", "custom_jvp", "primitive", "nondifferentiable")
    },
    ("scipy.interpolate", "BarycentricInterpolator"): "use scipy.interpolate.KroghInterpolator",
    **{("scipy.interpolate", name): SPLINE for name in ("make_smoothing_spline", "LSQUnivariateSpline")},
}


def instead(target: object) -> str:
    """What to write instead of this callable."""
    module = getattr(target, "__module__", None) or ""
    name = getattr(target, "__name__", "")
    # The functions of SciPy say where they are defined, deeper than where users find them.
    found = (INSTEAD.get((package, name)) for package in (module, ".".join(module.split(".")[:2])))
    return next(filter(None, found), "")
