"""Where `None` must really be stored for a value that may be absent.

A variable that is only read under the condition under which it exists may stay unassigned. One that is handed on
(appended, packed, passed to a call, returned, moved to another variable) must hold something.

In:  the opened block and its variables.   Out: `Absence`.
Not here: which values may be absent (flow.py).
"""

from __future__ import annotations

from gradscribe.analysis.absence import HANDS_ON
from gradscribe.codegen.flow import moves_of
from gradscribe.codegen.variables import Variables
from gradscribe.ir.control import CALL
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.walk import walk


class Absence:
    """Variables that are handed on, by name."""

    def __init__(self, body: Block, variables: Variables) -> None:
        self.variables = variables
        self._stored: set[str] = set()
        moves: list[tuple[Value, Value]] = []
        for value in body.results:
            self._store(value)
        for node in walk(body):
            hands_on = node.op.name in HANDS_ON and not node.attrs.get("exists")
            if hands_on or node.op is CALL or node.attrs.get("optional"):
                for value in node.inputs:
                    self._store(value)
            moves += moves_of(node)
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
