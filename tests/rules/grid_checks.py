"""What must hold for a call with arguments of any layout and kind.

Its value is NumPy's, bit for bit, and of the same kind; gradients have the dtype, the shape and the kind of their
arguments and share no memory with them; forward and reverse mode agree; no argument is written. Where the call
itself raises, so does the derivative, and everything else that fails is an error of gradscribe that says why.

In:  a function, arguments.   Out: '' or what is wrong.
Not here: the calls (calls.py).
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

import gradscribe as gs
from gradscribe.errors import GradscribeError, InternalError


def fault(function: Callable[..., Any], args: list[Any]) -> str:
    """What is wrong with the derivatives of a function at these arguments, '' if nothing."""
    kept = [np.array(arg) for arg in args]
    try:
        expected = function(*args)
    except Exception:
        return _must_raise(function, args)
    try:
        found = _derivatives(function, args, expected)
    except InternalError as error:
        return f"{error}"
    except GradscribeError:
        found = ""
    except Exception as error:
        found = "" if _is_stated(error) else f"{type(error).__name__}: {error}"
    same = all(
        np.array_equal(arg, old, equal_nan=old.dtype.kind in "fc")
        for arg, old in zip(args, kept, strict=True)
    )
    return found if same else "an argument was written"


def _is_stated(error: Exception) -> bool:
    """Whether it says what is wrong: in a note, or because gradscribe or what it has generated raises it."""
    innermost = traceback.extract_tb(error.__traceback__)[-1]
    is_ours = innermost.filename.startswith("<gradscribe") or "gradscribe/runtime" in innermost.filename
    raised = is_ours and (innermost.line or "").startswith("raise ")
    return raised or any(note.startswith("GS323") for note in getattr(error, "__notes__", ()))


def _must_raise(function: Callable[..., Any], args: list[Any]) -> str:
    try:
        gs.vjp(function, *args)
    except InternalError as error:
        return f"{error}"
    except Exception:
        return ""
    return "the function raises, its derivative does not"


def _derivatives(function: Callable[..., Any], args: list[Any], expected: Any) -> str:
    value, pullback = gs.vjp(function, *args)
    differs = _kind_of_tuple(value, expected) or difference(value, expected)
    if differs or not any(map(_is_inexact, _leaves(value))):
        return differs
    rng = np.random.default_rng(7)
    active = [k for k, arg in enumerate(args) if _is_inexact(arg)]
    seed = _seed(value, rng)
    pulled = pullback(seed)
    for k in active:
        wrong = _kind_of(pulled[k], args[k])
        if wrong or (isinstance(args[k], np.ndarray) and np.shares_memory(pulled[k], args[k])):
            return f"the gradient of argument {k} is {wrong or 'a view of it'}"
    moves = [_like(arg, rng) if k in active else _still(arg) for k, arg in enumerate(args)]
    again, tangent = gs.jvp(function, tuple(args), tuple(moves))
    pairs = [(t, v) for t, v in zip(_leaves(tangent), _leaves(value), strict=True) if _is_inexact(v)]
    for t, v in pairs:
        if np.shape(t) != np.shape(v) or np.asarray(t).dtype != np.asarray(v).dtype:
            return f"the tangent is {_kind_of(t, v)}"
    if not all(np.all(np.isfinite(v)) for _, v in pairs):
        return difference(again, expected)
    reverse = _inner([pulled[k] for k in active], [moves[k] for k in active])
    forward = _inner([part for part in _leaves(seed) if part is not None], [t for t, _ in pairs])
    tolerance = 3e-3 if any(_is_single(leaf) for leaf in [*args, *_leaves(value)]) else 1e-8
    if not np.isclose(reverse, forward, rtol=tolerance, atol=tolerance):
        return f"reverse mode says {reverse}, forward mode {forward}"
    return difference(again, expected)


def _kind_of(found: Any, wanted: Any) -> str:
    """How an object differs from what it should be like, '' if it does not."""
    kinds = [
        (isinstance(item, np.ndarray), np.asarray(item).dtype, np.shape(item)) for item in (found, wanted)
    ]
    return "" if kinds[0] == kinds[1] else f"{kinds[0][1]}{kinds[0][2]} for {kinds[1][1]}{kinds[1][2]}"


def _flag(leaf: Any) -> Any:
    """SciPy 1.18 gives back some flags that it was given, `lower`, as arrays without dimensions."""
    is_wrapped = isinstance(leaf, np.ndarray) and leaf.dtype == bool and leaf.ndim == 0
    return bool(leaf) if is_wrapped else leaf


def difference(value: Any, expected: Any) -> str:
    """What differs between two results, '' if nothing."""
    ones, others = _leaves(value), [_flag(leaf) for leaf in _leaves(expected)]
    if len(ones) != len(others):
        return f"{len(ones)} results for {len(others)}"
    for one, other in zip(ones, others, strict=True):
        if type(one) is not type(other) or _kind_of(one, other):
            return f"the value is a {type(one).__name__} for a {type(other).__name__}, {_kind_of(one, other)}"
        nan = np.asarray(one).dtype.kind in "fc"
        if not np.array_equal(one, other, equal_nan=nan):
            return f"the value is {one}, not {other}"
    return ""


def _kind_of_tuple(value: Any, expected: Any) -> str:
    """Named tuples of NumPy are the same class; of those of SciPy, the numbers in them are there by name."""
    is_named = isinstance(expected, tuple) and hasattr(expected, "_fields")
    if not is_named or (type(expected).__module__.startswith("scipy") and value._fields == expected._fields):
        return ""
    return (
        "" if type(value) is type(expected) else f"a {type(value).__name__} for a {type(expected).__name__}"
    )


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in _leaves(item)]
    return [] if value is None else [value]


def _is_inexact(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fc"


def _is_single(value: Any) -> bool:
    return np.asarray(value).dtype in (np.float32, np.complex64)


def _like(value: Any, rng: np.random.Generator) -> Any:
    drawn = rng.uniform(-1.0, 1.0, np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.uniform(-1.0, 1.0, np.shape(value))
    if isinstance(value, np.ndarray):
        return np.asarray(drawn).astype(value.dtype)
    return value.dtype.type(drawn) if isinstance(value, np.generic) else type(value)(drawn)


def _still(arg: Any) -> Any:
    return np.zeros_like(arg) if isinstance(arg, np.ndarray) and _is_inexact(arg) else None


def _seed(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_seed(item, rng) for item in value))
    if isinstance(value, tuple | list):
        return type(value)([_seed(item, rng) for item in value])
    if isinstance(value, dict):
        return {key: _seed(item, rng) for key, item in value.items()}
    return _like(value, rng) if value is not None and _is_inexact(value) else None


def _inner(ones: list[Any], others: list[Any]) -> float:
    pairs = zip(ones, others, strict=True)
    return sum(float(np.sum(np.asarray(a, complex) * np.asarray(b, complex)).real) for a, b in pairs)
