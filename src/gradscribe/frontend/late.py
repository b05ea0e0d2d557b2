"""Leaves of names that a loop only hands out.

In:  a value at the end of an iteration, and the one before the loop if there is one.   Out: the shape of the
name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from gradscribe.frontend.carried_choices import late_alternatives, late_choice
from gradscribe.frontend.carried_optionals import as_flag, is_optional
from gradscribe.frontend.followed import late_part
from gradscribe.frontend.joins import join_types
from gradscribe.frontend.labels import as_choice, is_choosable, joined_options, same_static
from gradscribe.frontend.leaves import Key, Mismatch
from gradscribe.frontend.made_functions import joined_function
from gradscribe.frontend.merged_optionals import numbers_apart, parts_of
from gradscribe.frontend.operands import as_value, describe, list_value
from gradscribe.frontend.sharers import hold_converted
from gradscribe.frontend.slots import Slots
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_again
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Cell,
    Choice,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    Static,
    Tainted,
    Text,
    TupleValue,
    is_literal,
    is_text,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import type_text

Inside = Callable[[], AbstractContextManager[None]]


def late_shape(
    run: Lowering, slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key, hint: str
) -> Abstract:
    """The value as later iterations would see it: each number, array and run-time list a parameter."""
    end = end.value if isinstance(end, MaybeUnbound) else end
    chosen = late_choice(slots, inside, end, entry, key, hint)
    if chosen is not None:
        return chosen
    if isinstance(end, MaybeNone) or (entry is not None and is_optional(entry, end)):
        return _optional(run, slots, inside, end, entry, key, hint)
    if isinstance(end, Static) and isinstance(entry, Static) and same_static(end, entry):
        return end
    if isinstance(end, Number | ArrayCell | Text) or is_literal(end):
        return _leaf(run, slots, inside, end, entry, key, hint)
    function = joined_function(
        end, entry, lambda part, last, first: _kept(run, slots, inside, last, first, (*key, part), "")
    )
    if function is not None:
        return function
    is_chosen = isinstance(end, Choice) or (entry is not None and entry is not end and is_choosable(end))
    if is_chosen and (entry is None or is_choosable(entry)):
        return _choice(run, slots, inside, end, entry, key, hint)
    if entry is not None and type(entry) is not type(end):
        raise Mismatch(key, describe(run, entry), describe(run, end))
    match end:
        case TupleValue(items=items):
            before = entry.items if isinstance(entry, TupleValue) else (None,) * len(items)
            if len(before) != len(items):
                raise Mismatch(key, f"a tuple of {len(before)}", f"a tuple of {len(items)}")
            parts = zip(items, before, strict=True)
            made = [late_shape(run, slots, inside, a, b, (*key, k), "") for k, (a, b) in enumerate(parts)]
            return replace(end, items=tuple(made))
        case ListCell() | DictCell() | InstanceCell():
            return _cell(run, slots, inside, end, entry, key, hint)
        case _:
            if entry is not None and entry is not end:
                raise Mismatch(key, describe(run, entry), describe(run, end))
            return end


def _optional(
    run: Lowering, slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key, hint: str
) -> Abstract:
    apart = numbers_apart(end, entry)
    last, other, given = parts_of(end, apart)
    first, other_first, given_first = parts_of(entry, apart)
    before = None if entry is None else as_flag(slots, given_first)
    with inside():
        after = as_flag(slots, given)
    flag = slots.late((*key, "given"), before, after, f"has_{hint}" if hint else "")
    value = _kept(run, slots, inside, last, first, key, hint)
    otherwise = _kept(run, slots, inside, other, other_first, (*key, "otherwise"), "")
    return run.optional(value, flag.param, otherwise)


def _kept(
    run: Lowering,
    slots: Slots,
    inside: Inside,
    end: Abstract | None,
    entry: Abstract | None,
    key: Key,
    hint: str,
) -> Abstract:
    """What iterations leave; where none of them leaves this, what was there before the loop is all there is."""
    if end is None:
        return entry if entry is not None else NOTHING
    return late_shape(run, slots, inside, end, entry, key, hint)


def _choice(
    run: Lowering, slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key, hint: str
) -> Abstract:
    before = as_choice(run, entry) if entry is not None else None
    with inside():
        last = as_choice(run, end)
    options = joined_options(*(part for part in (before, last) if part is not None))
    if options is None:
        raise Mismatch(key, describe(run, entry or end), describe(run, end))
    leaf = slots.late(key, before.label if before is not None else None, last.label, hint)
    return Choice(leaf.param, options)


def _leaf(
    run: Lowering, slots: Slots, inside: Inside, end: Abstract, entry: Abstract | None, key: Key, hint: str
) -> Abstract:
    before: Value | None = None
    if entry is not None:
        if not isinstance(entry, Number | ArrayCell) and not is_literal(entry) and not is_text(entry):
            raise Mismatch(key, describe(run, entry), describe(run, end))
        before = as_value(run, entry, slots.node)
    with inside():
        result = as_value(run, end, slots.node)
    if before is not None and join_types(before.type, result.type) is None:
        raise Mismatch(key, type_text(before.type), type_text(result.type))
    leaf = slots.late(key, before, result, hint or result.hint)
    if not isinstance(end, ArrayCell):
        return Number(leaf.param)
    part = late_part(slots, inside, end, entry, leaf.param, key, hint)
    if part is None and slots.run.learnt.follows and end.chosen is None:
        part = late_alternatives(slots, inside, end, entry, key, hint)
    if part is not None:
        return part  # type: ignore[return-value]
    cell = ArrayCell(leaf.param)
    slots.made.add(cell)
    return cell


def _cell(
    run: Lowering,
    slots: Slots,
    inside: Inside,
    end: ListCell | DictCell | InstanceCell,
    entry: Abstract | None,
    key: Key,
    hint: str,
) -> Abstract:
    with inside():
        read_again(run, end, None)
        content = run.heap.get(end, end.initial)
    if isinstance(entry, Cell):
        read_again(run, entry, None)
    before = run.heap.get(entry, entry.initial) if isinstance(entry, type(end)) else None
    made: object
    unknown = next((part for part in (content, before) if isinstance(part, Tainted)), None)
    if unknown is not None:
        made = unknown
    elif isinstance(content, tuple) and (
        before is None or (isinstance(before, tuple) and len(before) == len(content))
    ):
        old: tuple[Abstract | None, ...] = before or (None,) * len(content)
        made = tuple(
            late_shape(run, slots, inside, a, b, (*key, k), "")
            for k, (a, b) in enumerate(zip(content, old, strict=True))
        )
    elif isinstance(content, Mapping):
        known = before if isinstance(before, Mapping) else {}
        if before is not None and list(known) != list(content):
            raise Mismatch(key, f"the keys {list(known)}", f"the keys {list(content)}")
        made = {
            name: late_shape(run, slots, inside, item, known.get(name), (*key, name), "")
            for name, item in content.items()
        }
    else:
        made = _run_time(run, slots, inside, content, before, key, hint)
    cell: ListCell | DictCell | InstanceCell
    if isinstance(end, ListCell):
        cell = ListCell(made, end.name, frozen=len(key) > 2)  # type: ignore[arg-type]
    elif isinstance(end, DictCell):
        cell = DictCell(made, frozen=len(key) > 2)  # type: ignore[arg-type]
    else:
        cell = InstanceCell(end.cls, made, end.origin, frozen=len(key) > 2)  # type: ignore[arg-type]
    slots.made.add(cell)
    hold_converted(run, cell, content, made)
    return cell


def _run_time(
    run: Lowering, slots: Slots, inside: Inside, content: object, before: object, key: Key, hint: str
) -> Value:
    old = list_value(run, before, slots.node) if isinstance(before, tuple) else before
    with inside():
        new = list_value(run, content, slots.node) if isinstance(content, tuple) else content
    assert isinstance(new, Value) and (old is None or isinstance(old, Value))
    return slots.late(key, old, new, hint).param
