"""Arrays that a loop inside of a loop writes to, and in whose place the outer loop puts others.

In:  nothing.   Out: `PROGRAMS`.
Not here: loops that write to what stays (tests/programs/mutation).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(np.array([1.3, 0.7, 0.4]), 2)
@at(np.array([-0.5, 0.2, 1.1]), 3)
def written_and_rebound_by_a_nested_function(x, n):
    n = n + int(x[0] > 9.0)
    a = x.copy()

    def inner():
        nonlocal a
        for j in range(n):
            a[j % 3] = a[0] * x[0]
        a = a * 0.5

    for _ in range(n):
        inner()
    return a.sum()


class _Held:
    def __init__(self, row):
        self.row = row

    def step(self, x, n):
        j = 0
        while j < n:
            self.row[j % 3] = self.row[0] * x[0]
            j += 1
        self.row = self.row * 0.5


@at(np.array([1.3, 0.7, 0.4]), 2)
@at(np.array([-0.5, 0.2, 1.1]), 3)
def written_and_replaced_by_a_method(x, n):
    n = n + int(x[0] > 9.0)
    held = _Held(x.copy())
    for _ in range(n):
        held.step(x, n)
    return held.row.sum()


@at(np.array([1.3, 0.7, 0.4]), 2)
@at(np.array([-0.5, 0.2, 1.1]), 3)
def written_and_replaced_in_a_list(x, n):
    n = n + int(x[0] > 9.0)
    state = [x * 1.0, 0.0]

    def inner():
        for j in range(n):
            state[0][j % 3] = state[0][1] * x[0]
        state[0] = state[0] * 0.5

    for _ in range(n):
        inner()
    return state[0] @ x
