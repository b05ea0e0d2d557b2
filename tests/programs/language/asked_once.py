"""Iterators that compute: each item is asked for once, and in Python's order, which what it changes tells.

In:  nothing.   Out: `PROGRAMS`, `BEYOND`.
Not here: what iterators give (iterators.py), generators that loops go over (generators.py).
"""

from __future__ import annotations

import collections
import heapq
import itertools
import statistics

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
BEYOND: list[Idiom] = []
"""Python asks for an item that is not gone over, and computing it is seen."""
at = collecting(PROGRAMS)
beyond = collecting(BEYOND)
X = 1.3


class Ticks:
    def __init__(self):
        self.count = 0

    def next(self):
        self.count += 1
        return self.count


@at(X, 0)
@at(X, 3)
def sorted_items_are_computed_once(x, n):
    log = []

    def noted(k):
        log.append(k)
        return -k * x

    return x * sum(k * v for k, v in enumerate(sorted(map(noted, range(n))))) + x * len(log)


@at(X, 5)
def sorted_draws(x, n):
    rng = np.random.default_rng(0)
    drawn = sorted(rng.random() for _ in range(n))
    return x * x * sum(k * v for k, v in enumerate(drawn)) * rng.random()


@at(X, 4)
def sorted_items_before_their_keys(x, n):
    seen = set()

    def noted(k):
        seen.add(k)
        return k

    ordered = sorted((noted(k) for k in range(n)), key=lambda v: -v if v + 1 in seen else 100 * v)
    return x * x * sum(k * v for k, v in enumerate(ordered))


@at(X)
def sorted_by_draws(x):
    rng = np.random.default_rng(0)
    ordered = sorted((rng.random() for _ in range(3)), key=lambda v: rng.random())
    return x * x * ordered[0] * rng.random()


@at(X)
def keys_are_computed_once(x):
    ticks = Ticks()
    ordered = sorted((ticks.next() * x for _ in (1, 2)), key=lambda v: -v * ticks.next())
    return ordered[0] * ordered[1] * ticks.count + ordered[0]


@at(X, 3)
def smallest_of_what_is_computed(x, n):
    log = []

    def noted(k):
        log.append(k)
        return -k * x

    first = heapq.nsmallest(2, (noted(k) for k in range(n)), key=lambda v: v * len(log))
    return x * first[0] + heapq.nlargest(2, map(noted, range(n)))[1] + x * len(log)


@at(X, 4)
def median_of_what_is_computed(x, n):
    log = []

    def noted(k):
        log.append(k)
        return -k * x

    return x * statistics.median(noted(k) for k in range(n)) + x * len(log)


@at(X, 0)
@at(X, 3)
def extreme_by_key_or_default(x, n):
    log = []

    def noted(v):
        log.append(v)
        return -v

    found = max((x * k + x for k in range(n)), key=noted, default=x**2)
    items = [x * k - 1.0 for k in range(n)]
    return found * min(items, key=noted, default=x) + x * len(log)


@at(X)
def extreme_by_key_or_default_of_known_items(x):
    ticks = Ticks()
    found = max((ticks.next() * x for _ in (1, 2, 3)), key=lambda v: v * ticks.next(), default=0.0)
    return found * x * ticks.count + min((), key=lambda v: -v, default=x)


@at(X, 0)
@at(X, 1)
@at(X, 4)
def accumulated_maybe_nothing(x, n):
    sums = list(itertools.accumulate(x * k + 1.0 for k in range(n)))
    products = list(itertools.accumulate((x + k for k in range(n)), lambda a, b: a * b))
    return sum(sums) * x + sum(products) + x * len(sums)


def four(x):
    return iter([x, 2 * x, 3 * x**2, 4 * x])


@at(X)
def next_between_the_items_of_what_asks_next(x):
    it, total = four(x), 0.0
    for v in (next(it) for _ in (1, 2)):
        total = total * 2 + v * next(it)
    return total


@at(X)
def next_in_a_generator_and_in_its_loop(x):
    it, total = four(x), 0.0

    def taken():
        yield next(it)
        yield 3 * next(it)

    for k, v in enumerate(taken()):
        total = total * 2 + k * x + v * next(it)
    return total


@at(X)
def next_in_a_map_and_in_a_comprehension(x):
    it, numbers = four(x), itertools.count(2)
    products = [v * next(it) for v in map(lambda k: k * next(it), (1, 2))]
    places = [x * v * next(numbers) for v in (next(numbers) for _ in (1, 2))]
    return products[0] + 10 * products[1] + places[0] * places[1]


@at(X)
def next_in_both_of_a_zip(x):
    it, total = four(x), 0.0
    for a, b in zip((next(it) for _ in (1, 2)), (next(it) for _ in (1, 2))):
        total = total * 2 + a + 10 * b
    return total


@at(X)
def next_of_what_asks_next(x):
    it = four(x)
    taken = (next(it) for _ in (1, 2))
    first, second, third = next(taken), next(it), next(taken)
    return first + 10 * second * x + 100 * third


@at(X)
def what_is_left_behind_a_shorter_one(x):
    it, total = four(x), 0.0
    for a, b in zip([1, 2], (next(it) for _ in (1, 2, 3))):
        total = total * 2 + a * b
    for v in itertools.islice((next(it) for _ in (1, 2)), 1):
        total += v * x
    return total


@at(X, 0)
@at(X, 2)
def none_is_asked_for_behind_the_one_that_decides(x, n):
    ticks = Ticks()
    rng = np.random.default_rng(0)
    found = any(ticks.next() * x > n for _ in (1, 2, 3)) + 2 * all(rng.random() * x < n for _ in (1, 2))
    found += 4 * any(map(lambda v: ticks.next() * v > n, [x, 2 * x, 3 * x]))
    return x * found + x**2 * ticks.count * rng.random()


@at(X, 1)
def any_of_pairs(x, n):
    rows = ((x, 2 * x), (3 * x, 0.5))
    return x * any(v > n * k for k, row in enumerate(rows) for v in row) + x**2


@at(X, 0)
@at(X, 4)
def dict_updated_by_what_reads_it(x, n):
    d = {}
    d.update((k, len(d) * x + d.get(k - 1, 1.0)) for k in range(n))
    d.update(map(lambda k: (k, d.get(0, x) * 2 + len(d)), (1, 0, 2)))
    return sum(k * v for k, v in enumerate(d.values())) * x


@at(X, 3)
def named_entries_updated_by_what_reads_them(x, n):
    d = {"a": x}
    d.update(zip("bcd", (len(d) * x * k for k in range(n))), a=x**2)
    d.update((k, len(d) * x + d["a"]) for k in ("e", "a", "f"))
    return sum(k * v for k, v in enumerate(d.values())) * x


@at(X, 4)
def other_dicts_updated_by_what_reads_them(x, n):
    d, e = collections.OrderedDict(), collections.defaultdict(float)
    d.update((k, len(d) * x) for k in range(n))
    e.update((k % 3, e[k - 1] * x + k) for k in range(n))
    d.update({n: x**2})
    c = collections.OrderedDict(a=x)
    c.update(zip("ba", (len(c) * x * k for k in range(1, 3))), end=x)
    d.update(enumerate(c.values(), n + 1))
    return sum(k * v for k, v in enumerate(d.values())) + sum(k * v for k, v in e.items())


@at(X, 3)
def list_extended_by_what_reads_it(x, n):
    a = [x]
    a.extend(len(a) * x for k in (1, 2, 3))
    a += (a[-1] * x for k in (1, 2))
    a.extend(a[-1] * len(a) for k in range(n))
    a.extend(reversed(a))
    a.extend(v * x for v in itertools.islice(a, 2))
    return sum(k * v for k, v in enumerate(a))


@at(X, 1.1, 3)
@at(X, 0.1, 3)
def list_extended_by_as_many_items_as_the_run_says(x, scale, n):
    a = [x]

    def grown():
        for k in range(n):
            if scale * k > 0.5:
                yield a[-1] * len(a)

    a.extend(grown())
    a.extend(a[-1] * len(a) for k in range(int(n * scale)))
    a += map(lambda k: k + a[-1] * len(a), range(int(n * scale)))
    return sum(k * v for k, v in enumerate(a))


@at(X, 0)
@at(X, 3)
def as_many_draws_as_others(x, n):
    rng = np.random.default_rng(0)
    total = 0.0
    for a, b in zip((rng.random() for _ in range(n)), [x * k for k in range(n + 1)]):
        total += a * b
    for b, a in zip([x * k for k in range(n)], (rng.random() for _ in itertools.count())):
        total += a * b
    return total * x + x**2 * rng.random()


@at(X, 2)
def first_ones_and_full_groups_of_what_is_computed(x, n):
    log = []

    def noted(k):
        log.append(k)
        return k + x

    numbers = map(noted, range(2 * n))
    total = sum(a * b for a, b in zip(numbers, numbers))
    return total + sum(itertools.islice(map(noted, range(n + 3)), n)) + x * len(log)


@beyond(X, 0)
@beyond(X, 3)
def more_calls_than_pairs(x, n):
    log = []

    def noted(k):
        log.append(k)
        return k

    return sum(a * b for a, b in zip(map(noted, range(n + 2)), [x * k for k in range(n)])) + x * len(log)


@beyond(X, 3)
def more_draws_than_triples(x, n):
    rng = np.random.default_rng(0)
    total = 0.0
    for k, a, b in zip(range(n + 1), (rng.random() for _ in range(n + 1)), [x * k for k in range(n)]):
        total += a * b * k
    return total * rng.random()


@beyond(X, 3)
def calls_that_fill_no_pair(x, n):
    log = []

    def noted(k):
        log.append(k)
        return k

    numbers = map(noted, range(n))
    return x * sum(a * b for a, b in zip(numbers, numbers)) + x * len(log)
