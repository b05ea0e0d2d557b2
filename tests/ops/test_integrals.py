"""scipy.integrate.quad and quad_vec of functions of the user's: values and derivatives."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.integrate
from scipy.integrate import quad

import gradscribe as gs

W = np.array([0.3, 0.7, 1.2])


def decay(t, k, w):
    return w * math.exp(-k * t)


def with_args(k, w, upper):
    value, _ = quad(decay, 0, upper, (k, w), epsabs=1e-10)
    return value**2


def with_one_argument(k):
    return quad(lambda t, c: np.sin(c * t) / (1 + t), 0.0, 1.0, args=k)[0]


def of_a_closure(k, upper):
    return scipy.integrate.quad(lambda t: np.exp(-k * t**2), 0.0, upper)[0]


def to_infinity(k):
    return (
        quad(lambda t: k**2 * np.exp(-(k**2) * t), 0, np.inf)[0]
        + quad(lambda t: np.exp(-k * t * t), -np.inf, np.inf)[0]
    )


def of_an_array(w, a):
    def integrand(t):
        return np.sum(w * np.cos(w * t))

    value, _ = quad(integrand, -a, a, epsabs=1e-12, epsrel=1e-12, points=[0.1])
    return value


def in_a_loop(w):
    total = 0.0
    for i in range(len(w)):
        total = total + quad(lambda t, c: np.sin(c * t), 0.0, w[i], args=(w[i],))[0]
    return total


def with_a_loop(k):
    def integrand(t):
        s = 0.0
        for i in range(3):
            s = s + k**i * t**i
        return s if t > 0.5 else 0.5 * s

    return quad(integrand, 0, 1, points=[0.5])[0]


def of_a_library(k):
    return quad(math.exp, 0.0, k)[0]


def of_vectors(w, upper):
    return np.sum(scipy.integrate.quad_vec(lambda t: np.exp(-w * t), 0.0, upper)[0] ** 2)


def nested(k):
    return quad(lambda x: quad(lambda y: np.exp(-k * x * y), 0.0, x)[0], 0.0, 1.0)[0]


CASES = (
    (with_args, (0.7, 1.3, 2.0)),
    (with_one_argument, (0.7,)),
    (of_a_closure, (0.7, 1.5)),
    (to_infinity, (1.3,)),
    (of_an_array, (W, 0.8)),
    (in_a_loop, (W,)),
    (with_a_loop, (0.4,)),
    (of_a_library, (0.4,)),
    (of_vectors, (W, 1.5)),
    (nested, (0.6,)),
)


@pytest.mark.parametrize(("function", "args"), CASES, ids=lambda item: getattr(item, "__name__", ""))
def test_both_modes_and_second_order(function, args):
    gs.testing.check_grads(function, args, order=2, rtol=1e-6, atol=1e-6)
    value, _ = gs.value_and_grad(function, argnums=tuple(range(len(args))))(*args)
    assert value == function(*args)


def test_closed_forms():
    k, upper = 0.7, 1.5
    d_k, d_upper = gs.grad(lambda k, upper: quad(lambda t: np.exp(-k * t), 0.0, upper)[0], (0, 1))(k, upper)
    np.testing.assert_allclose(d_upper, np.exp(-k * upper), rtol=1e-15)
    np.testing.assert_allclose(d_k, (np.exp(-k * upper) * (1 + k * upper) - 1) / k**2, rtol=1e-13)


def test_single_precision_stays():
    d_k, d_upper = gs.grad(of_a_closure, (0, 1))(np.float32(0.7), np.float32(1.5))
    wanted = gs.grad(of_a_closure, (0, 1))(0.7, 1.5)
    assert d_k.dtype == d_upper.dtype == np.float32
    np.testing.assert_allclose((d_k, d_upper), wanted, rtol=1e-6)


def test_the_source_is_what_one_writes():
    source = gs.grad(with_args, (0, 2)).compile(0.7, 1.3, 2.0).source
    assert "scipy.integrate.quad(decay_by_k, 0, upper, args=(k, w), epsabs=1e-10)[0]" in source
    assert "return -w * math.exp(-k * t) * t" in source


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda k: quad(lambda t: k * t, 0, 1, weight="cos", wvar=1.0)[0], "weight"),
        (lambda k: quad(lambda t: k * t, 0, 1, full_output=1)[0], "full_output"),
        (lambda k: quad(lambda t: k * np.ones(2) * t, 0, 1)[0], "quad_vec"),
    ],
)
def test_what_is_not_supported_is_refused_by_name(function, said):
    with pytest.raises(gs.errors.GradscribeError, match=said):
        gs.grad(function)(0.5)


def test_an_integrand_with_effects_is_refused():
    def loud(k):
        def integrand(t):
            print(t)
            return k * t

        return quad(integrand, 0, 1)[0]

    with pytest.raises(gs.errors.GradscribeError, match="prints, raises or asserts"):
        gs.grad(loud)(0.5)
