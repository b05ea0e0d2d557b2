"""Residuals are called in a reverse function what the forward function called them.

In:  all schedules of a program.   Out: names for what a function unpacks, where it has none of its own.
Not here: names for other values (suggestions.py), making names unique (variables.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.codegen.schedule import Schedule
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ResidualsType, Type
from gradscribe.ir.walk import walk
from gradscribe.naming import RESIDUALS


def residual_names(schedules: Mapping[str, Schedule]) -> dict[Value, str]:
    """Names for the parts of the residuals that a function of the program is given."""
    packed: dict[Type, list[str]] = {}
    for schedule in schedules.values():
        for node in walk(schedule.body):
            if node.op.name == "pack" and isinstance(node.output.type, ResidualsType) and not node.derivative:
                packed[node.output.type] = [
                    part.hint or schedule.suggestions.get(part, "") for part in node.inputs
                ]
    found: dict[Value, str] = {}
    for schedule in schedules.values():
        for node in walk(schedule.body):
            if node.op.name == "unpack" and node.inputs[0].hint == RESIDUALS:
                found.update(zip(node.outputs, packed.get(node.inputs[0].type, ()), strict=False))
    return found
