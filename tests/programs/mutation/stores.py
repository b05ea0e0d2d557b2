"""Assignment at an index, in every form that NumPy has.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(10)


@at(rng.normal(size=6), 0.7)
def element(x, a):
    y = x * 2.0
    y[2] = a
    y[-1] = y[0] * a
    return np.sum(y**3)


@at(rng.normal(size=7))
def negative_step(x):
    y = np.zeros(7)
    y[::-1] = x
    y[5:1:-2] = y[1:3] * x[0]
    y[-2:0:-3] *= 2.0
    return np.sum(y**2 * np.arange(7.0))


@at(rng.normal(size=5))
def reversed_onto_itself(x):
    y = x * 1.5
    y[:] = y[::-1]
    y[1:] = y[:-1] * x[0]
    return np.sum(y**2 * np.arange(5.0))


@at(rng.normal(size=4))
def shifted_add(x):
    y = x * x
    y[1:] += y[:-1]
    y[:-1] -= 0.5 * y[1:]
    return np.sum(y**2)


@at(rng.normal(size=4), rng.normal(size=4))
def last_of_duplicates_wins(x, y):
    z = x * 1.0
    z[[0, 2, 0, 2]] = y
    return np.sum(z**3)


@at(rng.normal(size=4), rng.normal(size=4), np.array([1, 1, 3, 1]))
def last_of_run_time_duplicates_wins(x, y, index):
    z = x * 1.0
    z[index] = y
    return np.sum(z**3)


@at(rng.normal(size=4), rng.normal(size=3))
def duplicates_of_augmented_store_count_once(x, y):
    z = x * 1.0
    z[[1, 1, 3]] += y
    z[[0, 0]] *= 3.0
    return np.sum(z**2)


@at(rng.normal(size=(3, 4)), rng.normal(size=3))
def fancy_pairs(x, y):
    z = x * 1.0
    z[[0, 1, 0], [1, 2, 1]] = y
    z[[2, 0]] = z[[0, 2]]
    z[:, [0, 3]] *= 2.0
    z[1:, [1, 2, 1]] = y
    return np.sum(z**2 * np.arange(12.0).reshape(3, 4))


@at(rng.normal(size=(2, 3)), rng.normal(size=2))
def broadcast_over_duplicates(x, y):
    z = x * 1.0
    z[:, [0, 0, 2]] = y[:, None]
    z[0, [1, 1]] = x[0, :2]
    return np.sum(z**2 * np.arange(6.0).reshape(2, 3))


@at(rng.normal(size=6), 0.3)
def mask(x, a):
    y = x * 1.0
    y[x > 0] = a
    y[y < 0.0] *= 2.0
    y[(x > 0.1) & (x < 1.0)] += x[0]
    return np.sum(y**2)


@at(rng.normal(size=6))
def mask_from_itself(x):
    y = x * 1.0
    m = x > 0.0
    y[m] = y[m] ** 2
    y[~m] = -x[~m]
    return np.sum(y**2)


@at(rng.normal(size=(3, 4)))
def mask_of_rows(x):
    y = x * 1.0
    y[x[:, 0] > 0] = x[1]
    y[:, np.array([True, False, False, True])] *= 2.0
    y[x > 0.5] = 0.0
    return np.sum(y**2)


@at(rng.normal(size=(3, 4)), rng.normal(size=4))
def rows_and_columns(x, r):
    y = x.copy()
    y[1] = r
    y[:, 2] = y[0, 0] * r[:3]
    y[1, :] += y[2]
    y[..., 0] *= r[1]
    y[-1, -1] -= y[0, 1]
    return np.sum(y**2)


@at(rng.normal(size=(2, 3, 4)), rng.normal(size=4))
def ellipsis_and_newaxis(x, r):
    y = x.copy()
    y[...] = y * 2.0 + r
    y[..., 1:3] = r[:2]
    y[0, None, 1] = r[None]
    y[:, :, None, 3] += 1.0
    return np.sum(y**2)


@at(rng.normal(size=5))
def zero_dimensional(x):
    s = np.array(0.0)
    s[...] = x[0]
    s += x[1] * x[2]
    s[()] = s * x[3]
    return float(s) * x[4]


@at(rng.normal(size=5))
def every_operator(x):
    y = x + 5.0
    y[0] += x[1]
    y[1] -= x[2]
    y[2] *= x[3] + 5.0
    y[3] /= x[0] + 5.0
    y[4] **= 2
    y[1:3] **= x[0] * 0.1
    y[2:] @= np.eye(3) * x[0]
    return np.sum(y)


@at(rng.normal(size=5))
def whole_array_operators(x):
    y = x + 5.0
    y += x
    y *= x[0] + 3.0
    y /= x + 7.0
    y -= y[::-1]
    y **= 2
    return np.sum(y)


@at(rng.normal(size=4))
def swap_elements(x):
    y = x * 1.0
    y[0], y[1] = y[1], y[0]
    y[0], y[2:4] = y[3], y[0:2]
    i = 1
    i, y[i] = 3, x[2]
    return np.sum(y * np.arange(1.0, 5.0)) * i


@at(rng.normal(size=(3, 2)))
def swap_of_views_overwrites(x):
    y = x * 1.0
    y[0], y[1] = y[1], y[0]
    return np.sum(y**2 * np.arange(6.0).reshape(3, 2))


@at(rng.normal(size=(3, 2)))
def swap_of_copies(x):
    y = x * 1.0
    y[[0, 1]] = y[[1, 0]]
    y[0], y[2] = y[2].copy(), y[0].copy()
    return np.sum(y**2 * np.arange(6.0).reshape(3, 2))


@at(rng.normal(size=3))
def chained_targets(x):
    y = np.zeros(3)
    z = np.zeros(3)
    y[0] = z[1] = x[0]
    y[1:] = z[:2] = w = x[1:] * 2.0
    w[0] = 7.0
    return np.sum(y**2) + np.sum(z**3) + np.sum(w)


@at(rng.normal(size=5))
def unpacking_into_places(x):
    y = np.zeros(5)
    y[0], (y[1], y[2]), *rest = x[1], (x[2], x[3]), x[0], x[4]
    (y[3], y[4]) = rest
    return np.sum(y**2 * np.arange(1.0, 6.0))


@at(rng.normal(size=4))
def slice_object_and_index_tuple(x):
    y = np.zeros((2, 4))
    where = slice(1, None, 2)
    y[0, where] = x[where]
    place = (1, 2)
    y[place] = x[0]
    y[1][where] += x[1]
    return np.sum(y**2)


@at(rng.normal(size=4), np.array([3, 0, 0]))
def augmented_at_run_time_indices(x, index):
    y = x**2
    y[index] += 1.0
    y[index[0]] -= x[1]
    y[index] /= 2.0
    return np.sum(y**2)


@at(np.array([0.5, -1.5, 2.5], np.float32), np.array([1.5, 0.25], np.float32))
def store_into_single_precision(x, y):
    z = x * np.float32(2.0)
    wide = y.astype(float) * 1.25
    z[0] = wide[0]
    z[1:] += wide
    return np.sum(z * z)


@at(np.array([0.7, 1.3, -0.4]))
@at(np.array([-0.7, 1.3, -0.4]))
def masks_of_no_dimensions(x):
    a = np.array(x[0] * 2)
    a[a > 0] *= x[1]
    table = np.outer(x, x)
    table[x[1] > 5] = 0.0
    table[x[0] > 0, 1] = x
    kept = table[x[2] < 0]
    return a[a < 5].sum() + (table**2).sum() + kept[..., 1].sum() + table[True].sum() + table[False].sum()


@at(np.arange(6.0).reshape(2, 3) + 0.5)
def in_order_of_columns(x):
    a = np.asfortranarray(x)
    b = np.asfortranarray(x * x)
    b[0] = a[1]
    return np.sum(b * a) + np.ascontiguousarray(a.T @ b)[0, 1] + np.asfortranarray(x[0, 0])[0]


@at(np.arange(12.0).reshape(3, 4) * 0.3 - 1.0, 3)
def ranges_as_indices(a, n):
    b = a.copy()
    b[range(3), range(1, 4)] = a[0, 0]
    b[range(n)] *= 2.0
    b[:, range(0, n, 2)] += 1.0
    for i in range(2):
        b[range(i, n), i] = a[range(i, n), i] ** 2
    return np.sum(b**2) + a[range(n - 1), 0].sum()
