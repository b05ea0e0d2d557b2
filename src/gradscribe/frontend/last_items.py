"""What the names of a comprehension stand for after it, where functions that were made in it are called.

    fs = [lambda y: y * k for k in range(3)]        each of them multiplies by 2

In:  comprehensions.   Out: the last items, where it is known now which those are.
Not here: generator expressions, which go on when they are asked for an item (comprehensions.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract
from gradscribe.ops.build import OpBuilder


@dataclass(eq=False)
class LastItems:
    """The variables of one comprehension.

    Attributes:
        names: its scope.
        builder: the block that it stands in.
        values: what was bound last, without the names that a run-time loop or branch has bound last.
    """

    names: frozenset[str]
    builder: OpBuilder
    values: dict[str, Abstract] = field(default_factory=dict)


def note_items(run: Lowering, names: Iterable[str]) -> None:
    """These names of the innermost comprehension were bound."""
    last = _of(run, run.comprehensions[-1])
    if last is None:
        return
    for name in names:
        if run.builder is last.builder:
            last.values[name] = run.frame.names[name]
        else:
            last.values.pop(name, None)


def last_items(run: Lowering, names: frozenset[str]) -> Mapping[str, Abstract]:
    """What the names of a scope that was left stand for; nothing where that is not known."""
    last = _of(run, names)
    if last is None or last.builder not in (run.builder, *run.enclosing):
        return {}
    return last.values


def _of(run: Lowering, names: frozenset[str]) -> LastItems | None:
    return next((last for last in reversed(run.last_items) if last.names is names), None)
