"""Likelihoods of scipy.stats as users write them; the table tests check every entry."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import scipy.special
import scipy.stats
from scipy.stats import gamma, norm

import gradscribe as gs
from gradscribe.ops.discrete import DISTRIBUTIONS as DISCRETE
from gradscribe.ops.percent_points import ROWS
from tests.references import difference

DISTRIBUTIONS = tuple(ROWS.values())
X = np.array([0.3, 1.1, 2.4])


def nll(p, x):
    return -np.sum(gamma.logpdf(x, p[0], loc=-0.1, scale=p[1]) + norm.logpdf(x, loc=p[0], scale=p[1]))


def test_a_fit_in_both_modes_and_to_second_order():
    p = np.array([2.3, 1.2])
    found, hessian = gs.grad(nll)(p, X), gs.hessian(nll)(p, X)
    for k, unit in enumerate(np.eye(2)):
        assert np.isclose(found[k], difference(lambda h, u=unit: nll(p + h * u, X)), rtol=1e-8)
        column = difference(lambda h, u=unit: gs.grad(nll)(p + h * u, X))
        np.testing.assert_allclose(hessian[:, k], column, rtol=1e-7)
        assert np.isclose(gs.jvp(lambda p: nll(p, X), (p,), (unit,))[1], found[k], rtol=1e-12)
    value, _ = gs.value_and_grad(nll)(p, X)
    assert value == nll(p, X)


@pytest.mark.parametrize(
    "row", [row for row in (*DISTRIBUTIONS, *DISCRETE) if row.support], ids=lambda r: r.name
)
def test_outside_of_the_support_everything_is_constant(row):
    outside = {
        "wrapcauchy": 7.0,
        "weibull_max": 0.5,
        "genextreme": 5.0,
        "levy_l": 0.5,
        "vonmises_line": 3.3,
    }.get(row.name, -3.0)
    distribution = getattr(scipy.stats, row.name)
    density = distribution.pdf if hasattr(distribution, "pdf") and row in DISTRIBUTIONS else distribution.pmf
    shapes = [float(value) for value in row.shapes.values()]
    x = np.full(2, outside)
    for k in range(len(shapes)):

        def function(value, k=k):
            given = [value if j == k else shape for j, shape in enumerate(shapes)]
            return np.sum(density(x, *given))

        assert gs.grad(function)(shapes[k]) == 0.0


def test_enough_distributions():
    assert len(DISTRIBUTIONS) + len(DISCRETE) >= 27


def test_saved_modules_import_only_what_they_use(tmp_path):
    def loss(mu):
        return np.sum(norm.logcdf(X, mu))

    gradient = gs.grad(loss)
    expected = gradient(0.2)
    gradient.save(tmp_path / "loss_grad.py")
    text = (tmp_path / "loss_grad.py").read_text()
    assert "gradscribe" not in text.split("from __future__")[1]
    program = "import loss_grad, inspect; print(len(inspect.signature(loss_grad.loss_grad).parameters))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "2"
    assert np.isclose(expected, -np.sum(norm.pdf(X - 0.2) / norm.cdf(X - 0.2)))


def test_a_distribution_that_is_missing_is_named():
    with pytest.raises(gs.GradscribeError, match="logpdf") as caught:
        gs.grad(lambda x: scipy.stats.kappa4.logpdf(x, 0.3, 0.2))(0.5)
    assert caught.value.code == "GS201"


NORMAL_OUTSIDE = scipy.stats.norm(0.3, scale=1.4)


def frozen_normal(x, mu, sd):
    return np.sum(scipy.stats.norm(mu, sd).logpdf(x))


def frozen_by_name(x, mu, sd):
    distribution = scipy.stats.gumbel_r(loc=mu, scale=sd)
    return np.sum(distribution.cdf(x)) + np.sum(distribution.logpdf(x))


def frozen_gamma(x, a, sd):
    return np.sum(scipy.stats.gamma(a, scale=sd).logpdf(x**2))


def frozen_outside(x, mu, sd):
    return np.sum(NORMAL_OUTSIDE.logpdf(mu + sd * x))


def frozen_multivariate(x, mu, sd):
    return np.sum(scipy.stats.multivariate_normal(mean=mu * np.ones(3), cov=sd * np.eye(3)).logpdf(x))


@pytest.mark.parametrize(
    "function", [frozen_normal, frozen_by_name, frozen_gamma, frozen_outside, frozen_multivariate]
)
def test_frozen_distributions(function):
    args = (np.array([0.3, -1.2, 0.8]), 0.4, 1.3)
    gs.testing.check_grads(function, args, order=2)
    value, _ = gs.value_and_grad(function, (0, 1, 2))(*args)
    assert value == function(*args)


def test_other_methods_of_frozen_distributions_are_refused():
    with pytest.raises(gs.errors.GradscribeError, match="fit|interval"):
        gs.grad(lambda mu: scipy.stats.norm(mu, 1.0).interval(0.9)[0])(0.4)


def multinomial_fit(theta, counts):
    p = scipy.special.softmax(theta)
    return np.sum(scipy.stats.multinomial.logpmf(counts, 10, p)) + scipy.stats.multinomial(5, p).pmf(
        counts[1] // 2
    )


def test_shares_of_a_multinomial_distribution():
    counts = np.array([[3, 5, 2], [2, 6, 2], [2, 2, 6]])
    gs.testing.check_grads(
        lambda theta: multinomial_fit(theta, counts), (np.array([0.3, -0.2, 0.5]),), order=2
    )


def frozen_vectors(alpha, x):
    return scipy.stats.dirichlet(alpha).logpdf(x[:-1]) + scipy.stats.multivariate_t(
        x, np.diag(alpha), df=4.0
    ).logpdf(alpha)


def test_frozen_distributions_of_vectors():
    gs.testing.check_grads(frozen_vectors, (np.array([1.5, 2.0, 3.0]), np.array([0.2, 0.5, 0.3])), order=2)


def between(mu, low, high):
    """The probability of a category of an ordinal model, whose outermost bounds are infinite."""
    return scipy.stats.norm.cdf(high - mu) - scipy.stats.norm.cdf(low - mu)


def truncated_mean(mu, low, high):
    inside = scipy.stats.norm.cdf(high - mu) - scipy.stats.norm.cdf(low - mu)
    return mu + (scipy.stats.norm.pdf(low - mu) - scipy.stats.norm.pdf(high - mu)) / inside


def log_above(mu, low, high):
    return scipy.stats.norm.logcdf(high - mu) + scipy.stats.norm.logsf(low - mu)


@pytest.mark.parametrize("function", [between, truncated_mean, log_above])
@pytest.mark.parametrize("bounds", [(0.3, np.inf), (-np.inf, 0.3), (-np.inf, np.inf)])
def test_infinite_bounds_move_nothing_to_second_order(function, bounds):
    low, high = np.clip(bounds, -60.0, 60.0)
    for order in (gs.grad(function), gs.grad(gs.grad(function, create_graph=True))):
        np.testing.assert_allclose(order(0.4, *bounds), order(0.4, float(low), float(high)), rtol=1e-12)


def test_a_curvature_of_an_ordinal_model_has_no_warning():
    cuts, k = np.array([-np.inf, -0.3, 0.8, np.inf]), np.array([0, 1, 2, 2])

    def loss(slope, x):
        return -np.sum(
            np.log(scipy.stats.norm.cdf(cuts[k + 1] - slope * x) - scipy.stats.norm.cdf(cuts[k] - slope * x))
        )

    gs.testing.check_grads(loss, (0.4, X[np.array([0, 1, 2, 0])]), order=2)


COVARIANCE = np.array([[2.0, 0.3], [0.3, 1.0]])
STACKED = np.stack([COVARIANCE, COVARIANCE + 0.1 * np.eye(2), 2.0 * COVARIANCE], -1)
BATCHES = {
    "matrix_normal": (
        lambda x: scipy.stats.matrix_normal.logpdf(x, np.zeros((2, 3)), COVARIANCE, np.diag([1.0, 2.0, 3.0])),
        np.linspace(-1.0, 1.0, 24).reshape(4, 2, 3),
    ),
    "wishart": (lambda x: scipy.stats.wishart.logpdf(x, 4.5, COVARIANCE), STACKED),
    "invwishart": (lambda x: scipy.stats.invwishart.logpdf(x, 4.5, COVARIANCE), STACKED),
    "multivariate_normal of one row": (
        lambda x: scipy.stats.multivariate_normal.logpdf(x, np.zeros(2), COVARIANCE),
        np.array([[0.3, -1.2]]),
    ),
    "multivariate_t of one row": (
        lambda x: scipy.stats.multivariate_t.logpdf(x, np.zeros(2), COVARIANCE, 3.5),
        np.array([[0.3, -1.2]]),
    ),
    "dirichlet of one column": (
        lambda x: scipy.stats.dirichlet.logpdf(x, np.array([1.5, 2.0, 3.0])),
        np.array([[0.3], [0.2]]),
    ),
}


@pytest.mark.parametrize("name", BATCHES)
def test_densities_of_several_points_and_of_one(name):
    function, x = BATCHES[name]
    # Matrices move as symmetric ones.
    direction = np.cos(np.arange(x.size)).reshape(x.shape)
    direction = direction + np.swapaxes(direction, 0, 1) if "wishart" in name else direction
    value, tangent = gs.jvp(function, (x,), (direction,))
    assert np.shape(tangent) == np.shape(value) == np.shape(function(x))
    expected = difference(lambda h: function(x + h * direction))
    np.testing.assert_allclose(tangent, expected, rtol=1e-7)
    weights = np.cos(np.shape(value) and np.arange(value.size))
    gradient = gs.grad(lambda x: np.sum(weights * function(x)))(x)
    assert np.isclose(np.sum(gradient * direction), np.sum(weights * expected), rtol=1e-7)


ONE_TRIANGLE = np.array([[2.0, 77.0], [0.3, 1.0]])
MATRIX = np.array([[0.3, -1.2], [1.0, 0.4], [0.1, 2.0]])
OF_LOWER = {
    "multivariate_normal": lambda c: np.sum(scipy.stats.multivariate_normal.logpdf(MATRIX, np.ones(2), c)),
    "allowing singular": lambda c: np.sum(
        scipy.stats.multivariate_normal.logpdf(MATRIX, np.ones(2), c, allow_singular=True)
    ),
    "multivariate_normal.pdf": lambda c: np.sum(scipy.stats.multivariate_normal.pdf(MATRIX, cov=c)),
    "frozen": lambda c: scipy.stats.multivariate_normal(np.ones(2), c, allow_singular=True).logpdf(MATRIX[0]),
    "multivariate_t": lambda c: np.sum(scipy.stats.multivariate_t.logpdf(MATRIX, np.ones(2), c, 3.5)),
    "rows": lambda c: scipy.stats.matrix_normal.logpdf(
        MATRIX.T, np.ones((2, 3)), c, np.diag([1.0, 2.0, 3.0])
    ),
    "columns": lambda c: scipy.stats.matrix_normal.logpdf(
        MATRIX, np.ones((3, 2)), np.diag([1.0, 2.0, 3.0]), c
    ),
    "wishart": lambda c: scipy.stats.wishart.logpdf(c, 4.5, COVARIANCE),
    "scale of wishart": lambda c: scipy.stats.wishart.logpdf(COVARIANCE, 4.5, c),
    "invwishart": lambda c: scipy.stats.invwishart.logpdf(c, 4.5, COVARIANCE),
    "scale of invwishart": lambda c: scipy.stats.invwishart.logpdf(COVARIANCE, 4.5, c),
}


@pytest.mark.parametrize("name", OF_LOWER)
def test_the_derivative_is_by_the_entries_that_are_read(name):
    function = OF_LOWER[name]
    for matrix in (COVARIANCE, ONE_TRIANGLE) if name != "wishart" else (COVARIANCE,):
        gradient = gs.grad(function)(matrix)
        for place in np.ndindex(2, 2):
            unit = np.zeros((2, 2))
            unit[place] = 1.0
            expected = difference(lambda h, unit=unit, matrix=matrix: function(matrix + h * unit))
            assert np.isclose(gradient[place], expected, rtol=1e-7, atol=1e-9)
            assert np.isclose(gs.jvp(function, (matrix,), (unit,))[1], expected, rtol=1e-7, atol=1e-9)
    gs.testing.check_grads(function, (COVARIANCE,), order=2)


@pytest.mark.parametrize(
    "args",
    [
        (MATRIX, np.ones(2), 2.0),
        (MATRIX, np.ones(2), np.array([1.0, 2.0])),
        (MATRIX, None, COVARIANCE),
        (MATRIX[0], np.ones(2), COVARIANCE),
        (np.float64(0.3), 0.1, 2.0),
        (MATRIX[0], 0.1, 2.0),
        (MATRIX[:, :1], np.ones(1), np.array([[1.5]])),
        (MATRIX[0],),
    ],
)
def test_forms_of_mean_and_covariance(args):
    x, *rest = args
    positions = [0, *(k for k, of in enumerate(rest, 1) if of is not None)]

    def weighted(*args):
        return np.sum(np.sin(scipy.stats.multivariate_normal.logpdf(*args)))

    value, gradients = gs.value_and_grad(weighted, positions)(*args)
    assert value == weighted(*args)
    for position, gradient in zip(positions, gradients, strict=True):
        moved = np.cos(np.arange(1.0, 1.0 + np.size(args[position]))).reshape(np.shape(args[position]))
        moved = moved + moved.T if np.ndim(moved) == 2 and position == 2 else moved

        def along(h, position=position, moved=moved):
            return weighted(*args[:position], args[position] + h * moved, *args[position + 1 :])

        assert np.isclose(np.sum(gradient * moved), difference(along), rtol=1e-7)


def test_a_singular_covariance():
    """Points and covariance of a plane, which moves; points aside of it have the density 0, wherever they are."""
    plane = np.array([[1.0, 0.0], [2.0, 1.0], [0.5, -1.0]])

    def in_plane(a, points):
        log_density = scipy.stats.multivariate_normal.logpdf(points @ a.T, cov=a @ a.T, allow_singular=True)
        return np.sum(log_density)

    gs.testing.check_grads(in_plane, (plane, MATRIX), order=1, modes=("reverse", "forward"))

    def density(x):
        return scipy.stats.multivariate_normal.pdf(x, cov=plane @ plane.T, allow_singular=True)

    assert density(np.ones(3)) == 0.0
    assert np.array_equal(gs.grad(density)(np.ones(3)), np.zeros(3))
    inside = plane @ MATRIX[0]
    expected = -density(inside) * np.linalg.pinv(plane @ plane.T) @ inside
    np.testing.assert_allclose(gs.grad(density)(inside), expected, rtol=1e-12)
    with pytest.raises(np.linalg.LinAlgError):
        gs.grad(lambda x: scipy.stats.multivariate_normal.logpdf(x, cov=plane @ plane.T))(inside)


FLAT = [
    (row, method, x)
    for row in DISTRIBUTIONS
    if row.below is not None
    for method, places in {
        "cdf": (-np.inf, np.inf),
        "sf": (-np.inf, np.inf),
        "pdf": (-np.inf, np.inf),
        "logcdf": (np.inf,),
        "logsf": (-np.inf,),
    }.items()
    if hasattr(getattr(scipy.stats, row.name), method)
    for x in places
]


def derivatives_of(function):
    first = gs.grad(function, create_graph=True)
    return first, gs.grad(lambda x: first(x))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", sorted({row.name for row, _, _ in FLAT}))
def test_infinitely_far_out_a_limit_is_constant(name):
    for row, method, x in FLAT:
        if row.name != name:
            continue
        shapes = tuple(float(value) for value in row.shapes.values())
        function = getattr(getattr(scipy.stats, name), method)
        if not np.isfinite(function(x, *shapes)):
            continue
        for derivative in derivatives_of(lambda x, call=function, given=shapes: call(x, *given)):
            assert abs(derivative(x)) < 1e-290, (method, x)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [scipy.special.erf, scipy.special.erfc, scipy.special.ndtr])
def test_error_functions_are_constant_infinitely_far_out(function):
    for derivative in derivatives_of(lambda x: function(x)):
        assert derivative(np.inf) == derivative(-np.inf) == 0.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_logarithms_go_on_falling():
    assert gs.grad(lambda x: scipy.stats.gumbel_r.logcdf(x))(-np.inf) == np.inf
    assert gs.grad(lambda x: scipy.stats.norm.logcdf(x))(-np.inf) == np.inf
