"""Products, powers and roots of series of numpy.polynomial, as functions and of its classes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import (
    Chebyshev,
    Hermite,
    HermiteE,
    Laguerre,
    Legendre,
    Polynomial,
    chebyshev,
    hermite,
    hermite_e,
    laguerre,
    legendre,
    polynomial,
)

import gradscribe as gs
from gradscribe.runtime.polynomials import basis_products

FAMILIES = {
    "poly": (polynomial, Polynomial),
    "cheb": (chebyshev, Chebyshev),
    "leg": (legendre, Legendre),
    "lag": (laguerre, Laguerre),
    "herm": (hermite, Hermite),
    "herme": (hermite_e, HermiteE),
}
families = pytest.mark.parametrize("name", FAMILIES)
A, B = np.array([0.3, -1.2, 0.8]), np.array([0.5, 0.4])


def check(function, args, order=2):
    gs.testing.check_grads(function, args, order=order)
    value, _ = gs.value_and_grad(function)(*args)
    assert value == function(*args)


def weighted(values):
    return np.sum(np.cos(np.arange(1.0, values.size + 1.0)) * values)


@families
@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 4), (5, 1), (4, 3), (12, 9)])
def test_the_table_of_products(name, n, m):
    multiply = getattr(FAMILIES[name][0], f"{name}mul")
    found = basis_products(name, n, m)
    for i, j in np.ndindex(n, m):
        expected = np.zeros(n + m - 1)
        product = multiply(np.eye(n)[i], np.eye(m)[j])
        expected[: len(product)] = product
        np.testing.assert_allclose(found[:, i, j], expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@families
def test_functions(name):
    module = FAMILIES[name][0]
    multiply, times_x, power = (getattr(module, name + what) for what in ("mul", "mulx", "pow"))
    of_roots = getattr(module, f"{name}fromroots")
    for a, b in ((A, B), (B, A), (A, A[:1]), (A, np.zeros(1)), (np.append(A, 0.0), B)):
        if len(a) == 3 and b[0]:
            check(lambda a, b: weighted(multiply(a, b)), (a, b))
        np.testing.assert_array_equal(gs.jvp(multiply, (a, b), (a, b))[0], multiply(a, b))
    check(lambda a: weighted(multiply(a, a)), (A,))
    check(lambda a: weighted(times_x(a)), (A,))
    check(lambda a: weighted(of_roots(a)), (A,))
    for exponent in (0, 1, 3):
        check(lambda a, exponent=exponent: weighted(power(a, exponent)), (A,))


@families
@pytest.mark.parametrize("roots", [[0.3, -0.6, 0.8], [0.3 + 0.5j, 0.3 - 0.5j, -0.2]])
def test_roots(name, roots):
    module = FAMILIES[name][0]
    powers = np.real(np.poly(roots))[::-1]
    c = getattr(module, f"poly2{name}")(powers) if name != "poly" else powers
    find = getattr(module, f"{name}roots")

    def function(c):
        found = find(c)
        return np.sum(np.sin(found.real) + found.imag**2) + np.abs(found[0])

    check(function, (c,))
    # A coefficient that is 0 moves the roots as any other.
    slope = gs.grad(function)(np.append(c, 0.0))
    np.testing.assert_allclose(slope[:-1], gs.grad(function)(c), rtol=1e-9)


@families
def test_classes(name):
    cls = FAMILIES[name][1]
    check(lambda a, b: (cls(a) * cls(b) - 2.0 * cls(b) * cls(a) ** 2)(0.3), (A, B))
    check(lambda a: weighted((cls(a, [0.0, 2.0]) * cls(a, [0.0, 2.0]))(A)), (A,))
    check(lambda a: np.sum(np.abs(cls(a).roots()) ** 2), (A,))
    check(lambda a: np.sum(np.abs(cls(a, [0.0, 3.0], [-1.0, 2.0]).roots()) ** 2), (A,))

    def on_points(a):
        x, y = cls(a, domain=[0.5, 2.0]).linspace(5)
        return weighted(x * y)

    check(on_points, (A,))
    check(lambda a: weighted(cls(a).linspace(4, [0.0, 1.0])[1]), (A,))


def test_complex_coefficients():
    a = A + 0.5j
    check(lambda a: np.sum(np.abs(legendre.legmul(a, B)) ** 2), (a,), order=1)
    check(lambda a: np.sum(np.abs(chebyshev.chebpow(a, 2)) ** 2), (a,), order=1)


def test_single_precision_has_the_dtype_of_numpy_or_is_refused():
    single = A.astype(np.float32)
    value, moved = gs.jvp(lambda a: legendre.legmulx(a), (single,), (single,))
    assert value.dtype == moved.dtype == legendre.legmulx(single).dtype
    np.testing.assert_allclose(moved, legendre.legmulx(single), rtol=1e-6)
    with pytest.raises(gs.GradscribeError, match="single precision"):
        gs.grad(lambda a: np.sum(laguerre.lagmul(a, a)))(single)
