"""Entries of dicts, lists and objects that loops exchange or replace, and that are then written.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), the exchange of variables (rolling.py, handed_on.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.7, -0.4, 1.3])


class State:
    """Two buffers."""

    def __init__(self, cur, nxt):
        self.cur = cur
        self.nxt = nxt


@at(x3, 0)
@at(x3, 1)
@at(x3, 4)
def double_buffered(x, n):
    state = State(x * 1.0, np.zeros(3))
    for _ in range(n):
        state.nxt[0] = state.cur[0] * state.cur[1]
        state.nxt[1:] = np.sin(state.cur[:-1])
        state.cur, state.nxt = state.nxt, state.cur
    return np.sum(state.cur**2) + np.sum(state.nxt)


@at(x3, 0)
@at(x3, 1)
@at(x3, 4)
def exchanged_then_written(x, n):
    u, v = x * 1.0, x**2
    d = {"u": u, "v": v}
    for _ in range(n):
        d["u"], d["v"] = d["v"], d["u"]
        d["u"][0] += 0.5 * x[1]
    return np.sum(d["u"] * d["v"]) + np.sum(u**2) - np.sum(np.sin(v))


@at(x3, 0)
@at(x3, 1)
@at(x3, 4)
def buffers_in_a_list(x, n):
    bufs = [x * 1.0, np.zeros(3)]
    for _ in range(n):
        bufs[1][:] = np.sin(bufs[0])
        bufs[1][0] += x[1]
        bufs[0], bufs[1] = bufs[1], bufs[0]
    return np.sum(bufs[0] ** 2) + np.sum(bufs[1])


@at(x3, 0)
@at(x3, 1)
@at(x3, 3)
def written_and_replaced(x, n):
    pair = {"u": x * 1.0, "v": x * 2.0}
    for _ in range(n):
        pair["u"][0] += 1.0
        pair["u"] = pair["u"] * pair["v"]
    return np.sum(pair["u"] ** 2) + np.sum(pair["v"])


@at(x3, 0)
@at(x3, 1)
@at(x3, 3)
def pair_made_again_and_written(x, n):
    a, b = x * 1.0, np.cos(x)
    pair = (a, b)
    for _ in range(n):
        pair = (pair[1], pair[0])
        pair[0][1] *= 0.5 * x[0]
    pair[0][0] = x[2]
    return np.sum(a**2) + 10.0 * np.sum(b) + np.sum(pair[0] * pair[1])


@at(x3, 0)
@at(x3, 1)
@at(x3, 3)
def exchanged_with_a_variable_under_a_condition(x, n):
    a = x * 1.0
    d = {"u": x**2, "v": a}
    for k in range(n):
        if x[k % 3] > 0.0:
            a, d["u"] = d["u"], a
        a[0] += 0.3 * d["v"][1]
    return np.sum(a**2) + np.sum(d["u"]) - np.sum(np.sin(d["v"]))


@at(x3, 1)
@at(x3, 3)
@at(x3, 4)
def kept_from_an_earlier_iteration(x, n):
    a, b = x * 1.0, x * -0.4
    kept = x * 1.1
    for _ in range(n):
        if a[0] < 0.4:
            kept = b
        a[1] += 0.3 * x[2]
        a, b = b, a
    return np.sum(kept**2)


@at(x3, 1)
@at(x3, 3)
@at(x3, 4)
def kept_in_a_list_from_an_earlier_iteration(x, n):
    a, b = x * 1.0, x * -0.4
    kept = [x * 1.1, x * 1.2]
    for _ in range(n):
        for _ in range(n):
            if a[0] > 0.4:
                break
            kept = [b, b]
        a[1] += 0.3 * x[2]
        a, b = b, a
    return np.sum(kept[1] ** 2)


@at(np.array([0.95, 0.18, -0.32]))
@at(np.array([-0.4, 0.7, 0.2]))
def one_gets_the_items_of_the_other_and_one_more_on_one_way(x):
    rows = [[v, v] for v in x[:2]]
    if x[1] < x[0]:
        rows[0], rows[1] = rows[1] + [x[1]], rows[0]
    for row in rows:
        for j, v in enumerate(row):
            row[j] = 0.5 * v
    return sum(rows[0]) + 2 * sum(rows[1])
