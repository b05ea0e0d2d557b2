"""Items of containers of known length: each is looked up when it is asked for, as Python does.

    for v in values:                        The second item is what stands there once the body has been lowered
        values[2] = values[2] + v           for the first one.

In:  list and dict cells.   Out: what gives their items, one after the other; which containers are gone over.
Not here: lists whose length is known at run time only (iteration.py).
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from gradscribe.frontend.entries import entry
from gradscribe.frontend.interleaving import gone_over
from gradscribe.frontend.iterables import At, Over
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    Abstract,
    DictCell,
    DictView,
    InstanceCell,
    Iterated,
    ListCell,
    Static,
    TupleValue,
)
from gradscribe.ops.written import keyed
from gradscribe.ops.written.containers import Deque, Entries
from gradscribe.ops.written.keyed import KeyedDict
from gradscribe.ops.written.sets import RunTimeSet


def list_items(run: Lowering, node: cst.CSTNode, owner: ListCell, length: int) -> At:
    """The items of a list of this length, which may change on the way where that is followed."""
    known = length

    def at(place: int) -> Abstract | None:
        nonlocal known
        content = read_list(run, owner, node)
        if isinstance(content, tuple):
            known = len(content)
            return content[place] if place < known else None
        # A loop or a run-time index has made it a run-time list meanwhile.
        if any(one.changed for one in gone_over(run, owner)):
            raise changes_length(run, node)
        if place >= known:
            return None
        position = run.constant(place, node)
        return entry(run, owner, content, position, run.apply(node, "list_get", (content, position))[0])

    return at


def changes_length(run: Lowering, node: cst.CSTNode) -> Exception:
    """The refusal of a list of which it is not known how many items are left."""
    return run.refusal(
        node,
        "GS127",
        "this list changes its length while a loop goes over it",
        why="the loop would go over the new items too",
        fix="loop over a copy: `for item in items[:]`, or use `while`",
    )


def dict_items(run: Lowering, node: cst.CSTNode, owner: DictCell, method: str = "keys") -> At:
    """The keys, values or items of a dict, whose keys must stay what they are."""
    keys = tuple(read_dict(run, owner, node))

    def at(place: int) -> Abstract | None:
        content = read_dict(run, owner, node)
        if tuple(content) != keys:
            raise run.refusal(
                node,
                "GS127",
                "this dict gets other keys while it is gone over",
                why="Python raises RuntimeError at the next item",
                fix="go over a list of its keys: `for key in list(d):`",
            )
        if place >= len(keys):
            return None
        key = keys[place]
        if method == "keys":
            return Static(key)
        return content[key] if method == "values" else TupleValue((Static(key), content[key]))

    return at


def containers_in(run: Lowering, value: Abstract) -> list[Over]:
    """The lists, dicts and sets that a loop over this value goes over."""
    match value:
        case Iterated(kind=kind, parts=parts) if kind != "reversed":
            return [found for part in parts for found in containers_in(run, part)]
        case InstanceCell(cls=cls) if (part := part_gone_over(cls)) is not None:
            found = containers_in(run, read_instance(run, value)[part])
            return [replace(one, may_change=False) for one in found]
        case DictView(owner=owner):
            return [Over(owner)]
        case ListCell() | DictCell():
            return [Over(value)]
        case InstanceCell(cls=cls) if cls is RunTimeSet:
            return [Over(value)]
        case _:
            return []


def part_gone_over(cls: type) -> str | None:
    """The attribute of an object of ours that a loop over the object goes over."""
    return next((part for kinds, part in PARTS if issubclass(cls, kinds)), None)


PARTS = (
    (KeyedDict, "entered"),
    (Entries, "entries"),
    ((keyed.Items, keyed.Kept), "owner"),
    (Deque, "items"),
)
