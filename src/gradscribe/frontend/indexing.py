"""Indices: reading `x[index]`, and what an index of an assignment means.

In:  subscripts.   Out: values; index templates with their run-time inputs.
Not here: storing (targets.py), shapes of selections (ops/indexes.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import EnumMeta
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.alternatives import over_alternatives
from gradscribe.frontend.choices import as_key, has_chosen, over_chosen_key
from gradscribe.frontend.chosen_items import item_at, joined_type
from gradscribe.frontend.dict_items import dict_item
from gradscribe.frontend.entries import entry, require_known_entries
from gradscribe.frontend.index_tricks import index_trick, is_trick
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.lacking import no_items
from gradscribe.frontend.operands import as_value, describe, present, resolved, type_of
from gradscribe.frontend.optional import any_either, array_of
from gradscribe.frontend.optional_keys import has_optional, over_optional_key, slice_of
from gradscribe.frontend.ranges import range_item, range_of
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import (
    read_array,
    read_list,
    root_of,
)
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    TupleValue,
    is_none,
    known_int,
)
from gradscribe.frontend.views import Index, basic_view
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import ArrayType, ScalarType, SequenceType, Type, kind_of, shape_of


class IndexReader:
    """Collects the run-time inputs of one index."""

    def __init__(self, run: Lowering) -> None:
        self.run = run
        self.inputs: list[Value] = []

    def read(self, value: Abstract, node: cst.CSTNode) -> object:
        """The template of one item."""
        value = present(self.run, value, node)
        match value:
            case Static(value=found) if isinstance(found, slice):
                return found
            case Static(value=range() as found):
                return self._range((Static(found.start), Static(found.stop), Static(found.step)), node)
            case RangeValue(start=start, stop=stop, step=step):
                return self._range((start, stop, step), node)
            case Static(value=found):
                return self._static(found, node)
            case SliceValue(start=start, stop=stop, step=step):
                parts = [self._bound(part, node) for part in (start, stop, step)]
                return slice(*parts)
            case TupleValue(items=items):
                return [self.read(item, node) for item in items]
            case ListCell():
                content = read_list(self.run, value, node)
                if isinstance(content, tuple):
                    return [self.read(item, node) for item in content]
                return self.input(content)
            case Number() | ArrayCell():
                return self.input(as_value(self.run, value, node))
        raise self.run.refusal(
            node,
            "GS202",
            f"{describe(self.run, value)} is used as an index",
            why="an array is indexed with ints, slices, `None`, `...`, or arrays of ints or bools",
            fix="use one of these",
        )

    def _range(self, bounds: tuple[Abstract, ...], node: cst.CSTNode) -> object:
        """NumPy makes an array of a range."""
        shortest = bounds[1:2] if known_int(bounds[0]) == 0 and known_int(bounds[2]) == 1 else bounds
        return self.read(self.run.call(self.run, node, Static(np.arange), shortest, {}), node)

    def _static(self, found: object, node: cst.CSTNode) -> object:
        if found is None or found is Ellipsis or isinstance(found, int | np.integer | bool):
            return found
        raise self.run.refusal(
            node,
            "GS202",
            f"{found!r} is used as an index",
            why="an array is indexed with ints, slices, `None`, `...`, or arrays of ints or bools",
            fix="use one of these",
        )

    def _bound(self, value: Abstract, node: cst.CSTNode) -> object:
        if isinstance(value, Static):
            return value.value
        return self.input(as_value(self.run, value, node))

    def input(self, value: Value) -> Input:
        """A placeholder for a run-time value."""
        self.inputs.append(value)
        return Input(len(self.inputs) - 1)


def subscript(run: Lowering, node: cst.Subscript) -> Abstract:
    """`owner[index]`."""
    owner = run.evaluate(run, node.value)
    key = subscript_key(run, node)
    return item_of(run, node, owner, key)


def subscript_key(run: Lowering, node: cst.Subscript) -> Abstract:
    """The value between the brackets."""
    items = [_element(run, element) for element in node.slice]
    is_tuple = len(items) > 1 or isinstance(node.slice[-1].comma, cst.Comma)
    return TupleValue(tuple(items)) if is_tuple else items[0]


def _element(run: Lowering, element: cst.SubscriptElement) -> Abstract:
    part = element.slice
    if isinstance(part, cst.Index):
        return run.evaluate(run, part.value)
    assert isinstance(part, cst.Slice)
    bounds = [
        resolved(run, run.evaluate(run, bound), bound) if bound is not None else Static(None)
        for bound in (part.lower, part.upper, part.step)
    ]
    return slice_of(*bounds)


def item_of(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract) -> Abstract:
    """`owner[key]` of any kind of value."""
    if isinstance(owner, MaybeNone) and any_either((owner,)):
        owner = array_of(run, node, owner, no_items(owner.otherwise, key))
    owner, key = present(run, owner, node), resolved(run, key, node)
    if has_optional(key):
        return over_optional_key(run, node, key, lambda known: item_of(run, node, owner, known))
    key = as_key(run, owner, key)
    if has_chosen(owner, key):
        return over_chosen_key(run, node, owner, key, lambda a, b: item_of(run, node, a, b))
    match owner:
        case ArrayCell():
            return array_item(run, node, owner, array_index(run, node, key))
        case TupleValue(items=items):
            if _homogeneous(run, items, key):
                return _stacked_item(run, node, items, key)
            return sequence_item(run, node, items, key, TupleValue)
        case ListCell():
            return _list_item(run, node, owner, key)
        case DictCell():
            return dict_item(run, node, owner, key)
        case ShapeValue(array=array):
            return _shape_item(run, node, array, key)
        case Static(value=tuple() | list() as found) if _homogeneous(run, tuple(map(Static, found)), key):
            return _stacked_item(run, node, tuple(map(Static, found)), key)
        case Static(value=range() as found) if isinstance(key, SliceValue):
            return range_item(run, node, range_of(found), key)
        case Static(value=found) if isinstance(found, str | tuple | list | dict | range | bytes):
            return _static_item(run, node, found, key)
        case InstanceCell(cls=cls):
            found = find_in_class(cls, "__getitem__")
            return run.call(run, node, Static(found), (owner, key), {})
        case Number(value=number) if _is_numpy_scalar(number.type) and _is_empty_tuple(key):
            return owner
        case RangeValue():
            return range_item(run, node, owner, key)
        case Static(value=type() as found):
            return _class_item(owner, found, key)
        case Static(value=found) if is_trick(found):
            return index_trick(run, node, found, key)
    raise run.refusal(
        node,
        "GS202",
        f"{describe(run, owner)} is indexed",
        why="it has no items",
        fix="index an array or a container",
        raises=no_items(owner, key),
    )


def _is_numpy_scalar(type_: Type) -> bool:
    """A number of NumPy, which has a method for each of an array's."""
    return isinstance(type_, ScalarType) and not type_.python


def _is_empty_tuple(key: Abstract) -> bool:
    """`x[()]`: the number that an array without dimensions holds."""
    return isinstance(key, TupleValue) and not key.items


def _class_item(owner: Static, found: Any, key: Abstract) -> Static:
    """A member of an enum by its name; any other class with parameters is the class."""
    if isinstance(found, EnumMeta) and isinstance(key, Static) and key.value in found.__members__:
        return Static(found.__members__[str(key.value)])
    return owner


def array_index(run: Lowering, node: cst.CSTNode, key: Abstract) -> Index:
    """The index that a key means for an array."""
    reader = IndexReader(run)
    items = key.items if isinstance(key, TupleValue) else (key,)
    template = tuple(reader.read(item, node) for item in items)
    return Index(template, tuple(reader.inputs))


def array_item(run: Lowering, node: cst.CSTNode, array: ArrayCell, index: Index) -> Abstract:
    """`array[index]`: a view for a basic index, an element, or a copy."""
    view = array.view
    if view is not None and view.index is not None and index.is_element:
        outer = Index(*view.index)
        # x[i][j] is x[i, j]: an element read this way costs an element, not a row.
        if outer.is_element and isinstance(view.base, ArrayCell):
            return array_item(run, node, view.base, outer.followed_by(index))
    if array.chosen is not None and index.is_element:
        return over_alternatives(run, node, array, lambda one: array_item(run, node, one, index))
    content = read_array(run, array, node)
    attrs = {"index": shift(index.template, 1)}
    value = run.apply(node, "get_item", (content, *index.inputs), attrs)[0]
    if not index.is_basic or not isinstance(value.type, ArrayType) or array.is_flat:
        return run.wrap(value)
    return basic_view(node, array, index, content, value)


def sequence_item(
    run: Lowering,
    node: cst.CSTNode,
    items: Sequence[Abstract],
    key: Abstract,
    kind: type[TupleValue | ListCell],
) -> Abstract:
    """An item or a slice of a sequence of known length."""
    if isinstance(key, Static) and isinstance(key.value, slice):
        return kind(tuple(items[key.value]))
    if isinstance(key, SliceValue):
        bounds = [
            run.static_int(node, part, "a bound of this slice") if not is_none(part) else None
            for part in (key.start, key.stop, key.step)
        ]
        return kind(tuple(items[slice(*bounds)]))
    try:
        position = run.static_int(node, key, "the index into this tuple or list")
    except Refusal:
        if not isinstance(key, Number) or kind_of(key.value.type) not in "biu":
            raise
        if not items:
            raise _out_of_range(run, node, "this index", items, kind) from None
        found = item_at(run, node, items, key.value)
        if found is None:
            raise _several_kinds(run, node, items, kind) from None
        return found
    if not -len(items) <= position < len(items):
        raise _out_of_range(run, node, f"index {position}", items, kind)
    return resolved(run, items[position], node)


def _out_of_range(
    run: Lowering, node: cst.CSTNode, index: str, items: Sequence[Abstract], kind: type[TupleValue | ListCell]
) -> Exception:
    return run.refusal(
        node,
        "GS141",
        f"{index} is out of range: there are {len(items)} items",
        why="this raises IndexError",
        fix="correct the index",
        raises=IndexError(f"{'tuple' if kind is TupleValue else 'list'} index out of range"),
    )


def _several_kinds(
    run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], kind: type[TupleValue | ListCell]
) -> Exception:
    name = "tuple" if kind is TupleValue else "list"
    kinds = list(dict.fromkeys(describe(run, item) for item in items))
    what = f"is {' or '.join(kinds)}" if 1 < len(kinds) < 4 else "is one of several of which not all is alike"
    return run.refusal(
        node,
        "GS125",
        f"the item of this {name} {what}, depending on an index that is computed at run time",
        why="what follows is written once, for a value of one kind",
        fix=f"let all items be of one kind, tuples of one length, or keep what differs in a {name} of its own",
    )


def _list_item(run: Lowering, node: cst.CSTNode, owner: ListCell, key: Abstract) -> Abstract:
    content = read_list(run, owner, node)
    if isinstance(content, tuple):
        stacked = _homogeneous(run, content, key)
        return (
            _stacked_item(run, node, content, key)
            if stacked
            else sequence_item(run, node, content, key, ListCell)
        )
    if isinstance(key, SliceValue) or (isinstance(key, Static) and isinstance(key.value, slice)):
        run.prefer_static(owner)
        return run.slice_list(run, node, owner, key)
    assert isinstance(content.type, SequenceType)
    require_known_entries(run, node, content)
    index = as_value(run, key, node)
    # A number in a list of lists: its cotangent is added to there, not to a list of its own.
    root = root_of(run, owner) if isinstance(content.type.element, ScalarType) else None
    outermost, path = root or (content, ())
    value = run.apply(node, "list_get", (outermost, *path, index))[0]
    return entry(run, owner, content, index, value)


def _homogeneous(run: Lowering, items: Sequence[Abstract], key: Abstract) -> bool:
    """A list of numbers, arrays or run-time lists, indexed by a run-time int that no loop can make static."""
    if not isinstance(key, Number) or not items:
        return False
    wanted = run.origins.get(key.value, frozenset())
    if any(loop.key in wanted and loop.can_unroll for loop in run.loops):
        return False
    return all(type_of(run, item) is not None for item in items) and joined_type(run, items) is not None


def _stacked_item(run: Lowering, node: cst.CSTNode, items: tuple[Abstract, ...], key: Abstract) -> Abstract:
    found = item_at(run, node, items, as_value(run, key, node))
    assert found is not None
    return found


def _shape_item(run: Lowering, node: cst.CSTNode, array: Value, key: Abstract) -> Abstract:
    ndim = len(shape_of(array.type))
    if isinstance(key, Static) and isinstance(key.value, slice):
        return TupleValue(tuple(dimension(run, node, array, axis) for axis in range(ndim)[key.value]))
    axis = run.static_int(node, key, "the axis")
    if not -ndim <= axis < ndim:
        raise run.refusal(
            node,
            "GS141",
            f"index {axis} is out of range: the array has {ndim} dimensions",
            why="this raises IndexError",
            fix="correct the index",
        )
    return dimension(run, node, array, axis)


def dimension(run: Lowering, node: cst.CSTNode | None, array: Value, axis: int) -> Abstract:
    """The length of one dimension, known now where the type says it."""
    length = shape_of(array.type)[axis].constant
    if length is not None and not run.loops:
        return Static(length)
    # In a loop a node notes that the length was read: where an iteration leaves another one, it does not hold.
    asked = run.apply(node, "dimension", (array,), {"axis": axis} if axis else {})[0]
    return Number(asked) if length is None else Static(length)


def shape_items(run: Lowering, node: cst.CSTNode | None, shape: ShapeValue) -> list[Abstract]:
    """All lengths."""
    return [dimension(run, node, shape.array, axis) for axis in range(len(shape_of(shape.array.type)))]


def _static_item(run: Lowering, node: cst.CSTNode, owner: object, key: Abstract) -> Abstract:
    found: object
    if isinstance(key, Static):
        found = key.value
    else:
        found = run.static_int(node, key, "this index")
    try:
        return Static(owner[found])  # type: ignore[index]
    except (IndexError, KeyError, TypeError) as error:
        raise run.refusal(
            node,
            "GS141",
            f"this raises {type(error).__name__}: {error}",
            why="both are known before the function runs",
            fix="correct the index",
        ) from None
