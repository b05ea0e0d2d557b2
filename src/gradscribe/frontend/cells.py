"""Objects with an identity while a function is lowered: arrays, lists, dictionaries, objects of user classes.

What they hold lives in the heap of the lowering (storage.py), so that a write is seen through every name.

In:  graph values and abstract values.   Out: the classes of cells.
Not here: values without an identity (values.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from gradscribe.ir.graph import Value

if TYPE_CHECKING:
    from gradscribe.errors import Diagnostic
    from gradscribe.frontend.state import ActiveLoop, Lowering
    from gradscribe.frontend.values import Abstract

_serial = count(1)
_before_all = count(-(10**12))


def serial_mark() -> int:
    """A number such that all cells made later have a greater serial."""
    return next(_serial)


@dataclass(frozen=True, slots=True)
class View:
    """How an array is read from another one.

    Attributes:
        base: the array it is a view of.
        source: the content of the base when it was last read.
        again: reads it from a new content of the base.
        write_back: the new content of the base when the view has this content; None if that is not supported.
        index: the index template and its inputs, of a plain basic index.
        read_only: NumPy refuses writes to it; what to do instead.
    """

    base: ArrayCell
    source: Value
    again: Callable[[Lowering, Value], Value]
    write_back: Callable[[Lowering, Value, Value], Value] | None
    index: tuple[tuple[object, ...], tuple[Value, ...]] | None = None
    read_only: str = ""


@dataclass(eq=False)
class Cell:
    """An object with an identity.

    Attributes:
        serial: order of creation.
        roots: the objects that this one may be; itself alone when it is surely a new one.
        argument: leaf number when it is an argument or a hidden one, `activations.PASSED` for a graph.
        frozen: it must not be written to: a loop hands it on inside a container, which loses track of other names.
        read_only: what is wrong with writing to it: a default that all calls of a function share.
        place: it is an entry of a run-time list.
        left_by: the loop that leaves it.
        sites: branches that choose what it is, by which it could be followed (see `Alternatives`).
        joined: what it is on the two ways through a branch.
        chosen: it is one of several objects.
        handed_on: it is what an iteration of a loop finds, which may be what an earlier one left.
        momentary: it only hands on what another object holds at one moment; nothing else refers to it.
    """

    serial: int = field(default_factory=lambda: next(_serial), init=False)
    roots: frozenset[Cell] = field(default=frozenset(), kw_only=True)
    argument: int | None = field(default=None, kw_only=True)
    frozen: bool = field(default=False, kw_only=True)
    read_only: Diagnostic | None = field(default=None, kw_only=True)
    place: Place | None = field(default=None, kw_only=True)
    left_by: ActiveLoop | None = field(default=None, kw_only=True)
    sites: frozenset[object] = field(default=frozenset(), kw_only=True)
    joined: Joined | None = field(default=None, kw_only=True)
    chosen: Alternatives | None = field(default=None, kw_only=True)
    handed_on: bool = field(default=False, kw_only=True)
    momentary: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.roots:
            self.roots = frozenset([self])


def put_first(cell: Cell) -> None:
    """Let an object that was there before the function began count as older than all that are made in it.

    It is met where it is first read, in the body of a loop perhaps; what that changes of it, it changes for good.
    """
    cell.serial = next(_before_all)
    if isinstance(cell, ListCell):
        cell.order.serial = next(_before_all)


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """What an object is on the two ways through a branch, None for one that does not matter."""

    branch: object
    sides: tuple[Cell | None, Cell | None]


@dataclass(eq=False)
class ArrayCell(Cell):
    """An array.

    Attributes:
        initial: its first content.
        view: it is a view of another one.
        unsure: whether it is a view depends on a memory layout that is not known.
        is_flat: it is the `flat` of another one, whose parts are copies.
    """

    initial: Value
    view: View | None = None
    unsure: bool = False
    is_flat: bool = False


class Order:
    """Which object stands where in a list. After a change of that there is another one."""


@dataclass(eq=False)
class OrderCell(Cell):
    """The order of a list, beside its content: a store into an entry leaves it as it is."""

    initial: Order = field(default_factory=Order)


@dataclass(eq=False)
class ListCell(Cell):
    """A list: of known length (a tuple of values), or at run time (a value of sequence type).

    Attributes:
        initial: its first content.
        order: of its entries.
        name: the variable it was first bound to.
        grown_in: the loop that made it run-time data.
    """

    initial: tuple[Abstract, ...] | Value
    name: str = ""
    grown_in: ActiveLoop | None = None
    order: OrderCell = field(default_factory=OrderCell)


@dataclass(eq=False)
class Place(Cell):
    """Where an array or list stands in a run-time list: it is read from there, and a write to it is a write there.

    Its content is that of the list when the entry was last read.

    Attributes:
        holder: the list.
        index: of the entry.
        order: that of the list when the entry was found there. In another order it may stand elsewhere.
        initial: the list when the entry was taken out; None if it was not read yet.
        cell: what stands there; alone: what it could be before that.
    """

    cell: Cell
    alone: frozenset[Cell]
    holder: ListCell
    index: Value
    order: Order
    initial: Value | None


@dataclass(eq=False)
class Alternatives(Cell):
    """Objects of which a branch chose one: it is read from that one, and a write to it is a write there.

    Its content is what they held when the chosen one was last read.

    Attributes:
        cells: of which it is one.
        flags: a run-time bool for each but the last, which holds if it is that one. At most one of them does.
        initial: nothing was read yet.
    """

    cells: tuple[Object, ...]
    flags: tuple[Value, ...]
    initial: None = None


@dataclass(eq=False)
class DictCell(Cell):
    """A dictionary with keys known while lowering.

    `made_at` is where it was made: if it meets another key, it is made there as another kind of dict.
    """

    initial: Mapping[object, Abstract]
    made_at: object = None


@dataclass(eq=False)
class InstanceCell(Cell):
    """An object of a user class: attributes by name.

    `origin` is the object itself where it came from outside, so that attributes that are not data are found.
    """

    cls: type
    initial: Mapping[str, Abstract]
    origin: object = None


Object = ArrayCell | ListCell | DictCell | InstanceCell
"""An object of the user's, as opposed to what is known of where it stands."""
