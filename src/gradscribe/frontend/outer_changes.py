"""What a function changes that is defined outside of it: globals, closure variables, attributes of classes.

A derivative is a pure function. What its primal would leave changed for later calls, it changes a copy of, as it
does with arguments; whoever wrote the primal is told so.

In:  a lowering that came to its end.   Out: names of what was changed.
Not here: defaults, which must not change (defaults.py).
"""

from __future__ import annotations

from types import MethodType

from gradscribe.frontend.state import Lowering


def changed_outside(run: Lowering) -> tuple[str, ...]:
    """Names of what holds other things in the end than it did, in the order of first use.

    The object of a method is an argument.
    """
    names: dict[str, None] = {}
    for key, contents in run.hidden_contents.items():
        place = run.learnt.outside.get(("outside", *key))
        if place is None:
            continue
        _, scope, _, name = place
        changed = any(run.heap.get(cell, content) is not content for cell, content in contents)
        if changed and not isinstance(scope, MethodType):
            names.setdefault(name)
    return tuple(names)
