"""`while` loops whose first round makes what later ones change: keys, attributes, lists, arrays of numbers.

In:  nothing.   Out: `PROGRAMS`.
Not here: other loops (control.py).
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.71, -0.44, 1.3, 0.9])


class P:
    pass


@at(X)
def logs_of_a_defaultdict(x):
    log = defaultdict(list)
    t = 0.0
    y = x
    while t < 0.5:
        y = y * 0.9
        t += 0.1
        log["t"].append(t)
        log["y"].append(np.sum(y))
    return log["y"][-1] * log["t"][0]


@at(X)
def key_of_each_round(x):
    d = {}
    i = 0
    while i < len(x):
        d["a"] = x[i] * 2
        i += 1
    return d["a"] ** 2


@at(X)
def key_tested(x):
    d = {}
    i = 0
    while i < len(x):
        if "a" not in d:
            d["a"] = x[i]
        else:
            d["a"] = d["a"] + x[i] ** 2
        i += 1
    return d["a"] ** 2


@at(X)
def attribute_of_each_round(x):
    p = P()
    i = 0
    while i < len(x):
        p.last = x[i]
        i += 1
    return p.last**2


@at(X)
def list_set_by_default(x):
    d = {}
    i = 0
    while i < len(x):
        d.setdefault("h", []).append(x[i])
        i += 1
    return d["h"][-1] * d["h"][0]


@at(X)
def key_until_it_converges(x):
    h = {}
    y = x[0]
    n = 0
    while True:
        y = 0.5 * (y + 2 / y)
        n += 1
        h["y"] = y
        if abs(y * y - 2) < 0.001:
            break
    return h["y"] + n


@at(X)
def walrus_and_continue(x):
    d = {}
    i = 0
    while (v := x[i]) > -5 and i < len(x) - 1:
        i += 1
        if v < 0:
            continue
        d["a"] = d.get("a", 0.0) + v**2
    return d["a"]


@at(X)
def break_past_the_else(x):
    d = {}
    i = 0
    while i < len(x):
        d["a"] = x[i]
        if x[i] < 0:
            break
        i += 1
    else:
        d["a"] = 5 * x[0]
    return d["a"] ** 2


@at(X)
def return_inside(x):
    d = {}
    i = 0
    while i < len(x):
        d["a"] = x[i] * 3
        if x[i] < -10:
            return d["a"]
        i += 1
    return d["a"] ** 2


@at(X)
def number_before_array_after(x):
    s = 0
    i = 0
    while i < len(x):
        s = s + x * x[i]
        i += 1
    return np.sum(s**2)


@at(X)
def no_round(x):
    d = {}
    i = 0
    while i < int(x[0] > 100) * len(x):
        d["a"] = x[i]
        i += 1
    return d["a"] if "a" in d else x[1] * 3


@at(X)
def loops_in_loops(x):
    hist = None
    i = 0
    while i < len(x):
        j = 0
        d = {}
        while j < i + 1:
            d["k"] = x[j] * x[i]
            j += 1
        hist = d["k"] if hist is None else hist + d["k"]
        i += 1
    return hist**2


@at(X)
def lists_of_two_keys(x):
    stats = {}
    t = 0.0
    while t < 1.0:
        t += 0.3
        for k in ("a", "b"):
            stats.setdefault(k, []).append(x[0] * t if k == "a" else x[1] * t * t)
    return sum(stats["a"]) * stats["b"][-1]


@at(X)
def keys_that_are_counted(x):
    out = {}
    it = 0
    y = x[0]
    while True:
        it += 1
        y = 0.5 * (y + 3 / y)
        out[it] = y
        if abs(y * y - 3) < 1e-06 or it > 20:
            break
    return out[it] * out[1]


@at(X)
def key_missed_once(x):
    d = {}
    i = 0
    while i < len(x):
        try:
            d["a"] = d["a"] * x[i]
        except KeyError:
            d["a"] = x[i]
        i += 1
    return d["a"]
