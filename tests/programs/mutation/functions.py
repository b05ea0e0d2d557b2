"""Functions and methods that write into an array they are given.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(12)


@at(rng.normal(size=4), rng.normal(size=3))
def add_at(x, y):
    z = x * 1.0
    np.add.at(z, [0, 0, 2], y)
    np.subtract.at(z, np.array([1, 1]), y[0])
    return np.sum(z**2)
