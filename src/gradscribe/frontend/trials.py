"""What lowering something has changed, where it is tried before it is known whether Python would do it.

In:  variables and objects at a point.   Out: whether they are what they were; what they were.
Not here: branches (branches.py), the nodes of a trial (state.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Cell, serial_mark


@dataclass(frozen=True)
class Point:
    """Variables and objects as they were; the serial numbers of objects that are made later start with `mark`."""

    names: Mapping[str, Abstract]
    heap: Mapping[Cell, object]
    mark: int

    @staticmethod
    def of(run: Lowering) -> Point:
        """The present ones."""
        return Point(dict(run.frame.names), dict(run.heap), serial_mark())

    def restore(self, run: Lowering) -> None:
        """Make them what they were."""
        run.frame.names, run.heap = dict(self.names), dict(self.heap)

    def is_unchanged(self, run: Lowering) -> bool:
        """Whether they are what they were, but for what is read again and objects made since."""
        names = run.frame.names
        if names.keys() != self.names.keys() or any(names[name] is not self.names[name] for name in names):
            return False
        return all(
            cell.serial >= self.mark
            or self.heap.get(cell, cell.initial) is content  # type: ignore[attr-defined]
            or stays_derived(cell, self.heap, run.heap)
            for cell, content in run.heap.items()
        )
