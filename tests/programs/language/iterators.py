"""Iterators over things of run-time length: `zip(*rows)`, `chain`, `combinations`, `groupby` and their kin.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py), loops over one thing (iteration.py).
"""

from __future__ import annotations

import itertools

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])
NAMES = ["a", "b", "c", "d"]
PRIORS = [("normal", 0.0, 1.0), ("normal", 1.0, 2.0), ("flat", None, None), ("normal", 0.5, 0.3)]


@at(x4)
def zip_rows(x):
    rows = [[x[0], x[1]], [x[2], x[3]], [x[1] * x[2], x[0] ** 2]]
    cols = list(zip(*rows))
    return sum(cols[0]) * sum(cols[1])


@at(x4)
def zip_rows_rt(x):
    n = len(x)
    rows = [[x[i] * x[j] + i for j in range(3)] for i in range(n)]
    T = [list(c) for c in zip(*rows)]
    return sum(a * b for a, b in zip(T[0], T[2]))


@at(x4)
def zip_pairs(x):
    pairs = [(v, v**2) for v in x]
    a, b = zip(*pairs)
    return sum(a) * sum(b)


@at(x4)
def zip_pairs_arr(x):
    pairs = []
    for v in x:
        if v > 0:
            pairs.append((v, v**3))
    a, b = zip(*pairs)
    a = np.array(a)
    b = np.array(b)
    return np.sum(a * b)


@at(x4)
def zip_map(x):
    pairs = [(v, v**2) for v in x]
    a, b = map(np.array, zip(*pairs))
    return a @ b


@at(x4)
def zip_iter(x):
    it = iter(x)
    s = 0.0
    for a, b in zip(it, it):
        s += a * b
    return s


@at(x4)
def zip_star_iter(x):
    s = 0.0
    for a, b in zip(*[iter(x)] * 2):
        s += a * b * b
    return s


@at(x4)
def transpose_lists(x):
    A = [[x[0], x[1]], [x[2], x[3]]]
    B = [[sum(a * b for a, b in zip(r, c)) for c in zip(*A)] for r in A]
    return B[0][1] * B[1][1]


@at(x4)
def matmul_lists_rt(x):
    n = len(x)
    A = [[x[i] * (j + 1) for j in range(n)] for i in range(n)]
    B = [[sum(a * b for a, b in zip(r, c)) for c in zip(*A)] for r in A]
    return B[0][1] * B[1][1]


@at(x4)
def chain_arr_list(x):
    s = 0.0
    for v in itertools.chain(x, [1.0, x[0]]):
        s += v**3
    return s


@at(x4)
def chain_arr_list2(x):
    s = 0.0
    for v in itertools.chain([0.0], x, [x[-1]]):
        s += v**2
    return s


@at(x4)
def chain_pairwise(x):
    s = 0.0
    for a, b in itertools.pairwise(itertools.chain([0.0], x, [1.0])):
        s += (b - a) ** 2
    return s


@at(x4)
def comb(x):
    s = 0.0
    for a, b in itertools.combinations(x, 2):
        s += (a - b) ** 2 * a
    return s


@at(x4)
def comb_c(x):
    return sum((a - b) ** 2 * a for a, b in itertools.combinations(x, 2))


@at(x4)
def comb_rows(x):
    P = np.outer(x, np.array([1.0, 2.0, 0.3])) + 1.0
    return sum(1 / np.sqrt(np.sum((a - b * b) ** 2) + 1) for a, b in itertools.combinations(P, 2))


@at(x4)
def comb3(x):
    return sum(a * b * c for a, b, c in itertools.combinations(x, 3))


@at(x4)
def comb_range(x):
    n = len(x)
    s = 0.0
    for i, j in itertools.combinations(range(n), 2):
        s += np.exp(-((x[i] - x[j]) ** 2))
    return s


@at(x4)
def perm(x):
    return sum(a * b**2 for a, b in itertools.permutations(x, 2))


@at(x4)
def perm_range(x):
    s = 0.0
    for i, j in itertools.permutations(range(len(x)), 2):
        s += x[i] * x[j] ** 2
    return s


@at(x4)
def enum_comb(x):
    s = 0.0
    for k, (a, b) in enumerate(itertools.combinations(x, 2)):
        s += k * a * b
    return s


@at(x4)
def dropwhile(x):
    s = 0.0
    for v in itertools.dropwhile(lambda v: v > 0, x):
        s += v**2
    return s


@at(x4)
def groupby_rt(x):
    s = 0.0
    for k, grp in itertools.groupby(x, key=lambda v: v > 0):
        t = 0.0
        for v in grp:
            t += v
        s += t**2
    return s


@at(x4)
def zip_longest(x):
    s = 0.0
    for a, b in itertools.zip_longest(x, x[:2], fillvalue=1.0):
        s += a * b
    return s


@at(x4)
def zip_longest_rt(x):
    y = [v * 2 for v in x if v > 1]
    s = 0.0
    for a, b in itertools.zip_longest(x, y, fillvalue=0.0):
        s += a * b + a
    return s


@at(x4)
def compress(x):
    return sum(v**2 for v in itertools.compress(x, [1, 0, 1, 1]))


@at(x4)
def filterfalse(x):
    return sum(v**2 for v in itertools.filterfalse(lambda v: v < 0, x))


@at(x4)
def tee(x):
    a, b = itertools.tee(x)
    next(b)
    return sum(p * q**2 for p, q in zip(a, b))


@at(x4)
def product2(x):
    return sum(a * b**2 for a, b in itertools.product(x, [1.0, x[0]]))


@at(x4)
def zip_names(x):
    p = dict(zip(NAMES, x))
    return p["a"] * p["b"] ** 2 + p["d"]


@at(x4)
def zip_names_loop(x):
    s = 0.0
    for nm, v in zip(NAMES, x):
        if nm == "b":
            s += v**3
        else:
            s += v
    return s


@at(x4)
def zip_fns(x):
    fs = [np.sin, np.cos, np.exp, np.tanh]
    return sum(f(v) for f, v in zip(fs, x))


@at(x4)
def zip_priors(x):
    lp = 0.0
    for (kind, m, s), v in zip(PRIORS, x):
        if kind == "normal":
            lp -= 0.5 * ((v - m) / s) ** 2
    return lp


@at(x4)
def enum_names(x):
    d = {}
    for i, nm in enumerate(NAMES):
        d[nm] = x[i]
    return d["a"] * d["c"]


@at(np.array([0.7, 1.3, 0.4]))
def numbers_that_are_asked_for_in_loops(x):
    numbers, halves = itertools.count(1), itertools.count(0.5, step=0.25)
    total = 0.0
    for v in x:
        total = total + v ** next(numbers) * next(halves)
        if v > 1.0:
            total = total * next(numbers)
    while next(numbers) < 9:
        total = total + x[next(numbers) % 3] ** 2
    return total


@at(np.array([0.7, 1.3, 0.4]), 4)
def arrays_of_functions_and_iterators(x, n):
    table = np.fromfunction(lambda i, j, scale=1.0: scale * (i - j) * x[0], (n, 3), scale=0.5)
    squares = np.fromiter((v**2 for v in x), dtype=float)
    first = np.fromiter([v * x[1] for v in x], float, count=2)
    return np.sum(table @ squares) + np.sum(np.fromfunction(lambda i: i, (3,), dtype=int) * x) * first[1]


@at(np.array([0.7, -1.3, 0.4]))
def generator_of_a_length_of_run_time_is_unpacked(x):
    kept = [i for i in range(len(x)) if x[i] > 0.0]
    a, b = (x[i] ** 2 for i in kept)
    (c, d), e = (map(lambda i: x[i] * (i + 1.0), kept), x[1])
    return a * b + c * d**2 * e


@at(np.array([0.7, -1.3, 0.4]))
def rest_of_an_iterator_is_unpacked(x):
    kept = iter([i for i in range(len(x)) if x[i] > 0.0])
    first = next(kept)
    (second,) = kept
    return x[first] * x[second] ** 2


@at(np.array([0.7, -1.3, 0.4]))
def generators_of_a_length_of_run_time_are_unpacked_in_a_loop(x):
    kept = [i for i in range(len(x)) if x[i] > 0.0]
    total = 0.0
    for a, b in [(x[i] * 2.0 for i in kept), (x[i] ** 3 for i in kept)]:
        total += a * b
    return total
