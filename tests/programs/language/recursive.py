"""Recursion on run-time values that changes what it is given or finds around itself, and what it returns of that.

In:  nothing.   Out: `PROGRAMS`; `REFUSED`, those of refused.py among them.
Not here: recursion that only returns values (functions.py).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import REFUSED, refused

__all__ = ["PROGRAMS", "REFUSED"]

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([3.0, 1.0, 2.0, 5.0, 4.0, 0.5, 2.5, 1.5])
LEFT = np.array([1, 3, -1, -1, -1, -1, -1, -1])
RIGHT = np.array([2, 4, -1, 5, -1, -1, -1, -1])


# In place on arrays


def quicksort(a, low, high):
    if low >= high:
        return
    pivot, i = a[high], low
    for j in range(low, high):
        if a[j] < pivot:
            a[i], a[j] = a[j], a[i]
            i += 1
    a[i], a[high] = a[high], a[i]
    quicksort(a, low, i - 1)
    quicksort(a, i + 1, high)


@at(X)
@at(X[:1])
def sorted_in_place(x):
    y = x.copy()
    quicksort(y, 0, len(y) - 1)
    return np.sum(y * np.arange(len(y)))


def merge_sort(a):
    n = len(a)
    if n < 2:
        return
    m = n // 2
    merge_sort(a[:m])
    merge_sort(a[m:])
    i, j, out = 0, m, np.empty(n)
    for k in range(n):
        if j >= n or (i < m and a[i] <= a[j]):
            out[k] = a[i]
            i += 1
        else:
            out[k] = a[j]
            j += 1
    a[:] = out


@at(X)
@at(X[:3])
def sorted_through_views(x):
    y = x.copy()
    merge_sort(y)
    return np.sum(y * np.arange(len(y)))


def fft_in_place(a):
    n = len(a)
    if n == 1:
        return
    fft_in_place(a[0::2])
    fft_in_place(a[1::2])
    even, odd = a[0::2] * 1.0, a[1::2] * 1.0
    for k in range(n // 2):
        twiddle = np.exp(-2j * np.pi * k / n) * odd[k]
        a[k] = even[k] + twiddle
        a[k + n // 2] = even[k] - twiddle


@at(X)
def transformed_in_place(x):
    y = x.astype(complex)
    fft_in_place(y)
    return np.sum(np.abs(y) ** 2 * np.arange(len(y)))


@at(X.reshape(4, 2) @ X.reshape(4, 2).T + 4.0 * np.eye(4))
def cholesky_by_trailing_blocks(matrix):
    def factor(a):
        if a.shape[0] == 0:
            return
        a[0, 0] = np.sqrt(a[0, 0])
        a[1:, 0] /= a[0, 0]
        a[1:, 1:] -= np.outer(a[1:, 0], a[1:, 0])
        factor(a[1:, 1:])

    lower = matrix.copy()
    factor(lower)
    return np.sum(np.tril(lower) * np.arange(16).reshape(4, 4))


@at(1.3, 0.7, 8)
@at(1.3, 0.7, 1)
def recursive_subdivision(a, b, n):
    def fill(out, low, high, a, b):
        middle = (low + high) // 2
        out[middle] = a * b + np.sin(a - b)
        if high - low <= 1:
            return
        fill(out, low, middle, a, out[middle])
        fill(out, middle, high, out[middle], b)

    out = np.zeros(n + 1)
    fill(out, 0, n, a, b)
    return np.sum(out**2)


@at(X[:3])
def permanent(x):
    def permute(a, k, result):
        if k == len(a):
            result[0] += np.sum(x * a[0]) * a[1]
            return
        for i in range(k, len(a)):
            a[k], a[i] = a[i], a[k]
            permute(a, k + 1, result)
            a[k], a[i] = a[i], a[k]

    a, result = x.copy(), np.zeros(1)
    permute(a, 0, result)
    return result[0]


@at(X, 3)
@at(X, 0)
def two_arrays_taking_turns(x, n):
    def mix(a, b, n):
        a[0] = a[0] + b[1] * n
        b[1] = a[0] * 1.1
        if n > 0:
            mix(b, a, n - 1)

    y, z = x * 1.0, x * x
    mix(y, z, n)
    mix(z, y, n - 1)
    return np.sum(y * z)


@at(X, 2)
def argument_of_the_derivative_itself(x, n):
    def accumulate(m):
        if m < 0:
            return
        x[m] *= x[m + 1]
        accumulate(m - 1)

    accumulate(n)
    return np.sum(x * x)


# Arrays, numbers and dicts around the function


@at(X.reshape(2, 4), np.array([[1, 1, 0, 1], [0, 1, 1, 1]]))
def flood_fill(x, mask):
    seen = np.zeros(mask.shape, dtype=bool)

    def visit(i, j):
        if i < 0 or j < 0 or i >= x.shape[0] or j >= x.shape[1]:
            return 0.0
        if seen[i, j] or mask[i, j] == 0:
            return 0.0
        seen[i, j] = True
        return x[i, j] ** 2 + visit(i + 1, j) + visit(i - 1, j) + visit(i, j + 1) + visit(i, j - 1)

    return visit(0, 0)


@at(X, np.array([-1, 0, 0, 1, 1, 2, 2, 3]))
def sums_over_subtrees(x, parent):
    total = np.zeros(len(x))

    def visit(i):
        total[i] += x[i] ** 2
        for child in range(len(x)):
            if parent[child] == i:
                visit(child)
                total[i] += 0.5 * total[child]

    visit(0)
    return total[0] * total[1]


@at(X, 3)
def view_of_what_is_changed(x, n):
    y = x * 1.0
    v = y[2:]

    def visit(m):
        y[2] = v[0] * 0.9 + y[m]
        v[1] = v[1] + y[2]
        if m > 0:
            visit(m - 1)

    visit(n)
    return np.sum(v * v) + y[3]


@at(0.8, 5)
@at(0.8, 0)
def number_that_is_rebound(x, n):
    total, calls = 0, 0

    def visit(m, v):
        nonlocal total, calls
        calls += 1
        if m <= 0:
            total += v * v
            return
        visit(m - 1, v * 0.9)
        visit(m - 2, v * v)

    visit(n, x)
    return total * calls


@at(X, 3)
def best_so_far_or_none(x, n):
    best = None

    def visit(m):
        nonlocal best
        if m < 0:
            return
        value = (x[m] - 2.2) ** 2
        if best is None or value < best:
            best = value
        visit(m - 1)

    visit(n)
    return best * 3.0


@at(X, 2)
def array_that_is_written_and_rebound(x, n):
    w = x * 1.0
    first = w

    def visit(m):
        nonlocal w
        w[0] += x[1]
        if m <= 0:
            return
        w = w * x
        visit(m - 1)
        w[1] = 2.0

    visit(n)
    return np.sum(w * first)


@at(X, 3)
def dict_of_counts(x, n):
    state = {"calls": 0, "sum": 0.0}

    def visit(m):
        state["calls"] += 1
        if m <= 0:
            return
        state["sum"] += x[m] ** 2
        visit(m - 1)
        visit(m - 2)

    visit(n)
    return state["sum"] * state["calls"]


@at(X, 3)
def two_functions_of_one_state(x, n):
    total, log = np.zeros(3), []

    def even(m, v):
        total[0] += v
        return v if m <= 0 else odd(m - 1, v * 1.1)

    def odd(m, v):
        total[1] += v * v
        log.append(v)
        return -v if m <= 0 else even(m - 1, v * 0.7)

    return (even(n, x[0]) + odd(n, x[1])) * total[0] * total[1] + sum(log)


@at(X, 3)
def called_in_a_loop(x, n):
    out, log = np.zeros(4), []

    def visit(m, v):
        if m <= 0:
            return
        out[m] += v * v
        log.append(v)
        visit(m - 1, v * 0.9)

    for i in range(len(x)):
        if x[i] > 1.2:
            visit(n, x[i])
    return np.sum(out) + sum(v**3 for v in log)


# Lists


@at(0.3, 2.0)
def adaptive_simpson(a, b):
    def f(t):
        return np.sin(t * t)

    def simpson(a, b, fa, fm, fb, tolerance, nodes):
        m = 0.5 * (a + b)
        fl, fr = f(0.5 * (a + m)), f(0.5 * (m + b))
        coarse = (b - a) / 6 * (fa + 4 * fm + fb)
        fine = (b - a) / 12 * (fa + 4 * fl + 2 * fm + 4 * fr + fb)
        nodes.append(m)
        if abs(fine - coarse) < tolerance:
            return fine
        left = simpson(a, m, fa, fl, fm, tolerance / 2, nodes)
        return left + simpson(m, b, fm, fr, fb, tolerance / 2, nodes)

    nodes = []
    area = simpson(a, b, f(a), f(0.5 * (a + b)), f(b), 1e-4, nodes)
    return area + 0.01 * sum(nodes)


@at(X, LEFT, RIGHT)
def values_in_order(x, left, right):
    out = []

    def walk(i):
        if i < 0:
            return
        walk(left[i])
        out.append(x[i])
        walk(right[i])

    walk(0)
    return sum(k * v * v for k, v in enumerate(out))


@at(X, 3)
def arrays_collected(x, n):
    out = []

    def collect(a, m):
        if m < 0:
            return
        out.append(a * m)
        collect(a * 1.1, m - 1)

    collect(x, n)
    return sum(np.sum(a * a) * k for k, a in enumerate(out))


@at(X, 4)
def subsets_with_backtracking(x, n):
    total, path = 0.0, []

    def choose(i):
        nonlocal total
        if i == n:
            product = 1.0
            for v in path:
                product *= v
            total += product
            return
        choose(i + 1)
        path.append(x[i])
        choose(i + 1)
        path.pop()

    choose(0)
    return total


@at(X, 4)
def subsets_as_arguments(x, n):
    found = []

    def choose(path, i):
        if i == n:
            found.append(sum(path) ** 2)
            return
        choose(path, i + 1)
        choose([*path, x[i]], i + 1)

    choose([], 0)
    return sum(found)


def hanoi(n, source, target, spare, w):
    if n == 0:
        return 0.0
    cost = hanoi(n - 1, source, spare, target, w)
    target.append(source.pop())
    return cost + w[n] + hanoi(n - 1, spare, target, source, w)


@at(X, 3)
def towers(x, n):
    a, b, c = [x[0], x[1], x[2]], [], []
    cost = hanoi(n, a, b, c, x)
    return cost * b[0] + b[1] * b[2]


@at(X, 3)
def list_that_is_rebound(x, n):
    items = []

    def visit(m):
        nonlocal items
        if m <= 0:
            return
        items = [*items, x[m]]
        visit(m - 1)

    visit(n)
    return sum(items) * items[0]


# Objects, and what is returned


class Walker:
    def __init__(self, x):
        self.x = x
        self.out = []
        self.depth = 0
        self.total = x[0] * 0.0

    def visit(self, i, depth=0):
        if i >= len(self.x):
            return
        self.depth = max(self.depth, depth)
        self.out.append(self.x[i] * depth)
        self.total = self.total + self.x[i] ** 2
        self.visit(2 * i + 1, depth + 1)
        self.visit(2 * i + 2, depth + 1)


@at(X)
def method_that_changes_its_object(x):
    walker = Walker(x)
    walker.visit(0)
    return walker.total * walker.depth + sum(walker.out)


class Box:
    def __init__(self, value):
        self.value = value


def scaled(box, n, x):
    box.value = box.value * x
    return box if n <= 0 else scaled(box, n - 1, x)


@at(1.2, 4)
def object_that_is_returned(x, n):
    one = Box(x)
    two = scaled(one, n, x)
    two.value = two.value + x
    return one.value * two.value


def handed_back(a, n):
    return a if n == 0 else handed_back(a, n - 1)


@at(X, 3)
def array_that_is_returned(x, n):
    y = x * 2.0
    z = handed_back(y, n)
    z[0] = 5.0
    return np.sum(y * y) + z[1]


def listed(a, n):
    return [a] if n <= 0 else [a, *listed(a, n - 1)]


@at(X, 3)
def arrays_returned_in_lists(x, n):
    y = x * 2.0
    found = listed(y, n)
    return np.sum(found[0] * y) + found[1][1]


# Refused


def smoothed(u, f, h):
    u = u.copy()
    for _ in range(2):
        u[1:-1] = 0.5 * (u[:-2] + u[2:] + h * h * f[1:-1])
    return u


def v_cycle(u, f, h):
    if len(u) <= 3:
        u = u.copy()
        u[1] = 0.5 * h * h * f[1]
        return u
    u = smoothed(u, f, h)
    r = np.zeros_like(u)
    r[1:-1] = f[1:-1] + (u[:-2] - 2.0 * u[1:-1] + u[2:]) / (h * h)
    coarse = r[::2].copy()
    correction = v_cycle(np.zeros_like(coarse), coarse, 2.0 * h)
    e = np.zeros_like(u)
    e[::2] = correction
    e[1::2] = 0.5 * (correction[:-1] + correction[1:])
    return smoothed(u + e, f, h)


@at(np.append(X, 0.3))
@at(X[:3])
def multigrid_with_a_known_spacing(f):
    return np.sum(v_cycle(np.zeros_like(f), f, 0.125) ** 2)


@refused("GS130", X, 3)
def entry_of_a_returned_list_is_written(x, n):
    y = x * 2.0
    found = listed(y, n)
    found[0][0] = 5.0
    return np.sum(y * y)


def doubled(a, n):
    b = a * 2.0
    if n <= 0:
        return b, b
    return doubled(b, n - 1)


@refused("GS130", X, 2)
def array_that_is_returned_twice(x, n):
    left, right = doubled(x, n)
    left[0] = 5.0
    return np.sum(right * right)


def tail_of(a, n):
    return a[1:] if n <= 0 else tail_of(a[1:], n - 1)


@refused("GS130", X, 2)
def view_that_is_returned(x, n):
    y = x * 1.0
    v = tail_of(y, n)
    v[0] = 10.0
    return np.sum(y * y)


@refused("GS152", X, 3)
def array_under_two_names(x, n):
    def mix(a, b, n):
        a[0] = a[0] + b[1] * n
        if n > 0:
            mix(a, b, n - 1)

    y = x * 1.0
    mix(y, y, n)
    return np.sum(y * y)


@refused("GS152", X, 3)
def array_given_that_is_also_around(x, n):
    y = x * 1.0

    def mix(a, n):
        a[0] = a[0] * y[1] + y[0]
        if n > 0:
            mix(a, n - 1)

    mix(y, n)
    return np.sum(y * y)


@refused("GS130", X, 3)
def collected_array_is_written_by_the_caller(x, n):
    out = []

    def collect(a, m):
        if m < 0:
            return
        out.append(a)
        collect(a * 1.5, m - 1)

    y = x * 1.0
    collect(y, n)
    y[0] = 7.0
    return np.sum(out[0]) * out[1][0]


GRAPH = np.array([[0, 1, 1, 0], [0, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]])


@at(np.array([0.3, 0.7, 1.1, 1.9]), GRAPH)
def order_of_leaving(x, graph):
    order, seen = [], [0] * 4

    def visit(u):
        if seen[u]:
            return
        seen[u] = 1
        for v in range(graph.shape[0]):
            if graph[u, v]:
                visit(v)
        order.append(u)

    for u in range(graph.shape[0]):
        visit(u)
    return sum(k * x[u] ** 2 for k, u in enumerate(order))


@at(np.array([0.3, 0.7, 1.1, 1.9]), GRAPH)
def order_of_leaving_with_a_set(x, graph):
    order, seen = [], set()

    def visit(u):
        if u in seen:
            return
        seen.add(u)
        for v in range(graph.shape[0]):
            if graph[u, v]:
                visit(v)
        order.append((u, x[u] ** 2))

    visit(int(graph[0, 0]))
    s = 0.0
    for k, (u, v) in enumerate(order):
        s += k * v * x[u]
    return s


@at(np.array([0.3, 0.7, 1.1, 1.9]), GRAPH)
def appended_after_the_recursive_call(x, graph):
    order = []

    def visit(u):
        if u >= 4:
            return
        visit(u + 1)
        order.append(u)

    for u in range(graph.shape[0]):
        visit(u)
    s = 0.0
    for u in order:
        s += x[u] ** 2
    return s


@at(np.array([0.7, 1.3, 0.4, 0.9]))
def sums_over_children_alone(x):
    def total(i):
        return x[i] ** 2 + sum(total(c) for c in range(2 * i + 1, min(2 * i + 3, len(x))))

    return total(0)


@at(np.array([0.7, 1.3, 0.4, 0.9]), np.array([-1, 0, 0, 1]))
def children_that_are_searched(x, parents):
    def total(i):
        inside = [total(c) for c in range(len(x)) if parents[c] == i]
        return x[i] * np.prod([1.0 + t**2 for t in inside]) + max(inside, default=0.0)

    def depth(i):
        return 1 + sum(depth(c) for c in range(len(x)) if parents[c] == i)

    return total(0) * depth(0)


@at(np.array([0.97, 0.33, 1.04]), 5)
def functions_that_call_one_another_in_a_ring(x, n):
    seen = [0.0]
    best = None

    def first(k):
        nonlocal best
        if k <= 0:
            return np.sin(x[0]) + seen[-1]
        s = x[1] * second(k - 1)
        seen[0] = s
        best = s if best is None or s > best else best
        return s + 0.1 * first(k - 2)

    def second(k):
        if k <= 0:
            return x[0] * seen[0]
        return 0.5 * second(k - 1) + 0.3 * x[2] * third(k - 2)

    def third(k):
        nonlocal best
        if k <= 0:
            return x[1] * (1.0 if best is None else best)
        if k == 2:
            best = None
        return third(k - 1) * np.cos(x[0]) + 0.2 * first(k - 1)

    return first(n) + seen[0] + (0.0 if best is None else best)


@at(np.array([0.97, 0.33, 1.04]), 3)
def one_of_two_functions_inserts_items_and_the_other_replaces_them(x, n):
    items = [0.4, -0.3]

    def first(k):
        if k <= 0:
            return 0.3 * sum(items)
        s = items[-1] + 0.5 * second(k - 1)
        items[-1] = 0.4 * x[k % 3] + 0.1
        return 0.6 * s + 0.4 * first(k - 1)

    def second(k):
        if k <= 0:
            return np.sin(items[-1])
        if items[-1] > 0.117:
            items.insert(0, 0.4 * x[k % 3] + 0.1)
        else:
            items[0] *= 0.9
        return 0.6 * x[k % 3] + 0.4 * first(k - 1)

    total = 0.0
    for i in range(n):
        total += 0.6 * second(n + 1) + 0.6 * second(i)
    return total


@at(np.array([0.97, 0.33, 1.04]), 3)
def arrays_that_change_places_on_the_way_down(x, n):
    u, v, w = x * 1.0, x * 2.0, x * 3.0

    def descend(k):
        nonlocal u, v, w
        if k > 0:
            u, v, w = v * 0.9, w, u
            descend(k - 1)

    descend(n)
    return u @ v + w[0]


@at(np.array([0.97, 0.33, 1.04]), 3)
def arrays_of_a_list_that_change_places_on_the_way_up(x, n):
    pair = [x * 1.0, x * 2.0]

    def descend(k):
        if k > 0:
            descend(k - 1)
            pair[0], pair[1] = pair[1] * 0.9, pair[0]

    descend(n)
    return pair[0] @ pair[1]


@at(np.array([0.97, 0.33, 1.04]), 1)
@at(np.array([0.97, 0.33, 1.04]), 3)
def a_key_that_one_of_three_functions_finds_where_another_has_put_it(x, n):
    known = {"a": 0.3}
    calls = [0.0]

    def first(k):
        if calls[0] < 2.0:
            known.setdefault("k", 0.4 * x[0])
        s = second(k)
        return s + third(k - 1)

    def second(k):
        calls[0] += 1.0
        if k <= 0:
            return 0.1 * x[1]
        s = x[2] * known.get("k", 0.2)
        known["b"] = 0.4 * s
        return s + second(k - 1)

    def third(k):
        if k <= 0:
            return 0.1
        return first(k)

    total = 0.0
    if "k" not in known:
        total += third(n)
    return total + sum(known.values())


@at(np.array([0.97, 0.33, 1.04]), 3)
def a_key_that_is_asked_for_before_the_calls(x, n):
    table = {0: 0.4}

    def first(k):
        if k <= 0:
            return 0.1
        table[1] = 0.4 * x[k % 3]
        return 0.6 * table[1] + 0.4 * first(k - 1)

    def second(k):
        if k <= 0:
            return x[0] * table.get(k, 0.3)
        return second(k - 1)

    total = second(n)
    if 1 in table:
        total += first(n)
    else:
        total += 2.0 * first(n)
    return total + sum(v * (k + 1) for k, v in table.items())


ROADS = {0: [1, 2, 3], 1: [0, 2, 3], 2: [0, 1, 3], 3: []}


@at(np.array([0.7, 1.3, 0.4, 0.9]))
def ways_that_visit_no_place_twice(x):
    def ways(length, place, seen):
        if place == 3:
            return length**2
        total = 0.0
        for following in ROADS[place]:
            if following not in seen:
                total += ways(length * x[following], following, seen | {place})
        return total

    return ways(x[0], 0, frozenset())


@at(np.array([0.7, 1.3, 0.4, 0.9]))
def ways_by_a_set_that_can_be_changed(x):
    def ways(length, place, seen):
        if place == 3:
            return length**2
        return sum(ways(length * x[k], k, seen | {place}) for k in ROADS[place] if k not in seen)

    return ways(x[0], 0, set())


@at(np.array([[0.7, 1.3], [0.4, 0.9]]))
def ways_over_a_grid(x):
    def ways(i, j, seen):
        if not (0 <= i < 2 and 0 <= j < 2) or (i, j) in seen:
            return 0.0
        if i == j == 1:
            return x[i, j]
        inner = seen | {(i, j)}
        return x[i, j] * (
            ways(i + 1, j, inner) + ways(i, j + 1, inner) + ways(i - 1, j, inner) + ways(i, j - 1, inner)
        )

    return ways(0, 0, frozenset())


DECISIONS = (0.1, (0.5, (0.2, None, None), None), (0.9, None, (0.4, (0.6, None, None), None)))


@at(0.7)
def tree_of_tuples_known_now(x):
    def value(tree, v):
        if tree is None:
            return v * v
        threshold, low, high = tree
        return threshold * value(low, v * 0.5) + value(high, np.sin(v))

    return value(DECISIONS, x)


class Interval:
    def __init__(self, low, high):
        self.low, self.high = low, high


@at(1.3, 1e-3)
@at(1.3, 1e-1)
def an_integral_over_objects_with_numbers_known_now(x, tolerance):
    def simpson(part):
        middle = 0.5 * (part.low + part.high)
        values = [np.exp(-x * t * t) for t in (part.low, middle, part.high)]
        return (part.high - part.low) / 6.0 * (values[0] + 4.0 * values[1] + values[2])

    def integral(part, whole):
        middle = 0.5 * (part.low + part.high)
        parts = Interval(part.low, middle), Interval(middle, part.high)
        left, right = map(simpson, parts)
        if abs(left + right - whole) < tolerance:
            return left + right
        return integral(parts[0], left) + integral(parts[1], right)

    part = Interval(0.0, 2.0)
    return integral(part, simpson(part))


@at(1.3, 0.1)
@at(1.3, 0.7)
def an_integral_over_tuples_with_numbers_known_now(x, tolerance):
    def integral(ends):
        a, b = ends
        middle = 0.5 * (a + b)
        if abs(np.sin(x * b) - np.sin(x * a)) < tolerance:
            return (b - a) * np.sin(x * middle)
        return integral((a, middle)) + integral((middle, b))

    return integral((0.0, 1.0))


@at(1.3, 4)
def weights_in_a_dict_that_are_halved_at_each_level(x, n):
    def total(settings, k):
        if k == 0:
            return x * settings["weight"]
        return total({"weight": settings["weight"] * 0.5}, k - 1) + x**2 * settings["weight"]

    return total({"weight": 1.0}, n)


class Counted(NamedTuple):
    value: float
    count: int


@at(1.3, 3)
@at(1.3, 15)
def a_counter_in_a_named_tuple(x, n):
    def total(state):
        if state.count >= n:
            return state.value
        following = Counted(state.value * 1.01, state.count + 1)
        return np.sin(total(following)) + state.value * state.count

    return total(Counted(x, 0))


@at(1.3, 2)
@at(1.3, 4)
def tuples_in_tuples_to_a_depth_of_run_time(x, n):
    def product(state):
        (low, high), k = state
        middle = 0.5 * (low + high)
        if k >= n:
            return x * middle
        return product(((low, middle), k + 1)) * product(((middle, high), k + 1))

    return product(((0.5, 1.5), 0))


FUNCTIONS = (np.sin, np.cos, np.tanh)


@at(1.3)
def a_counter_in_a_tuple_to_a_depth_known_now(x):
    def value(state):
        weight, k = state
        if k == 12:
            return x * weight
        return FUNCTIONS[k % 3](value((weight * 0.5, k + 1)))

    return value((1.0, 0))


@at(np.array([0.57, 0.8, 0.7]), 2)
@at(np.array([0.57, 0.8, 0.7]), 4)
def counters_in_a_list_and_a_set_of_them(x, n):
    def value(v, state, seen):
        if state[1] >= n:
            return v**2 * (1 + len(seen))
        following = [state[0] * 0.5, state[1] + 1]
        if v > 0.5:
            return value(v * 0.5, following, seen | {state[1]})
        return value(v * 1.1, following, seen | {state[1]}) + state[0]

    return value(x[0], [x[1], 0], frozenset())


@at(np.array([0.57, 0.8, 0.7]), 2)
def counters_in_objects_of_a_recursion_that_branches(x, n):
    def value(v, part):
        if part.high == n or part.high > 7:
            return v**2 * part.low
        total = 0.0
        for factor in (0.5, 0.8):
            total += value(v * factor, Interval(part.low * x[1], part.high + 1))
        return 0.5 * total + v

    return value(x[0], Interval(x[2], 0))
