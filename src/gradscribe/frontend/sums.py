"""`sum(...)`: the items added up in turn, or by Python where that is another sum.

Since Python 3.12, `sum` makes up for what it loses in adding floats of Python, up to the first item that is none:
0.1 + 0.1 + 0.1 is not sum([0.1, 0.1, 0.1]). Of three or more of them, the generated code calls `sum`.

In:  abstract iterables.   Out: abstract results.
Not here: sums of arrays (ops/), `math.fsum` (builtin_calls.py).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import takewhile

import libcst as cst

from gradscribe.frontend.folds import fold
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import Items, is_zero, iterable
from gradscribe.frontend.list_copies import joined
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.operators import binary, static_result
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.values import Abstract, ListCell, Number, Static, is_literal
from gradscribe.ir.graph import Value
from gradscribe.ir.types import INT, ScalarType, SequenceType, Type, is_inexact

MAKES_UP = sys.version_info >= (3, 12)
FEW = 2
"""So many numbers have one sum: the first error is the last one."""


def sum_of(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """`sum(items, start)`."""
    start = args[1] if len(args) > 1 else kwargs.get("start", Static(0))
    given = args[0]
    if id(node) in run.learnt.summed:
        given = run.call(run, node, Static(list), (given,), {})
    content = read_list(run, given, node) if isinstance(given, ListCell) else None
    if isinstance(content, Value) and _may_hold_floats(content.type) and _is_of_python(start):
        count = run.apply(node, "list_length", (content,))[0]
        return _by_python(run, node, content, count, start)
    found = iterable(run, node, given)
    if isinstance(found, Items):
        with held(run, found):
            return _of_items(run, node, [start, *found])

    def combine(total: Abstract, item: Abstract) -> Abstract:
        if MAKES_UP and _is_float(item) and _is_of_python(start):
            # As a list it can be given to `sum`.
            run.learnt.summed.add(id(node))
            raise Restart(None)
        return _plus(run, node, total, item)

    return fold(run, node, found, start, combine)


def _of_items(run: Lowering, node: cst.CSTNode, numbers: list[Abstract]) -> Abstract:
    """The sum of a start and a known number of items."""
    own = list(takewhile(_is_of_python, numbers))
    total, rest = numbers[0], numbers[1:]
    terms = [value for value in own if not is_zero(value)]
    if len(terms) > FEW and any(map(_is_float, terms)):
        rest = numbers[len(own) :]
        known = [value.value for value in own if isinstance(value, Static)]
        if len(known) == len(own):
            total = static_result(run, node, sum, known[1:], known[0])
        else:
            items = [as_value(run, item, node) for item in own[1:]]
            content = run.apply(node, "list_new", items)[0]
            total = _by_python(run, node, content, run.constant(len(items), node), own[0])
    for item in rest:
        total = _plus(run, node, total, item)
    return total


def _by_python(run: Lowering, node: cst.CSTNode, items: Value, count: Value, start: Abstract) -> Abstract:
    first = as_value(run, start, node)
    total = run.apply(node, "sum_list", (items, count, first))[0]
    if not is_inexact(first.type):
        # Of no items it is that int.
        run.mixed.add(total)
    return Number(total)


def _may_hold_floats(type_: Type) -> bool:
    """A list of floats of Python, or of those among NumPy's."""
    return isinstance(type_, SequenceType) and _may_be_float(type_.element)


def _may_be_float(type_: Type) -> bool:
    """A float of Python, on some ways at least."""
    return isinstance(type_, ScalarType) and type_.dtype.kind == "f" and (type_.python or type_.loose)


def _is_of_python(value: Abstract) -> bool:
    return is_literal(value) or _is_float(value) or (isinstance(value, Number) and value.value.type == INT)


def _is_float(value: Abstract) -> bool:
    if isinstance(value, Static):
        return type(value.value) is float
    return isinstance(value, Number) and _may_be_float(value.value.type)


def _plus(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    if isinstance(left, ListCell) and isinstance(right, ListCell):
        return joined(run, node, left, right)
    return binary(run, node, "Add", left, right)
