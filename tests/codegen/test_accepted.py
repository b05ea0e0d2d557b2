"""A saved function refuses arguments that it was not written for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
import pytest

import gradscribe as gs
from tests.programs.load import load_module


class Mode(Enum):
    SUM = 1
    MEAN = 2


@dataclass
class Layer:
    w: np.ndarray
    b: float


class Pair(NamedTuple):
    u: np.ndarray
    v: np.ndarray


def axis(x, k):
    return np.sum(np.sum(x, axis=k) ** 2)


def staggered(u, k):
    return np.sum(k[1:] * (u[1:] - u[:-1]) ** 2)


def point(p):
    return np.hypot(*p)


def column(x):
    return np.sum(x * np.ones((2, 3)))


def mixed(layers, mode=Mode.SUM, *, name="x", **rest):
    total = sum(np.sum(layer.w**2) * layer.b for layer in layers)
    total += np.sum(rest["shift"] * 2.0)
    return total if mode is Mode.SUM and name == "x" else -total


def pair(p, number):
    return np.sum(p.u * p.v) * number


def writes(x, y):
    x[1:] += y[:-1]
    return np.sum(x * x)


def hidden_builtins(type, len, list):
    return np.sum(type * len[0] * list["a"])


def reshaped(x):
    y = x.reshape(-1)
    y[0] = 0.0
    return np.sum(x**2) + np.sum(y)


ONES = np.ones
LAYERS = [Layer(ONES(2), 2.0), Layer(ONES(3), 0.5)]
CASES = [
    (
        axis,
        (ONES((2, 3)), 0),
        {},
        [((ONES((2, 3)), 1), {}), ((ONES((2, 3), int), 0), {}), ((ONES(3), 0), {})],
    ),
    (staggered, (ONES(4), ONES(4)), {}, [((ONES(4), ONES(2)), {}), ((ONES(4), [1.0] * 4), {})]),
    (point, (ONES(2),), {}, [((ONES(3),), {}), ((ONES(2, np.float32),), {})]),
    (column, (ONES((2, 1)),), {}, [((ONES((2, 3)),), {}), ((ONES((1, 1)),), {})]),
    (
        mixed,
        (LAYERS, Mode.SUM),
        {"shift": ONES(2)},
        [
            ((LAYERS[:1], Mode.SUM), {"shift": ONES(2)}),
            ((tuple(LAYERS), Mode.SUM), {"shift": ONES(2)}),
            ((LAYERS, Mode.MEAN), {"shift": ONES(2)}),
            ((LAYERS, Mode.SUM), {"shift": ONES(2), "name": "y"}),
            ((LAYERS, Mode.SUM), {"shift": ONES(2), "more": 1.0}),
            (([Pair(ONES(2), ONES(2))] * 2, Mode.SUM), {"shift": ONES(2)}),
        ],
    ),
    (
        pair,
        (Pair(ONES(2), ONES(2)), np.float32(2.0)),
        {},
        [((Pair(ONES(2), ONES(2)), 2.0), {}), (((ONES(2), ONES(2)), np.float32(2.0)), {})],
    ),
    (hidden_builtins, (ONES(2), [2.0], {"a": 3.0}), {}, [((ONES(2), [2.0, 1.0], {"a": 3.0}), {})]),
    (reshaped, (ONES((2, 3)),), {}, [((ONES((3, 2)).T,), {})]),
]


def saved(derivative, path):
    derivative.save(path)
    return getattr(load_module(path.read_text()), derivative.__name__)


@pytest.mark.parametrize(
    ("function", "args", "kwargs", "others"), CASES, ids=lambda v: getattr(v, "__name__", "")
)
def test_only_the_arguments_it_was_written_for_are_taken(tmp_path, function, args, kwargs, others):
    derivative = gs.grad(function)
    wanted = derivative(*args, **kwargs)
    text = saved(derivative, tmp_path / "saved.py")
    assert repr(wanted) == repr(text(*args, **kwargs))
    for other_args, other_kwargs in others:
        with pytest.raises(
            (TypeError, AttributeError), match=f"`{function.__name__}_grad` was written for|has no"
        ):
            text(*other_args, **other_kwargs)


def test_an_array_that_is_written_shares_memory_with_no_other(tmp_path):
    x = np.arange(4.0)
    derivative = gs.grad(writes)
    wanted = derivative(x, x.copy())
    text = saved(derivative, tmp_path / "saved.py")
    assert np.array_equal(wanted, text(x, x.copy()))
    with pytest.raises(TypeError, match="not np.may_share_memory"):
        text(x, x)
    assert np.array_equal(x, np.arange(4.0))


def test_the_check_reads_as_a_person_would_write_it(tmp_path):
    derivative = gs.grad(axis)
    derivative(np.ones((2, 3)), 0)
    derivative.save(tmp_path / "saved.py")
    assert (
        '    if not (is_array(x, "float64", 2) and isinstance(k, int) and k == 0):\n'
        '        raise TypeError("`axis_grad` was written for x: float64[:, :], k: int, where k == 0")\n'
    ) in (tmp_path / "saved.py").read_text()
