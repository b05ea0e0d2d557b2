"""Settings of a wrong kind are refused by the annotations of the function that takes them.

In:  a function that makes an optimiser or a schedule.   Out: one that looks at its arguments first.
Not here: what a number may be besides a number (settings.py), trees that do not fit the parameters (misfit.py).
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

import numpy as np

from gradscribe.optim.settings import described, refused, schedulable

P = ParamSpec("P")
R = TypeVar("R")

# Settings by name: what must not be negative, what must be positive, and what may be infinite for "no limit".
NOT_NEGATIVE = frozenset(
    "eta initial_scale initial_accumulator_value lr_decay min_norm ns_steps random_seed seed".split()
)
POSITIVE = frozenset("clipping_threshold d estim_lr0 init_estim_sq_dist memory_size s_init".split())
UNLIMITED = frozenset(
    "clip_threshold clipping clipping_threshold d l2_norm_clip max_delta max_learning_rate max_norm"
    " max_step_size threshold".split()
)

# Takes the name of the function, that of the setting and a value; returns the value as Python has it.
Kind = Callable[[str, str, Any], Any]


def checked(make: Callable[P, R]) -> Callable[P, R]:
    """The same function; what is annotated as a number, flag or pair of numbers is demanded to be one.

    Numbers in arrays without axes become those of Python.

    Raises:
        GS356: an argument is of another kind.
    """
    name = make.__name__
    kinds = _kinds_of(make)
    positions = list(kinds.items())

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        given: list[Any] = list(args)
        for position, (setting, kind) in enumerate(positions[: len(given)]):
            if kind is not None:
                given[position] = kind(name, setting, given[position])
        named: dict[str, Any] = dict(kwargs)
        for setting, value in named.items():
            kind = kinds.get(setting)
            if kind is not None:
                named[setting] = kind(name, setting, value)
        return make(*given, **named)

    return made


def _kinds_of(make: Callable[..., Any]) -> dict[str, Kind | None]:
    """The kind of each parameter, in order; None for what is not looked at."""
    found: dict[str, Kind | None] = {}
    for setting, parameter in inspect.signature(make).parameters.items():
        annotation = str(parameter.annotation)
        kind = KINDS.get(annotation.removesuffix(" | None"))
        if kind is not None and annotation.endswith(" | None"):
            kind = _or_none(kind)
        found[setting] = kind if parameter.kind is not parameter.VAR_POSITIONAL else None
    return found


def _or_none(kind: Kind) -> Kind:
    return lambda name, setting, value: None if value is None else kind(name, setting, value)


def _plain(value: Any) -> Any:
    """The number in an array without axes; anything else as it is."""
    return value.item() if isinstance(value, np.ndarray) and value.shape == () else value


def _number(name: str, setting: str, value: Any) -> Any:
    plain = _plain(value)
    if isinstance(plain, bool) or not isinstance(plain, Real) or math.isnan(plain):
        raise refused(name, described(setting, value), "pass a number" + schedulable(value))
    if math.isinf(plain) and setting not in UNLIMITED:
        raise refused(name, described(setting, plain), "pass a finite number")
    _check_sign(name, setting, float(plain))
    return plain


def _check_sign(name: str, setting: str, value: float) -> None:
    if value < 0.0 and (setting in NOT_NEGATIVE or setting.startswith("eps")):
        raise refused(name, described(setting, value), "pass a number of at least 0")
    if value <= 0.0 and setting in POSITIVE:
        raise refused(name, described(setting, value), "pass a positive number")


def _rate(name: str, setting: str, value: Any) -> Any:
    if callable(value):
        return value
    plain = _plain(value)
    if isinstance(plain, bool) or not isinstance(plain, Real) or not math.isfinite(plain):
        fix = "pass a number or a schedule; parameters are passed to `init` and `step`"
        raise refused(name, described(setting, value), fix)
    return plain


def _count(name: str, setting: str, value: Any) -> Any:
    plain = _plain(value)
    # As `1e4` steps are written.
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    if isinstance(plain, bool) or not isinstance(plain, Integral):
        raise refused(name, described(setting, value), "pass an int")
    _check_sign(name, setting, float(plain))
    return plain


def _flag(name: str, setting: str, value: Any) -> bool:
    if isinstance(value, (bool, np.bool)) or (isinstance(value, Integral) and value in (0, 1)):
        return bool(value)
    raise refused(name, described(setting, value), "pass True or False")


def _text(name: str, setting: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise refused(name, described(setting, value), "pass a string")
    return value


def _function(name: str, setting: str, value: Any) -> Any:
    if not callable(value):
        raise refused(name, described(setting, value), "pass a function")
    return value


def _axes(name: str, setting: str, value: Any) -> Any:
    several = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(one, Integral) and not isinstance(one, bool) for one in several):
        raise refused(name, described(setting, value), "pass an int, or a tuple of ints")
    return value


def _dtype(name: str, setting: str, value: Any) -> Any:
    fix = "pass np.float16, np.float32 or np.float64; NumPy has no bfloat16"
    try:
        found = np.dtype(value)
    except TypeError:
        raise refused(name, described(setting, value), fix) from None
    if found.kind != "f":
        raise refused(name, f"`{setting}` is {found.name}", fix)
    return found


def _schedules(name: str, setting: str, value: Any) -> Any:
    for number, one in enumerate(_several(name, setting, value, "schedules")):
        if not callable(one):
            fix = "pass functions of the step, such as `constant_schedule(0.1)`"
            raise refused(name, described(f"{setting}[{number}]", one), fix)
    return value


def _counts(name: str, setting: str, value: Any) -> list[Any]:
    parts = _several(name, setting, value, "ints")
    return [_count(name, f"{setting}[{number}]", one) for number, one in enumerate(parts)]


def _by_step(name: str, setting: str, value: Any) -> dict[Any, Any]:
    if not isinstance(value, Mapping):
        raise refused(
            name, described(setting, value), "pass a dict of numbers by steps, such as `{100: 0.1}`"
        )
    for step in value:
        if isinstance(step, bool) or not isinstance(step, Integral) or step < 0:
            raise refused(name, f"`{setting}` has {step!r} for a step", "pass a dict of numbers by steps")
    return {step: _number(name, f"{setting}[{step}]", factor) for step, factor in value.items()}


def _several(name: str, setting: str, value: Any, what: str) -> Sequence[Any]:
    if isinstance(value, np.ndarray) and value.ndim == 1:
        return list(value)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise refused(name, described(setting, value), f"pass a list of {what}")
    return value


def _numbers(length: int, first: Kind = _number) -> Kind:
    words = {2: "two", 3: "three"}[length]

    def some(name: str, setting: str, value: Any) -> tuple[Any, ...]:
        parts = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
        if isinstance(value, np.ndarray) and value.ndim == 1:
            parts = value.tolist()
        if len(parts) != length:
            raise refused(name, described(setting, value), f"pass a tuple of {words} numbers")
        kinds = [first] + [_number] * (length - 1)
        return tuple(
            kind(name, f"{setting}[{k}]", part)
            for k, (kind, part) in enumerate(zip(kinds, parts, strict=True))
        )

    return some


KINDS: dict[str, Kind] = {
    "float": _number,
    "ScalarOrSchedule": _rate,
    "int": _count,
    "bool": _flag,
    "str": _text,
    "DTypeLike": _dtype,
    "int | tuple[int, ...]": _axes,
    "Callable[..., Any]": _function,
    "Callable[[Any], Any]": _function,
    "Callable[[int], float]": _function,
    "Sequence[Schedule]": _schedules,
    "Sequence[int]": _counts,
    "Mapping[int, float]": _by_step,
    "tuple[float, float]": _numbers(2),
    "Betas": _numbers(2),
    "tuple[float | None, float]": _numbers(2, _or_none(_number)),
    "tuple[float, float, float]": _numbers(3),
}
