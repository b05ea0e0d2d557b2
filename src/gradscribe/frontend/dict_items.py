"""Entries of dicts whose keys are known while lowering: which of them a key means.

In:  dicts and keys.   Out: values; keys as Python objects.
Not here: dicts that are asked at run time (keyed.py), storing (targets.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.chosen_items import item_at, joined_type
from gradscribe.frontend.keyed import learn_keyed, place_of, prefer_keyed
from gradscribe.frontend.operands import resolved
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import keys_there, read_dict, read_entry
from gradscribe.frontend.values import Abstract, DictCell, Static, Text, TupleValue


def dict_item(run: Lowering, node: cst.CSTNode, owner: DictCell, key: Abstract) -> Abstract:
    """`owner[key]`."""
    chosen = _one_of_them(run, node, owner, key) if not isinstance(key, Static) else None
    if chosen is not None:
        return chosen
    wanted = dict_key(run, node, key, owner)
    found = read_entry(run, owner, wanted, node)
    if found is None:
        raise run.refusal(
            node,
            "GS141",
            f"the dict has no key {wanted!r}",
            why="this raises KeyError",
            fix=f"its keys are {', '.join(map(repr, keys_there(run, owner)))}",
            raises=KeyError(wanted),
        )
    return resolved(run, found, node)


def _one_of_them(run: Lowering, node: cst.CSTNode, owner: DictCell, key: Abstract) -> Abstract | None:
    """One of values that are no data, functions or objects, by a key that is known at run time only."""
    content = run.heap.get(owner, owner.initial)
    values = list(content.values()) if isinstance(content, Mapping) else []
    if not values or joined_type(run, values) is not None:
        return None
    try:
        known_key(run, node, key)
    except Refusal:
        entries = read_dict(run, owner, node)
        place = place_of(run, node, list(entries), key)
        return item_at(run, node, list(entries.values()), place) if place is not None else None
    return None


def dict_key(run: Lowering, node: cst.CSTNode, key: Abstract, owner: DictCell) -> object:
    """A key, which must be known now; a dict that the function makes is made again, to be asked at run time."""
    prefer_keyed(run, owner, key)
    try:
        return known_key(run, node, key)
    except Refusal:
        learn_keyed(run, owner.made_at)
        raise


def known_key(run: Lowering, node: cst.CSTNode, key: Abstract) -> object:
    """A key, which must be known now."""
    if isinstance(key, Static):
        return _hashable(run, node, key.value)
    if isinstance(key, TupleValue):
        return tuple(known_key(run, node, item) for item in key.items)
    if isinstance(key, Text):
        return "".join(_known_text(run, node, part) for part in key.parts)
    try:
        return run.static_int(node, key, "the key of this dict")
    except Refusal as refusal:
        fix = "keep the values in an array or list, and use the key as the index: `totals[key] += value`"
        raise Refusal(refusal.error, replace(refusal.diagnostic, fix=fix)) from None


def _hashable(run: Lowering, node: cst.CSTNode, key: object) -> object:
    try:
        hash(key)
    except TypeError as error:
        title = f"this raises TypeError: {error}"
        why, fix = "the key changes when its items do", "make a tuple or a frozenset of it"
        raise run.refusal(node, "GS141", title, why=why, fix=fix, raises=error) from None
    return key


def _known_text(run: Lowering, node: cst.CSTNode, part: str | tuple[Abstract, str, str]) -> str:
    """A part of an f-string that is a key: the ints in it must be known now."""
    if isinstance(part, str):
        return part
    value, conversion, spec = part
    number = run.static_int(node, value, "what is part of the key of this dict")
    return format(ascii(number) if conversion else number, spec)
