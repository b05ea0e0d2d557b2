"""What an expression may be while a function is lowered.

Static values are Python objects known now. Numbers are graph values. Arrays, lists, dictionaries and
instances are *cells*: objects with an identity, whose content lives in the heap of the lowering (storage.py),
so that a write is seen through every name. Tuples are values.

In:  graph values and Python objects.   Out: the classes of abstract values.
Not here: reading and writing cells (storage.py), joining values (joins.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, overload

from gradscribe.errors import Diagnostic
from gradscribe.frontend.cells import Alternatives as Alternatives
from gradscribe.frontend.cells import ArrayCell as ArrayCell
from gradscribe.frontend.cells import Cell as Cell
from gradscribe.frontend.cells import DictCell as DictCell
from gradscribe.frontend.cells import InstanceCell as InstanceCell
from gradscribe.frontend.cells import Joined as Joined
from gradscribe.frontend.cells import ListCell as ListCell
from gradscribe.frontend.cells import Object as Object
from gradscribe.frontend.cells import Order as Order
from gradscribe.frontend.cells import OrderCell as OrderCell
from gradscribe.frontend.cells import Place as Place
from gradscribe.frontend.cells import View as View
from gradscribe.frontend.cells import put_first as put_first
from gradscribe.frontend.cells import serial_mark as serial_mark
from gradscribe.ir.graph import Value
from gradscribe.ir.types import TEXT
from gradscribe.location import Location

if TYPE_CHECKING:
    import libcst as cst

    from gradscribe.frontend.capture import Captured
    from gradscribe.frontend.flow import Flow
    from gradscribe.frontend.iteration import Iterable
    from gradscribe.frontend.state import ActiveLoop, Frame, Lowering
    from gradscribe.frontend.suspended import Yields
    from gradscribe.frontend.syntax import FunctionSyntax


@dataclass(frozen=True, slots=True, eq=False)
class Static:
    """A Python object known while lowering: a literal, None, text, a function, a module, a class, a dtype."""

    value: object


NOTHING = Static(None)


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A scalar at run time (or text that only `print` and `raise` use)."""

    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class TupleValue:
    """A tuple. `cls` is the class of a named tuple, whose fields are `names`; `tuple` for the results of NumPy."""

    items: tuple[Abstract, ...]
    cls: type = tuple
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class DictView(TupleValue):
    """`owner.keys()`, `.values()` or `.items()`, with what the dictionary held when it was read."""

    owner: DictCell = field(kw_only=True)
    method: str = field(kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A nested function or lambda: its syntax and the frame it was made in.

    `scopes` are the names of the comprehensions around it.
    """

    name: str
    captured: Captured
    function: FunctionSyntax
    frame: Frame
    defaults: Mapping[str, Abstract]
    scopes: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class BoundMethod:
    """A function with its first argument."""

    function: Static | Closure
    owner: Abstract


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """A method of an array, number, list, dictionary or text, not called yet."""

    owner: Abstract
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class SuperValue:
    """`super()`: the object, seen from the classes after `cls`.

    With `initialises` it is the `__init__` that the decorator of the dataclass `cls` wrote, bound to the object.
    """

    cls: type
    owner: Abstract
    initialises: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PartialCall:
    """`functools.partial` over abstract arguments; with `last` they come after those of the call."""

    function: Abstract
    args: tuple[Abstract, ...]
    kwargs: Mapping[str, Abstract]
    last: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class RangeValue:
    """`range(start, stop, step)` with at least one bound known at run time only."""

    start: Abstract
    stop: Abstract
    step: Abstract


@dataclass(frozen=True, slots=True, eq=False)
class ShapeValue:
    """`x.shape`: each length becomes a node only when it is read."""

    array: Value


@dataclass(frozen=True, slots=True, eq=False)
class SliceValue:
    """A slice object with run-time bounds."""

    start: Abstract
    stop: Abstract
    step: Abstract


@dataclass(frozen=True, slots=True, eq=False)
class Iterated:
    """An iterator: `enumerate(...)`, `zip(...)`, a generator. It gives its items once.

    Attributes:
        kind: what made it.
        expand: what a loop over it goes over, computed where it is consumed.
        loops, block: the run-time loops around the place where it was made, and the block.
        parts: what it goes over; options: what it was given by name. made_at: the call that made it.
        serial: it is smaller than that of what was made later.
        steps: lowers what happens between the items, given what is done with an item, where that is possible.
        search: likewise, where nothing of the consumer may be lowered between the items.
        is_long: there may be many items, known at run time only: who takes the first of them rather searches.
    """

    kind: str
    expand: Callable[[Lowering, cst.CSTNode], Iterable]
    loops: tuple[ActiveLoop, ...]
    block: object
    parts: tuple[Abstract, ...] = ()
    options: Mapping[str, Abstract] = field(default_factory=dict)
    made_at: int = 0
    steps: Callable[[Yields], Flow] | None = None
    search: Callable[[Yields], Flow] | None = None
    is_long: bool = False
    serial: int = field(default_factory=serial_mark)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """An f-string with run-time values: text, and (value, conversion, format) in between."""

    parts: tuple[str | tuple[Abstract, str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several things known now, which run-time conditions choose: functions, text, members of an enum.

    Attributes:
        label: that of the one that was chosen.
        options: the things by their labels.
    """

    label: Value
    options: Mapping[str, Abstract]


@dataclass(frozen=True, slots=True, eq=False)
class MaybeUnbound:
    """A name that some ways to here leave unbound; `defined` is a run-time bool."""

    value: Abstract
    defined: Value


@dataclass(frozen=True, slots=True, eq=False)
class MaybeNone:
    """None on some ways to here, a value on the others; `given`, a run-time bool, says which.

    A number may stand in the place of None, where the value is an array.
    """

    value: Abstract
    given: Value
    otherwise: Abstract = NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """Ways leave values that have no common type, or one leaves none (`absent`). Only reading it is an error.

    Attributes:
        made_at: the dict that would say which way it was, if it were asked at run time.
        attempt: the `try` that would, if it were lowered statement by statement.
    """

    diagnostic: Diagnostic
    absent: bool = False
    made_at: object = None
    attempt: object = None


@dataclass(frozen=True, slots=True, eq=False)
class Tainted:
    """Content of a cell that may have been changed through another object. Only reading it is an error.

    Attributes:
        written: where it may have been changed.
        name: of the other object.
        loops: those around there; it may be known what is changed once they are written out.
        sites: branches that choose what it is; once that is followed, it is known what is changed.
    """

    written: Location | None
    name: str
    loops: tuple[ActiveLoop, ...] = ()
    sites: frozenset[object] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """Nothing is known: an error was reported, or a recursive call is being typed. Passes through silently."""


UNKNOWN = Unknown()

Abstract = (
    Static
    | Number
    | TupleValue
    | ArrayCell
    | ListCell
    | DictCell
    | InstanceCell
    | Closure
    | BoundMethod
    | Method
    | PartialCall
    | SuperValue
    | RangeValue
    | ShapeValue
    | SliceValue
    | Iterated
    | Text
    | Choice
    | MaybeUnbound
    | MaybeNone
    | Conflict
    | Unknown
)

HOLDING = TupleValue | ListCell | DictCell | InstanceCell | RangeValue | ShapeValue
"""What holds items, for which operators mean something else than for arrays."""

PASSED_WHOLE = (Closure, BoundMethod, PartialCall, Method, SuperValue, Iterated, RangeValue, SliceValue, Text)
"""What a recursive function may be given, besides data: it has no leaves, and is the same at each level."""

PYTHON_NUMBERS = (bool, int, float, complex)


def item_by_item(value: object) -> Abstract:
    """A value known now; a tuple by its items, which may stand beside those that only the run knows."""
    return TupleValue(tuple(map(item_by_item, value))) if type(value) is tuple else Static(value)


def is_literal(value: Abstract) -> bool:
    """A Python number known now."""
    return isinstance(value, Static) and type(value.value) in PYTHON_NUMBERS


def known_int(value: Abstract) -> int | None:
    """The value of an int that is known now."""
    return plain(value.value) if isinstance(value, Static) and isinstance(value.value, int) else None


def plain(value: Any) -> Any:
    """What is known now as generated code writes it: members of enums that are numbers or text, as such."""
    match value:
        case Enum() if isinstance(value, int | float | complex | str):
            if isinstance(value, str):
                return str.__str__(value)
            return next(base.__pos__(value) for base in (int, float, complex) if isinstance(value, base))  # type: ignore[arg-type]
        case tuple() if type(value) is tuple:
            return tuple(map(plain, value))
        case list():
            return list(map(plain, value))
        case slice():
            return slice(plain(value.start), plain(value.stop), plain(value.step))
    return value


def is_text(value: Abstract) -> bool:
    """Text, known now or at run time."""
    if isinstance(value, Number):
        return value.value.type == TEXT
    return isinstance(value, Text) or (isinstance(value, Static) and isinstance(value.value, str))


def is_none(value: Abstract) -> bool:
    """None, known now."""
    return isinstance(value, Static) and value.value is None


@overload
def bare(value: Abstract) -> Abstract: ...


@overload
def bare(value: object) -> object: ...


def bare(value: object) -> object:
    """What a name or a place stands for where it is bound, and is not None."""
    while isinstance(value, MaybeUnbound | MaybeNone):
        value = value.value
    return value


def is_slice(key: Abstract) -> bool:
    """Whether a key is a slice."""
    return isinstance(key, SliceValue) or (isinstance(key, Static) and isinstance(key.value, slice))
