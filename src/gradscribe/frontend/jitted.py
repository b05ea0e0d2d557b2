"""Functions that Numba compiles: what is differentiated is the Python that they were made from.

In:  any callable.   Out: the function it was made from, or the callable itself.
Not here: calls of what `numba.vectorize` makes (numba_ufuncs.py).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Any, Protocol, TypeGuard

# Numba is looked up, never imported: who has such a function has imported it.
DISPATCHERS = "numba.core.dispatcher"
UFUNCS = "numba.np.ufunc.dufunc"


def is_jitted(function: object) -> bool:
    """`function` was decorated by `numba.jit` or `numba.njit`."""
    dispatchers = sys.modules.get(DISPATCHERS)
    return dispatchers is not None and isinstance(function, dispatchers.Dispatcher)


class Elementwise(Protocol):
    """What `numba.vectorize` makes."""

    __name__: str
    types: Sequence[str]
    __wrapped__: FunctionType


def is_elementwise(function: object) -> TypeGuard[Elementwise]:
    """`function` was decorated by `numba.vectorize`."""
    ufuncs = sys.modules.get(UFUNCS)
    return ufuncs is not None and isinstance(function, ufuncs.DUFunc)


def is_compiled(function: object) -> bool:
    """Numba compiles it."""
    return is_jitted(function) or is_elementwise(function)


def python_of(function: Any) -> Any:
    """The Python function that Numba was given; anything else is itself."""
    return function.py_func if is_jitted(function) else function
