"""deque, defaultdict, Counter, heaps, searching lists; tuples in order.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x5 = np.array([0.3, 0.8, 0.4, 1.2, 0.5])


class Window:
    def __init__(self):
        self.held = deque(maxlen=2)
        self.total = 0.0

    def push(self, value):
        self.held.append(value)
        self.total += sum(self.held) ** 2


@at(x5, 5)
def deque_in_an_object(x, n):
    window = Window()
    for i in range(n):
        window.push(x[i])
    return window.total


@at(x5, 5)
def heap_turned_over(x, n):
    heap = [x[0], x[1], x[2]]
    heapq.heapify(heap)
    first = heapq.heapreplace(heap, x[3] ** 2)
    second = heapq.heappushpop(heap, x[4])
    return (
        first * 2.0 + second * heap[0] + heap[-1] + sum(heapq.nlargest(2, heap)) * heapq.nsmallest(1, heap)[0]
    )


@at(x5, 5)
def reductions_of_run_time_lists(x, n):
    found = []
    for i in range(n):
        found.append(x[i] ** 2)
    return np.mean(found) * np.max(found) + np.linalg.norm(found) + np.std(found)


@at(x5, 5)
def dq(x, n):
    d = deque()
    for i in range(n):
        d.append(x[i])
        d.appendleft(x[i] ** 2)
        if len(d) > 4:
            d.popleft()
    return sum(d) * d[0] + d[-1] + d.pop()


@at(x5, 5)
def dq_maxlen(x, n):
    d = deque(maxlen=3)
    s = 0.0
    for i in range(n):
        d.append(x[i] * x[i])
        s += sum(d) / len(d)
    return s


@at(x5, 5)
def dq_static(x, n):
    d = deque([x[0], x[1], x[2]], maxlen=3)
    d.append(x[3])
    d.rotate(1)
    d.extend([x[4]])
    d.extendleft([x[0]])
    return d[0] * 2 + d[1] * 3 + d[2] * d[-1]


@at(x5, 5)
def ddict(x, n):
    d = defaultdict(float)
    d["a"] += x[0]
    d["b"] += x[1] ** 2
    d["a"] *= x[2]
    e = defaultdict(list)
    e["k"].append(x[3])
    e["k"].append(x[4])
    return sum(d.values()) + sum(e["k"])


@at(x5, 5)
def lst_remove(x, n):
    items = [x[0], x[1], x[2]]
    items.remove(x[1])
    k = [3, 1, 2]
    k.remove(1)
    j = k.index(2)
    c = k.count(3)
    return items[0] * items[1] * j + c


@at(x5, 5)
def counter(x, n):
    c = Counter("hello")
    return x[0] * c["l"] + x[1] * c["z"]


@at(x5, 5)
def counter2(x, n):
    c = Counter()
    c["a"] += 1
    c["b"] += 2
    return x[0] * c["a"] * c["b"]


@at(x5, 5)
def heap(x, n):
    h = []
    for i in range(n):
        heapq.heappush(h, x[i])
    return heapq.heappop(h) * 2 + heapq.heappop(h)


@at(x5, 5)
def nlargest(x, n):
    return sum(heapq.nlargest(2, list(x))) + heapq.nsmallest(1, list(x))[0] ** 2


@at(x5, 5)
def dijkstra(w, n):
    dist = [1e9] * n
    dist[0] = 0.0 * w[0]
    q = [(0.0, 0)]
    while q:
        d, u = heapq.heappop(q)
        if d > dist[u]:
            continue
        for k in range(1, 3):
            v = u + k
            if v < n:
                nd = d + w[v] * k * 1.1
                if nd < dist[v]:
                    dist[v] = nd
                    heapq.heappush(q, (nd, v))
    return dist[n - 1] ** 2


@at(x5, 5)
def dict_of_default(x, n):
    d = defaultdict(float)
    d["ab"] += x[0]
    d["cd"] += x[1]
    e = dict(d)
    f = {**d, "q": x[2]}
    g = {}
    g.update(d)
    return sum(e.values()) + sum(f.values()) ** 2 + sum(g.values()) * x[3]


@at(x5, 5)
def moving_mean(x, n):
    w = deque(maxlen=2)
    out = []
    for v in x:
        w.append(v * v)
        out.append(np.mean(w))
    return np.sum(np.array(out) * x)


@at(x5, 5)
def bfs(x, n):
    q = deque([(0, x[0])])
    s = 0.0
    while q:
        k, v = q.popleft()
        s += v * v
        if k < 4:
            q.append((k + 1, v * x[k + 1]))
            if k % 2 == 0:
                q.append((k + 2, v + x[k]))
    return s


@at(x5, 5)
def deq_arrays(x, n):
    h = deque([x, x * 2], maxlen=3)
    for i in range(n):
        h.append(0.5 * h[-1] + 0.1 * h[0] * h[-2])
    return np.sum(h[0] * h[-1]) + np.sum(np.stack(list(h)))


@at(x5, 5)
def groups(x, n):
    g = defaultdict(list)
    for i in range(4):
        g[i % 2].append(x[i])
    return sum(sum(v) * len(v) * k for k, v in g.items()) + g[0][1]


@at(x5, 5)
def rt_remove(x, n):
    items = [x[i] for i in range(n)]
    items.remove(x[2])
    k = items.index(x[3])
    items.insert(k, x[0] ** 2)
    c = items.count(x[1])
    return sum(v * (i + 1) for i, v in enumerate(items)) * c


@at(x5, 5)
def dq_branch(x, n):
    d = deque()
    for i in range(n):
        if x[i] > 0.45:
            d.append(x[i])
        elif len(d) > 0:
            d.appendleft(d.pop() * x[i])
        else:
            d.extend([x[i], x[0]])
    d.rotate(2)
    d.reverse()
    return sum(v * (k + 1) for k, v in enumerate(d))


@at(np.array([0.7, 1.3, -0.4]))
def dict_asked_for_keys_of_loops(x):
    memo = {}
    total = 0.0
    for i in range(3):
        for j in range(3):
            if (min(i, j), max(i, j)) not in memo:
                memo[min(i, j), max(i, j)] = np.sin(x[i] * x[j])
            key = (i + j) % 2
            if key in memo:
                total += memo[key]
            else:
                memo[key] = x[key]
            total += memo[min(i, j), max(i, j)] * x[i]
    return total


@at(np.array([0.7, 1.3, -0.4]))
def views_see_what_the_dict_holds_later(x):
    found = {"a": x[0], "b": x[1]}
    keys, values, pairs = found.keys(), found.values(), found.items()
    found["c"] = x[2] ** 2
    found["a"] = x[0] ** 3
    total = sum(values) * len(keys)
    for _, value in pairs:
        total += value**2
    for key in list(found):
        found[key + "2"] = found[key] * 0.5
    return total + sum(found.values())
