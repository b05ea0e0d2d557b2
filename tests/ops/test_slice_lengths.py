"""Slices with bounds of run time: equal ones are known to be equally long, others are not taken for equal."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.types import INT, type_of
from gradscribe.ops.build import OpBuilder


def part(b, array, *bounds):
    """`array[bounds]` along the last dimension."""
    inputs = [bound for bound in bounds if isinstance(bound, Value)]
    places = iter(range(1, 1 + len(inputs)))
    template = slice(*(Input(next(places)) if isinstance(bound, Value) else bound for bound in bounds))
    return b.apply("get_item", (array, *inputs), {"index": (Ellipsis, template)})[0].type.shape[-1]


@pytest.fixture
def b():
    return OpBuilder()


def test_the_same_bounds_give_the_same_length(b):
    x, i = Value(type_of(np.ones((3, 5)))), Value(INT)
    assert part(b, x, i, None) == part(b, x, i, None)
    assert part(b, x, b.op("add", i, 1), None) == part(b, x, b.op("add", i, 1), None)


def test_other_bounds_or_dimensions_do_not(b):
    x, y, i, j = Value(type_of(np.ones(5))), Value(type_of(np.ones(7))), Value(INT), Value(INT)
    known = part(b, x, i, None)
    assert known != part(b, x, j, None)
    assert known != part(b, x, None, i)
    assert known != part(b, x, i, None, 2)
    assert known != part(b, x, b.op("add", i, 1), None)
    assert known != part(b, y, i, None)
