"""`a is b` of arrays, containers and objects of user classes.

Of an object that a run-time condition chose, the conditions that chose it say which one it is.

In:  two values.   Out: whether they are one object: known now, or a run-time bool; a refusal.
Not here: numbers, None and what else has no identity that is followed (conditions.py).
"""

from __future__ import annotations

from functools import reduce

import libcst as cst

from gradscribe.frontend.alternatives import follow_choices, over_alternatives
from gradscribe.frontend.entries import growing_loops
from gradscribe.frontend.identities import shares
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Alternatives, Cell, Number, Object, Static
from gradscribe.frontend.writing_out import write_out


def identical(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    """Whether two values are one object."""
    if left is right:
        return Static(True)
    if not isinstance(left, Object) or not isinstance(right, Object) or type(left) is not type(right):
        return Static(False)
    if left.chosen is not None:
        return _one_of_them(run, node, left, left.chosen, right)
    if right.chosen is not None:
        return identical(run, node, right, left)
    if not _may_be_one(run, left, right):
        return Static(False)
    follow_choices(run, left.sites | right.sites)
    loops = (loop for root in (*left.roots, *right.roots) for loop in growing_loops(root))
    write_out(run, (*loops, *run.loops))
    raise run.refusal(
        node,
        "GS127",
        "whether these are the same object depends on what ran before",
        why="one of them comes from a branch, a loop or a list",
        fix="compare what made them differ instead",
    )


def _one_of_them(
    run: Lowering, node: cst.CSTNode, left: Object, chosen: Alternatives, right: Object
) -> Abstract:
    """Whether an object that was chosen is another one."""
    if right.chosen is not None:
        return over_alternatives(run, node, left, lambda one: identical(run, node, one, right))
    found = [identical(run, node, one, right) for one in chosen.cells]
    last = _is_true(found[-1])
    # What is said of the last one, which has no flag, is said of all but these.
    others = [flag for flag, same in zip(chosen.flags, found, strict=False) if _is_true(same) is not last]
    if not others:
        return Static(last)
    result = reduce(lambda one, two: run.op(node, "bool_or", one, two), others)
    return Number(run.negated(node, result) if last else result)


def _is_true(value: Abstract) -> bool:
    """True, known now."""
    return isinstance(value, Static) and value.value is True


def _may_be_one(run: Lowering, left: Cell, right: Cell) -> bool:
    return bool(left.roots & right.roots) or shares(run, left, right) or shares(run, right, left)
