"""Loops whose first iteration is lowered on its own, because it differs in kind from the others.

    s = 0                          if n > 0:
    for i in range(n):                 s = 0 + rows[0]
        s = s + rows[i]                for i in range(1, n):
                                           s = s + rows[i]

In:  what is counted.   Out: whether there is a first iteration, the others, and the error where there is none.
Not here: statements (for_statements.py), sums and their like (folds.py).
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from gradscribe.frontend.iteration import Counted, arithmetic, known_step
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import RAISES, Flow, Lowering
from gradscribe.ir.graph import Value


def after_the_first(run: Lowering, node: cst.CSTNode, counted: Counted) -> Counted:
    """The iterations but the first."""
    return replace(counted, start=arithmetic(run, node, "add", counted.start, counted.step))


def runs_at_all(run: Lowering, node: cst.CSTNode, counted: Counted) -> Value:
    """The run-time condition that there is an iteration."""
    step = known_step(run, node, counted)
    bounds = [as_value(run, part, node) for part in (counted.start, counted.stop)]
    return run.op(node, "lt" if step > 0 else "gt", *bounds)


def refuse_at_run_time(run: Lowering, node: cst.CSTNode) -> Flow:
    """Raise where a loop did not run; nothing that follows could be computed."""
    text = f"the loop at {run.location(node).short} did not run, and what follows needs what it computes"
    run.apply(node, "raise_", (), {"exception": ValueError, "args": (text,), "refuses": True})
    return RAISES
