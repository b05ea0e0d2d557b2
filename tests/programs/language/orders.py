"""Order of tuples, lists and objects: `sorted`, `sort`, `min` and `max`, where later parts decide.

In:  nothing.   Out: `PROGRAMS`.
"""

from __future__ import annotations

import functools

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@at(x4)
def pairs_in_place(x):
    pairs = [(x[i], x[(i + 1) % 4]) for i in range(4)]
    pairs.sort()
    return pairs[0][1] * 2 + pairs[3][0] * pairs[1][1]


@at(x4, 4)
@at(x4, 0)
def pairs_with_a_place(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x[i] ** 2, i))
    ordered = sorted(pairs)
    return sum(value * (k + 1) + x[place] for k, (value, place) in enumerate(ordered)) + x[0] * x[1]


@at(x4, 7)
def later_parts_decide_backwards(x, n):
    rows = [(i % 2, -x[i % 4] * i, x[i % 3]) for i in range(n)]
    ordered = sorted(rows, reverse=True)
    return sum(a * b + c * c * (k + 1) for k, (a, b, c) in enumerate(ordered))


@at(x4)
def key_that_is_a_pair(x):
    order = sorted(range(4), key=lambda i: (x[i] > 1, -x[i]))
    return sum(x[i] * (k + 1) ** 2 for k, i in enumerate(order))


@at(x4)
def zipped(x):
    return sum(a * b * (k + 1) for k, (a, b) in enumerate(sorted(zip(x, np.sin(x), strict=True))))


@at(x4)
def lists_of_known_length(x):
    rows = [[x[2], x[1]], [x[0], x[3]]]
    rows.sort()
    return rows[0][0] * rows[1][1] ** 2


@at(x4, 4)
def greatest_and_least_pair(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x[i] ** 2, x[i]))
    return max(pairs)[0] * min(pairs)[1]


@at(x4)
def greatest_of_a_generator(x):
    value, place = max((x[i] * x[0], i) for i in range(4))
    return value * x[place]


@at(x4)
def greater_of_two_pairs(x):
    first, second = max((2, x[1]), (2, x[3]))
    return first * second**2


@functools.total_ordering
class Task:
    def __init__(self, cost, value):
        self.cost = cost
        self.value = value

    def __lt__(self, other):
        return self.cost < other.cost

    def __eq__(self, other):
        return self.cost == other.cost


class Later:
    """Compares by the operator that is not asked first."""

    def __init__(self, cost, value):
        self.cost = cost
        self.value = value

    def __gt__(self, other):
        return self.cost > other.cost


def tasks_of(cls, x):
    """The first and the last one cost the same."""
    costs = (x[0] ** 2, x[1], 0.5 * x[2], x[0] ** 2)
    return [cls(cost, value) for cost, value in zip(costs, (x**2, 3.0 * x, np.sin(x), x**3))]


def weighted(tasks):
    return sum((k + 1.0) * np.sum(task.value) * task.cost for k, task in enumerate(tasks))


@at(np.array([0.7, -0.4, 1.3]))
@at(np.array([1.4, 2.2, 0.3]))
def sorted_objects(x):
    return weighted(sorted(tasks_of(Task, x))) + 0.3 * weighted(sorted(tasks_of(Later, x)))


@at(np.array([0.7, -0.4, 1.3]))
@at(np.array([1.4, 2.2, 0.3]))
def objects_sorted_in_place_and_backwards(x):
    tasks = tasks_of(Task, x)
    tasks.sort(reverse=True)
    return weighted(tasks)


@at(np.array([0.7, -0.4, 1.3]))
@at(np.array([1.4, 2.2, 0.3]))
def sorted_by_objects(x):
    return weighted(sorted(tasks_of(Task, x), key=lambda task: Later(-task.cost, 0)))


@at(np.array([0.7, -0.4, 1.3]))
def sorted_objects_of_known_order(x):
    tasks = [Task(k % 2, x[k] * x) for k in (2, 1, 0)]
    return sum((k + 1) * np.sum(task.value) for k, task in enumerate(sorted(tasks)))
