"""Sets of ints, text and tuples of them that are changed, or filled with what only the run knows.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), dicts (keyed.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.3, 1.2, -0.7, 2.1, 0.4])
LABELS = np.array([2, 0, 2, 1, 0])
NAMES = ("a", "b", "c")


@at(X, LABELS)
@at(X[:0], LABELS[:0])
def first_of_each(x, labels):
    seen, s = set(), 0.0
    for i in range(len(x)):
        if labels[i] in seen:
            continue
        seen.add(labels[i])
        s += x[i] ** 2
    return s * len(seen)


@at(X, np.array([17, 8, 0, 32, 1]))
def in_the_order_of_python(x, keys):
    items = set()
    for k in keys:
        items.add(int(k))
    s = 0.0
    for k in items:
        s = s * 1.3 + k * x[k % 5]
    items.discard(0)
    items.remove(8)
    items.add(40)
    for k in items:
        s = s * 1.3 + k * x[k % 5]
    return s + items.pop() * x[1] * len(items)


@at(X, LABELS)
def operators(x, labels):
    a, b = {int(k) for k in labels if k > 0}, set(labels.tolist())
    s = sum(x[k] ** 2 for k in sorted(b - a)) + sum(x[k] for k in a & b)
    if a <= b and not b.issubset(a) and a.isdisjoint({9}):
        s *= x[3]
    a |= {4}
    b -= {0}
    return s * len(a | b) * len(a ^ b) + (a == b) * x[0] + x[1] * (4 in a)


@at(X, LABELS)
def edges_once(x, labels):
    seen, s = set(), 0.0
    for i in range(len(x) - 1):
        edge = int(labels[i]), int(labels[i + 1])
        if edge not in seen:
            seen |= {edge, edge[::-1]}
            s += x[i] * x[i + 1]
    return s * len(seen)


@at(X, LABELS)
def names_once(x, labels):
    seen, s = set(), 0.0
    for i in range(len(x)):
        name = NAMES[labels[i]]
        if name not in seen:
            seen.add(name)
            s += np.sin(x[i])
    return s


@at(X, LABELS)
def neighbours(x, labels):
    near = {}
    for i in range(len(labels) - 1):
        u, v = int(labels[i]), int(labels[i + 1])
        near.setdefault(u, set()).add(v)
        near.setdefault(v, set()).add(u)
    return sum(x[u] * x[v] for u in near for v in sorted(near[u]))


@at(X, LABELS)
def breadth_first(x, labels):
    front, visited, value = {0}, set(), np.ones(5)
    while front:
        following = set()
        for u in sorted(front):
            visited.add(u)
            v = int(labels[u])
            value[v] += value[u] * x[u]
            if v not in visited:
                following.add(v)
        front = following
    return value.sum()


@at(X, LABELS)
def depth_first(x, labels):
    seen, stack, s = set(), [0], 1.0
    while stack:
        u = stack.pop()
        if u not in seen:
            seen.add(u)
            s = s * np.cos(x[u]) + x[u]
            stack += [int(labels[u]), (u + 1) % 5]
    return s


@at(X, LABELS)
def until_none_is_left(x, labels):
    todo, s = set(range(5)), 0.0
    while todo:
        u = min(todo)
        todo.remove(u)
        todo -= {int(labels[u])}
        s += x[u] ** 3
    return s


@at(X)
@at(-X)
def changed_in_a_branch(x):
    seen = {1, 2}
    other = seen
    if x[0] > 0:
        seen.add(3)
    else:
        seen = {3}
    return len(seen) * x[1] + len(other) * x[2] + (x[3] if 2 in seen else x[4])


def note(seen, k):
    seen.add(k)
    return len(seen)


@at(X)
def changed_by_a_function(x):
    seen = set()
    n = note(seen, 1) + note(seen, 1) + note(seen, 2)
    return x[0] ** 2 * n * len(seen)
