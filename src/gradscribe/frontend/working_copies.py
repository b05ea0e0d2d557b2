"""Sets, and dicts that are asked at run time, which the function of an inner derivative changes.

    def g(y):                       The derivative works on a copy of `seen`: outside it is as it was, as arrays
        seen.add(3)                 and lists are, which the heap holds (derivatives.py). Sets and the places of
        return y * len(seen)        keys are objects of the generated code, and are copied there.
    a = gs.grad(g)(x)

In:  the block of the function, and the values outside that it is run on.   Out: what to run it on instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.references import parts_of_type
from gradscribe.frontend.run_time_changes import changed_by, is_made
from gradscribe.frontend.state import Lowering
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.walk import walk
from gradscribe.ops import places


def working_copies(run: Lowering, node: cst.CSTNode, block: Block, outside: Sequence[Value]) -> list[Value]:
    """The values, with copies of the sets and dicts among them that the block may change."""
    changed = {type_ for inner in walk(block) for type_ in changed_by(run, inner)}
    if any(
        changed.intersection(parts_of_type(value.type)) and value.type not in changed for value in outside
    ):
        raise run.refusal(
            node,
            "GS127",
            "a set or dict in a list of run-time length may be changed by the function of a derivative",
            why="a derivative works on a copy of what its function changes, and the list would have to be copied",
            fix="change a copy, which the function makes",
        )
    affected = [value for value in outside if value.type in changed]
    for value in affected:
        same = [other for other in affected if other.type == value.type]
        if len(same) > 1 and not (len(set(same)) == len(same) and all(is_made(run, other) for other in same)):
            raise run.refusal(
                node,
                "GS133",
                "sets or dicts that may be one object are used by the derivative of a function that changes them",
                why="each is an object of its own there: what is changed in one would not be seen in the other",
                fix="pass a copy of one of them, or use it once",
            )
    return [_copy(run, node, value) if value.type in changed else value for value in outside]


def _copy(run: Lowering, node: cst.CSTNode, value: Value) -> Value:
    if value.type == places.PLACES:
        (copy,) = run.apply(node, "copy_of_places", (value,))
    else:
        (copy,) = run.apply(node, "copy_of_set", (value,), {"item": run.learnt.set_items[value.type]})
    name_value(copy, value.hint)
    return copy
