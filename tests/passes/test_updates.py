"""Indexed updates and sums over axes: the same numbers by fewer, smaller operations."""

import numpy as np
import pytest

from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import FLOAT, INT, ArrayType
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import optimise
from tests.graphs import as_program, block_of

N, M = fresh("n"), fresh("m")
VECTOR, MATRIX = ArrayType(np.dtype(float), (N,)), ArrayType(np.dtype(float), (M, N))
PARAMS = [Value(VECTOR, "v"), Value(MATRIX, "A"), Value(FLOAT, "x"), Value(INT, "n"), Value(INT, "m")]
POINT = (np.array([0.3, -0.7, 0.2]), np.arange(6.0).reshape(2, 3) - 2.5, 1.7, 1, 2)


def optimised(build):
    """The operations that are left, after checking that the numbers are the same."""
    before = as_program(block_of(PARAMS, build, derivative=True))
    after = optimise(before)
    for old, new in zip(evaluate(before, POINT, execute), evaluate(after, POINT, execute), strict=True):
        np.testing.assert_allclose(new, old, rtol=1e-14)
    return [node.op.name for node in after.entry.body.nodes if node.op.name != "constant"]


def update(b, op, array, value, *inputs, index, **attrs):
    return b.apply(op, (array, value, *inputs), {"index": index, **attrs})[0]


def add(b, array, value, *inputs, index, repeats=False):
    return update(b, "accumulate_at", array, value, *inputs, index=index, repeats=repeats)


PLACE = (Input(2),)


def test_additions_to_one_part_become_one_across_others():
    def build(b, v, A, x, n, m):
        first = add(b, v, x, n, index=PLACE)
        other = add(b, first, b.op("sin", x), m, index=PLACE)
        return b.op("cos", add(b, other, b.op("exp", x), n, index=PLACE))

    assert sorted(optimised(build)) == ["accumulate_at", "accumulate_at", "add", "cos", "exp", "sin"]


def test_additions_stay_apart_where_what_lies_between_is_read():
    def build(b, v, A, x, n, m):
        first = add(b, v, x, n, index=PLACE)
        second = add(b, first, b.op("sin", x), n, index=PLACE)
        return b.op("add", first, second)

    assert optimised(build).count("accumulate_at") == 2


@pytest.mark.parametrize("other", [False, True])
def test_addition_to_a_cleared_part_is_a_store(other):
    def build(b, v, A, x, n, m):
        array = update(b, "set_item", v, b.constant(0.0), n, index=PLACE)
        if other:
            # It may be the part that was cleared.
            array = add(b, array, b.op("sin", x), m, index=PLACE)
        return b.op("cos", add(b, array, x, n, index=PLACE))

    left = optimised(build)
    assert (left.count("set_item"), left.count("accumulate_at")) == (1, int(other))


def test_overlapping_part_is_added_after_the_store():
    def build(b, v, A, x, n, m):
        array = update(b, "set_item", v, b.constant(0.0), index=(slice(1, None),))
        array = add(b, array, x, index=(slice(None, 2),))
        return b.op("cos", add(b, array, b.op("sin", x), index=(slice(1, None),)))

    assert optimised(build).count("set_item") == 1


def test_repeated_index_is_added_once_for_both():
    where = np.array([0, 0, 2])

    def build(b, v, A, x, n, m):
        array = add(b, b.op("zeros_like", v), v, index=(where,), repeats=True)
        return b.op("cos", add(b, array, b.op("sin", v), index=(where,), repeats=True))

    assert optimised(build).count("accumulate_at") == 1


def test_first_addition_to_zeros_is_a_store():
    def build(b, v, A, x, n, m):
        array = add(b, b.op("zeros_like", v), x, index=(slice(1, None),))
        return b.op("cos", add(b, array, x, index=(slice(None, -1),)))

    assert [name for name in optimised(build) if name.endswith(("item", "_at"))] == [
        "set_item",
        "accumulate_at",
    ]


def test_what_fills_zeros_is_what_is_left():
    def build(b, v, A, x, n, m):
        cleared = update(b, "set_item", v, b.constant(0.0), index=(...,))
        return b.op("cos", add(b, cleared, b.op("sin", v), index=(...,)))

    assert optimised(build) == ["sin", "cos"]


def test_numbers_and_signs_stand_outside_a_sum():
    def build(b, v, A, x, n, m):
        product = b.op("div", b.op("mul", b.op("neg", v), b.op("mul", x, v)), x)
        return b.op("sum", product)

    assert sorted(optimised(build)) == ["div", "matmul", "mul", "neg"]


def test_axis_that_is_kept_and_removed_is_summed_away():
    def build(b, v, A, x, n, m):
        kept = b.op("sum", b.op("neg", A), axis=1, keepdims=True)
        return b.apply("get_item", (kept,), {"index": (slice(None), 0)})[0]

    assert optimised(build) == ["sum", "neg"]


def test_sum_of_products_is_an_inner_product():
    def vectors(b, v, A, x, n, m):
        return b.op("sum", b.op("mul", v, b.op("sin", v)))

    def matrices(b, v, A, x, n, m):
        return b.op("sum", b.op("mul", A, b.op("sin", A)))

    def repeated(b, v, A, x, n, m):
        return b.op("sum", b.op("mul", A, v))

    def some_axes(b, v, A, x, n, m):
        return b.op("sum", b.op("mul", A, b.op("sin", A)), axis=0)

    assert optimised(vectors) == ["sin", "matmul"]
    assert optimised(matrices) == ["sin", "vdot"]
    assert optimised(repeated) == ["mul", "sum"]
    assert optimised(some_axes) == ["sin", "mul", "sum"]
