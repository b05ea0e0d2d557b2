"""Objects, not names, are what a program changes: the value is Python's, or there is an error, never another."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import gradscribe as gs
from tests.frontend.lowered import lowered, parts, value_of


class Accumulator:
    def __init__(self):
        self.total = 0.0
        self.items = []
        self.array = np.zeros(2)

    def add(self, value):
        self.total += value
        self.items.append(value)
        self.array[0] += value


@dataclass
class State:
    u: Any
    n: Any = 0


def object_changed_by_a_method(x, n):
    a = Accumulator()
    for i in range(n):
        a.add(x * i)
    return a.total + len(a.items) + sum(a.items) + a.array.sum()


def list_inside_a_dict(x, n):
    d = {"items": [], "total": np.zeros(2), "count": 0}
    for i in range(n):
        d["items"].append(x * i)
        d["total"][0] += x
        d["count"] += 1
    return sum(d["items"]) + d["total"].sum() + d["count"]


def array_inside_a_list_and_under_a_name(x, n):
    a = np.zeros(2)
    holder = [a, x]
    for i in range(n):
        holder[0][1] += x * i
        a[0] += 1.0
    return a.sum() + 2.0 * holder[0].sum()


def array_inside_a_tuple(x, n):
    a, b = np.zeros(2), np.ones(2)
    pair = (a, b)
    for i in range(n):
        pair[0][0] += x
        b[1] *= 2.0
    return a.sum() + pair[1].sum()


def tuple_swapped_then_written(x, n):
    a, b = np.zeros(2), np.ones(2)
    state = (a, b)
    for i in range(n):
        state = (state[1], state[0])
    state[0][0] = x
    return a.sum() + 10.0 * b.sum()


def list_swapped_then_written(x, n):
    a, b = np.zeros(2), np.ones(2)
    state = [a, b]
    for i in range(n):
        state[0], state[1] = state[1], state[0]
    state[0][0] = x
    return a.sum() + 10.0 * b.sum()


def entry_replaced_and_its_array_written(x, n):
    a = x * 1.0
    kept = [x * 0.2, a]
    for i in range(n - 1):
        kept[1] = kept[0] * 2.0
    a[2] = 0.3 * x[0]
    return np.sum(a**2) + np.sum(kept[1] * x)


def list_appended_under_two_names(x, n):
    a = []
    b = a
    for i in range(n):
        a.append(x)
        b.append(2.0 * x)
    return sum(a) + 10.0 * sum(b)


def object_replaced_and_kept(x, n):
    first = State(x * 1.0)
    state = first
    for i in range(n):
        state = State(state.u * 2.0, state.n + 1)
    state.n = 100
    return first.n + state.n + first.u.sum()


def object_changed_and_replaced(x, n):
    state = State(x * 1.0)
    for i in range(n):
        state.n += 1
        state = State(state.u * 2.0, state.n)
    return state.n + state.u.sum()


def object_under_two_names(x, n):
    state = State(x * 1.0)
    same = state
    for i in range(n):
        same.u = same.u + 1.0
        state.u[0] = 5.0
    return state.u.sum() + same.u.sum() + x.sum()


def array_attribute_replaced(x, n):
    state = State(x)
    for i in range(n):
        state.u = state.u * 2.0
        state.u[0] += 1.0
    return state.u.sum() + x.sum()


def attribute_and_name(x, n):
    u = x * 1.0
    state = State(u)
    for i in range(n):
        u[0] += 1.0
        state.u[1] *= 2.0
    return u.sum() + 3.0 * state.u.sum()


def view_kept_in_an_object(x, n):
    u = x * 1.0
    state = State(u[1:])
    for i in range(n):
        u[1] += 1.0
        state.u[0] *= 2.0
    return u.sum() + 3.0 * state.u.sum()


def rows_as_views(a, n):
    rows = [row for row in (a[0], a[1])]
    a = a * 1.0
    top, bottom = a[0], a[1]
    for i in range(n):
        top += bottom
        bottom[0] = top[1]
    return a.sum() + top.sum() + sum(np.sum(row) for row in rows)


def conditional_alias(x, n):
    a, b = x * 1.0, x * 2.0
    for i in range(n):
        c = a if i % 2 == 0 else b
        total = np.sum(c)
        a = a + total
    return a.sum() + b.sum()


def conditional_append_to_two_lists(x, n):
    odd, even = [], []
    for i in range(n):
        (odd if i % 2 else even).append(x * i)
    return sum(odd) * 2.0 + sum(even)


def list_replaced_in_a_branch(x, n):
    items = [x]
    for i in range(n):
        if i == 1:
            items = [x * 2.0, x]
        items.append(x)
    return sum(items)


def dict_replaced(x, n):
    d = {"a": x, "b": x * 2.0}
    old = d
    for i in range(n):
        d = {"a": d["b"], "b": d["a"] + 1.0}
    d["a"] = 0.0
    return d["a"] + d["b"] + 10.0 * old["a"]


def buffers_with_an_outside_name(x, n):
    a, b = x * 1.0, x * 2.0
    kept = a
    for i in range(n):
        b[0] = a[1] * 2.0
        a, b = b, a
    return a.sum() + b.sum() + kept.sum()


def appended_then_changed(x, n):
    history = []
    for i in range(n):
        u = x * i
        history.append(u)
        u[0] = 5.0
    return np.sum(np.stack(history))


def appended_copy(x, n):
    history = []
    u = x * 1.0
    for i in range(n):
        u[0] += 1.0
        history.append(u.copy())
    return np.sum(np.stack(history)) + u.sum()


def carried_then_changed(x, n):
    u = x * 1.0
    history = []
    for i in range(n):
        u = u * 2.0
        history.append(u)
    u[0] = 100.0
    return np.sum(np.stack(history)) + u.sum()


def changed_at_the_start_of_an_iteration(x, n):
    u = x * 1.0
    history = []
    for i in range(n):
        u[0] = 0.5
        u = u * 2.0
        history.append(u)
    return np.sum(np.stack(history)) + u.sum()


def written_in_a_branch(x, n):
    u = x * 1.0
    v = u[1:]
    for i in range(n):
        if i % 2 == 0:
            u[1] = v[0] * 2.0
        else:
            v[0] += 1.0
    return u.sum() + v.sum()


def written_then_returned(x, n):
    u = x * 1.0
    for i in range(n):
        u[0] = i
        if i == 1:
            return u.sum()
    return u.sum() * 10.0


def helper(u, value):
    u[0] = value
    return u


def returned_from_a_helper(x, n):
    u = x * 1.0
    for i in range(n):
        v = helper(u, x[0] * i)
        v[1] += 1.0
    return u.sum()


def recursive_container(x, n):
    tree = {"left": {"value": x}, "right": [x, x * 2.0]}
    for i in range(n):
        tree["left"]["value"] = tree["left"]["value"] * 2.0
        tree["right"][0] = tree["right"][1]
        tree["right"][1] = tree["left"]["value"]
    return tree["left"]["value"] + tree["right"][0] + tree["right"][1]


def zero_dimensional(x, n):
    u = np.array(2.0)
    v = u
    for i in range(n):
        v += x[0]
    return u + v


def popped_and_changed(x, n):
    stack = [x * 1.0]
    for i in range(n):
        top = stack.pop()
        top[0] += 1.0
        stack.append(top)
        stack.append(top * 2.0)
    return sum(np.sum(u) for u in stack)


def augmented_list(x, n):
    a = [x]
    b = a
    for i in range(n):
        a += [x * i]
    return sum(a) + len(b)


def loop_over_a_list_that_changes(x, n):
    a, b = x * 1.0, x * 2.0
    for u in [a, b, a]:
        u[0] += n
        u *= 2.0
    return a.sum() + 10.0 * b.sum()


ARRAY = np.array([1.5, 2.5, -1.0])
CASES = [
    (object_changed_by_a_method, 1.5), (list_inside_a_dict, 1.5), (array_inside_a_list_and_under_a_name, 1.5),
    (array_inside_a_tuple, 1.5), (tuple_swapped_then_written, 1.5), (list_swapped_then_written, 1.5),
    (entry_replaced_and_its_array_written, ARRAY),
    (list_appended_under_two_names, 1.5), (object_replaced_and_kept, ARRAY), (object_changed_and_replaced, ARRAY),
    (object_under_two_names, ARRAY), (array_attribute_replaced, ARRAY), (attribute_and_name, ARRAY),
    (view_kept_in_an_object, ARRAY), (rows_as_views, np.arange(4.0).reshape(2, 2)), (conditional_alias, ARRAY),
    (conditional_append_to_two_lists, 1.5), (list_replaced_in_a_branch, 1.5), (dict_replaced, 1.5),
    (buffers_with_an_outside_name, ARRAY), (appended_then_changed, ARRAY), (appended_copy, ARRAY),
    (carried_then_changed, ARRAY), (changed_at_the_start_of_an_iteration, ARRAY), (written_in_a_branch, ARRAY),
    (written_then_returned, ARRAY), (returned_from_a_helper, ARRAY), (recursive_container, 1.5),
    (zero_dimensional, ARRAY), (popped_and_changed, ARRAY), (augmented_list, 1.5),
    (loop_over_a_list_that_changes, ARRAY),
]  # fmt: skip


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize(("function", "x"), CASES, ids=[case[0].__name__ for case in CASES])
def test_the_value_is_that_of_python(function, x, n):
    found = lowered(function, x, n)
    got = parts(value_of(found, function, x, n))
    for wanted, given in zip(parts(function(copy.deepcopy(x), n)), got, strict=True):
        np.testing.assert_allclose(given, wanted, rtol=1e-15)


def test_indices_of_a_diagonal_are_one_array_for_all_dimensions():
    def raised(x):
        rows, columns = np.diag_indices(2)
        rows += 1
        return np.sum(x[rows, columns] ** 2) + x[np.diag_indices(3, ndim=2)].sum()

    x = np.arange(9.0).reshape(3, 3)
    gs.testing.check_grads(raised, (x,))
    assert raised(x) == gs.value_and_grad(raised)(x)[0]
