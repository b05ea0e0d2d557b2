"""Values that are an array without dimensions on some ways and a number on others.

They read alike, so that they are one value. `p += 1` changes the array in place, and binds the name to another
number: which of the two is asked at run time.

In:  cells.   Out: whether they are such.
Not here: `op=` (optional.py, targets.py), ints and floats of different classes (type_queries.py), arrays with
dimensions (merged_optionals.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, ArrayCell
from gradscribe.ir.graph import Value
from gradscribe.ir.types import shape_of


def is_array_or_number(run: Lowering, cell: Abstract) -> bool:
    """Whether it is known at run time only if this is an array or a number."""
    if not isinstance(cell, ArrayCell) or cell.view is not None:
        return False
    content = run.heap.get(cell, cell.initial)
    return isinstance(content, Value) and content in run.mixed and shape_of(content.type) == ()


def is_array(run: Lowering, node: cst.CSTNode, cell: Abstract) -> Value:
    """Whether what is an array or a number is an array, at run time."""
    return run.op(node, "is_array", content_of(run, cell))


def content_of(run: Lowering, cell: Abstract) -> Value:
    """What is an array or a number."""
    assert isinstance(cell, ArrayCell)
    content = run.heap.get(cell, cell.initial)
    assert isinstance(content, Value)
    return content


def in_place_refusal(run: Lowering, node: cst.CSTNode | None) -> Refusal:
    """A write into what is an array on some ways and a number on others."""
    return run.refusal(
        node,
        "GS122",
        "this writes in place to what is an array on some ways and a number on others",
        why="an array is changed, and a number is not",
        fix="make it an array on every way: `p = np.array(p)`",
    )
