"""Results with names: read by name inside, returned as the library returns them."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

import gradscribe as gs

A = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, 0.2], [0.1, 0.2, 3.0]])


@pytest.mark.parametrize(
    "function",
    [
        lambda a: np.linalg.eig(a),
        lambda a: np.linalg.eigh(a),
        lambda a: np.linalg.qr(a),
        lambda a: np.linalg.slogdet(a),
        lambda a: np.unique_all(a),
        lambda a: np.unique_counts(a),
        lambda a: np.unique_inverse(a),
        lambda a: np.linalg.svd(a, full_matrices=False),
        lambda a: np.linalg.svd(a, hermitian=True),
    ],
)
def test_named_tuples_of_numpy_are_returned_as_such(function):
    expected = function(A)
    value, tangent = gs.jvp(function, (A,), (A,))
    pulled, pullback = gs.vjp(function, A)
    assert type(value) is type(tangent) is type(pulled) is type(expected)
    cotangent = type(expected)(*(part if part.dtype.kind in "fc" else None for part in expected))
    assert pullback(cotangent)[0].shape == A.shape


def by_name(a):
    sizes, values = np.linalg.slogdet(a), np.linalg.eigh(a)
    decomposed, distinct = np.linalg.svd(a, full_matrices=False), np.unique_all(a)
    repeats = np.sum(distinct.values * distinct.counts + distinct.inverse_indices[0, 0])
    return sizes.sign * sizes.logabsdet + values.eigenvalues[0] + decomposed.S[1] + repeats


def test_parts_are_read_by_name():
    gs.testing.check_grads(lambda x: by_name(x + x.T), (A,), order=2)


def line_and_test(a):
    line, test = scipy.stats.linregress(a[0], a[1]), scipy.stats.ttest_ind(a[0], a[1])
    return line, test


def test_line_and_test_scipy_keep_their_names():
    (line, test), _ = gs.vjp(line_and_test, A)
    expected = line_and_test(A)
    assert (line.slope, line.stderr) == (expected[0].slope, expected[0].stderr)
    assert (test.statistic, test.pvalue) == (expected[1].statistic, expected[1].pvalue)


REPEATS = np.array([[2.0, 0.5, 2.0], [0.5, 1.0, 0.5]])


def test_different_values_are_read_where_they_stand_first():
    def weighted(x):
        values, positions, inverse, counts = np.unique(x, True, True, True)
        return values @ (counts * 1.0) + values[inverse[0, 1]] + np.sum(positions)

    np.testing.assert_array_equal(gs.grad(weighted)(REPEATS), [[2.0, 4.0, 0.0], [0.0, 1.0, 0.0]])


def test_different_columns_are_read_where_they_stand_first():
    columns, pullback = gs.vjp(lambda x: np.unique(x, axis=1), REPEATS)
    np.testing.assert_array_equal(columns, np.unique(REPEATS, axis=1))
    np.testing.assert_array_equal(pullback(np.array([[1.0, 2.0], [3.0, 4.0]]))[0], [[2, 1, 0], [4, 3, 0]])


def test_different_values_in_any_order():
    x = np.random.default_rng(0).permutation(np.repeat(np.arange(40.0), 2))
    values, pullback = gs.vjp(lambda a: np.unique_values(a), x)
    first = [np.flatnonzero(x == value)[0] for value in values]
    expected = np.zeros(80)
    expected[first] = values
    np.testing.assert_array_equal(pullback(values)[0], expected)


def test_a_plain_tuple_is_taken_for_a_named_one():
    pulled = []
    for kind in (tuple, type(np.linalg.eigh(A))._make):
        (_, vectors), pullback = gs.vjp(lambda a: np.linalg.eigh(a), A)
        pulled.append(pullback(kind([A[0], vectors]))[0])
    np.testing.assert_array_equal(*pulled)
