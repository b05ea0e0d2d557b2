"""Lists whose places hold None until something is put there: `memo = [None] * n`.

Such a list is a list as others are, of items that are known. Where that is refused, because places or their number
are known at run time only, lowering starts again, and makes it an object that knows which places are filled
(ops/written/partly_filled.py).

In:  refusals; `[None] * n`.   Out: a restart; such objects.
Not here: what may be None elsewhere (optional.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.operands import FILLED
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import Abstract, InstanceCell, ListCell, Static, is_none
from gradscribe.ops.written.partly_filled import PartlyFilled


def fill_partly(run: Lowering, refusals: list[Refusal]) -> list[Refusal]:
    """Start again if a list of None was refused; the refusals to report, if that was tried."""
    learnt = run.learnt
    if learnt.without_places:
        return learnt.without_places
    if any(refusal.diagnostic.fix == FILLED for refusal in refusals):
        learnt.without_places = refusals
        learnt.loops.clear()
        raise Restart(None)
    return refusals


def list_of_none(run: Lowering, node: cst.CSTNode, items: ListCell, count: Abstract) -> Abstract | None:
    """`[None] * count` as an object that knows which places are filled, where that is asked."""
    content = read_list(run, items, node) if run.learnt.without_places else None
    if not isinstance(content, tuple) or len(content) != 1 or not is_none(content[0]):
        return None
    return run.call(run, node, Static(PartlyFilled), (count,), {})


def as_list(run: Lowering, node: cst.CSTNode, given: Abstract) -> Abstract:
    """The list of what stands in the places, none of which is left; anything else as it is."""
    if isinstance(given, InstanceCell) and given.cls is PartlyFilled:
        return run.call(run, node, Static(PartlyFilled.items), (given,), {})
    return given
