"""Pieces, choices, groups, shapes and scalars."""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(11)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

V = rng.uniform(0.2, 1.5, 6)
W = rng.uniform(-1.0, 1.0, 7)
M = rng.uniform(-1.0, 1.0, (4, 3))


@at(V, np.array([0, 0, 1, 3, 3, 3]))
def ragged_sums(x, owner):
    totals = np.zeros(4)
    np.add.at(totals, owner, x**2)
    return np.sum(np.sqrt(totals + 1.0)) + np.sum(np.add.reduceat(np.sin(x), [0, 2, 3]) ** 2)


@at(W)
def pieces(x):
    y = np.piecewise(x, [x < -0.3, (x >= -0.3) & (x < 0.4)], [lambda t: t**2, lambda t: np.sin(t), 1.5])
    return np.sum(y * x)


@at(W)
def selected(x):
    return np.sum(np.select([x > 0.5, x > 0.0], [np.exp(x), x**3], default=-x) ** 2)


@at(W)
def clipped_relu(x):
    h = np.clip(x * 2.0, -0.9, 0.9)
    return np.sum(np.heaviside(h, 0.5) * h**2) + np.minimum(np.abs(h), 0.3).sum() + np.sign(x) @ h


@at(V)
def chosen(x):
    picks = np.choose(np.array([0, 1, 1, 0, 1, 0]), [x**2, np.sqrt(x)])
    return np.sum(picks * np.take(x, [1, 1, 0, 5, 2, 3], mode="wrap")) + np.compress(x > 0.8, x).sum()


@at(M)
def split_heads(x):
    left, right = np.array_split(x, 2, axis=1)
    parts = np.split(x, [1, 3])
    return np.sum(left.sum(1) * right[:, 0]) + sum((part**2).sum() for part in parts)


@at(V)
def tiled_and_repeated(x):
    grid = np.tile(x[:3], (2, 2)) * np.repeat(x[3:], 2)
    return np.sum(np.delete(grid, 1, axis=1)) + np.insert(x, 2, x[0] ** 2) @ np.append(x, 1.0)


@at(M)
def moved_axes(x):
    cube = np.stack([x, x**2], axis=0)
    return (
        np.sum(np.moveaxis(cube, 0, -1)[..., 1] * np.rollaxis(cube, 1)[:, 0])
        + np.swapaxes(cube, 0, 2)[1, 2, 0]
    )


@at(V)
def rates_in_place(x):
    out = np.empty((2, x.size))
    np.multiply(x, 2.0, out=out[0])
    np.sqrt(x, out=out[1])
    out[:, 1:] -= out[:, :-1] * 0.5
    return np.sum(out**2)


@at(V)
def apply_rowwise(x):
    table = np.outer(x[:2], x)
    rows = np.apply_along_axis(lambda row: row / np.sum(row**2), 1, table)
    scaled = np.vectorize(lambda a, b: a * b if a > b else b**2)(x, x[::-1])
    return rows.sum() + scaled.sum()


@at(V)
def cumulative_shapes(x):
    total = np.cumsum(x.reshape(2, 3), axis=1)
    return (
        np.sum(total[:, -1:] / total)
        + np.logaddexp.reduce(x)
        + np.multiply.accumulate(x)[-2]
        + np.ediff1d(x, to_end=x[0]).max()
    )


@at(V)
def scalar_floats(x):
    scale = float(x[0])
    level = np.float64(0.3) * scale
    return (
        np.hypot(level, x[1]) + x.dot(x) * level + np.cbrt(x).sum() + np.exp2(x[2]) + np.reciprocal(x).min()
    )


@at(np.array([0.7]), 3)
def grown_from_one_element(x, n):
    c = x
    for k in range(n):
        c = np.sin(np.arange(1.0, 2.0 + c.shape[0]))[:, None] * np.ones(len(c)) @ c + k * c.size
    return np.sum(c**2)
