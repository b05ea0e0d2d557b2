"""Ints that decide which code is generated, and that operations must know: arguments, lengths, indices of loops.

In:  nothing.   Out: `PROGRAMS`.
Not here: that what only the run knows is refused (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

X = np.array([0.7, 1.3, 0.4, 0.9])


@at(X, 1)
@at(X, 2)
def differences_of_an_order_that_is_given(x, order):
    return np.sum(np.diff(x, order) ** 2)


@at(X)
def differences_of_all_orders(x):
    total = 0.0
    for order in range(1, len(x)):
        total += np.sum(np.diff(x, n=order) ** 2)
    return total


@at(X, 2)
@at(X, 4)
def parts_of_a_number_that_is_given(x, count):
    return sum(np.prod(part) * (k + 1) for k, part in enumerate(np.split(x, count)))


@at(X, 1)
@at(X, 2)
def the_median_by_a_partition(x, k):
    return np.partition(x, k)[k] ** 2


@at(X, 1)
@at(X, 2)
def gradient_at_the_edges(x, order):
    return np.sum(np.gradient(x**2, edge_order=order) * x)


@at(X, 2)
@at(X, 3)
def powers_of_a_matrix(x, count):
    return np.linalg.matrix_power(np.outer(x, x) + np.eye(len(x)), count)[0, 1]
