"""`minimize`: every engine of SciPy on nested parameters, with what it needs derived."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.optimize
from numpy.testing import assert_allclose

from gradscribe import optim
from gradscribe.errors import UsageError
from gradscribe.optim.constraints import Constraint
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.minimize import METHODS, minimize
from gradscribe.optim.objective import Objective


def valley(p, a):
    """Rosenbrock's function in three variables, and a parabola."""
    v = p["v"]
    return np.sum(a * (v[1:] - v[:-1] ** 2) ** 2 + (1.0 - v[:-1]) ** 2) + (p["n"][0] - 2.0) ** 2


def valley_by_hand(x, a):
    v, n = x[:3], x[3]
    d = np.zeros(4)
    d[1:3] += 2.0 * a * (v[1:] - v[:-1] ** 2)
    d[0:2] += -4.0 * a * v[:-1] * (v[1:] - v[:-1] ** 2) - 2.0 * (1.0 - v[:-1])
    d[3] = 2.0 * (n - 2.0)
    return d


def start():
    return {"v": np.array([1.0, 1.1, 1.2]), "n": (0.5,)}


# COBYLA crawls along the valley for thousands of evaluations.
@pytest.mark.parametrize("method", sorted(set(METHODS) - {"COBYLA"}))
def test_every_method_finds_the_minimum(method):
    params = start()
    options = {"Nelder-Mead": {"maxiter": 5000}, "TNC": {"maxfun": 5000, "ftol": 1e-14}}.get(method)
    result = minimize(valley, params, 5.0, method=method, tol=1e-8, options=options)
    assert_allclose(result.params["v"], 1.0, atol=2e-2 if METHODS[method].needs == "value" else 2e-3)
    assert abs(result.params["n"][0] - 2.0) < 1e-3
    assert type(result.params["n"]) is tuple
    assert type(result.params["n"][0]) is float
    assert result.value == valley(result.params, 5.0)
    assert result.history[0] == valley(start(), 5.0)
    assert len(result.history) == result.iterations + 1
    assert np.array_equal(params["v"], start()["v"]), "arguments are not modified"
    if METHODS[method].needs != "value":
        flat = np.array([*result.params["v"], *result.params["n"]])
        derived = np.array([*result.gradient["v"], *result.gradient["n"]])
        assert_allclose(derived, valley_by_hand(flat, 5.0), atol=1e-12)


def test_second_derivatives_are_those_of_the_loss():
    layout = Flattening.of(start())
    objective = Objective(valley, layout, (5.0,))
    x, v, h = np.array([0.3, -0.2, 1.1, 0.4]), np.array([1.0, 2.0, -1.0, 0.5]), 1e-5
    hessian = objective.hessian(x)
    ahead, behind = valley_by_hand(x + h * v, 5.0), valley_by_hand(x - h * v, 5.0)
    assert_allclose(hessian @ v, (ahead - behind) / (2.0 * h), rtol=1e-8)
    assert_allclose(objective.product(x, v), hessian @ v, rtol=1e-13)


def disc(p):
    return np.sum(p["v"] ** 2)


def tie(p):
    return p["v"][0] - p["n"][0]


@pytest.mark.parametrize("method", ["SLSQP", "trust-constr", "COBYLA"])
def test_constraints_with_derived_jacobians(method):
    if method == "COBYLA" and tuple(map(int, scipy.__version__.split(".")[:2])) < (1, 16):
        pytest.skip("this SciPy's COBYLA knows no equalities")
    constraints = [Constraint(disc, upper=1.0), Constraint(tie, 0.0, 0.0)]
    result = minimize(
        valley, start(), 5.0, method=method, constraints=constraints, lower={"v": 0.1}, tol=1e-8
    )
    by_hand = scipy.optimize.minimize(
        lambda x: valley({"v": x[:3], "n": (x[3],)}, 5.0),
        [1.0, 1.1, 1.2, 0.5],
        method="SLSQP",
        bounds=[(0.1, None)] * 3 + [(None, None)],
        constraints=[
            {"type": "ineq", "fun": lambda x: 1.0 - np.sum(x[:3] ** 2)},
            {"type": "eq", "fun": lambda x: x[0] - x[3]},
        ],
        tol=1e-12,
    )
    assert_allclose([*result.params["v"], *result.params["n"]], by_hand.x, atol=2e-5)
    assert disc(result.params) <= 1.0 + 1e-7
    assert abs(tie(result.params)) < 1e-7


def test_curvature_of_constraints_is_derived():
    seen = []

    def curve(p):
        return np.array([p["x"] ** 3 * p["y"], np.sin(p["y"])])

    from gradscribe.optim.constraints import scipy_constraints

    layout = Flattening.of({"x": 1.0, "y": 2.0})
    x = np.array([1.5, 0.3])
    (made,) = scipy_constraints(Constraint(curve, lower=np.array([0.0, -1.0])), layout, x, curved=True)
    assert_allclose(made.jac(x), [[3 * x[0] ** 2 * x[1], x[0] ** 3], [0.0, np.cos(x[1])]])
    w = np.array([2.0, -3.0])
    seen = made.hess(x, w) @ np.eye(2)
    cross = 2.0 * 3.0 * x[0] ** 2
    assert_allclose(seen, [[2.0 * 6.0 * x[0] * x[1], cross], [cross, 3.0 * np.sin(x[1])]])
    assert np.isposinf(made.ub).all()


def test_float32_parameters_stay_float32():
    params = {"w": np.array([3.0, -1.0], np.float32), "s": np.float32(2.0)}
    result = minimize(lambda p: np.sum((p["w"] - 1.0) ** 2) + p["s"] ** 2, params, method="BFGS")
    assert result.params["w"].dtype == np.float32
    assert type(result.params["s"]) is np.float32
    assert_allclose(result.params["w"], 1.0, atol=1e-3)


def test_callback_sees_parameters_and_stops_the_search():
    seen = []

    def callback(params, value):
        seen.append((params["v"].copy(), value))
        return len(seen) == 3

    result = minimize(valley, start(), 5.0, callback=callback)
    assert len(seen) == result.iterations == 3
    assert not result.converged
    assert result.reason == "the callback asked to stop"
    assert np.array_equal(result.params["v"], seen[-1][0])
    assert result.value == seen[-1][1] == result.history[-1]
    assert "did NOT converge" in str(result)


def test_not_converged_is_said():
    result = minimize(valley, start(), 5.0, method="CG", options={"maxiter": 2})
    assert not result.converged
    assert "iterations" in result.reason.lower()


@pytest.mark.parametrize(
    ("keywords", "code", "words"),
    [
        ({"method": "newton"}, "GS333", "trust-exact"),
        ({"method": "BFGS", "lower": 0.0}, "GS333", "takes no bounds"),
        ({"method": "L-BFGS-B", "constraints": Constraint(disc, upper=1.0)}, "GS333", "SLSQP"),
        ({"lower": {"v": 1.05}}, "GS334", "params['v'][0]"),
        ({"constraints": [Constraint(disc)]}, "GS334", "`disc` has no limit"),
        ({"constraints": [Constraint(disc, 2.0, 1.0)]}, "GS334", "above the upper"),
        ({"constraints": [Constraint(disc, np.zeros(3))]}, "GS334", "shape of its result"),
        ({"constraints": [{"type": "eq", "fun": disc}]}, "GS335", "gs.optim.Constraint"),
        ({"constraints": [Constraint(lambda p: (1.0, 2.0), 0.0)]}, "GS335", "returns a tuple"),
    ],
)
def test_what_cannot_be_done_is_refused(keywords, code, words):
    with pytest.raises(UsageError) as caught:
        minimize(valley, start(), 5.0, **keywords)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_losses_and_gradients_that_are_not_finite_are_named():
    with (
        pytest.raises(UsageError, match="the loss is nan, at the `params` given") as caught,
        np.errstate(all="ignore"),
    ):
        minimize(lambda p: np.log(p["s"]), {"s": np.float64(-1.0)})
    assert caught.value.code == "GS332"
    with pytest.raises(UsageError, match=r"`params\['s'\]\[1\]` is inf") as caught, np.errstate(all="ignore"):
        minimize(lambda p: np.sum(np.sqrt(p["s"])), {"s": np.array([1.0, 0.0])})
    assert caught.value.code == "GS332"


@pytest.mark.parametrize(
    "result", [lambda x: x, lambda x: np.array([x[0]]), lambda x: (x[0], x[1]), lambda x: 1j * x[0]]
)
def test_a_loss_is_one_real_number(result):
    with pytest.raises(UsageError) as caught:
        minimize(result, np.ones(2))
    assert caught.value.code == "GS310"


def test_fitting_again_compiles_nothing():
    from functools import wraps

    from gradscribe.optim.objective import derivative_of

    def loss(w, x):
        return np.sum((w - x) ** 2)

    @wraps(loss)
    def other(w, x):
        return 2.0 * loss(w, x)

    for x in (np.ones(3), np.arange(4.0)):
        minimize(loss, np.zeros(x.size), x)
    assert len(derivative_of(loss)._specialisations.compiled) == 1
    assert derivative_of(loss) is derivative_of(loss)
    assert derivative_of(other)(np.zeros(2), np.ones(2))[0] == 4.0
    assert derivative_of(loss)(np.zeros(2), np.ones(2))[0] == 2.0


@pytest.mark.parametrize("params", [{}, [], {"w": np.zeros((0, 2)), "v": None}])
def test_parameters_without_numbers_are_refused(params):
    for search in (optim.minimize, optim.least_squares, optim.root):
        with pytest.raises(UsageError, match="`params` holds no numbers") as caught:
            search(lambda p: 1.0, params)
        assert caught.value.code == "GS351"


def test_integers_are_refused_by_their_path():
    with pytest.raises(UsageError, match=r"`params\['v'\]` is int64, which cannot"):
        minimize(lambda p: np.sum(p["v"] ** 2), {"v": np.arange(3)})


def test_scipy_loads_when_needed_and_is_asked_for_by_the_name_of_the_extra():
    program = """
import sys
import gradscribe as gs
gs.optim.minimize
assert "scipy" not in sys.modules
sys.modules["scipy"] = None
try:
    gs.optim.minimize(lambda x: x * x, 1.0)
except gs.errors.UsageError as error:
    print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "GS331: minimize needs scipy, which is not installed" in run.stdout, run.stdout + run.stderr
    assert 'pip install "gradscribe[fitting]"' in run.stdout


@pytest.mark.parametrize("method", METHODS)
def test_the_most_iterations_are_one_argument_for_all_methods(method):
    far = {"v": np.array([-1.2, 1.0, 1.2]), "n": (0.5,)}
    short = minimize(valley, far, 5.0, method=method, max_iterations=7)
    # COBYQA and COBYLA count what they try out.
    assert not short.converged
    assert short.iterations <= (7 if method not in ("COBYQA", "COBYLA") else 20)


def test_the_most_iterations_are_given_once():
    with pytest.raises(UsageError, match="GS356: `minimize`: `max_iterations` and the option 'maxiter'"):
        minimize(valley, start(), 5.0, max_iterations=3, options={"maxiter": 3})
    with pytest.raises(UsageError, match="GS356: `minimize`: `max_iterations` is 0"):
        minimize(valley, start(), 5.0, max_iterations=0)
    assert optim.root(lambda p: p**3 - 2.0, 5.0, max_iterations=2).converged is False


def test_what_is_no_number_and_constraints_that_are_not_finite_are_named():
    with pytest.raises(UsageError, match="GS310: the loss returns a NoneType"):
        minimize(lambda p: None, start())
    undefined = Constraint(lambda p: np.log(p["v"] - 5.0), lower=0.0)
    with np.errstate(invalid="ignore"), pytest.raises(UsageError, match="GS332: the constraint .* is nan"):
        minimize(valley, start(), 5.0, constraints=undefined)
