"""Writing loops out where it depends on the iteration which names are one array.

`q = q[::-1]` in a loop makes `q` another view in each iteration: as a loop, nothing is known of the array after a
write to it. Written out, each write is to a view that is known.

In:  loops.   Out: a restart, in which one of them is written out.
Not here: how that is done (unrolling.py), loops that are written out for other reasons (state.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import WHOLE, ActiveLoop, Lowering

MAX_TRIPS = 32
MAX_RESTARTS = 20


def write_out(run: Lowering, loops: Sequence[ActiveLoop]) -> None:
    """Start again with one of these loops written out, the innermost that may be known to be short."""
    learnt = run.learnt
    if learnt.written_out == MAX_RESTARTS:
        return
    learnt.written_out += 1
    for loop in reversed(loops):
        memory = learnt.loops[loop.key]
        if loop.trips is None:
            if _are_small(run, loop):
                run.learn(loop.bounds)
        elif loop.trips <= MAX_TRIPS and not memory.unroll:
            memory.unroll = True
            raise Restart(None)


def _are_small(run: Lowering, loop: ActiveLoop) -> bool:
    """The arguments that decide how often a loop runs are such that it may be short."""
    values = [run.leaf_values[key] for key in loop.bounds if run.leaf_values and isinstance(key, int)]
    small = [value for value in values if isinstance(value, WHOLE) and abs(int(value)) <= MAX_TRIPS]
    return 0 < len(small) == len(loop.bounds)
