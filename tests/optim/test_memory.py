"""Results are written into memory of earlier ones, but only where nobody holds any of it."""

from __future__ import annotations

import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.optim.memory import LARGE

SIZE = LARGE
OPTIMISERS = {
    "adam": optim.adam(0.1),
    "clipped": optim.chain(optim.clip_by_global_norm(1.0), optim.sgd(0.1, 0.9)),
}
EACH = pytest.mark.parametrize("name", OPTIMISERS)
VIEWS = (
    lambda a: a,
    lambda a: a[::3],
    lambda a: a.reshape(-1)[1:],
    lambda a: a.view(np.uint8),
    lambda a: np.asarray(memoryview(a)),
    lambda a: np.broadcast_to(a, (2, *a.shape)),
)


def start(seed):
    rng = np.random.default_rng(seed)
    return {
        "w": rng.normal(size=SIZE),
        "deep": [rng.normal(size=(4, 5)), rng.normal(size=SIZE).astype(np.float32)],
    }


def grads_at(params, t):
    return {"w": np.cos(params["w"] + t), "deep": [params["deep"][0], np.sin(params["deep"][1])]}


def arrays_of(tree):
    if isinstance(tree, np.ndarray):
        return [tree]
    if isinstance(tree, dict):
        return arrays_of(list(tree.values()))
    return [array for part in tree for array in arrays_of(part)] if isinstance(tree, list | tuple) else []


def addresses(tree):
    return {array.__array_interface__["data"][0] for array in arrays_of(tree)}


def run(opt, seed, steps, seen=lambda params, state: None):
    params = start(seed)
    state = opt.init(params)
    for t in range(steps):
        params, state = opt.step(params, grads_at(params, t), state)
        seen(params, state)
    return params, state


@EACH
def test_two_generations_of_arrays_are_enough(name):
    found = []
    run(OPTIMISERS[name], 0, 12, lambda params, state: found.append(addresses((params, state))))
    assert set.union(*found[2:]) <= found[2] | found[3]
    assert not found[2] & found[3]


@EACH
def test_what_is_held_is_never_written_again(name):
    """Whole results, single leaves and views of views are held for some steps, at random."""
    rng = np.random.default_rng(1)
    held = []

    def hold(params, state):
        for array in arrays_of((params, state)):
            if rng.random() < 0.2:
                view = VIEWS[rng.integers(len(VIEWS))](array)
                held.append((view, view.copy()))
        for view, copy in held:
            np.testing.assert_array_equal(view, copy)
        held[:] = [one for one in held if rng.random() < 0.8]

    run(OPTIMISERS[name], 2, 40, hold)


@EACH
def test_fits_that_share_an_optimiser_do_not_meet(name):
    opt = OPTIMISERS[name]
    alone = [run(optim.chain(opt), seed, 8) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: run(opt, seed, 8), range(4)))
    for one, other in zip(arrays_of(alone), arrays_of(together)):
        np.testing.assert_array_equal(one, other)


@pytest.fixture
def eager_threads():
    """Threads take turns at every instruction: what one asks for first may be what another asks for second."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def fit_of_two_dtypes(opt, seed):
    rng = np.random.default_rng(seed)
    params = [rng.normal(size=SIZE).astype(dtype) for dtype in (np.float32, np.float64)]
    state = opt.init(params)
    for t in range(12):
        params, state = opt.step(params, [np.sin(p + t).astype(p.dtype) for p in params], state)
    return params


def test_fits_of_two_dtypes_that_share_an_optimiser_do_not_meet(eager_threads):
    shared = optim.adam(0.1)
    alone = [fit_of_two_dtypes(optim.adam(0.1), seed) for seed in range(6)]
    for _ in range(3):
        with ThreadPoolExecutor(6) as pool:
            together = list(pool.map(lambda seed: fit_of_two_dtypes(shared, seed), range(6)))
        for one, other in zip(arrays_of(alone), arrays_of(together), strict=True):
            np.testing.assert_array_equal(one, other)


def test_results_that_were_held_for_long_are_given_back():
    opt = optim.adam(0.1)
    params = [np.zeros(SIZE)]
    state = opt.init(params)
    grads = [np.ones(SIZE)]
    generation = 3 * params[0].nbytes
    tracemalloc.start()
    try:
        held = []
        for _ in range(20):
            params, state = opt.step(params, grads, state)
            held.append((params, state))
        assert tracemalloc.get_traced_memory()[0] > 20 * generation
        del held, params, state
        assert tracemalloc.get_traced_memory()[0] < 2.1 * generation
    finally:
        tracemalloc.stop()
