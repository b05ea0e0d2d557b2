"""`contextlib.suppress`: the block ends where such an exception is raised.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import contextlib
import math
from contextlib import suppress

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(0.7, 1.3)
@at(0.7, -1.3)
def what_was_raised(x, y):
    s = x * x
    with contextlib.suppress(ValueError):
        if y > 0:
            raise ValueError("above")
        s = s * 2
    return s * y


@at(0.7, 1.3)
@at(0.7, -1.3)
def what_a_function_raises(x, y):
    s = x * x
    with suppress(ZeroDivisionError, ValueError):
        s = s * math.log(y)
    return s * y


@at(0.7, 1.3)
@at(0.7, -1.3)
def returned_inside(x, y):
    with suppress(ValueError):
        return math.sqrt(y) * x
    return x * y


@at(np.array([0.7, 1.3, -0.4]))
@at(np.array([-0.7, 1.3, 0.4]))
def product_with_what_may_not_be_there(x):
    s = 0.0
    for v in x:
        with suppress(ValueError):
            s += math.sqrt(v) * v
            continue
        s -= v * x[1]
    return s


@at(np.array([0.7, 1.3, -0.4]), 3)
def in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        with suppress(ValueError), np.errstate(all="ignore"):
            root = math.sqrt(float(x[i])) * x[i]
            s = s + root
    return s * x[0]
