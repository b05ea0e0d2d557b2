"""One item out of a list or tuple of known length, at an index that is known at run time only: `edges[k]`.

The item is taken apart: of a list of pairs it is a pair, of an item out of each of two columns. Arrays and lists
among its parts are the very objects that stand there, as in Python: `grids[k][0] = x`.

In:  the items and the index.   Out: the item; None where the items are not of one structure.
Not here: run-time lists (entries.py), what is done with an object that is one of several (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from gradscribe.frontend.alternatives import note_content
from gradscribe.frontend.entries import holds_itself, parts_of, taken_out
from gradscribe.frontend.joined_objects import is_few
from gradscribe.frontend.joins import instantiate, join_items
from gradscribe.frontend.labels import MAX_OPTIONS, choice_at, is_choosable
from gradscribe.frontend.operands import list_value, type_of
from gradscribe.frontend.sharers import hold, joined_roots, share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    Abstract,
    Alternatives,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Object,
    Static,
    TupleValue,
    is_literal,
    is_none,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import as_length
from gradscribe.ir.types import NONE, TEXT, ArrayType, OpaqueType, SequenceType, TupleType, Type
from gradscribe.ops.references import ReferenceType
from gradscribe.ops.table import lookup

Items = Sequence[Abstract]
T = TypeVar("T", ArrayCell, ListCell, DictCell | InstanceCell)


def item_at(run: Lowering, node: cst.CSTNode, items: Items, index: Value) -> Abstract | None:
    """The item at an index, as Python gives it: negative ones count from the end, and others raise."""
    chosen, items = _Chosen(run, node, index), [_taken_apart(item) for item in items]
    return chosen.item(items) if items and chosen.has(items) else None


def _taken_apart(item: Abstract) -> Abstract:
    """A tuple that is known now, as a tuple of its items."""
    known = item.value if isinstance(item, Static) else None
    return TupleValue(tuple(_taken_apart(Static(part)) for part in known)) if type(known) is tuple else item


def entry_type(run: Lowering, item: Abstract) -> Type | None:
    """The type of an item as an entry of a run-time list; None where it cannot be one, or is no data."""
    if holds_itself(run, item):
        return None
    held = parts_of(run, item)
    if held is not None:
        label, parts = held
        types = [entry_type(run, part) for part in parts]
        known = tuple(type_ for type_ in types if type_ is not None)
        return TupleType(known, label) if len(known) == len(types) else None
    if isinstance(item, ListCell):
        content = run.heap.get(item, item.initial)
        if isinstance(content, tuple):
            element = joined_type(run, content) if content else NONE
            return SequenceType(element) if element is not None else None
    if isinstance(item, Static) and isinstance(item.value, str):
        return TEXT
    found = type_of(run, item)
    is_known = not isinstance(found, OpaqueType) or found == TEXT or isinstance(found, ReferenceType)
    return found if is_known else None


def joined_type(run: Lowering, items: Iterable[Abstract]) -> Type | None:
    """The type of the entries of a list of these items, of which there is one; None where they have none."""
    first, *rest = (entry_type(run, item) for item in items)
    for other in rest:
        first = join_items(first, other) if first is not None and other is not None else None
    return first


@dataclass(frozen=True)
class _Chosen:
    """What stands at an index."""

    run: Lowering
    node: cst.CSTNode
    index: Value

    def has(self, items: Items) -> bool:
        """These are of one structure."""
        if all(map(is_choosable, items)):
            return True
        if any(holds_itself(self.run, item) for item in items):
            return False
        if any(map(is_none, items)):
            return self.has([item for item in items if not is_none(item)])
        if self._columns(items) is not None:
            return True
        is_single = isinstance(items[0], ListCell) or parts_of(self.run, items[0]) is None
        return is_single and joined_type(self.run, items) is not None

    def item(self, items: Items) -> Abstract:
        """What stands there, of items of one structure."""
        if all(map(is_choosable, items)) and not self._are_many_texts(items):
            found = choice_at(self.run, self.node, items, self.index)
            return found if len(found.options) > 1 else next(iter(found.options.values()))
        if any(map(is_none, items)):
            return self._optional(items)
        first, columns = items[0], self._columns(items)
        if isinstance(first, TupleValue) and self._is_written_down(items):
            listed = list_value(self.run, items, self.node)
            return taken_out(self.run, ListCell(listed), self._get(listed))
        if isinstance(first, ListCell):
            return self._list(items, columns)
        if columns is not None:
            return self._held_together(items, columns)
        value = self._get(list_value(self.run, items, self.node))
        return self._array(items, value) if isinstance(value.type, ArrayType) else self.run.wrap(value)

    def _get(self, listed: Value) -> Value:
        return self.run.apply(self.node, "list_get", (listed, self.index))[0]

    def _columns(self, items: Items) -> list[Items] | None:
        """The first parts of each item, the second parts, ..., where they are of one structure."""
        kinds = [self._taken_apart(item) for item in items]
        known = [kind for kind in kinds if kind is not None and kind[0] == (kinds[0] or kind)[0]]
        if len(known) < len(kinds):
            return None
        columns: list[Items] = [
            [_taken_apart(part) for part in column]
            for column in zip(*(parts for _, parts in known), strict=True)
        ]
        return columns if all(map(self.has, columns)) else None

    def _taken_apart(self, item: Abstract) -> tuple[object, Items] | None:
        """What an item is, and what it holds; None for what holds nothing, or not known what."""
        if isinstance(item, TupleValue):
            return (item.cls, item.names, len(item.items)), item.items
        if isinstance(item, ListCell):
            content = read_list(self.run, item, self.node)
            return ((list, len(content)), content) if isinstance(content, tuple) else None
        if isinstance(item, DictCell | InstanceCell):
            held = self._held(item)
            return (type(item), getattr(item, "cls", dict), tuple(held)), tuple(held.values())
        return None

    def _held(self, item: DictCell | InstanceCell) -> Mapping[object, Abstract]:
        if isinstance(item, DictCell):
            return read_dict(self.run, item, self.node)
        return {name: value for name, value in read_instance(self.run, item).items()}

    def _is_written_down(self, items: Items) -> bool:
        """Tuples of literals, alike."""
        types = [entry_type(self.run, item) for item in items]
        return all(type_ == types[0] for type_ in types) and all(map(_is_written, items))

    def _are_many_texts(self, items: Items) -> bool:
        texts = [item.value for item in items if isinstance(item, Static) and isinstance(item.value, str)]
        return len(texts) == len(items) and len(set(texts)) > MAX_OPTIONS

    def _optional(self, items: Items) -> Abstract:
        """What stands there, or None."""
        there = [not is_none(item) for item in items]
        flags = [self.run.constant(flag, self.node) for flag in there]
        given = self._get(self.run.apply(self.node, "list_new", flags)[0])
        filler = items[there.index(True)]
        found = self.item([filler if is_none(item) else item for item in items])
        return self.run.optional(found, given)

    def _held_together(self, items: Items, columns: Sequence[Items]) -> Abstract:
        """A tuple, or an object or dict that may be any of the items."""
        parts = tuple(map(self.item, columns))
        match items[0]:
            case TupleValue(cls=cls, names=names):
                return TupleValue(parts, cls, names)
            case DictCell() as first:
                found: DictCell | InstanceCell = DictCell(dict(zip(self._held(first), parts, strict=True)))
            case InstanceCell(cls=cls) as first:
                named = zip(self._held(first), parts, strict=True)
                found = InstanceCell(cls, {str(name): part for name, part in named})
            case _:
                raise AssertionError
        return self._as_object(items, found)

    def _list(self, items: Items, columns: Sequence[Items] | None) -> ListCell:
        cells = [item for item in items if isinstance(item, ListCell)]
        if columns is not None:
            found = ListCell(tuple(map(self.item, columns)))
        else:
            found = ListCell(self._get(self._list_of_lists(cells)))
        return self._as_object(items, found)

    def _list_of_lists(self, cells: Sequence[ListCell]) -> Value:
        """A run-time list of the lists, of which nothing is written to: each of them is followed by itself."""
        contents = [read_list(self.run, cell, self.node) for cell in cells]
        values = [
            content if isinstance(content, Value) else list_value(self.run, content, self.node)
            for content in contents
        ]
        joined = joined_type(self.run, cells)
        assert joined is not None
        type_ = SequenceType(instantiate(joined), as_length(len(values)))
        return self.run.builder.emit(lookup("list_new"), values, (type_,))[0]

    def _array(self, items: Items, content: Value) -> ArrayCell:
        return self._as_object(items, ArrayCell(content))

    def _as_object(self, items: Items, found: T) -> T:
        """An object that is one of the items, as far as these are objects."""
        run = self.run
        objects = [item for item in items if isinstance(item, Object)]
        cells = list(dict.fromkeys(objects))
        site = (run.context, id(self.node), "item")
        is_followed = run.learnt.chooses_all or site in run.learnt.choosing
        if is_followed and len(objects) == len(items) and len(cells) > 1 and is_few(cells):
            found.chosen, found.roots = self._alternatives(objects, cells), joined_roots(*cells)
            note_content(run, found, found.initial)
            return found
        found.roots = joined_roots(found, *cells)
        found.sites = frozenset([site]).union(*(cell.sites for cell in cells))
        share(run, found)
        if isinstance(found, ListCell):
            hold(run, found, cells)
        return found

    def _alternatives(self, objects: Sequence[Object], cells: Sequence[Object]) -> Alternatives:
        # Out of this list, negative indices count from the end, and others raise, as they do in Python.
        numbers = [self.run.constant(cells.index(cell), self.node) for cell in objects]
        which = self._get(self.run.apply(self.node, "list_new", numbers)[0])
        flags = [
            self.run.op(self.node, "eq", which, self.run.constant(k, self.node))
            for k in range(len(cells) - 1)
        ]
        return Alternatives(tuple(cells), tuple(flags))


def _is_written(item: Abstract) -> bool:
    return all(map(_is_written, item.items)) if isinstance(item, TupleValue) else is_literal(item)
