"""Each fault of a graph is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from gradscribe.errors import InternalError
from gradscribe.ir.control import ForView, IfView, WhileView, make_call
from gradscribe.ir.graph import Block, Graph, Input, Node, Program, Value
from gradscribe.ir.lengths import ONE, as_length, fresh
from gradscribe.ir.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    NONE,
    TEXT,
    ArrayType,
    SequenceType,
    TupleType,
    numpy_scalar,
)
from gradscribe.ir.verify import fits, verify
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.table import lookup
from tests.graphs import RandomProgram, as_program, block_of

LIST = SequenceType(FLOAT)


def codes(program):
    try:
        verify(program)
    except InternalError as error:
        return [diagnostic.code for diagnostic in error.diagnostics]
    return []


def of_nodes(params, nodes, results):
    return as_program(Block(tuple(params), tuple(nodes), tuple(results)))


@pytest.mark.parametrize("seed", range(10))
def test_random_programs_are_sound(seed):
    assert codes(RandomProgram(seed).program) == []


def test_reading_what_is_not_defined_in_the_block():
    x, other, out = Value(FLOAT, "x"), Value(FLOAT, "other"), Value(FLOAT)
    node = Node(lookup("neg"), (other,), (out,))
    assert codes(of_nodes([x], [node], [out])) == ["GS911"]
    assert codes(of_nodes([x], [], [other])) == ["GS911"]
    assert codes(of_nodes([other], [Node(lookup("neg"), (out,), (x,)), node], [out])) == ["GS911"]


def test_reading_a_value_of_the_enclosing_block():
    x, c, out = Value(FLOAT, "x"), Value(BOOL, "c"), Value(FLOAT)
    leaking = Block((), (), (x,))
    assert codes(of_nodes([x, c], [IfView.make(c, [], leaking, leaking, [out])], [out])) == ["GS911", "GS911"]


def test_defining_a_value_twice():
    x, out = Value(FLOAT, "x"), Value(FLOAT)
    node = Node(lookup("neg"), (x,), (out,))
    assert codes(of_nodes([x], [node, node], [out])) == ["GS912"]


def test_captured_values_and_parameters_differ_in_number():
    x, c, out = Value(FLOAT, "x"), Value(BOOL, "c"), Value(FLOAT)
    none, one = block_of([], lambda b: b.constant(1.0)), block_of([Value(FLOAT)], lambda b, x: x)
    assert codes(of_nodes([x, c], [IfView.make(c, [x], one, none, [out])], [out])) == ["GS913"]


def test_output_of_a_length_that_one_branch_does_not_yield():
    n = fresh("n")
    x, c = Value(ArrayType(np.dtype("float64"), (n,)), "x"), Value(BOOL, "c")
    shorter = block_of([Value(x.type)], lambda b, x: b.op("get_item", x, index=(slice(1, None),)))
    whole = block_of([Value(x.type)], lambda b, x: x)
    out = Value(shorter.results[0].type)
    assert codes(of_nodes([x, c], [IfView.make(c, [x], shorter, whole, [out])], [out])) == ["GS914"]


def test_result_that_does_not_fit_the_output():
    c, out = Value(BOOL, "c"), Value(INT)
    half, whole = block_of([], lambda b: b.constant(0.5)), block_of([], lambda b: b.constant(1))
    assert codes(of_nodes([c], [IfView.make(c, [], half, whole, [out])], [out])) == ["GS914"]


def test_loop_that_leaves_backwards():
    index, trips = Value(INT), Value(INT)
    inner = OpBuilder()
    body = inner.finish([index], [inner.op("gt", index, 1)])

    def build(b):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        b.append(ForView.make(bounds, body, outputs=[trips], leaves=True, backwards=True))
        return trips

    assert codes(as_program(block_of([], build))) == ["GS913"]


def test_sequence_that_is_no_list():
    index, element, x, out = Value(INT), Value(FLOAT), Value(FLOAT, "x"), Value(LIST)
    body = Block((index, element), (), (element,))

    def build(b, x):
        bounds = (b.constant(0), b.constant(3), b.constant(1))
        b.append(ForView.make(bounds, body, sequences=[x], outputs=[out]))
        return out

    assert codes(as_program(block_of([x], build))) == ["GS914"]


def test_while_without_trip_count():
    x, out = Value(FLOAT, "x"), Value(FLOAT)
    condition = block_of([Value(FLOAT)], lambda b, x: b.op("lt", x, 1.0))
    node = WhileView.make(condition, block_of([Value(FLOAT)], lambda b, x: x), initial=[x], outputs=[out])
    assert codes(of_nodes([x], [node], [out])) == ["GS913", "GS914"]


def test_placeholder_beyond_the_inputs():
    x = Value(ArrayType(np.dtype(float), (fresh(),)), "x")
    out = Value(numpy_scalar(float))
    node = Node(lookup("get_item"), (x,), (out,), {"index": (Input(1),)})
    assert codes(of_nodes([x], [node], [out])) == ["GS915"]


def test_calls_must_fit_the_graph_they_name():
    x, out = Value(FLOAT, "x"), Value(FLOAT)
    assert codes(of_nodes([x], [make_call("missing", [x], [out])], [out])) == ["GS916"]
    assert codes(of_nodes([x], [make_call("f", [], [out])], [out])) == ["GS916"]


def test_signature_and_leaves_differ():
    program = as_program(block_of([Value(FLOAT, "x")], lambda b, x: x))
    entry = program.entry
    body = Block((), (), (*block_of([], lambda b: b.constant(1.0)).results,))
    assert "GS917" in codes(Program("f", {"f": Graph("f", entry.signature, body)}))
    assert "GS917" in codes(Program("f", {"f": replace(entry, donated=frozenset({3}))}))
    assert "GS917" in codes(Program("g", {"f": entry}))


def test_reading_an_absent_value():
    assert codes(as_program(block_of([], lambda b: b.op("neg", b.absent(FLOAT))))) == ["GS918"]


N, M = fresh("n"), fresh("m")


@pytest.mark.parametrize(
    ("value", "slot", "expected"),
    [
        (INT, FLOAT, True),
        (FLOAT, INT, False),
        (FLOAT, COMPLEX, True),
        (FLOAT, numpy_scalar("float32"), True),
        (numpy_scalar("float64"), FLOAT, False),
        (numpy_scalar("float64"), numpy_scalar("float32"), False),
        (FLOAT, ArrayType(np.dtype(float), (N,)), True),
        (ArrayType(np.dtype(float), (N,)), FLOAT, False),
        (ArrayType(np.dtype(float), (N,)), ArrayType(np.dtype(float), (M,)), True),
        (ArrayType(np.dtype(float), (N,)), ArrayType(np.dtype(float), (ONE,)), True),
        (ArrayType(np.dtype(float), (as_length(2),)), ArrayType(np.dtype(float), (ONE,)), False),
        (ArrayType(np.dtype(float), (N,)), ArrayType(np.dtype(float), (N, M)), False),
        (SequenceType(NONE), LIST, True),
        (SequenceType(INT), LIST, True),
        (TupleType((INT, LIST)), TupleType((FLOAT, LIST)), True),
        (TupleType((INT,)), TupleType((FLOAT, LIST)), False),
        (TEXT, TEXT, True),
        (TEXT, NONE, False),
        (FLOAT, LIST, False),
    ],
)
def test_slots_are_upper_bounds(value, slot, expected):
    assert fits(value, slot) is expected
