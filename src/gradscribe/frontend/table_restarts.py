"""When objects are followed as rows of tables: before anything else is tried for the sake of objects.

Where lowering would start again, to write loops out or to follow which objects branches choose, and loops make
objects, it starts again with tables for those. If that is refused, it goes on as if there were no tables.

In:  what objects were made, refusals.   Out: a restart.
Not here: the tables (object_tables.py).
"""

from __future__ import annotations

from gradscribe.frontend.learnt import Learnt
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.ops.references import OneOf

FOLLOWED = frozenset({"GS122", "GS123", "GS125", "GS126", "GS127", "GS130", "GS131", "GS202"})
"""Refusals of what is not followed: what is in a list, or after a branch or a loop."""


def take_tables(learnt: Learnt, *, in_loops: bool = True) -> bool:
    """Give tables to the classes of which loops make objects, or to all; False if there are no new ones.

    Classes that have them keep them.
    """
    if learnt.tables_tried and not learnt.tables:
        return False
    found = {
        cls: dict.fromkeys(names)
        for cls, names in learnt.made.items()
        if names and cls not in learnt.tables and (not in_loops or cls in learnt.made_in_loops)
    }
    learnt.tables.update(found)
    learnt.tables_tried = learnt.tables_tried or bool(found)
    learnt.is_stale = learnt.is_stale or bool(found)
    return bool(found)


def start_with_tables(learnt: Learnt) -> None:
    """Start again with tables for objects that loops make, if that was not tried yet."""
    if not learnt.tables_tried and take_tables(learnt):
        raise Restart(None)


def in_tables(learnt: Learnt, refusals: list[Refusal]) -> list[Refusal]:
    """Start again with tables, or without them where they are of no use; the refusals to report else."""
    if any(refusal.diagnostic.code in FOLLOWED for refusal in refusals):
        if take_tables(learnt) or (not learnt.tables and take_tables(learnt, in_loops=False)):
            raise Restart(None)
    if len(learnt.tables) > 1 and learnt.joint is None:
        classes = tuple(learnt.tables)
        name = " or ".join(cls.__name__ for cls in classes)
        learnt.joint = type(name, (OneOf,), {"classes": classes})
        learnt.is_stale = True
        raise Restart(None)
    if learnt.tables:
        learnt.joint = None
        learnt.tables, learnt.refused_in_tables = {}, refusals
        learnt.is_stale = True
        raise Restart(None)
    return refusals
