"""What containers ask of two things: whether they are one object, and only then whether they are equal.

The order matters for what does not equal itself: nan, arrays, objects whose `__eq__` says so.

In:  two items.   Out: whether they are known to be one object; where they may be one and that matters, a refusal
or an error of run time.
Not here: `is` (identical.py), `==` (operators.py).
"""

from __future__ import annotations

import math

import libcst as cst
import numpy as np

from gradscribe.frontend.identical import identical, may_be_one, surely_one
from gradscribe.frontend.instances import operator_method, own_operator
from gradscribe.frontend.operands import as_value, describe, raise_if
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, ArrayCell, InstanceCell, Number, Object, Static
from gradscribe.ir.graph import Value
from gradscribe.ir.types import kind_of

# They give a number that nothing else refers to.
MAKES_A_NUMBER = frozenset({"add", "sub", "mul", "div", "pow", "neg", "get_item"})
WHY = "Python finds an object that does not equal itself, and which of these are one object is not followed"


def same_item(run: Lowering, node: cst.CSTNode, one: Abstract, other: Abstract) -> bool:
    """Whether they are one object. If they may be, and that would matter, there is an error."""
    if surely_one(one, other):
        return True
    if isinstance(one, Object) and isinstance(other, Object):
        run.given.compare(one, other)
    if isinstance(one, ArrayCell) and isinstance(other, ArrayCell):
        found = identical(run, node, one, other) if may_be_one(run, one, other) else Static(False)
        if not isinstance(found, Static):
            raise run.refusal(
                node,
                "GS127",
                "a container is searched for an array that is chosen at run time",
                why="which array it is decides whether Python compares the elements",
                fix="search in each branch, or use `np.array_equal`",
            )
        return bool(found.value)
    if isinstance(one, InstanceCell) and isinstance(other, InstanceCell):
        _refuse_objects(run, node, one, other)
    elif isinstance(one, Number | Static) and isinstance(other, Number | Static):
        _refuse_nan(run, node, one, other)
    return False


def _refuse_nan(run: Lowering, node: cst.CSTNode, one: Number | Static, other: Number | Static) -> None:
    ages = {_age(run, one), _age(run, other)}
    if not (_may_be_nan(one) and _may_be_nan(other)) or ages in ({"new"}, {"new", "old"}):
        return
    are_nan = [
        run.op(node, "ne", value, value) for value in (as_value(run, part, node) for part in (one, other))
    ]
    text = f"{run.location(node).short} looks for nan where nan is: use `np.isnan`. {WHY}"
    raise_if(run, node, run.op(node, "bool_and", *are_nan), NotImplementedError, (text,), refuses=True)


def _may_be_nan(part: Number | Static) -> bool:
    if isinstance(part, Static):
        return isinstance(part.value, float | complex) and part.value != part.value
    return isinstance(part.value, Value) and kind_of(part.value.type) in "fc"


def _age(run: Lowering, part: Number | Static) -> str:
    """Whether a number was made by an operation, was there before the function started, or may be either."""
    if isinstance(part, Static):
        return "old" if part.value is math.nan or part.value is np.nan else "new"
    maker = run.makers.get(part.value)
    if maker is not None and maker.op.name in MAKES_A_NUMBER:
        return "new"
    return "old" if part.value in run.params else "either"


def _refuse_objects(run: Lowering, node: cst.CSTNode, one: InstanceCell, other: InstanceCell) -> None:
    if own_operator(one, "__eq__") is None and own_operator(other, "__eq__") is None:
        # What is compared by identity equals itself.
        return
    if not may_be_one(run, one, other):
        return
    equal = _equals_itself(run, node, one)
    if isinstance(equal, Static):
        if equal.value:
            return
        raise run.refusal(
            node,
            "GS127",
            f"a container is searched for {describe(run, one)}, which does not equal itself",
            why=WHY,
            fix="write a loop that compares what matters",
        )
    differs = run.negated(node, as_value(run, equal, node))
    text = f"{run.location(node).short} looks for an object that does not equal itself. {WHY}"
    raise_if(run, node, differs, NotImplementedError, (text,), refuses=True)


def _equals_itself(run: Lowering, node: cst.CSTNode, one: InstanceCell) -> Abstract:
    """`one == one`, which Python itself does not compute."""
    count, before = len(run.builder.nodes), dict(run.heap)
    equal = operator_method(run, node, "==", one, one)
    has_effect = any(part.has_effect for part in run.builder.nodes[count:])
    if has_effect or any(run.heap.get(cell) is not content for cell, content in before.items()):
        raise run.refusal(
            node,
            "GS127",
            f"a container is searched for {describe(run, one)}, whose `__eq__` does more than compare",
            why="how often Python calls it depends on which of these are one object",
            fix="write a loop that compares what matters",
        )
    return equal
