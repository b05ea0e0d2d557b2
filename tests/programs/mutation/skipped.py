"""Arrays and lists that a branch of a loop puts into a list, and that the next iteration starts with in any case.

In:  nothing.   Out: `PROGRAMS`; `CHANGED`, those that cannot be followed, as both names see what is changed.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
CHANGED: list[Idiom] = []
at, changed = collecting(PROGRAMS), collecting(CHANGED)
x3 = np.array([1.5, 2.0, 0.7])
z8 = np.array([0.53, 0.61, 3.0, 0.83, 0.11, -2.2, 0.32, 0.41])


@at(np.array([[1.0, 0.5], [0.1, 0.9]]), z8, 0.1, 0.2)
def kalman_filter_with_a_gate(F, z, q, r):
    x = np.array([0.1, 0.2])
    xs = []
    rejected = 0
    for zk in z:
        x = F @ x
        y = zk - x[0]
        if abs(y) > 1.5:
            rejected += 1
            continue
        x += np.array([q, r]) * y
        xs.append(x)
    return sum(v[0] * v[1] for v in xs) * (1 + rejected) + x[0] * x[1]


@at(z8, 0.7)
def changed_after_the_gate(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, s = [], 0.0
    for zk in z:
        x = x * q + zk
        xs.append(x)
        if zk > 1.5:
            continue
        x += zk * q
        s += x[0]
    return s + sum(v[0] * v[1] for v in xs)


@at(z8, 0.7)
def one_of_two_lists(z, q):
    x = np.array([0.1, 0.2]) * q
    low, high = [], []
    for zk in z:
        x = x * q + zk
        if zk < 0.5:
            low.append(x)
        else:
            high.append(x)
        x = x * 0.5
    return sum(v[0] * v[1] for v in low) + sum(v[0] * v[1] ** 2 for v in high)


@at(z8, 0.7)
def changed_and_put_in_on_one_way_only(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, s = [], 0.0
    for zk in z:
        x = x * q + zk
        if zk < 1.5:
            xs.append(x)
        else:
            x *= 0.5
            s += x[1]
            xs.append(x * 2)
    return s + sum(v[0] * v[1] * k for k, v in enumerate(xs)) + x[0]


@at(z8, 0.7)
def a_part_that_was_named_before(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, s = [x * 1.0], 0.0
    for zk in z:
        x = x * q + zk
        first = x[:1]
        if zk < 0.5:
            x *= q
            xs.append(x)
        s += first[0]
    return s + sum(v[0] * v[1] for v in xs)


@at(z8, 0.7)
def lists_of_numbers(z, q):
    x = [0.1 * q, 0.2]
    xs = []
    for zk in z:
        x = [x[0] * q + zk, x[1] - zk]
        if abs(zk) > 1.5:
            continue
        x[0] += zk * q
        xs.append(x)
    return sum(v[0] * v[1] for v in xs) + x[0]


@at(z8, 0.7)
def two_gates_for_two_lists(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, ys, s, k = [], [], 0.0, 0
    while k < len(z):
        zk = z[k]
        x = x * q + zk
        k += 1
        if zk > 1.5:
            continue
        xs.append(x)
        y = x * 0.2
        if zk < 0.3:
            continue
        ys.append(y)
        y = y + 0.1
        x = x + y
    return s + sum(v[0] * v[1] for v in xs) + sum(v[0] * v[1] for v in ys) * x[0]


@at(z8, 0.7)
def a_loop_that_is_left_by_break(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, s = [], 0.0
    for zk in z:
        x = x * q + zk
        if zk < 0.7:
            x *= 2
            xs.append(x)
        if zk > 2:
            break
        s += x[0]
    return s + sum(v[0] * v[1] for v in xs) * x[1]


@at(z8, 0.7)
def a_function_that_returns_early(z, q):
    xs, s = [], 0.0

    def updated(x, zk):
        if zk > 1.5:
            return x
        x += zk
        xs.append(x)
        return x

    x = np.array([0.1, 0.2]) * q
    for zk in z:
        x = updated(x * q, zk)
        s += x[0]
    return s + sum(v[0] * v[1] for v in xs)


@at(z8, 0.7)
def what_is_out_of_bounds_raises(z, q):
    x = np.array([0.1, 0.2]) * q
    xs, s = [], 0.0
    for zk in z:
        x = x * q + zk
        if zk > 15:
            raise ValueError("diverged")
        x += zk
        xs.append(x)
        s += x[0]
    return s + sum(v[0] * v[1] * k for k, v in enumerate(xs))


@changed(x3, 40)
def put_in_on_one_way_and_changed_in_the_list(p, n):
    x = p[:2] * 0.1
    xs, s = [p[1:] * 3.0], 0.0
    for k in range(n):
        x = x * p[0] + k
        if p[k % 3] < 1.8:
            xs.append(x)
        xs[-1][0] *= 0.5
        s += x[0]
    return s + sum(v[0] * v[1] for v in xs)


@changed(x3, 40)
def put_in_on_one_way_and_changed_after_that(p, n):
    x = p[:2] * 0.1
    xs, s = [p[1:] * 3.0], 0.0
    for k in range(n):
        x = x * p[0] + k
        if p[k % 3] < 1.8:
            xs.append(x)
        x *= 0.5
        s += xs[-1][0]
    return s + sum(v[0] * v[1] for v in xs)


@changed(x3, 40)
def put_in_on_one_way_and_changed_in_the_next_iteration(p, n):
    x = p[:2] * 0.1
    xs, s = [], 0.0
    for k in range(n):
        x *= 0.5
        s += x[1]
        if p[k % 3] > 1.8:
            continue
        x = x * p[0] + k
        xs.append(x)
    return s + sum(v[0] * v[1] for v in xs)


@changed(x3, 40)
def put_in_on_one_way_and_changed_without_a_new_one(p, n):
    x = p[:2] * 0.1
    xs = []
    for k in range(n):
        if p[k % 3] > 1.8:
            continue
        x += p[1] * k
        xs.append(x)
    return sum(v[0] * v[1] for v in xs)


@changed(x3, 40)
def put_in_on_one_way_and_changed_after_the_loop(p, n):
    x = p[:2] * 0.1
    xs = [p[1:] * 3.0]
    for k in range(n):
        x = x * p[0] + k
        if p[k % 3] > 1.8:
            continue
        xs.append(x)
    xs[-1][0] *= 3.0
    return x[0] * x[1] + sum(v[0] * v[1] for v in xs)


@changed(x3, 40)
def put_in_one_of_two_lists_and_changed_after_that(p, n):
    x = p[:2] * 0.1
    low, high = [], []
    for k in range(n):
        x = x * p[0] + k
        if p[k % 3] < 1.8:
            low.append(x)
        else:
            high.append(x)
        x[0] *= 0.5
    return sum(v[0] * v[1] for v in low) + sum(v[0] * v[1] ** 2 for v in high)
