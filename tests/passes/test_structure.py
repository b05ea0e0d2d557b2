"""Passes on control nodes: forwarding, folding, merging."""

from functools import partial

import numpy as np
import pytest

from gradscribe.ir.control import ForView, IfView, WhileView
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import BOOL, INT, ArrayType, ScalarType, SequenceType
from gradscribe.ir.verify import verify
from gradscribe.ir.walk import walk
from gradscribe.ops.execute import execute
from gradscribe.passes.common_subexpressions import merge_common_subexpressions
from gradscribe.passes.dead_code import eliminate_dead_code
from gradscribe.passes.fold_constants import fold_control
from gradscribe.passes.forward_values import forward_values
from tests.graphs import NUMBER, as_derivative, as_program, block_of

VECTOR = ArrayType(np.dtype(float), (fresh(),))
LIST = SequenceType(NUMBER)


def changed(transform, program, *values):
    """The program after a pass and dead_code, which computes the same."""
    result = eliminate_dead_code(transform(program))
    verify(result)
    before, after = (evaluate(p, values, execute) for p in (program, result))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
    return result


def of(build, *names):
    """A program of numbers with these names."""
    return as_program(block_of([Value(NUMBER, name) for name in names], build))


def operations(program):
    return [node.op.name for node in walk(program.entry.body)]


def test_accumulator_that_a_loop_passes_through_is_not_carried():
    params = [Value(INT), Value(NUMBER, "kept"), Value(NUMBER, "x")]
    body = block_of(params, lambda b, i, kept, x: [kept, b.op("mul", x, kept)])

    def build(b, kept, x):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        outputs = [Value(NUMBER, "kept"), Value(NUMBER, "x")]
        b.append(ForView.make(bounds, body, initial=[kept, x], outputs=outputs))
        return outputs

    program = changed(
        forward_values, as_program(block_of([Value(NUMBER, "kept"), Value(NUMBER, "x")], build)), 2.0, 3.0
    )
    (loop,) = (ForView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert [value.hint for value in loop.initial] == ["x"]
    assert [value.hint for value in loop.captured] == ["kept"]
    assert program.entry.body.results[0] is program.entry.body.params[0]


def test_while_keeps_the_order_of_parameters_of_condition_and_body():
    tested = [Value(NUMBER, name) for name in ("limit", "x", "step")]
    condition = block_of(tested, lambda b, limit, x, step: b.op("lt", x, limit))
    params = [Value(NUMBER, name) for name in ("limit", "x", "step")]
    body = block_of(params, lambda b, limit, x, step: [limit, b.op("add", x, step)])

    def build(b, x):
        outputs = [Value(NUMBER), Value(NUMBER, "x"), Value(INT)]
        initial, captured = [b.constant(5.0), x], [b.constant(1.5)]
        b.append(WhileView.make(condition, body, initial=initial, captured=captured, outputs=outputs))
        return outputs

    program = changed(forward_values, as_program(block_of([Value(NUMBER, "x")], build)), 0.25)
    (loop,) = (WhileView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert len(loop.initial) == 1 and len(loop.captured) == 2


def test_branches_that_yield_the_same_outer_value():
    blocks = [
        block_of([Value(NUMBER), Value(NUMBER)], lambda b, x, y: [x, b.op(name, y)])
        for name in ("sin", "cos")
    ]

    def build(b, x, y):
        outputs = [Value(NUMBER), Value(NUMBER)]
        b.append(IfView.make(b.op("gt", x, 0.0), [x, y], *blocks, outputs))
        return outputs

    program = changed(
        forward_values, as_program(block_of([Value(NUMBER, "x"), Value(NUMBER, "y")], build)), 1.0, 2.0
    )
    assert program.entry.body.results[0] is program.entry.body.params[0]


@pytest.mark.parametrize("condition", [True, False])
def test_branch_with_a_literal_condition(condition):
    blocks = [block_of([Value(NUMBER)], lambda b, x, name=name: b.op(name, x)) for name in ("sin", "cos")]

    def build(b, x):
        output = Value(NUMBER, "y")
        b.append(IfView.make(b.constant(condition), [x], *blocks, [output]))
        return b.op("neg", output)

    program = changed(fold_control, as_program(block_of([Value(NUMBER, "x")], build)), 1.0)
    assert operations(program) == ["sin" if condition else "cos", "neg"]


@pytest.mark.parametrize("bounds", [(0, 0, 1), (3, 1, 1), (0, 2, -1)])
def test_loop_that_never_runs(bounds):
    body = block_of([Value(INT), Value(NUMBER)], lambda b, i, x: [b.op("sin", x), x, b.op("gt", x, 1.0)])

    def build(b, x):
        outputs = [Value(NUMBER), Value(LIST), Value(INT)]
        b.append(
            ForView.make(tuple(map(b.constant, bounds)), body, initial=[x], outputs=outputs, leaves=True)
        )
        return outputs

    program = changed(fold_control, as_program(block_of([Value(NUMBER, "x")], build)), 1.5)
    assert "for" not in operations(program)


def test_flag_that_a_loop_asks_is_known_in_its_body():
    def flag():
        return Value(ScalarType(np.dtype(bool), python=False))

    def either(b, holds, x):
        branches = [
            block_of([Value(NUMBER)], lambda b, x, name=name: b.op(name, x)) for name in ("sin", "cos")
        ]
        output = Value(NUMBER)
        b.append(IfView.make(holds, [x], *branches, [output]))
        return output

    def step(b, holds, x):
        once = either(b, holds, x)
        after = b.op("lt", once, -0.5)
        return [after, either(b, after, once)]

    def build(b, x):
        condition = block_of([flag(), Value(NUMBER)], lambda b, holds, x: holds)
        outputs = [flag(), Value(NUMBER), Value(INT)]
        initial = [b.op("lt", x, 5.0), x]
        b.append(
            WhileView.make(
                condition, block_of([flag(), Value(NUMBER)], step), initial=initial, outputs=outputs
            )
        )
        return outputs[1]

    for start in (0.2, 4.5, 6.0):
        program = changed(fold_control, of(build, "x"), start)
        (loop,) = (node for node in program.entry.body.nodes if node.blocks)
        assert [node.op.name for node in loop.blocks[1].nodes] == ["sin", "constant", "lt", "if"]


def test_equal_derivative_expressions_are_computed_once():
    def build(b, x):
        first = b.op("sin", x)
        result = b.op("add", first, b.op("mul", b.op("sin", x), b.op("exp", b.op("sin", x))))
        b.nodes[1:] = map(as_derivative, b.nodes[1:])
        return result

    program = changed(
        merge_common_subexpressions, as_program(block_of([Value(VECTOR, "x")], build)), np.ones(3)
    )
    assert operations(program) == ["sin", "exp", "mul", "add"]


def test_equal_primal_expressions_stay_as_they_were_written():
    program = as_program(
        block_of([Value(VECTOR, "x")], lambda b, x: b.op("add", b.op("sin", x), b.op("sin", x)))
    )
    assert merge_common_subexpressions(program) is program


def test_new_storage_is_never_shared():
    def build(b, x):
        return b.op("zeros_like", x), b.op("zeros_like", x)

    program = as_program(block_of([Value(VECTOR, "x")], build, derivative=True))
    assert merge_common_subexpressions(program) is program


def test_literals_that_differ_in_kind_are_different():
    def build(b, x):
        return b.op("add", b.op("mul", x, 1), b.op("mul", x, 1.0))

    program = as_program(block_of([Value(VECTOR, "x")], build, derivative=True))
    assert merge_common_subexpressions(program) is program


def test_lists_that_collect_the_same_value_are_one():
    params = [Value(INT), Value(NUMBER, "x")]

    def inner(b, i, x):
        return [b.op("sin", x), b.op("cos", x), b.op("cos", x)]

    def build(b, x):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        outputs = [Value(NUMBER), Value(LIST), Value(LIST)]
        b.append(ForView.make(bounds, block_of(params, inner), initial=[x], outputs=outputs))
        result = b.op("add_lists", outputs[1], outputs[2])
        b.nodes[-1] = as_derivative(b.nodes[-1])
        return result

    program = changed(merge_common_subexpressions, as_program(block_of([Value(NUMBER, "x")], build)), 0.5)
    (loop,) = (ForView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert len(loop.collected) == 1


def branch_that_saves_twice(b, condition, x, *, primal_reader):
    """`if c: y, s, t = sin(x), cos(x), cos(x)`, where a derivative reads s and t."""

    def inner(b, x):
        return [b.op("sin", x), b.op("cos", x), b.op("cos", x)]

    def other(b, x):
        return [x, b.absent(NUMBER), b.absent(NUMBER)]

    outputs = [Value(NUMBER) for _ in range(3)]
    then, otherwise = (block_of([Value(NUMBER, "x")], make) for make in (inner, other))
    b.append(IfView.make(condition, [x], then, otherwise, outputs))
    total = b.op("add", outputs[1], outputs[2])
    if not primal_reader:
        b.nodes[-1] = as_derivative(b.nodes[-1])
    return outputs[0], total


@pytest.mark.parametrize(("primal_reader", "outputs"), [(False, 2), (True, 3)])
def test_equal_values_that_a_branch_saves_are_one_unless_the_primal_reads_them(primal_reader, outputs):
    params = [Value(BOOL, "c"), Value(NUMBER, "x")]
    build = partial(branch_that_saves_twice, primal_reader=primal_reader)
    program = changed(merge_common_subexpressions, as_program(block_of(params, build)), True, 0.5)
    (branch,) = (IfView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert len(branch.outputs) == outputs


def test_value_captured_twice_is_captured_once():
    params = [Value(INT), Value(NUMBER, "s"), Value(NUMBER, "x"), Value(NUMBER, "x")]
    body = block_of(
        params, lambda b, i, s, one, other: b.op("add", s, b.op("mul", one, other)), derivative=True
    )

    def build(b, x):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        output = Value(NUMBER)
        b.append(ForView.make(bounds, body, initial=[x], captured=[x, x], outputs=[output]))
        return output

    program = changed(merge_common_subexpressions, as_program(block_of([Value(NUMBER, "x")], build)), 0.5)
    (loop,) = (ForView.of(node) for node in program.entry.body.nodes if node.blocks)
    assert len(loop.captured) == 1
