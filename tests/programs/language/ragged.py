"""Arrays of several lengths in one list, which broadcast, and what a loop over such leaves in its target.

In:  nothing.   Out: `PROGRAMS`.
Not here: other names that a loop leaves (kept.py).
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.71, -0.44, 1.3, 0.9])


def ragged(x):
    """One number, then five."""
    return [x[k] * np.arange(1.0, 1 + 4**k) for k in range(2)]


@at(X)
def product_of_items(x):
    L = ragged(x)
    return np.sum(L[0] * L[1])


@at(X)
def item_before(x):
    L = ragged(x)
    a = L[0]
    s = 0.0
    for i in range(2):
        s += np.sum(a * L[i])
        a = L[i]
    return s * np.sum(a)


@at(X)
def all_pairs(x):
    L = ragged(x)
    s = 0.0
    for a in L:
        for b in L:
            s += np.sum(a * b * b)
    return s


@at(X)
def chosen_item(x):
    L = ragged(x)
    a = L[0]
    if x[0] > 0:
        a = L[1]
    return np.sum(a * L[0])


@at(X)
def replaced_item(x):
    L = ragged(x)
    L[0] = L[0] + L[1]
    return np.sum(L[0] ** 2 * L[1])


@at(X)
def zipped(x):
    L = ragged(x)
    s = 0.0
    for a, b in zip(L, L[::-1]):
        s += np.sum(a * b**2)
    return s + np.sum(a * b)


@at(X)
def best_item(x):
    L = ragged(x)
    best = L[0]
    for a in L:
        if np.sum(a) > np.sum(best):
            best = a
    return np.sum(best * L[0])


@at(X)
def accumulated(x):
    L = ragged(x)
    acc = 0.0
    for a in L:
        acc = acc + a
    return np.sum(acc**2)


@at(X)
def reduced(x):
    L = ragged(x)
    return np.sum(reduce(lambda p, q: p * q, L) ** 2)


@at(X)
def left_by_break(x):
    L = ragged(x)
    i = 0
    while i < len(L):
        a = L[i]
        i += 1
        if np.sum(a) > 100:
            break
    return np.sum(a**2) * x[1]


@at(X)
def in_a_dict(x):
    L = ragged(x)
    d = {}
    for i in range(2):
        last = L[i] * 2
        d[i] = last
    return np.sum(d[0] * last) + np.sum(last)


@at(X)
def previous_or_none(x):
    L = ragged(x)
    prev = None
    s = 0.0
    for a in L:
        if prev is not None:
            s += np.sum(a * prev)
        prev = a
    return s + np.sum(prev)


@at(X)
def previous_or_zeros(x):
    L = ragged(x)
    prev = np.zeros(1)
    s = 0.0
    for a in L:
        s += np.sum(a * prev) + np.sum(prev) ** 2
        prev = a + 1
    return s + np.sum(prev)


@at(X)
def generated_levels(x):

    def levels():
        for k in range(2):
            yield (x[k] * np.ones(1 + 2 * k))

    s = 0.0
    for a in levels():
        s += np.exp(np.sum(a))
    return s + np.sum(a)


@at(X)
def last_of_a_list(x):
    L = [x[k] * np.arange(1.0, 1 + 4**k) for k in range(2)]
    s = 0.0
    for a in L:
        s += np.sum(a) ** 2
    return s * a[0]


@at(X)
def last_part(x):
    L = [x[: k + 1] for k in range(len(x) - 1)]
    s = 0.0
    for a in L:
        s += np.sum(a**2)
    return s * a[0]


@at(X)
def last_group(x):
    groups = [[v for v in x if v > k * 0.4] for k in range(3)]
    s = 0.0
    for g in groups:
        s += sum((v**2 for v in g))
    return s + sum(g) * 2


@at(X)
def last_chunk(x):

    def chunks(a, k):
        for i in range(0, len(a), k):
            yield a[i : i + k]

    s = 0.0
    for a in chunks(x, 2):
        s += np.sum(a**2)
    return s * a[0]


@at(X)
def last_step(x):

    def run(n, y):
        t = 0.0
        for i in range(n):
            y = y - 0.1 * x[0] * y
            t += 0.1
            yield (t, y)

    for t, y in run(4, np.array([1.0, x[1]])):
        pass
    return y @ y


@at(X)
def variable_of_the_generator(x):

    def run(y):
        for i in range(4):
            y = y * x[0]
            yield y

    for y in run(x):
        pass
    return np.sum(y)


@at(X)
def last_pair(x):

    def leap(q, p, n):
        for i in range(n):
            p = p - 0.1 * q
            q = q + 0.1 * p
            yield (q, p)

    for q, p in leap(x, x**2, 4):
        pass
    return q @ p


@at(X)
def changed_after_it_was_read(x):
    L = [x * k for k in range(3)]
    b = L[0]
    L.append(x * 2)
    L[1] = x * 2
    L += [b]
    return np.sum(b) * np.sum(L[-2])


@at(X)
def item_and_the_first(x):
    L = []
    s = 0.0
    for k in range(2):
        a = x[k] * np.arange(1.0, 1 + 4**k)
        L.append(a)
        s += np.sum(a * L[0])
    return s


@at(X)
def item_and_all_before(x):
    L = []
    s = 0.0
    for k in range(3):
        a = x[k] * np.ones(1 if k == 1 else 3)
        L.append(a)
        for b in L:
            s = s + np.sum(a * b * b)
    return s


@at(X)
def entries_of_a_dict(x):
    d = {}
    s = 0.0
    for k in range(2):
        d[k] = x[k] * np.arange(1.0, 1 + 4**k)
        s += np.sum(d[k] * d[0])
    return s


@at(X)
def parity_sizes(x):
    sizes = []
    for i in range(len(x)):
        sizes.append(1 if i % 2 else 3)
    s = 0.0
    for n in sizes:
        s = s + np.sum(np.ones(n) * x[:1]) * np.sum(x[:n])
    return s


@at(X)
def sizes_of_a_list(x):
    sizes = [1]
    for i in range(len(x) - 1):
        sizes.append(2)
    s = 0.0
    for i in range(len(sizes)):
        s = s + np.sum(x[0] * np.ones(sizes[i]) * x[1:3])
    return s


@at(X)
def spans(x):
    spans = [(0, 1)]
    for i in range(len(x) - 1):
        spans.append((i, i + 2))
    s = 0.0
    for a, b in spans:
        p = x[a:b]
        s = s + np.sum(p * x[1:3]) + p[-1]
    return s * p[0]


@at(X)
def sizes_of_a_dict(x):
    d = {0: 1}
    for i in range(1, len(x)):
        d[i] = 2
    s = 0.0
    for i in range(len(x)):
        s = s + np.sum(np.full(d[i], x[i]) * x[1:3])
    return s


@at(X)
def rows_of_several_lengths(x):
    L = [[x[0]]]
    for i in range(1, len(x)):
        L.append([x[i], x[i - 1]])
    s = 0.0
    for r in L:
        s = s + len(r) * sum(r) ** 2
    return s * len(L[0]) * len(L[-1])


@at(X)
def halves_on_a_stack(x):
    st = [(0, len(x))]
    s = 0.0
    while st:
        a, b = st.pop()
        m = (a + b) // 2
        p = x[a:b]
        s = s + np.sum(p) ** 2 * np.sum(p * p[:1])
        if b - a > 1:
            st.append((a, m))
            st.append((m, b))
    return s


@at(X)
def doubled_sizes(x):
    n = 1
    ns = [n]
    for i in range(3):
        n = 2 * n
        ns.append(n)
    s = 0.0
    for k in range(len(ns)):
        s = s + np.sum(x[: ns[k]] * x[: ns[-1]][:1]) * ns[k]
    return s + np.sum(np.zeros(ns[1]) + x[0])


@at(X)
def counted_size(x):
    n = 0
    for v in x:
        if v > 0:
            n += 1
    L = [n]
    L.append(1)
    return np.sum(np.ones(L[0]) * x[0] * np.ones(L[1])) * np.sum(x[: L[1]])


@at(X)
def queue_of_ends(x):
    q = [0]
    seen = []
    s = 0.0
    while q:
        k = q.pop(0)
        seen.append(k)
        s = s + np.sum(x[: k + 1] * x[k : k + 1])
        if k + 1 < len(x):
            q.append(k + 1)
    return s * np.sum(x[: seen[-1]] * x[: seen[1]])
