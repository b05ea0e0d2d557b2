"""Assignment into arrays: at an index, or as a whole.

In:  arrays, indices and values.   Out: new contents of arrays.
Not here: which syntax assigns (targets.py), functions that write (inplace_calls.py).
"""

from __future__ import annotations

import libcst as cst
import numpy as np

from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, write_array
from gradscribe.frontend.values import Abstract, ArrayCell, Number, Static
from gradscribe.frontend.views import Index, set_item
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import dtype_of, kind_of, shape_of

WHOLE = Index((Ellipsis,), ())


def store_in_array(run: Lowering, node: cst.CSTNode, array: ArrayCell, index: Index, value: Abstract) -> None:
    """`array[index] = value`."""
    view = array.view
    if view is not None and view.index is not None and index.is_element:
        outer = Index(*view.index)
        if outer.is_element:
            store_in_array(run, node, view.base, outer.followed_by(index), value)
            return
    content = read_array(run, array, node)
    part = as_value(run, value, node)
    if array.is_flat:
        part = _repeated(run, node, content, index, part)
    if kind_of(part.type) == "c" and kind_of(content.type) != "c":
        raise run.refusal(
            node,
            "GS202",
            "a complex value is stored in a real array",
            why="NumPy drops the imaginary part",
            fix="store `value.real`, or make the array complex",
        )
    made = set_item(run, node, content, part, index)
    name_value(made, content.hint)
    write_array(run, array, made, node)


def _repeated(run: Lowering, node: cst.CSTNode, content: Value, index: Index, part: Value) -> Value:
    """What is stored into `x.flat`: items in C order, from the first again when there are too few."""
    attrs = {"index": shift(index.template, 1)}
    target = run.apply(node, "get_item", (content, *index.inputs), attrs)[0]
    if not shape_of(part.type) or shape_of(part.type) == shape_of(target.type):
        return part
    length = run.apply(node, "dimension", (target,))[0]
    made = run.call(run, node, Static(np.resize), (run.wrap(part), Number(length)), {})
    return as_value(run, made, node)


def store_whole(run: Lowering, node: cst.CSTNode, array: ArrayCell, value: Abstract) -> None:
    """`array[...] = value`."""
    store_in_array(run, node, array, WHOLE, value)


def check_cast(run: Lowering, node: cst.CSTNode, given: Value, wanted: Value, what: str) -> None:
    """NumPy writes results into arrays of the same kind only."""
    have, into = dtype_of(given.type), dtype_of(wanted.type)
    if not np.can_cast(have, into, "same_kind"):
        raise run.refusal(
            node,
            "GS202",
            f"{what} stores {have} in an array of {into}",
            why="NumPy refuses: it would lose the fraction",
            fix="make the array a float one: `x = x.astype(float)`",
        )
