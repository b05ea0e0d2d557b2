"""Functions with a cache that read sets and dicts of run time, or draw random numbers.

In:  nothing.   Out: `PROGRAMS`; more of `REFUSED`.
Not here: other functions with a cache (caches.py).
"""

from __future__ import annotations

import functools

import numpy as np

from tests.programs.idioms import Idiom, collecting
from tests.programs.language.refused import refused

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, 0.4, -0.8])
KEYS = np.array([2, 0, 2, 3])


@at(x4, KEYS)
@at(x4[:0], KEYS[:0])
def set_that_stays(x, keys):
    allowed = set(keys.tolist())
    others = {len(x)}

    @functools.cache
    def value(k):
        return x[k] ** 2 if k in allowed else x[k]

    total = 0.0
    for k in keys:
        others.add(int(k))
        total += value(int(k)) * value((int(k) + 1) % len(x))
    return total * len(others)


@at(x4, KEYS)
def dict_that_was_filled_before(x, keys):
    table = {}
    for k in keys:
        table[int(k)] = x[k] ** 2

    @functools.cache
    def value(k):
        return table[k] * x[k] if k in table else x[0]

    total = 0.0
    for k in keys:
        total += value(int(k)) + value(int(k) // 2)
    return total


@at(x4, KEYS)
def containers_of_its_own(x, keys):
    @functools.cache
    def value(k):
        seen, table = set(), {}
        for i in keys:
            seen.add(int(i))
            table[int(i)] = x[i] * k
        return len(seen) * sum(table.values())

    total = 0.0
    for k in keys:
        total += value(int(k)) * x[1]
    return total


@at(x4, KEYS, 0)
@at(x4, KEYS, 3)
def recursive(x, keys, n):
    marked = set(keys.tolist())

    @functools.cache
    def value(k):
        if k <= 0:
            return x[0]
        return value(k - 1) * x[1] + (x[2] if k in marked else 0.0)

    return value(n) + value(2)


@at(x4)
def draws_of_calls_that_are_known(x):
    rng = np.random.default_rng(0)

    @functools.cache
    def value(k):
        return x[k] ** 2 * rng.random()

    return value(2) + value(2) * x[0] + value(3) * rng.random()


@at(x4)
def items_between_calls_that_are_known(x):
    seen = {int(x[0] > 0)}

    @functools.cache
    def value(k):
        return x[k] ** 2 * len(seen)

    first = value(2)
    seen.add(5)
    return first + value(2) * x[0] + value(3)


@refused("GS127", x4, 1)
@refused("GS127", x4, 3)
def items_between_calls(x, n):
    seen = set()

    @functools.cache
    def value(k):
        return x[k] * (len(seen) + 1)

    first = value(2) if n > 1 else 0.0
    seen.add(n)
    return value(2) + first


@refused("GS127", x4, 3)
def items_before_it_is_unsure(x, n):
    seen = {n}

    @functools.cache
    def value(k):
        return x[k] * len(seen)

    first = value(2)
    seen.add(n + 1)
    return first + value(n)


@refused("GS127", x4, KEYS)
def items_in_a_loop(x, keys):
    seen = set()

    @functools.cache
    def value(k):
        return x[k] * len(seen)

    total = 0.0
    for k in keys:
        seen.add(int(k))
        total += value(2)
    return total


@refused("GS127", x4, 3)
def keys_between_calls(x, n):
    table = {n: x[0]}

    @functools.cache
    def value(k):
        return x[k] if k in table else x[0]

    first = value(2) if x[0] > 0 else 0.0
    table[n - 1] = x[1]
    return value(2) + first


@refused("GS127", x4, 3)
def draws_of_calls(x, n):
    rng = np.random.default_rng(0)

    @functools.cache
    def value(k):
        return x[k] * rng.random()

    first = value(2) if n > 1 else 0.0
    return value(2) + first


@refused("GS127", x4, 3)
def draws_before_it_is_unsure(x, n):
    rng = np.random.default_rng(0)

    @functools.cache
    def value(k):
        return x[k] * rng.random()

    return value(2) + value(n)


@refused("GS127", x4, KEYS)
def items_that_it_puts_in(x, keys):
    seen = set()

    @functools.cache
    def value(k):
        seen.add(k)
        return x[k] * len(seen)

    total = 0.0
    for k in keys:
        total += value(int(k))
    return total


@refused("GS127", x4, 3)
def printed(x, n):
    @functools.cache
    def value(k):
        print(k)
        return x[k]

    return value(2) + value(n)


@refused("GS127", x4, KEYS)
def items_after_it_is_called_in_a_loop(x, keys):
    rows = [set() for _ in range(len(x))]

    @functools.cache
    def value(k):
        return x[k] * len(rows[0])

    total = 0.0
    for k in keys:
        total += value(int(k))
        rows[0].add(int(k))
    return total
