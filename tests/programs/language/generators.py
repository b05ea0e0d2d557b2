"""Generators whose loop sees what happens between the items: left half way, changed meanwhile, changing things.

In:  nothing.   Out: `PROGRAMS`; `REFUSED`, those of refused.py among them.
Not here: generators that nobody sees running to their end (iteration.py).
"""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import REFUSED, refused

__all__ = ["PROGRAMS", "REFUSED"]

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.5, -1.5, 2.0, 0.7])


def iterates(function, u):
    while True:
        yield u
        u = function(u)


def squares(x):
    for v in x:
        yield v * v


def halvings(u, n):
    u = u.copy()
    for _ in range(n):
        u *= 0.5
        yield u


@at(2.0)
def root_by_iterations(x):
    for u in iterates(lambda u: 0.5 * (u + x / u), 1.0):
        if abs(u * u - x) < 1e-12:
            break
    return u


@at(0.8, 3)
@at(0.8, 0)
def counted_until(x, n):
    for k, u in enumerate(iterates(lambda u: math.cos(u * x), 0.5), start=1):
        if k > 2 * n:
            return u * k
    return x


@at(0.8, 30.0)
@at(0.8, 0.4)
def left_or_else(x, bound):
    total = 0.0
    for u in itertools.islice(iterates(lambda u: u + x, x), 4):
        total += u * u
        if total > bound:
            break
    else:
        total *= x
    return total


@at(1.3, 3)
@at(1.3, 0)
def beside_a_range(x, n):
    total = 0.0
    for k, u in zip(range(n), iterates(lambda u: u * x, x)):
        total += k * u * u
    return total


@at(1.3)
def as_long_as(x):
    total = 0.0
    for u in itertools.takewhile(lambda u: u < 20.0, iterates(lambda u: u * x + 0.1, 0.5)):
        total += u * x
    return total


@at(X, 3)
@at(X, 0)
def one_buffer_yielded_again_and_again(x, n):
    total = np.sum(x)
    for u in halvings(x, n):
        total += np.sum(u**2) * x[0]
    return total


@at(X, 3)
def buffer_in_a_comprehension(x, n):
    energies = [np.sum(u**2) for u in halvings(x, n)]
    return energies[0] * energies[-1] + sum(energies)


@at(X, 3)
def buffer_in_a_generator_expression(x, n):
    return sum(np.sum(u**2) for u in halvings(x, n)) * max(np.sum(u) for u in halvings(x, n))


@at(X)
def list_of_one_buffer(x):
    return sum(np.sum(u**2) for u in list(halvings(x, 3)))


@at(X, 3)
def loop_changes_the_buffer(x, n):
    total = 0.0
    for u in halvings(x, n):
        u[0] = x[1] * total
        total += np.sum(u**2)
    return total


@at(1.3, 4)
def name_rebound_by_the_loop(x, n):
    scale = x

    def scaled():
        for i in range(n):
            yield scale * i

    total = 0.0
    for v in scaled():
        total += v
        scale = scale * 1.5
    return total * scale


@at(1.3, 4)
def name_rebound_under_a_condition(x, n):
    scale = x

    def scaled():
        for i in range(n):
            yield scale * i

    total = 0.0
    for k, v in enumerate(scaled()):
        if v > 2.0:
            scale = scale - x
            continue
        total += v * k
        scale = scale * 2.0
    return total


@at(1.3)
def list_changed_by_the_loop(x):
    state = [x]

    def scaled():
        for i in range(3):
            yield state[0] * i

    total = 0.0
    for v in scaled():
        total += v
        state[0] = state[0] * x + v
    return total


@at(1.3)
def list_changed_by_the_generator(x):
    log = []

    def logged():
        for i in range(3):
            log.append(i * x)
            yield i * x

    total = 0.0
    for v in logged():
        total += v * len(log) * sum(log)
    return total


@at(1.3, 3)
def variable_of_both(x, n):
    t = 1.0

    def growing():
        nonlocal t
        for i in range(n):
            t = t * x
            yield t * i

    total = 0.0
    for v in growing():
        total += v * t
        t = t + 0.5
    return total


@at(1.3)
def function_that_is_mapped(x):
    log = []

    def logged(v):
        log.append(v)
        return v * len(log)

    total = 0.0
    for v in map(logged, [x, x * x, x**3]):
        total += v * len(log)
    return total


@at(1.3, 3)
@at(1.3, 8)
def generators_in_generators(x, n):
    def some(k):
        for i in range(k):
            if i * x > 2.0:
                return
            yield x * i

    def all_():
        yield from some(n)
        yield x**2
        yield from some(2)
        yield x**3

    total = 0.0
    for k, v in enumerate(all_()):
        if k == 5:
            break
        total = total * x + v
    return total


@at(1.3)
def tree_until(x):
    def leaves(tree):
        if isinstance(tree, tuple):
            for child in tree:
                yield from leaves(child)
        else:
            yield tree * x

    total = 0.0
    for v in leaves((1.0, (2.0, 3.0, (4.0,)), 5.0)):
        if v > 5.0:
            break
        total = total * x + v
    return total


@at(1.3, 3)
def loops_in_a_loop(x, n):
    total = 0.0
    for i in range(n):
        for u in iterates(lambda u: u * x, x + i):
            if u > 10.0:
                break
            total += u
        total *= 1.1
    return total


@at(1.3)
def handed_to_a_function(x):
    def first_above(items, bound):
        for u in items:
            if u > bound:
                return u

    return first_above(iterates(lambda u: u * x, x), 7.0) * x


class Walk:
    def __init__(self, step):
        self.step = step
        self.taken = 0

    def __iter__(self):
        for i in range(4):
            self.taken += 1
            yield self.step * i


@at(1.3)
def method_that_yields(x):
    walk, total = Walk(x), 0.0
    for v in walk:
        total += v * walk.taken
        walk.step = walk.step * 2.0
        if walk.taken == 3:
            break
    return total * walk.taken


@at(X, 3)
def best_of_iterates(x, n):
    best, found = math.inf, x
    for u in halvings(x, n):
        miss = np.sum((u - 0.3) ** 2)
        if miss < best:
            best, found = miss, u.copy()
    return best + np.sum(found * x)


@at(0.5)
def without_end(x):
    total = 0.0
    for power in iterates(lambda p: p * x, 1.0):
        total += power
        if power < 0.1:
            break
    return total


@at(X)
def array_that_changes(x):
    y = x.copy()
    total = 0.0
    for v in squares(y):
        y[2] = 1.0
        total += v
    return total


@at(X, 3)
def buffers_mapped_and_filtered(x, n):
    total = 0.0
    for v in map(lambda u: np.sum(u**2), halvings(x, n)):
        total += v * x[0]
    for u in filter(lambda u: np.sum(u) < 0.5, halvings(x, n)):
        if np.sum(u) < 0.15:
            break
        total += np.sum(u**2)
    return total


@at(1.3)
def functions_that_are_yielded(x):
    def made():
        for i in range(1, 4):
            yield lambda t: t * i

    # They read the variable as it is when they are called.
    return sum(f(x) for f in made()) * sum(f(x * x) for f in list(made()))


@at(1.3)
def next_of_what_stays(x):
    def scaled():
        for i in range(1, 4):
            yield x * i

    items = scaled()
    return next(items) + next(items) * sum(items)


@refused("GS127", 1.3)
def next_after_a_change(x):
    scale = x

    def scaled():
        for i in range(1, 4):
            yield scale * i

    items = scaled()
    first = next(items)
    scale = x * x
    return first + next(items)


@at(1.3)
def next_of_a_generator_that_changes(x):
    log = []

    def logged():
        for i in range(1, 4):
            log.append(x)
            yield x * i

    items = logged()
    return next(items) * len(log)


@refused("GS102", 1.3)
def generators_that_take_turns(x):
    t = x

    def doubled():
        nonlocal t
        for _ in range(3):
            t = t * 2.0
            yield t

    def raised():
        nonlocal t
        for _ in range(3):
            t = t + x
            yield t

    return sum(a * b for a, b in zip(doubled(), raised()))


@at(1.3)
def search_in_a_generator_that_changes(x):
    log = []

    def logged():
        for i in range(5):
            log.append(x)
            yield i * x > 2.0

    return len(log) * x if any(logged()) else x


@refused("GS102", 1.3)
def buffers_that_are_mapped(x):
    return sum(map(np.sum, halvings(np.array([x, x * x]), 3)))


@refused("GS102", X, 3)
def sum_of_buffers(x, n):
    return np.sum(x * sum(halvings(x, n)))


@refused("GS102", X)
def buffers_that_are_reduced(x):
    return np.sum(functools.reduce(lambda a, b: a + b, halvings(x, 3)))


@refused("GS102", X, 3)
def list_of_what_buffers_are_mapped_to(x, n):
    return sum(list(map(np.sum, halvings(x, n))))


@refused("GS127", X)
def next_buffer(x):
    buffers = halvings(x, 3)
    first = next(buffers)
    total = np.sum(first)
    return total + np.sum(first * next(buffers))


@refused("GS102", 1.3)
def left_inside_of_try(x):
    def guarded():
        for i in range(10):
            try:
                yield i * x
            finally:
                pass

    total = 0.0
    for v in guarded():
        if v > 4.0:
            break
        total += v
    return total
