"""Functions that consume: `prod`, `min`, `max`, `any`, `all`, `reduce`.

In:  abstract iterables.   Out: abstract results; None where the table of operations answers instead.
Not here: `sum` (sums.py), keys and sorting (ordering.py), loops (folds.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.branches import choose
from gradscribe.frontend.conditions import truth
from gradscribe.frontend.entries import require_known_entries
from gradscribe.frontend.folds import fold, search
from gradscribe.frontend.generators import check_partial
from gradscribe.frontend.iteration import Counted, Items, iterable, trip_count
from gradscribe.frontend.iterators import first_and_rest
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.operators import binary, static_result
from gradscribe.frontend.ordering import extreme_by_key
from gradscribe.frontend.searching import can_search, exists
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.table_calls import apply_operation
from gradscribe.frontend.values import Abstract, ArrayCell, InstanceCell, ListCell, Number, Static, TupleValue
from gradscribe.ir.types import shape_of
from gradscribe.ops.table import find_callable

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
COMPARED = InstanceCell | TupleValue | ListCell
"""Of these the one that is greater is taken, as it is; of numbers, the maximum."""
Builtin = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]


def prod_of(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`math.prod(items, start=...)` of anything but an array."""
    if isinstance(args[0], ArrayCell):
        return None
    start = kwargs.get("start", Static(1))
    return fold(
        run, node, iterable(run, node, args[0]), start, lambda a, b: binary(run, node, "Multiply", a, b)
    )


def _of_nothing(function: Callable[..., Any]) -> Exception:
    """What `min` or `max` raises of an empty list."""
    try:
        function(())
    except ValueError as error:
        return error
    raise AssertionError


def extreme_of(function: Callable[..., Any]) -> Builtin:
    """The handler of `min` or `max`."""
    operator = "GreaterThan" if function is max else "LessThan"

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if "key" in kwargs:
            return extreme_by_key(run, node, args, kwargs, operator)
        given = args[0] if args else None
        if len(args) == 1:
            found = iterable(run, node, args[0])
            if isinstance(found, Counted):
                return nonempty(run, node, found, kwargs)
            args = found.items
        if not args:
            if "default" not in kwargs and isinstance(given, ListCell):
                require_known_entries(run, node, read_list(run, given, node), _of_nothing(function))
            return kwargs.get("default")
        return functools.reduce(larger(run, node), args)

    def nonempty(run: Lowering, node: cst.CSTNode, found: Counted, kwargs: Kwargs) -> Abstract:
        if "default" not in kwargs:
            first, others = first_and_rest(run, node, found, lambda: function(()))
            return fold(run, node, others, first, larger(run, node))
        condition = truth(
            run, binary(run, node, "GreaterThan", trip_count(run, node, found), Static(0)), node
        )
        if isinstance(condition, bool):
            return nonempty(run, node, found, {}) if condition else kwargs["default"]
        return choose(run, node, condition, lambda: nonempty(run, node, found, {}), lambda: kwargs["default"])

    def larger(run: Lowering, node: cst.CSTNode) -> Callable[[Abstract, Abstract], Abstract]:
        entry = find_callable(function)
        assert entry is not None

        def combine(left: Abstract, right: Abstract) -> Abstract:
            if isinstance(left, Static) and isinstance(right, Static):
                return static_result(run, node, function, left.value, right.value)
            if isinstance(left, COMPARED) or isinstance(right, COMPARED):
                condition = truth(run, binary(run, node, operator, right, left), node)
                if isinstance(condition, bool):
                    return right if condition else left
                return choose(run, node, condition, lambda: right, lambda: left)
            return apply_operation(run, node, *entry, [left, right], {})

        return combine

    return handler


def any_or_all(is_any: bool) -> Builtin:
    """The handler of `any` or `all`."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if isinstance(args[0], ArrayCell) and len(shape_of(args[0].initial.type)) == 1:
            outcome = run.call(run, node, Static(np.any if is_any else np.all), (args[0],), {})
            return run.call(run, node, Static(bool), (outcome,), {})
        if can_search(run, node, args[0]):
            return exists(run, node, args[0], is_any)
        found = iterable(run, node, args[0])
        check_partial(run, node, found)
        if isinstance(found, Counted):
            return search(run, node, found, lambda item: truth(run, item, node), is_any)
        if callable(found.content):
            return _found_by_turns(run, node, found, is_any, 0)
        result: Abstract = Static(not is_any)
        for item in found:
            condition = truth(run, item, node)
            if isinstance(condition, bool):
                if condition is is_any:
                    return Static(is_any)
            elif isinstance(result, Static):
                result = Number(condition)
            else:
                name = "bool_or" if is_any else "bool_and"
                result = Number(run.apply(node, name, (as_value(run, result, node), condition))[0])
        return result

    return handler


def _found_by_turns(run: Lowering, node: cst.CSTNode, found: Items, is_any: bool, place: int) -> Abstract:
    """`any` or `all` of items from this one on, of which none is computed behind the one that decides."""
    item = found.at(place)
    if item is None:
        return Static(not is_any)
    condition = truth(run, item, node)

    def others() -> Abstract:
        return _found_by_turns(run, node, found, is_any, place + 1)

    if isinstance(condition, bool):
        return Static(is_any) if condition is is_any else others()
    ways = (lambda: Static(True), others) if is_any else (others, lambda: Static(False))
    return choose(run, node, condition, *ways)


def reduce_of(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`functools.reduce(function, items, start)`."""
    function, sequence, *initial = args
    found = iterable(run, node, sequence)
    if not initial:
        first, found = first_and_rest(run, node, found, lambda: functools.reduce(max, ()))
        initial = [first]
    return fold(run, node, found, initial[0], lambda a, b: run.call(run, node, function, (a, b), {}))
