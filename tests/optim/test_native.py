"""Loops for machine code make the numbers that the NumPy calls make, bit for bit.

The loops of all optimisers run as Python here, which shows their arithmetic; some also as machine code, where
Numba is installed.
"""

from __future__ import annotations

import importlib.util
import os

import numpy as np
import pytest

from gradscribe import optim
from gradscribe.errors import UsageError
from gradscribe.optim import compiling, native, native_run
from gradscribe.optim.threads import in_threads
from tests.optim.problems import PROBLEMS, start
from tests.optim.table import ROWS, keywords

QUADRATIC = PROBLEMS["quadratic"]
HAS_NUMBA = importlib.util.find_spec("numba") is not None


def without_numba(monkeypatch):
    """The loops run as the Python that they are."""
    monkeypatch.setattr(native, "_machine_code", lambda function, *declared, **tables: function)
    monkeypatch.setattr(native, "_array_at", array_at)
    monkeypatch.setattr(compiling, "load", lambda module, purpose: None)
    forget()


def forget():
    native.native_function.cache_clear()
    native.native_pieces.cache_clear()


def array_at(dtype):
    kind = np.ctypeslib.as_ctypes_type(dtype)
    return lambda address, size: np.ctypeslib.as_array((kind * int(size)).from_address(int(address)))


@pytest.fixture
def as_python(monkeypatch):
    without_numba(monkeypatch)
    yield
    forget()


@pytest.fixture
def as_machine_code(monkeypatch):
    if not HAS_NUMBA:
        without_numba(monkeypatch)
    yield
    forget()


def bits(tree):
    return [leaf.tobytes() for leaf in optim.flatten(tree)]


def compare(row, dtype):
    """Some steps by both."""
    plain, fast = row.make, optim.compiled(row.make)
    p = q = start(1, dtype)
    s, t = plain.init(p), fast.init(q)
    for _ in range(4):
        grads = row.given(QUADRATIC.grads(p, dtype))
        p, s = plain.step(p, grads, s, **keywords(row, QUADRATIC, p))
        q, t = fast.step(q, grads, t, **keywords(row, QUADRATIC, q))
        assert bits(p) == bits(q)
    assert repr(s) == repr(t)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ROWS)
def test_loop_of_each_optimiser_makes_the_same_bits(name, dtype, as_python):
    compare(ROWS[name], dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["adamw", "amsgrad", "radam", "lion"])
def test_machine_code_makes_the_same_bits(name, dtype, as_machine_code):
    compare(ROWS[name], dtype)


def test_compiled_sweep_takes_strided_read_only_and_mixed_leaves(as_machine_code):
    rng = np.random.default_rng(3)
    frozen = rng.normal(size=4)
    frozen.flags.writeable = False
    start = {
        "strided": rng.normal(size=20)[::2],
        "fortran": np.asfortranarray(rng.normal(size=(3, 4))),
        "frozen": frozen,
        "single": rng.normal(size=6).astype(np.float32),
        "number": 0.5,
    }
    results = []
    for opt in (optim.adamw(0.1), optim.compiled(optim.adamw(0.1))):
        p, s = start, opt.init(start)
        for _ in range(3):
            p, s = opt.step(p, start, s)
        results.append([*bits(p), *bits({"mu": list(s[0].mu), "nu": list(s[0].nu)})])
    assert results[0] == results[1]


@pytest.mark.parametrize("size", [3, 40_000])
def test_compiled_sweep_treats_special_numbers_as_numpy_does(size, as_machine_code):
    special = np.resize([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1e308, 1.5], size)
    chain = optim.chain(optim.clip(1e300), optim.amsgrad(0.1), optim.keep_params_nonnegative())
    results = []
    with np.errstate(all="ignore"):
        for opt in (chain, optim.compiled(chain)):
            p, s = optim.unflatten((np.ones(size),), special), opt.init(special)
            for _ in range(3):
                p, s = opt.step(p, special, s)
            results.append(p)
    assert np.array_equal(results[0], results[1], equal_nan=True)


def test_states_go_from_one_to_the_other(as_machine_code):
    plain, fast = optim.adam(0.1), optim.compiled(optim.adam(0.1))
    start = np.array([1.0, 2.0])
    p, s = plain.step(start, start, plain.init(start))
    expected = plain.step(p, start, s)[0]
    assert np.array_equal(expected, fast.step(p, start, s)[0])


def test_transformations_inside_others_are_compiled(as_machine_code):
    opt = optim.compiled(
        optim.partition(
            {"a": optim.adam(0.1), "b": optim.lookahead(optim.sgd(0.1), 5, 0.5)}, {"x": "a", "y": "b"}
        )
    )
    assert opt.core.cores["a"].runs[0].threads and opt.core.cores["b"].inner.runs[0].threads


def test_source_is_the_loop_that_is_compiled(as_machine_code):
    expected = """\
def sweep(g, p, new_p, k0):
    k0 = number(k0)  # factor
    for i in range(g.size):
        new_p[i] = p[i] + g[i] * k0
"""
    assert expected == optim.compiled(optim.sgd(0.1)).source


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_any_number_of_threads_makes_the_same_bits(threads, dtype, as_machine_code, monkeypatch):
    monkeypatch.setattr(native_run, "SHARE", 1 << 10)
    rng = np.random.default_rng(5)
    sizes = (3, 20_000, 0, 1, 700, 16_384, 5)
    start = [rng.normal(size=size).astype(dtype) for size in sizes]
    results = []
    for opt in (optim.adamw(0.1), optim.compiled(optim.adamw(0.1), threads=threads)):
        p, s = start, opt.init(start)
        for _ in range(3):
            p, s = opt.step(p, start, s)
        results.append([*bits(p), *bits([list(s[0].mu), list(s[0].nu)])])
    assert results[0] == results[1]


def test_threads_work_again_after_a_fork(as_machine_code, monkeypatch):
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    monkeypatch.setattr(native_run, "SHARE", 1 << 10)
    opt, start = optim.compiled(optim.sgd(0.1), threads=2), np.ones(40_000)
    expected = opt.step(start, start, opt.init(start))[0]
    child = os.fork()
    if child == 0:
        os._exit(int(not np.array_equal(opt.step(start, start, opt.init(start))[0], expected)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_an_error_in_another_thread_is_raised():
    def work(number):
        if number:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        in_threads(work, [(0,), (1,)])


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True])
def test_threads_are_counted_from_one(threads, as_machine_code):
    with pytest.raises(UsageError, match="GS356"):
        optim.compiled(optim.sgd(0.1), threads=threads)


def test_half_precision_stays_with_numpy(as_machine_code):
    half = np.ones(3, np.float16)
    opt = optim.compiled(optim.adam(0.1))
    assert opt.step(half, half, opt.init(half))[0].dtype == np.float16
