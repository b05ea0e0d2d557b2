"""Names and attributes that are None on some ways: what is best so far, what was before, what was found.

In:  nothing.   Out: `PROGRAMS`; `RAISING`, in which None is used; `RAISING_NUMBERS`, in which a number is used
as an array.
Not here: random ones (tests/programs/optional.py), names that are not bound at all (kept.py).
"""

from __future__ import annotations

import math
import operator

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
RAISING: list[Idiom] = []
RAISING_NUMBERS: list[Idiom] = []
at = collecting(PROGRAMS)
raising = collecting(RAISING)
raising_of_numbers = collecting(RAISING_NUMBERS)
x3 = np.array([1.5, 2.0, 0.7])
ROWS = np.arange(12.0).reshape(4, 3) * 0.1 + 0.3


# Numbers in the place of arrays


@at(x3)
@at(-x3)
def a_number_or_an_array_stored(x):
    table = np.ones((3, 3))
    p = x[0] if x[1] < 0.0 else x * 2.0
    table[0] = p
    table[1] += p
    table[:, 2] *= p
    return np.sum(table**2)


@at(x3)
def items_of_what_is_an_array_here(x):
    p = x[0] if x[1] < 0.0 else x * 2.0
    p[2] = 3.0 * p[0]
    return p[0] * p[2] + np.sum(p[1:])


@at(x3)
def a_total_that_starts_as_a_number(x):
    total, rows = 0.0, np.ones((3, 3))
    for i in range(3):
        if x[i] > 1.0:
            total = total + x * x[i]
        rows[i] = total
    return total[1] + np.sum(rows**2)


@raising_of_numbers(-x3)
def numbers_of_numpy_have_no_items(x):
    p = x[0] if x[1] < 0.0 else x * 2.0
    return p[0] * 2.0


@raising_of_numbers(-x3)
def numbers_have_no_slices(x):
    p = 0.0 if x[1] < 0.0 else x * 2.0
    return np.sum(p[1:])


@raising_of_numbers(-x3)
def numbers_are_not_stored_into(x):
    p = x[0] if x[1] < 0.0 else x * 2.0
    p[0] = 3.0
    return np.sum(p)


# What was before


@at(x3)
def differences_of_what_is_large(x):
    previous, total = None, 0.0
    for v in x:
        if v > 1.0:
            if previous is not None:
                total += (v - previous) ** 2
            previous = v**2
    return total


@at(x3)
def trapezoids_of_pairs(x):
    last, area = None, 0.0
    for t, v in zip(np.arange(3.0), x):  # noqa: B905
        if v < 0.1:
            continue
        if last is not None:
            t_last, v_last = last
            area += (t - t_last) * (v + v_last) ** 2 / 2
        last = (t, v)
    return area


@at(x3)
def steps_until_nothing_changes(x):
    last, c, k = None, x * 1.0, 0
    while last is None or np.abs(c - last).max() > 1e-2:
        last = c
        c = np.cos(c) * x
        k += 1
        if k > 8:
            break
    return np.sum(c**2) + np.sum(last)


class Filter:
    def __init__(self):
        self.mean = None
        self.variance = None

    def update(self, z):
        if self.mean is None:
            self.mean, self.variance = z, 1.0
        else:
            gain = self.variance / (self.variance + 0.5 * z**2)
            self.mean = self.mean + gain * (z - self.mean)
            self.variance = (1.0 - gain) * self.variance + 0.1
        return self.mean


@at(x3)
def state_that_the_first_sample_sets(x):
    state, total = Filter(), 0.0
    for z in x:
        if z > 0.5:
            total += state.update(z) ** 2
    return total


# What is best


@at(x3)
def best_array_of_a_short_loop(x):
    best, least = None, np.inf
    for k in range(4):
        candidate = x * (k - 1.3)
        value = np.sum(candidate**2)
        if value < least:
            best, least = candidate, value
    return np.sum(best**3)


@at(x3)
def best_array_of_a_long_loop(x):
    best, least = None, np.inf
    for k in range(30):
        candidate = x * np.cos(k)
        value = np.sum((candidate - 1.0) ** 2)
        if value < least:
            best, least = candidate, value
    if best is None:
        raise ValueError("nothing was tried")
    return np.sum(best**2) + least


@at(x3)
def early_stopping(x):
    w, best, least, bad = x * 1.0, None, None, 0
    for _ in range(200):
        w = w - 0.05 * (w - x**2)
        loss = np.sum((w - 1.0) ** 2)
        if least is None or loss < least - 1e-4:
            best, least, bad = w.copy(), loss, 0
        else:
            bad += 1
            if bad >= 3:
                break
    return np.sum(best**2) + least


@at(x3)
def bracket_of_a_root(x):
    def f(t):
        return t**3 - x[0] * t - x[1]

    low = high = last = None
    for k in range(20):
        t = -3.0 + 0.5 * k
        value = f(t)
        if last is not None and last * value < 0:
            low, high = t - 0.5, t
        last = value
    if low is None:
        raise ValueError("no bracket")
    t = 0.5 * (low + high)
    for _ in range(6):
        t = t - f(t) / (3 * t * t - x[0])
    return t**2


# What was found


def first_above(u, bound):
    for v in u:
        if v > bound:
            return v**2
    return None


def first_above_or_nothing(u, bound):
    for v in u:
        if v > bound:
            return v**2


def first_below(u, k, bound):
    if k == len(u):
        return None
    if u[k] < bound:
        return u[k] ** 2
    return first_below(u, k + 1, bound)


@at(x3, 1.6)
@at(x3, 9.0)
def found_or_not(x, bound):
    found = first_above(x, bound)
    return x[1] ** 2 if found is None else found * x[0]


@at(x3, 1.6)
@at(x3, 9.0)
def found_or_the_end_of_the_function(x, bound):
    found = first_above_or_nothing(x, bound)
    if found is not None:
        return found**2
    return x[1] ** 3


@at(x3, 1.0)
@at(x3, 0.1)
def found_by_recursion(x, bound):
    found = first_below(x, 0, bound)
    return x[0] ** 2 if found is None else found * x[1]


def largest(u, k, best):
    if k < 0:
        return best
    if best is None or u[k] > best:
        best = u[k] * 1.5
    return largest(u, k - 1, best)


@at(x3, 2)
def handed_to_a_recursive_function(x, n):
    return largest(x, n, None) ** 2


# Arguments


@at(x3)
@at(-x3)
def optional_argument(x):
    def loss(w, prior=None):
        total = np.sum(w**2)
        if prior is not None:
            total += np.sum((w - prior) ** 3)
        return total

    prior = None
    if x[2] > 0:
        prior = x * 0.3
    return loss(x, prior) + loss(x, prior=prior) + loss(x)


@at(x3)
@at(-x3)
def keyword_of_numpy(x):
    weights = None
    if np.all(x > 0.0):
        weights = x / np.sum(x)
    return np.average(x**2, weights=weights)


@at(x3)
@at(-x3)
def bound_of_a_slice(x):
    stop = None
    if x[0] > 1.0:
        stop = 2
    x = x * 1.0
    x[stop:] *= 2.0
    return np.sum(x[:stop] ** 2) + np.sum(np.outer(x, x)[0, :stop])


# Asking


@at(x3)
@at(-x3)
def default_by_or(x):
    y = None
    if x[0] > 1.0:
        y = x[0] * 3.0
    return (y or x[1]) ** 2


@at(x3)
@at(-x3)
def default_by_assignment(x):
    y = None
    if x[0] > 1.0:
        y = x[0] * 2.0
    if y is None:
        y = x[1] ** 2
    return y**2


@at(x3)
@at(-x3)
def two_at_once(x):
    a = b = None
    if x[0] > 0.0:
        a = x * 2.0
    if x[1] > 0.0:
        b = x[1] ** 2
    if a is not None and b is not None:
        return np.sum(a * b)
    if not (a is None or b is None):
        return x[0]
    return x[2] ** 2


@at(x3)
@at(-x3)
def matched(x):
    y = None
    if x[0] > 1.0:
        y = x[0]
    match y:
        case None:
            return x[1] ** 2
        case _:
            return y**3


@at(x3)
@at(-x3)
def equal_to_none(x):
    y = None
    if x[0] > 1.0:
        y = x[0]
    return x[1] ** 2 if y == None else y**3  # noqa: E711


@at(x3)
@at(-x3)
def kind_of_value(x):
    y = None
    if x[0] > 1.0:
        y = x * 2.0
    return np.sum(y**2) if isinstance(y, np.ndarray) else x[1] ** 3


@at(x3)
@at(-x3)
def entries_of_a_dict(x):
    found = {"a": None, "b": None}
    if x[0] > 1.0:
        found["a"] = x[0]
    for key in found:
        if found[key] is None:
            found[key] = x[1]
    return found["a"] * found["b"]


@at(x3)
@at(-x3)
def in_a_text(x):
    y = None
    if x[0] > 1.0:
        y = x[0]
    label = f"{y} of {x[1]:.2f}"
    if label == "":
        return x[0]
    return x[1] ** 2


@at(x3)
@at(-x3)
def caught(x):
    y = None
    if x[0] > 1.0:
        y = x[0]
    try:
        return y * x[1]
    except TypeError:
        return x[2] ** 2


# Truth


@at(x3, 0.0)
@at(x3, 1.0)
@at(-x3, 1.0)
def list_that_holds_a_zero(x, factor):
    held = None
    if x[0] > 1.0:
        held = [x[0] * factor]
    chosen = held or [x[1]]
    return chosen[0] + (x[1] ** 2 if held else x[2] ** 3) * (1.0 if not held else 2.0)


@at(x3, 0)
@at(x3, 2)
@at(-x3, 2)
def list_of_run_time_length(x, n):
    held = None
    if x[0] > 1.0:
        held = []
        for _ in range(n):
            held.append(x[0] * 0.0)
    return x[1] ** 2 if held and x[1] > 0.0 else x[2] ** 3


@at(x3)
@at(-x3)
def tuple_or_dict_that_holds_a_zero(x):
    pair = table = None
    if x[0] > 1.0:
        pair, table = (x[0] * 0.0,), {"a": x[0] * 0.0}
    return (x[1] ** 2 if pair else x[2] ** 3) + (x[0] ** 3 if table else x[1])


class Counted:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size


@at(x3, 0)
@at(x3, 2)
@at(-x3, 2)
def object_with_a_length(x, n):
    held = None
    if x[0] > 1.0:
        held = Counted(n)
    if held:
        return x[1] ** 2
    return x[2] ** 3


@at(x3)
def bool_of_what_holds_a_zero(x):
    zero = x[0] * 0.0
    total = x[2] ** 3
    if bool([zero]) and bool((zero,)) and bool({"a": zero}):
        total += x[0] ** 2
    if operator.not_([zero]) or operator.not_([]) is False or not operator.truth([zero]):
        total += x[1] ** 2
    return total * sum(map(bool, ([zero], [])))


# Stores


@at(x3)
@at(-x3)
def written_where_it_is(x):
    y, z = x * 1.0, None
    if x[0] > 1.0:
        z = y
    if z is not None:
        z[0] = x[1] * x[2]
    return np.sum(y**2)


@at(x3)
def written_in_a_loop(x):
    kept = None
    for k in range(30):
        if kept is None:
            kept = x * 2.0
        else:
            kept[k % 3] = 0.5 * kept[k % 3] + 0.1 * x[0]
        if k % 7 == 6:
            kept = None
    return np.sum(kept**2)


@at(x3, 3)
def dropped_in_a_loop(x, n):
    kept, total = x * 1.0, 0.0
    for k in range(n):
        if kept is not None:
            total += np.sum(kept**2)
            kept = None
        elif x[k] > 1.0:
            kept = np.sin(x)
    return total


@at(x3, 3)
def one_name_for_another(x, n):
    p = q = None
    for _ in range(n):
        if q is None:
            q = first_scaled(x, 1.32)
        else:
            p = q
    total = 0.0 if p is None else np.sum(p**2)
    return total + (0.0 if q is None else np.sum(q**3))


def first_scaled(u, bound):
    for k in range(3):
        if u[k] > bound:
            return u * u[k]
    return None


@at(x3, 5)
@at(-x3, 5)
def none_that_takes_iterations_to_arrive(x, n):
    p, q, r, total = x * 1.0, x * 2.0, x**2, 0.0
    for k in range(n):
        if p is not None:
            total += np.sum(p**2) * (k + 1.0)
        p, q = q, r
        r = None if x[0] > 0.0 else np.sin(x)
    return total


@at(x3, x3)
@at(-x3, x3)
def zeros_in_the_shape_of_what_may_not_be(x, y):
    work, kept, total = y * x[2], None, x[0]
    if x[2] > 0.0:
        kept = np.cos(work)
        work[:] = x
    return total if kept is None else total + np.sum(np.sin(kept))


@at(x3, x3)
@at(-x3, x3)
def zeros_in_the_shape_of_what_may_not_be_each_for_itself(x, y):
    work, kept, total = y * x, None, x[0]
    if x[2] > 0.0:
        kept = np.cos(work)
        work[:] = x
    return total if kept is None else total + np.sum(np.sin(kept))


# Loops that the first iteration makes different


@at(ROWS, 4.0)
@at(ROWS, 0.1)
@at(ROWS, 99.0)
def a_sum_that_begins_as_a_number(rows, bound):
    total = 0.0
    for row in rows:
        total = total + row
        if np.sum(total) > bound:
            break
        total = total * 1.1
    return np.sum(total**2)


@at(ROWS, 4.0)
@at(ROWS, 0.1)
def returned_from_the_first_iteration(rows, bound):
    total = 0.0
    for row in rows:
        total = total + row
        if np.sum(total) > bound:
            return np.sum(total**3)
    return np.sum(total**2)


@at(ROWS, 0)
@at(ROWS, 3)
def begins_as_none_and_may_break(rows, n):
    p = None
    for i in range(n):
        if p is None:
            p = rows[i]
            if p[0] > 0.5:
                break
        p = p * 1.5
    return rows[0, 0] if p is None else np.sum(p**2)


@at(x3, 3)
@at(-x3, 3)
@at(x3, 0)
def one_name_for_another_that_may_never_be(x, n):
    p = q = None
    for k in range(n):
        q = p
        if k % 2 == 0:
            if x[0] > 0.5:
                p = x * 0.9
    total = x[0] if q is None else np.sum(np.sin(q))
    return total if p is None else total + np.sum(p**2)


# A number in place of an array


@at(ROWS, 3)
@at(ROWS, 0)
def sum_of_some_rows(rows, n):
    total = 0.0
    for i in range(n):
        if rows[i, 0] > 0.5:
            total += rows[i]
    return np.sum(np.sin(total)) + rows[0, 0]


@at(ROWS)
def rows_that_are_skipped(rows):
    total = 0.0
    for row in rows:
        if row[0] < 0.5:
            continue
        total = total + row
    return np.sum(total**2)


@at(ROWS)
def begun_anew(rows):
    total = 0.0
    for i in range(30):
        if i % 7 == 6:
            total = 0.0
        else:
            total = total * 0.5 + rows[i % 4]
    return np.sum(total**2)


@at(ROWS)
def until_it_is_large(rows):
    total, k = 0.0, 0
    while np.sum(total) < 2.0:
        if k != 1:
            total = total + rows[k % 4]
        k += 1
    return np.sum(total**3)


@at(x3)
@at(-x3)
def penalty_or_zero(x):
    penalty = 0.0
    if x[0] > 1.0:
        penalty = 0.1 * x
    g = 2.0 * x + penalty
    g = -penalty + g * penalty
    return np.sum(g) + np.max(np.maximum(penalty, 0.1))


@at(x3)
@at(-x3)
def factor_in_an_expression(x):
    return np.sum(x * (x * 2.0 if x[0] > 0.0 else 1.5))


@at(x3)
@at(-x3)
def selected_by_where(x):
    other = 0.0
    if x[0] > 1.0:
        other = x
    return np.sum(np.where(x > 0.0, other, x**2)) + np.mean(other * x)


@at(x3)
@at(-x3)
def returned_by_a_function(x):
    def scaled(v):
        return v * 2.0 if v[0] > 0.0 else 0.0

    return np.sum(scaled(x) + x**2)


@at(x3)
@at(-x3)
def second_name_in_place(x):
    y, total = x * 1.0, 0.0
    if x[0] > 1.0:
        total = y
    total += x
    return np.sum(y**2) + np.sum(total)


# None is used


@raising(-x3)
def none_in_arithmetic(x):
    y = None
    if x[0] > 1.0:
        y = x[0]
    return y * 2.0


@raising(-x3)
def none_in_a_function(x):
    y = None
    if x[0] > 1.0:
        y = x
    return np.sum(np.sin(y))


@raising(-x3)
def none_has_no_attribute(x):
    y = None
    if x[0] > 1.0:
        y = x
    return y.sum()


@raising(-x3)
def none_has_no_items(x):
    y = None
    if x[0] > 1.0:
        y = x
    return y[0]


@raising(-x3)
def none_is_not_gone_over(x):
    y, total = None, 0.0
    if x[0] > 1.0:
        y = x
    for v in y:
        total += v
    return total


def _slope(x, k):
    if k > 1.0:
        return None
    return x[0] * k + x[1]


@at(x3)
@at(0.5 * x3)
def functions_of_math_and_what_may_be_none(x):
    return math.atan2(_slope(x, 0.5), _slope(x, 0.25)) + math.pow(_slope(x, x[2]), 2.0)


@raising(x3)
def functions_of_math_take_numbers(x):
    return math.atan2(_slope(x, 0.5), _slope(x, x[1]))
