"""Writes through views that functions make, and `ufunc.at` at every kind of index.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), views by an index (views.py), what NumPy makes
read-only (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
M4 = np.array(
    [[0.3, 0.75, -0.4, 1.1], [0.5, -0.2, 0.9, 0.1], [0.25, 0.35, 0.4, -0.8], [0.15, 0.6, 0.65, 0.7]]
)
v4 = np.array([0.31, 0.72, -0.43, 1.14])
T = np.arange(24.0).reshape(2, 3, 4) * 0.1 - 0.7


def weighed(b):
    return np.sum(b**2) + np.sum(np.sin(b) * np.arange(b.size).reshape(b.shape))


@at(M4)
def diagonal_by_einsum(x):
    b = x * 1.0
    np.einsum("ii->i", b)[:] += b[0]
    np.einsum("ij->ji", b)[0] *= b[1]
    return weighed(b)


@at(T)
def repeated_letters_among_others(x):
    b = np.stack([x[:, :2], x[:, 1:]]) * 1.0
    d = np.einsum("iijk->kij", b[:, :, :, :2].reshape(2, 2, 2, 2).copy())
    c = b[:, :, :2, :2].copy()
    np.einsum("ijjk->kij", c)[1] += b[0, :, 0, :2]
    np.einsum("iijk->kji", c)[0, 1] *= 0.7
    return weighed(c) + np.sum(d)


@at(T)
def axes_moved(x):
    b = x * 1.0
    np.rollaxis(b, 2)[0] = b[:, :, 1] * 2.0
    np.rollaxis(b, 2, 1)[:, 1] *= b[:, :, 0]
    np.moveaxis(b, 0, 2)[1] += 0.5
    np.swapaxes(b, 0, 1)[2, 0] = b[0, 1]
    np.einsum("ijk->kij", b)[3] *= 0.3
    return weighed(b)


@at(T)
def matrices_transposed(x):
    b = x * 1.0
    np.matrix_transpose(b)[0, 1] = b[0, :, 2] * 2.0
    b.mT[1, :, 0] *= b[0, 1]
    return weighed(b)


@at(M4)
def turned_and_flipped(x):
    b = x * 1.0
    np.rot90(b)[0] += b[1]
    np.rot90(b, k=3)[1] *= b[1]
    np.flip(b, axis=1)[0] += b[2]
    np.flipud(b)[0] = 2.0 * b[1]
    return weighed(b)


@at(M4)
def parts_of_splits(x):
    b = x * 1.0
    p, q = np.vsplit(b, 2)
    p[0] = q[1] * 2.0
    q *= p
    for r in np.array_split(b, 3, axis=1):
        r[1] *= b[0, 0]
    return weighed(b)


@at(M4, v4)
def rows_multiplied_at_places(x, v):
    y = x * 1.0
    np.multiply.at(y, np.array([0, 1, 1]), v)
    np.divide.at(y, [2, 2], v + 2.0)
    return weighed(y)


@at(v4)
def one_value_at_many_places(x):
    y = x * 1.0
    np.multiply.at(y, np.array([0, 1, 1]), y[2:3])
    return weighed(y)


@at(M4, v4)
def places_of_two_axes(x, v):
    y = x * 1.0
    np.multiply.at(y, (np.array([0, 1, 1]), np.array([2, 3, 3])), v[:3])
    np.multiply.at(y, (slice(None), [0, 0, 1]), v[:3])
    np.multiply.at(y, ([0, 0], slice(1, 3)), v[:2])
    np.maximum.at(y, (2, [1, 1]), v[0])
    return weighed(y)


@at(v4, M4)
def places_in_a_table(x, m):
    y = x * 1.0
    np.multiply.at(y, np.array([[0, 1], [1, 1]]), m[:2, :2])
    return weighed(y)


@at(M4, v4)
def slices_and_masks(x, v):
    y = x + 1.5
    np.multiply.at(y, y > 1.97, 0.5)
    np.power.at(y, slice(1, 3), v)
    np.multiply.at(y, 1, v)
    np.square.at(y, (slice(None), 2))
    return weighed(y)


@at(v4)
def ufuncs_of_one_operand(x):
    y = x * 1.0
    np.exp.at(y, [0, 0, 2])
    np.sin.at(y, [1, 1])
    np.square.at(y, np.array([0, 3]))
    np.negative.at(y, y > 0.2)
    return weighed(y)


@at(v4, v4 + 0.5)
def ufuncs_of_two_operands(x, v):
    y = np.abs(x)
    np.power.at(y, [1, 1, 2], v[:3])
    np.hypot.at(y, [1, 1], 0.3)
    np.arctan2.at(y, [0, 1], v[:2])
    np.logaddexp.at(y, [3, 3], v[:2])
    return weighed(y)


@at(M4, v4)
def ufuncs_at_places_of_views(x, v):
    y = x * 1.0
    np.multiply.at(y[1], [0, 0], v[:2])
    np.exp.at(y.T[0], [0, 0])
    np.multiply.at(y[:, 1], [0, 0], v[:2])
    return weighed(y)
