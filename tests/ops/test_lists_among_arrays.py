"""Lists of numbers where arrays are joined or chosen from: `np.concatenate([x, [s, 1.0]])`."""

import numpy as np
import pytest

import gradscribe as gs

X = np.array([1.0, 2.5, 0.3, -1.0])
PLACES = np.arange(8.0)


def concatenated(s):
    return np.sum(np.concatenate([[1.0, 2.0], [s, s * s], X]) ** 2 * PLACES)


def tuples(s):
    return np.sum(np.concatenate(([s], X, (s * s, 1.0, 2))) ** 2 * PLACES)


def stacked(s):
    return np.sum(np.stack([X, (s, s, 2.0, s * s)], axis=1) ** 2 * PLACES.reshape(4, 2))


def stacked_lists(s):
    return np.sum(np.stack([[s, 2], [1, s * s]]) ** 2 * PLACES[:4].reshape(2, 2))


def rows(s):
    return np.sum(np.vstack([[s, 2.0], [1.0, s * s]]) ** 2 * PLACES[:4].reshape(2, 2))


def side_by_side(s):
    return np.sum(np.hstack([[s, 2.0], s, [1.0, s * s]]) ** 2 * PLACES[:5])


def columns(s):
    return np.sum(np.column_stack([X, [s, s, 2.0, s * s]]) ** 2 * PLACES.reshape(4, 2))


def layers(s):
    return np.sum(np.dstack([X, [s, s, 2.0, s * s]]) ** 2 * PLACES.reshape(1, 4, 2))


def columns_by_index(s):
    return np.sum(np.c_[X, [s, s, 2.0, s * s]] ** 2 * PLACES.reshape(4, 2))


def selected(s):
    return np.sum(np.select([X > 2, X < 0], [X * s, [s, s, 2.0, s * s]], default=0.0) ** 2)


def chosen(s):
    return np.sum(np.choose([0, 1, 0, 1], [X * s, [s, s, 2.0, s * s]]) ** 2)


def multiplied(s):
    return np.sum(np.linalg.multi_dot([[[s, 1.0], [2.0, s * s]], [[1.0, s], [s, 3.0]], [1.0, s]]) ** 2)


def growing(s, steps):
    p = np.ones(2)
    for _ in range(steps):
        p = np.concatenate([p, [p[-1] * s]])
    return np.sum(p**2)


def lists_of_lists(s, n):
    pairs = np.concatenate([[s * k, s] for k in range(n)])
    return pairs @ np.arange(2.0 * n) + np.sum(np.concatenate([[s * k] * 2 for k in range(n)]) ** 2)


def vectors(s, n):
    items = []
    for k in range(n):
        items.append(np.array([s * k, s, 1.0]))
    rows, columns, line = np.vstack(items), np.column_stack(items), np.hstack(items)
    return np.sum(rows**2 * columns.T) + line @ np.arange(3.0 * n)


def matrices(s, n):
    items = []
    for k in range(n):
        items.append(np.array([[s * k, s, 1.0], [1.0, s * s, 2.0]]))
    wide = np.hstack(items) ** 2 * np.arange(6.0 * n).reshape(2, 3 * n)
    return np.sum(np.vstack(items) ** 2) + np.sum(wide) + np.sum(np.dstack(items) ** 3)


def numbers(s, n):
    return np.hstack([s**k for k in range(n)]) @ np.hstack([s * k for k in range(n)])


PROGRAMS = [
    concatenated,
    tuples,
    stacked,
    stacked_lists,
    rows,
    side_by_side,
    columns,
    layers,
    columns_by_index,
]
PROGRAMS += [selected, chosen, multiplied]


@pytest.mark.parametrize(
    ("function", "rest"),
    [
        *((program, ()) for program in PROGRAMS),
        *((program, (3,)) for program in (growing, lists_of_lists, vectors, matrices, numbers)),
    ],
)
def test_items_of_lists_are_differentiated(function, rest):
    args = (1.3, *rest)
    value, gradient = gs.value_and_grad(function)(*args)
    assert value == function(*args)
    expected = gs.testing.differences(function, args, (1.0, *(0 for _ in rest)), 1e-3)
    assert np.isclose(gradient, expected[0], rtol=1e-8)
    gs.testing.check_grads(function, args, order=2)
