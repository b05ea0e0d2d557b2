"""Variables that a loop may read before it binds them, and that have no value before it.

Nothing is known of them at first; what an attempt found them to be is used by the next one, with a flag that says
whether there is one.

In:  what is carried, and the end of an iteration.   Out: carried variables.
Not here: what is read only after the loop (late.py), what becomes of the flag (carried_choices.py).
"""

from __future__ import annotations

from gradscribe.frontend.kept_contents import keep_content
from gradscribe.frontend.loop_parts import Body, Loop, State
from gradscribe.frontend.values import Conflict, MaybeUnbound, Unknown


def add_absent(state: State, name: str) -> None:
    """Carry the variable, if an attempt found what it is."""
    known = state.slots.memory.absent_values.get(name)
    if known is not None:
        state.shapes[name] = state.slots.unbound(known, ("name", name), name)


def learn_absent(loop: Loop, state: State, body: Body) -> bool:
    """Note what such variables are at the end of an iteration; False if there are new ones."""
    known = state.slots.memory.absent_values
    for name in state.undefined:
        end = body.names.get(name)
        if name not in loop.exposed or name in known or end is None or isinstance(end, Unknown | Conflict):
            continue
        known[name] = end.value if isinstance(end, MaybeUnbound) else end
        keep_content(known[name], body.heap, state.slots.mark)
        return False
    return True
