"""Objects and dicts that run-time conditions choose, and whose attributes and entries are then replaced.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), loops (objects_chosen_in_loops.py), random
ones (tests/programs/chosen_objects.py).
"""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.71, 1.3, 0.6])
z3 = np.array([1.4, 0.8, 0.9])


class Box:
    def __init__(self, w, count):
        self.w = w
        self.count = count

    def grow(self, k):
        self.count = self.count + k
        self.w = self.w * k


@dataclass
class Node:
    value: float
    visits: float = 0.0


class Slotted:
    __slots__ = ("k", "u")

    def __init__(self, u, k):
        self.u = u
        self.k = k


class Disc:
    def __init__(self, r):
        self._r = r

    @property
    def area(self):
        return 3.0 * self._r**2

    @area.setter
    def area(self, area):
        self._r = np.sqrt(area / 3.0)


class Arm:
    def __init__(self, mean):
        self.mean = mean
        self.total = 0.0
        self.count = 0

    @property
    def value(self):
        return self.total / (1 + self.count)

    def pull(self, reward):
        self.count += 1
        self.total += reward


class Tree:
    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right


@dataclass
class Particle:
    x: np.ndarray
    v: np.ndarray
    best: float = 100.0

    def cost(self):
        return np.sum(self.x**2) + 0.1 * np.sum(self.v**2)

    def step(self, leader):
        self.v = 0.7 * self.v + 0.3 * (leader.x - self.x)
        self.x = self.x + self.v


class Holder:
    pass


def score(box):
    return np.sum(box.w) * box.count


# Branches


@at(x3)
@at(z3)
def number_of_the_better_one(x):
    a, b = Box(x * 2.0, x[0]), Box(x**2, x[1])
    best = a if score(a) < score(b) else b
    best.count = best.count + 1.0
    return a.w.sum() * a.count + 3.0 * b.count * b.w[0] + best.count


@at(x3)
@at(z3)
def array_of_the_better_one(x):
    a, b = Box(x * 2.0, x[0]), Box(x**2, x[1])
    best = a if score(a) < score(b) else b
    best.w = best.w * 2.0
    best.w[0] = 3.0 * x[1]
    return a.w.sum() * a.count + 3.0 * b.count * b.w[0] + best.w @ b.w


@at(x3)
@at(z3)
def keys_of_the_better_dict(x):
    a, b = {"m": x[0], "w": x * 2.0}, {"m": x[1], "w": x**2}
    best = a if a["m"] > b["m"] else b
    best["m"] = best["m"] * 3.0
    best["w"] = best["w"] + x
    best["new"] = x[2] ** 2
    return a["m"] * 2.0 + b["m"] * 5.0 + (a["w"] * b["w"]).sum() + best["w"][1] + best["new"]


@at(x3)
@at(z3)
def visits_of_a_node_of_a_branch(x):
    a, b = Node(x[0]), Node(x[1])
    if x[0] < x[2]:
        node = a
    else:
        node = b
    node.visits += 1
    node.value *= x[2]
    return a.value * 2.0 + b.value * 3.0 + a.visits + 4 * b.visits


@at(x3)
@at(z3)
@at(np.array([0.7, 0.3, 0.6]))
@at(np.array([0.7, 0.3, 0.2]))
def perhaps_one_object(x):
    a = Node(x[0])
    b = a if x[1] > 0.5 else Node(x[1])
    c = b if x[2] > 0.5 else a
    c.value = c.value * x[2]
    b.value = b.value + x[0]
    same = x[0] * (c is a) + x[1] * (b is c) + x[2] * (a is not b)
    return a.value * 2.0 + b.value * 3.0 + c.value * 5.0 + same


@at(x3)
@at(z3)
def methods_of_the_better_one(x):
    a, b = Box(x * 2.0, x[0]), Box(x**2, x[1])
    best = a if score(a) < score(b) else b
    best.grow(x[0])
    best.grow(3.0)
    return a.w.sum() * a.count + 3.0 * b.count * b.w[0] + best.count


@at(x3)
@at(z3)
def the_better_one_in_a_list(x):
    a, b = Node(x[0]), Node(x[1])
    best = a if x[0] > x[1] else b
    items = [best, a]
    items[0].value = items[0].value * x[2]
    items[1].value += 1.0
    return a.value * 2.0 + b.value * 3.0 + best.value


@at(x3)
@at(z3)
@at(np.array([0.9, 0.3, 1.6]))
def a_choice_among_what_was_chosen(x):
    a, b, c = Node(x[0]), Node(x[1]), Node(x[2])
    first = a if x[0] > x[1] else b
    second = first if first.value < x[2] else c
    second.value = second.value * 2.0 + x[0]
    first.value *= 3.0
    return a.value + 2.0 * b.value + 3.0 * c.value + first.value * second.value


@at(x3)
@at(z3)
def a_dict_of_the_better_one(x):
    a, b = Box({"k": x[0]}, x[1]), Box({"k": x[1]}, x[0])
    best = a if x[0] < x[1] else b
    best.w["k"] = best.w["k"] * x[2]
    best.count = best.count * x[0]
    best.w["k"] += 1.0
    return a.w["k"] + 2.0 * b.w["k"] + a.count * b.count


@at(x3)
@at(z3)
def an_object_of_the_better_one_is_replaced(x):
    one, two = Holder(), Holder()
    one.inner, two.inner = Arm(x[0]), Arm(x[1])
    best = one if x[0] > x[1] else two
    best.inner.total = x[2] * 2.0
    best.inner = Arm(best.inner.total * x[0])
    best.inner.mean *= 2.0
    one.inner.total += x[1]
    total = one.inner.total + 2.0 * two.inner.total
    return best.inner.mean + one.inner.mean * 3.0 + two.inner.mean * 5.0 + total


@at(x3)
@at(z3)
def arrays_that_two_objects_exchange(x):
    a, b = Arm(x * 1.0), Arm(x * 2.0)
    p = a if x[0] > 1.0 else b
    q = b if x[1] > 1.0 else a
    p.mean, q.mean = q.mean, p.mean
    p.mean[0] = 5.0 * x[2]
    return a.mean.sum() + b.mean @ b.mean


@at(x3)
@at(z3)
def an_object_that_a_branch_makes(x):
    a = Arm(x[0])
    if x[0] > 0.9:
        best = Arm(x[1] * 2.0)
        best.total = x[2]
    else:
        best = a
    best.total += x[1]
    best.mean *= x[2]
    return a.total + a.mean * 2.0 + best.total * best.mean


@at(x3)
@at(z3)
def what_a_helper_returns(x):
    def worse(p, q):
        if p.total < q.total:
            return p
        return q

    a, b, c = Arm(x[0]), Arm(x[1]), Arm(x[2])
    a.total, b.total, c.total = x[0], x[1] * 1.1, x[2] * 0.9
    worse(a, worse(b, c)).pull(x[0] * x[1])
    worse(a, worse(b, c)).pull(x[2] ** 2)
    return a.value + 2 * b.value + 3 * c.value


@at(x3)
@at(z3)
def copies_of_the_better_one(x):
    a, b = Arm(x * 1.0), Arm(x * 2.0)
    p = a if x[0] > 1.0 else b
    q, r = copy.copy(p), copy.deepcopy(p)
    p.total = x[1]
    q.total = x[2]
    q.mean[0] = 3.0 * x[0]
    r.mean[1] = 7.0
    totals = a.total + 2 * b.total + 3 * q.total + r.total
    return totals + a.mean.sum() + b.mean @ b.mean + r.mean.sum() + q.mean[2]


@at(x3)
@at(z3)
def fields_replaced_of_the_better_one(x):
    a, b = Particle(x, x * 2.0), Particle(x * 3.0, x)
    p = a if x[0] > 1.0 else b
    q = dataclasses.replace(p, best=x[0])
    p.best = x[1]
    return q.best + a.best * 2.0 + b.best * 3.0 + (q.x * p.v).sum()


@at(x3)
@at(z3)
def slots_of_the_better_one(x):
    a, b = Slotted(x[0], 1.0), Slotted(x[1], 2.0)
    best = a if x[0] > x[1] else b
    best.u = best.u * x[2]
    best.k = best.k + 1
    return a.u * a.k + b.u * b.k


@at(x3)
@at(z3)
def property_of_the_better_one(x):
    a, b = Disc(x[0]), Disc(x[1])
    best = a if x[0] > x[1] else b
    best.area = best.area * x[2]
    return a.area * 2.0 + b._r


@at(x3)
@at(z3)
def attributes_by_name_and_new_ones(x):
    a, b = Arm(x[0]), Arm(x[1])
    best = a if x[0] > 1.0 else b
    setattr(best, "total", x[2])
    best.extra = x[0] ** 2
    return a.total + 2.0 * b.total + best.extra


@at(x3)
@at(z3)
def the_members_of_the_better_team(x):
    a, b = [Arm(x[0]), Arm(x[1])], [Arm(x[2]), Arm(x[0] * 2)]
    team = a if x[0] > 1.0 else b
    for one in team:
        one.total += one.mean**2
    team[0].mean = team[1].mean * 2.0
    return sum(one.total + one.mean for one in a) + 2 * sum(one.total * one.mean for one in b)


@at(x3)
@at(z3)
def an_array_of_its_own_after_it_was_replaced(x):
    a, b = Box(x * 1.0, x[0]), Box(x * 2.0, x[1])
    best = a if x[0] > 1.0 else b
    old = best.w
    best.w = old * 0.5
    old[0] = x[1] * x[2]
    best.w[1] += old[0]
    return old.sum() + a.w @ b.w


# What is equal


@at(x3)
@at(z3)
def which_one_it_is(x):
    a, b, c = Arm(x[0]), Arm(x[1]), Arm(x[2])
    best = a if x[0] < x[1] else b
    other = best if x[2] < x[1] else c
    best.mean = best.mean * 2.0
    s = a.mean + 2.0 * b.mean
    if best is a:
        s += 2 * x[1]
    if best != b:
        s += 3 * x[2]
    if best in [a, c]:
        s += 5 * x[1] * a.mean
    if other is not c and other not in (b, c):
        s += 7 * x[1]
    if a == b or a not in [b, a]:
        s += 100 * x[1]
    return s


@at(x3)
@at(z3)
def which_array_list_or_dict_it_is(x):
    u, v = x * 1.0, x * 2.0
    s, t = [x[0]], [x[1]]
    d, e = {"m": x[0]}, {"m": x[1]}
    flag = x[0] < x[1]
    one, two, three = u if flag else v, s if flag else t, d if flag else e
    return x[0] * (one is u) + x[1] * (two is t) + x[2] * (three is d) + (u is v) + (s is t)
