"""Tangents: what forward mode knows in one block, and how it names and fills them.

In:  primal values.   Out: their tangents.
Not here: what each node does to them (forward.py, forward_loops.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.forms import Form
from gradscribe.ad.state import PushedBlock, Transformation
from gradscribe.analysis.selection import Tangent
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import is_inexact, loosened
from gradscribe.ops.build import OpBuilder

Tangents = dict[Value, Value]


@dataclass
class Push:
    """The state of forward mode in one block.

    Attributes:
        wanted: values of which somebody may read the tangents.
        selections: what is known of them.
        steep: values whose tangents may be infinite.
    """

    run: Transformation
    b: OpBuilder
    tangents: Tangents
    absent: frozenset[Value]
    forms: Mapping[Node, Form]
    wanted: set[Value]
    selections: dict[Value, Tangent]
    steep: frozenset[Value]

    def known(self, value: Value) -> Tangent:
        """What is known of the tangent of a value."""
        return self.selections.get(value, Tangent.NONE)


def set_tangent(push: Push, primal: Value, tangent: Value | None) -> None:
    """Note the tangent of a primal value, unless it is zero."""
    if tangent is None or not is_inexact(primal.type):
        return
    tangent = handed_on(push.b, tangent, primal, push.absent)
    if primal.hint:
        name_value(tangent, f"{primal.hint}_dot")
    push.tangents[primal] = tangent


def tangent_value(value: Value) -> Value:
    """A value for the tangent of another, called after it."""
    return Value(loosened(value.type), f"{value.hint}_dot" if value.hint else "")


def param_tangents(
    params: Sequence[Value], inputs: Sequence[Value], push: Push
) -> tuple[list[Value], list[Value], Tangents]:
    """Block parameters for the tangents of those inputs that have one: (inputs, parameters, by primal)."""
    outside: list[Value] = []
    inside: list[Value] = []
    mapping: Tangents = {}
    for param, value in zip(params, inputs, strict=True):
        tangent = push.tangents.get(value)
        if tangent is not None:
            own = tangent_value(param)
            outside.append(tangent)
            inside.append(own)
            mapping[param] = own
    return outside, inside, mapping


def result_tangent(pushed: PushedBlock, result: Value, tangent: Value | None, absent: bool) -> Value:
    """The tangent of a result; a zero is filled in."""
    if tangent is not None:
        return tangent
    return zero_if_there(pushed.b, result) if absent else zero_like(pushed.b, result)


def zero_if_there(b: OpBuilder, value: Value) -> Value:
    """The zero tangent of a value that may be absent; it is so where the value is."""
    maker = next((node for node in reversed(b.nodes) if value in node.outputs), None)
    if maker is not None and maker.op.name == "absent":
        return b.absent(value.type)
    return b.op("zeros_like", value, optional=True)
