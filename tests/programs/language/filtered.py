"""Filters of comprehensions and generator expressions that only the run knows, wherever the items go.

In:  nothing.   Out: `PROGRAMS`.
Not here: comprehensions whose items are known while lowering (iteration.py).
"""

from __future__ import annotations

import functools
import heapq
import itertools
import operator
from collections import Counter, defaultdict, deque

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
_at = collecting(PROGRAMS)
X = np.array([0.7, -0.4, 1.3, 0.25, -1.1])
NAMES = "abcde"


def at_both(function):
    """At two points at which the filters keep other items."""
    return _at(X)(_at(-X)(function))


# Dicts


@at_both
def entries_of_a_dict(x):
    given = {"a": x[0], "b": x[1], "c": x[2]}
    kept = {k: v for k, v in given.items() if v > 0}
    return len(kept) * sum(kept.values()) + kept.get("b", 5.0) * kept.get("a", 2.0 * x[3])


@at_both
def entries_that_are_computed_under_the_filter(x):
    kept = {i: x[i] ** 2 for i in range(3) if x[i] > 0}
    return sum(kept.values()) + (kept[1] if 1 in kept else 3.0 * x[1])


@at_both
def entries_with_pairs_as_keys(x):
    kept = {(i, j): x[i] * x[j] for i in range(3) for j in range(i) if x[i] * x[j] > 0}
    return sum(kept.values()) * len(kept)


@at_both
def entries_under_two_filters(x):
    kept = {k: v for k, v in zip(NAMES, x, strict=True) if v > 0 if k != "c"}
    more = {k: v for k, v in zip(NAMES, x, strict=True) if v > 0 and v < 1}
    return sum(kept.values()) * len(more) + sum(more.values()) * len(kept)


@at_both
def means_of_groups(x):
    groups = {}
    for i, v in enumerate(x):
        groups.setdefault(i % 2, []).append(v)
    means = {k: sum(group) / len(group) for k, group in groups.items() if group[0] > -0.5}
    return sum(means.values()) * len(means)


@at_both
def entries_that_are_arrays(x):
    kept = {k: np.ones(n) * v for (k, n), v in zip((("a", 2), ("b", 3)), x, strict=False) if v > 0}
    return sum(np.sum(v**2) for v in kept.values())


@at_both
def dicts_in_a_dict(x):
    nested = {
        k: {m: w for m, w in zip("pq", (v, v * v), strict=True) if w > 0.1}
        for k, v in zip(NAMES, x, strict=True)
    }
    return sum(sum(inner.values()) * len(inner) for inner in nested.values())


@at_both
def dicts_in_a_dict_under_filters(x):
    nested = {
        k: {m: w for m, w in zip("pq", (v, v * v), strict=True) if w > 0.1}
        for k, v in zip(NAMES, x, strict=True)
        if v > -1.0
    }
    return sum(sum(inner.values()) * len(inner) for inner in nested.values())


@at_both
def lists_in_a_dict(x):
    above = {k: [w for w in x if w > v] for k, v in zip(NAMES, x, strict=True) if v > 0}
    return sum(sum(row) * len(row) for row in above.values())


@at_both
def sums_under_a_filter_of_their_own(x):
    sums = {side: sum(v for v in x if (v > 0) == side) for side in (True, False) if side or x[0] > 0}
    return sum(sums.values()) * len(sums)


@at_both
def entries_of_several_dicts(x):
    known = {"z": x[0], **{k: v for k, v in zip(NAMES, x, strict=True) if v > 0}}
    other = {"a": x[1]}
    other |= {k: v**2 for k, v in zip(NAMES, x, strict=True) if v < 0}
    return len(known) * sum(known.values()) + len(other) * sum(other.values())


@at_both
def entries_with_defaults(x):
    table = defaultdict(float, {k: v for k, v in zip(NAMES, x, strict=True) if v > 0})
    table["q"] += x[0]
    return sum(table.values()) * len(table)


@at_both
def entries_from_iterators(x):
    one = dict.fromkeys((k for k, v in zip(NAMES, x, strict=True) if v > 0), x[0])
    two = dict(zip((k for k, v in zip(NAMES, x, strict=True) if v > 0), (v for v in x if v > 0), strict=True))
    return len(one) * sum(two.values()) + sum(one.values())


# Sets


@at_both
def items_of_a_set(x):
    kept = {k for k in (0, 1, 2) if x[k] > 0}
    return len(kept) * x[0] + (x[1] if 1 in kept else x[2]) + sum(x[k] for k in sorted(kept))


@at_both
def text_of_a_set(x):
    kept = {k for k, v in zip(NAMES, x, strict=True) if v > 0}
    return len(kept) * x[0] + (x[1] if "b" in kept else x[2])


@at_both
def sets_that_meet(x):
    kept = frozenset(i for i, v in enumerate(x) if v > 0)
    low = kept & {0, 1, 2}
    more = {0}.union(i for i, v in enumerate(x) if v > 0.5)
    return len(low) * x[0] + len(kept - low) * x[1] + len(more) * x[2]


@at_both
def counts(x):
    found = Counter(i % 2 for i, v in enumerate(x) if v > 0)
    return found[0] * x[0] + found[1] * x[1]


# Lists and what is consumed in place


@at_both
def items_that_are_joined(x):
    items = [x[0]]
    items += [v for v in x if v > 0]
    items.extend(v for v in x if v < 0)
    items = [*items, *(v for v in x if v > 0.5)]
    return sum(v * i for i, v in enumerate(items))


@at_both
def items_that_replace_all(x):
    items = list(x)
    items[:] = [v for v in items if v > 0]
    return sum(items) * len(items)


@at_both
def items_that_are_numbered(x):
    total = sum(i * v for i, v in enumerate(v for v in x if v > 0))
    total += sum(a * b for a, b in zip((v for v in x if v > 0), (v for v in x if v < 0), strict=False))
    return total + functools.reduce(operator.mul, (v for v in x if v > 0), 1.0)


@at_both
def items_of_iterators(x):
    one = sum(i * v for i, v in enumerate(itertools.compress(x, [v > 0 for v in x])))
    two = sum(i * v for i, v in enumerate(itertools.takewhile(lambda v: v > -1, x)))
    three = sum(i * v for i, v in enumerate(itertools.dropwhile(lambda v: v > 0, x)))
    four = sum(i * v for i, v in enumerate(itertools.accumulate(v for v in x if v > 0)))
    return one + 2.0 * two + 3.0 * three + 4.0 * four


@at_both
def items_in_order(x):
    one = sum(i * v for i, v in enumerate(sorted(v for v in x if v > -1)))
    two = sum(i * v for i, v in enumerate(heapq.nsmallest(2, (v for v in x if v > -1))))
    last = deque((v for v in x if v > -1), maxlen=2)
    return one + two + last[0] * last[-1]


@at_both
def what_is_asked_of_items(x):
    total = max((v for v in x if v < 0), default=0.5) * 2.0
    total += x[0] if any(v > 1 for v in x if v > 0) else x[1]
    total += x[2] if all(v > 0.5 for v in x if v > 0) else x[3]
    return total * min((abs(v), i) for i, v in enumerate(x) if v < 0)[0]


@at_both
def names_that_filters_bind(x):
    n = 0
    items = [(n := n + 1) * v for v in x if v > 0]
    doubled = [y for v in x if (y := v * 2) > 0]
    return sum(items) * n + sum(doubled) * y
