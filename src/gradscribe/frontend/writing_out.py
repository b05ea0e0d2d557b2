"""Writing loops out where it depends on the iteration which names are one array, or of what kind a value is.

`q = q[::-1]` in a loop makes `q` another view in each iteration: as a loop, nothing is known of the array after a
write to it. Written out, each write is to a view that is known. An attribute that is None before the first
iteration, and an array after it, has one kind in each copy.

In:  loops.   Out: a restart, in which one of them is written out.
Not here: how that is done (unrolling.py), loops that are written out for other reasons (state.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.frontend.activations import MAX_TRIPS
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import ActiveLoop, Lowering
from gradscribe.frontend.table_restarts import start_with_tables

MAX_RESTARTS = 20


def write_out(run: Lowering, loops: Sequence[ActiveLoop]) -> None:
    """Start again with one of these loops written out, the innermost that may be known to be short."""
    learnt = run.learnt
    start_with_tables(learnt)
    if learnt.written_out == MAX_RESTARTS:
        return
    learnt.written_out += 1
    for loop in reversed(loops):
        memory = learnt.loops.setdefault(loop.key, LoopMemory())
        if memory.may_peel and not memory.peel:
            memory.peel = True
            raise Restart(None)
        if loop.trips is None:
            if run.may_be_short(loop):
                run.learn(loop.bounds)
        elif loop.trips <= MAX_TRIPS and not memory.unroll:
            memory.unroll = True
            raise Restart(None)
