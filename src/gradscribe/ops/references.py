"""Objects of user classes that stand in tables, a list for each attribute: which row of its table one is.

The attributes are lists, which have a derivative; a reference is an int at run time, of a type of its own, so that
nothing else is done with it than Python does with the object.

In:  classes.   Out: `ReferenceType`; `OPERATIONS`.
Not here: the tables (frontend/object_tables.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ir.types import INT, OpaqueType, Type
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import ConstantAlmostEverywhere, Spelling

IDENTITY = ConstantAlmostEverywhere(why="which object is meant has no derivative")


class OneOf:
    """Stands for the class of objects that are of one of several classes.

    Attributes:
        classes: which.
    """

    classes: tuple[type, ...]


@dataclass(frozen=True, slots=True)
class ReferenceType(OpaqueType):
    """An object of this class, as the row of its table.

    Attributes:
        of: the class; where only the run knows it, a subclass of `OneOf`.
        among: that subclass, where it is known here which of the classes it is.
    """

    of: type
    among: type | None = None


def _refers(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    to = attrs["to"]
    assert isinstance(to, ReferenceType)
    return (to,)


OPERATIONS = (
    entry(
        "reference",
        "reference",
        "row, to",
        IDENTITY,
        _refers,
        "The object that stands in a row of a table.",
        operands=("row",),
        evaluate=lambda inputs, attrs: inputs[0],
    ),
    entry(
        "row",
        "row",
        "reference",
        IDENTITY,
        always(INT),
        "The row in which an object stands.",
        evaluate=lambda inputs, attrs: inputs[0],
    ),
)
