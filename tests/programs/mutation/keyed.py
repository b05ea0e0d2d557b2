"""Dicts whose keys are known at run time only: counts, groups, tables of dynamic programming, look-ups.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), dicts with keys known in advance (containers.py).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, 1.3, -0.4, 2.1, -1.2, 0.9])
LABELS = np.array([0, 1, 0, 2, 2, 1])
EDGES = np.array([(0, 1), (1, 2), (0, 2), (2, 3), (3, 0), (1, 3)])
MASSES = {0: 1.5, 1: 2.5, 2: -1.0}


@at(X, LABELS)
@at(X[:0], LABELS[:0])
def sums_by_label(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + v * v
    return sum((v**2 for v in sums.values()), 0.0)


@at(X, 6)
@at(X, 0)
def sums_by_remainder(x, n):
    sums = {}
    for i in range(n):
        sums[i % 3] = sums.get(i % 3, 0.0) + x[i]
    return sum((v**2 for v in sums.values()), 0.0)


@at(X, LABELS)
def groups(x, labels):
    members = {}
    for i in range(len(x)):
        members.setdefault(int(labels[i]), []).append(x[i])
    return sum(sum(group) ** 2 / len(group) for group in members.values())


@at(X, LABELS)
def groups_by_default(x, labels):
    members, counts = defaultdict(list), Counter(labels)
    totals = defaultdict(float)
    for v, k in zip(x, labels):
        members[k].append(v)
        totals[k] += math.exp(v)
    return sum(np.prod(group) * k for k, group in members.items()) + sum(
        total / counts[k] for k, total in totals.items()
    )


@at(X)
def groups_by_sign(x):
    members = {True: [], False: []}
    for v in x:
        members[v > 0].append(v)
    return sum(members[True]) * len(members[False]) + np.sum(np.array(members[False]) ** 2)


@at(X, LABELS)
def first_seen_then_added(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        if k not in sums:
            sums[k] = 1.0
        sums[k] *= v
    best = {}
    for v, k in zip(x, labels):
        if k in best:
            best[k] = max(best[k], v)
        else:
            best[k] = v
    return sum(sums.values()) + sum(k * best[k] for k in sorted(best)) * len(best)


@at(X, 3, 2)
@at(X, 4, 2)
def table_of_pairs(x, n, m):
    table = {}
    for i in range(n):
        for j in range(m):
            if i == 0 or j == 0:
                table[(i, j)] = x[i] * x[j]
            else:
                table[i, j] = table[(i - 1, j)] * table[i, j - 1] + x[i + j] * table[i - 1, j - 1]
    return table[(n - 1, m - 1)]


@at(X, 40)
def long_recurrence(x, n):
    known = {0: x[0], 1: x[1]}
    for i in range(2, n):
        known[i] = 0.6 * known[i - 1] * known[i - 2] + 0.1 * x[i % 6]
    return known[n - 1]


@at(X)
def more_entries_than_could_be_written_out(x):
    held = {}
    for i in range(1500):
        held[i % 7] = held.get(i % 7, 0.0) + x[i % 6] ** 2
    return sum(v * k for k, v in held.items())


@at(X)
def comprehension_over_a_run_time_list(x):
    squares = [v * v for v in x]
    held = {i: v for i, v in enumerate(squares) if i != 1}
    return held[2] * held[3] + sum(held[k] * k for k in held)


@at(X, EDGES)
def degrees_of_a_graph(w, edges):
    degree = {}
    for k in range(len(edges)):
        i, j = edges[k]
        degree[i] = degree.get(i, 0.0) + w[k]
        degree[j] = degree.get(j, 0.0) + w[k]
    return sum(d * d for d in degree.values())


@at(X, LABELS)
def arrays_by_label(x, labels):
    held = {}
    for i in range(len(labels)):
        k = labels[i]
        if k not in held:
            held[k] = np.zeros(3)
        held[k][i % 3] += x[i]
        held[k] *= 1.1
    return sum(np.sum(a**2) for a in held.values())


@at(X, LABELS)
def best_pair_by_label(x, labels):
    best = {}
    for i in range(len(labels)):
        k = int(labels[i])
        if k not in best or x[i] > best[k][0]:
            best[k] = (x[i], i)
    return sum(v * place for v, place in best.values())


@at(X, LABELS, {0: 1.5, 1: 2.5, 2: -1.0})
def argument_looked_up(x, labels, weights):
    return sum(weights[k] * v for v, k in zip(x, labels))


@at(X, LABELS)
def global_looked_up(x, labels):
    return sum(MASSES[int(k)] * v**2 for v, k in zip(x, labels) if k in MASSES)


@at(X, LABELS)
def local_looked_up(x, labels):
    first = dict(zip([0, 1, 2], x))
    second = {k: v**2 for k, v in first.items()}
    return sum(first[int(k)] * second[int(k)] for k in labels)


def _add(sums, k, v):
    sums[k] = sums.get(k, 0.0) + v


class Means:
    def __init__(self):
        self.sums, self.counts = {}, {}

    def add(self, k, v):
        _add(self.sums, k, v)
        self.counts[k] = self.counts.get(k, 0) + 1

    def of(self, k):
        return self.sums[k] / self.counts[k]


@at(X, LABELS)
def held_by_an_object(x, labels):
    means = Means()
    for v, k in zip(x, labels):
        means.add(k, v)
    return sum(means.of(k) ** 2 * (k + 1) for k in means.sums)


@at(X, LABELS)
def names_and_copies(x, labels):
    held = {}
    other, values = held, held.values()
    for v, k in zip(x, labels):
        other[k] = v
    held[7] = x[0]
    total = sum(values)
    copied, second = dict(held), held.copy()
    copied[7] = 0.0
    second.update({8: x[1]})
    return total * len(held) + sum(copied.values()) + sum(second.values()) * len(second) + (7 in held)


@at(X, LABELS, 3)
def one_for_each_iteration(x, labels, n):
    total = 0.0
    for r in range(n):
        sums = {}
        for v, k in zip(x, labels):
            sums[k + r] = sums.get(k + r, 0.0) + v * (r + 1)
        total += sum(v**2 for v in sums.values())
    return total


@at(X, LABELS)
def filled_in_a_branch(x, labels):
    held = {}
    for v, k in zip(x, labels):
        if v > 0:
            held[k] = held.get(k, 1.0) * v
    return sum(held.values()) if len(held) > 0 else 0.0


@at(X, LABELS)
def floats_as_keys(x, labels):
    held = {}
    for i in range(len(x)):
        held[round(float(labels[i]) * 0.5, 1)] = x[i]
    return sum(k * v for k, v in held.items())


@at(X, LABELS)
def in_the_order_of_values(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + v
    top = max(sums, key=sums.get)
    ranked = sorted(sums.items(), key=lambda pair: -pair[1])
    values = np.array(list(sums.values()))
    return sums[top] * ranked[0][1] + values @ values * len(list(sums.keys())) + ranked[-1][0] * values[0]


def _sums(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + v
    return sums


@at(X, LABELS)
def entries_changed_by_loops_over_them(x, labels):
    sums = _sums(x, labels)
    total = sum(sums.values())
    for k in sums:
        sums[k] /= total
    for k, v in sums.items():
        sums[k] = v + sums[0]
    for i, (k, v) in enumerate(sums.items()):
        sums[k] = v * (i + 1)
    for k, v in zip(sums.keys(), x):
        sums[k] *= v
    for k in sorted(sums):
        sums[k] += k
    return sum(v**2 for v in sums.values())


@at(X, LABELS)
def none_for_what_is_missing(x, labels):
    products = {}
    for v, k in zip(x, labels):
        old = products.get(k)
        if old is None:
            products[k] = v
        else:
            products[k] = old * v
    return sum(v**2 for v in products.values())


@at(X, LABELS)
def last_position_by_label(x, labels):
    last = dict.fromkeys(range(3), 0)
    total = 0.0
    for i in range(len(x)):
        total += (x[i] - x[last[int(labels[i])]]) ** 2
        last[int(labels[i])] = i
    return total


@at(X, 5)
def neighbours_on_a_grid(x, n):
    field = {}
    for i in range(n):
        for j in range(n):
            field[i, j] = x[(i + j) % 6] * (1.0 + 0.1 * i)
    for _ in range(2):
        smooth = {}
        for i, j in field:
            places = ((i + 1, j), (i - 1, j), (i, j + 1), (i, j - 1))
            near = [field[place] for place in places if place in field]
            smooth[i, j] = sum(near) / len(near)
        field = smooth
    return sum(a**2 for a in field.values())


@at({"x": X}, 4)
def keys_that_must_be_known_after_all(given, n):
    x, parts = given["x"], {}
    for i in range(n):
        parts[i] = x[i] if i % 2 else x[:i] * 2.0
    return np.sum(parts[2]) * parts[1] + parts[3]


def _scaled(table, n, x):
    if n <= 0:
        return 0.0
    table["k"] = table["k"] * x if "k" in table else x
    return table["k"] + _scaled(table, n - 1, x)


@at(1.3, 3)
def keys_that_recursion_enters(x, n):
    first = {"a": x}
    total = _scaled(first, n, x) + _scaled(first, n, x)
    second = {"b": x**2}
    if "k" not in second:
        total *= _scaled(second, n + 1, x)
        if "k" in second:
            total *= second["k"]
    return total * sum(first.values())


@at(1.3, 2)
def keys_that_recursion_enters_between_two_questions(x, n):
    table = {"a": x, "b": x**2}
    total = _scaled(table, n, x)
    other = {"a": x}
    if n > 1:
        other["c"] = x**3
    weight = 2.0 if "k" in other else 3.0
    total += _scaled(other, n, x)
    return total * weight * (5.0 if "k" in other else 7.0) * sum(other.values())


@at(1.4)
@at(0.7)
def text_keys_that_branches_enter(x):
    table = {"a": x}
    if x > 1.0:
        table["p"] = x**2
    for _ in range(3):
        if "p" in table:
            table["p"] = table["p"] * x
        table["a"] = table["a"] * x
    if x > 0.5:
        table["q"] = table.get("p", x)
    return sum(table.values()) * (2.0 if "q" in table else 1.0) * len(table)


@at(1.4)
@at(0.6)
@at(-0.6)
def keys_that_are_equal_and_of_other_kinds(x):
    table = {1: x}
    if x > 1:
        table[True] = x * x
    if x > 0:
        table[2.0] = x**3
    return table[1] + (table[2] if 2 in table else 0.5) * len(table)


@at(1.4, 4)
@at(1.4, 0)
def known_keys_behind_another_name(x, n):
    table = {"a": x}
    same = table
    total = 0.0
    for i in range(n):
        if "k" in table:
            total += table["k"] * i
        same["k"] = x * (i + 1)
    copied = dict(table)
    copied["z"] = x**2
    return total + sum(copied.values()) + (table["k"] if "k" in table else x) * ("z" in table or 2)


@at(np.array([1.5, 0.7]), 1)
@at(np.array([1.5, 0.7]), 2)
def several_kinds_in_several_dicts(x, n):
    single, several = {}, {}
    if x[0] > n:
        single["k"] = x[0]
    else:
        several.setdefault("rest", []).append(x[1])
    return (len(single) + 2 * len(several)) * x[0]


@at(np.array([1.5, 0.7]), 1)
@at(np.array([1.5, 0.7]), 2)
def several_kinds_under_keys_of_both_ways(x, n):
    d = {"k": 0.0, "rest": []}
    if x[0] > n:
        d["k"] = x[0]
    else:
        d.setdefault("rest", []).append(x[1])
    return len(d) * x[0] + d["k"] + sum(d["rest"])
