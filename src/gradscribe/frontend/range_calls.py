"""`range(...)` of ints, known now or at run time.

In:  a call.   Out: a range.
Not here: what is asked of ranges (ranges.py), loops over them (iteration.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from gradscribe.frontend.attempts import refuse_where_caught
from gradscribe.frontend.operands import describe, type_of
from gradscribe.frontend.operators import static_result
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Number, RangeValue, Static
from gradscribe.ir.types import ScalarType


def range_call(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """`range(...)` of ints."""
    if all(isinstance(arg, Static) for arg in args):
        return static_result(run, node, range, *(arg.value for arg in args if isinstance(arg, Static)))
    for arg in args:
        found = type_of(run, arg)
        if not isinstance(found, ScalarType) or found.dtype.kind not in "iu":
            raise run.refusal(
                node,
                "GS140",
                f"{describe(run, arg)} is passed to `range`",
                why="it takes ints",
                fix="use int(...)",
            ).of([arg.value] if isinstance(arg, Number) else [])
    if len(args) == 3 and not isinstance(args[2], Static):
        refuse_where_caught(
            run,
            node,
            ValueError,
            "`range` with a step of run time in a `try` that catches ValueError is outside the supported subset",
            "a step of zero would be found where the range is gone over",
            "make the range before the `try`, or test the step with `if`",
        )
    bounds = {1: (Static(0), args[0], Static(1)), 2: (*args, Static(1)), 3: tuple(args)}[len(args)]
    return RangeValue(*bounds)
