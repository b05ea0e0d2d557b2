"""Items taken out of lists of run-time length, while items are put into the list and out of it.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), items that swap their places (swapped_entries.py).
"""

from __future__ import annotations

import copy
import heapq
from collections import deque

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.3, 0.7, 1.1, 1.9])
PLACES = np.array([2, 1, 0, 2, 0, 2])


class Job:
    def __init__(self, cost, place):
        self.cost = cost
        self.place = place

    def __lt__(self, other):
        return self.cost < other.cost


class Held:
    def __init__(self, p, items):
        self.p = p
        self.items = items


@at(x4, PLACES)
def heap_of_objects(x, ks):
    heap = []
    for k in ks:
        heapq.heappush(heap, Job(x[k] ** 2, k))
    s, c = 0.0, 1.0
    while heap:
        job = heapq.heappop(heap)
        s += c * job.cost * x[job.place]
        c += 1.0
    return s


@at(x4, PLACES)
def paths_of_a_graph(x, ks):
    paths, done = [[0]], []
    while paths:
        path = paths.pop()
        last = path[-1]
        if last == 3 or len(path) > ks[0] + 1:
            done.append(path)
            continue
        for j in range(last + 1, 4):
            paths.append([*path, j])
    s = 0.0
    for path in done:
        c = 1.0
        for a in path:
            c *= x[a]
        s += c
    return s


@at(x4, PLACES)
def written_after_the_list_grew(x, ks):
    h = []
    for k in ks:
        h.append([x[k]])
    a = h[0]
    h.append([x[1]])
    a.append(x[2] * 2.0)
    return sum(sum(r) ** 2 for r in h) + len(a)


@at(x4, PLACES)
def put_in_again(x, ks):
    h = []
    for k in ks:
        h.append([x[k]])
    a = h[0]
    h.append(a)
    h[-1].append(x[3])
    return sum(sum(r) ** 2 for r in h) + a[-1]


@at(x4, PLACES)
def moved_to_another_list_and_written(x, ks):
    h, d = [], []
    for k in ks:
        h.append([x[k]])
    p = h.pop()
    d.append(p)
    h.append([x[1]])
    p.append(x[2] * 3.0)
    return sum(sum(r) for r in d) + sum(sum(r) ** 2 for r in h)


@at(x4, PLACES)
def in_two_lists_and_written_in_one(x, ks):
    h, d = [], []
    for k in ks:
        h.append([x[k]])
    p = h[1]
    d.append(p)
    h.insert(0, [x[1]])
    h[2].append(x[2] * 3.0)
    return sum(sum(r) for r in d) + sum(sum(r) ** 2 for r in h)


@at(x4, PLACES)
def array_written_after_the_list_grew(x, ks):
    h = []
    for k in ks:
        h.append(x * k)
    a = h[0]
    h.append(x**2)
    a[0] = 5.0 * x[1]
    return sum(np.sum(r) ** 2 for r in h)


@at(x4, PLACES)
def array_that_was_replaced(x, ks):
    h = []
    for k in ks:
        h.append(x * k)
    a = h[0]
    h[0] = x**2
    h[0][1] = x[3] * 2.0
    return sum(np.sum(r) ** 2 for r in h) + a[1]


@at(x4, PLACES)
def object_that_holds_a_list(x, ks):
    h = []
    for k in ks:
        h.append(Held(x[k], [x[0]]))
    o = h[0]
    h.append(Held(x[1], [x[2]]))
    return o.p * h[0].p + o.items[0] + h[-1].items[0] ** 2 + len(h)


@at(x4, PLACES)
def lists_three_deep(x, ks):
    g = []
    for k in ks:
        g.append([[x[k]]])
    r = g[0]
    c = g[0][0]
    c.append(x[1])
    g.append([[x[2]]])
    g[0].append([x[3]])
    return sum(sum(sum(q) for q in w) for w in g) * r[0][0] + len(r) + len(r[0]) + r[0][-1]


@at(x4, PLACES)
def the_first_one_taken_and_written(x, ks):
    g = []
    for k in ks:
        g.append([x[k]])
    r, t = g[0], g
    t.append([x[2]])
    r.append(x[1])
    u = g.pop(0)
    u.append(x[3])
    return sum(r) + sum(sum(w) for w in t) * u[0] + len(r)


@at(x4, PLACES)
def pairs_that_hold_lists(x, ks):
    q = []
    for k in ks:
        q.append((x[k], [x[0]]))
    a, b = q.pop()
    q.append((x[1], b))
    c, d = q[-1]
    q.append((x[2], [x[3]]))
    return a * c + sum(b) * sum(d) + len(q)


@at(x4, PLACES)
def heap_of_objects_with_ints_of_python(x, ks):
    heap = []
    for i in range(len(x)):
        heapq.heappush(heap, Job(x[i] ** 2, i))
    s, c = 0.0, 1.0
    while heap:
        job = heapq.heappop(heap)
        s += c * job.cost * x[job.place]
        c += 1.0
    return s


@at(x4)
def two_arrays_from_the_front(x):
    L = [x * k for k in range(3)]
    b = L.pop(0)
    c = L.pop(0)
    return np.sum(b) * np.sum(c)


@at(x4)
def stack_of_halves(x):
    st = [x]
    s = 0.0
    while st:
        a = st.pop()
        m = len(a) // 2
        s += np.sum(a) ** 3
        if m > 0:
            st.append(a[:m])
            st.append(a[m:])
    return s


@at(x4)
def queue_of_products(x):
    q = [x[k : k + 2] * 1.0 for k in range(len(x) - 1)]
    while len(q) > 1:
        a = q.pop(0)
        b = q.pop(0)
        q.append(a * b + 1)
    return np.sum(q[0] ** 2)


@at(x4)
def put_back_and_changed(x):
    L = [x * k for k in range(4)]
    b = L.pop()
    L.append(b)
    b[0] = 5.0
    return np.sum(L[-1] * L[0]) + np.sum(L[-1])


@at(x4)
def put_back_and_changed_there(x):
    L = [x * k for k in range(4)]
    b = L.pop(0)
    L.append(b)
    L[-1][0] = x[1] ** 2
    return np.sum(b**2)


@at(x4)
def moved_and_reversed(x):
    L = [x * k for k in range(len(x))]
    b = L.pop(0)
    c = L.pop()
    L.insert(0, c)
    c[1] = x[0] ** 2
    L.reverse()
    return np.sum(L[-1] * c) + np.sum(b)


@at(x4)
def put_back_on_one_way(x):
    L = [x * k for k in range(len(x))]
    b = L.pop(1)
    if x[0] > 0:
        L.append(b)
        b[0] = 3.0
    return np.sum(b * L[-1])


@at(x4)
def view_of_what_was_taken_out(x):
    L = [x * (k + 1) for k in range(len(x))]
    b = L.pop(1)
    v = b[1:]
    for i in range(3):
        L.append(b * i)
        v[0] = v[0] * x[i]
    return np.sum(b * L[-1])


@at(x4)
def deque_of_arrays(x):
    q = deque((x * k for k in range(1, 4)))
    s = 0.0
    while q:
        a = q.popleft()
        if np.sum(a) > 1:
            q.append(a * 0.4)
        s += np.sum(a**2)
    return s


@at(x4)
def taken_through_another_name(x):
    L = [x * k for k in range(4)]
    L2 = L
    b = L2.pop()
    L.append(b * 2)
    L2[0] = b
    b *= 2.0
    return np.sum(b) * np.sum(L[0])


@at(x4, 3)
def deep_copies_that_are_written_to(x, n):
    rows = []
    for i in range(n):
        rows.append(x * (i + 1.0))
    copies = copy.deepcopy(rows)
    for row in copies:
        row[0] = x[1] ** 2
    rows[0][1] = 3.0 * x[2]
    return sum(np.sum(row**2) for row in rows) + sum(np.sum(row**3) for row in copies)


@at(x4)
def deep_copies_of_lists_in_a_list(x):
    lists = []
    for v in x:
        if v > 0.5:
            lists.append([v, v**2])
    copies = copy.deepcopy(lists)
    for items in copies:
        items[0] = x[1] ** 2
        items.append(x[0])
    return sum(items[0] * items[1] for items in lists) + sum(sum(items) for items in copies)


@at(x4)
def deep_copies_of_records(x):
    records = []
    for i, v in enumerate(x):
        records.append({"a": x * i, "b": (v, x * 2.0)})
    return sum(r["a"][0] * r["b"][0] + np.sum(r["b"][1]) for r in copy.deepcopy(records))


@at(x4)
def lists_that_are_added_up(x):
    lists = []
    for i, v in enumerate(x):
        lists.append([v * k for k in range(i)])
    joined = sum(lists, [x[0]])
    joined[0] = joined[3] * 2
    flat = sum([[v, v**2] for v in x], start=[])
    return sum(v * k for k, v in enumerate(joined)) + sum(lists[2]) * flat[5] + sum([[x[0]], [x[1]]], [])[1]


@at(x4)
def records_out_of_a_heap(x):
    heap = []
    for i, v in enumerate(x):
        heapq.heappush(heap, ((v - 1.0) ** 2, i, {"v": v**2, "name": "item"}))
    total, rank = 0.0, 1.0
    while heap:
        cost, _, record = heapq.heappop(heap)
        total += cost * rank + record["v"] ** rank
        rank += 1
    return total


@at(x4)
def unpacked_deques_and_iterators(x):
    last, some = deque(maxlen=3), deque()
    for v in x:
        last.append(v)
        if v > 0.5:
            some.append(v**2)
    a, b, c = last
    first, *others = some

    def squares():
        for v in x:
            if v > 0.5:
                yield v**2

    *_, end = squares()
    start, *middle, _ = squares()
    pair, *pairs = zip(x, x[1:])
    return a * b + c**2 + first * sum(others) + end * start + sum(middle) + pair[0] * pairs[-1][1]
