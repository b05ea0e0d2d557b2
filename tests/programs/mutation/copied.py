"""Copies of sets, dicts, deques and counters that are asked at run time, or stand for those of `collections`.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), copies of arrays and lists (language/standard.py).
"""

from __future__ import annotations

import copy
import dataclasses
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.7, 1.3, -0.4, 2.1])
LABELS = np.array([2, 0, 2, 1])


@at(1.3, 0)
@at(1.3, 3)
def sets(x, n):
    seen = {n, 1}
    one, other = copy.copy(seen), copy.deepcopy(seen)
    one.add(n + 1)
    other.add(n + 2)
    other.add(n + 3)
    return x * len(seen) + x**2 * len(one) + x**3 * len(other)


@at(1.3, 0)
@at(1.3, 3)
def sets_in_containers(x, n):
    held = [{n}, {"a": {n + 1}}]
    whole, flat = copy.deepcopy(held), copy.copy(held)
    whole[0].add(7)
    whole[1]["a"].add(8)
    flat[0].add(9)
    seen = {n}
    twice = copy.deepcopy([seen, seen])
    twice[0].add(5)
    return x * len(held[0]) * len(held[1]["a"]) + x**2 * len(whole[0]) * len(whole[1]["a"]) * len(twice[1])


@at(1.3, 0)
@at(1.3, 3)
def sets_in_lists_and_dicts_of_run_time(x, n):
    rows, table = [set() for _ in range(n + 1)], {}
    for k in range(n):
        table[k] = {k}
    for row in rows:
        row.add(4)
    others, again = copy.deepcopy(rows), copy.deepcopy(table)
    for row in others:
        row.add(n + 7)
    for k in again:
        again[k].add(n + 7)
    total = sum(map(len, table.values())) + x * sum(map(len, again.values()))
    return x * sum(map(len, rows)) + x**2 * sum(map(len, others)) + x * total


@at(1.3, 0)
@at(1.3, 1)
@at(1.3, 3)
def dicts(x, n):
    table = {}
    for k in range(n):
        table[k] = x * (k + 1)
    one, other = copy.copy(table), copy.deepcopy(table)
    one[n] = x**2
    other[n] = x**3
    other[n + 1] = x
    lacks = 1.0 if n in table else 2.0
    table[n + 7] = 3.0 * x
    return x * len(table) * lacks + sum(one.values()) + x * sum(other.values()) + table[n + 7] * other[n + 1]


@at(1.3, 0)
@at(1.3, 1)
@at(1.3, 3)
def dicts_from_which_entries_are_taken(x, n):
    table = {}
    for k in range(n):
        table[k] = x * (k + 1)
    table.pop(0, None)
    one, other = copy.copy(table), copy.deepcopy(table)
    one[n] = x
    one.pop(1, None)
    other[0] = 2.0 * x
    other.pop(2, None)
    sizes = len(table) + 10 * len(one) + 100 * len(other)
    return sum(table.values()) + x * sum(one.values()) + x**2 * sum(other.values()) + sizes * x


@at(1.3, 0)
@at(1.3, 3)
def lists_in_dicts(x, n):
    table = {}
    for k in range(n):
        table[k] = [x * k]
    other = copy.deepcopy(table)
    if n > 0:
        other[0].append(7.0 * x)
    return x * sum(map(sum, table.values())) + x * sum(map(sum, other.values())) + x


@at(1.3, 0)
@at(1.3, 3)
def one_dict_at_two_places(x, n):
    table = {}
    for k in range(n):
        table[k] = x
    other = copy.deepcopy({"a": table, "b": table})
    other["a"][n] = x**2
    return x * len(table) + x * len(other["b"]) + sum(other["b"].values())


@at(X)
def deques(x):
    window = deque([x[0]], maxlen=2)
    one, other = copy.copy(window), copy.deepcopy(window)
    one.append(x[1])
    one.append(x[2])
    other.appendleft(x[3])
    return sum(window) ** 2 + sum(one) * x[0] + other[0] * x[1] * len(window)


@at(X, LABELS)
@at(X[:0], LABELS[:0])
def counters(x, labels):
    counts = Counter(labels.tolist())
    one, other, third = copy.copy(counts), copy.deepcopy(counts), counts.copy()
    one[7] += 5
    other[8] += 2
    third[0] += 1
    total = len(counts) + 2 * len(one) + 3 * other[8] + 5 * third[0] + 7 * counts[7]
    return np.sum(x**2) * total


@at(1.3, 0)
@at(1.3, 3)
def defaults(x, n):
    sums = defaultdict(float)
    for k in range(n):
        sums[k % 2] += x * k
    one, other, third = copy.copy(sums), copy.deepcopy(sums), sums.copy()
    one[n + 1] += x
    other[n + 2] += x**2
    third[0] += 2.0 * x
    return x * len(sums) + sum(one.values()) * len(other) + other[n + 2] + third[0] * sums.get(0, 2.0)


@at(X)
def orders(x):
    table = OrderedDict(a=x[0], b=x[1])
    one = copy.copy(table)
    one["c"] = x[2]
    one.move_to_end("a")
    return len(table) * x[0] * table[next(iter(table))] + one[next(iter(one))] * len(one)


class Held:
    def __init__(self, x):
        self.row, self.seen = [x], set()


@dataclass
class Run:
    x: float
    held: Held
    seen: set = field(default_factory=set)
    table: dict = field(default_factory=dict)
    counts: OrderedDict = field(default_factory=OrderedDict)


@at(1.3, 0)
@at(1.3, 3)
def fields_as_containers(x, n):
    run = Run(x, Held(x))
    run.seen.add(n)
    for k in range(n):
        run.table[k] = x * k
    run.counts["a"] = x
    named, plain = dataclasses.asdict(run), dataclasses.astuple(run)
    named["seen"].add(n + 1)
    named["table"][n] = x**2
    named["held"].row.append(2.0 * x)
    named["held"].seen.add(n)
    named["counts"]["b"] = x**3
    plain[2].add(n + 2)
    plain[3][n + 5] = x
    kept = len(run.seen) + len(run.table) + len(run.held.row) + len(run.held.seen) + len(run.counts)
    made = sum(named["table"].values()) + sum(named["counts"].values()) + sum(named["held"].row)
    return x * kept + made * len(named["seen"]) + sum(plain[3].values()) * len(plain[2])


@at(1.3, 0)
@at(1.3, 3)
def objects_with_both(x, n):
    one = Held(x)
    one.seen.add(n)
    other, whole = copy.copy(one), copy.deepcopy(one)
    other.seen.add(n + 1)
    whole.seen.add(n + 2)
    whole.seen.add(n + 3)
    return x * len(one.seen) + x**2 * len(whole.seen) + len(other.seen) * x**3
