"""Linear algebra at points where textbook formulas divide by zero: right, or an error that says why."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import sympy

import gradscribe as gs

SINGULAR = {
    "rank 1 of 2": [[1.0, 2.0], [2.0, 4.0]],
    "rank 2 of 3": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
    "rank 1 of 3": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [3.0, 6.0, 9.0]],
    "zero": [[0.0, 0.0], [0.0, 0.0]],
    "regular": [[1.0, 0.5], [-0.5, 2.0]],
}


def exact_derivatives(entries):
    """First and second derivatives of the determinant by SymPy."""
    n = len(entries)
    symbols = sympy.symbols(f"a:{n * n}")
    det = sympy.Matrix(n, n, symbols).det()
    at = dict(zip(symbols, itertools.chain(*entries), strict=True))
    first = [float(sympy.diff(det, x).subs(at)) for x in symbols]
    second = [[float(sympy.diff(det, x, y).subs(at)) for y in symbols] for x in symbols]
    return np.reshape(first, (n, n)), np.reshape(second, (n, n, n, n))


@pytest.mark.parametrize("entries", SINGULAR.values(), ids=SINGULAR)
def test_derivatives_of_a_determinant_exist_for_singular_matrices(entries):
    first, second = exact_derivatives(entries)
    matrix = np.array(entries)
    np.testing.assert_allclose(gs.grad(np_det)(matrix), first, atol=1e-12)
    np.testing.assert_allclose(gs.hessian(np_det)(matrix), second, atol=1e-12)


def np_det(a):
    return np.linalg.det(a)


first_derivative = gs.grad(np_det, create_graph=True)


def of_first(a):
    return np.sum(first_derivative(a) ** 2)


second_derivative = gs.grad(of_first, create_graph=True)


def of_second(a):
    return np.sum(second_derivative(a) ** 2)


def test_the_third_derivative_at_a_singular_matrix_is_an_error():
    assert np.isfinite(gs.grad(of_second)(np.eye(2))).all()
    with pytest.raises(np.linalg.LinAlgError, match="third derivative"):
        gs.grad(of_second)(np.array(SINGULAR["rank 1 of 2"]))


def square_by_vectors(a):
    values, vectors = np.linalg.eigh(a)
    return np.sum((vectors * values**2) @ vectors.T * np.arange(4.0).reshape(2, 2))


def test_equal_eigenvalues_are_an_error_where_vectors_matter():
    regular = np.array([[1.0, 0.3], [0.3, 2.0]])
    weights = np.arange(4.0).reshape(2, 2)
    symmetric = (weights + weights.T) / 2
    both = symmetric @ regular + regular @ symmetric
    # By the lower triangle, which stands for both.
    expected = np.tril(both) + np.triu(both, k=1).T
    np.testing.assert_allclose(gs.grad(square_by_vectors)(regular), expected, rtol=1e-12)
    with pytest.raises(np.linalg.LinAlgError, match="eigenvalues are equal"):
        gs.grad(square_by_vectors)(np.eye(2))
    with pytest.raises(np.linalg.LinAlgError, match="eigenvalues are equal"):
        gs.jvp(square_by_vectors, (np.eye(2),), (np.ones((2, 2)),))


def test_equal_eigenvalues_do_not_matter_to_their_sum():
    def total(a):
        return np.sum(np.linalg.eigvalsh(a) ** 2)

    np.testing.assert_allclose(gs.grad(total)(np.eye(3)), 2 * np.eye(3))


def rebuilt(a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum((u * s) @ vh * np.arange(6.0).reshape(3, 2))


def test_singular_vectors_have_a_derivative_where_values_differ():
    a = np.array([[1.0, 2.0], [0.5, -1.0], [0.3, 0.2]])
    np.testing.assert_allclose(gs.grad(rebuilt)(a), np.arange(6.0).reshape(3, 2), atol=1e-12)
    with pytest.raises(np.linalg.LinAlgError, match="singular values are equal"):
        gs.grad(rebuilt)(np.eye(3, 2))


def test_a_singular_value_of_zero_is_an_error_where_vectors_matter():
    with pytest.raises(np.linalg.LinAlgError, match="singular value is 0"):
        gs.grad(rebuilt)(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]))


def test_all_singular_vectors_are_refused():
    def whole(a):
        u, s, vh = np.linalg.svd(a)
        return np.sum(u) + np.sum(s)

    with pytest.raises(gs.errors.GradscribeError, match="full_matrices=False"):
        gs.grad(whole)(np.ones((3, 2)))


SQUARE = np.array([[2.0, 0.3, -0.4], [0.1, 1.5, 0.7], [0.5, -0.2, 0.9]])


def of_all_left_vectors(a):
    return np.sum(np.linalg.svd(a)[0] ** 3)


def of_complete_factors(a):
    q, r = np.linalg.qr(a, mode="complete")
    return np.sum(q * r)


@pytest.mark.parametrize("function", [of_all_left_vectors, of_complete_factors])
def test_vectors_beyond_the_matrix_have_no_derivative_unless_it_is_square(function):
    gradient = gs.grad(function, create_graph=True)
    move = np.cos(np.arange(9.0)).reshape(3, 3)

    def along(a):
        return np.sum(gradient(a) * move)

    step = 1e-5
    difference = (function(SQUARE + step * move) - function(SQUARE - step * move)) / (2 * step)
    assert along(SQUARE) == pytest.approx(difference, rel=1e-7)
    # Within another function, too, where lengths are found to be equal only later.
    second = gs.grad(along)(SQUARE)
    difference = (along(SQUARE + step * move) - along(SQUARE - step * move)) / (2 * step)
    assert np.sum(second * move) == pytest.approx(difference, rel=1e-7)
    for derivative in (gs.grad(function), lambda a: gs.jvp(function, (a,), (a,))):
        with pytest.raises(gs.errors.UnsupportedOperationError, match="arbitrary basis"):
            derivative(SQUARE[:, :2])


def test_singular_values_have_a_tangent_whatever_becomes_of_the_vectors():
    def of_values(a):
        return np.sum(np.linalg.svd(a).S)

    matrix, move = SQUARE[:, :2], SQUARE[:, 1:]
    difference = (of_values(matrix + 1e-6 * move) - of_values(matrix - 1e-6 * move)) / 2e-6
    assert gs.jvp(of_values, (matrix,), (move,))[1] == pytest.approx(difference, rel=1e-7)


def product_of_vectors(a):
    return np.sum(np.cross(a, a[::-1] ** 2))


def test_the_length_of_vectors_is_asked_where_their_product_depends_on_it():
    points = np.array([[1.0, 2.0, 0.5], [0.3, -0.7, 0.2]])
    gradient = gs.grad(product_of_vectors)
    move = np.sin(np.arange(6.0)).reshape(2, 3)
    up, down = (product_of_vectors(points + step * move) for step in (1e-6, -1e-6))
    assert np.sum(gradient(points) * move) == pytest.approx((up - down) / 2e-6, rel=1e-7)
    with pytest.raises(gs.errors.UnsupportedOperationError, match="vectors of length 3"):
        gradient(points[:, :2])


GAPS = np.array([0.3, np.nan, 0.7, -0.2, np.nan, 0.9])


def sum_of_squares_that_are_there(x):
    return np.nansum(x**2)


def spread_of_squares_that_are_there(x):
    return np.nanvar(x * x) + np.nanstd(np.sin(x))


@pytest.mark.parametrize("function", [sum_of_squares_that_are_there, spread_of_squares_that_are_there])
def test_what_is_missing_gets_no_derivative_whatever_was_computed_from_it(function):
    there = ~np.isnan(GAPS)
    gradient = gs.grad(function)(GAPS)
    np.testing.assert_array_equal(gradient[~there], 0.0)
    np.testing.assert_allclose(gradient[there], gs.grad(function)(GAPS[there]), rtol=1e-14)


def largest_at_least_zero(x):
    return np.max(x, initial=0.0)


def test_an_initial_value_is_the_extreme_of_nothing():
    value, gradient = gs.value_and_grad(largest_at_least_zero)(np.zeros(0))
    assert (value, gradient.shape) == (0.0, (0,))
    np.testing.assert_array_equal(gs.grad(largest_at_least_zero)(np.array([1.0, 3.0, 3.0])), [0.0, 0.5, 0.5])
    np.testing.assert_array_equal(gs.grad(largest_at_least_zero)(np.array([-1.0, 0.0])), [0.0, 0.5])


def vectors_of_a_real_spectrum(a):
    values, vectors = np.linalg.eig(a)
    return values.real, vectors.real


def test_eigenvectors_that_are_real_take_real_cotangents():
    matrix = np.array([[2.0, 1.0], [0.5, 3.0]])
    move = np.array([[0.3, -0.2], [0.1, 0.4]])
    _, pullback = gs.vjp(vectors_of_a_real_spectrum, matrix)
    weights = (np.array([1.0, -0.5]), np.array([[0.2, 0.7], [-0.4, 0.1]]))
    (gradient,) = pullback(weights)
    up, down = (vectors_of_a_real_spectrum(matrix + step * move) for step in (1e-6, -1e-6))
    slope = sum(np.sum(w * (p - q)) / 2e-6 for w, p, q in zip(weights, up, down, strict=True))
    assert np.sum(gradient * move) == pytest.approx(slope, rel=1e-7)


def eigen(a):
    return np.linalg.eig(a)


def test_real_eigenvectors_themselves_take_real_cotangents():
    matrix = np.array([[2.0, 1.0], [0.5, 3.0]])
    value, pullback = gs.vjp(eigen, matrix)
    expected = gs.vjp(vectors_of_a_real_spectrum, matrix)[1]((np.ones(2), np.ones((2, 2))))
    np.testing.assert_allclose(pullback(tuple(map(np.ones_like, value)))[0], expected[0], rtol=1e-12)
