"""Functions that write into an array they are given.

In:  arguments.   Out: a new content of the array.
Not here: assignment at an index (targets.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.indexing import Index, array_index, set_item
from gradscribe.frontend.operands import as_value, describe
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, write_array
from gradscribe.frontend.values import NOTHING, Abstract, ArrayCell
from gradscribe.ir.template import shift

WHOLE = Index((Ellipsis,), ())


def ufunc_at(run: Lowering, node: cst.CSTNode, ufunc: np.ufunc, args: Sequence[Abstract]) -> Abstract:
    """`np.add.at(x, index, value)` and `np.subtract.at`."""
    if ufunc not in (np.add, np.subtract) or len(args) != 3:
        raise run.refusal(
            node,
            "GS132",
            f"`np.{ufunc.__name__}.at` is not supported",
            why="only sums can be accumulated",
            fix="use np.add.at or np.subtract.at",
        )
    array = written(run, node, args[0])
    index = array_index(run, node, args[1])
    value = as_value(run, args[2], node)
    if ufunc is np.subtract:
        value = run.op(node, "neg", value)
    content = read_array(run, array, node)
    attrs = {"index": shift(index.template, 2), "repeats": True}
    write_array(run, array, run.apply(node, "accumulate_at", (content, value, *index.inputs), attrs)[0], node)
    return NOTHING


def copy_to(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`np.copyto(x, value)`."""
    if kwargs or len(args) != 2:
        return None
    array = written(run, node, args[0])
    store_whole(run, node, array, args[1])
    return NOTHING


def store_whole(run: Lowering, node: cst.CSTNode, array: ArrayCell, value: Abstract) -> None:
    """`array[...] = value`."""
    content = read_array(run, array, node)
    write_array(run, array, set_item(run, node, content, as_value(run, value, node), WHOLE), node)


def written(run: Lowering, node: cst.CSTNode, value: Abstract) -> ArrayCell:
    """The array that is written to."""
    if isinstance(value, ArrayCell):
        return value
    raise run.refusal(
        node,
        "GS131",
        f"this writes into {describe(run, value)}",
        why="only arrays are written into",
        fix="pass an array",
    )
