"""Structural operations, run-time lists and effects."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.types import BOOL, FLOAT, INT, ArrayType, SequenceType, TupleType, numpy_scalar, type_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.execute import execute
from gradscribe.ops.spec import Unsupported, function
from tests.rules.samples import Lengths, mismatch


def call(name: str, *values, types=None, **attrs):
    """Outputs and their types of one node."""
    lengths = Lengths()
    b = OpBuilder()
    inputs = [Value(t) for t in types] if types else [Value(lengths.type_of(value)) for value in values]
    outputs = b.apply(name, inputs, attrs)
    results = execute(b.nodes[-1], values)
    assert len(results) == len(outputs)
    for output, result in zip(outputs, results, strict=True):
        assert not mismatch(output.type, result, lengths), (name, output.type, result)
    return results[0] if len(results) == 1 else results


@pytest.mark.parametrize(
    ("to", "value", "expected"),
    [
        ("float", np.float64(1.5), 1.5),
        ("float", np.array(1.5), 1.5),
        ("float", 2, 2.0),
        ("int", 2.7, 2),
        ("bool", np.float64(0.0), False),
        ("complex", 1.0, 1 + 0j),
    ],
)
def test_conversions(to, value, expected):
    found = call("convert", value, to=to)
    assert found == expected
    assert type(found) is type(expected)


def test_item_keeps_the_kind():
    from gradscribe.ops.spec import method

    assert type(call("convert", np.float32(1.5), spelling=method("item"))) is float
    assert type(call("convert", np.int32(1), spelling=method("item"))) is int


def test_a_complex_number_does_not_become_real():
    with pytest.raises(Unsupported):
        call("convert", 1j, to="float")
    with pytest.raises(Unsupported):
        call("astype", np.array([1j]), dtype=np.dtype(float))


@pytest.mark.parametrize(
    "value", [1.5, np.float64(1.5), np.float32(2), np.ones(3), np.ones((2, 2), np.float32), 3]
)
def test_astype(value):
    for spelling in ({"dtype": np.dtype(np.float32)}, {"spelling": function("numpy.float32")}):
        assert np.asarray(call("astype", value, **spelling)).dtype == np.float32


def test_shapes_as_values():
    x = np.zeros((2, 3))
    assert call("dimension", x, axis=1) == 3
    assert call("dimension", x, axis=-2) == 2
    assert call("size", x) == 6
    with pytest.raises(Unsupported):
        call("dimension", x, axis=2)


@pytest.mark.parametrize("value", [1.5, np.float32(2), np.ones((2, 3), np.float32), 1 + 2j])
def test_zeros_keep_kind_and_dtype(value):
    zero = call("zeros_like", value)
    assert np.all(np.asarray(zero) == 0)
    assert type(zero) is type(value)


def test_zeros_of_nested_lists():
    from gradscribe.runtime.lists import add_lists, zeros_like

    nested = [[np.ones(2), 1.0], [np.ones(3)]]
    zeros = zeros_like(nested)
    assert zeros[0][1] == 0.0 and np.array_equal(zeros[1][0], np.zeros(3))
    total = add_lists(nested, nested)
    assert total[0][1] == 2.0 and np.array_equal(total[1][0], np.full(3, 2.0))


@pytest.mark.parametrize("value", [0.5, np.float64(0.5), np.ones(3), np.ones((2, 1), np.float32)])
def test_broadcast_like(value):
    like = np.zeros((2, 3), np.float32)
    spread = call("broadcast_like", value, like)
    assert np.array_equal(spread, np.broadcast_to(np.asarray(value), (2, 3)))
    spread[...] = 7.0


@pytest.mark.parametrize("shape", [(2, 3), (3,), (1, 3), (2, 1), (1,), (1, 1)])
def test_unbroadcast_like_is_the_transpose_of_broadcasting(shape):
    rng = np.random.default_rng(0)
    like, value = rng.standard_normal(shape), rng.standard_normal((2, 3))
    summed = call("unbroadcast_like", value, like)
    assert summed.shape == shape
    assert np.isclose(np.sum(summed * like), np.sum(value * np.broadcast_to(like, (2, 3))))


def test_packing():
    b = OpBuilder()
    x, y = Value(FLOAT), Value(INT)
    packed = b.apply("pack", (x, y))[0]
    assert packed.type == TupleType((FLOAT, INT))
    outputs = b.apply("unpack", (packed,))
    assert [value.type for value in outputs] == [FLOAT, INT]
    (held,) = execute(b.nodes[0], [1.5, 2])
    assert execute(b.nodes[1], [held]) == (1.5, 2)


def test_lists():
    b = OpBuilder()
    x = Value(numpy_scalar(float))
    items = b.apply("list_new", (x, x))[0]
    assert str(items.type) == "list[np.float64]"
    longer = b.apply("list_append", (items, x))[0]
    assert str(longer.type.length) == "3"
    rest, last = b.apply("list_pop", (longer,))
    assert (str(rest.type.length), last.type) == ("2", x.type)
    array = b.apply("stack_list", (items,))[0]
    assert str(array.type) == "float64[2]"
    assert b.apply("list_get", (items, b.constant(0)))[0].type == x.type
    assert b.apply("list_length", (longer,))[0].type.length.constant == 3


def test_list_operations_do_not_change_their_operands():
    items = [1.0, 2.0]
    kept = SequenceType(FLOAT)
    assert call("list_append", items, 3.0, types=[kept, FLOAT]) == [1.0, 2.0, 3.0]
    assert call("list_set", items, 0, 5.0, types=[kept, INT, FLOAT]) == [5.0, 2.0]
    assert call("list_accumulate", items, 1, 5.0, types=[kept, INT, FLOAT]) == [1.0, 7.0]
    assert call("list_pop", items, types=[kept]) == ([1.0], 2.0)
    assert items == [1.0, 2.0]


def test_stacking_and_unstacking_are_inverse():
    rows = [np.arange(3.0), np.ones(3)]
    kept = SequenceType(type_of(rows[0]))
    array = call("stack_list", rows, types=[kept], axis=1)
    assert np.array_equal(array, np.stack(rows, axis=1))
    back = call("unstack_list", array, axis=1)
    assert all(np.array_equal(a, b) for a, b in zip(rows, back, strict=True))


def test_splitting_like_a_list_undoes_concatenation():
    rows = [np.arange(2.0), np.ones(3)]
    kept = SequenceType(type_of(rows[0]))
    array = call("stack_list", rows, types=[kept], spelling=function("numpy.concatenate"))
    parts = call("split_like", array, rows, types=[type_of(array), kept])
    assert all(np.array_equal(a, b) for a, b in zip(rows, parts, strict=True))


def test_a_list_of_unlike_items_is_refused():
    with pytest.raises(Unsupported):
        OpBuilder().apply("list_new", (Value(FLOAT), Value(ArrayType(np.dtype(float), ()))))


def test_effects(capsys):
    b = OpBuilder()
    x = Value(FLOAT)
    b.apply("print_", (x,), {"args": ("x is", Input(0)), "kwargs": {"end": "!"}})
    b.apply("assert_", (Value(BOOL),), {"message": ("no",)})
    b.apply("raise_", (x,), {"exception": ValueError, "args": ("bad", Input(0))})
    assert [node.has_effect for node in b.nodes] == [True] * 3
    execute(b.nodes[0], [2.0])
    assert capsys.readouterr().out == "x is 2.0!"
    execute(b.nodes[1], [True])
    with pytest.raises(AssertionError):
        execute(b.nodes[1], [False])
    with pytest.raises(ValueError, match="bad"):
        execute(b.nodes[2], [2.0])
