"""Operators of Python that are called as functions: `operator.add`, `operator.not_`, `bool`.

Of lists, tuples, dicts and objects they mean what the operator means: `operator.add` joins two lists.

In:  abstract arguments.   Out: abstract results; None for numbers and arrays, which the table of operations has.
Not here: operators (operators.py), truth (conditions.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.conditions import compare, truth_of_items
from gradscribe.frontend.list_copies import joined
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.operators import BINARY, binary
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import HOLDING, Abstract, ListCell, Number, Static

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Handler = Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]


def _called(name: str) -> Handler:
    """The handler of the function that is this operator."""
    kind = getattr(cst, name)

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if len(args) != 2 or not any(isinstance(arg, HOLDING) for arg in args):
            return None
        left, right = args
        if kind is cst.Add and isinstance(left, ListCell) and isinstance(right, ListCell):
            return joined(run, node, left, right)
        if issubclass(kind, cst.BaseCompOp):
            return compare(run, node, kind(), left, right)
        return binary(run, node, name, left, right)

    return handler


def _truth(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return run.call(run, node, Static(bool), args, kwargs)


def _not(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    found = truth_of_items(run, node, args)
    if found is None or isinstance(found, Static):
        return None if found is None else Static(not found.value)
    return Number(run.negated(node, as_value(run, found, node)))


OPERATOR_CALLS: Mapping[object, Handler] = {
    **{function: _called(name) for name, (_, function) in BINARY.items()},
    operator.truth: _truth,
    operator.not_: _not,
}
