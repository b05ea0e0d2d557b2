"""Values that branches leave of no common kind, and entries that a dict has on one way only: reading them.

A dict with an entry on one way only still has its others. What depends on which entries there are is read of a
dict that is asked at run time, if it can be one: lowering starts again. It does, too, where it depends on which
statement of a `try` raised: each of them is tried alone then.

In:  conflicts.   Out: refusals; `ORDER`.
Not here: where they come from (merging.py, loop_results.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import libcst as cst

from gradscribe.errors import Diagnostic, UnsupportedSyntaxError
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Conflict, Static


class _Order:
    """Stands among the keys of a dict whose order depends on the way to there."""

    def __str__(self) -> str:
        return "order"


ORDER = _Order()


def conflict_refusal(run: Lowering, conflict: Conflict, node: cst.CSTNode | None) -> Refusal:
    """The refusal to read this; starts again where a dict of another kind would say it."""
    if run.learnt.ask_at_run_time(conflict.made_at):
        run.learnt.tried.add(conflict.made_at)
        raise Restart(None)
    if conflict.attempt is not None and conflict.attempt not in run.learnt.apart:
        run.learnt.apart.add(conflict.attempt)
        raise Restart(None)
    found = conflict.diagnostic
    notes = (f"joined at {found.location.short}",) if found.location is not None else ()
    return Refusal(
        UnsupportedSyntaxError,
        Diagnostic(found.code, found.title, run.location(node), "", found.why, found.fix, notes),
    )


def require_known_keys(run: Lowering, entries: Mapping[Any, Abstract], node: cst.CSTNode | None) -> None:
    """Refuse to go on where the keys of a dict, or their order, depend on the way to here."""
    for value in entries.values():
        if isinstance(value, Conflict) and value.absent:
            raise conflict_refusal(run, value, node)


def is_on_one_way(value: Abstract | None) -> bool:
    """An entry that a dict has on one way only."""
    return isinstance(value, Conflict) and value.absent


def with_entry(entries: Mapping[Any, Abstract], key: object, value: Abstract) -> dict[Any, Abstract]:
    """The entries after a store; what was there on one way only is the last one on the other."""
    unsure = entries.get(key)
    changed = {**entries, key: value}
    if is_on_one_way(unsure) and next(reversed(changed)) != key:
        assert unsure is not None
        changed[ORDER] = unsure
    return changed


def ask_sets(run: Lowering, *sides: Abstract | None) -> None:
    """Sets that are known, but not which of them, are asked at run time."""
    for found in sides:
        if isinstance(found, Static) and run.learnt.ask_set_at_run_time(found.value):
            raise Restart(None)
