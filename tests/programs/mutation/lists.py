"""Lists and dicts as data: their lengths and what they hold are known at run time only.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(14)


@at(rng.normal(size=(3, 4)))
def nested_comprehension(x):
    y = np.array([[x[i, j] ** 2 for j in range(4)] for i in range(3)])
    return np.sum(y * np.arange(12.0).reshape(3, 4))


@at(rng.normal(size=(3, 4)), 3)
def nested_comprehension_of_run_time_lengths(x, n):
    y = np.array([[x[i, j] ** 2 for j in range(n + 1)] for i in range(n)])
    return np.sum(y**2) + np.sum(y.T[0])


@at(rng.normal(size=(3, 4)), 3)
def rows_of_rows_by_append(x, n):
    rows = []
    for i in range(n):
        row = []
        for j in range(x.shape[1]):
            row.append(np.sin(x[i, j]) * (i + 1))
        rows.append(row)
    return np.sum(np.array(rows) ** 2)


@at(rng.normal(size=(2, 3)), 2)
def lists_in_three_dimensions(x, n):
    blocks = []
    for i in range(n):
        blocks.append([[x[i, j] * k for k in range(1, 3)] for j in range(3)])
    return np.sum(np.array(blocks) ** 2) + np.sum(np.asarray(blocks)[:, 0])


@at(rng.normal(size=(3, 4)), 3)
def rows_of_rows_stacked_along_another_axis(x, n):
    rows = []
    for i in range(n):
        rows.append([x[i, j] ** 2 for j in range(n + 1)])
    return np.sum(np.stack(rows, axis=1) * x.T * np.arange(12.0).reshape(4, 3))


@at(rng.normal(size=(3, 4)), 3)
def rows_of_arrays_in_lists(x, n):
    rows = []
    for i in range(n):
        rows.append([x[i], x[i] * 2.0])
    return np.sum(np.array(rows) ** 3)


@at(rng.normal(size=(3, 4)), 3)
def list_of_lists_indexed(x, n):
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append(x[i, j])
        rows.append(row)
    s = 0.0
    for i in range(n):
        for j in range(n):
            s += rows[i][j] * rows[j][i]
    return s + sum(rows[0]) + rows[-1][-1]


@at(rng.normal(size=6), 3)
def running_history(x, n):
    hist = [x[0], x[1]]
    for t in range(2, 2 + n):
        hist.append(hist[-1] * 0.5 + hist[t - 2] * x[t])
    return hist[-1] + sum(hist[1:]) + hist[0] * hist[n]


@at(rng.normal(size=(2, 3)), 3)
def history_of_arrays(x, n):
    hist = [x[0]]
    for t in range(n):
        hist.append(np.sin(hist[t]) + x[1] * hist[-1])
    return np.sum(hist[-1] ** 2) + np.sum(hist[1]) + np.sum(np.array(hist[:-1]) ** 3)


@at(rng.normal(size=5), 5)
def extended(x, n):
    out = []
    for i in range(n):
        out.extend([x[i], x[i] ** 2])
    out += [x[0]]
    return sum(out) + out[-1] * out[3] + len(out)


@at(rng.normal(size=5), 4)
def inserted(x, n):
    out = [x[0]]
    for i in range(n):
        out.insert(0, x[i] * out[0])
        out.insert(1, x[i])
    s = 0.0
    for k, v in enumerate(out):
        s += (k + 1) * v
    return s


@at(rng.normal(size=5), 5)
def popped(x, n):
    stack = []
    for i in range(n):
        stack.append(x[i])
        if i % 2 == 1:
            b = stack.pop()
            a = stack.pop()
            stack.append(a * b + 1.0)
    return stack.pop() * sum(stack)


@at(rng.normal(size=5), 5)
def queue(x, n):
    waiting = []
    for i in range(n):
        waiting.append(x[i])
    s = 1.0
    while len(waiting) > 1:
        first = waiting.pop(0)
        s = s * 0.5 + first * waiting[0]
        if s > 10.0:
            waiting.append(first)
    return s


@at(rng.normal(size=5), 5)
def reversed_in_place(x, n):
    out = []
    for i in range(n):
        out.append(x[i])
    out.reverse()
    s = 0.0
    for v in out:
        s = s * 0.5 + v
    for v in out[::-1]:
        s = s * 0.5 + v**2
    for v in reversed(out):
        s = s * 0.7 - v
    return s


@at(rng.normal(size=5), 5)
def deleted(x, n):
    out = []
    for i in range(n):
        out.append(x[i])
    del out[0]
    del out[-1]
    out.append(x[0])
    del out[1:2]
    return sum(out) * out[0]


@at(rng.normal(size=5), 5)
def items_replaced(x, n):
    out = []
    for i in range(n):
        out.append(x[i])
    for i in range(1, n):
        out[i] = out[i] * out[i - 1] + 1.0
    out[0] += 2.0
    out[0], out[-1] = out[-1], out[0]
    return sum(out) * out[0]


@at(rng.normal(size=(3, 2)), 3)
def arrays_in_lists_replaced(x, n):
    out = []
    for i in range(n):
        out.append(x[i] * 1.0)
    for i in range(n):
        out[i] = out[i] * out[i - 1]
    return np.sum(np.array(out) ** 2)


@at(rng.normal(size=(3, 2)), 3)
def arrays_in_lists_written(x, n):
    out = []
    for i in range(n):
        out.append(x[i] * 1.0)
    for i in range(n):
        out[i][0] += x[i, 1]
        out[i] *= 2.0
    return np.sum(np.array(out) ** 2)


@at(rng.normal(size=6), 6)
def sliced(x, n):
    out = []
    for i in range(n):
        out.append(x[i] ** 2)
    head, tail = out[:2], out[-2:]
    every = out[::2]
    copy = out[:]
    copy.append(x[0])
    return sum(head) * sum(tail) + sum(every) + sum(copy) * len(out)


@at(rng.normal(size=6), 6)
def two_lists(x, n):
    a, b = [], []
    for i in range(n):
        if x[i] > 0:
            a.append(x[i])
        else:
            b.append(x[i] * 2.0)
    s = 0.0
    for v in a:
        s += v**2
    for v in b:
        s -= v**3
    return s + len(a) * x[0]


@at(rng.normal(size=5), 5)
def same_list_under_two_names(x, n):
    a = []
    b = a
    for i in range(n):
        a.append(x[i])
        b.append(x[i] ** 2)
    return sum(a) + len(b) * b[-1]


@at(rng.normal(size=(3, 2)))
def dict_with_formatted_keys(x):
    d = {}
    for i in range(3):
        d[f"k{i}"] = x[i]
    d["k1"] = d["k0"] * d["k1"]
    return np.sum(d["k1"] ** 2) + sum(np.sum(v) for v in d.values()) + len(d)


@at(rng.normal(size=(3, 2)))
def dict_of_int_keys(x):
    d = {}
    for i in range(3):
        d[i] = x[i] * 2.0
    for i in range(1, 3):
        d[i] = d[i] + d[i - 1] ** 2
    return sum(np.sum(d[k]) for k in d)


@at(rng.normal(size=3), 3)
def dict_updated_in_a_loop(x, n):
    d = {"u": x * 1.0, "v": np.zeros(3), "n": 0}
    for _ in range(n):
        d["v"] = d["v"] + 0.1 * np.sin(d["u"])
        d["u"] += d["v"]
        d["u"][0] = 1.0
        d["n"] += 1
    return np.sum(d["u"] ** 2) * d["n"]


@at(rng.normal(size=3))
def dict_methods(x):
    d = {"a": x[0]}
    d.update(b=x[1], c=x[2])
    d.setdefault("a", 5.0)
    d.setdefault("e", x[0] * 2.0)
    popped = d.pop("b")
    total = 0.0
    for key, value in d.items():
        total += value**2 if key != "a" else value
    del d["c"]
    return total * popped + d.get("zz", 3.0) * d.get("a") + len(d)


@at(rng.normal(size=4), 3)
def list_of_views_is_stacked(x, n):
    y = x * 1.0
    out = []
    for i in range(n):
        out.append(y[i : i + 2] * 1.0)
        y[i] = 0.0
    return np.sum(np.array(out) ** 2)


@at(rng.normal(size=4), 3)
def list_per_outer_iteration(x, n):
    total = 0.0
    for i in range(n):
        part = []
        for j in range(i + 1):
            part.append(x[j] * x[i])
        total += sum(part) * part[-1]
    return total


@at(np.array([1.5, 0.4, 2.0, 0.7, 1.1]))
def stack_that_a_loop_over_known_items_may_empty(x):
    h = []
    for v in (x[0], x[1], x[2], x[3]):
        while h and h[-1] > v:
            h.pop()
        h.append(v * v)
    return sum(h)


@at(np.array([1.5, 0.4, 2.0, 0.7, 1.1]))
def stack_that_nothing_is_taken_from(x):
    h = []
    while len(h) >= 2 and h[-1] > x[0]:
        h.pop()
    h.append(x[0] * x[1])
    return sum(h)


@at(np.array([0.3, 0.1, 2.0, 0.7, 1.1, 1.9]))
def hull_of_points(x):
    points = sorted([(x[0], x[1]), (x[2], x[3]), (x[4], x[5]), (x[1] + 1.0, x[2] / 3.0)])

    def half(given):
        h = []
        for p in given:
            while len(h) >= 2 and (
                (h[-1][0] - h[-2][0]) * (p[1] - h[-2][1]) <= (h[-1][1] - h[-2][1]) * (p[0] - h[-2][0])
            ):
                h.pop()
            h.append(p)
        return h

    hull = half(points)[:-1] + half(points[::-1])[:-1]
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(hull, hull[1:] + hull[:1]))


@at(np.array([1.3, 0.2, 0.5]))
@at(np.array([0.5, 0.2, 1.3]))
def stack_of_a_monotone_sequence(x):
    stack = []
    total = 0.0
    for v in x:
        while stack and stack[-1] < v:
            total += stack.pop() * v
        stack.append(v)
    return total + sum(stack)


@at(np.array([1.3, 0.2, 0.5]))
@at(np.array([0.5, 0.2, 1.3]))
def stack_of_positions(x):
    stack = []
    total = 0.0
    for i in range(len(x)):
        if len(stack) > 0 and x[stack[-1]] < x[i]:
            total += x[stack.pop()] * x[i]
        stack.append(i)
    return total + len(stack)


@at(rng.normal(size=5), 4)
def starred_lists_of_run_time_length(x, n):
    grown = []
    for i in range(n):
        grown.append(x[i] ** 2)
    first = [*grown, x[0]]
    second = [x[1], *first, *grown, 2.0]
    for i in range(n):
        first = [x[i] * first[-1], *first[:2]]
    return sum(first) * second[-2] + sum(v * k for k, v in enumerate(second)) + max([*grown, 0.0])


@at(rng.normal(size=5), 3)
def starred_list_of_arrays_shares_them(x, n):
    rows = [x.copy()]
    for _ in range(n):
        rows.append(np.sin(rows[-1]))
    longer = [*rows, x * 2.0]
    longer[0] = x * 3.0
    return np.sum(np.array(longer) ** 2) + np.sum(rows[0])


@at(np.array([0.7, 1.3, -0.4]), 0)
@at(np.array([0.7, 1.3, -0.4]), 2)
def array_of_a_list_that_stays_empty(x, n):
    kept, none = [], []
    for i in range(n):
        kept.append(x[i] ** 2)
    nothing = np.array(none)
    return np.sum(np.sin(np.array(kept))) + np.sum(nothing) + np.asarray([]).size + nothing.shape[0] + x[0]


@at(1.3, 4)
def slices_changed_in_place(x, n):
    a, b = [x, x * x, x**3], [x * i for i in range(n)]
    for items in (a, b):
        items[1:] += [x]
        items[0:1] *= 3
    return sum(v * i for i, v in enumerate(a + b, 1))


@at(1.3)
def slices_with_a_step(x):
    a, b = [x * i for i in range(6)], [x**i for i in range(6)]
    a[::2] = [x, x * x, x**3]
    b[::-2] = [v * 2.0 for v in b[::2]]
    del a[1::3], b[::2]
    return sum(v * i for i, v in enumerate(a + b, 1))
