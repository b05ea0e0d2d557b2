"""What loops run over: ranges, rows, products, containers, generators, and the functions that consume them.

In:  nothing.   Out: `PROGRAMS`.
Not here: how loops end (control.py).
"""

from __future__ import annotations

import functools
import itertools
import math
import operator

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(2)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(rng.normal(size=(2, 3)))
def over_ndindex(A):
    s = 0.0
    for i, j in np.ndindex(2, 3):
        s += A[i, j] ** (i + 1) * (j + 1)
    return s


@at(rng.normal(size=(2, 3)))
def over_ndindex_of_a_shape(A):
    s = 0.0
    for index in np.ndindex(A.shape):
        s += A[index] ** 2
    return s


@at(rng.normal(size=(2, 3)))
def over_ndindex_of_a_starred_shape(A):
    s = 0.0
    for i, j in np.ndindex(*A.shape):
        s += A[i, j] ** 3
    return s


@at(rng.normal(size=(3, 3)))
def over_ndenumerate(A):
    s = 0.0
    for (i, j), v in np.ndenumerate(A):
        s += v * v * (i - j)
    return s


@at(rng.normal(size=3))
def over_product(x):
    s = 0.0
    for i, j in itertools.product(range(3), range(2)):
        s += x[i] * x[j]
    return s


@at(rng.normal(size=3), 3)
def over_product_of_run_time_ranges(x, n):
    s = 0.0
    for i, j in itertools.product(range(n), range(n)):
        s += x[i] * x[j] ** 2
    return s


@at(rng.normal(size=3))
def over_product_repeated(x):
    s = 0.0
    for signs in itertools.product((-1.0, 1.0), repeat=3):
        t = 0.0
        for sign, v in zip(signs, x):
            t += sign * v
        s += t * t
    return s


@at(rng.normal(size=4))
def over_combinations(x):
    s = 0.0
    for i, j in itertools.combinations(range(4), 2):
        s += x[i] * x[j]
    for a, b in itertools.permutations((0, 1, 2), 2):
        s += a * x[b] ** 2
    return s


@at(rng.normal(size=6))
def range_downwards(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -2):
        s = s * 0.5 + x[i]
    return s


@at(rng.normal(size=6), 5, -2)
def range_with_a_run_time_step(x, start, step):
    s = 0.0
    for i in range(start, 0, step):
        s = s * 0.5 + x[i]
    return s


@at(rng.normal(size=(4, 3)))
def over_rows(A):
    s = np.zeros(3)
    for row in A:
        s = s * 0.5 + row**2
    return s.sum()


@at(rng.normal(size=(4, 3)))
def over_rows_unpacked(A):
    t = 0.0
    for a, b, c in A:
        t += a * b - c
    return t


@at(rng.normal(size=(4, 3)))
def over_columns(A):
    t = 0.0
    for column in A.T:
        t += np.prod(column)
    return t


@at(rng.normal(size=(4, 3)), rng.normal(size=4))
def zip_enumerate_reversed(A, x):
    t = 0.0
    for i, (row, v) in enumerate(zip(A, reversed(x)), start=1):
        t += i * v * row.sum()
    for i in reversed(range(len(x))):
        t = t * 0.9 + x[i] * i
    return t


@at({"a": rng.normal(size=3), "b": rng.normal(size=3)})
def over_dict_items(p):
    s = 0.0
    for key, v in p.items():
        s += np.sum(v**2) * (2.0 if key == "a" else 1.0)
    for key in p:
        s += p[key][0]
    for v in p.values():
        s *= v[1]
    for i, (key, v) in enumerate(sorted(p.items())):
        s += i * v[2]
    return s


@at(rng.normal(size=3), rng.normal(size=4))
def nested_comprehension(x, y):
    table = [[a * b for b in y] for a in x]
    return sum(sum(row) for row in table) + sum([v * v for row in table for v in row])


@at(rng.normal(size=6))
def filtered_comprehension(x):
    return sum([v * v for v in x if v > 0.0]) + sum(v for i, v in enumerate(x) if i % 2 == 0)


@at(rng.normal(size=(3, 3)))
def conditions_in_nested_generators(A):
    return sum(A[i, j] ** 2 for i in range(3) for j in range(3) if i != j)


@at(rng.normal(size=4))
def dict_and_set_comprehensions(x):
    p = {k: x[k] ** 2 for k in range(4)}
    keys = {k % 2 for k in p}
    return sum(p[k] for k in keys) * p[3]


@at(rng.normal(size=4))
def generator_in_a_variable(x):
    squares = (v * v for v in x)
    return sum(squares) * x[0]


def squares_of(x):
    for v in x:
        yield v * v


def fibonacci_like(a, n):
    p, q = a, 1.0
    for _ in range(n):
        yield p
        p, q = q, p * 0.5 + q


def pairs_of(x, y):
    yield x, y
    yield y, x * 2.0


def chain_of(x):
    yield from squares_of(x)
    yield x[0]


@at(rng.normal(size=4))
def generator_function_summed(x):
    return sum(squares_of(x)) * x[0]


@at(rng.normal(size=4))
def generator_function_in_a_loop(x):
    s = 0.0
    for k, v in enumerate(squares_of(x)):
        s = s * 0.5 + v * k
    return s


@at(0.4, 5)
def generator_function_with_state(a, n):
    s = 0.0
    for v in fibonacci_like(a, n):
        s += v * v
    return s


@at(0.4, 1.4)
def generator_function_of_tuples(a, b):
    s = 0.0
    for p, q in pairs_of(a, b):
        s = s * p + q * q
    return s


@at(rng.normal(size=4))
def generator_function_listed(x):
    values = list(chain_of(x))
    return np.sum(np.array(values) ** 2) * values[-1]


@at(rng.normal(size=4))
def generator_method_and_local(x):
    def halves(y):
        for v in y:
            if v > 0:
                yield v / 2.0
            yield v

    return sum(halves(x)) + max(halves(x))


@at(rng.normal(size=4))
def any_and_all(x):
    s = x.sum()
    if any(v > 100.0 for v in x):
        s = s * 0.0
    if all(v < 10.0 for v in x):
        s = s * s
    if any([s > 0.0, s < -1.0]):
        s += x[0]
    return s


@at(rng.normal(size=5))
def extremes(x):
    low, high = min(x), max(v * v for v in x)
    return high * low + max(x[0], x[1], 0.1) - min([x[2], x[3]]) + max((v for v in x), default=0.0)


@at(rng.normal(size=3), rng.normal(size=4))
def extremes_by_key(x, y):
    longest = max([x, y], key=len)
    far = max(x, key=abs)
    near = min([y[0], y[1], y[2]], key=lambda v: (v - 1.0) ** 2)
    return longest.sum() * far + near


@at(rng.normal(size=5))
def sorted_numbers(x):
    a = sorted(x)
    b = sorted([x[0], x[1], x[2] * 2.0], reverse=True)
    return a[0] * a[-1] + b[0] * b[1] ** 2


@at(rng.normal(size=5))
def sorted_by_key(x):
    a = sorted(x, key=lambda v: -abs(v))
    b = sorted(range(5), key=lambda i: (i * 3) % 5)
    return a[0] * a[1] ** 2 + x[b[1]]


@at(rng.normal(size=5))
def map_and_filter(x):
    a = sum(map(math.sin, x))
    b = sum(filter(lambda v: v > 0, x))
    c = list(map(lambda u, v: u * v, x, x[::-1]))
    d = sum(filter(None, [x[0], 0.0, x[1]]))
    return a * b + c[0] + d


@at(rng.normal(size=5))
def reduce(x):
    a = functools.reduce(lambda s, v: s * 0.5 + v, x, 0.0)
    b = functools.reduce(operator.mul, x)
    c = functools.reduce(lambda s, v: s + v * v, [x[0], x[1]])
    return a * b + c


@at(rng.normal(size=5))
def accumulate(x):
    a = list(itertools.accumulate(x))
    b = list(itertools.accumulate(x, lambda s, v: s * 0.5 + v))
    c = list(itertools.accumulate(x, operator.mul, initial=2.0))
    return a[-1] * b[2] + c[3] * len(c)


@at(rng.normal(size=3), rng.normal(size=2))
def chain(x, y):
    s = 0.0
    for v in itertools.chain(x, y):
        s = s * 0.5 + v * v
    for v in itertools.chain.from_iterable([x, y]):
        s = s * 0.5 + v
    for v in itertools.chain([x[0], y[0]], (1.0, 2.0)):
        s += v * v
    return s


@at(rng.normal(size=5))
def pairwise(x):
    s = 0.0
    for a, b in itertools.pairwise(x):
        s += (b - a) ** 2
    for a, b in itertools.pairwise([x[0], x[2], x[4]]):
        s *= b - a
    return s


@at(rng.normal(size=5))
def zip_with_shifts(x):
    return sum((b - a) ** 2 for a, b in zip(x, x[1:])) + sum(
        a * b for a, b in zip(x[:-1], x[1:], strict=True)
    )


@at(rng.normal(size=6))
def further_itertools(x):
    s = 0.0
    for v in itertools.islice(x, 1, 5, 2):
        s += v * v
    for v in itertools.takewhile(lambda v: v < 10.0, x):
        s += v
    for v, k in zip(x, itertools.count(1)):
        s += v * k
    for v, c in zip(x, itertools.cycle((1.0, -2.0))):
        s += v * c
    for v in itertools.starmap(lambda a, b: a * b, zip(x, x[::-1])):
        s += v
    for a, b in itertools.zip_longest([x[0], x[1]], [x[2]], fillvalue=1.0):
        s += a * b
    for v in itertools.repeat(x[0], 3):
        s = s * 0.5 + v
    return s


@at(rng.normal(size=4))
def next_of_an_iterator(x):
    values = iter([x[0], x[1], x[2]])
    first = next(values)
    return first * sum(values)


@at(rng.normal(size=4))
def first_match(x):
    return next((v * v for v in [x[0], x[1]] if True), 0.0) * x[2]


@at(rng.normal(size=3))
def starred_targets(x):
    first, *rest = [x[0], x[1], x[2]]
    (a, b), c = (rest[0], rest[1]), first
    *head, last = x[0] * 2.0, a, b
    return a * b + c * last + len(head)


def _total(items, scale=1.0):
    result = 0.0
    for v in items:
        result += v * scale
    return result


@at(rng.normal(size=4), 3)
def iterators_passed_to_functions(x, n):
    s = _total(v * v for v in x) + _total(map(math.sin, x), scale=2.0)
    s += _total(a * b for a, b in zip(x, reversed(x))) + _total(range(n), scale=x[0])
    return s + _total(squares_of(x)) + sum(_total([a, b]) for a, b in itertools.pairwise(x))


@at(rng.normal(size=6), 5)
def indices_of_ranges(x, n):
    r = range(1, n, 2)
    return x[r[0]] * x[r[-1]] ** 2 + len(r) * x[range(n)[-2]]


@at(0.4, np.zeros(0))
def defaults_for_nothing(a, empty):
    best = max((v * a for v in empty), default=a * a)
    return best * min(empty, default=2.0) + sum(v for v in empty) + next((v for v in empty), a)


@at(rng.normal(size=(4, 2)))
def sum_of_rows_over_a_run_time_range(c):
    return np.sum(sum(c[i] * i for i in range(len(c))) ** 2)


@at(rng.normal(size=(4, 2)), rng.uniform(size=3))
def bezier_points(c, ts):
    n = len(c) - 1
    points = []
    for t in ts:
        points.append(sum((1 - t) ** (n - i) * t**i * c[i] for i in range(n + 1)))
    return np.sum(np.array(points) ** 2)


@at(rng.normal(size=(4, 2)), 4)
def sum_of_sums_of_rows(c, n):
    return sum(sum(c[i] * c[j] for j in range(i)) for i in range(1, n))[0]


@at(rng.uniform(1.0, 2.0, size=4))
def math_functions_of_generators(x):
    return math.fsum(v * v for v in x) + math.prod(v for v in x) + math.fsum([x[0], x[1] ** 2])


@at(rng.normal(size=2))
def sum_over_an_empty_range(x):
    return np.sum(x**2) + np.sum(sum(x * i for i in range(3, 3)) + x) + sum(x[i] for i in range(0))


@at(np.array([0.5, 1.0, 2.0]))
def ranges_as_arrays(x):
    columns, rows = np.meshgrid(range(len(x)), range(3))
    s = np.sum(columns * x * rows) + np.sum(np.cos(range(3)) * x) + np.dot(x, range(len(x)))
    return s + np.interp(x[0], range(3), x) + np.sum(x * np.array(range(len(x))))


X4 = np.array([0.3, 0.5, -0.2, 0.7])


@at(X4)
@at(X4[:1])
def sums_of_what_was_appended(x):
    factors = []
    for v in x:
        factors.append((1.0 - v * sum(factors)) / (1.0 + v))
    return sum(factors) + factors[-1]


@at(X4)
@at(X4[:1])
def extremes_of_what_was_appended(x):
    found, others = [], []
    for k, v in enumerate(x):
        largest = max(found) if found else 1.0
        weighted = sum(w * (k - j) for j, w in enumerate(found))
        found.append(largest * v + weighted)
        others.append(v if not others else v * max(others) + min(w for w in others))
    return sum(found) + others[-1]


@at(X4)
@at(X4[:1])
def arrays_of_what_was_appended(x):
    found, others = [], []
    for v in x:
        a = np.array(found)
        others.append(np.sum(found))
        found.append(v + np.dot(a, a) + np.sum(others) + v * math.prod(found) + math.fsum(others))
    return sum(found) + sum(others)


@at(X4)
@at(X4[:1])
def nested_loops_over_what_was_appended(x):
    out = []
    for v in x:
        inner = []
        for _ in range(3):
            inner.append(v * (1.0 + sum(inner)) + sum(out))
        out.append(sum(inner))
    return sum(out)


@at(X4)
@at(X4[:1])
def appended_while_the_list_says_so(x):
    found, k = [], 0
    while k < len(x):
        t = max(found) * 0.5 if len(found) > 0 else x[0]
        if found:
            t = t + np.array(found).sum()
        found.append(t * x[k])
        k += 1
    return found[-1]


@at(X4)
@at(X4[:1])
def sums_of_what_is_never_appended(x):
    found = []
    total = 0.0
    for v in x:
        total = total * 0.5 + sum(found) + v
        if v > 100.0:
            found.append(v)
    return total


@at(np.array([0.5, -0.3, 0.7]), np.array([[2.0, 0.1, 0.4], [0.3, 1.5, 0.2], [0.1, 0.6, 1.8]]))
def arrays_that_operations_make_of_lists_that_grew(b, A):
    active, weights = [], []
    for i in range(len(b)):
        if b[i] > 0.0:
            active.append(i)
            weights.append(b[i] ** 2)
    part = A[np.ix_(active, active)]
    rows, columns = np.meshgrid(weights, b)
    wide, _ = np.broadcast_arrays(weights, part)
    return np.sum(np.linalg.solve(part, b[active])) + np.sum(rows * columns**2) + np.sum(wide**2)
