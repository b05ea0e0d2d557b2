"""Loops over objects of user classes: `__next__` until it raises StopIteration, `__getitem__` until IndexError.

    for item in source:                     while True:
        use(item)                               try:
                                                    item = source.__next__()
                                                except StopIteration:
                                                    break
                                                else:
                                                    use(item)

In:  objects.   Out: what a loop does to get the next item.
Not here: the loop (for_statements.py), `__iter__` that gives arrays, containers or generators (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType

import libcst as cst

from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.operators import binary
from gradscribe.frontend.protocols import iterator_by_method
from gradscribe.frontend.state import FALLS, RAISES, Flow, Lowering
from gradscribe.frontend.trying import attempted
from gradscribe.frontend.values import Abstract, InstanceCell, Static

POSITION = "<position>"
EXHAUSTED = "<exhausted>"
HIDDEN = (POSITION, EXHAUSTED)
LEAVES = Flow(falls=False, breaks=True)


@dataclass(frozen=True)
class Steps:
    """How a loop goes on.

    Attributes:
        item: lowers the next item.
        end: the exception that ends the loop.
    """

    item: Callable[[], Abstract]
    end: type[Exception]


def steps_of(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract | Steps:
    """How a loop goes over an object whose class says so; for anything else, what it goes over."""
    if not isinstance(value, InstanceCell):
        return value
    source = value
    makes = find_in_class(source.cls, "__iter__")
    if isinstance(makes, FunctionType):
        made = iterator_by_method(run, node, source)
        assert made is not None
        advance = find_in_class(made.cls, "__next__") if isinstance(made, InstanceCell) else None
        if not isinstance(advance, FunctionType):
            return made
        return Steps(lambda: run.call(run, node, Static(advance), (made,), {}), StopIteration)
    at = find_in_class(source.cls, "__getitem__")
    if makes is MISSING and isinstance(at, FunctionType):
        return Steps(lambda: _entry(run, node, source, at), IndexError)
    return value


def _entry(run: Lowering, node: cst.CSTNode, source: InstanceCell, at: FunctionType) -> Abstract:
    """The entry at the position that the loop has come to, which is then the next one."""
    position = run.frame.names[POSITION]
    found = run.call(run, node, Static(at), (source, position), {})
    run.frame.names[POSITION] = binary(run, node, "Add", position, Static(1))
    return found


def advanced(
    run: Lowering, node: cst.CSTNode, steps: Steps, use: Callable[[Abstract], Flow], live: frozenset[str]
) -> Flow:
    """One iteration: the next item and its use, or the end of the loop."""
    items: list[Abstract] = []

    def take() -> Flow:
        items.append(steps.item())
        # A function that always raises has returned nothing.
        raises = bool(run.builder.nodes) and run.builder.nodes[-1].op.name == "raise_"
        return RAISES if raises else FALLS

    def leave() -> Flow:
        run.frame.names[EXHAUSTED] = Static(True)
        return LEAVES

    return attempted(run, node, (steps.end,), take, leave, lambda: use(items[-1]), live)
