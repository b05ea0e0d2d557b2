"""Programs that print and raise: what they do, they do once and in order, also when differentiated.

In:  nothing.   Out: `check_effects`.
"""

from __future__ import annotations

import contextlib
import io
import math
import warnings
from collections.abc import Callable
from typing import Any

import gradscribe as gs
from tests.programs.checks import Mismatch

Function = Callable[..., Any]


def prints_in_a_loop(x: float, n: int = 3) -> float:
    """Two equal messages in each iteration, which must both appear."""
    s = x
    for i in range(n):
        print("step", i)
        s = s * math.sin(x)
        print("same")
        print("same")
    return s


def prints_in_branches(x: float) -> float:
    """A message of a branch, and one of a value that the result does not need."""
    unused = x * 3.0
    if x > 0.5:
        print("large", unused)
        y = x * x
    else:
        print("small")
        y = x
    print(y)
    return y


def prints_in_a_helper(x: float) -> float:
    """A message of a function that is called twice."""
    return _told(x) * _told(x * 2.0)


def _told(t: float) -> float:
    print("told", t)
    return t * t


def warns(x: float) -> float:
    """A warning under a condition, and one in each iteration."""
    if x > 0.5:
        warnings.warn(f"large: {x}", RuntimeWarning, stacklevel=2)
    for i in range(2):
        warnings.warn(f"step {i}")  # noqa: B028
    return x * x


def asserts(x: float) -> float:
    """An assertion that nothing depends on."""
    assert x < 2.0, "too large"
    return x * x


def raises(x: float) -> float:
    """An exception under a condition."""
    if x > 2.0:
        raise ValueError(f"too large: {x}")
    return x * x


FUNCTIONS: tuple[Function, ...] = (
    prints_in_a_loop,
    prints_in_branches,
    prints_in_a_helper,
    warns,
    asserts,
    raises,
)


def outcome(function: Function, argument: float) -> tuple[str, str]:
    """What a call prints and warns of, and the exception that leaves it."""
    printed, error = io.StringIO(), ""

    def warned(message, category, *place):  # type: ignore[no-untyped-def]
        print(category.__name__, message)

    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = warned
        try:
            function(argument)
        except (AssertionError, ValueError) as raised:
            error = repr(raised)
    return printed.getvalue(), error


def check_effects() -> None:
    """A derivative prints and raises what its function does, at orders 1 and 2."""
    for function in FUNCTIONS:
        first = gs.grad(function, create_graph=True)
        for derivative in (gs.value_and_grad(function), gs.grad(first)):
            for argument in (0.3, 0.7, 2.5):
                expected, actual = outcome(function, argument), outcome(derivative, argument)
                if actual != expected:
                    raise Mismatch(
                        f"effects of {function.__name__}({argument}): {actual}, expected {expected}"
                    )
