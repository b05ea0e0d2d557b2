"""Functions that raise always: where they are called, nothing after them is reached."""

from __future__ import annotations

import re

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedSyntaxError


def refuse(x):
    raise ValueError("no good")


def in_an_expression(x):
    if x > 0.0:
        return x * x
    y = 3.0 * refuse(x)
    return y


def returned(x):
    if x > 0.0:
        return x * x
    return refuse(x)


def through_another(x):
    def inner(z):
        return np.sin(refuse(z))

    if x > 0.0:
        y = x * x
    else:
        y = inner(x) + 1.0
    return y


def in_a_loop(x):
    total = 0.0
    for k in range(3):
        if x > 0.0:
            total = total + x * x / 3.0
        else:
            total = total + refuse(x) * k
    return total


def in_a_while(x):
    total = 0.0
    while total < 1.0:
        if x <= 0.0:
            total = refuse(x) + 1.0
        total = total + 2.0
    return x * x + 0.0 * total


@pytest.mark.parametrize("function", [in_an_expression, returned, through_another, in_a_loop, in_a_while])
def test_the_other_way_is_differentiated_and_this_one_raises(function):
    slope = gs.grad(function)
    assert slope(3.0) == pytest.approx(6.0)
    with pytest.raises(ValueError, match="no good"):
        slope(-3.0)


def caught(x):
    try:
        y = refuse(x) * 2.0
    except ValueError:
        y = 3.0 * x
    return y


def test_what_is_caught_goes_on():
    assert gs.grad(caught)(1.0) == 3.0


def alike(p, t):
    if p.ndim != t.ndim:
        raise ValueError("the targets have other axes")
    return p - t


def misfit(p, t):
    return np.sum(alike(p, t) ** 2)


def test_types_that_always_raise_are_refused_where_they_do():
    slope = gs.grad(misfit)
    np.testing.assert_array_equal(slope(np.ones(2), np.zeros(2)), [2.0, 2.0])
    assert "raise" not in slope.source
    with pytest.raises(
        UnsupportedSyntaxError, match="GS141: this raises ValueError: the targets have other axes"
    ):
        slope(np.ones(2), np.zeros((2, 1)))
    with pytest.raises(UnsupportedSyntaxError, match="GS141: this raises ValueError: no good"):
        gs.grad(refuse)(1.0)


def item_of_an_empty_list(x, n):
    found = []
    if n > 5 and found[-1] > x:
        return x
    return x * x


def chosen_item_of_an_empty_list(x, n):
    found = []
    return x * x if n < 5 else found[0] * x


def pop_from_a_list_that_stays_empty(x, n):
    found = []
    while n > 5:
        x = found.pop() * x
    return x * x


def largest_of_a_list_that_stays_empty(x, n):
    found, total = [], 0.0
    for k in range(n):
        if k == 5:
            total = total + max(found) * x
    return x * x + total


@pytest.mark.parametrize(
    "function",
    [
        item_of_an_empty_list,
        chosen_item_of_an_empty_list,
        pop_from_a_list_that_stays_empty,
        largest_of_a_list_that_stays_empty,
    ],
)
def test_items_of_empty_lists_raise_where_they_are_reached(function):
    slope = gs.grad(function)
    assert slope(3.0, 3) == pytest.approx(6.0)
    with pytest.raises((IndexError, ValueError)) as expected:
        function(3.0, 6)
    with pytest.raises(type(expected.value), match=re.escape(str(expected.value))):
        slope(3.0, 6)


def test_an_item_of_an_empty_list_that_is_always_reached_is_refused():
    def first(x):
        found = []
        return found[0] * x

    with pytest.raises(UnsupportedSyntaxError, match="GS141"):
        gs.grad(first)(1.0)
