"""What reverse loops save: the least, with what follows from it by little arithmetic computed again."""

import numpy as np
import pytest

import gradscribe as gs
from tests.references import difference, gradient


def diffusion(u, k, dt, steps):
    for _ in range(steps):
        left = k[:-2] * (u[1:-1] - u[:-2])
        right = k[2:] * (u[2:] - u[1:-1])
        new = u.copy()
        new[1:-1] += dt * (right - left) * u[1:-1]
        u = new
    return np.sum(u**2)


def two_of_one(x, rates):
    for rate in rates:
        x = np.sin((x + rate) * (x - rate))
    return np.sum(x)


def through_expensive(x, rates):
    for rate in rates:
        h = np.tanh(rate * x)
        x = h * (1.0 - h)
    return np.sum(x)


def element_by_element(x, n):
    y = np.zeros(n)
    y[0] = x
    for i in range(1, n):
        y[i] = y[i - 1] * (1.0 - y[i - 1]) + x * y[i - 1]
    return y[n - 1]


RNG = np.random.default_rng(0)
STATE, RATES = RNG.normal(size=6), RNG.normal(size=6)

# Function, arguments, and the lists that the forward sweep should fill.
CASES = {
    "state instead of what follows from it": (diffusion, (STATE, RATES, 0.1, 3), {"u_saved"}),
    "one operand instead of two": (two_of_one, (STATE, RATES), {"x_saved"}),
    "results of expensive operations": (through_expensive, (STATE, RATES), {"h_saved", "x_saved"}),
}


def floats(args):
    """Positions of the arguments that have derivatives."""
    return tuple(k for k, arg in enumerate(args) if not isinstance(arg, int))


def saved(source):
    """Names of the lists that the forward sweep fills."""
    return {line.split(".append")[0].strip() for line in source.splitlines() if ".append(" in line}


@pytest.mark.parametrize("name", CASES)
def test_least_is_saved(name):
    function, args, lists = CASES[name]
    grad = gs.grad(function, argnums=floats(args))
    grad.compile(*args)
    assert saved(grad.source) == lists, grad.source


def test_array_is_not_saved_for_its_elements():
    grad = gs.grad(element_by_element)
    grad.compile(0.3, 5)
    assert "y_saved" not in saved(grad.source), grad.source


@pytest.mark.parametrize("name", CASES)
def test_gradient_is_that_of_the_complex_step(name):
    function, args, _ = CASES[name]
    found = gs.grad(function, argnums=floats(args))(*args)
    for own, expected in zip(found, gradient(function, args), strict=False):
        assert np.allclose(own, expected, rtol=1e-11)


def test_derivative_of_elements_is_that_of_differences():
    found = gs.grad(element_by_element)(0.3, 5)
    expected = difference(lambda h: element_by_element(0.3 + h, 5))
    assert np.isclose(found, expected, rtol=1e-9)
