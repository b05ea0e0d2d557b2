"""Entries of one run-time list that change places: `a[i], a[j] = a[j], a[i]`.

Stored one after the other, an array or list would stand in two places for a moment, and whether it still does
afterwards is not followed. Where the places that are read are those that are written, nothing is there twice.

In:  targets and the entries they get.   Out: the new content of the list; whether this was such an exchange.
Not here: other assignments (targets.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.derived import is_attached
from gradscribe.frontend.indexing import subscript_key
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list, write_list
from gradscribe.frontend.syntax import walk
from gradscribe.frontend.values import Abstract, ArrayCell, ListCell, Number, Place, is_literal
from gradscribe.ir.graph import Value


def exchanged(
    run: Lowering, node: cst.CSTNode, elements: Sequence[cst.BaseElement], items: Sequence[Abstract]
) -> bool:
    """Let entries of a list change places, if that is what this assignment does."""
    places = [item.place for item in items if isinstance(item, ArrayCell | ListCell)]
    targets = [element.value for element in elements]
    if len(places) != len(targets) or not all(map(_is_plain, targets)):
        return False
    known = [place for place in places if place is not None]
    attached = all(is_attached(item, run.heap) for item in items if isinstance(item, ArrayCell | ListCell))
    if not known or not attached or len({place.holder for place in known}) != 1:
        return False
    holder = known[0].holder
    keys = _keys(run, targets, holder)
    if keys is None or not _same_places(run, known, keys):
        return False
    parts = [as_value(run, item, node) for item in items]
    content = read_list(run, holder, node)
    for key, part in zip(keys, parts, strict=True):
        assert isinstance(content, Value)
        content = run.apply(node, "list_set", (content, key, part))[0]
    write_list(run, holder, content)
    return True


def _is_plain(target: cst.BaseExpression) -> bool:
    """`name[index]`, whose index calls nothing: it is the same before the other stores as after them."""
    if not isinstance(target, cst.Subscript) or not isinstance(target.value, cst.Name):
        return False
    return not any(isinstance(part, cst.Call | cst.NamedExpr) for part in walk(target))


def _keys(run: Lowering, targets: Sequence[cst.BaseExpression], holder: ListCell) -> list[Value] | None:
    """The index of each target, if all are entries of this list."""
    found: list[Value] = []
    for target in targets:
        assert isinstance(target, cst.Subscript)
        if run.evaluate(run, target.value) is not holder:
            return None
        key = subscript_key(run, target)
        if not isinstance(key, Number) and not is_literal(key):
            return None
        found.append(as_value(run, key, target))
    return found


def _same_places(run: Lowering, places: Sequence[Place], keys: Sequence[Value]) -> bool:
    remaining = [place.index for place in places]
    for key in keys:
        match = next((k for k, index in enumerate(remaining) if _same_number(run, index, key)), None)
        if match is None:
            return False
        del remaining[match]
    return True


def _same_number(run: Lowering, left: Value, right: Value) -> bool:
    """The same value, or computed alike from the same values."""
    if left is right:
        return True
    known = run.builder.literal(left), run.builder.literal(right)
    if None not in known:
        return known[0] == known[1]
    a, b = run.makers.get(left), run.makers.get(right)
    if a is None or b is None or a.op is not b.op or a.attrs != b.attrs or len(a.inputs) != len(b.inputs):
        return False
    return all(_same_number(run, x, y) for x, y in zip(a.inputs, b.inputs, strict=True))
