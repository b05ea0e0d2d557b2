"""Loops with `else`: left by `break`, by `return`, or run to the end.

In:  nothing.   Out: `PROGRAMS`.
Not here: other ways to leave a loop (control.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
X = np.array([0.5, 1.5, 1.2, -0.3, 2.0])
RATES = np.array([1.3, 0.8, 2.1])


@at(X, 0, 0.3)
@at(X, 3, 0.3)
@at(X, 3, 99.0)
@at(X, 5, 99.0)
def break_return_or_end(x, n, limit):
    s = 1.0
    for i in range(n):
        s = s * x[i]
        if s > limit:
            return s * 2.0
        if x[i] < 0:
            s += 10.0
            break
    else:
        s = s + np.sum(x) ** 2
    return s * x[0]


@at(RATES, 6.0)
@at(9.0 * RATES, 60.0)
def endless_loop_with_else(rates, horizon):
    t, i, total = 0.0, 0, 0.0
    while True:
        wait = 1.0 / (rates[i % len(rates)] + 0.1 * i)
        if t + wait > horizon:
            break
        t += wait
        i += 1
        total = total + t * i
        if i > 50:
            return -1.0 * t
    else:
        return 0.0
    return total + (horizon - t) ** 2


@at(X, 0.1)
@at(X, 1.4)
@at(X, 9.0)
def search_with_while(x, limit):
    i = 0
    while i < len(x):
        if x[i] > limit:
            return x[i] ** 2
        i += 1
    else:
        return np.sum(x) * limit


@at(X, 0.1)
@at(X, 1.4)
@at(X, 2.3)
@at(X, 9.0)
def nested_with_continue(x, limit):
    for v in x:
        for w in x:
            if v * w > limit:
                return v * w * 3
            if v > w:
                break
        else:
            x = x * 0.5
            continue
        x = x + v
    else:
        x = x**2
    return x.sum()


@at(X, 3)
@at(X, 0)
@at(X, 1)
def first_iteration_of_another_kind(x, n):
    best = None
    for i in range(n):
        best = x[i] if best is None else best * x[i]
    else:
        if best is None:
            return x[1] * 2
    return best**2


@at(X, 5)
@at(X, 0)
@at(X, 1)
@at(-X, 2)
@at(-X, 5)
def other_kind_left_in_any_way(x, n):
    total = 0
    for i in range(n):
        total = total + x[i] * np.array([1.0, 2.0])
        if x[i] < -1.0:
            return total[1] ** 2
        if x[i] < 0:
            break
    else:
        total = total * x[0] + 1.0
    return np.sum(total * total) + x[1]


@at(X, 5)
@at(X, 0)
@at(-X, 1)
def none_then_broken_off(x, n):
    previous, s = None, x[0]
    for i in range(n):
        if previous is None:
            previous = x[i]
            if previous > 0.2:
                continue
            break
        s += previous * x[i]
        if s > 9:
            break
        previous = x[i]
    else:
        s *= 2
        if previous is not None:
            s *= previous
    return s


# Loops whose condition changes what it asks


@at(0.7, 5, 99.0)
@at(0.7, 1, 99.0)
@at(1.7, 5, 3.0)
def counted_by_its_condition(x, n, limit):
    k, s = 0, x
    while (k := k + 1) < n:
        if s > limit:
            break
        s = s * x + x
    else:
        s = s * 10.0
    return s * k


@at(0.7, 4)
@at(0.7, 1)
def bound_in_the_last_iteration(x, n):
    k, c = 0, x
    while (k := k + 1) < n:
        c = np.sin(x) * k
        if k == 2:
            continue
        last = c * x
    return c * k + (last if k > 2 else x)


@at(0.7)
def bound_by_the_loop_alone(x):
    k = 0
    while (k := k + 1) < 3:
        c = np.sin(x) * k
    return c


@at(0.7, 4)
@at(9.7, 4)
@at(-0.7, 4)
def taken_out_by_its_condition(x, n):
    items, s = [x * (i + 0.5) for i in range(n)], 1.0
    while len(items) > 1 and (v := items.pop()) > 0:
        if s > 100:
            break
        s = s * v
    else:
        s = s * 7.0
    return s * sum(items)


@at(0.7, 4)
@at(0.7, 1)
def one_in_another(x, n):
    k, c = 0, x
    while (k := k + 1) < n:
        j = 0
        while (j := j + 1) < k:
            c = x * j * k
        else:
            d = c
    else:
        d = c * 2.0
    return c * k + d


@at(np.array([1.2, 0.7, 0.4]), 3, 1.0)
@at(np.array([1.2, 0.7, 0.4]), 1, 1.0)
@at(np.array([-1.2, 0.7, 0.4]), 3, 1.0)
def names_that_may_be_unbound(x, n, known):
    if known > 0.5:
        c, i = np.prod(x), 0
    if x[0] > 0:
        while i < n - 1:
            c = np.sum(x)
            i += 1
        else:
            c = c * x[2]
    return c * x[1]
