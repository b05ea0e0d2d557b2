"""`np.r_`, `np.c_`, `np.s_`, `np.mgrid` and their kin: objects that are called by indexing them.

In:  what stands between the brackets.   Out: the call that means the same, or the index itself.
Not here: indices of arrays (indexing.py), what a grid is (grids.py).
"""

from __future__ import annotations

import libcst as cst
import numpy as np

from gradscribe.frontend.grids import full_grid, open_grid
from gradscribe.frontend.operands import describe, type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, ListCell, SliceValue, Static, TupleValue, is_none, is_slice
from gradscribe.ir.types import ArrayType, ScalarType

TRICKS = (np.r_, np.c_, np.s_, np.index_exp, np.mgrid, np.ogrid)


def is_trick(value: object) -> bool:
    """Whether indexing this object is a call."""
    return any(value is trick for trick in TRICKS)


def index_trick(run: Lowering, node: cst.CSTNode, trick: object, key: Abstract) -> Abstract:
    """What `trick[key]` is."""
    items = _items(key)
    if trick is np.mgrid or trick is np.ogrid:
        grid = full_grid if trick is np.mgrid else open_grid
        return grid(run, node, items, is_tuple=not is_slice(key))
    if trick is np.s_:
        return key
    if trick is np.index_exp:
        return TupleValue(tuple(items))
    name, function = ("np.r_", np.concatenate) if trick is np.r_ else ("np.c_", np.column_stack)
    parts = [_part(run, node, item, name) for item in items]
    _refuse_narrow(run, node, parts, name)
    if trick is np.r_:
        parts = [run.call(run, node, Static(np.atleast_1d), (part,), {}) for part in parts]
    return run.call(run, node, Static(function), (ListCell(tuple(parts)),), {})


def _items(key: Abstract) -> list[Abstract]:
    if isinstance(key, TupleValue):
        return list(key.items)
    if isinstance(key, Static) and isinstance(key.value, tuple):
        return [Static(item) for item in key.value]
    return [key]


def _part(run: Lowering, node: cst.CSTNode, item: Abstract, name: str) -> Abstract:
    """An array or number; a slice stands for the numbers that it counts."""
    if isinstance(item, Static) and isinstance(item.value, slice):
        bounds = item.value
        return _counted(run, node, Static(bounds.start), Static(bounds.stop), Static(bounds.step), name)
    if isinstance(item, SliceValue):
        return _counted(run, node, item.start, item.stop, item.step, name)
    if isinstance(item, Static) and isinstance(item.value, str):
        raise _refused(
            run, node, f"the directive {item.value!r} of `{name}`", "call np.concatenate with an axis"
        )
    return item


def _counted(
    run: Lowering, node: cst.CSTNode, start: Abstract, stop: Abstract, step: Abstract, name: str
) -> Abstract:
    first = Static(0) if is_none(start) else start
    if isinstance(step, Static) and isinstance(step.value, complex):
        return run.call(run, node, Static(np.linspace), (first, stop, Static(int(abs(step.value)))), {})
    rest = () if is_none(step) else (step,)
    return run.call(run, node, Static(np.arange), (first, stop, *rest), {})


def _refuse_narrow(run: Lowering, node: cst.CSTNode, parts: list[Abstract], name: str) -> None:
    """NumPy lets Python numbers take the dtype of narrow arrays here, joining arrays of them does not."""
    types = [type_of(run, part) for part in parts]
    narrow = any(
        isinstance(t, ArrayType) and t.dtype in (np.float32, np.float16, np.complex64) for t in types
    )
    python = any(isinstance(t, ScalarType) and t.python for t in types)
    if narrow and python:
        found = next(part for part, t in zip(parts, types, strict=True) if isinstance(t, ScalarType))
        raise _refused(
            run,
            node,
            f"{describe(run, found)} in `{name}` beside arrays of less precision",
            "convert it first",
        )


def _refused(run: Lowering, node: cst.CSTNode, what: str, fix: str) -> Exception:
    return run.refusal(node, "GS204", f"{what} is not supported", why="it has another meaning", fix=fix)
