"""Entries that are taken out of dicts whose keys are known at run time only, and such dicts as a whole.

In:  nothing.   Out: `PROGRAMS`.
Not here: counts, groups and tables (keyed.py), running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, 1.3, -0.4, 2.1, -1.2, 0.9])
LABELS = np.array([2, 0, 2, 1, 1, 0])
NAMES = ("low", "mid", "high")


def in_order(d):
    """A number that tells the order of the entries."""
    s = 0.0
    for k, v in d.items():
        s = 1.3 * s + v * (k + 1)
    return s


@at(X, LABELS)
def popped(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + np.sin(v)
    first = sums.pop(labels[0])
    return first**2 + in_order(sums) + sums.pop(7, 0.5) * sums.pop(labels[1], 0.5) * len(sums)


@at(X, LABELS)
@at(X[:0], LABELS[:0])
def moved_to_other_keys(x, labels):
    d = {}
    for v, k in zip(x, labels):
        if k in d:
            d[k + 10] = d.pop(k) * v
        else:
            d[k] = np.exp(v)
    return in_order(d)


@at(X, LABELS)
def deleted_and_made_again(x, labels):
    d = {}
    for v, k in zip(x, labels):
        d[k] = v * v
    del d[labels[3]]
    d[labels[3]] = x[0] * x[1]
    return in_order(d)


@at(X, LABELS)
def from_the_end(x, labels):
    d = {}
    for v, k in zip(x, labels):
        d[k] = d.get(k, 0.0) + np.tanh(v)
    s = 0.0
    while d:
        k, v = d.popitem()
        s = 1.3 * s + v * (k + 1)
    return s


@at(X, LABELS)
def cleared_when_full(x, labels):
    d, s = {}, 0.0
    for v, k in zip(x, labels):
        d[k] = v**2
        if len(d) == 2:
            s += sum(d.values())
            d.clear()
    return s + sum(d.values())


@at(X, LABELS)
def renamed(x, labels):
    d = {}
    for v, k in zip(x, labels):
        d[k] = v**2
    for k in list(d):
        if k > 0:
            d[k + 5] = d.pop(k)
    return in_order(d) + sum(d.keys()) * max(d.values())


@at(X, LABELS)
def window(x, labels):
    cache, s = OrderedDict(), 0.0
    for v, k in zip(x, labels):
        if k in cache:
            cache.move_to_end(k)
            s += cache[k] * v
        else:
            cache[k] = v**2
            if len(cache) > 2:
                cache.popitem(last=False)
    return s + in_order(cache)


@at(X, LABELS)
def joined(x, labels):
    a, b = {}, {}
    for i in range(len(x)):
        if i % 2 == 0:
            a[labels[i]] = x[i] ** 2
        else:
            b[labels[i]] = np.sin(x[i])
    c = a | b
    s = in_order(c) + in_order({**b, **a, 9: x[0]})
    a.update(b)
    b |= a
    return s + in_order(a) * in_order(b) + (a == c) * x[1] + (b != c) * x[2]


@at(X, LABELS)
def of_default_dicts(x, labels):
    counts, groups = Counter(), defaultdict(list)
    for v, k in zip(x, labels):
        counts[k] += 1
        groups[k].append(v * v)
    last = groups.pop(2)
    del counts[2]
    return sum(sum(group) / counts[k] for k, group in groups.items()) * sum(last)


@at(X, LABELS)
def named(x, labels):
    totals, counts = defaultdict(float), Counter()
    for v, k in zip(x, labels):
        totals[NAMES[k]] += np.exp(v)
        counts[NAMES[k]] += 1
    s = 0.0
    for name in totals:
        s += totals[name] * 2 if name == "low" else totals[name] / counts[name]
    return s + totals["high"] ** 2


@at(X, LABELS)
def named_by_numbers(x, labels):
    d = {}
    for i in range(len(x)):
        d[f"n{labels[i]}"] = x[i] ** 2
    weights = {}
    for i in range(len(x)):
        weights["w", int(labels[i])] = x[i]
    return d["n0"] + 2 * d["n1"] * d["n2"] + weights["w", 1] ** 3


@at(X)
@at(-X)
def entries_of_one_branch(x):
    d = {"a": x[0], "b": x[2]}
    if x[1] > 0:
        d["c"] = x[1]
        del d["b"]
    e = {**d, "d": x[3]}
    s = x[0] * len(d) + (x[1] if "c" in d else x[2]) * len(e)
    for v in d.values():
        s = 1.5 * s + v
    return s * d.get("b", x[4]) + d.pop("c", x[5])


@at(X)
@at(-X)
def order_of_one_branch(x):
    d = {}
    if x[1] > 0:
        d["b"], d["a"] = x[1], x[0]
    else:
        d["a"], d["b"] = x[0], x[1]
    s = 0.0
    for v in d.values():
        s = 1.5 * s + v * v
    return s


@at(X)
@at(-X)
def empty_on_one_way(x):
    d = {}
    if x[1] > 0:
        d[3] = x[2]
    return x[0] ** 2 if d else x[1] ** 3


@at(X, LABELS)
def raises_where_it_is_missing(x, labels):
    d = {}
    for v, k in zip(x, labels):
        try:
            d[k] += v**2
        except KeyError:
            d[k] = v
    return in_order(d)
