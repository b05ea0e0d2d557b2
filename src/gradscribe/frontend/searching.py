"""Consumers that take the items of a generator until one is what they look for, and nothing is done behind it.

    next(k for k in count(1) if f(k) > c)       k = 1
                                                while not f(k) > c:
                                                    k += 1

In:  generators, and generator expressions with conditions.   Out: the item, or whether there is one.
Not here: consumers that take all items, iterators that are computed ahead (generators.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.branches import choose
from gradscribe.frontend.conditions import inverse, truth
from gradscribe.frontend.folds import leaving_where
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.state import Flow, Lowering, Variables
from gradscribe.frontend.stepping import LEFT, can_step, step_through
from gradscribe.frontend.storage import read_instance, write_mapping
from gradscribe.frontend.values import NOTHING, Abstract, InstanceCell, Iterated, MaybeUnbound, Static
from gradscribe.ir.graph import Value

FOUND, VALUE = "found", "value"


def can_search(run: Lowering, node: cst.CSTNode, value: Abstract) -> bool:
    """This iterator can be left half way, and computing all items ahead would be seen, or in vain."""
    if not isinstance(value, Iterated) or value in run.used_up or value in run.remaining:
        return False
    if id(node) not in run.learnt.stepwise and not (value.is_long and _is_given(node)):
        return False
    return value.search is not None or can_step(value)


def _is_given(node: cst.CSTNode) -> bool:
    """A generator expression that nobody else has."""
    return isinstance(node, cst.Call) and isinstance(node.args[0].value, cst.GeneratorExp)


def asked_again(run: Lowering, node: cst.CSTNode) -> Exception:
    """The refusal of `next` where an iterator was gone over, or left half way by a search."""
    return run.refusal(
        node,
        "GS127",
        "`next` of an iterator that was consumed before, or left at the first of its items",
        why="what it does between its items is seen, and where it goes on after the first is not followed",
        fix="go over it once, with a `for` statement, or keep what it computes: `items = list(...)`",
    )


def first_found(
    run: Lowering, node: cst.CSTNode, iterator: Iterated, default: Sequence[Abstract]
) -> Abstract:
    """`next(iterator)` or `next(iterator, default)`."""
    found, item = _first(run, node, iterator)
    if found is True:
        return item
    if isinstance(found, bool):
        if not default:
            raise bad_call(run, node, "there is no first item")
        return default[0]
    if default:
        return choose(run, node, found, lambda: item, lambda: default[0])
    raise_if(run, node, inverse(run, found, node), StopIteration, ())
    return item


def _first(run: Lowering, node: cst.CSTNode, value: Abstract) -> tuple[Value | bool, Abstract]:
    """Whether there is an item, and the first one."""
    left = InstanceCell(Variables, {FOUND: Static(False)})

    def take(item: Abstract) -> Flow:
        write_mapping(run, left, FOUND, Static(True))
        write_mapping(run, left, VALUE, item)
        return LEFT

    step_through(run, node, value, take)
    content = read_instance(run, left)
    item = content.get(VALUE, NOTHING)
    return truth(run, content[FOUND], node), item.value if isinstance(item, MaybeUnbound) else item


def exists(run: Lowering, node: cst.CSTNode, value: Abstract, wanted: bool) -> Abstract:
    """`wanted` if the truth of some item is, which is the last one that is asked for."""
    left = InstanceCell(Variables, {FOUND: Static(not wanted)})

    def leave() -> Flow:
        write_mapping(run, left, FOUND, Static(wanted))
        return LEFT

    def look(item: Abstract) -> Flow:
        return leaving_where(run, node, truth(run, item, node), wanted, leave)

    step_through(run, node, value, look)
    return read_instance(run, left)[FOUND]
