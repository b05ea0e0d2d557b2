"""Items of lists, tuples and dicts of known length, at an index that is known at run time only.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), lists of run-time length (lists.py, list_tables.py).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.3, 0.7, 1.1, 1.9])
PLACES = np.array([0, 1, 1, 2, 0, 2])

EDGES = [(0, 1), (1, 2), (2, 0)]
TRIANGLES = ((0, 1, 2), (2, 1, 3))
FUNCTIONS = {0: np.sin, 1: np.cos, 2: np.exp}


class Spring(NamedTuple):
    i: int
    j: int
    stiffness: float


@dataclass(frozen=True)
class Rod:
    ends: tuple
    load: float


SPRINGS = [Spring(0, 1, 0.5), Spring(1, 2, 0.7), Spring(3, 0, 1.5)]
RODS = [Rod((0, 1), 0.5), Rod((1, 2), 0.7), Rod((3, 0), 1.5)]


@at(x4, PLACES)
def edges_by_number(x, ks):
    s = 0.0
    for k in ks:
        i, j = EDGES[k]
        s += x[i] * x[j] ** 2
    return s


@at(x4, PLACES)
def triangles_by_number(x, ks):
    s = 0.0
    for k in ks:
        i, j, m = TRIANGLES[k % 2]
        s += x[i] * x[j] ** 2 * x[m]
    return s


@at(x4, PLACES)
def constants_by_number(x, ks):
    s = 0.0
    for k in ks:
        spring, rod = SPRINGS[k], RODS[-k]
        s += spring.stiffness * (x[spring.i] - x[spring.j]) ** 2
        a, b = rod.ends
        s += rod.load * x[a] * x[b]
    return s


@at(x4, PLACES)
def pairs_of_ints_and_floats(x, ks):
    table = [((0, 1), (2.0, 3)), ((1, 2), (4.5, 5.5)), ((3, 0), (1, 0.5))]
    s = 0.0
    for k in ks:
        (i, j), (a, b) = table[k]
        s += a * x[i] + b * x[j] ** 2
    return s


@at(x4, PLACES)
def computed_pairs(x, ks):
    pairs = [(x[0], 1), (x[1] * x[2], 2), (x[3] ** 2, 3)]
    s = 0.0
    for k in ks:
        v, j = pairs[k]
        s += v * x[j] ** 2
    return s


@at(x4, PLACES)
def names_and_numbers(x, ks):
    table = [("sin", x[0]), ("cos", x[1]), ("exp", x[2])]
    functions = {"sin": np.sin, "cos": np.cos, "exp": np.exp}
    s = 0.0
    for k in ks:
        name, v = table[k]
        s += functions[name](v) if name != "cos" else v**3
    return s


@at(x4, PLACES)
def functions_by_number(x, ks):
    terms = [(np.sin, 1.0), (np.cos, 2.0), (lambda t: t * x[0], 3.0)]
    s = 0.0
    for k in ks:
        f, c = terms[k]
        s += c * f(x[k]) + FUNCTIONS[k](x[3])
    return s


@at(x4, PLACES)
def none_or_a_pair(x, ks):
    pairs = [None, (0, 1), (1, 2)]
    s = 0.0
    for k in ks:
        pair = pairs[k]
        if pair is not None:
            i, j = pair
            s += x[i] * x[j] ** 2
        else:
            s += x[3]
    return s


@at(x4, PLACES)
def neighbours(x, ks):
    near = [[(1, 2.0), (2, 3.0)], [(0, 1.0)], [(3, 0.5), (0, 0.25)], []]
    s = 0.0
    for k in ks:
        for j, w in near[k]:
            s += w * x[k] * x[j] ** 2
    return s


@at(x4, PLACES)
def neighbours_by_key(x, ks):
    near = {0: [1, 2], 1: [0], 2: [0, 1, 3]}
    weights = {(0, 1): 0.5, (0, 2): 1.5, (1, 0): 2.5}
    s = 0.0
    for k in ks:
        for j in near[k]:
            s += weights.get((k, j), 1.0) * x[k] * x[j] ** 2
    return s


@at(x4, PLACES)
def rows_read(x, ks):
    rows = [[x[0], 2.0], [3.0, x[1]], [x[2], x[3]]]
    s = 0.0
    for k in ks:
        a, b = rows[k]
        s += a * b**2 + sum(rows[k - 1]) * rows[k][0]
    return s


@at(x4, PLACES)
def rows_written(x, ks):
    rows = [[x[0], 2.0], [3.0, x[1]], [x[2], x[3]]]
    for k in ks:
        for j in range(2):
            rows[k][j] = rows[k][j] * x[j] + 0.1
        rows[k - 1][0] += rows[k][1]
    return rows[0][0] * rows[1][1] + rows[1][0] ** 2 + rows[2][0] * rows[0][1]


@at(x4, PLACES)
def buckets(x, ks):
    filled = [[], [], []]
    for i, k in enumerate(ks):
        filled[k].append((i, x[k] * 2.0))
    s = len(filled[1]) * x[0]
    for bucket in filled:
        for i, v in bucket:
            s += v**2 * i
    return s


@at(x4, PLACES)
def one_of_two_growing_lists(x, ks):
    a, b = [x[0]], [x[1], x[2]]
    both = [a, b]
    s = 0.0
    for k in ks:
        row = both[k % 2]
        row[0] = row[0] * 1.5
        s += len(row) * row[-1]
        a.append(s)
    return s + sum(a) * sum(b)


@at(x4, PLACES)
def run_time_list_written_under_another_name(x, ks):
    a, b = [x[0]], [x[1]]
    for i in range(ks[3]):
        a.append(x[0] * i)
        b.append(x[1] * i)
    both = [a, b]
    row = both[ks[1]]
    row.append(x[2] * 5.0)
    b[0] = x[3] * 7.0
    return len(a) + a[-1] + sum(b) * 2.0 + row[0] ** 2 + row[-1]


@at(x4, PLACES)
def arrays_in_pairs_written(x, ks):
    u, v, w = x * 2.0, x**2, x + 1.0
    listed = [(u, 1.0), (v, 2.0), (w, 3.0)]
    a, c = listed[ks[1]]
    a[0] = x[1] * 5.0 * c
    listed[ks[3]][0][1] *= 2.0
    v[2] = x[0]
    return np.sum(u * v * w) + a[0] * a[2]


@at(x4, PLACES)
def index_that_raises(x, ks):
    try:
        i, j = EDGES[ks[0] + 5]
    except IndexError:
        i, j = EDGES[-ks[1]]
    return x[i] * x[j] ** 2


@at(x4)
def cycle_in_a_while_loop(x):
    bounds = [(0.5, 1), (1.5, 2)]
    i, s = 0, 0.0
    while s < 6.0:
        a, j = bounds[i]
        s = s + a * x[0] + x[j]
        i = (i + 1) % 2
    return s


@at(x4, 3)
def functions_in_an_endless_loop(x, n):
    functions = [np.sin, np.cos, np.exp]
    i, s = 0, 0.0
    while True:
        s += functions[i](x[i])
        i += 1
        if i >= n:
            break
    return s


@at(x4, 5)
def walk_through_successors(x, n):
    after = [[1, 2], [0, 3], [3], []]
    place, s, count = 0, 0.0, 0
    while after[place]:
        s += x[place] ** 2
        place = after[place][-1 if count > 2 else 0]
        count += 1
        if count > n:
            break
    return s


@at(x4, PLACES)
def queues_by_number(x, ks):
    queues = [deque([x[0]]), deque([x[1]])]
    for k in ks:
        queues[k % 2].append(x[k])
    return sum(queues[0]) + queues[1][-1] ** 2 + queues[1].popleft()


class Particle:
    def __init__(self, place, speed):
        self.place = place
        self.speed = speed


@at(x4, PLACES)
def objects_replaced_by_number(x, ks):
    moving = [Particle(x[0], x[1]), Particle(x[1], x[2]), Particle(x[2], x[3])]
    s = 0.0
    for k in ks:
        p = moving[k]
        moving[k] = Particle(p.place + 0.1 * p.speed, p.speed)
        s += moving[0].place * p.speed**2
    return s + moving[2].place ** 2


@at(x4, PLACES)
def objects_written_by_number(x, ks):
    moving = [Particle(x[0], x[1]), Particle(x[1], x[2]), Particle(x[2], x[3])]
    for k in ks:
        moving[k].place += 0.1 * moving[k].speed
    return moving[0].place * moving[1].place + moving[2].place ** 2
