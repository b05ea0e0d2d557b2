"""How deep, and how often, a function may call itself where each call is lowered in place.

    def paths(x, seen):                 # another kind of call at each level, and two of them: 2**60 at 60 levels
        return paths(x * 0.5, (*seen, x)) + paths(x * 0.3, (*seen, x))

What was refused once is refused at once in the calls that are left to lower around it.

In:  a call that is about to be lowered in place.   Out: refusals.
Not here: numbers that may be run-time values instead (recursive_numbers.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Activation, Lowering
from gradscribe.frontend.syntax import FunctionSyntax

MAX_INLINE_DEPTH = 60
# With a cache, each level costs one call; without, the calls of a function that branches multiply.
MAX_CACHED_DEPTH = 150
MAX_COPIES_IN_PLACE = 2000


def around(run: Lowering, function: FunctionSyntax) -> list[Activation]:
    """The calls of a function that are being lowered, the outermost first."""
    return [activation for activation in run.stack if activation.function is function]


def is_deep(run: Lowering) -> bool:
    """So deep that numbers known now are taken as run-time values, which may make the levels alike."""
    return len(run.stack) >= MAX_INLINE_DEPTH


def refuse_deep_caches(run: Lowering, node: cst.CSTNode, name: str) -> None:
    """Refuse a function with a cache that calls itself too deep."""
    if len(run.stack) < MAX_CACHED_DEPTH:
        return
    raise run.refusal(
        node,
        "GS150",
        f"`{name}`, which has a cache, calls itself more than {MAX_CACHED_DEPTH} deep",
        why="its calls are lowered in place, once for each argument",
        fix="fill a table in a loop, from small arguments to large ones",
    )


def refuse_too_deep(run: Lowering, node: cst.CSTNode, function: FunctionSyntax, name: str) -> None:
    """Refuse a recursion of which no end is in sight."""
    if len(run.stack) >= 2 * MAX_INLINE_DEPTH:
        for activation in run.stack:
            activation.has_no_end = True
    elif not any(activation.has_no_end for activation in around(run, function)):
        return
    raise _refused(run, node, f"calls are nested more than {MAX_INLINE_DEPTH} deep at `{name}`")


def refuse_too_often(run: Lowering, node: cst.CSTNode, function: FunctionSyntax, name: str) -> None:
    """Refuse a recursion that branches too often."""
    if any(activation.copies > MAX_COPIES_IN_PLACE for activation in around(run, function)):
        raise _refused(run, node, f"`{name}` calls itself more than {MAX_COPIES_IN_PLACE} times")


def _refused(run: Lowering, node: cst.CSTNode, title: str) -> Refusal:
    return run.refusal(
        node,
        "GS150",
        title,
        why="each call is lowered in place, and the kinds of the arguments differ from call to call",
        fix="pass arguments of the same kind and structure at each level of the recursion",
    )
