"""Lists of what one branch saves: no entries for the other branch, the same numbers, or the list as it was."""

import math

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.passes import pipelines


def rare_branch(x, w):
    s = 0.0
    for i in range(12):
        x = np.sin(x)
        if i % 5 == 0:
            a = np.tanh(w * x)
            x = x + 0.1 * np.exp(a) * np.cos(a)
        s = s + np.sum(x)
    return s


def chain_of_branches(x, w):
    s = 0.1
    for i in range(len(x)):
        if x[i] > 0.6:
            s = s + np.sin(x[i]) * s
        elif x[i] > 0.0:
            y = np.tanh(x[i] * s * w[0])
            if i % 2 == 0:
                s = s + np.sin(y * y)
            s = s + y * s
        else:
            s = s - np.cos(s)
    return s


def matched(x, w):
    s = 0.0
    for i in range(8):
        match i % 4:
            case 0:
                a = np.exp(x * w)
                s = s + np.sum(a * np.sin(a))
            case 1 | 2:
                b = np.tanh(x[0] * s)
                s = s + b * b
            case _:
                s = s * 0.5
    return s


def caught(x, w):
    s = 0.0
    for i in range(len(x)):
        try:
            y = math.log(x[i])
            s = s + math.sin(y) * y * w[0]
        except ValueError:
            z = np.exp(x[i])
            s = s + z * z
    return s


def caught_late(x, w):
    """The body is left after it has computed what would be saved."""
    s = 0.0
    for i in range(len(x)):
        try:
            y = math.sin(x[i] * w[0])
            s = s + y * y * math.sqrt(x[i])
        except ValueError:
            s = s + math.cos(x[i])
    return s


def nested_loops(x, w):
    s = 0.2
    for i in range(3):
        for j in range(len(x)):
            t = np.sin(x[j] * (i + 1))
            if t > 0.3:
                e = np.exp(t * w)
                s = s + 0.1 * np.sum(np.tanh(e) * e)
            if j != i:
                for k in range(3):
                    if t * k > 0.1:
                        s = s * np.cos(0.1 * s)
    return s


def left_early(x, w):
    s = x[0] + 2.0
    k = 0
    while s < 9.0:
        k += 1
        if k % 3 == 0:
            y = np.tanh(x * s * w)
            s = s + np.sum(y * y) + 0.3
        s = s * 1.1 + 0.1
        if s > 7.0 and k > 5:
            break
    return s * s


def saved_by_one_test_and_read_by_another(x, w):
    s = 0.0
    for i in range(len(x)):
        if x[i] > -0.5:
            y = np.cumsum(x * w)
        if x[i] > -0.5 and i % 2 == 0:
            s = s + np.sum(y * y)
    return s


def read_by_two_tests(x, w):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 0.0:
            y = np.exp(x * w * x[i])
            s = s + np.sum(y**2)
        if x[i] > 0.0:
            s = s * np.sum(y)
    return s


def decided_by_what_changes(x, w):
    s = 0.3
    for i in range(6):
        if s * x[i % 2] < 0.4:
            y = np.tanh(s * x * w)
            s = s + np.sum(y * y)
        else:
            s = s * np.cos(s)
    return s


def never(x, w):
    s = np.sum(x)
    for i in range(5):
        if i > 7:
            y = np.exp(x * w)
            s = s + np.sum(y * y)
    return s * s


EXAMPLES = [
    rare_branch,
    chain_of_branches,
    matched,
    caught,
    caught_late,
    nested_loops,
    left_early,
    saved_by_one_test_and_read_by_another,
    read_by_two_tests,
    decided_by_what_changes,
    never,
]
X, W = np.array([0.9, -0.4, 0.5, 0.2]), np.array([0.7, 0.3, -0.2, 0.5])
over_examples = pytest.mark.parametrize("function", EXAMPLES, ids=lambda function: function.__name__)


@over_examples
def test_gradient_is_that_of_differences_to_third_order(function):
    gs.testing.check_grads(function, (X, W), order=2)

    def along(x, w):
        return np.sum(gs.grad(function, create_graph=True)(x, w) ** 2)

    gs.testing.check_grads(along, (X, W), order=2, rtol=1e-5, atol=1e-5)


@over_examples
def test_numbers_are_the_bits_of_those_without_the_pass(function, monkeypatch):
    with_pass = second_derivative(function)
    monkeypatch.setattr(pipelines, "LAST", (pipelines.eliminate_dead_code,))
    without = second_derivative(function)
    for one, other in zip(with_pass, without, strict=True):
        assert one.tobytes() == other.tobytes()


def second_derivative(function):
    first = gs.grad(function, create_graph=True)
    return [first(X, W), *gs.grad(lambda x, w: np.sum(first(x, w) * w), (0, 1))(X, W)]


APPLIED = [rare_branch, chain_of_branches, matched, caught, caught_late, nested_loops, left_early]


@pytest.mark.parametrize("function", APPLIED, ids=lambda function: function.__name__)
@pytest.mark.parametrize("order", [1, 2])
def test_nothing_is_stored_for_branches_not_taken(function, order):
    derivative = gs.grad(function)
    if order == 2:
        first = gs.grad(function, create_graph=True)
        derivative = gs.grad(lambda x, w: np.sum(first(x, w) * w))
    derivative.compile(X, W)
    assert "None" not in derivative.source
    assert ".pop()" in derivative.source or "left -= 1" in derivative.source


def test_a_list_that_is_read_by_another_test_has_an_entry_for_each_iteration():
    derivative = gs.grad(saved_by_one_test_and_read_by_another)
    derivative.compile(X, W)
    assert "y = None" in derivative.source
    assert "pop" not in derivative.source
