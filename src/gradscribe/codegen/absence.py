"""Where `None` must really be stored for a value that may be absent.

A variable that is only read under the condition under which it exists may stay unassigned. One that is handed on
(appended, packed, passed to a call, returned, moved to another variable) must hold something.

In:  the opened block and its variables.   Out: `Absence`.
Not here: whether a value may be absent (analysis/absence.py).
"""

from __future__ import annotations

from gradscribe.codegen.lifetimes import carried_params
from gradscribe.codegen.variables import Variables
from gradscribe.ir.control import CALL, FOR, IF, WHILE
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.walk import walk

HANDS_ON = frozenset({"list_append", "list_set", "list_new", "pack", "identity"})


class Absence:
    """Variables that are handed on, by name."""

    def __init__(self, body: Block, variables: Variables) -> None:
        self.variables = variables
        self._stored: set[str] = set()
        moves: list[tuple[Value, Value]] = []
        for value in body.results:
            self._store(value)
        for node in walk(body):
            if node.op.name in HANDS_ON or node.op is CALL:
                for value in node.inputs:
                    self._store(value)
            if node.op is IF:
                for block in node.blocks:
                    moves += zip(node.outputs, block.results, strict=True)
            elif node.op in (FOR, WHILE):
                params = carried_params(node)
                initial = node.inputs[len(node.inputs) - len(params) :]
                moves += zip(params, initial, strict=True)
                moves += zip(params, node.blocks[-1].results, strict=False)
                moves += zip(node.outputs, params, strict=True)
        for target, source in moves:
            if variables.has_name(target) and variables.has_name(source):
                if variables.name(target) != variables.name(source):
                    self._store(source)

    def _store(self, value: Value) -> None:
        if self.variables.has_name(value):
            self._stored.add(self.variables.name(value))

    def is_stored(self, value: Value) -> bool:
        """Whether the variable of the value is handed on."""
        return self.variables.name(value) in self._stored
