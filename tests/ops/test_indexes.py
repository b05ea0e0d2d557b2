"""What an index selects, and reading and writing there, against NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import at_least_zero, fresh
from gradscribe.ir.types import ArrayType, int_of_length
from gradscribe.ops.indexes import select, slice_length
from gradscribe.ops.spec import Unsupported
from gradscribe.ops.table import lookup
from tests.rules.harness import Run, direction_like, inner
from tests.rules.samples import Case, mismatch

ARRAYS = {1: (5,), 2: (4, 3), 3: (2, 3, 4)}
MASK = np.array([True, False, True, True, False])

INDICES = {
    1: [
        (2,),
        (-1,),
        (slice(1, -1),),
        (slice(None, -2),),
        (slice(2, None),),
        (slice(None, None, 2),),
        (slice(None, None, -1),),
        (slice(-3, None),),
        (slice(-3, -1),),
        (slice(1, 100),),
        (slice(4, 1, -1),),
        (Ellipsis,),
        (None, slice(None)),
        (slice(None), None),
        ([0, 0, 1],),
        ([0, 2, 1],),
        (np.array([[0, 1], [1, 1]]),),
        (MASK,),
        (..., 2),
        (np.array(3),),
        (),
        (slice(7, None),),
        (slice(None, 0),),
        ([1, -4],),
    ],
    2: [
        (1,),
        (slice(None), 1),
        (1, 2),
        (slice(1, 3), slice(None, -1)),
        (..., 0),
        (None, 1),
        (1, None),
        ([0, 0, 2],),
        (slice(None), [0, 0]),
        ([0, 1], [0, 1]),
        (np.array([[0], [1]]), np.array([0, 2])),
        (np.ones((4, 3), bool),),
        (np.array([True, False, True, False]),),
        (np.array([True, False, True, False]), 1),
        (slice(None, None, 2), slice(None, None, -1)),
        ([3, 1], slice(0, 2)),
        (2, [0, 0, 1]),
        (Ellipsis,),
    ],
    3: [
        (0,),
        (0, ..., 1),
        (slice(None), [0, 0]),
        ([0, 1], slice(None), [0, 2]),
        (0, slice(None), [1, 2]),
        (slice(None), 0, [1, 2]),
        ([0, 1], slice(None), 0),
        (..., [0, 1]),
        (None, ..., None),
        (0, 1, 2),
        (np.ones((2, 3), bool),),
        (slice(None), np.ones((3, 4), bool)),
        ([[0], [1]], slice(1, 3)),
        (slice(None), None, 1),
        ([1, 0], [0, 0], slice(None)),
    ],
}
CASES = [(ndim, index) for ndim, indices in INDICES.items() for index in indices]


def case_of(name: str, array, index, value=None, **attrs) -> Case:
    """A node whose index arrays and ints are inputs where they are arrays."""
    values = [array] if value is None else [array, value]
    template = []
    for item in index:
        if isinstance(item, np.ndarray):
            template.append(Input(len(values)))
            values.append(item)
        else:
            template.append(item)
    literal = [False] * len(values)
    return Case(lookup(name), values, literal, {"index": tuple(template), **attrs})


def array_of(ndim: int):
    return np.random.default_rng(ndim).standard_normal(ARRAYS[ndim])


@pytest.mark.parametrize(("ndim", "index"), CASES)
def test_reading_gives_the_type_and_value_of_numpy(ndim, index):
    array = array_of(ndim)
    run = Run(case_of("get_item", array, index))
    assert not mismatch(run.outputs[0].type, run.results[0], run.lengths)
    assert np.array_equal(run.results[0], array[index])


@pytest.mark.parametrize(("ndim", "index"), CASES)
def test_cotangent_of_a_read_goes_back_to_where_it_was_read(ndim, index):
    rng = np.random.default_rng(0)
    run = Run(case_of("get_item", array_of(ndim), index))
    ct = direction_like(run.results[0], rng)
    expected = np.zeros(ARRAYS[ndim])
    np.add.at(expected, index, ct)
    assert np.allclose(run.vjp([ct])[0], expected)


@pytest.mark.parametrize(("ndim", "index"), CASES)
def test_reads_that_may_repeat_an_element_say_so(ndim, index):
    run = Run(case_of("get_item", array_of(ndim), index))
    numbers = np.arange(int(np.prod(ARRAYS[ndim]))).reshape(ARRAYS[ndim])
    selection = select(run.node.attrs["index"], [v.type for v in run.inputs], run.inputs[0].type.shape)
    repeated = len(np.unique(numbers[index])) < np.size(numbers[index])
    assert selection.repeats or not repeated


@pytest.mark.parametrize(("ndim", "index"), CASES)
def test_writing_and_its_rules(ndim, index):
    rng = np.random.default_rng(1)
    array = array_of(ndim)
    region = np.shape(array[index])
    for value in (rng.standard_normal(region), np.float64(0.5)):
        run = Run(case_of("set_item", array, index, value))
        before = array.copy()
        expected = array.copy()
        expected[index] = value
        assert np.array_equal(run.results[0], expected)
        assert np.array_equal(array, before)
        dx, dv = direction_like(array, rng), direction_like(value, rng)
        moved = run.jvp([dx, dv, *[None] * (len(run.inputs) - 2)])[0]
        assert np.allclose(moved, run.difference({0: dx, 1: dv})[0])
        ct = direction_like(run.results[0], rng)
        pulled = run.vjp([ct])
        # Of an array that is written as a whole nothing is left.
        kept = 0.0 if pulled[0] is None else inner(pulled[0], dx)
        assert np.isclose(inner(ct, moved), kept + inner(pulled[1], dv))


@pytest.mark.parametrize(("ndim", "index"), CASES)
def test_accumulating_and_its_rules(ndim, index):
    rng = np.random.default_rng(2)
    array = array_of(ndim)
    value = rng.standard_normal(np.shape(array[index]))
    run = Run(case_of("accumulate_at", array, index, value, repeats=True))
    expected = array.copy()
    np.add.at(expected, index, value)
    assert np.allclose(run.results[0], expected)
    dx, dv = direction_like(array, rng), direction_like(value, rng)
    moved = run.jvp([dx, dv, *[None] * (len(run.inputs) - 2)])[0]
    ct = direction_like(run.results[0], rng)
    pulled = run.vjp([ct])
    assert np.isclose(inner(ct, moved), inner(pulled[0], dx) + inner(pulled[1], dv))


def test_an_int_written_counts_as_constant():
    run = Run(case_of("set_item", array_of(1), (slice(1, 3),), 7))
    (moved,) = run.jvp([np.ones(5), None])
    assert np.array_equal(moved, [1.0, 0.0, 0.0, 1.0, 1.0])


def test_slices_of_one_array_have_equal_lengths():
    n = fresh("n")
    expected = at_least_zero(n - 2)
    for part in (slice(2, None), slice(1, -1), slice(None, -2)):
        assert slice_length(part, [], n) == expected


@pytest.mark.parametrize("number", range(8))
def test_slice_lengths_hold_for_every_length(number):
    from tests.rules.samples import Lengths

    lengths = Lengths()
    n = lengths.of(number) if number != 1 else None
    if n is None:
        return
    bounds = (None, 0, 1, 2, 3, 9, -1, -2, -3, -9)
    for start in bounds:
        for stop in bounds:
            for step in (None, 1, 2, 3, -1):
                part = slice(start, stop, step)
                found = lengths.evaluate(slice_length(part, [], n))
                assert found in (None, len(range(number)[part])), (part, number)


def test_slices_of_slices_have_the_lengths_of_slices():
    n = fresh("n")
    inner = slice_length(slice(1, None), [], n)
    assert slice_length(slice(1, None), [], inner) == at_least_zero(n - 2)
    assert slice_length(slice(1, -1), [], inner) == slice_length(slice(None, -3), [], n)


@pytest.mark.parametrize("number", [0, 2, 3, 4, 5])
def test_lengths_of_slices_of_slices_hold_for_every_length(number):
    from tests.rules.samples import Lengths

    lengths = Lengths()
    n = lengths.of(number)
    parts = [slice(start, stop) for start in (None, 0, 1, 2, -1) for stop in (None, 3, -1, -2)]
    for first in parts:
        for second in parts:
            found = lengths.evaluate(slice_length(second, [], slice_length(first, [], n)))
            assert found in (None, len(range(number)[first][second])), (first, second, number)


@pytest.mark.parametrize("number", range(2, 8))
@pytest.mark.parametrize("offset", [1, 2, 3])
def test_bounds_that_are_lengths_are_understood(number, offset):
    from tests.rules.samples import Lengths

    lengths = Lengths()
    n = lengths.of(number)
    types = [ArrayType(np.dtype(float), (n,)), int_of_length(n - offset), int_of_length(n)]
    for part, actual in (
        (slice(None, Input(1)), slice(None, number - offset)),
        (slice(Input(1), None), slice(number - offset, None)),
        (slice(Input(2), None), slice(number, None)),
        (slice(1, Input(2)), slice(1, number)),
    ):
        assert lengths.evaluate(slice_length(part, types, n)) in (None, len(range(number)[actual]))


@pytest.mark.parametrize("index", [(1.5,), (0, 0), ("a",), ([0.5],)])
def test_what_is_no_index_is_refused(index):
    with pytest.raises(Unsupported) as refusal:
        select(index, [], (fresh(),))
    assert refusal.value.why and refusal.value.fix
