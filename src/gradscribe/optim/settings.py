"""Settings of optimisers and schedules that mean nothing are refused where they are given.

In:  the name of a function and its settings.   Out: errors.
Not here: trees that do not fit the parameters (misfit.py).
"""

from __future__ import annotations

import inspect
import math
from numbers import Integral, Real
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError


def refused(name: str, what: str, fix: str) -> UsageError:
    """The error of a setting that cannot mean anything."""
    return UsageError(Diagnostic("GS356", f"`{name}`: {what}", fix=fix))


def check_decays(name: str, **decays: Any) -> None:
    """Demand that each is a share of what was that is kept: from 0 on, and below 1.

    Raises:
        GS356: one is not.
    """
    for setting, value in decays.items():
        if not (isinstance(value, Real) and 0.0 <= float(value) < 1.0):
            fix = "pass a number from 0 up to, but not, 1"
            raise refused(name, described(setting, value), fix + schedulable(value))


def check_not_negative(name: str, **numbers: Any) -> None:
    """Demand that each is a number of at least 0.

    Raises:
        GS356: one is not.
    """
    for setting, value in numbers.items():
        if not (isinstance(value, Real) and float(value) >= 0.0):
            raise refused(name, described(setting, value), "pass a number of at least 0" + schedulable(value))


def check_positive(name: str, **numbers: Any) -> None:
    """Demand that each is a number above 0.

    Raises:
        GS356: one is not.
    """
    for setting, value in numbers.items():
        if not (isinstance(value, Real) and float(value) > 0.0):
            raise refused(name, described(setting, value), "pass a positive number" + schedulable(value))


def check_counts(name: str, least: int = 1, **counts: Any) -> None:
    """Demand that each is an int of at least `least`.

    Raises:
        GS356: one is not.
    """
    for setting, value in counts.items():
        if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
            raise refused(name, described(setting, value), f"pass an int of at least {least}")


def check_rate(name: str, rate: Any, setting: str = "learning_rate") -> None:
    """Demand a learning rate, or another setting that may change: a finite number, or a schedule.

    Raises:
        GS356: it is neither.
    """
    if not callable(rate) and not (is_number(rate) and math.isfinite(rate)):
        fix = "pass a number or a schedule; parameters are passed to `init` and `step`"
        raise refused(name, described(setting, rate), fix)


def check_takes(name: str, role: str, function: Any, *arguments: Any) -> None:
    """Demand a function that takes these arguments.

    Raises:
        GS356: it is no function, or takes others.
    """
    if not callable(function):
        raise refused(name, described(role, function), "pass a function")
    try:
        taken = inspect.signature(function)
    except ValueError:
        return
    try:
        taken.bind(*arguments)
    except TypeError as error:
        data = len(arguments) - 1
        what = f"`{role}` takes `{taken}`, but is called with the parameters and {data} further arguments: {error}"
        raise refused(name, what, f"pass after the parameters what `{role}` takes after them") from None


def is_number(value: Any) -> bool:
    """A real number, be it of Python or NumPy, an array without axes included."""
    return isinstance(value, Real) or (isinstance(value, np.ndarray) and value.shape == ())


def described(setting: str, value: Any) -> str:
    """What a setting is, in the words of an error."""
    shown = repr(value) if isinstance(value, Real | str) else f"a {type(value).__name__}"
    return f"`{setting}` is {shown}"


def schedulable(value: Any) -> str:
    """Where a schedule may stand, if the value looks like one."""
    return "; `inject_hyperparams` takes schedules for any setting" if callable(value) else ""
