"""scipy.optimize: roots and minima of functions of the user's.

The function is a graph, which SciPy calls; what it reads besides its variable are inputs of the node, handed on as
`args`. Where F(x, p) = 0 defines x, the implicit function theorem gives dx = -(∂F/∂x)⁻¹ ∂F/∂p dp; at a minimum of
f, F is its gradient. Where the search begins has no influence on x, so nothing passes through it.

In:  nothing.   Out: `OPERATIONS`, `RootParts`.
Not here: making the graph (frontend/roots.py), the derivative (ad/roots.py).
References: Griewank & Walther, Evaluating Derivatives, 2nd ed., section 15.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Node, Value
from gradscribe.ops.declare import custom, derived, elementwise, refused
from gradscribe.ops.promotion import stated_results
from gradscribe.ops.spec import Domain, OpSpec

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.roots."
WHY = "the implicit function theorem"
NOTE = (
    "The derivative is that of the exact root, taken where the search ended: it is as accurate as the root. At a "
    "multiple root there is none: NumPy warns of the division by zero, or raises LinAlgError."
)
NOTE_OF_MINIMA = (
    "The derivative is that of the exact minimum, where the gradient is zero, taken where the search ended: ask "
    "for a tolerance as small as the accuracy that you need. That of `fun` is ∂f/∂p there."
)

# Operation -> the parameter that takes the function.
FUNCTION: Mapping[str, str] = {
    **{name: "f" for name in ("brentq", "brenth", "ridder", "bisect", "toms748", "root_scalar")},
    **{name: "func" for name in ("newton", "fsolve", "fixed_point")},
    **{name: "fun" for name in ("root", "minimize", "minimize_scalar", "affine_root")},
    **{name: "fun" for name in ("least_squares", "fitted_curve")},
}
MINIMA = frozenset({"minimize", "minimize_scalar"})
# The function gives residuals, half the sum of whose squares is least.
SQUARES = frozenset({"least_squares", "fitted_curve"})
# Functions that the search may use, and the derivative does not need.
HELPING = ("fprime", "fprime2", "jac")


@dataclass(frozen=True)
class RootParts:
    """The parts of a node.

    Attributes:
        function: the graph.
        reads: what it reads besides its variable.
    """

    function: str
    reads: tuple[Value, ...]

    @staticmethod
    def of(node: Node) -> RootParts:
        """Read them off the node: what is read stands last."""
        function, args = node.attrs[FUNCTION[node.op.name]], node.attrs.get("args", ())
        assert isinstance(function, GraphReference) and isinstance(args, tuple)
        return RootParts(function.name, node.inputs[len(node.inputs) - len(args) :])


def is_root(node: Node) -> bool:
    """Whether the node searches for a root or minimum of a graph."""
    return node.op.name in FUNCTION


def _applied_elsewhere(*_: object) -> NoReturn:
    raise AssertionError("ad/roots.py differentiates roots")


RECORD = "the record of the search has no derivative: use root_scalar"
BRACKETED = "f, a, b, args=(), *, xtol=2e-12, rtol=8.881784197001252e-16, maxiter=100, disp=True"
CONSTRAINED = "where a bound is reached the gradient is not zero: gs.optim.minimize takes bounds, outside"


def _search(
    name: str,
    signature: str,
    doc: str,
    refused_keywords: Mapping[str, str],
    *,
    note: str = NOTE,
    wrapped: bool = False,
    only_wrapped: bool = False,
    **fields: Any,
) -> OpSpec:
    spellings = f"scipy.optimize.{name}"
    if wrapped:
        spellings = f"{RUNTIME}{name} {spellings}"
    if only_wrapped:
        spellings = f"{RUNTIME}{name}"
    return custom(
        name,
        spellings,
        signature,
        _applied_elsewhere,
        _applied_elsewhere,
        stated_results,
        doc,
        why=WHY,
        operands=(),
        variadic="args",
        refused_keywords=refused_keywords,
        note=note,
        **fields,
    )


OPERATIONS = (
    *(
        _search(name, BRACKETED, "Root in an interval.", {"full_output": RECORD})
        for name in ("brentq", "brenth", "ridder", "bisect")
    ),
    _search(
        "toms748",
        BRACKETED.replace("*,", "*, k=1,"),
        "Root in an interval.",
        {"full_output": RECORD},
    ),
    _search(
        "newton",
        "func, x0, fprime=None, args=(), *, tol=1.48e-08, maxiter=50, fprime2=None, x1=None, rtol=0.0, disp=True",
        "Root near a number; of each equation near the elements of an array.",
        {"full_output": RECORD},
    ),
    _search(
        "root_scalar",
        "f, *, args=(), method=None, bracket=None, fprime=None, fprime2=None, x0=None, x1=None, xtol=None, "
        "rtol=None, maxiter=None, options=None",
        "Root of one equation: `root`, `converged`, `iterations` and `function_calls` of the result.",
        {},
        wrapped=True,
    ),
    _search(
        "fsolve",
        "func, x0, *, args=(), fprime=None, col_deriv=0, xtol=1.49012e-08, maxfev=0, band=None, epsfcn=None, "
        "factor=100, diag=None",
        "Root of a system of equations.",
        {"full_output": "the record of the search has no derivative: use root"},
    ),
    _search(
        "root",
        "fun, x0, *, args=(), method='hybr', jac=None, tol=None, options=None",
        "Root of a system of equations: `x`, `success` and `fun` of the result.",
        {"callback": "it is called as often as the search likes"},
        wrapped=True,
    ),
    _search(
        "fixed_point",
        "func, x0, *, args=(), xtol=1e-08, maxiter=500, method='del2'",
        "Point that a function maps to itself.",
        {},
    ),
    _search(
        "minimize_scalar",
        "fun, *, bracket=None, bounds=None, args=(), method=None, tol=None, options=None",
        "Minimum of a function of one variable: `x`, `fun` and `success` of the result.",
        {},
        note=NOTE_OF_MINIMA + " A minimum at a bound is a ValueError when it is differentiated.",
        wrapped=True,
    ),
    _search(
        "minimize",
        "fun, x0, *, args=(), method=None, jac=None, tol=None, options=None",
        "Minimum of a function of a vector: `x`, `fun` and `success` of the result.",
        {
            "bounds": CONSTRAINED,
            "constraints": CONSTRAINED,
            "hess": "leave it out: the search does without",
            "hessp": "leave it out: the search does without",
            "callback": "it is called as often as the search likes",
        },
        note=NOTE_OF_MINIMA,
        wrapped=True,
    ),
    _search(
        "least_squares",
        "fun, x0, jac='2-point', *, method='trf', ftol=1e-08, xtol=1e-08, gtol=1e-08, x_scale=None, "
        "loss='linear', diff_step=None, tr_solver=None, max_nfev=None, args=()",
        "Least sum of squares of a function of a vector: `x`, `cost` and `success` of the result.",
        {
            "bounds": CONSTRAINED,
            "f_scale": "it belongs to other losses",
            "kwargs": "bind them to the function",
            "callback": "it is called as often as the search likes",
            "tr_options": "leave it out: it has no influence on the minimum",
            "jac_sparsity": "leave it out: it has no influence on the minimum",
            "workers": "leave it out: it has no influence on the minimum",
            "verbose": "leave it out: it has no influence on the minimum",
        },
        note=NOTE_OF_MINIMA.replace("`fun` is ∂f/∂p", "`cost` is that of the sum"),
        wrapped=True,
        options={"loss": ("linear",)},
    ),
    custom(
        "curve_fit",
        "scipy.optimize.curve_fit",
        "f, xdata, ydata, p0=None, sigma=None, absolute_sigma=False, *, method=None, ftol=None, xtol=None, "
        "gtol=None, maxfev=None, check_finite=None",
        _applied_elsewhere,
        _applied_elsewhere,
        stated_results,
        "Least squares fit of a curve: the parameters, by all that the residuals are made of.",
        why=WHY,
        operands=(),
        refused_keywords={
            "bounds": CONSTRAINED,
            "jac": "leave it out: the search does without",
            "full_output": RECORD,
            "nan_policy": "leave out what is nan before",
        },
        note="How the covariance of the parameters moves is not followed.",
    ),
    _search(
        "fitted_curve",
        "fun, x0, *, args=(), absolute_sigma=False, method=None, ftol=None, xtol=None, gtol=None, "
        "maxfev=None",
        "What `curve_fit` calls.",
        {},
        only_wrapped=True,
    ),
    refused(
        "covariance_of_fit",
        f"{RUNTIME}covariance_of_fit",
        "popt, pcov",
        lambda types, attrs, spelling: (types[1],),
        "Covariance of the parameters of a fit.",
        why="how the covariance of a fit moves with its data is not followed",
        fix="write it out: residuals' variance times np.linalg.inv(J.T @ J)",
        backend=Domain.OPAQUE,
        known_as="the covariance of scipy.optimize.curve_fit",
        samples=("a(2), a(2, 2)",),
    ),
    elementwise(
        "inside_bounds",
        f"{RUNTIME}inside_bounds",
        derived("curvature"),
        "The curvature at a minimum that is not at a bound.",
        constant={name: "it is looked at only" for name in ("slope", "low", "high")},
        signature="curvature, slope, low, high",
        formula="curvature",
        hard_points={"curvature": (-1e300, 5e-324, 2.0), "slope": (0.0,), "low": (-1.0,), "high": (1.0,)},
        types=lambda types, attrs, spelling: (types[0],),
        refused_keywords={},
        backend=Domain.OPAQUE,
    ),
    custom(
        "affine_root",
        f"{RUNTIME}affine_root",
        "fun, like, *, args=()",
        _applied_elsewhere,
        _applied_elsewhere,
        stated_results,
        "Root of an affine function: it solves the linear systems of the implicit function theorem.",
        why=WHY,
        operands=(),
        variadic="args",
    ),
)
