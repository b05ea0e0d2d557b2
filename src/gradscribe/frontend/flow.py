"""How control leaves a block.

In:  run-time conditions.   Out: `Flow`.
Not here: joining the flows of two branches (branches.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from gradscribe.ir.graph import Value

Condition = bool | Value


@dataclass(frozen=True, slots=True)
class Flow:
    """How control leaves a block: for each way, always, never, or under a run-time condition."""

    falls: Condition = True
    breaks: Condition = False
    continues: Condition = False
    returns: Condition = False

    @property
    def is_plain(self) -> bool:
        """Control always reaches the end of the block."""
        return self.falls is True


FALLS = Flow()
RAISES = Flow(falls=False)
