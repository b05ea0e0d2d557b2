"""`a is b` of arrays, containers and objects of user classes.

Of an object that a run-time condition chose, the conditions that chose it say which one it is.

In:  two values.   Out: whether they are one object: known now, or a run-time bool; a refusal.
Not here: numbers, None and what else has no identity that is followed (conditions.py).
"""

from __future__ import annotations

from functools import reduce

import libcst as cst

from gradscribe.frontend.activations import PASSED
from gradscribe.frontend.alternatives import follow_choices, over_alternatives
from gradscribe.frontend.entries import growing_loops
from gradscribe.frontend.identities import shares
from gradscribe.frontend.references import class_referred_to, one_row
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import (
    Abstract,
    Alternatives,
    Cell,
    Closure,
    Number,
    Object,
    Static,
    TupleValue,
)
from gradscribe.frontend.writing_out import write_out


def identical(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    """Whether two values are one object."""
    if left is right:
        return Static(True)
    if class_referred_to(left) is not None or class_referred_to(right) is not None:
        return one_row(run, node, left, right)
    if _is_not_followed(left, right):
        raise run.refusal(
            node,
            "GS127",
            "two tuples or functions are compared with `is`",
            why="which of them are one object is not followed, only what they hold",
            fix="compare tuples with `==`, or keep a flag beside them",
        )
    if not isinstance(left, Object) or not isinstance(right, Object) or type(left) is not type(right):
        return Static(False)
    if left.chosen is not None:
        return _one_of_them(run, node, left, left.chosen, right)
    if right.chosen is not None:
        return identical(run, node, right, left)
    run.given.compare(left, right)
    if not may_be_one(run, left, right):
        return Static(False)
    follow_choices(run, left.sites | right.sites)
    loops = (loop for root in (*left.roots, *right.roots) for loop in growing_loops(root))
    write_out(run, (*loops, *run.loops))
    raise run.refusal(
        node,
        "GS127",
        "whether these are the same object depends on what ran before",
        why="one of them comes from a branch, a loop, a list or a recursive call",
        fix="compare what made them differ instead",
    )


def surely_one(left: Abstract, right: Abstract) -> bool:
    """They are known to be one object, as Python asks of items before it asks whether they are equal."""
    if isinstance(left, Number) and isinstance(right, Number):
        return left.value is right.value
    if isinstance(left, Static) and isinstance(right, Static):
        return left.value is right.value
    return left is right


def _is_not_followed(left: Abstract, right: Abstract) -> bool:
    """They may be one tuple, or one function made inside, of which only the parts are known."""
    if isinstance(left, Closure) and isinstance(right, Closure):
        return left.function is right.function
    if not isinstance(left, TupleValue) or not isinstance(right, TupleValue):
        return False
    return len(left.items) == len(right.items) and left.cls is right.cls


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


def may_be_one(run: Lowering, left: Cell, right: Cell) -> bool:
    """Whether two things may be one object."""
    if left.chosen is not None or right.chosen is not None:
        return True
    if left.roots & right.roots or shares(run, left, right) or shares(run, right, left):
        return True
    if _is_in_a_joined_list(left) or _is_in_a_joined_list(right):
        return True
    return _was_there_before(left, right) or _was_there_before(right, left)


def _is_in_a_joined_list(cell: Cell) -> bool:
    """It stands in a list of which a branch left one or another: what was put into them is not known of it."""
    holder = cell.place.holder if cell.place is not None else None
    return holder is not None and (holder.joined is not None or len(holder.roots) > 1)


def _was_there_before(one: Cell, other: Cell) -> bool:
    """An earlier iteration, or a call of a recursive function, may have made the one what the other one is.

    That was there before this iteration or call.
    """
    return any(_comes_in(a) and (_comes_in(b) or b.serial < a.serial) for a in one.roots for b in other.roots)


def _comes_in(root: Cell) -> bool:
    return root.handed_on or root.argument == PASSED
