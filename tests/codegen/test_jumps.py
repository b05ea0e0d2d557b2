"""Loops are left where the user left them: `break` in a branch, no flags; the same numbers."""

import ast

import numpy as np
import pytest

import gradscribe as gs


def two_branches_deep(x):
    total, steps = 0.0, 0
    for i in range(20):
        total = total + np.sin(x[i % 3])
        if total > 0.7:
            total = total * x[0]
            steps += 1
            if steps > 2:
                break
        total = total + 0.1 * x[1]
    return total * total


def without_a_rest(x):
    total, steps = 0.0, 0
    for i in range(20):
        total = total + np.sin(x[i % 3])
        if total > 0.7:
            total = total * x[0]
            steps += 1
            if steps > 2:
                break
    return total * total


def otherwise(x):
    total = x[0]
    while len(x):
        if total < 3.0:
            total = total * 1.5
        else:
            total = total - x[1]
            break
        total = total + x[2] ** 2
    return total


def at_either_end(x):
    total = 1.0
    for i in range(9):
        if x[i % 3] > 0.4:
            if total > 4.0:
                break
            total = total * (1.0 + x[0])
        else:
            if i > 6:
                break
            total = total + x[1] ** 2
    return total


def after_what_is_carried(x):
    m = x
    for _ in range(50):
        new = 0.5 * np.tanh(m) + 0.1 * x
        change = np.max(np.abs(new - m))
        m = new
        if change < 1e-3:
            break
    return np.sum(m**2)


def in_a_branch_with_more_before_it(x):
    total = 0.0
    for i in range(9):
        if x[i % 3] > -0.2:
            total = total + x[i % 3] ** 2
            if total > 1.0:
                break
    return total


def in_the_branch_that_does_not_continue(x):
    items, total = [], 0.0
    for w in np.concatenate([x, 2.0 * x]):
        if w > 0.7:
            continue
        items.append(w)
        if w < -0.5:
            break
    for w in items:
        total = 0.5 * total + w**2
    return total


def flag_of_the_user(x):
    total, found = 0.0, False
    for i in range(6):
        total = total + x[i % 3] ** 2
        if total > 1.0:
            found = True
            break
    return total * 2.0 if found else total


def condition_that_changes_before_it_is_asked(x):
    total = 0.0
    for i in range(8):
        total = total + x[i % 3]
        stop = False
        if total > 1.0:
            total = total - x[2] ** 2
            if total > 1.2:
                stop = True
            total = total * 0.9
        if stop:
            break
        total = total + 0.05 * x[0]
    return total**2


X = np.array([0.8, -0.3, 0.5])
DIRECT = [
    without_a_rest,
    otherwise,
    at_either_end,
    after_what_is_carried,
    in_a_branch_with_more_before_it,
    in_the_branch_that_does_not_continue,
]
over_all = pytest.mark.parametrize(
    "function",
    [*DIRECT, two_branches_deep, flag_of_the_user, condition_that_changes_before_it_is_asked],
    ids=lambda function: function.__name__,
)


@over_all
def test_gradient_is_that_of_differences(function):
    value, _ = gs.value_and_grad(function)(X)
    assert np.asarray(value).tobytes() == np.asarray(function(X)).tobytes()
    gs.testing.check_grads(function, (X,), order=2)


@pytest.mark.parametrize("function", DIRECT, ids=lambda function: function.__name__)
def test_no_flag_is_left(function):
    derivative = gs.value_and_grad(function)
    derivative.compile(X)
    tree = ast.parse(derivative.source)
    assert sum(isinstance(node, ast.Break) for node in ast.walk(tree)) >= 1
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, bool) for node in ast.walk(tree))
