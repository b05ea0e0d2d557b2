"""`ufunc.at(x, index, values)`: each element is changed by the ufunc, one after the other.

Sums are one operation. Where no position can stand twice, `x[index] = ufunc(x[index], values)` says the same. At
positions in arrays of ints it is a loop over them, in which every position finds what the ones before it left.

In:  a ufunc and abstract arguments.   Out: a new content of the array.
Not here: `ufunc.reduce` and its kin (ufunc_methods.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.alternatives import storages
from gradscribe.frontend.indexing import array_index, dimension, item_of
from gradscribe.frontend.inplace_calls import written
from gradscribe.frontend.iteration import ONE, ZERO, Counted
from gradscribe.frontend.loop_parts import Loop
from gradscribe.frontend.loops import run_loop
from gradscribe.frontend.operands import as_value, type_of
from gradscribe.frontend.state import FALLS, Flow, Lowering
from gradscribe.frontend.storage import read_array, write_array
from gradscribe.frontend.stores import check_cast, store_in_array
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    ListCell,
    SliceValue,
    Static,
    TupleValue,
)
from gradscribe.ir.template import shift
from gradscribe.ir.types import ArrayType, shape_of

SUMS = (np.add, np.subtract)
FULL = Static(slice(None))


def ufunc_at(run: Lowering, node: cst.CSTNode, ufunc: np.ufunc, args: Sequence[Abstract]) -> Abstract:
    """`np.add.at(x, index, value)` and its kin."""
    if len(args) != ufunc.nin + 1:
        raise run.refusal(
            node,
            "GS140",
            f"`np.{ufunc.__name__}.at` takes {ufunc.nin + 1} arguments, and {len(args)} are given",
            why="this raises an exception",
            fix="pass the array, the index, and a second operand where the ufunc has two",
        )
    array = written(run, node, args[0])
    values = [_as_array(run, node, value) for value in args[2:]]
    if ufunc in SUMS:
        _accumulate(run, node, ufunc, array, args[1], values[0])
        return NOTHING
    given = args[1].items if isinstance(args[1], TupleValue) else (args[1],)
    key = [_as_array(run, node, part) for part in given]
    positions = [place for place, part in enumerate(key) if _kind(run, part) in ("i", "u")]
    if not positions:
        whole = TupleValue(tuple(key)) if isinstance(args[1], TupleValue) else key[0]
        _at_once(run, node, ufunc, array, whole, values)
    else:
        _one_by_one(run, node, ufunc, array, _Places(run, node, ufunc, array, key, positions), values)
    return NOTHING


def _as_array(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """A list as the array that it is taken for."""
    if isinstance(value, ListCell):
        return run.call(run, node, Static(np.array), (value,), {})
    return value


def _kind(run: Lowering, part: Abstract) -> str:
    """The kind of the numbers in an array; nothing for what is no array."""
    type_ = type_of(run, part) if isinstance(part, ArrayCell) else None
    return type_.dtype.kind if isinstance(type_, ArrayType) else ""


def _accumulate(
    run: Lowering, node: cst.CSTNode, ufunc: np.ufunc, array: ArrayCell, key: Abstract, given: Abstract
) -> None:
    index = array_index(run, node, key)
    value = as_value(run, given, node)
    if ufunc is np.subtract:
        value = run.op(node, "neg", value)
    content = read_array(run, array, node)
    attrs = {"index": shift(index.template, 2), "repeats": True}
    write_array(run, array, run.apply(node, "accumulate_at", (content, value, *index.inputs), attrs)[0], node)


def _at_once(
    run: Lowering,
    node: cst.CSTNode,
    ufunc: np.ufunc,
    array: ArrayCell,
    key: Abstract,
    values: Sequence[Abstract],
) -> None:
    """`x[key] = ufunc(x[key], values)`: slices and masks name each element once."""
    result = run.call(run, node, Static(ufunc), (item_of(run, node, array, key), *values), {})
    _store(run, node, array, key, result)


def _store(run: Lowering, node: cst.CSTNode, array: ArrayCell, key: Abstract, result: Abstract) -> None:
    check_cast(run, node, as_value(run, result, node), read_array(run, array, node), "`.at`")
    store_in_array(run, node, array, array_index(run, node, key), result)


class _Places:
    """An index with arrays of ints, as one index after the other."""

    def __init__(
        self,
        run: Lowering,
        node: cst.CSTNode,
        ufunc: np.ufunc,
        array: ArrayCell,
        key: Sequence[Abstract],
        positions: Sequence[int],
    ) -> None:
        self.run = run
        self.node = node
        self.array = array
        self.key = list(key)
        self.whole = key[0] if len(key) == 1 else TupleValue(tuple(key))
        self.positions = positions
        between = key[positions[0] : positions[-1] + 1]
        if any(_is_ellipsis(part) or _kind(run, part) == "b" for part in key) or any(map(_is_slice, between)):
            raise run.refusal(
                node,
                "GS132",
                f"`np.{ufunc.__name__}.at` is not supported at such an index",
                why="arrays of ints, side by side, and slices around them are followed",
                fix="write a loop: `for i, v in zip(index, values): x[i] = ...`",
            )
        self.before = sum(map(_is_slice, key[: positions[0]]))
        self.depth = max(len(shape_of(as_value(run, key[place], node).type)) for place in positions)
        arrays = [key[place] for place in positions]
        if len(arrays) > 1:
            spread = run.call(run, node, Static(np.broadcast_arrays), arrays, {})
            arrays = [item_of(run, node, spread, Static(place)) for place in range(len(arrays))]
        for place, part in zip(positions, arrays, strict=True):
            flat = part if self.depth == 1 else run.call(run, node, Static(np.ravel), (part,), {})
            self.key[place] = flat
        self.count = dimension(run, node, as_value(run, self.key[positions[0]], node), 0)

    def at(self, number: Abstract) -> Abstract:
        """The index of this number."""
        found = list(self.key)
        for place in self.positions:
            found[place] = item_of(self.run, self.node, found[place], number)
        return found[0] if len(found) == 1 else TupleValue(tuple(found))

    def operand(self, value: Abstract) -> Abstract:
        """A second operand, with what belongs to one index in one place of an axis."""
        run, node = self.run, self.node
        if not isinstance(value, ArrayCell) or not shape_of(read_array(run, value, node).type):
            return value
        own = shape_of(read_array(run, value, node).type)
        first = as_value(run, self.key[self.positions[0]], node)
        rest = len(shape_of(read_array(run, self.array, node).type)) - len(self.positions) - self._ints()
        if self.depth == 1 and rest == 0 and own == shape_of(first.type):
            return value
        shape = self._selected()
        spread = run.call(run, node, Static(np.broadcast_to), (value, TupleValue(tuple(shape))), {})
        if self.depth == 1:
            return spread
        joined = (*shape[: self.before], self.count, *shape[self.before + self.depth :])
        return run.call(run, node, Static(np.reshape), (spread, TupleValue(joined)), {})

    def _ints(self) -> int:
        return sum(not _is_slice(part) and k not in self.positions for k, part in enumerate(self.key))

    def _selected(self) -> list[Abstract]:
        """The shape of what the index selects."""
        run, node = self.run, self.node
        selected = as_value(run, item_of(run, node, self.array, self.whole), node)
        return [dimension(run, node, selected, axis) for axis in range(len(shape_of(selected.type)))]

    def part_of(self, value: Abstract, number: Abstract) -> Abstract:
        """The second operand at the index of this number."""
        if not isinstance(value, ArrayCell) or not shape_of(read_array(self.run, value, self.node).type):
            return value
        key = TupleValue((*(FULL,) * self.before, number))
        return item_of(self.run, self.node, value, number if self.before == 0 else key)


def _is_slice(part: Abstract) -> bool:
    return isinstance(part, SliceValue) or (isinstance(part, Static) and isinstance(part.value, slice))


def _is_ellipsis(part: Abstract) -> bool:
    return isinstance(part, Static) and (part.value is Ellipsis or part.value is None)


def _one_by_one(
    run: Lowering,
    node: cst.CSTNode,
    ufunc: np.ufunc,
    array: ArrayCell,
    places: _Places,
    values: Sequence[Abstract],
) -> None:
    """`for k in range(len(index)): x[index[k]] = ufunc(x[index[k]], values[k])`."""
    operands = [places.operand(value) for value in values]

    def body(number: Abstract) -> Flow:
        key = places.at(number)
        given = [places.part_of(value, number) for value in operands]
        result = run.call(run, node, Static(ufunc), (item_of(run, node, array, key), *given), {})
        _store(run, node, array, key, result)
        return FALLS

    counted = Counted(ZERO, places.count, ONE, lambda number: number)
    run_loop(run, Loop(node, body, counted, touched=tuple(storages(array))))
