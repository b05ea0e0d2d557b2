"""Views that a branch chooses in a loop that returns: on the way that returns, there is nothing to view.

In:  nothing.   Out: `PROGRAMS`.
Not here: returns from loops as such (control.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
STAYS = np.array([0.3, 0.5, 0.7, 0.2])
RETURNS = np.array([0.3, 0.5, 1.7, 0.2])
RETURNS_LATER = np.array([0.3, 1.43, 0.7, 0.2])
WEIGHTS = np.array([1.0, 2.0, 0.5, 0.1])


@at(STAYS, 3)
@at(RETURNS, 3)
@at(RETURNS_LATER, 3)
def a_view_or_the_array(x, n):
    v = np.zeros(4)
    for k in range(n):
        for i in range(len(x)):
            if x[i] > 1.5 - 0.1 * k:
                return x[i] * v[0] + k
            v[i % 3] += x[0] * x[i]
            v = v.copy()
        if v[0] < 0.37:
            pass
        else:
            v = v[::-1]
    return v @ WEIGHTS


@at(STAYS, 3)
@at(RETURNS, 3)
@at(RETURNS_LATER, 3)
def one_of_two_views(x, n):
    v = np.zeros(4)
    for k in range(n):
        for i in range(len(x)):
            if x[i] > 1.5 - 0.1 * k:
                return x[i] * v[0] + k
            v[i % 3] += x[0] * x[i]
            v = v.copy()
        v = v[::-1] if v[0] < 0.37 else v[:]
        v[1] *= x[1]
    return v @ WEIGHTS


@at(STAYS, 3)
@at(RETURNS, 3)
def a_row_that_a_break_leaves(x, n):
    table = np.outer(x, x)
    total = 0.0
    for k in range(n):
        for i in range(len(x)):
            if table[i, k] > 1.5:
                return total + table[i, k]
            table[i] *= x[k]
        row = table[k] if table[k, 0] > 0.1 else table[:, k]
        row[k] += x[0]
        total += row @ WEIGHTS
    return total + table.sum()
