"""Forms whose parts overflow or divide by zero have the derivative of the whole, in both modes, twice."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import scipy.special as sc

import gradscribe as gs
from gradscribe.ad.logarithms import LOGARITHMIC
from gradscribe.ops.table import lookup, resolve
from tests.ad.stable_programs import PROGRAMS, softplus

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def assert_near(own, exact, program, where):
    """Within 4e-13 of the value; of 1 where the error is absolute."""
    scale = max(abs(exact), 1) if program.absolute else abs(exact)
    assert abs(mpmath.mpf(float(own)) - exact) <= 4e-13 * scale + mpmath.mpf(1e-300), where


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.function.__name__)
def test_first_and_second_derivatives_are_those_of_the_whole(program):
    first = gs.grad(program.function, create_graph=True)
    second = gs.grad(lambda x: first(x))
    points = np.array(program.points)
    ones = np.ones_like(points)
    _, moved = gs.jvp(program.function, (points,), (ones,))
    _, moved_twice = gs.jvp(
        gs.grad(lambda x: np.sum(program.function(x)), create_graph=True), (points,), (ones,)
    )
    with mpmath.workdps(program.digits):
        for k, point in enumerate(program.points):
            for order, results in (
                (1, (first(points[k]), moved[k])),
                (2, (second(points[k]), moved_twice[k])),
            ):
                exact = mpmath.diff(program.exact, mpmath.mpf(point), order, relative=point != 0)
                for own in results:
                    assert_near(own, exact, program, f"order {order} at {point}: {own} is not {float(exact)}")


@pytest.mark.parametrize("name", LOGARITHMIC)
def test_logarithmic_derivatives_are_those_of_the_function(name):
    """Each row against the entry it belongs to, where nothing overflows."""
    spec = lookup(name)
    function = resolve(spec.spellings[0].name)
    point = [1.5 if operand == "v" else 0.7 + 0.6 * k for k, operand in enumerate(spec.operands)]
    for position, operand in enumerate(spec.operands):
        if operand not in LOGARITHMIC[name]:
            continue
        before, after = tuple(point[:position]), tuple(point[position + 1 :])

        def log_of(x, before=before, after=after):
            return np.log(function(*before, x, *after))

        def itself(x, before=before, after=after):
            return function(*before, x, *after)

        x = np.float64(point[position])
        expected = gs.grad(itself)(x) / itself(x)
        assert np.isclose(gs.grad(log_of)(x), expected, rtol=1e-13, atol=0)


def log_sum_exp(x):
    return np.sum(np.log(np.sum(np.exp(x), axis=1)))


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
def test_the_logarithm_of_a_sum_of_exponentials_has_the_softmax(shift):
    base = np.array([[0.3, -1.2, 2.0], [0.0, 0.0, 1.0]])
    expected = np.exp(base) / np.exp(base).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(gs.grad(log_sum_exp)(base + shift), expected, rtol=1e-12)
    direction = np.arange(6.0).reshape(2, 3)
    _, moved = gs.jvp(log_sum_exp, (base + shift,), (direction,))
    assert np.isclose(moved, np.sum(expected * direction))
    second = gs.hessian(log_sum_exp)(base + shift)
    for row, p in enumerate(expected):
        np.testing.assert_allclose(second[row, :, row, :], np.diag(p) - np.outer(p, p), atol=1e-12)


WEIGHTS = np.arange(6.0).reshape(2, 3)


def softmax_of_quotient(x):
    return np.sum(WEIGHTS * (np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)))


def softmax_of_scipy(x):
    return np.sum(WEIGHTS * sc.softmax(x, axis=1))


def log_softmax_by_hand(x):
    e = np.exp(x)
    return np.sum(WEIGHTS * np.log(e / e.sum(axis=1, keepdims=True)))


def log_softmax_of_scipy(x):
    return np.sum(WEIGHTS * sc.log_softmax(x, axis=1))


@pytest.mark.parametrize("shift", [0.0, 1000.0, -1000.0])
@pytest.mark.parametrize(
    ("written", "stable"),
    [(softmax_of_quotient, softmax_of_scipy), (log_softmax_by_hand, log_softmax_of_scipy)],
)
def test_a_softmax_that_is_written_out_has_the_derivatives_of_the_stable_one(written, stable, shift):
    base = np.array([[0.3, -1.2, 2.0], [0.0, 0.0, 1.0]])
    np.testing.assert_allclose(gs.grad(written)(base + shift), gs.grad(stable)(base), rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(gs.hessian(written)(base + shift), gs.hessian(stable)(base), atol=1e-12)
    direction = WEIGHTS**2
    pushed = gs.jvp(written, (base + shift,), (direction,))[1]
    assert np.isclose(pushed, gs.jvp(stable, (base,), (direction,))[1], rtol=1e-11)


def test_a_shift_that_the_user_wrote_is_not_repeated():
    def shifted(x):
        z = x - np.max(x)
        return np.log(np.sum(np.exp(z)))

    gradient = gs.grad(shifted)
    gradient(np.ones(3))
    assert gradient.source.count("np.exp(") == 1


def log_det(a):
    return np.log(np.linalg.det(a))


def log_abs_det(a):
    return np.log10(np.abs(np.linalg.det(a)))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_logarithm_of_a_determinant_that_overflows_has_the_inverse(scale):
    n = 200
    a = scale * (np.eye(n) + 0.1 * np.diag(np.ones(n - 1), 1))
    inverse = np.linalg.inv(a).T
    np.testing.assert_allclose(gs.grad(log_det)(a), inverse, rtol=1e-12, atol=0)
    np.testing.assert_allclose(gs.grad(log_abs_det)(-a), -inverse / np.log(10), rtol=1e-12, atol=0)
    assert np.isclose(gs.jvp(log_det, (a,), (a,))[1], n)


def test_the_logarithm_of_a_product_has_reciprocals():
    def log_likelihood(p):
        return np.log(np.prod(p))

    p = np.full(500, 0.1)
    np.testing.assert_allclose(gs.grad(log_likelihood)(p), 1 / p)
    np.testing.assert_allclose(gs.hessian(log_likelihood)(p), -np.diag(1 / p**2))


def length_by_powers(x):
    return np.sqrt(np.sum(x**2))


def length_by_products(x):
    return np.sum(np.sqrt(np.sum(x * x, axis=0)))


def length_by_terms(x):
    return np.sum(np.sqrt(x[0] ** 2 + x[1] * x[1]))


@pytest.mark.parametrize("length", [length_by_powers, length_by_products, length_by_terms])
def test_a_norm_that_is_written_out_is_a_norm(length):
    np.testing.assert_array_equal(gs.grad(length)(np.zeros((2, 2))), np.zeros((2, 2)))
    _, moved = gs.jvp(length, (np.zeros((2, 2)),), (np.ones((2, 2)),))
    assert moved == 0.0
    x = np.array([[3.0, 0.0], [4.0, 2.0]])
    gs.testing.check_grads(length, (x,))


def broadcast(x, y):
    return np.sum(np.log(1 + np.exp(x[:, None] + y)) + np.log(np.exp(x[:, None]) + 2 * np.exp(y)))


def likelihood(z, s):
    return np.sum(np.log(np.exp(-0.5 * z**2 / s**2) / (s * np.sqrt(2 * np.pi))))


def quotients(x, y):
    up, down = np.exp(x) - 3 * np.exp(y), 2 * np.exp(x) + np.exp(y)
    return np.sum(up / down + y / down + up / (np.exp(x) - 9 * np.exp(y)))


def occupation(energy, potential, temperature):
    return np.sum(energy / (np.exp((energy - potential) / temperature) + 1))


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (broadcast, (np.array([0.3, -0.7]), np.array([0.1, 0.9, -1.4]))),
        (likelihood, (np.array([0.3, -0.7]), 1.3)),
        (quotients, (np.array([0.3, -0.7]), np.array([0.4]))),
        (occupation, (np.array([0.3, 0.7]), 0.2, 0.3)),
    ],
)
def test_forms_of_several_values_broadcast(function, arguments):
    gs.testing.check_grads(function, arguments)


def test_a_branch_that_is_not_taken_stays_out():
    def chosen(x):
        return np.sum(np.where(x > 0, np.log(np.exp(x) - 1) + np.log(x * x), x))

    np.testing.assert_allclose(gs.grad(chosen)(np.array([-2.0, 0.0, 1000.0])), [1.0, 1.0, 1.002])


def test_parts_that_are_used_elsewhere_keep_their_own_derivative():
    def twice(x):
        e = np.exp(x)
        return np.sum(np.log(1.0 + e) + e * e)

    gs.testing.check_grads(twice, (np.array([-1.0, 0.5]),))
    gs.testing.check_grads(twice, (0.25,))


def test_float32_stays_float32():
    assert gs.grad(lambda x: np.sum(softplus(x)))(np.zeros(3, np.float32)).dtype == np.float32


def test_complex_numbers_are_ordinary():
    def modulus(z):
        return np.abs(np.log(z * z) / (1 + np.exp(z)))

    z, h = 0.7 + 0.4j, 1e-6
    along, across = ((modulus(z + h * d) - modulus(z - h * d)) / (2 * h) for d in (1, 1j))
    assert np.isclose(gs.grad(modulus)(z), along - 1j * across, rtol=1e-8)


def test_an_order_without_a_derivative_is_still_an_error():
    def by_order(v):
        return np.log(sc.kv(v, 2.0))

    with pytest.raises(gs.errors.UnsupportedOperationError, match="order of a Bessel function"):
        gs.grad(by_order)(np.float64(1.5))


def test_a_difference_of_either_sign_is_right_on_both_sides():
    def distance(x):
        return np.log(np.abs(1 - np.exp(x))) + np.log((np.exp(x) - 1) ** 2) + 1 / (1 - np.exp(x))

    for x in (-2.0, 0.5, 3.0):
        gs.testing.check_grads(distance, (x,))
    assert gs.grad(distance)(np.float64(1000.0)) == 3.0
    assert gs.grad(distance)(np.float64(-1000.0)) == 0.0
