"""Loops over items and comprehensions in generated source."""

from __future__ import annotations

import numpy as np

import gradscribe as gs

X = np.array([0.3, 1.2, -0.7, 2.1])


def source_of(function, *args):
    derivative = gs.grad(function)
    derivative.compile(*args)
    return derivative.source


def mean_of_sines(x):
    ys = [np.sin(v) for v in x]
    return sum(ys) / len(ys)


def outer_then_sum(x, n):
    rows = [[x[i] * x[j] for j in range(i)] for i in range(n) if i > 0]
    return sum(v**2 for row in rows for v in row)


def history(x, n):
    past = [x[0]]
    for _ in range(n):
        s = 0.0
        for v in past:
            s += np.sin(v) * x[1]
        past.append(s)
    return past[-1]


def growing(x):
    items = [x[0]]
    n = len(items)
    for i in range(n):
        v = items[i]
        items.append(v * x[1])
    return sum(items)


def test_a_comprehension_is_one():
    assert "ys = [np.sin(v) for v in x]" in source_of(mean_of_sines, X)


def test_nested_comprehensions_with_conditions_are_what_they_were():
    assert "rows = [[x[i] * x[j] for j in range(i)] for i in range(n) if i > 0]" in source_of(
        outer_then_sum, X, 4
    )


def test_a_loop_goes_over_the_items_of_a_list():
    assert "for v in past:" in source_of(history, X, 3)


def test_a_list_that_grows_meanwhile_is_indexed():
    assert gs.grad(growing)(X).round(6).tolist() == [2.2, 0.3, 0.0, 0.0]
    assert "for v in items:" not in source_of(growing, X)
