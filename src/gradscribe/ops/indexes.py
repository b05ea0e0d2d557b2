"""What an index selects: the shape of `x[index]`, and whether an element may be selected twice.

An index is a tuple template of ints, slices, None, Ellipsis, arrays and lists; `Input(k)` stands for a run-time
int or an index array.

In:  an index template and the types of the node's inputs.   Out: `Selection`.
Not here: the operations that read and write at an index (indexing.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import ONE, Length, as_length, at_least_zero, fresh, smaller
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, Type, broadcast_shapes, type_text
from gradscribe.ops.promotion import opaque_length
from gradscribe.ops.spec import Unsupported


@dataclass(frozen=True, slots=True)
class Selection:
    """What an index selects of an array.

    Attributes:
        shape: of the selection.
        is_scalar: every dimension is indexed by an int, so that reading gives a NumPy scalar.
        is_view: ints and slices only.
        repeats: an element may be selected more than once.
    """

    shape: tuple[Length, ...]
    is_scalar: bool
    is_view: bool
    repeats: bool


@dataclass(frozen=True, slots=True)
class _Array:
    """An index array: its shape, how many dimensions it consumes, whether its positions are known to differ."""

    shape: tuple[Length, ...]
    consumes: int = 1
    is_mask: bool = False
    is_int: bool = False
    is_distinct: bool = False


Item = _Array | slice | None | EllipsisType


def select(index: object, types: Sequence[Type], shape: tuple[Length, ...]) -> Selection:
    """What `index` selects of an array of this shape.

    Raises:
        Unsupported: an item is no valid index, or there are too many.
    """
    assert isinstance(index, tuple)
    items = [_read(item, types) for item in index]
    items = spread(items, len(shape))
    advanced = any(isinstance(item, _Array) and not item.is_int for item in items)
    kept: list[Length] = []
    arrays: list[_Array] = []
    places: list[int] = []
    positions: list[int] = []
    axis = 0
    for position, item in enumerate(items):
        if item is None:
            kept.append(ONE)
        elif isinstance(item, slice):
            kept.append(slice_length(item, types, shape[axis]))
            axis += 1
        else:
            assert isinstance(item, _Array)
            axis += item.consumes
            arrays.append(item)
            places.append(len(kept))
            positions.append(position)
    scalar = all(isinstance(item, _Array) and item.is_int for item in items) and Ellipsis not in _kinds(index)
    if not advanced:
        return Selection(tuple(kept), scalar, True, False)
    together = positions == list(range(positions[0], positions[0] + len(positions)))
    place = places[0] if together else 0
    chosen = broadcast_shapes(*(item.shape for item in arrays))
    chosen_by = [item for item in arrays if not item.is_int]
    repeats = not (len(chosen_by) == 1 and (chosen_by[0].is_mask or chosen_by[0].is_distinct))
    return Selection((*kept[:place], *chosen, *kept[place:]), False, False, repeats)


def selects_all(index: object) -> bool:
    """The index takes every element once, in order: full slices, `...` and new axes."""
    assert isinstance(index, tuple)
    return all(item is None or item is Ellipsis or is_full_slice(item) for item in index)


def is_full_slice(item: object) -> bool:
    """`:` as an item of an index."""
    return isinstance(item, slice) and (item.start, item.stop, item.step) == (None, None, None)


def _kinds(index: tuple[object, ...]) -> list[object]:
    return [item for item in index if item is Ellipsis]


def _read(item: object, types: Sequence[Type]) -> Item:
    if item is None or isinstance(item, slice | EllipsisType):
        return item
    if isinstance(item, Input):
        return _read_type(types[item.position])
    if isinstance(item, bool | np.bool_):
        return _of_array(np.dtype(bool), ())
    if isinstance(item, int | np.integer):
        return _Array((), is_int=True)
    if isinstance(item, list | tuple):
        return _read_list(item)
    if isinstance(item, np.ndarray):
        return _of_array(item.dtype, tuple(map(as_length, item.shape)))
    raise Unsupported(
        f"a {type(item).__name__} is used as an index", "index with ints, slices or arrays of them"
    )


def _read_type(type_: Type) -> _Array:
    if isinstance(type_, ScalarType) and type_.dtype.kind in "biu":
        return _of_array(type_.dtype, ())
    if isinstance(type_, ArrayType):
        return _of_array(type_.dtype, type_.shape)
    if isinstance(type_, SequenceType):
        return _Array((type_.length or fresh(),))
    raise Unsupported(
        f"a {type_text(type_)} is used as an index", "index with ints, slices or arrays of them"
    )


def _of_array(dtype: np.dtype, shape: tuple[Length, ...]) -> _Array:
    if dtype.kind == "b":
        return _Array((fresh(),), consumes=len(shape), is_mask=True)
    if dtype.kind in "iu":
        return _Array(shape, is_int=not shape)
    raise Unsupported(f"an array of {dtype} is used as an index", "convert it with .astype(int)")


def _read_list(items: Sequence[object]) -> _Array:
    if all(type(item) in (Input, int) for item in items):
        signs = {item >= 0 for item in items if isinstance(item, int)}
        literal = not any(isinstance(item, Input) for item in items)
        distinct = literal and len(signs) < 2 and len(set(items)) == len(items)
        return _Array((as_length(len(items)),), is_distinct=distinct)
    array = np.asarray(items)
    if array.dtype.kind not in "biu":
        raise Unsupported("a list that is no array of ints is used as an index", "make it an int array first")
    return _of_array(array.dtype, tuple(map(as_length, array.shape)))


def spread(items: Sequence[Any], ndim: int) -> list[Any]:
    """Put full slices for `...` and for the dimensions that the index does not mention."""
    used = sum(item.consumes if isinstance(item, _Array) else isinstance(item, slice) for item in items)
    if used > ndim:
        raise Unsupported(
            f"{used} indices for an array of {ndim} dimensions",
            "remove an index, or check the number of dimensions",
        )
    places = [position for position, item in enumerate(items) if item is Ellipsis]
    place = places[0] if places else len(items)
    fill = [slice(None)] * (ndim - used)
    return [*items[:place], *fill, *(item for item in items[place:] if item is not Ellipsis)]


def slice_length(part: slice, types: Sequence[Type], length: Length) -> Length:
    """The length of `x[part]` along a dimension of this length, in normal form where there is one.

    `u[2:]`, `u[1:-1]` and `u[:-2]` all give max(0, n - 2).
    """
    step = _bound(part.step, types)
    start, stop = _bound(part.start, types), _bound(part.stop, types)
    if part.step is not None and (step is None or step.constant is None):
        return fresh()
    stride = 1 if step is None or step.constant is None else step.constant
    bounds = [None if bound is None else bound.constant for bound in (start, stop)]
    given = [part.start is not None, part.stop is not None]
    if length.constant is not None and all(b is not None for b, g in zip(bounds, given, strict=True) if g):
        return as_length(len(range(*slice(bounds[0], bounds[1], stride).indices(length.constant))))
    if stride < 0:
        return _ceil_divided(length, -stride) if given == [False, False] else fresh()
    forward = _forward_length(start, stop, given, length)
    return fresh() if forward is None else _ceil_divided(forward, stride)


def _forward_length(
    start: Length | None, stop: Length | None, given: list[bool], length: Length
) -> Length | None:
    """Length of a slice of step 1, None where the sign of a bound is not known."""
    low = _from_front(start, length) if given[0] else (as_length(0), True)
    high = _from_front(stop, length) if given[1] else (length, True)
    if low is None or high is None:
        return None
    # A bound is (offset, True) from the front or (k, False) for -k from the end.
    if low[1] and high[1]:
        end = smaller(high[0], length) if given[1] else length
        return at_least_zero(end - low[0])
    if low[1]:
        return at_least_zero(length - high[0] - low[0])
    if high[1]:
        return smaller(length, low[0]) if not given[1] else None
    return at_least_zero(smaller(length, low[0]) - smaller(length, high[0]))


def _from_front(bound: Length | None, length: Length) -> tuple[Length, bool] | None:
    if bound is None:
        return None
    if bound.constant is not None:
        return (bound, True) if bound.constant >= 0 else (bound * -1, False)
    # n - 1 and n - 2 mean the same as -1 and -2, also where they are negative (NumPy clips); n - 3 does not.
    back = (length - bound).constant
    if back in (1, 2):
        return as_length(back), False
    return (bound, True) if at_least_zero(bound) == bound else None


def _bound(bound: object, types: Sequence[Type]) -> Length | None:
    if isinstance(bound, Input):
        type_ = types[bound.position]
        if not isinstance(type_, ScalarType) or type_.dtype.kind not in "iu":
            raise Unsupported(f"a {type_text(type_)} is used as a slice bound", "convert it with int(...)")
        return type_.length
    return as_length(int(bound)) if isinstance(bound, int | np.integer) else None


def _ceil_divided(length: Length, step: int) -> Length:
    if step == 1:
        return length
    if length.constant is not None:
        return as_length(-(-length.constant // step))
    return opaque_length("ceil_divide", length, step)
