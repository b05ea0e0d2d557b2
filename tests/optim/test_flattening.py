"""Nested parameters as one vector: exact round trips, and errors that name the leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest

from gradscribe.errors import UsageError
from gradscribe.optim.bounds import bound_vectors
from gradscribe.optim.flattening import Flattening


class Layer(NamedTuple):
    W: np.ndarray
    b: np.ndarray


@dataclass
class Model:
    layers: list
    scale: float
    activation: str


def model():
    layers = [
        Layer(np.arange(6.0).reshape(2, 3), np.arange(3, dtype=np.float32)),
        Layer(np.zeros((0, 2)), np.array(7.0)),
    ]
    return Model(layers, 0.5, "tanh")


def test_round_trip_keeps_structure_kinds_dtypes_and_static_parts():
    tree = {"m": model(), "n": (np.float32(1.5), None)}
    layout = Flattening.of(tree)
    back = layout.unravel(layout.ravel(tree))
    assert back["m"].activation == "tanh"
    assert type(back["m"].scale) is float
    assert type(back["n"][0]) is np.float32
    assert back["n"][1] is None
    for old, new in zip(tree["m"].layers, back["m"].layers, strict=True):
        assert type(new) is Layer
        for was, now in zip(old, new, strict=True):
            assert (was.dtype, was.shape) == (now.dtype, now.shape)
            assert np.array_equal(was, now)
            assert not np.shares_memory(was, now)


def test_elements_are_named_as_the_user_writes_them():
    layout = Flattening.of({"m": model()})
    names = [layout.path_of(position) for position in range(layout.size)]
    assert names[0] == "params['m'].layers[0].W[0, 0]"
    assert names[5] == "params['m'].layers[0].W[1, 2]"
    assert names[6] == "params['m'].layers[0].b[0]"
    assert names[-1] == "params['m'].scale"


def test_keys_are_found_by_name_not_by_order():
    layout = Flattening.of({"a": 1.0, "b": 2.0})
    assert np.array_equal(layout.ravel({"b": 4.0, "a": 3.0}), [3.0, 4.0])


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ({"a": 1.0}, "params['b']"),
        ({"a": 1.0, "b": [np.zeros(3)], "c": 1.0}, "params['c']"),
        ({"a": 1.0, "b": [np.zeros(2)]}, "params['b'][0]"),
        ({"a": 1.0, "b": []}, "params['b']"),
        ({"a": 1.0, "b": (np.zeros(3),)}, "params['b']"),
    ],
)
def test_what_does_not_fit_is_named(tree, path):
    layout = Flattening.of({"a": 1.0, "b": [np.zeros(3)]})
    with pytest.raises(UsageError) as caught:
        layout.ravel(tree)
    assert caught.value.code == "GS350"
    assert f"`{path}`" in str(caught.value)


@pytest.mark.parametrize("leaf", [3, np.arange(3), np.float64(1.0) * 1j, True * np.ones(2, bool)])
def test_only_real_floats_are_parameters(leaf):
    with pytest.raises(UsageError, match=r"`params\['w'\]\[1\]`") as caught:
        Flattening.of({"w": [1.0, leaf]})
    assert caught.value.code == "GS351"


def test_bounds_have_the_structure_of_the_parameters_and_may_leave_parts_out():
    layout = Flattening.of({"a": np.zeros((2, 2)), "b": [1.0, 2.0], "act": "tanh"})
    low, high = bound_vectors(layout, {"a": np.array([0.0, -1.0])}, {"b": [None, 5.0], "a": 3.0})
    assert np.array_equal(low, [0.0, -1.0, 0.0, -1.0, -np.inf, -np.inf])
    assert np.array_equal(high, [3.0, 3.0, 3.0, 3.0, np.inf, 5.0])
    low, high = bound_vectors(layout, 0.0, None)
    assert np.array_equal(low, np.zeros(6))
    assert np.all(np.isposinf(high))


@pytest.mark.parametrize(
    ("lower", "upper", "code", "words"),
    [
        ({"c": 0.0}, None, "GS350", "lower['c']"),
        ({"a": np.zeros(3)}, None, "GS350", "lower['a']"),
        ({"b": [0.0]}, None, "GS350", "lower['b']"),
        ([0.0, 1.0], None, "GS350", "lower"),
        ({"a": 2.0}, {"a": np.array([3.0, 1.0])}, "GS334", "params['a'][1]"),
        (None, {"b": [np.nan, 1.0]}, "GS334", "upper['b'][0]"),
    ],
)
def test_bounds_that_mean_nothing_are_refused(lower, upper, code, words):
    layout = Flattening.of({"a": np.zeros(2), "b": [1.0, 2.0]})
    with pytest.raises(UsageError) as caught:
        bound_vectors(layout, lower, upper)
    assert caught.value.code == code
    assert f"`{words}`" in str(caught.value)
