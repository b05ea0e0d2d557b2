"""Functions of libraries that take a function of the user's, or give one, by their entry.

In:  nothing.   Out: `TAKING_FUNCTIONS`.
Not here: what they do with it (integrals.py, trajectories.py, splines.py), functions of NumPy (written_out.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.fits import call_curve_fit
from gradscribe.frontend.integrals import call_integral
from gradscribe.frontend.roots import call_root
from gradscribe.frontend.splines import call_grid, make_grid, make_interpolant, make_spline
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.trajectories import call_odeint, call_solve_ivp
from gradscribe.frontend.values import Abstract
from gradscribe.ops.interpolants import EVALUATED
from gradscribe.ops.roots import FUNCTION
from gradscribe.ops.spec import OpSpec, Spelling

Taking = Callable[
    [Lowering, cst.CSTNode, OpSpec, Spelling, Sequence[Abstract], Mapping[str, Abstract]], Abstract
]
TAKING_FUNCTIONS: Mapping[str, Taking] = {
    "quad": call_integral,
    "quad_vec": call_integral,
    "trajectory": call_solve_ivp,
    "odeint": call_odeint,
    **{name: call_root for name in FUNCTION if name != "affine_root"},
    "curve_fit": call_curve_fit,
    "CubicSpline": make_spline,
    "PchipInterpolator": make_spline,
    **{name: make_interpolant for name in EVALUATED},
    "RegularGridInterpolator": make_grid,
    "grid_interpolation": call_grid,
}
