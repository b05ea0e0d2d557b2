"""Run-time lists where NumPy, math and statistics take arrays: `np.mean(losses)`."""

import math
import statistics

import numpy as np
import pytest

import gradscribe as gs


def reductions(x):
    items = []
    for v in x:
        items.append(v * v)
    return (
        np.sum(items)
        + np.mean(items)
        + np.max(items)
        + np.prod(items)
        + np.linalg.norm(items)
        + np.var(items)
    )


def elementwise(x):
    items = [v * v for v in x]
    return np.dot(items, x) + np.exp(items).sum() + (x * items).sum() + np.cumsum(items)[-1]


def positions(x):
    items = [v * v for v in x]
    return items[np.argmax(items)] + np.sort(items)[0] * len(items)


def rows(x):
    found = [x * k for k in range(len(x))]
    return np.sum(found) + np.mean(found, axis=0)[1] + np.sum(np.transpose(found)[0])


def among_arrays(x):
    items = []
    for v in x:
        items.append(v * v)
    stacked = np.stack([items, x]) * np.concatenate([items, x])[1]
    return np.sum(stacked) + np.sum(np.array([items, x]) ** 2) + np.interp(0.5, np.arange(len(items)), items)


def python_functions(x):
    items = [v * v for v in x]
    return math.fsum(items) + statistics.fmean(items) + math.prod(items)


def order_of_a_range(x):
    order = sorted(range(len(x)), key=lambda i: -x[i], reverse=True)
    return sum(x[i] * 2**k * i for k, i in enumerate(order))


PROGRAMS = (reductions, elementwise, positions, rows, among_arrays, python_functions, order_of_a_range)


@pytest.mark.parametrize("function", PROGRAMS)
def test_value_and_derivatives(function):
    x = np.array([0.3, 2.0, -1.0, 1.4])
    value, gradient = gs.value_and_grad(function)(x)
    assert value == function(x)
    expected = [gs.testing.differences(function, (x,), (unit,), 1e-3)[0] for unit in np.eye(4)]
    assert np.allclose(gradient, expected, rtol=1e-7)
    gs.testing.check_grads(function, (x,), order=2)


def large_power(x):
    order = sorted(range(len(x)), key=lambda i: x[i])
    return x[order[0]] * float(2 ** (70 + order[0]))


def test_numbers_of_a_sorted_range_are_pythons():
    x = np.array([3.0, 1.0])
    assert gs.value_and_grad(large_power)(x)[0] == large_power(x) == 2.0**71
