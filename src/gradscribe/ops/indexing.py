"""Reading and writing at an index.

In:  nothing.   Out: `OPERATIONS`.
Not here: what an index selects (indexes.py), take and where (selection.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.template import fill, shift
from gradscribe.ir.types import ArrayType, Type, numpy_scalar, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, linear
from gradscribe.ops.indexes import select, selects_all, spread
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Aliasing, At, Contributions, Domain, Spelling, Unsupported


def _array(types: Sequence[Type]) -> ArrayType:
    first = types[0]
    if not isinstance(first, ArrayType):
        raise Unsupported(f"a {first} is indexed", "index an array")
    return first


def _get_item_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    array = _array(types)
    found = select(attrs["index"], types, array.shape)
    return (numpy_scalar(array.dtype) if found.is_scalar else ArrayType(array.dtype, found.shape),)


def _get_item_aliasing(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> Aliasing:
    found = select(attrs["index"], types, _array(types).shape)
    return Aliasing.VIEW if found.is_view and not found.is_scalar else Aliasing.FRESH


def _set_item_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    array = _array(types)
    select(attrs["index"], types, array.shape)
    numbers(types[1:2])
    return (array,)


def _get_item_transpose(b: OpBuilder, node: Node, ct: Value) -> At | Value:
    index = node.attrs["index"]
    assert isinstance(index, tuple)
    if selects_all(index) and shape_of(node.inputs[0].type):
        return _without_new_axes(b, index, len(shape_of(node.output.type)), ct)
    repeats = select(index, [value.type for value in node.inputs], shape_of(node.inputs[0].type)).repeats
    return At(ct, shift(index, -1), node.inputs[1:], repeats)


def _without_new_axes(b: OpBuilder, index: Sequence[object], ndim: int, ct: Value) -> Value:
    """The cotangent of `x` for that of `x[:, None]`; it may have fewer dimensions, and then counts as repeated."""
    items = spread(index, ndim - list(index).count(None))
    present = items[max(0, ndim - len(shape_of(ct.type))) :]
    if None not in present:
        return ct
    while isinstance(present[-1], slice):
        present.pop()
    first = tuple(0 if item is None else item for item in present)
    return b.apply("get_item", (ct,), {"index": first})[0]


def _read_at(b: OpBuilder, node: Node, ct: Value) -> Value:
    """`ct[index]` for a node whose index stands over (x, value, *index inputs)."""
    attrs = {"index": shift(node.attrs["index"], -1)}
    return b.apply("get_item", (ct, *node.inputs[2:]), attrs)[0]


def _set_item_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """What was overwritten gets nothing; of several values written to one element, the last one counts."""
    (ct,) = cts
    if ct is None:
        return [None, None]
    index = node.attrs["index"]
    assert isinstance(index, tuple)
    if not shape_of(ct.type) and index == (Ellipsis,):
        # It may be a number at run time.
        return [None, ct]
    written = _read_at(b, node, ct)
    if selects_all(index):
        return [None, written]
    kept = b.apply("set_item", (ct, b.constant(0.0), *node.inputs[2:]), {"index": index})[0]
    if select(index, [value.type for value in node.inputs], shape_of(node.inputs[0].type)).repeats:
        attrs = {"index": shift(index, -1)}
        last = b.apply("is_last_write", (node.inputs[0], *node.inputs[2:]), attrs)[0]
        written = b.op("where", last, written, 0.0)
    return [kept, written]


def _accumulate_at_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None, None] if ct is None else [ct, _read_at(b, node, ct)]


def _mask_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(np.dtype(np.bool_), select(attrs["index"], types, _array(types).shape).shape),)


def _set_item(inputs: Sequence[Any], attrs: Mapping[str, object]) -> object:
    array, value = inputs[:2]
    result = array.copy(order="K")
    result[fill(attrs["index"], inputs)] = value
    return result


def _accumulate_at(inputs: Sequence[Any], attrs: Mapping[str, object]) -> object:
    array, value = inputs[:2]
    result = array.copy(order="K")
    index = fill(attrs["index"], inputs)
    if attrs["repeats"]:
        np.add.at(result, index, value)
    else:
        result[index] += value
    return result


OPERATIONS = (
    linear(
        "get_item",
        "x[]",
        "x, index",
        _get_item_transpose,
        _get_item_types,
        "What `x[index]` reads.",
        operands=("x",),
        aliasing=_get_item_aliasing,
        backend=Domain.LAYOUT,
        broadcasts=True,
    ),
    linear(
        "set_item",
        "x[]=",
        "x, value, index",
        None,
        _set_item_types,
        "`x` with `value` stored at `index`.",
        operands=("x", "value"),
        transposes=_set_item_vjp,
        evaluate=_set_item,
        backend=Domain.LAYOUT,
    ),
    linear(
        "accumulate_at",
        "x[]+=",
        "x, value, index, repeats=False",
        None,
        _set_item_types,
        "`x` with `value` added at `index`; with `repeats`, once for every time an element is indexed.",
        operands=("x", "value"),
        transposes=_accumulate_at_vjp,
        evaluate=_accumulate_at,
        backend=Domain.LAYOUT,
    ),
    constant_almost_everywhere(
        "is_last_write",
        "gradscribe.runtime.indexing.is_last_write",
        "its result is bools",
        "Which of the values written at an index stay.",
        signature="x, index",
        operands=("x",),
        types=_mask_types,
        shape_only=frozenset({0}),
        backend=Domain.OPAQUE,
    ),
)
