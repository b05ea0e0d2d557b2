"""The passes in order.

In:  a program as differentiation leaves it.   Out: the program that is scheduled and printed.
Not here: the passes.
"""

from __future__ import annotations

from collections.abc import Callable

from gradscribe.ir.graph import Program
from gradscribe.ir.verify import verify
from gradscribe.passes.common_subexpressions import merge_common_subexpressions
from gradscribe.passes.dead_code import eliminate_dead_code
from gradscribe.passes.fold_constants import fold_control
from gradscribe.passes.forward_values import forward_values
from gradscribe.passes.outer_products import gather_outer_products
from gradscribe.passes.simplify import simplify
from gradscribe.passes.sink_literals import sink_literals
from gradscribe.passes.sink_saves import sink_saves
from gradscribe.passes.uniform_lists import read_uniform_lists

Pass = Callable[[Program], Program]

# Dead code first: what is dead hides that another value has one reader only.
ROUND: tuple[Pass, ...] = (
    eliminate_dead_code,
    fold_control,
    forward_values,
    read_uniform_lists,
    sink_literals,
    simplify,
    merge_common_subexpressions,
)

# What makes no room for other passes.
LAST: tuple[Pass, ...] = (eliminate_dead_code, gather_outer_products, sink_saves, eliminate_dead_code)

# Each round brings rewritten values one step nearer to the root of their expression; few programs need four. The
# result is right after any number of rounds, so the bound is one of compile time only.
MAX_ROUNDS = 10


def optimise(
    program: Program,
    *,
    verify_between: bool = False,
    dump: Callable[[str, Program], None] | None = None,
) -> Program:
    """Apply all passes, in rounds, until nothing changes.

    Args:
        program: what to optimise.
        verify_between: check the program after each pass that changed it.
        dump: is given a name such as '02-simplify' and the program after each pass that changed it.
    """
    step = 0
    # What each pass was last seen to leave as it is.
    settled: dict[Pass, Program] = {}

    def apply(transform: Pass, program: Program) -> Program:
        nonlocal step
        if settled.get(transform) is program:
            return program
        after = transform(program)
        if after is not program:
            step += 1
            if verify_between:
                verify(after)
            if dump is not None:
                dump(f"{step:02d}-{transform.__name__}", after)
        else:
            settled[transform] = program
        return after

    for _ in range(MAX_ROUNDS):
        before = program
        for transform in ROUND:
            program = apply(transform, program)
        if program is before:
            break
    for transform in LAST:
        program = apply(transform, program)
    return program
