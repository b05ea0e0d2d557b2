"""What functions that are written out in Python ask of the compiler.

In:  calls.   Out: abstract values.
Not here: which functions these are (written_out.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.equal_items import same_item
from gradscribe.frontend.lists import at_run_time
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import NOTHING, Abstract, ListCell, Static
from gradscribe.ops.written import lists as written

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def _at_run_time(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    if isinstance(args[0], ListCell):
        at_run_time(run, node, args[0])
    return NOTHING


def _same(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return Static(same_item(run, node, *args))


WRITTEN_CALLS: Mapping[object, Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]] = {
    written.at_run_time: _at_run_time,
    written.same: _same,
}
