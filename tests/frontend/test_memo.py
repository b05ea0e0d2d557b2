"""Caches of functions: one lowering for each argument that is known, the same object for the same call."""

import functools

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedSyntaxError


def known(x):
    @functools.cache
    def ways(n):
        return x * (n + 1) if n < 2 else ways(n - 1) + ways(n - 2) * np.sin(x)

    return ways(40)


def given(x, n):
    @functools.lru_cache(maxsize=None)
    def ways(k):
        if k < 2:
            return x * (k + 1)
        return ways(k - 1) + ways(k - 2) * np.sin(x)

    return ways(n)


def in_a_dict(x):
    memo = {}

    def ways(n):
        if n in memo:
            return memo[n]
        memo[n] = x * (n + 1) if n < 2 else ways(n - 1) + ways(n - 2) * np.sin(x)
        return memo[n]

    return ways(40)


def of_a_number(x):
    calls = []

    @functools.cache
    def costly(y, power):
        calls.append(power)
        return np.exp(y) ** power

    return costly(x, 2) * costly(x, power=3) + costly(x, 2) * len(calls)


def in_branches(x):
    @functools.cache
    def costly(power):
        return np.exp(x) ** power

    total = 0.0
    for i in range(3):
        if x > 0.1 * i:
            total = total + costly(2) * i
    if x > 0.2:
        total = total + costly(3)
    return total + costly(3) + costly(2)


def one_object(x):
    @functools.cache
    def state(k):
        return np.zeros(2)

    state(0)[0] = x
    state(1)[1] = x**2
    return np.sum(state(0) * 3.0 + state(1))


def decided_at_run_time(x, y):
    @functools.cache
    def best(i, j):
        if i == len(x) or j == len(y):
            return 0.0
        return max(best(i + 1, j + 1) + x[i] * y[j], best(i + 1, j), best(i, j + 1))

    return best(0, 0)


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (known, (0.3,)),
        (given, (0.3, 30)),
        (in_a_dict, (0.3,)),
        (of_a_number, (0.4,)),
        (in_branches, (0.7,)),
        (one_object, (0.7,)),
        (decided_at_run_time, (np.array([0.5, 0.7, 0.3]), np.array([0.2, 0.6]))),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_value_and_derivatives_are_those_of_the_function(function, args):
    value, _ = gs.value_and_grad(function)(*args)
    assert np.asarray(value).tobytes() == np.asarray(function(*args)).tobytes()
    gs.testing.check_grads(function, args, order=2, rtol=1e-5)


@pytest.mark.parametrize(("function", "more"), [(known, ()), (given, (40,)), (in_a_dict, ())])
def test_text_grows_with_the_arguments_and_not_with_the_calls(function, more):
    derivative = gs.grad(function)
    derivative.compile(0.3, *more)
    # The fortieth number of ways is some hundred million.
    assert len(derivative.source.splitlines()) < 200


def test_a_call_is_made_once():
    derivative = gs.grad(of_a_number)
    derivative.compile(0.4)
    assert derivative.source.count("** 3") + derivative.source.count("exp(") <= 4


def test_very_deep_recursion_says_what_to_write_instead():
    with pytest.raises(UnsupportedSyntaxError, match="which has a cache, calls itself more than") as caught:
        gs.grad(given)(0.3, 400)
    assert caught.value.diagnostics[0].code == "GS150"
