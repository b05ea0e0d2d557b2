"""`itertools.count()` as an object that holds how far it has come: for `next(numbers)` in loops and branches.

It counts for `zip` and its kin as long as nothing else is asked of it. Then lowering starts again, and makes it an
object (ops/written/counting.py).

In:  calls of `count`, and iterators that are asked for an item where they were not made.   Out: objects; refusals.
Not here: other iterators (iterators.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.operands import type_of
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Iterated, Static
from gradscribe.ir.types import ScalarType
from gradscribe.ops.written.counting import Counting

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Handler = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]


def counting(iterator: Handler) -> Handler:
    """The handler of `count`, given the one that makes an iterator of it."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        types = [type_of(run, arg) for arg in (*args, *kwargs.values())]
        is_float = any(isinstance(type_, ScalarType) and type_.dtype.kind == "f" for type_ in types)
        if is_float or id(node) in run.learnt.counters:
            return run.call(run, node, Static(Counting), args, kwargs)
        return iterator(run, node, args, kwargs)

    return handler


def hold_the_count(run: Lowering, iterator: Iterated) -> None:
    """If this one counts, start again: it is an object then."""
    if iterator.kind == "count" and iterator.made_at not in run.learnt.counters:
        run.learnt.counters.add(iterator.made_at)
        raise Restart(None)


def of_all_calls(run: Lowering, node: cst.CSTNode) -> Exception:
    """The refusal of `next` of an iterator that stands in a module, a closure or an argument."""
    return run.refusal(
        node,
        "GS127",
        "`next` of an iterator that was made outside of the function",
        why="each call of the function would go on where the one before has stopped",
        fix="make the iterator in the function, or pass the item as an argument",
    )


def made_elsewhere(run: Lowering, node: cst.CSTNode, iterator: Iterated) -> Exception:
    """The refusal of `next` where it is not known how far an iterator has come."""
    hold_the_count(run, iterator)
    return run.refusal(
        node,
        "GS127",
        "`next` of an iterator that was made outside of this branch or loop",
        why="how far it has come depends on what ran before",
        fix="keep the items in a list, and their position in an int",
    )
