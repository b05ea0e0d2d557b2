"""Writing through names, views and containers of the same array.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(11)


@at(rng.normal(size=3))
def alias(x):
    y = x * 2.0
    z = y
    z += x
    return np.sum(y**2)


@at(rng.normal(size=3), 0.4)
def view(x, b):
    y = x * 1.0
    v = y[0:2]
    v[0] = b
    y[1] = 2.0 * b
    return np.sum(y**2) + np.sum(v**3)


@at(rng.normal(size=8))
def slices_of_slices(x):
    y = x * 1.0
    a = y[1:]
    b = a[::2]
    c = b[::-1]
    c[0] = x[0]
    a[2] *= 3.0
    y[1] += 1.0
    return np.sum(y**2) + np.sum(a**3) + np.sum(b * c)


@at(rng.normal(size=(2, 3)))
def flatten_is_a_copy(x):
    y = x * 1.0
    f = y.flatten()
    f[0] = 9.0
    y[0, 1] += 1.0
    return np.sum(f**2) + np.sum(y**2)


@at(rng.normal(size=(3, 3)))
def diagonal_is_read_again(x):
    y = x * 1.0
    d = np.diagonal(y)
    e = y.diagonal(1)
    y[1, 1] = x[0, 0]
    y[0, 1] *= 3.0
    return np.sum(d**2) + np.sum(e**3) + np.trace(y)


@at(rng.normal(size=3))
def broadcast_is_read_again(x):
    y = x * 1.0
    b = np.broadcast_to(y, (2, 3))
    y[0] = x[1] * 2.0
    return np.sum(b**2 * np.arange(6.0).reshape(2, 3))


@at(rng.normal(size=3))
def copies_made(x):
    y = x * 1.0
    a = np.array(y)
    b = y.copy()
    c = y[[0, 1, 2]]
    d = +y
    e = y.astype(float)
    g = np.where(True, y, 0.0)
    a[0] = b[0] = c[0] = d[0] = e[0] = g[0] = 7.0
    return np.sum(y**2) + np.sum(a + b + c + d + e + g) * x[1]


@at(rng.normal(size=3))
def list_holding_an_array_twice(x):
    y = x * 1.0
    pair = [y, y]
    pair[0][0] = 3.0
    pair[1] += x
    pair[0] = pair[0] * 2.0
    pair[0][1] = 1.0
    return np.sum(y**2) + np.sum(pair[0] * pair[1])


@at(rng.normal(size=3))
def tuple_holding_an_array_and_its_view(x):
    y = x * 1.0
    both = (y, y[1:])
    both[1][0] = x[0]
    both[0][2] *= 2.0
    a, b = both
    a += 1.0
    return np.sum(y**2) + np.sum(b**3)


@at(rng.normal(size=3))
def list_times_two_shares(x):
    rows = [x * 1.0] * 2
    rows[0][0] = 5.0
    rows[1][1] = x[0]
    return np.sum(rows[0] ** 2) + np.sum(rows[1] ** 3)


def write_first(a, value):
    a[0] = value
    return a[1:]


def add_into(target, source):
    target += source


def scaled(a):
    a = a * 2.0
    a[0] = 0.0
    return a


@at(rng.normal(size=4))
def helpers_that_write(x):
    y = x * 1.0
    tail = write_first(y, x[1])
    add_into(tail, x[:3])
    write_first(y[2:], 2.0)
    z = scaled(y)
    return np.sum(y**2) + np.sum(tail**3) + np.sum(z)


@at(rng.normal(size=4))
def one_array_as_two_arguments(x):
    y = x * 1.0
    add_into(y, y)
    add_into(y, y[0])
    add_into(y[1:], y[:-1])
    return np.sum(y**2)


@at(rng.normal(size=5))
def overlapping_views_added(x):
    y = x * 1.0
    a, b = y[1:], y[:-1]
    a += b
    b *= a
    a[:] = b
    return np.sum(y**2) + np.sum(a * b)


@dataclass
class Held:
    u: np.ndarray
    v: np.ndarray

    def push(self, value):
        self.u[0] += value
        self.v[...] *= value


@at(rng.normal(size=4))
def arrays_in_an_object(x):
    y = x * 1.0
    held = Held(y, y[2:])
    held.push(x[0])
    held.u[3] = 2.0
    held.v += 1.0
    held.u = held.u * 2.0
    held.u[0] = 9.0
    return np.sum(y**2) + np.sum(held.u * 2.0) + np.sum(held.v**2)


@at(rng.normal(size=4))
def closure_that_writes(x):
    y = x * 1.0

    def bump(i):
        y[i] += x[0] * y[i - 1]

    for i in range(1, 4):
        bump(i)
    return np.sum(y**2)


@at(rng.normal(size=(3, 4)))
def rows_as_views_in_a_loop(x):
    y = x * 1.0
    for row in y:
        row[0] = row[1] * row[2]
        row *= 0.5
    return np.sum(y**2)


@at(rng.normal(size=(3, 4)), 3)
def run_time_rows_as_views(x, n):
    y = x * 1.0
    for i in range(n):
        row = y[i]
        row[1:] += row[:-1]
        y[i, 0] *= 2.0
        row[2] = y[i, 0]
    return np.sum(y**2)


@at(rng.normal(size=4), 3)
def buffers_swapped_in_a_loop(x, n):
    a = x * 1.0
    b = np.zeros(4)
    for _ in range(n):
        b[1:] = a[:-1] * 0.5
        b[0] = np.sin(a[3])
        a, b = b, a
    return np.sum(a**2) + np.sum(b**3)


@at(rng.normal(size=6), 3)
def view_carried_by_a_loop(x, n):
    y = x * 1.0
    v = y[1:]
    for i in range(n):
        v[i] += y[i] ** 2
        y[5] *= 0.9
    return np.sum(y**2) + np.sum(v)


@at(rng.normal(size=3), True)
def view_chosen_by_a_flag(x, flag):
    y = x * 1.0
    z = x * 2.0
    w = y if flag else z
    w[0] = x[1] ** 2
    return np.sum(y**2) + np.sum(z**3)


@at(rng.normal(size=3))
def written_in_one_branch(x):
    y = x * 1.0
    v = y[1:]
    if x[0] > 0:
        v[0] = x[0] ** 2
    else:
        y[2] = x[1]
    return np.sum(y**2) + np.sum(v**3)


@at(rng.normal(size=3))
def argument_changed(x):
    x[0] *= 2.0
    x += 1.0
    return np.sum(x**2)


@at(rng.normal(size=3), rng.normal(size=3))
def ternary_between_arrays(x, y):
    a = x * 1.0
    b = y * 1.0
    c = a if x[0] > y[0] else b
    c = c * 2.0
    c[0] = 1.0
    return np.sum(a * b * c)


@at(rng.normal(size=(2, 3)))
def transposed(x):
    y = x * 1.0
    t = y.T
    t[0] = x[0, 1:] * 2.0
    t[1, 0] += 1.0
    y[1] *= 2.0
    return np.sum(y**2) + np.sum(t**3 * np.arange(6.0).reshape(3, 2))


@at(rng.normal(size=6))
def reshaped_is_a_view(x):
    y = x * 1.0
    m = y.reshape(2, 3)
    m[1] = x[:3]
    r = m.ravel()
    r[0] = x[5]
    y[2] *= 3.0
    return np.sum(y**2) + np.sum(m[0] ** 3) + np.sum(r)


@at(rng.normal(size=(2, 3)))
def reshaped_transposed_is_a_copy(x):
    y = np.zeros((2, 3))
    y[...] = x
    c = y.T.reshape(6)
    c[0] = 5.0
    y[0, 1] = x[1, 1]
    d = y.T.ravel()
    d *= 2.0
    return np.sum(y**2) + np.sum(c**3) + np.sum(d)


@at(rng.normal(size=(4, 3)))
def swapped_and_moved_axes(x):
    y = x.reshape(2, 2, 3) * 1.0
    s = np.swapaxes(y, 0, 2)
    s[0] = 2.0
    m = np.moveaxis(y, -1, 0)
    m[1, 0] = x[0, :2]
    t = y.transpose(1, 0, 2)
    t[0, 1] += x[0]
    return np.sum(y**2) + np.sum(s * 2.0) + np.sum(m**2)


@at(rng.normal(size=3))
def no_copy_made(x):
    y = x * 1.0
    a = np.asarray(y)
    b = np.atleast_1d(y)
    c = np.atleast_2d(y)
    d = np.ravel(y)
    e = np.squeeze(y[None])
    f = np.expand_dims(y, 1)
    a[0] = 2.0
    b[1] += x[0]
    c[0, 2] *= 3.0
    d[0] -= 1.0
    e[1] *= x[2]
    f[0, 0] += 0.5
    return np.sum(y**2) + np.sum(a * b) + np.sum(c * d) + np.sum(f)
