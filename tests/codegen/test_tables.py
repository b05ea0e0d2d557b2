"""Lists of lists: a store inside happens in place, unless one of the lists may be reached in another way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gradscribe.codegen.marks import Marks
from gradscribe.codegen.memory import Memory
from gradscribe.codegen.numpy_source import generate
from gradscribe.ir.graph import Program, Value
from gradscribe.ir.types import FLOAT, INT, SequenceType
from gradscribe.ops.build import OpBuilder
from tests.codegen.by_hand import program
from tests.codegen.running import check
from tests.codegen.test_storage import loop

ROW = SequenceType(FLOAT)
TABLE = SequenceType(ROW)
COPIES = "copy_lists"


def store(b: OpBuilder, rows: Value, value: Value, *path: int) -> Value:
    """`rows[i][j] = value`."""
    return b.op("list_set", rows, *path, value, hint="rows")


def new_rows(b: OpBuilder, x: Value, count: int) -> list[Value]:
    return [b.op("list_new", x, x) for _ in range(count)]


def of_own_rows() -> Program:
    x, b = Value(FLOAT, "x"), OpBuilder()
    rows = b.op("list_new", *new_rows(b, x, 2), hint="rows")
    return program("f", [x], b, [store(b, rows, b.op("neg", x), 0, 1)])


def one_row_twice() -> Program:
    x, b = Value(FLOAT, "x"), OpBuilder()
    (row,) = new_rows(b, x, 1)
    rows = b.op("list_new", row, row, hint="rows")
    return program("f", [x], b, [store(b, rows, b.op("neg", x), 0, 1)])


def row_read_later() -> Program:
    x, b = Value(FLOAT, "x"), OpBuilder()
    rows = b.op("list_new", *new_rows(b, x, 2), hint="rows")
    row = b.op("list_get", rows, 0, hint="row")
    return program("f", [x], b, [store(b, rows, b.op("neg", x), 0, 1), row])


def row_of_two_tables() -> Program:
    x, b = Value(FLOAT, "x"), OpBuilder()
    first, second = new_rows(b, x, 2)
    rows = b.op("list_new", first, second, hint="rows")
    others = b.op("list_new", second, hint="others")
    return program("f", [x], b, [store(b, rows, b.op("neg", x), 1, 1), others])


def table_saved_in_each_iteration() -> Program:
    """What is saved is copied with its rows."""
    x, n, b, inner = Value(FLOAT, "x"), Value(INT, "n"), OpBuilder(), OpBuilder()
    start = b.op("list_new", *new_rows(b, x, 2), hint="rows")
    i, rows, saved = Value(INT, "i"), Value(TABLE, "rows"), Value(SequenceType(TABLE), "saved")
    kept = inner.op("list_append", saved, rows)
    written = inner.op("list_set", rows, 0, 1, inner.op("mul", inner.op("list_get", rows, 0, 1), 2.0))
    last, all_saved = Value(TABLE, "rows"), Value(SequenceType(TABLE), "saved")
    empty = b.op("list_new", start, hint="saved")
    loop(b, n, inner, [i, rows, saved], [written, kept], [start, empty], [last, all_saved])
    return program("f", [x, n], b, [last, all_saved])


def same_row_in_each_iteration() -> Program:
    x, n, b, inner = Value(FLOAT, "x"), Value(INT, "n"), OpBuilder(), OpBuilder()
    (row,) = new_rows(b, x, 1)
    start = b.op("list_new", *new_rows(b, x, 1), hint="rows")
    i, rows, kept = Value(INT, "i"), Value(TABLE, "rows"), Value(ROW, "row")
    grown = inner.op("list_append", rows, kept)
    last, same = Value(TABLE, "rows"), Value(ROW, "row")
    loop(b, n, inner, [i, rows, kept], [grown, kept], [start, row], [last, same])
    return program("f", [x, n], b, [store(b, last, b.op("neg", x), 1, 0)])


def captured_row_in_each_iteration() -> Program:
    x, n, b, inner = Value(FLOAT, "x"), Value(INT, "n"), OpBuilder(), OpBuilder()
    (row,) = new_rows(b, x, 1)
    start = b.op("list_new", *new_rows(b, x, 1), hint="rows")
    i, rows, kept = Value(INT, "i"), Value(TABLE, "rows"), Value(ROW, "row")
    grown = inner.op("list_append", rows, kept)
    last = Value(TABLE, "rows")
    bounds = {"captured": [row]}
    loop(b, n, inner, [i, rows, kept], [grown], [start], [last], **bounds)
    return program("f", [x, n], b, [store(b, last, b.op("neg", x), 1, 0)])


SHARED = [
    one_row_twice, row_read_later, row_of_two_tables, table_saved_in_each_iteration, same_row_in_each_iteration,
    captured_row_in_each_iteration,
]  # fmt: skip


def values_of(made: Program) -> list[float | int]:
    return [3.0, 4][: len(made.graphs[made.main].body.params)]


def test_rows_of_their_own_are_written_in_place() -> None:
    made = of_own_rows()
    assert "rows[0][1] = -x" in generate(made).body
    assert COPIES not in generate(made).text
    check(made, values_of(made))


@pytest.mark.parametrize("make", SHARED, ids=lambda make: make.__name__)
def test_tables_whose_rows_have_other_names_are_copied_with_their_rows(make: Callable[[], Program]) -> None:
    made = make()
    assert COPIES in generate(made).text
    check(made, values_of(made))


def holds_without_marking(memory: Memory, values: list[Value], before: frozenset, depth: int) -> frozenset:
    return before.union(*(memory.of(value).all for value in values))


def test_rows_that_are_in_a_table_twice_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memory, "held", holds_without_marking)
    for make in (one_row_twice, captured_row_in_each_iteration, same_row_in_each_iteration):
        with pytest.raises(AssertionError):
            check(make(), values_of(make()))


def test_saved_tables_that_share_their_rows_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    made = table_saved_in_each_iteration()
    monkeypatch.setattr(Marks, "is_written_inside", lambda self, param, body: False)
    monkeypatch.setattr("gradscribe.codegen.storage.writes_inside", lambda node: False)
    with pytest.raises(AssertionError):
        check(made, values_of(made))
