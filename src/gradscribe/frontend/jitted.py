"""Functions that Numba compiles: what is differentiated is the Python that they were made from.

In:  any callable.   Out: the function it was made from, or the callable itself.
Not here: `numba.vectorize`, whose functions are ufuncs without an entry in the table.
"""

from __future__ import annotations

import sys
from typing import Any

# Numba is looked up, never imported: who has such a function has imported it.
DISPATCHERS = "numba.core.dispatcher"


def is_jitted(function: object) -> bool:
    """`function` was decorated by `numba.jit` or `numba.njit`."""
    dispatchers = sys.modules.get(DISPATCHERS)
    return dispatchers is not None and isinstance(function, dispatchers.Dispatcher)


def python_of(function: Any) -> Any:
    """The Python function that Numba was given; anything else is itself."""
    return function.py_func if is_jitted(function) else function
