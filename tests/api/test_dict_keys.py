"""Dicts of parameters by keys of every kind: text, numbers, enums, classes, objects, tuples of them."""

from __future__ import annotations

import enum

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.ir.signature import key_text


class Part(enum.Enum):
    KERNEL = 1
    BIAS = "bias"


class Level(enum.IntEnum):
    LOW = 1


class Name(str, enum.Enum):
    FIRST = "first"


class Layer:
    """Known by identity, as the layers of a network often are."""


LAYER = Layer()
KEYS = [
    Part.KERNEL, Part.BIAS, Level.LOW, Name.FIRST, None, b"bytes", np.int64(3), True, (1, "a"), (Part.BIAS, 2),
    (LAYER, ("deep", None)), (), frozenset({"a"}), LAYER, int, Layer, "text", "a'b", 7, -1,
]  # fmt: skip
X = np.array([0.5, -1.0])


@pytest.mark.parametrize("key", KEYS, ids=key_text)
def test_parameters_of_a_dict_with_this_key(key):
    def loss(params, x):
        return np.sum(params[key] * np.sin(x)) + sum(np.sum(part**2) for part in params.values())

    params = {key: np.array([2.0, 3.0]), "other": 1.5}
    value, gradient = gs.value_and_grad(loss)(params, X)
    assert value == loss(params, X)
    assert list(gradient) == [key, "other"]
    assert [type(own) for own in gradient] == [type(key), str]
    assert np.allclose(gradient[key], np.sin(X) + 2 * params[key])
    assert gradient["other"] == 3.0


@pytest.mark.parametrize("key", KEYS, ids=key_text)
def test_a_dict_outside_of_the_function_with_this_key(key):
    table = {key: np.array([2.0, 3.0])}

    def loss(x):
        return np.sum(table[key] * x)

    assert np.array_equal(gs.grad(loss)(X), table[key])
    table[key] = np.array([4.0, 5.0])
    assert np.array_equal(gs.grad(loss)(X), table[key])


def test_variables_are_named_after_keys_and_not_after_addresses():
    def loss(params):
        return np.sum(params[LAYER] ** 2) + params[Part.BIAS] ** 2

    gradient = gs.grad(loss)
    gradient({LAYER: X, Part.BIAS: 2.0})
    assert "params_Layer" in gradient.source
    assert "params_BIAS" in gradient.source
    assert "0x" not in gradient.source


def test_a_result_with_keys_of_an_enum():
    def both(x):
        return {Part.KERNEL: x**2, Part.BIAS: 3.0 * x}

    value, tangent = gs.jvp(both, (2.0,), (1.0,))
    assert value == {Part.KERNEL: 4.0, Part.BIAS: 6.0}
    assert tangent == {Part.KERNEL: 4.0, Part.BIAS: 3.0}
