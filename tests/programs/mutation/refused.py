"""Programs that cannot be followed exactly: each is refused, and says so where it matters.

In:  nothing.   Out: `REFUSED`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.programs.mutation import short_loops, skipped


@dataclass(frozen=True)
class Refused:
    """A program, its arguments and the code of the error."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    code: str


REFUSED: list[Refused] = []
x3 = np.array([1.5, 2.0, 0.7])
TOO_LONG = 100
"""Iterations: such a loop is not written out."""


def refused(code, *args):
    """Collect the program that follows."""

    def register(function):
        REFUSED.append(Refused(function, args, code))
        return function

    return register


@refused("GS127", x3, 3)
def loop_over_a_list_that_grows(x, n):
    todo = [x[0]]
    s = 0.0
    for v in todo:
        s += v**2
        if len(todo) < n:
            todo.append(v * 2.0)
    return s


@refused("GS127", x3, 3)
def enumeration_of_a_list_that_grows(x, n):
    todo = [x[0]]
    s = 0.0
    for k, v in enumerate(todo):
        s += v**2 * k
        if len(todo) < n:
            todo.append(v * 2.0)
    return s


@refused("GS127", x3)
def zip_of_a_run_time_list_that_grows(x):
    todo = []
    for v in x:
        todo.append(v)
    s = 0.0
    for v, w in zip(iter(todo), [1.0, 2.0, 3.0, 4.0]):
        s += v * w
        if len(todo) < 4:
            todo.append(v)
    return s


@refused("GS127", x3)
def loop_over_a_dict_that_grows(x):
    found, s = {"a": x[0], "b": x[1]}, 0.0
    for key in found:
        s += found[key]
        found["c"] = x[2]
    return s


@refused("GS127", x3)
def loop_over_items_of_a_dict_that_shrinks(x):
    found, s = {"a": x[0], "b": x[1]}, 0.0
    for key, value in found.items():
        s += value
        if key == "a":
            del found["b"]
    return s


@refused("GS127", x3)
def loop_over_views_of_a_dict_that_grows(x):
    found = {"a": x[0], "b": x[1]}
    for key, value in zip(found.keys(), found.values()):  # noqa: B905
        found.setdefault(key + "2", value)
    return sum(found.values())


@refused("GS127", x3)
def loop_over_a_known_list_that_grows_under_a_condition(x):
    todo = [x[0], x[1]]
    s = 0.0
    for v in todo:
        s += v**2
        if v > 1.6 and len(todo) < 4:
            todo.append(x[2])
    return s


@refused("GS127", x3)
def comprehension_that_shortens_a_run_time_list(x):
    items = [x[i] for i in range(len(x))]
    return sum([items.pop() * v for v in items])


@refused("GS127", x3)
def iterator_of_a_run_time_list_that_grows(x):
    items = [x[i] for i in range(len(x))]
    it = iter(items)
    s = next(it)
    items.append(s)
    for v in it:
        s += v
    return s


@refused("GS127", x3)
def deque_that_grows(x):
    queue = collections.deque([x[0], x[1]])
    s = 0.0
    for v in queue:
        queue.append(v)
        s += v
    return s


@refused("GS127", x3)
def dict_comprehension_that_adds_keys(x):
    found = {"a": x[0], "b": x[1]}

    def add(key):
        found[key + key] = x[2]
        return found[key]

    return sum({key: add(key) for key in found}.values())


def replaces_an_item(x, go_over):
    items = [x[i] * (1.0 + i) for i in range(len(x))]
    s = 0.0
    for v in go_over(items):
        items[2] = items[2] * 0.5
        s = s + np.sum(v)
    return s


@refused("GS102", x3)
def accumulation(x):
    return replaces_an_item(x, itertools.accumulate)


@refused("GS102", x3)
def neighbours(x):
    return replaces_an_item(x, itertools.pairwise)


@refused("GS102", x3)
def filtered(x):
    return replaces_an_item(x, lambda items: filter(lambda v: v > 0.0, items))


@refused("GS102", x3)
def one_list_after_another(x):
    return replaces_an_item(x, lambda items: itertools.chain(items, items))


@refused("GS102", x3)
def two_iterators_over_one_list(x):
    return replaces_an_item(x, lambda items: itertools.tee(items)[1])


@refused("GS102", x3)
def again_and_again(x):
    items = [x[i] for i in range(len(x))]
    s = 0.0
    for _, v in zip(range(5), itertools.cycle(items)):
        items[2] = items[2] * 0.5
        s = s + v
    return s


@refused("GS127", x3)
def neighbours_that_are_other_arrays(x):
    rows = [x * (1.0 + i) for i in range(len(x))]
    s = 0.0
    for a, b in itertools.pairwise(rows):
        rows[1] = a * 0.5
        s = s + np.sum(a * b)
    return s


@refused("GS141", x3)
def list_repeated_as_often_as_a_float_says(x):
    return sum([x[0]] * x[2])


@refused("GS141", x3)
def tuple_repeated_as_often_as_a_float_says(x):
    return sum(np.float64(2.0) * (x[0], x[1]))


@refused("GS202", x3)
def arrays_in_order(x):
    return sorted([x[:1], x[1:2]])[0][0]


@refused("GS127", x3)
def array_looked_for_behind_another_one(x):
    y = x * 2.0
    return x[0] if y in [x, y] else x[1]


@refused("GS127", x3)
def iterator_that_a_loop_uses_up(x):
    it = iter([x[0], x[1], x[2]])
    s = next(it)
    for _ in range(len(x)):
        for v in it:
            s = s + v
    return s


@refused("GS131", np.eye(3))
def diagonal_written(x):
    b = x * 1.0
    np.diagonal(b)[0] = 1.0
    return np.sum(b)


@refused("GS131", x3)
def repeated_rows_written(x):
    b = x * 1.0
    np.broadcast_to(b, (2, 3))[0] = 1.0
    return np.sum(b)


@refused("GS131", x3)
def windows_written(x):
    b = x * 1.0
    np.lib.stride_tricks.sliding_window_view(b, 2)[0] = 1.0
    return np.sum(b)


@refused("GS131", x3)
def imaginary_part_of_real_numbers_written(x):
    b = x * 1.0
    b.imag[0] = 1.0
    return np.sum(b)


@refused("GS140", x3)
def second_operand_of_a_ufunc_missing(x):
    b = x * 1.0
    np.multiply.at(b, [0, 1])
    return np.sum(b)


@refused("GS141", x3)
def list_times_a_float(x):
    return ([x[0], x[1]] * 2.0)[0]


@refused("GS202", x3)
def lists_compared(x):
    return x[0] if [x[0], x[1]] < [x[1], x[2]] else x[1]


@refused("GS127", x3, 3)
def list_of_dicts_returned(x, n):
    rows = []
    for i in range(n):
        rows.append({"value": x[i]})
    return rows


@refused("GS131", x3, TOO_LONG)
def array_in_a_pair_in_a_list_written(x, n):
    pairs = []
    for i in range(n):
        pairs.append((x * x[i], i))
    pairs[0][0][1] = 5.0
    return np.sum(pairs[0][0])


@refused("GS127", x3)
def deque_returned(x):
    found = collections.deque(maxlen=2)
    found.append(x[0])
    return found


@refused("GS130", np.ones(TOO_LONG))
def one_array_in_two_places_of_a_list(x):
    rows, row = [], np.zeros(3)
    for i in range(len(x)):
        rows.append(row)
        row[0] += x[i]
    return rows[0][0] * rows[1][0]


@refused("GS130", np.ones(TOO_LONG))
def row_written_after_it_moved(x):
    rows = [[x[i], x[i]] for i in range(len(x))]
    row = rows[1]
    rows.insert(0, [5.0, 6.0])
    row[0] = x[0] * x[2]
    return rows[2][0]


@refused("GS130", np.ones(TOO_LONG))
def entry_carried_while_it_is_written(x):
    out = [x * (k + 1.0) for k in range(len(x))]
    previous = x * 1.0
    s = 0.0
    for i in range(len(x)):
        out[-1][0] = 5.0 * x[i]
        s += previous.sum()
        previous = out[-1]
    return s


@refused("GS130", x3, TOO_LONG)
def row_or_a_copy_left_by_a_loop(x, n):
    t = np.outer(x, x)
    q, r = t[1], t[0]
    i = 0
    while i < n:
        i += 1
        if x[0] > 0.1:
            t *= 0.9
            r = t[i % 3].copy()
        t *= 0.9
    q, r = r, q
    r[0] += 0.3
    return np.sum(q * q) + r[1] + np.sum(t)


REFUSED += [Refused(idiom.function, (*idiom.args, TOO_LONG), "GS130") for idiom in short_loops.PROGRAMS]
REFUSED += [Refused(idiom.function, idiom.args, "GS130") for idiom in skipped.CHANGED]


@refused("GS130", x3, TOO_LONG)
def one_array_if_a_condition_never_holds(x, n):
    a, b, c = x * 1.0, x * 2.0, x * 3.0
    for i in range(n):
        c, a = a, b
        if x[0] > i:
            b = np.sin(b)
    b[0] = 3.0
    return np.sum(c)


LABELS = np.array([2, 0, 2])


@refused("GS127", x3, LABELS)
def entry_taken_out_while_a_loop_goes_over_the_dict(x, labels):
    held = {}
    for v, k in zip(x, labels):
        held[k] = v
    for k in held:
        if k == 0:
            del held[k]
            break
    return sum(held.values())


@refused("GS127", x3, LABELS)
def dict_of_unknown_keys_returned(x, labels):
    held = {}
    for v, k in zip(x, labels):
        held[k] = v
    return held


@refused("GS125", x3, LABELS)
def text_among_unknown_keys(x, labels):
    held = {"first": x[0]}
    for v, k in zip(x, labels):
        held[k] = v
    return sum(held.values())


@refused("GS125", x3, LABELS)
def items_of_several_kinds(x, labels):
    items = [(x[0], x[1]), (x[0], x[1], x[2])]
    return sum(items[labels[0]])


@refused("GS125", x3)
def floats_in_a_set(x):
    seen = set()
    for v in x:
        seen.add(v)
    return sum(seen)


@refused("GS127", x3, LABELS)
def set_changed_while_a_loop_goes_over_it(x, labels):
    seen = {int(k) for k in labels}
    for k in seen:
        seen.add(k + 10)
    return x[0] * len(seen)


@refused("GS122", 0.7)
def element_of_an_array_or_number(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    p[()] = 3.0 * x
    return p


@refused("GS127", 0.7)
def class_of_an_array_or_number(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    return x if isinstance(p, float) else p


@refused("GS127", x3, TOO_LONG)
def array_compared_with_an_entry_of_a_list(x, n):
    a = x * 2.0
    rows = []
    for _ in range(n):
        rows.append(a)
    return x[0] * (rows[0] is a) + x[1]


@refused("GS130", x3, TOO_LONG)
def list_changed_then_appended_in_pairs(x, n):
    b, h = [x[0], x[1]], []
    for i in range(n):
        b[0] = b[0] * x[1]
        h.append((i, b))
    return h[0][1][0]


@refused("GS130", x3, TOO_LONG)
def first_named_in_a_loop_that_replaces_it(x, n):
    a = x * 1.0
    for i in range(n):
        a *= 0.5
        if i == 0:
            b = a
        if i == 1:
            a = a * 0.3
    return b[0] + a[0]
