"""Builtins that ask an object of a user class: `abs`, `float`, `int`, `round`, `str`, `iter`, `dict` of it.

In:  a builtin and an object.   Out: what the special method returns; None where the class does not have it.
Not here: operators (instances.py), truth (conditions.py), `len` (builtin_calls.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import FunctionType

import libcst as cst

from gradscribe.frontend.instances import find_in_class, operator_method
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, InstanceCell, Static

SPECIAL: Mapping[object, tuple[str, ...]] = {
    abs: ("__abs__",), float: ("__float__", "__index__"), int: ("__int__", "__index__"), complex: ("__complex__",),
    round: ("__round__",), str: ("__str__", "__repr__"), repr: ("__repr__",), math.floor: ("__floor__",),
    math.ceil: ("__ceil__",), math.trunc: ("__trunc__",), divmod: (), reversed: ("__reversed__",),
    iter: ("__iter__",), next: ("__next__",),
}  # fmt: skip


def call_special(
    run: Lowering, node: cst.CSTNode, target: object, args: Sequence[Abstract]
) -> Abstract | None:
    """`abs(object)` and its like."""
    if target is divmod and any(isinstance(arg, InstanceCell) for arg in args):
        return operator_method(run, node, "divmod", *args)
    if not args or not isinstance(args[0], InstanceCell):
        return None
    for name in SPECIAL[target]:
        found = find_in_class(args[0].cls, name)
        if isinstance(found, FunctionType):
            return run.call(run, node, Static(found), args, {})
    return None
