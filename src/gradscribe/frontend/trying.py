"""`try`: where the exceptions that Python would catch cannot happen, and `finally`.

In:  statements.   Out: the state after them.
Not here: `raise` (effects.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.conditions import cannot_raise
from gradscribe.frontend.for_statements import execute_in
from gradscribe.frontend.state import Flow, Lowering
from gradscribe.frontend.syntax import statements_of


def execute_try(run: Lowering, node: cst.Try) -> Flow:
    """The body, `else`, then `finally` on whatever way control leaves them.

    An exception that no handler catches leaves the derivative as it leaves the function.
    """
    live = run.frame.liveness.after[id(node)]
    start = len(run.builder.nodes)
    flow = execute_in(run, statements_of(node.body), live)
    if node.handlers and not cannot_raise(run.builder.nodes[start:]):
        raise _refused(run, node, "`except` around something that may raise", "test the condition with `if`")
    if node.orelse is not None:
        if not flow.is_plain:
            raise _refused(run, node, "`else` of a `try` that may be left early", "write it after the `try`")
        flow = execute_in(run, statements_of(node.orelse.body), live)
    if node.finalbody is not None:
        last = execute_in(run, statements_of(node.finalbody.body), live)
        if not last.is_plain:
            raise _refused(run, node, "a `finally` that leaves", "leave after the `try`")
    return flow


def _refused(run: Lowering, node: cst.Try, what: str, fix: str) -> Exception:
    return run.refusal(
        node,
        "GS110",
        f"{what} is outside the supported subset",
        why="which statement raises decides what is computed, and that is not differentiated",
        fix=fix,
    )
