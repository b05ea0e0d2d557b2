"""Forms whose parts overflow or divide by zero have the derivative of the whole, in both modes."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest

import gradscribe as gs

POINTS = (-1000.0, -745.0, -40.0, -1e-9, 0.0, 1e-9, 1.0, 36.0, 710.0, 1000.0)


def softplus(x):
    return np.sum(np.log(1.0 + np.exp(x)))


def softplus_by_log1p(x):
    return np.sum(np.log1p(np.exp(x)))


def logistic(x):
    return np.sum(1.0 / (1.0 + np.exp(-x)))


def log_of_logistic(x):
    return np.sum(np.log(1 / (np.exp(-x) + 1)))


FORMS = {
    softplus: (lambda x: 1 / (1 + mpmath.exp(-x)), True),
    softplus_by_log1p: (lambda x: 1 / (1 + mpmath.exp(-x)), True),
    logistic: (lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2, False),
    log_of_logistic: (lambda x: 1 / (1 + mpmath.exp(x)), True),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_first_and_second_derivatives_are_those_of_the_whole(form):
    exact, relative = FORMS[form]
    x = np.array(POINTS)
    first = gs.grad(form)(x)
    _, moved = gs.jvp(form, (x,), (np.ones_like(x),))
    second = np.diagonal(gs.hessian(form)(x))
    with mpmath.workdps(50):
        for k, point in enumerate(POINTS):
            value = exact(mpmath.mpf(point))
            # The logistic function reuses its output, as a person would: its error is absolute.
            scale = max(abs(value), mpmath.mpf(1e-300)) if relative else 1
            assert abs(first[k] - value) <= 4e-13 * scale, point
            slope = mpmath.diff(exact, mpmath.mpf(point))
            assert abs(second[k] - slope) <= 4e-13 * abs(slope) + 1e-15, point
    assert np.isclose(moved, np.sum(first), rtol=1e-13)


def log_sum_exp(x):
    return np.sum(np.log(np.sum(np.exp(x), axis=1)))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
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


def test_a_shift_that_the_user_wrote_is_not_repeated():
    def shifted(x):
        z = x - np.max(x)
        return np.log(np.sum(np.exp(z)))

    gradient = gs.grad(shifted)
    gradient(np.ones(3))
    assert gradient.source.count("np.exp(") == 1


def length_by_powers(x):
    return np.sqrt(np.sum(x**2))


def length_by_products(x):
    return np.sum(np.sqrt(np.sum(x * x, axis=0)))


@pytest.mark.parametrize("length", [length_by_powers, length_by_products])
def test_a_norm_that_is_written_out_is_a_norm(length):
    np.testing.assert_array_equal(gs.grad(length)(np.zeros((2, 2))), np.zeros((2, 2)))
    _, moved = gs.jvp(length, (np.zeros((2, 2)),), (np.ones((2, 2)),))
    assert moved == 0.0
    x = np.array([[3.0, 0.0], [4.0, 2.0]])
    gs.testing.check_grads(length, (x,))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_branch_that_is_not_taken_stays_out():
    def chosen(x):
        return np.sum(np.where(x > 0, np.log(1 + np.exp(x)), x))

    np.testing.assert_allclose(gs.grad(chosen)(np.array([-2.0, 1000.0])), [1.0, 1.0])


def test_parts_that_are_used_elsewhere_keep_their_own_derivative():
    def twice(x):
        e = np.exp(x)
        return np.sum(np.log(1.0 + e) + e * e)

    gs.testing.check_grads(twice, (np.array([-1.0, 0.5]),))
    gs.testing.check_grads(twice, (0.25,))


def test_float32_stays_float32():
    assert gs.grad(softplus)(np.zeros(3, np.float32)).dtype == np.float32


def test_other_numbers_than_one_are_ordinary():
    def two(x):
        return np.sum(np.log(2.0 + np.exp(x)))

    x = np.array([0.3, -0.7])
    np.testing.assert_allclose(gs.grad(two)(x), np.exp(x) / (2.0 + np.exp(x)))
