"""Arithmetic of trees: against the same arithmetic of vectors, for every kind of tree, and inside of losses."""

from __future__ import annotations

import threading
import types
from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.optim import adam, chain, clip_by_global_norm, inject_hyperparams, partition, sgd, tree


class Pair(NamedTuple):
    left: object
    right: object


@dataclass
class Layer:
    W: np.ndarray
    b: float
    width: int = 3
    name: str = "layer"


class Plain:
    def __init__(self, w, bias):
        self.w = w
        self.bias = bias
        self.count = 7
        self.label = "plain"


def trees(seed):
    rng = np.random.default_rng(seed)
    return {
        "array": rng.normal(size=(2, 3)),
        "float": float(rng.normal()),
        "nested": {"a": [rng.normal(size=2), (float(rng.normal()), None)], "b": {}},
        "named": Pair(rng.normal(size=3), [rng.normal(size=())]),
        "dataclass": [Layer(rng.normal(size=(2, 2)), float(rng.normal()))],
        "object": {"x": Plain(rng.normal(size=2), float(rng.normal()))},
        "empty": {"w": np.zeros((0, 3)), "v": rng.normal(size=2)},
        "single": [rng.normal(size=4).astype(np.float32), np.float32(rng.normal())],
        "strided": {"f": np.asfortranarray(rng.normal(size=(3, 2))), "s": rng.normal(size=8)[::3]},
    }


KINDS = list(trees(0))
ARITHMETIC = {
    "add": (lambda x, y: tree.add(x, y, x), lambda u, v: u + v + u),
    "sub": (tree.sub, lambda u, v: u - v),
    "mul": (tree.mul, lambda u, v: u * v),
    "div": (tree.div, lambda u, v: u / v),
    "scale": (lambda x, y: tree.scale(-1.5, x), lambda u, v: -1.5 * u),
    "add_scale": (lambda x, y: tree.add_scale(x, 0.5, y), lambda u, v: u + 0.5 * v),
    "clip": (lambda x, y: tree.clip(x, -0.5, 0.5), lambda u, v: np.clip(u, -0.5, 0.5)),
    "where": (lambda x, y: tree.where(False, x, y), lambda u, v: v),
    "zeros_like": (lambda x, y: tree.zeros_like(x), lambda u, v: np.zeros_like(u)),
    "ones_like": (lambda x, y: tree.ones_like(x), lambda u, v: np.ones_like(u)),
    "full_like": (lambda x, y: tree.full_like(x, 2.5), lambda u, v: np.full_like(u, 2.5)),
    "conj": (lambda x, y: tree.conj(x), lambda u, v: u),
    "real": (lambda x, y: tree.real(x), lambda u, v: u),
    "map": (lambda x, y: tree.map(lambda a, b: a * a + b, x, y), lambda u, v: u * u + v),
    "unravel": (lambda x, y: tree.ravel(x)[1](3.0 * tree.ravel(y)[0]), lambda u, v: 3.0 * v),
}
NUMBERS = {
    "sum": (lambda x, y: tree.sum(x), lambda u, v: u.sum()),
    "max": (lambda x, y: tree.max(x), lambda u, v: u.max()),
    "min": (lambda x, y: tree.min(x), lambda u, v: u.min()),
    "vdot": (tree.vdot, np.vdot),
    "norm": (lambda x, y: tree.norm(x), lambda u, v: np.sqrt(np.sum(u * u))),
    "norm squared": (lambda x, y: tree.norm(x, squared=True), lambda u, v: np.sum(u * u)),
    "norm 1": (lambda x, y: tree.norm(x, ord=1), lambda u, v: np.sum(np.abs(u))),
    "norm inf squared": (lambda x, y: tree.norm(x, np.inf, True), lambda u, v: np.max(np.abs(u)) ** 2),
    "size": (lambda x, y: tree.size(x), lambda u, v: u.size),
}


def vector(value):
    return np.concatenate([np.ravel(leaf) for leaf in tree.leaves(value)])


def skeleton(value):
    """Everything of a tree but its floats."""
    if isinstance(value, dict):
        return {key: skeleton(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [skeleton(part) for part in value]
    if isinstance(value, Layer | Plain):
        return type(value), skeleton(vars(value))
    if isinstance(value, np.ndarray | np.generic | float):
        return np.shape(value), np.asarray(value).dtype
    return value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ARITHMETIC)
def test_arithmetic_is_that_of_vectors(name, kind):
    ours, theirs = ARITHMETIC[name]
    x, y = trees(1)[kind], trees(2)[kind]
    found = ours(x, y)
    np.testing.assert_allclose(vector(found), theirs(vector(x), vector(y)), rtol=1e-6)
    assert skeleton(found) == skeleton(x)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_are_those_of_vectors(name, kind):
    ours, theirs = NUMBERS[name]
    x, y = trees(1)[kind], trees(2)[kind]
    np.testing.assert_allclose(ours(x, y), theirs(vector(x), vector(y)), rtol=1e-6)


def test_what_holds_no_numbers_stays_as_it_is():
    rng, tags, lock = np.random.default_rng(0), {"a", "b"}, threading.Lock()
    x = {"w": 1.0, "rng": rng, "tags": tags, "lock": lock, "when": date(2020, 1, 2), "f": np.tanh, "t": float}
    found = tree.scale(2.0, x)
    assert found == {**x, "w": 2.0}
    assert tree.leaves(x) == [1.0]


def test_dicts_keep_their_class():
    ordered = tree.scale(2.0, OrderedDict(b=1.0, a=2.0))
    assert ordered == OrderedDict(b=2.0, a=4.0) and type(ordered) is OrderedDict
    default = tree.scale(2.0, defaultdict(list, w=1.0))
    assert default["w"] == 2.0 and default["new"] == []


def test_arrays_of_other_libraries_are_refused():
    class Tensor:
        def __array__(self, dtype=None, copy=None):
            return np.ones(2)

    with pytest.raises(gs.errors.UsageError, match="a part of the tree is a Tensor"):
        tree.norm({"w": Tensor()})


def test_arguments_stay_as_they_are():
    x, y = trees(1)["nested"], trees(2)["nested"]
    before = vector(x).copy()
    found = tree.add(x, y)
    found["a"][0][:] = 0.0
    assert np.array_equal(before, vector(x))


def test_casts_and_random_numbers_have_the_dtypes_asked_for():
    x = {"w": np.ones(3), "n": np.float32(1.0), "b": 2.0}
    assert tree.cast(x, np.float32)["w"].dtype == np.float32
    assert tree.cast(x, None) is x
    assert skeleton(tree.cast_like(tree.cast(x, np.float32), x)) == skeleton(x)
    noise = tree.random_like(np.random.default_rng(0), x)
    assert skeleton(noise) == skeleton(x)
    assert np.array_equal(vector(noise), vector(tree.random_like(np.random.default_rng(0), x)))


def test_allclose_looks_at_all_leaves():
    x = {"w": np.ones(3), "b": 2.0}
    assert tree.allclose(x, tree.scale(1.0 + 1e-9, x))
    assert not tree.allclose(x, {"w": np.ones(3), "b": 2.1})
    assert tree.allclose({"w": np.nan}, {"w": np.nan}, equal_nan=True)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"w": [1.0]}, "`tree['w'][1]` is in one tree only"),
        ({"v": [1.0, 2.0]}, "`tree['w']` is in one tree only"),
        ({"w": (1.0, 2.0)}, "`tree['w']` is a list in one tree and a tuple in another"),
        ({"w": [1.0, None]}, "`tree['w'][1]` is a float in one tree and a NoneType in another"),
        (3.0, "`tree` is a dict in one tree and a float in another"),
    ],
)
def test_trees_that_differ_are_named_by_the_part(other, message):
    with pytest.raises(gs.errors.UsageError) as caught:
        tree.add({"w": [1.0, 2.0]}, other)
    assert message in str(caught.value)


def decayed(params, x, y):
    return np.mean((x @ params["w"] + params["b"] - y) ** 2) + 0.1 * tree.norm(params, squared=True)


def moved(params, x, y):
    ahead = tree.add_scale(params, 0.5, tree.scale(2.0, params))
    flat, unravel = tree.ravel(tree.mul(ahead, params))
    again = unravel(np.sin(flat))
    return np.sum(x @ again["w"]) * again["b"] + tree.vdot(params, ahead) + tree.norm(params, np.inf)


class Ordinary:
    """An ordinary class; its count and its name are not trained."""

    def __init__(self, w, b):
        self.w, self.b, self.count, self.name = w, b, 3, "plain"


class Slotted:
    __slots__ = ("b", "inner", "w")

    def __init__(self, w, b):
        self.w, self.b, self.inner = w, [b], {"part": Ordinary(w, b)}


@dataclass(frozen=True)
class Record:
    w: np.ndarray
    b: float
    layers: int = 2


OBJECTS = (Ordinary, Slotted, Record, lambda w, b: types.SimpleNamespace(w=w, b=b))
OF_OBJECTS = {
    "norm": lambda p: tree.norm(p, squared=True),
    "a step": lambda p: tree.sum(tree.map(np.sin, tree.add_scale(p, -0.1, p))),
    "products": lambda p: tree.vdot(tree.mul(p, p), tree.scale(3.0, p)),
    "as a vector": lambda p: np.sum(np.cos(tree.ravel(p)[0])),
    "clipped": lambda p: tree.sum(tree.mul(tree.clip(p, -0.5, 0.5), p)),
}


@pytest.mark.parametrize("name", OF_OBJECTS)
@pytest.mark.parametrize("make", OBJECTS)
def test_losses_may_take_objects_apart(make, name):
    function, params = OF_OBJECTS[name], make(np.array([0.3, -1.2, 0.7]), 0.4)
    flat, unravel = tree.ravel(params)
    grads = gs.grad(function)(params)
    assert type(grads) is type(params)
    shifts = 1e-5 * np.eye(flat.size)
    ends = [function(unravel(flat + shift)) - function(unravel(flat - shift)) for shift in shifts]
    np.testing.assert_allclose(np.hstack(tree.leaves(grads)), np.array(ends) / 2e-5, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("function", [decayed, moved])
def test_losses_that_call_them_are_differentiated(function):
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(4, 3)), rng.normal(size=4)
    params = {"w": rng.normal(size=3), "b": 0.7}
    vector_, unravel = tree.ravel(params)
    grads = tree.ravel(gs.grad(function)(params, x, y))[0]
    step = 1e-5
    for k in range(vector_.size):
        ends = []
        for sign in (step, -step):
            shifted = vector_.copy()
            shifted[k] += sign
            ends.append(function(unravel(shifted), x, y))
        np.testing.assert_allclose(grads[k], (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-8)
    direction = unravel(rng.normal(size=vector_.size))
    _, tangent = gs.jvp(function, (params, x, y), (direction, 0 * x, 0 * y))
    np.testing.assert_allclose(tangent, tree.ravel(direction)[0] @ grads, rtol=1e-10)


def test_parts_of_a_state_are_found_and_replaced_by_name():
    opt = chain(clip_by_global_norm(1.0), inject_hyperparams(adam)(learning_rate=0.1))
    state = opt.init({"w": np.ones(2)})
    assert tree.get(state, "learning_rate") == 0.1
    assert tree.get(state, "nothing", 5) == 5
    assert np.array_equal(tree.get(state, "mu")[0], np.zeros(2))
    slower = tree.set(state, learning_rate=0.01)
    assert (tree.get(state, "learning_rate"), tree.get(slower, "learning_rate")) == (0.1, 0.01)
    assert type(slower[1]) is type(state[1])
    with pytest.raises(gs.errors.UsageError, match=r"'count' is the name of tree\[1\].count, "):
        tree.get(state, "count")
    with pytest.raises(gs.errors.UsageError, match="no part is called 'rate'"):
        tree.set(sgd(0.1).init([1.0]), rate=1.0)


def test_moments_are_those_of_vectors():
    x, y = trees(1), trees(2)
    u, v = (tree.ravel(one)[0] for one in (x, y))
    for function, expected in (
        (lambda: tree.update_moment(x, y, 0.9, 2), 0.1 * u**2 + 0.9 * v),
        (lambda: tree.update_moment_per_elem_norm(x, y, 0.9, 3), 0.1 * np.abs(u) ** 3 + 0.9 * v),
        (lambda: tree.update_infinity_moment(x, y, 0.9, 1e-3), np.maximum(0.9 * v, np.abs(u) + 1e-3)),
        (lambda: tree.bias_correction(x, 0.9, 3), u / (1.0 - 0.9**3)),
    ):
        np.testing.assert_allclose(tree.ravel(function())[0], expected, rtol=1e-6)


PARAMS = {"w": np.arange(4.0).reshape(2, 2), "b": [1.0, np.float32(2.0)]}


def test_vectors_of_a_state_are_mapped_leaf_by_leaf():
    opt = chain(clip_by_global_norm(1.0), adam(0.1))
    _, state = opt.step(PARAMS, PARAMS, opt.init(PARAMS))
    shares = {"w": np.array([[1.0, 0.0], [0.0, 1.0]]), "b": [0.0, np.float32(1.0)]}
    found = tree.map_params(lambda m, share: m * share, state, PARAMS, shares)
    assert type(found) is tuple and found[1][0].count == 1
    for new, old in zip((found[1][0].mu, found[1][0].nu), (state[1][0].mu, state[1][0].nu)):
        for group, dtype in enumerate((np.float64, np.float32)):
            assert new[group].dtype == dtype
        np.testing.assert_array_equal(new[0], old[0] * [1, 0, 0, 1, 0])
        np.testing.assert_array_equal(new[1], old[1])


def test_what_is_not_like_the_parameters_is_named_or_mapped_apart():
    opt = partition({"a": adam(0.1), "b": sgd(0.1)}, {"w": "a", "b": "b"})
    state = opt.init(PARAMS)
    with pytest.raises(gs.GradscribeError, match="GS353: `state.inner_states.'a'..0..mu.0.` is not like"):
        tree.map_params(lambda m: m, state, PARAMS)
    found = tree.map_params(lambda m: m, state, PARAMS, transform_non_params=np.shape)
    assert found.inner_states["a"][0].mu == ((4,),)
    with pytest.raises(gs.GradscribeError, match="GS350: `result.'w'.` is float64.., but the parameter"):
        tree.map_params(np.sum, adam(0.1).init(PARAMS), PARAMS)
