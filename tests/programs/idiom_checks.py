"""What must hold for the derivative of a program written by hand.

In:  an idiom.   Out: nothing, or an AssertionError.
Not here: the programs (idioms.py, mutation/), random ones (checks.py).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import gradscribe as gs
from tests.programs.idioms import Idiom

# Maxima and branches have kinks; the points chosen lie away from them, but a step must stay small.
STEP = 1e-5
SINGLE = 1e-2


def is_flat(idiom: Idiom) -> bool:
    """Its arguments are numbers and arrays."""
    return all(isinstance(arg, float | int | np.ndarray) for arg in idiom.args)


def is_double(idiom: Idiom) -> bool:
    """Its arguments are numbers and arrays, none in single precision."""
    return is_flat(idiom) and all(getattr(arg, "dtype", None) != np.float32 for arg in idiom.args)


def leaves(value, path=()):
    """Places of the floats in nested arguments."""
    if isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        yield path
    elif isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], (*path, ("item", key)))
    elif isinstance(value, list | tuple):
        for key, part in enumerate(value):
            yield from leaves(part, (*path, ("item", key)))
    elif hasattr(value, "__dict__"):
        for key, part in vars(value).items():
            yield from leaves(part, (*path, ("attribute", key)))


def read(value, path):
    for kind, key in path:
        value = value[key] if kind == "item" else getattr(value, key)
    return value


def replaced(value, path, new):
    """A copy with one place replaced."""
    if not path:
        return new
    (kind, key), *rest = path
    if kind == "attribute":
        result = copy.copy(value)
        object.__setattr__(result, key, replaced(getattr(value, key), rest, new))
        return result
    if isinstance(value, dict):
        return {**value, key: replaced(value[key], rest, new)}
    items = list(value)
    items[key] = replaced(items[key], rest, new)
    return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)


def differences(function, args, path):
    """Central differences of fourth order."""
    point = read(args, path)
    base = np.asarray(point, float)
    h = SINGLE if np.asarray(point).dtype == np.float32 else STEP
    result = np.zeros_like(base)
    for index in np.ndindex(base.shape):

        def value(step, index=index):
            moved = base.copy()
            moved[index] += step
            new = moved.astype(point.dtype) if isinstance(point, np.ndarray) else type(point)(moved)
            return float(function(*replaced(copy.deepcopy(args), path, new)))

        near, far = value(h) - value(-h), value(2 * h) - value(-2 * h)
        result[index] = (8 * near - far) / (12 * h)
    return result


def active(args):
    return tuple(k for k, arg in enumerate(args) if next(leaves(arg), None) is not None)


def directions(args, argnums):
    rng = np.random.default_rng(5)
    return tuple(
        rng.normal(size=np.shape(args[k])).astype(np.asarray(args[k]).dtype)
        if isinstance(args[k], np.ndarray)
        else float(rng.normal())
        for k in argnums
    )


def check_idiom(idiom: Idiom) -> None:
    """Value and gradient; of numbers and arrays both modes, in double precision second order, too."""
    derivative = value_and_gradients(idiom)
    check_value_and_gradient(idiom, derivative)
    if is_flat(idiom):
        check_modes(idiom, derivative)
    if is_double(idiom):
        check_second_derivative(idiom, derivative)


def value_and_gradients(idiom: Idiom) -> Callable[..., Any]:
    """The derivative that the others are compared with: made once, since most of the time is taken to make it."""
    return gs.value_and_grad(idiom.function, argnums=active(idiom.args))


def check_value_and_gradient(idiom: Idiom, derivative: Callable[..., Any] | None = None) -> None:
    """The value is bit for bit the function's, the gradient that of differences; arguments are left alone."""
    function, args = idiom.function, idiom.args
    argnums = active(args)
    kept = copy.deepcopy(args)
    value, gradients = (derivative or value_and_gradients(idiom))(*args)
    expected = function(*copy.deepcopy(args))
    assert (type(expected), np.asarray(expected).tobytes()) == (type(value), np.asarray(value).tobytes())
    for path in leaves(args):
        np.testing.assert_array_equal(read(args, path), read(kept, path))
        found = read(gradients, (("item", argnums.index(path[0][1])), *path[1:]))
        given = read(args, path)
        assert (type(given), np.asarray(given).dtype) == (type(found), np.asarray(found).dtype)
        single = np.asarray(given).dtype == np.float32
        wanted = differences(function, args, path)
        np.testing.assert_allclose(
            found, wanted, rtol=2e-2 if single else 1e-6, atol=2e-2 if single else 1e-6
        )


def check_modes(idiom: Idiom, derivative: Callable[..., Any]) -> None:
    """Forward mode and the pullback say what the gradient says."""
    function, args = idiom.function, idiom.args
    argnums = active(args)
    _, gradients = derivative(*args)
    vectors = directions(args, argnums)
    tangents = tuple(
        vectors[argnums.index(k)]
        if k in argnums
        else np.zeros_like(arg)
        if isinstance(arg, np.ndarray)
        else 0
        for k, arg in enumerate(args)
    )
    _, tangent = gs.jvp(function, args, tangents)
    inner = sum(float(np.sum(g * v)) for g, v in zip(gradients, vectors, strict=True))
    single = any(getattr(args[k], "dtype", None) == np.float32 for k in argnums)
    assert tangent == pytest.approx(inner, rel=1e-4 if single else 1e-9)
    _, pullback = gs.vjp(function, *args)
    cotangents = pullback()
    for k, gradient in zip(argnums, gradients, strict=True):
        np.testing.assert_allclose(cotangents[k], gradient, rtol=1e-12)


def check_second_derivative(idiom: Idiom, derivative: Callable[..., Any]) -> None:
    """The derivative of the gradient, reverse over reverse and forward over reverse, is their difference."""
    function, args = idiom.function, idiom.args
    argnums = active(args)
    first = gs.grad(function, argnums=argnums, create_graph=True)
    vectors = directions(args, argnums)

    def along(*point):
        total = 0.0
        for gradient, vector in zip(first(*point), vectors):
            total = total + np.sum(gradient * vector)
        return total

    def moved(step):
        point = list(copy.deepcopy(args))
        for k, vector in zip(argnums, vectors, strict=True):
            point[k] = point[k] + step * vector
        return derivative(*point)[1]

    second = gs.grad(along, argnums=argnums)(*args)
    for found, up, down in zip(second, moved(STEP), moved(-STEP), strict=True):
        wanted = (np.asarray(up) - np.asarray(down)) / (2 * STEP)
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    tangents = [vectors[argnums.index(k)] if k in argnums else None for k in range(len(args))]
    pushed = gs.hvp(function, args, tangents)
    for found, wanted in zip(pushed if len(args) > 1 else (pushed,), second, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)
