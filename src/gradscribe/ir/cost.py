"""How much a program does and keeps, counted while the reference evaluator runs it.

Graphs are pure, emitted code is not: a store into an array is counted as it will run, in place, by the part
that is written. So growth with n can be tested without a clock and without a schedule.

In:  executions and values, as the evaluator meets them.   Out: `Cost.touched`, `Cost.peak`.
Not here: the evaluator (evaluate.py), the cost model that chooses what is saved (analysis/).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node
from gradscribe.ir.template import fill

READ_ONE_ENTRY = frozenset(
    {
        *("list_append", "list_set", "list_get", "list_pop", "list_insert", "list_delete", "list_length"),
        *("pack", "unpack"),
    }
)
WRITE_PART = frozenset({"set_item", "accumulate_at"})

NUMBER_BYTES = 8


@dataclass
class Cost:
    """Counters of one evaluation.

    Attributes:
        touched: elements of arrays read or written by all nodes, at least one a node; views cost one.
        kept: bytes of storage that live blocks hold now, each array and list once.
        peak: the most that `kept` ever was.
    """

    touched: int = 0
    kept: int = 0
    peak: int = 0
    _holders: dict[int, tuple[object, int]] = field(default_factory=dict)

    def execute(self, node: Node, inputs: Sequence[object], outputs: Sequence[object]) -> None:
        """Count one execution of an ordinary node."""
        self.touched += elements_touched(node, inputs, outputs)

    def keep(self, values: Iterable[object]) -> None:
        """These values are held by one more name."""
        for value in values:
            self._keep(value)
        self.peak = max(self.peak, self.kept)

    def release(self, values: Iterable[object]) -> None:
        """These values are held by one name less."""
        for value in values:
            self._release(value)

    def _keep(self, value: object) -> None:
        owner = _owner(value)
        known = self._holders.get(id(owner))
        if known is not None:
            self._holders[id(owner)] = (owner, known[1] + 1)
            return
        # The object itself is kept beside the count, so that its id cannot be given to another one.
        self._holders[id(owner)] = (owner, 1)
        self.kept += _own_bytes(owner)
        if isinstance(owner, list | tuple):
            for entry in owner:
                self._keep(entry)

    def _release(self, value: object) -> None:
        owner = _owner(value)
        _, holders = self._holders[id(owner)]
        if holders > 1:
            self._holders[id(owner)] = (owner, holders - 1)
            return
        del self._holders[id(owner)]
        self.kept -= _own_bytes(owner)
        if isinstance(owner, list | tuple):
            for entry in owner:
                self._release(entry)


def elements_touched(node: Node, inputs: Sequence[object], outputs: Sequence[object]) -> int:
    """Elements that emitted code reads and writes for this node."""
    name = node.op.name
    if name in WRITE_PART:
        return 1 + _size_of_part(inputs[0], fill(node.attrs["index"], inputs))
    if name in READ_ONE_ENTRY:
        return 1
    if name == "list_accumulate":
        return 1 + _elements(inputs[-1])
    owners = {id(_owner(value)) for value in inputs if isinstance(value, np.ndarray)}
    fresh = [value for value in outputs if id(_owner(value)) not in owners]
    if not fresh:
        return 1
    written = sum(map(_elements, fresh))
    if name == "get_item":
        return 1 + 2 * written
    read = [value for position, value in enumerate(inputs) if position not in node.op.shape_only]
    return 1 + written + sum(map(_elements, read))


def _size_of_part(array: object, index: Any) -> int:
    return int(np.size(array[index])) if isinstance(array, np.ndarray) else 1


def _elements(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.size
    if isinstance(value, list | tuple):
        return sum(map(_elements, value))
    return 1


def _owner(value: object) -> object:
    """The object whose memory a value lives in: the base of a view."""
    while isinstance(value, np.ndarray) and isinstance(value.base, np.ndarray):
        value = value.base
    return value


def _own_bytes(value: object) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, list | tuple):
        return NUMBER_BYTES * len(value)
    return NUMBER_BYTES
