"""Programs in which one array or list is reached by two ways that are easily missed.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(15)


@at(rng.normal(size=(3, 2)))
def rows_by_unpacking(x):
    y = x * 1.0
    a, b, c = y
    a[0] = x[1, 1]
    y[1] = 2.0
    c += b
    return np.sum(y**2) + np.sum(a * b * c)


@at(rng.normal(size=3), 3)
def last_row_grows(x, n):
    rows = []
    for i in range(n):
        rows.append([])
        rows[-1].append(x[i])
        rows[i].append(x[0])
    return sum(rows[0]) + rows[1][0] * rows[-1][1]


@at(rng.normal(size=3), 3)
def list_copied_before_appending(x, n):
    a = []
    for i in range(n):
        a.append(x[i])
    b = a[:]
    c = list(a)
    d = a.copy()
    a.append(x[0])
    return sum(a) * sum(b) + sum(c) * len(d)


@at(rng.normal(size=3), 3)
def array_made_of_a_list_is_a_copy(x, n):
    y = x * 1.0
    a = np.array([y, y])
    s = np.stack([y, y])
    y[0] = 5.0
    a[0, 0] = x[2]
    return np.sum(a**2) + np.sum(s**3) + np.sum(y)


@at(rng.normal(size=3))
def update_by_keywords(x):
    d = {"a": x[0], "b": x[1]}
    d.update(a=x[2] * 2.0)
    d.update({"b": 3.0}, a=d["a"] ** 2)
    return d["a"] * d["b"]


@at(rng.normal(size=3))
def update_by_pairs(x):
    d = dict([("a", x[0])], b=x[1])
    d.update([("a", x[2])])
    d |= {"b": x[0] * x[1]}
    e = {**d, "c": x[0]}
    f = d | {"a": 1.0}
    return d["a"] * d["b"] * e["c"] + f["a"] * f["b"]


@at(rng.normal(size=3))
def array_in_two_dicts(x):
    y = x * 1.0
    d = {"y": y}
    e = dict(d)
    e["y"] += x
    e["y"] = e["y"] * 2.0
    e["y"][0] = 1.0
    return np.sum(d["y"] ** 2) + np.sum(e["y"])


def default_view(a, start=1):
    return a[start:]


@at(rng.normal(size=4))
def view_from_a_function(x):
    y = x * 1.0
    v = default_view(y)
    w = default_view(a=v)
    w[0] = x[0]
    y[3] = v[1] * 2.0
    return np.sum(v**2) + np.sum(w)


@at(rng.normal(size=4))
def walrus_and_chained(x):
    y = x * 1.0
    (v := y[1:])[0] = 3.0
    a = b = v
    a[1] = x[0]
    b += 1.0
    return np.sum(y**2) + np.sum(v)


@at(rng.normal(size=3))
def value_kept_before_a_write(x):
    y = x * 1.0
    before = y[0]
    total = y.sum()
    part = y[1:2]
    y[0] = 4.0
    y[1] = before * total
    return y[0] * before + part[0] * total


@at(rng.normal(size=3))
def index_changed_after_use(x):
    y = x * 1.0
    index = np.array([0, 1])
    a = y[index]
    index[0] = 2
    b = y[index]
    y[index] = a
    return np.sum(y**2) + np.sum(a * b)


@at(rng.normal(size=3))
def index_array_changed_while_a_view_waits(x):
    y = x * 1.0
    k = np.array([2, 0])
    v = y[k[0] :]
    w = y[: k[0]]
    k[0] = 1
    y[2] = 7.0
    y[0] = x[1]
    return np.sum(v**2) + np.sum(w**3)


@at(rng.normal(size=3))
def loop_over_an_array_that_is_written(x):
    y = x * 1.0
    s = 0.0
    for k, v in enumerate(y):
        s += v * (k + 1)
        y[2] = y[2] * 2.0 + x[0]
    return s + np.sum(y)


@at(rng.normal(size=4), 4)
def loop_over_a_run_time_array_that_is_written(x, n):
    y = x[:n] * 1.0
    s = 0.0
    for k, v in enumerate(y):
        s += v * v
        if k + 1 < n:
            y[k + 1] = y[k + 1] * 2.0 + v
    return s + np.sum(y)


@at(rng.normal(size=4), 4)
def zip_over_views_of_one_array(x, n):
    y = x * 1.0
    s = 0.0
    for a, b in zip(y, y[1:]):
        s += a * b
        y[2] += 1.0
    return s


@at(rng.normal(size=3), 3)
def array_captured_by_a_lambda(x, n):
    y = x * 1.0
    f = lambda k: y[k] ** 2  # noqa: E731
    y[0] = x[1]
    s = f(0)
    for i in range(n):
        y[i] = f(i - 1)
    return s + np.sum(y)


class Bank:
    shared = np.zeros(3)

    def __init__(self, x):
        self.own = x
        self.views = [x[:1], x[1:]]


@at(rng.normal(size=3))
def object_and_its_views(x):
    y = x * 1.0
    bank = Bank(y)
    bank.views[1][0] = 4.0
    bank.own *= 2.0
    other = bank
    other.own[0] = x[2]
    return np.sum(y**2) + np.sum(bank.views[0] ** 3) + np.sum(other.views[1])


@at(rng.normal(size=3))
def result_is_a_view_of_an_argument(x):
    v = x[1:]
    w = x.reshape(3, 1)
    return np.sum(v * w[0])


@at(rng.normal(size=3))
def augmented_store_evaluates_once(x):
    y = x * 1.0
    calls = []

    def where():
        calls.append(1)
        return len(calls)

    y[where()] += x[0]
    y[where()] *= 2.0
    return np.sum(y**2) + len(calls)


@at(rng.normal(size=3))
def augmented_name_of_a_number(x):
    a = x[0]
    b = a
    b += 1.0
    t = (a, b)
    t += (x[1],)
    s = t
    s += (x[2],)
    return sum(t) * len(s) + b


@at(rng.normal(size=4))
def sorted_copy_and_flip(x):
    y = x * 1.0
    f = np.flip(y)
    g = y[::-1]
    r = np.roll(y, 1)
    f[0] = 2.0
    g[1] = x[0]
    r[0] = 9.0
    y[0] *= 3.0
    return np.sum(y**2) + np.sum(f * r) + np.sum(g)


@at(rng.normal(size=(3, 3)))
def rotated_and_triangles(x):
    y = x * 1.0
    r = np.rot90(y)
    t = np.tril(y)
    d = np.diag(y)
    r[0, 0] = 4.0
    t[0, 0] = 5.0
    y[1, 1] = x[0, 1]
    return np.sum(y**2) + np.sum(t**3) + np.sum(d**2) + np.sum(r)


@at(rng.normal(size=(3, 3)), 3)
def transposed_view_written_in_a_loop(x, n):
    y = x * 1.0
    t = y.T
    for i in range(n):
        t[i, 0] = t[i - 1, 0] * 0.5 + y[0, i]
    return np.sum(y**2)


def handed_on(u, v):
    return v


def doubled(v):
    v[...] = 0.5 * v + 0.2


@at(rng.normal(size=4), 2)
def view_passed_after_a_loop_that_wrote(x, n):
    y = x * 1.0
    v = y[2:]
    for _ in range(n):
        y[...] = y * x * 0.4
    w = handed_on(v, v)
    return np.sum(np.sin(w))


@at(rng.normal(size=(3, 3)))
def view_passed_after_a_branch_that_wrote(x):
    y = x * x
    v = y[0]
    if v[0] > 0.0:
        y -= 0.3 * y * np.sin(x)
        doubled(v)
    return np.sum(np.sin(v)) + np.sum(y)


@at(rng.normal(size=4))
def view_read_by_an_assertion(x):
    y = x * 1.0
    v = y[1:]
    y[2] = x[0]
    assert np.sum(v) < 1e6, f"sum {np.sum(v)}"
    return np.sum(v**2)
