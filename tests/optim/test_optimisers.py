"""Every optimiser against its published update, its documented constants, and what all have in common."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import UsageError
from tests.optim.problems import PROBLEMS, all_numbers, parts, start
from tests.optim.published import PUBLISHED
from tests.optim.table import ALL, ROWS, keywords

QUADRATIC = PROBLEMS["quadratic"]


def leaves_of(state):
    """All arrays and numbers of a state, with their types."""
    if isinstance(state, dict):
        return [leaf for key in state for leaf in leaves_of(state[key])]
    if isinstance(state, tuple | list):
        return [leaf for part in state for leaf in leaves_of(part)]
    return [state]


def shape_of(state):
    """What must not change from step to step."""
    if isinstance(state, dict):
        return {key: shape_of(part) for key, part in state.items()}
    if isinstance(state, tuple | list):
        return (type(state), [shape_of(part) for part in state])
    return (type(state), np.shape(state), getattr(state, "dtype", None))


def test_every_published_update_is_compared():
    assert set(PUBLISHED) == set(ROWS)


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("name", PUBLISHED)
def test_steps_are_those_of_the_paper(name, problem):
    row, problem = ROWS[name], PROBLEMS[problem]
    params = start(1)
    expected, memory = parts(params), {"curvature": problem.curvature}
    state = row.make.init(params)
    for t in range(1, 101):
        grads = problem.grads(params)
        value = problem.value(params)
        expected = PUBLISHED[name](expected, parts(grads), memory, t, value)
        params, state = row.make.step(params, row.given(grads), state, **keywords(row, problem, params))
        for new, old in zip(parts(params), expected):
            np.testing.assert_allclose(new, old, rtol=row.tolerance, atol=row.tolerance, err_msg=f"step {t}")
        # Rounding of the path itself is not compared: both go on from the same point.
        expected = [np.array(leaf) for leaf in parts(params)]


@pytest.mark.parametrize("name", ROWS)
def test_constants_are_the_documented_ones(name):
    row = ROWS[name]
    found = {name: p.default for name, p in inspect.signature(row.function).parameters.items()}
    assert {name: found[name] for name in row.defaults} == row.defaults


@pytest.mark.parametrize("name", ALL)
def test_converges_on_a_convex_problem(name):
    row = ALL[name]
    opt = row.fast or row.make
    params = start(2)
    state = opt.init(params)
    first = QUADRATIC.value(params)
    for _ in range(400):
        grads = row.given(QUADRATIC.grads(params))
        params, state = opt.step(params, grads, state, **keywords(row, QUADRATIC, params))
    assert QUADRATIC.value(params) < 1e-2 * first


@pytest.mark.parametrize("name", ALL)
def test_state_keeps_its_structure(name):
    row = ALL[name]
    params = start(1)
    state = row.make.init(params)
    before = shape_of(state)
    for _ in range(3):
        grads = row.given(QUADRATIC.grads(params))
        params, state = row.make.step(params, grads, state, **keywords(row, QUADRATIC, params))
        assert shape_of(state) == before


@pytest.mark.parametrize("name", ALL)
def test_float32_stays_float32(name):
    row = ALL[name]
    params = start(1, np.float32)
    state = row.make.init(params)
    for _ in range(12):
        grads = row.given(QUADRATIC.grads(params, np.float32))
        params, state = row.make.step(params, grads, state, **keywords(row, QUADRATIC, params))
    assert {leaf.dtype for leaf in parts(params)} == {np.dtype(np.float32)}
    arrays = [leaf for leaf in leaves_of(state) if isinstance(leaf, np.ndarray)]
    assert {leaf.dtype for leaf in arrays} <= {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ALL)
def test_arguments_are_not_modified_and_results_share_no_memory(name):
    row = ALL[name]
    params = start(1)
    state = row.make.init(params)
    for _ in range(3):
        grads = row.given(QUADRATIC.grads(params))
        given = [leaf for leaf in leaves_of((params, grads, state)) if isinstance(leaf, np.ndarray)]
        copies = [leaf.copy() for leaf in given]
        for leaf in given:
            leaf.flags.writeable = False
        further = keywords(row, QUADRATIC, params)
        updates, other = row.make.update(grads, state, params, **further)
        stepped, after = row.make.step(params, grads, state, **further)
        for leaf, copy in zip(given, copies):
            np.testing.assert_array_equal(leaf, copy)
        for new in leaves_of((updates, stepped)):
            assert not any(np.shares_memory(new, leaf) for leaf in given)
        for new, leaf, u in zip(parts(stepped), parts(params), parts(updates)):
            np.testing.assert_allclose(new, leaf + u, rtol=1e-14, atol=1e-15)
        params, state = stepped, after


def nested(one):
    """The same numbers in lists and tuples."""
    return [(one["layer"]["W"], {"b": one["layer"]["b"]}), np.asarray(one["scale"])]


def reordered(one):
    """The same, with the leaves in another order."""
    return [np.asarray(one["scale"]), (one["layer"],)]


def loss_of_nested(other):
    (W, layer), scale = other
    return QUADRATIC.loss(all_numbers({"layer": {"W": W, "b": layer["b"]}, "scale": scale}))


# Random numbers go by the order of the leaves.
IN_ANY_ORDER = [name for name in ALL if name not in ("noisy_sgd", "sophia", "dpsgd")]


@pytest.mark.parametrize(
    ("name", "form"), [(name, nested) for name in ALL] + [(name, reordered) for name in IN_ANY_ORDER]
)
def test_nested_structure_does_not_matter(name, form):
    row = ALL[name]
    one = start(1)
    other = form(one)
    state, other_state = row.make.init(one), row.make.init(other)
    for _ in range(4):
        grads = row.given(QUADRATIC.grads(one))
        further = keywords(row, QUADRATIC, one)
        one, state = row.make.step(one, grads, state, **further)
        if "obj_fn" in further:
            further["obj_fn"] = loss_of_nested
        other, other_state = row.make.step(other, form(grads), other_state, **further)
    for new, old in zip(optim.flatten(other), optim.flatten(form(one))):
        np.testing.assert_allclose(new, old, rtol=1e-12)


NOT_OF_A_PAPER = (
    optim.multi_steps,
    optim.apply_every,
    optim.conditionally_transform,
    optim.conditionally_mask,
    optim.monitor,
    optim.reduce_on_plateau,
)


def test_every_optimiser_says_where_it_comes_from():
    for name, row in ALL.items():
        assert "References:" in row.function.__doc__ or row.function in NOT_OF_A_PAPER, name


OTHER = {"layer": {"W": np.zeros((2, 2)), "b": np.zeros(3)}, "scale": np.zeros(())}
FOREIGN = {
    "none": lambda row, params: None,
    "the parameters": lambda row, params: params,
    "an empty tuple": lambda row, params: (),
    "of Adam": lambda row, params: optim.scale_by_adam().init(params),
    "of a chain": lambda row, params: optim.chain(optim.trace(0.9), optim.scale(1.0)).init(params),
    "of other parameters": lambda row, params: row.make.init(OTHER),
}


@pytest.mark.parametrize("whose", FOREIGN)
@pytest.mark.parametrize("name", ALL)
def test_a_state_of_something_else_is_refused(name, whose):
    row, params = ALL[name], start(1)
    own, state = row.make.init(params), FOREIGN[whose](row, params)
    # Optimisers without memory, or with a number for each leaf, have one state for all.
    if shape_of(own) == shape_of(state):
        return
    grads, further = row.given(QUADRATIC.grads(params)), keywords(row, QUADRATIC, params)
    for step in (
        lambda: row.make.step(params, grads, state, **further),
        lambda: row.make.update(grads, state, params, **further),
    ):
        with pytest.raises(UsageError) as caught:
            step()
        assert caught.value.code == "GS353"


def test_errors_of_the_users_own_functions_go_through():
    def broken(grads, state, params=None):
        raise ValueError("mine")

    opt = optim.GradientTransformation(lambda params: (), broken)
    with pytest.raises(ValueError, match="mine"):
        opt.step([1.0], [1.0], opt.init([1.0]))
    opt = optim.sgd(lambda count: {}["missing"])
    with pytest.raises(KeyError, match="missing"):
        opt.step([1.0], [1.0], opt.init([1.0]))


def test_noise_has_the_stated_variance_and_depends_on_the_seed_alone():
    params = [np.zeros(200_000)]
    opt = optim.add_noise(0.5, 0.55, seed=3)
    state = opt.init(params)
    for t in range(1, 4):
        noise, after = opt.update(params, state)
        again, _ = opt.update(params, state)
        np.testing.assert_array_equal(noise[0], again[0])
        np.testing.assert_allclose(np.std(noise[0]), np.sqrt(0.5 / t**0.55), rtol=0.01)
        state = after
