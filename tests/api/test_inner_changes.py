"""Functions of inner derivatives that change sets, and dicts that are asked at run time: they change copies.

Each program has a twin, in which the inner derivative is written by hand and works on copies.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError


def slope(function, *args):
    return gs.grad(function, create_graph=True)(*args)


def filled(x, n):
    table = {}
    for k in range(n):
        table[k] = x
    return table


def entries(x, n):
    table = filled(x, n)

    def inner(y):
        for k in range(3):
            table[k] = table.get(k, 0.0) + y * k
        return y**2 * table[2]

    a = slope(inner, x)
    table[n + 1] = 2.0 * x
    table[n + 2] = 3.0 * x
    return a * table[n + 1] * (2.0 if 1 in table else 1.0) + x * len(table)


def entries_by_hand(x, n):
    table = filled(x, n)
    a = 2.0 * x * (table.get(2, 0.0) + 2.0 * x) + 2.0 * x**2
    table[n + 1] = 2.0 * x
    table[n + 2] = 3.0 * x
    return a * table[n + 1] * (2.0 if 1 in table else 1.0) + x * len(table)


def known_keys(x, n):
    table = {n: x}

    def inner(y):
        if 0 not in table:
            table[0] = y
        return y**2 * table[0]

    total = slope(inner, x) + slope(inner, 2.0 * x)
    if 0 in table:
        total *= 100.0
    table[0] = 3.0 * x
    return total + table[0] * table[n]


def known_keys_by_hand(x, n):
    total = 2.0 * x * x + 4.0 * x * x if n == 0 else 3.0 * x**2 + 12.0 * x**2
    return total * (100.0 if n == 0 else 1.0) + 3.0 * x * (3.0 * x if n == 0 else x)


def argument(x, n):
    table = filled(x, n)

    def inner(y, given):
        given[n] = y
        return y**2 * given[n] * len(given)

    return slope(inner, x, table) * (2.0 if n in table else 1.0) + x * len(table)


def argument_by_hand(x, n):
    return 3.0 * x**2 * (n + 1) + x * n


def in_a_loop(x, n):
    table = filled(x, n)

    def inner(y):
        table[n] = y
        return y**2 * table[n] * len(table)

    total = 0.0
    for k in range(n):
        total += slope(inner, x + k)
        table[n + k + 2] = x
    return total + (x if n in table else 3.0 * x) + len(table) * x


def in_a_loop_by_hand(x, n):
    total = sum((3.0 * (x + k) ** 2 * (n + k + 1) for k in range(n)), 0.0)
    return total + 3.0 * x + 2.0 * n * x


def entries_taken_out(x, n):
    table = filled(x, n)

    def inner(y):
        table.pop(0, None)
        table[n + 2] = y
        return y**2 * table[n + 2] * len(table)

    return slope(inner, x) + x * len(table) + (x if 0 in table else 0.0) + (x if n + 2 in table else 0.0)


def entries_taken_out_by_hand(x, n):
    return 3.0 * x**2 * (max(n, 1)) + x * n + (x if n > 0 else 0.0)


def recursive(x, n):
    table = filled(x, n)

    def fill(k):
        if k > 0:
            table[k + n] = x
            fill(k - 1)

    def inner(y):
        fill(n)
        return y**2 * len(table)

    return slope(inner, x) + x * len(table) + (1.0 if n + 1 in table else 2.0) * x


def recursive_by_hand(x, n):
    return 4.0 * x * n + x * n + 2.0 * x


def of_second_order(x, n):
    sums = defaultdict(float)

    def inner(y):
        for k in range(n):
            sums[k % 3] += y
        return y**2 * sums[0]

    a = slope(lambda y: slope(inner, y) * y, x)
    sums[n] += 4.0 * x
    return a + x * len(sums) + sums[n]


def of_second_order_by_hand(x, n):
    return 9.0 * x**2 * ((n + 2) // 3) + 5.0 * x


def items(x, n):
    seen = set()
    for k in range(n):
        seen.add(k)

    def inner(y):
        seen.add(n)
        return y**2 * len(seen)

    return slope(inner, x) * (2.0 if n in seen else 1.0) + x * len(seen)


def items_by_hand(x, n):
    return 2.0 * x * (n + 1) + x * n


def given_items(x, n):
    seen = {n}

    def inner(y, given):
        given.discard(n)
        given |= {7, 8}
        return y**2 * len(given)

    return slope(inner, x, seen) + x * len(seen) + (2.0 * x if 7 in seen else x)


def given_items_by_hand(x, n):
    return 4.0 * x + x + x


PROGRAMS = [
    (entries, entries_by_hand), (known_keys, known_keys_by_hand), (argument, argument_by_hand),
    (in_a_loop, in_a_loop_by_hand), (entries_taken_out, entries_taken_out_by_hand), (recursive, recursive_by_hand),
    (of_second_order, of_second_order_by_hand), (items, items_by_hand), (given_items, given_items_by_hand),
]  # fmt: skip


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
@pytest.mark.parametrize(("program", "by_hand"), PROGRAMS, ids=lambda program: program.__name__)
def test_what_is_outside_stays_as_it_was(program, by_hand, n):
    x, h = 1.3, 1e-30
    value, gradient = gs.value_and_grad(program)(x, n)
    expected = by_hand(x + 1j * h, n)
    np.testing.assert_allclose(value, expected.real, rtol=1e-13)
    np.testing.assert_allclose(gradient, expected.imag / h, rtol=1e-13)
    np.testing.assert_allclose(gs.jvp(program, (x, n), (1.0, None))[1], expected.imag / h, rtol=1e-13)
    step = 1e-5
    ends = [by_hand(x + side * step + 1j * h, n).imag / h for side in (1, -1)]
    second = gs.grad(gs.grad(program, create_graph=True))(x, n)
    np.testing.assert_allclose(second, (ends[0] - ends[1]) / (2 * step), rtol=1e-6)


def sets_in_a_list(x, n):
    rows = [set() for _ in range(n + 1)]

    def inner(y):
        rows[n].add(n)
        return y**2 * len(rows[n])

    return slope(inner, x) + x * len(rows[n])


def one_dict_twice(x, n):
    table = filled(x, n)

    def inner(y, given):
        given.pop(0, None)
        return y**2 * len(table)

    return slope(inner, x, table) + x * len(table)


def given_and_around(x, n):
    rows = [x] * n

    def inner(y, given):
        given.append(y)
        return y**2 * len(rows)

    return slope(inner, x, rows)


def changed_around(x, n):
    rows = np.array([x, n])

    def inner(y, given):
        rows[0] = y
        return y**2 * given[0]

    return slope(inner, x, rows)


def one_of_two(x, n):
    some, others = {n}, {n + 1}
    chosen = some if x > 1 else others

    def inner(y):
        chosen.add(7)
        return y**2 * len(some) * len(others)

    return slope(inner, x)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        (sets_in_a_list, "GS127"),
        (one_dict_twice, "GS133"),
        (one_of_two, "GS133"),
        (given_and_around, "GS133"),
        (changed_around, "GS133"),
    ],
)
def test_what_may_be_seen_under_another_name_is_refused(program, code):
    with pytest.raises(GradscribeError, match=code):
        gs.grad(program)(1.3, 3)
