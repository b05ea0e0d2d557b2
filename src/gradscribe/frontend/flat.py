"""`x.flat`: the elements of an array in C order, whatever its layout. A store into it is one into the array.

In:  arrays.   Out: views whose slices are copies, as NumPy has it.
Not here: `ravel`, which is a view or a copy by the layout (table_calls.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import new_view, read_array
from gradscribe.frontend.stores import WHOLE
from gradscribe.frontend.values import ArrayCell, View
from gradscribe.frontend.views import set_item
from gradscribe.ir.graph import Value
from gradscribe.ops.shapes import reshape_like


def flat_of(run: Lowering, node: cst.CSTNode, array: ArrayCell) -> ArrayCell:
    """`array.flat`."""

    def again(run: Lowering, base: Value) -> Value:
        return run.apply(node, "ravel", (base,))[0]

    def write_back(run: Lowering, base: Value, part: Value) -> Value:
        # Stored as a whole, the array keeps its layout.
        return set_item(run, node, base, reshape_like(run.builder, part, base), WHOLE)

    content = read_array(run, array, node)
    flat = new_view(array, View(array, content, again, write_back), again(run, content))
    flat.is_flat = True
    return flat
