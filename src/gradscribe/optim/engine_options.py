"""Which options the engines of SciPy have.

Those that set how derivatives are approximated are left out: derivatives are derived.

In:  the name of a method.   Out: the names of its options.
Not here: checking what a user passes (limits.py).
"""

from __future__ import annotations

_TRUST = ("initial_trust_radius", "max_trust_radius", "eta", "gtol", "maxiter", "disp")
_NONLINEAR = (
    "nit", "maxiter", "ftol", "fatol", "xtol", "xatol", "tol_norm", "line_search", "jac_options", "disp",
)  # fmt: skip

OF_MINIMIZE: dict[str, tuple[str, ...]] = {
    "Nelder-Mead": ("maxiter", "maxfev", "xatol", "fatol", "adaptive", "initial_simplex", "disp"),
    "Powell": ("maxiter", "maxfev", "xtol", "ftol", "direc", "disp"),
    "COBYLA": ("maxiter", "rhobeg", "catol", "f_target", "disp"),
    "COBYQA": (
        "maxiter", "maxfev", "f_target", "feasibility_tol", "initial_tr_radius", "final_tr_radius", "scale",
        "disp",
    ),
    "CG": ("maxiter", "gtol", "norm", "c1", "c2", "disp"),
    "BFGS": ("maxiter", "gtol", "norm", "xrtol", "c1", "c2", "hess_inv0", "disp"),
    "L-BFGS-B": ("maxiter", "maxfun", "maxcor", "maxls", "ftol", "gtol", "disp"),
    "TNC": (
        "maxfun", "ftol", "xtol", "gtol", "scale", "offset", "maxCGit", "eta", "stepmx", "accuracy", "minfev",
        "rescale", "disp",
    ),
    "SLSQP": ("maxiter", "ftol", "disp"),
    "Newton-CG": ("maxiter", "xtol", "c1", "c2", "disp"),
    "trust-ncg": _TRUST,
    "trust-krylov": ("inexact", *_TRUST),
    "trust-constr": (
        "maxiter", "gtol", "xtol", "barrier_tol", "sparse_jacobian", "initial_tr_radius",
        "initial_constr_penalty", "initial_barrier_parameter", "initial_barrier_tolerance",
        "factorization_method", "verbose", "disp",
    ),
    "dogleg": _TRUST,
    "trust-exact": _TRUST,
}  # fmt: skip

OF_ROOT: dict[str, tuple[str, ...]] = {
    "hybr": ("maxfev", "xtol", "factor", "diag", "col_deriv"),
    "lm": ("maxiter", "ftol", "xtol", "gtol", "factor", "diag", "col_deriv"),
    **dict.fromkeys(
        ("broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden", "excitingmixing", "krylov"),
        _NONLINEAR,
    ),
    "df-sane": (
        "maxfev", "ftol", "fatol", "fnorm", "sigma_eps", "sigma_0", "M", "line_search", "eta_strategy", "disp",
    ),
}  # fmt: skip
