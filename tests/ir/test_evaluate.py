"""The reference evaluator gives control nodes their meaning, and counts."""

import numpy as np
import pytest

from gradscribe.errors import InternalError
from gradscribe.ir.control import ForView, IfView, WhileView, make_call
from gradscribe.ir.cost import Cost
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Block, Input, Value
from gradscribe.ir.types import BOOL, FLOAT, INT, ArrayType, SequenceType
from gradscribe.ir.types import type_of as typed
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.execute import execute
from tests.graphs import as_program, block_of
from tests.growth import assert_linear, measure

LIST = SequenceType(FLOAT)
ARRAY = typed(np.ones(3))


def run(program, *values, cost=None):
    return evaluate(program, values, execute, cost=cost)


def loop_over(bounds, body, outputs, **parts):
    def build(b):
        b.append(ForView.make(tuple(map(b.constant, bounds)), body, outputs=outputs, **parts))
        return outputs

    return as_program(block_of([], build))


def indices(bounds, **parts):
    """The program that collects the index of each iteration."""
    index = Value(INT, "i")
    return loop_over(bounds, Block((index,), (), (index,)), [Value(SequenceType(INT))], **parts)


@pytest.mark.parametrize("bounds", [(0, 3, 1), (5, 0, -2), (2, 2, 1), (0, -1, 1)])
def test_for_visits_the_range(bounds):
    assert run(indices(bounds)) == (list(range(*bounds)),)


def test_lists_are_indexed_by_iteration_number_whichever_way_a_loop_runs():
    assert run(indices((0, 4, 1), backwards=True)) == ([0, 1, 2, 3],)


def test_backwards_loop_visits_the_last_iteration_first():
    index, digits, after = Value(INT, "i"), Value(INT, "digits"), Value(INT)
    body = block_of([index, digits], lambda b, i, d: b.op("add", b.op("mul", d, 10), i))

    def build(b):
        bounds = (b.constant(1), b.constant(4), b.constant(1))
        b.append(ForView.make(bounds, body, initial=[b.constant(0)], outputs=[after], backwards=True))
        return after

    assert run(as_program(block_of([], build))) == (321,)


def test_loop_that_leaves_ends_after_that_iteration_and_says_how_many_ran():
    index, trips = Value(INT, "i"), Value(INT)
    inner = OpBuilder()
    body = inner.finish([index], [index, inner.op("ge", index, 2)])
    assert run(loop_over((0, 9, 1), body, [Value(SequenceType(INT)), trips], leaves=True)) == ([0, 1, 2], 3)


def test_sequences_of_the_wrong_length_are_an_error():
    index, element, given = Value(INT, "i"), Value(FLOAT), Value(LIST, "given")
    body = Block((index, element), (), (element,))

    def build(b, given):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        output = Value(LIST)
        b.append(ForView.make(bounds, body, sequences=[given], outputs=[output]))
        return output

    program = as_program(block_of([given], build))
    assert run(program, [1.0, 2.0, 3.0]) == ([1.0, 2.0, 3.0],)
    with pytest.raises(InternalError, match="GS921: a loop of 3 iterations reads a list of 2"):
        run(program, [1.0, 2.0])


def test_while_counts_its_iterations():
    outer, tested, inside = Value(FLOAT, "x"), Value(FLOAT, "x"), Value(FLOAT, "x")
    condition = block_of([tested], lambda b, x: b.op("lt", x, 10.0))
    body = block_of([inside], lambda b, x: [b.op("mul", x, 2.0), x])
    outputs = [Value(FLOAT), Value(LIST), Value(INT)]

    def build(b, x):
        b.append(WhileView.make(condition, body, initial=[x], outputs=outputs))
        return outputs

    program = as_program(block_of([outer], build))
    assert run(program, 3.0) == (12.0, [3.0, 6.0], 2)
    assert run(program, 11.0) == (11.0, [], 0)


def branch(then, otherwise):
    condition, x, y = Value(BOOL, "c"), Value(FLOAT, "x"), Value(FLOAT, "y")

    def build(b, c, x):
        b.append(IfView.make(c, [x], then, otherwise, [y]))
        return y, b.op("neg", y)

    return as_program(block_of([condition, x], build))


def test_branch_that_is_not_taken_is_not_run():
    program = branch(
        block_of([Value(FLOAT)], lambda b, x: x),
        block_of([Value(FLOAT)], lambda b, x: b.op("div", x, 0.0)),
    )
    assert run(program, True, 2.0) == (2.0, -2.0)
    with pytest.raises(ZeroDivisionError):
        run(program, False, 2.0)


def test_absent_values_may_be_handed_on_but_not_read():
    program = branch(
        block_of([Value(FLOAT)], lambda b, x: x), block_of([Value(FLOAT)], lambda b, x: b.absent(FLOAT))
    )
    assert run(program, True, 2.0) == (2.0, -2.0)
    with pytest.raises(InternalError, match="GS920: `neg` reads `y`, which is absent"):
        run(program, False, 2.0)


def factorial():
    n, x, out = Value(INT, "n"), Value(FLOAT, "x"), Value(FLOAT)

    def recurse(b, n, x):
        below = Value(FLOAT)
        b.append(make_call("f", [b.op("sub", n, 1), x], [below]))
        return b.op("mul", below, x)

    then = block_of([Value(INT), Value(FLOAT)], lambda b, n, x: b.constant(1.0))
    otherwise = block_of([Value(INT), Value(FLOAT)], recurse)

    def build(b, n, x):
        b.append(IfView.make(b.op("eq", n, 0), [n, x], then, otherwise, [out]))
        return out

    return as_program(block_of([n, x], build))


def test_graphs_call_each_other_by_name():
    assert run(factorial(), 5, 2.0) == (32.0,)


def stores(n):
    """y = x.copy(); for i in range(n): y[i] = 1.0"""
    i, y, x, out = Value(INT, "i"), Value(ARRAY, "y"), Value(ARRAY, "x"), Value(ARRAY)
    inner = OpBuilder()
    written = inner.apply("set_item", (y, inner.constant(1.0), i), {"index": (Input(2),)})[0]
    body = inner.finish([i, y], [written])

    def build(b, x):
        bounds = (b.constant(0), b.op("dimension", x, axis=0), b.constant(1))
        b.append(ForView.make(bounds, body, initial=[b.op("copy", x)], outputs=[out]))
        return out

    return as_program(block_of([x], build)), [np.zeros(n)]


def test_stores_cost_what_they_write_and_keep_one_array():
    assert_linear(stores)


def collecting(n):
    """The list of n copies of an array of n elements."""
    i, x, out = Value(INT, "i"), Value(ARRAY, "x"), Value(SequenceType(ARRAY))
    shared = Value(ARRAY, "x")
    body = block_of([i, shared], lambda b, i, x: b.op("copy", x))

    def build(b, x):
        bounds = (b.constant(0), b.op("dimension", x, axis=0), b.constant(1))
        b.append(ForView.make(bounds, body, captured=[x], outputs=[out]))
        return out

    return as_program(block_of([x], build)), [np.zeros(n)]


def test_collected_copies_are_kept_and_touched():
    growth = measure(collecting)
    assert growth.kept_ratio > 3.5 and growth.touched_ratio > 3.5


def test_views_of_one_array_are_kept_once():
    x = Value(ArrayType(np.dtype(float), (*ARRAY.shape, *ARRAY.shape)), "x")
    cost = Cost()
    program = as_program(block_of([x], lambda b, x: b.op("transpose", x)))
    run(program, np.zeros((10, 10)), cost=cost)
    assert (cost.peak, cost.kept) == (800, 0)
    assert cost.touched == 1
