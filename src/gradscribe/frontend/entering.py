"""`d[k] = d.get(k, 0.0) + v`: the look-up makes the entry, the store finds it.

    before:  found = k in places                 after:  if k not in places:
             if found:                                       places[k] = len(places)
                 value = held[places[k]]                     held.append(0.0)
             else:                                       place = places[k]
                 value = 0.0                             held[place] = held[place] + v
             value = value + v
             if found: ...

It is the same as long as nothing sees the dict in between: nothing else on the right may refer to it, or raise
where that is caught.

In:  assignments.   Out: the look-up that makes the entry; `setdefault` in its place.
Not here: the dict (ops/written/keyed.py).
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from gradscribe.frontend.attempts import WatchedBuilder
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.syntax import walk
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    BoundMethod,
    InstanceCell,
    Number,
    Static,
    bare,
)
from gradscribe.ops.written.keyed import KeyedDict

SIMPLE = (
    cst.Name, cst.Attribute, cst.Subscript, cst.SubscriptElement, cst.Index, cst.Integer, cst.Float, cst.Call,
    cst.Arg, cst.BinaryOperation, cst.UnaryOperation, cst.BaseBinaryOp, cst.BaseUnaryOp, cst.Tuple, cst.Element,
)  # fmt: skip
"""What the right side, the dict and the key are made of."""


def value_to_store(run: Lowering, node: cst.Assign) -> Abstract:
    """The value of the right side of an assignment."""
    lookup = _entering(run, node)
    if lookup is None:
        return run.evaluate(run, node.value)
    run.known_keys = replace(run.known_keys, entering=lookup)
    value = run.evaluate(run, node.value)
    run.known_keys = replace(run.known_keys, entering=None)
    return value


def making_the_entry(run: Lowering, node: cst.Call, function: Abstract) -> Abstract:
    """`d.setdefault` in place of `d.get`, where the entry is about to be stored."""
    if node is not run.known_keys.entering or not isinstance(function, BoundMethod):
        return function
    is_get = isinstance(function.function, Static) and function.function.value is KeyedDict.get
    return BoundMethod(Static(KeyedDict.setdefault), function.owner) if is_get else function


def _entering(run: Lowering, node: cst.Assign) -> cst.Call | None:
    """The look-up on the right side of what is stored, if nothing else refers to the dict."""
    if len(node.targets) != 1 or isinstance(run.builder, WatchedBuilder):
        return None
    target = node.targets[0].target
    if not isinstance(target, cst.Subscript) or not isinstance(target.value, cst.Name):
        return None
    name = target.value.value
    owner = bare(run.frame.names.get(name))
    if not isinstance(owner, InstanceCell) or not issubclass(owner.cls, KeyedDict):
        return None
    parts = [*walk(node.value), *walk(target)]
    if any(isinstance(part, cst.BaseExpression) and not isinstance(part, SIMPLE) for part in parts):
        return None
    lookups = [part for part in parts if isinstance(part, cst.Call) and _looks_up(part, target)]
    mentions = [part for part in parts if isinstance(part, cst.Name) and part.value == name]
    others = {part.value: part for part in _names(node.value) if part.value != name}
    if len(lookups) != 1 or len(mentions) != 2:
        return None
    known = (bare(run.evaluate(run, part)) for part in others.values())
    return lookups[0] if all(isinstance(found, Number | ArrayCell | Static) for found in known) else None


def _looks_up(call: cst.Call, target: cst.Subscript) -> bool:
    """It is `d.get(k, 0.0)` for `d[k] = ...`: a float, as what is stored surely is."""
    function, args = call.func, call.args
    if not isinstance(function, cst.Attribute) or function.attr.value != "get" or len(args) != 2:
        return False
    if not isinstance(args[1].value, cst.Float) or any(arg.star or arg.keyword for arg in args):
        return False
    index = target.slice[0].slice
    is_key = (
        len(target.slice) == 1 and isinstance(index, cst.Index) and index.value.deep_equals(args[0].value)
    )
    return is_key and function.value.deep_equals(target.value)


def _names(node: cst.CSTNode) -> list[cst.Name]:
    """Names that are variables: no attributes, no keywords."""
    found: list[cst.Name] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, cst.Name):
            found.append(part)
        elif isinstance(part, cst.Attribute):
            waiting.append(part.value)
        elif isinstance(part, cst.Arg):
            waiting.append(part.value)
        else:
            waiting.extend(part.children)
    return found
