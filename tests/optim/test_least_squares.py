"""Least squares and roots on nested parameters, against SciPy, NIST's certified values and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import curve_fit

from gradscribe.errors import UsageError
from gradscribe.optim.equations import Equations
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.gauss_newton import gauss_newton, levenberg_marquardt
from gradscribe.optim.least_squares import OURS, SCIPYS, least_squares
from gradscribe.optim.root import NEEDS_JACOBIAN, root

ALL = [*OURS, *SCIPYS]


def decay(p, t, y):
    return p["a"][0] * np.exp(-p["k"] * t) + p["a"][1] - y


def measured():
    t = np.linspace(0.0, 5.0, 40)
    return t, 3.0 * np.exp(-0.7 * t) + 0.5 + 0.05 * np.random.default_rng(0).normal(size=40)


@pytest.mark.parametrize("method", ALL)
def test_every_method_agrees_with_scipy_on_estimates_and_their_errors(method):
    t, y = measured()
    params = {"a": np.array([1.0, 0.0]), "k": 1.0}
    result = least_squares(decay, params, t, y, method=method)
    best, covariance = curve_fit(lambda t, a, b, k: a * np.exp(-k * t) + b, t, y, [1.0, 0.0, 1.0], xtol=1e-13)
    assert result.converged
    assert_allclose([*result.params["a"], result.params["k"]], best, rtol=1e-6)
    errors = result.standard_errors
    assert_allclose([*errors["a"], errors["k"]], np.sqrt(np.diag(covariance)), rtol=1e-5)
    assert_allclose(result.value, 0.5 * np.sum(decay(result.params, t, y) ** 2), rtol=1e-15)
    assert np.array_equal(result.residuals, decay(result.params, t, y))
    assert result.history[0] > result.history[-1]
    assert np.array_equal(params["a"], [1.0, 0.0])


# NIST, Statistical Reference Datasets, nonlinear regression, MGH10 (Meyer's problem): certified values.
MEYER_Y = np.array(
    [34780.0, 28610.0, 23650.0, 19630.0, 16370.0, 13720.0, 11540.0, 9744.0]
    + [8261.0, 7030.0, 6005.0, 5147.0, 4427.0, 3820.0, 3307.0, 2872.0]
)
MEYER_BEST = {"b1": 5.6096364710e-03, "b2": 6.1813463463e03, "b3": 3.4522363462e02}
MEYER_ERRORS = {"b1": 1.5687892471e-04, "b2": 2.3309021107e01, "b3": 7.8486103508e-01}


def meyer(p):
    return p["b1"] * np.exp(p["b2"] / (45.0 + 5.0 * np.arange(1.0, 17.0) + p["b3"])) - MEYER_Y


@pytest.mark.parametrize("method", ["levenberg-marquardt", "gauss-newton"])
def test_a_problem_of_higher_difficulty_reaches_the_certified_digits(method):
    result = least_squares(meyer, {"b1": 0.02, "b2": 4000.0, "b3": 250.0}, method=method, max_iterations=500)
    assert result.converged
    for name, best in MEYER_BEST.items():
        assert_allclose(result.params[name], best, rtol=1e-7)
        assert_allclose(result.standard_errors[name], MEYER_ERRORS[name], rtol=1e-6)
    assert_allclose(2.0 * result.value, 8.7945855171e01, rtol=1e-9)


@pytest.mark.parametrize("make", [levenberg_marquardt, gauss_newton])
def test_single_steps_are_pure_and_descend(make):
    t, y = measured()
    optimizer = make(decay)
    params = {"a": np.array([1.0, 0.0]), "k": 1.0}
    state = optimizer.init(params)
    again, _ = optimizer.step(params, state, t, y)
    values = []
    while not state.reason:
        params, state = optimizer.step(params, state, t, y)
        values.append(state.value)
        if len(values) == 1:
            assert np.array_equal(params["a"], again["a"]), "the same step twice"
    assert np.all(np.diff(values) <= 0.0)
    assert np.array_equal(
        least_squares(
            decay,
            {"a": np.array([1.0, 0.0]), "k": 1.0},
            t,
            y,
            method={levenberg_marquardt: "levenberg-marquardt", gauss_newton: "gauss-newton"}[make],
        ).params["a"],
        params["a"],
    )


def test_one_gauss_newton_step_solves_a_linear_problem():
    rng = np.random.default_rng(1)
    A, b = rng.normal(size=(12, 4)), rng.normal(size=12)
    optimizer = gauss_newton(lambda x: A @ x - b)
    x, _ = optimizer.step(np.zeros(4), optimizer.init(np.zeros(4)))
    assert_allclose(x, np.linalg.lstsq(A, b, rcond=None)[0], rtol=1e-12)


def test_units_of_parameters_do_not_matter_to_levenberg_marquardt():
    t, y = measured()
    scale = 1e9

    def rescaled(p, t, y):
        return decay({"a": p["a"] / scale, "k": p["k"]}, t, y)

    plain = least_squares(decay, {"a": np.array([1.0, 0.0]), "k": 1.0}, t, y)
    other = least_squares(rescaled, {"a": np.array([scale, 0.0]), "k": 1.0}, t, y)
    assert plain.iterations == other.iterations
    assert_allclose(other.params["a"] / scale, plain.params["a"], rtol=1e-9)


def test_bounds_hold():
    t, y = measured()
    result = least_squares(
        decay, {"a": np.array([1.0, 0.0]), "k": 1.0}, t, y, lower={"k": 0.8}, upper={"k": 2.0}
    )
    assert_allclose(result.params["k"], 0.8, rtol=1e-6)
    with pytest.raises(UsageError, match="GS333: lm takes no bounds"):
        least_squares(decay, {"a": np.array([1.0, 0.0]), "k": 1.0}, t, y, lower={"k": 0.8}, method="lm")


def test_robust_losses_are_not_swayed_by_an_outlier_and_claim_no_standard_errors():
    t, y = measured()
    y = y.copy()
    y[20] += 30.0
    params = {"a": np.array([1.0, 0.0]), "k": 1.0}
    options = {"loss": "soft_l1", "f_scale": 0.1}
    result = least_squares(decay, params, t, y, method="trf", options=options)
    assert_allclose([*result.params["a"], result.params["k"]], [3.0, 0.5, 0.7], atol=0.1)
    with pytest.raises(UsageError, match="GS336"):
        _ = result.standard_errors


def test_jacobian_is_the_same_by_rows_and_by_columns():
    layout = Flattening.of({"u": np.array([0.3, 0.4]), "v": 2.0})

    def function(p):
        return {"r": p["u"] * p["v"], "s": np.sin(p["u"][0]) * p["u"][1] ** 2}

    equations = Equations(function, layout, (), "result")
    x = np.array([0.3, 0.4, 2.0])
    equations.values(x)
    exact = [[2.0, 0.0, 0.3], [0.0, 2.0, 0.4], [np.cos(0.3) * 0.16, np.sin(0.3) * 0.8, 0.0]]
    assert_allclose(equations._columns(x), exact, rtol=1e-14)
    assert_allclose(equations._rows(x), exact, rtol=1e-14)


@pytest.mark.parametrize(
    ("residuals", "params", "words"),
    [
        (
            lambda p: np.array([p["a"] - 1.0, p["a"] + 1.0]) + 0.0 * p["b"],
            {"a": 1.0, "b": 2.0},
            "2 residuals for 2",
        ),
        (
            lambda p: p["a"] * np.arange(5.0) - 1.0 + 0.0 * p["b"],
            {"a": 1.0, "b": 2.0},
            "depends on `params['b']`",
        ),
        (
            lambda p: (p["a"] + p["b"]) * np.arange(5.0) - 1.0,
            {"a": 1.0, "b": 2.0},
            "from the other parameters",
        ),
    ],
)
def test_what_the_data_do_not_determine_has_no_standard_error(residuals, params, words):
    result = least_squares(residuals, params)
    with pytest.raises(UsageError) as caught:
        _ = result.standard_errors
    assert caught.value.code == "GS336"
    assert words in str(caught.value)


def test_residuals_that_are_not_finite_are_named():
    with pytest.raises(UsageError, match=r"`residuals\[1\]` is nan") as caught, np.errstate(all="ignore"):
        least_squares(lambda x: np.log(x), np.array([1.0, -1.0]))
    assert caught.value.code == "GS332"


def test_steps_into_the_undefined_are_not_taken():
    with np.errstate(all="ignore"):
        result = least_squares(lambda x: np.array([np.log(x), 0.0]) - 3.0 * np.array([1.0, 0.0]), 0.01)
    assert_allclose(result.params, np.exp(3.0), rtol=1e-9)


def meet(p, r):
    return {"circle": p["x"] ** 2 + p["y"][0] ** 2 - r * r, "line": p["x"] - p["y"][0]}


@pytest.mark.parametrize("method", ["hybr", "lm", "broyden1", "anderson", "krylov", "df-sane"])
def test_roots_of_nested_systems(method):
    result = root(meet, {"x": 1.0, "y": np.array([0.5])}, 2.0, method=method)
    assert result.converged
    assert_allclose(np.abs([result.params["x"], *result.params["y"]]), np.sqrt(2.0), rtol=1e-5)
    assert type(result.params["x"]) is float
    assert set(result.residuals) == {"circle", "line"}
    assert result.value < 1e-5


def test_only_methods_of_scipy_are_known_to_root():
    from scipy.optimize import _root

    assert set(_root.ROOT_METHODS) == set(NEEDS_JACOBIAN)


@pytest.mark.parametrize(
    ("function", "params", "method", "code"),
    [
        (lambda x: x[:1], np.ones(2), "hybr", "GS335"),
        (lambda x: x, np.ones(2), "newton", "GS333"),
        (lambda x: np.sqrt(x), np.array([-1.0]), "hybr", "GS332"),
    ],
)
def test_systems_that_cannot_be_solved_are_refused(function, params, method, code):
    with pytest.raises(UsageError) as caught, np.errstate(all="ignore"):
        root(function, params, method=method)
    assert caught.value.code == code


def test_options_and_limits_that_mean_nothing_are_named():
    for keywords, text in (
        ({"options": {"fto": 1e-3}}, "GS356: .*levenberg-marquardt has no option 'fto'"),
        ({"options": {"loss": "huber"}}, "GS356: .*no option 'loss'\n.*trf and dogbox"),
        ({"options": {"jac": "2-point"}, "method": "trf"}, "GS356: .*trf has no option 'jac'"),
        ({"options": {"loss": "huber"}, "method": "lm"}, "GS356: .*lm has no option 'loss'"),
        ({"max_iterations": 0}, "GS356: .*`max_iterations` is 0"),
        ({"max_iterations": 3, "options": {"max_nfev": 3}, "method": "trf"}, "GS356: .*`max_iterations` and"),
    ):
        with pytest.raises(UsageError, match=text):
            least_squares(lambda p: np.ones(3) * p["a"] - 1.0, {"a": 0.5}, **keywords)
    with pytest.raises(UsageError, match="GS335: lm is given 1 residuals for 2 parameters"):
        least_squares(lambda p: p["a"] + p["b"] - 1.0, {"a": 0.5, "b": 0.1}, method="lm")
