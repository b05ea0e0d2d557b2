"""What may have been changed through another object: reading it is an error that names both.

In:  an object and what is known of the write.   Out: a restart in which it is followed, or the refusal.
Not here: which objects a write changes (sharers.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.errors import Diagnostic, UnsupportedSyntaxError
from gradscribe.frontend.alternatives import follow_choices, follow_parts
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.sharers import name_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import DictCell, InstanceCell, ListCell, Object, Tainted
from gradscribe.frontend.writing_out import write_out

_COPIED = "keep a copy where the two part: `y = x.copy()`, `items.append(x.copy())`"
_ENTERED = "keep a copy where the two part: `y = x.copy()`, `items.append(copy.copy(x))`"
_REPLACED = "put a new one in its place: `items[k] = Item(...)`, or change it in each branch"


def stale(run: Lowering, node: cst.CSTNode | None, cell: Object, content: Tainted) -> Refusal:
    """The refusal to read an object; starts again where more may be known of it."""
    follow_choices(run, content.sites)
    follow_parts(run)
    write_out(run, (*content.loops, *run.loops))
    kind, relation, fix = _in_words(cell)
    own, other = name_of(run, cell), content.name if content.name.isidentifier() else ""
    notes = (f"written at {content.written.short}",) if content.written is not None else ()
    return Refusal(
        UnsupportedSyntaxError,
        Diagnostic(
            "GS130",
            f"{f'`{own}`' if own else f'this {kind}'} may have been changed through "
            f"{f'`{other}`' if other not in ('', own) else 'another name'}",
            run.location(node),
            why=f"after a branch, around a loop, or inside a list it may be {relation} "
            f"{f'`{other}`' if other else 'another one'}, which is changed in place",
            fix=fix,
            notes=notes,
        ),
    )


def _in_words(cell: Object) -> tuple[str, str, str]:
    """What it is, what it may be to the other object, and what to write instead."""
    match cell:
        case ListCell():
            return "list", "or hold", _ENTERED
        case DictCell() | InstanceCell():
            kind = f"`{cell.cls.__name__}`" if isinstance(cell, InstanceCell) else "dict"
            return kind, f"the same {kind} as", _REPLACED
        case _:
            return "array", "the same array as", _COPIED
