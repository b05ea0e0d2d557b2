"""An array out of a list of known length, at an index that is known at run time only: `grids[k][0] = x`.

In:  the items and the index.   Out: the array, as one of several where that must be followed.
Not here: run-time lists (entries.py), what is done with such an array (alternatives.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.alternatives import versions
from gradscribe.frontend.joined_objects import MAX_ALTERNATIVES
from gradscribe.frontend.sharers import joined_roots, share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Alternatives, ArrayCell
from gradscribe.ir.graph import Value


def chosen_item(
    run: Lowering, node: cst.CSTNode, items: Sequence[Abstract], index: Value, content: Value
) -> ArrayCell:
    """The array at an index, which holds this now."""
    arrays = [item for item in items if isinstance(item, ArrayCell)]
    cells = list(dict.fromkeys(arrays))
    site = (run.context, id(node), "item")
    is_followed = run.learnt.chooses_all or site in run.learnt.choosing
    if is_followed and len(arrays) == len(items) and 1 < len(cells) <= MAX_ALTERNATIVES:
        # Out of this list, negative indices count from the end, and others raise, as they do in Python.
        numbers = [run.constant(cells.index(cell), node) for cell in arrays]
        listed = run.apply(node, "list_new", numbers)[0]
        which = run.apply(node, "list_get", (listed, index))[0]
        flags = [run.op(node, "eq", which, run.constant(k, node)) for k in range(len(cells) - 1)]
        chosen = Alternatives(tuple(cells), tuple(flags))
        found = ArrayCell(content, chosen=chosen, roots=joined_roots(*cells))
        run.heap[chosen], run.heap[found] = versions(run, chosen), content
        return found
    found = ArrayCell(content)
    found.roots = joined_roots(found, *arrays)
    found.sites = frozenset([site]).union(*(cell.sites for cell in arrays))
    share(run, found)
    return found
