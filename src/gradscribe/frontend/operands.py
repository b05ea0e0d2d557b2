"""Abstract values as operands of nodes.

In:  abstract values.   Out: graph values in the current block; words that describe a value in an error.
Not here: binding arguments of operations (table_calls.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from types import BuiltinMethodType
from typing import Any

import libcst as cst
import numpy as np

from gradscribe.frontend.blocks import emit_branch
from gradscribe.frontend.conflicts import ask_sets, conflict_refusal
from gradscribe.frontend.entries import attach, holds_itself, is_followed, note_entry, parts_of
from gradscribe.frontend.joins import instantiate, join_items
from gradscribe.frontend.references import widened
from gradscribe.frontend.refusal import Unresolved
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import is_run_time, read_array, read_dict, read_instance, read_list, view_of
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    BoundMethod,
    Cell,
    Choice,
    Closure,
    Conflict,
    DictCell,
    DictView,
    InstanceCell,
    Iterated,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    PartialCall,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    Text,
    TupleValue,
    Unknown,
    is_literal,
    is_none,
    plain,
)
from gradscribe.frontend.written_out import STANDS_FOR
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import as_length
from gradscribe.ir.types import NONE, TEXT, SequenceType, Type, python_scalar, type_text
from gradscribe.ops.spec import Spelling, SpellingKind
from gradscribe.ops.table import lookup

FILLED = (
    "start with what each place will hold: `[0.0] * n`, `[np.zeros(3) for _ in range(n)]`, or append to `[]`"
)
ENTRIES = (bool, int, float, complex, np.generic, str)


def present(
    run: Lowering,
    value: Abstract,
    node: cst.CSTNode | None,
    name: str = "",
    error: type[Exception] = TypeError,
) -> Abstract:
    """The value itself, where it surely is one.

    A name that is bound only on some ways to here is checked at run time, as Python does; so is what may be None.
    """
    value = resolved(run, value, node, name)
    if not isinstance(value, MaybeNone):
        return value
    if not is_none(value.otherwise):
        raise run.refusal(
            node,
            "GS122",
            f"this is {describe(run, value)}, depending on the way to here",
            why="what follows is written once, for a value of one kind",
            fix="make it alike on every way: the same number of dimensions, as in `np.zeros(...)` for 0.0",
        )
    raise_if_none(run, value, node, error)
    return present(run, value.value, node, name)


def resolved(run: Lowering, value: Abstract, node: cst.CSTNode | None, name: str = "") -> Abstract:
    """The value itself, which may be None, where there surely is one."""
    if isinstance(value, Unknown):
        raise Unresolved
    if isinstance(value, Conflict):
        raise conflict_refusal(run, value, node)
    if isinstance(value, MaybeUnbound):
        raise_unless(run, value.defined, node, name)
        return resolved(run, value.value, node, name)
    return view_of(run, value.owner, value.method) if isinstance(value, DictView) else value


def raise_unless_unpacked(
    run: Lowering, node: cst.CSTNode, content: Value, count: int, *, at_least: bool = False
) -> None:
    """Append the check that unpacking an array or list into `count` names makes."""
    is_array = not isinstance(content.type, SequenceType)
    length = run.apply(node, "dimension" if is_array else "list_length", (content,))[0]
    fits = run.op(node, "ge" if at_least else "eq", length, run.constant(count, node))
    kind = "array" if is_array else "list"
    text = f"the {kind} {'has fewer than' if at_least else 'does not have'} {count} items to unpack"
    _raise_where_not(run, node, fits, ValueError, text)


def raise_if(
    run: Lowering,
    node: cst.CSTNode,
    condition: Value,
    error: type[Exception],
    args: tuple[str, ...],
    *,
    refuses: bool = False,
) -> None:
    """Append `if condition: raise error(*args)`; Python raises the same, unless this `refuses` to go on."""
    attrs = {"exception": error, "args": args, **({"refuses": True} if refuses else {})}

    def raising() -> None:
        run.apply(node, "raise_", (), attrs)

    emit_branch(run, node, condition, raising, lambda: None)


def raise_unless(run: Lowering, defined: Value, node: cst.CSTNode | None, name: str) -> None:
    """Append `if not defined: raise UnboundLocalError(...)`."""
    text = f"cannot access local variable '{name}' where it is not associated with a value"
    _raise_where_not(run, node, defined, UnboundLocalError, text)


def raise_if_none(
    run: Lowering,
    value: MaybeNone,
    node: cst.CSTNode | None,
    error: type[Exception] = TypeError,
    text: str = "a value is used that is None",
) -> None:
    """Append the check that something is not None where a value is needed."""
    _raise_where_not(run, node, value.given, error, text)


def _raise_where_not(
    run: Lowering, node: cst.CSTNode | None, holds: Value, error: type[Exception], text: str
) -> None:
    def raising() -> None:
        run.apply(node, "raise_", (), {"exception": error, "args": (text,)})

    emit_branch(run, node, holds, lambda: None, raising)


def as_value(run: Lowering, value: Abstract, node: cst.CSTNode | None) -> Value:
    """A number, array or run-time list as a graph value of the current block."""
    match value:
        case Number(value=found):
            return found
        case ArrayCell():
            return read_array(run, value, node)
        case Static(value=bool() | int() | float() | complex() as literal) if is_literal(value):
            return run.constant(literal, node)
        case Static(value=Enum() as member) if isinstance(member, int | float | complex):
            return run.constant(plain(member), node)
        case Static(value=np.generic() as scalar):
            return _numpy_scalar(run, scalar, node)
        case Static(value=str() as text):
            return run.builder.emit(lookup("constant"), (), (TEXT,), {"value": plain(text)})[0]
        case Text():
            return run.text_value(run, value, node)
        case Choice(label=label, options=options) if all(map(_is_text, options.values())):
            return label
        case Choice(options=options) if all(map(_is_number, options.values())):
            return as_value(run, run.call(run, node or cst.Name("int"), Static(int), (value,), {}), node)
        case ListCell():
            content = read_list(run, value, node)
            return content if isinstance(content, Value) else array_of(run, value, node)
        case TupleValue() | ShapeValue():
            return array_of(run, value, node)
        case Unknown() | Conflict() | MaybeUnbound() | MaybeNone():
            return as_value(run, present(run, value, node), node)
    raise run.refusal(
        node,
        "GS202",
        f"{describe(run, value)} is used as a number or array",
        why="only numbers and arrays take part in arithmetic",
        fix="pass the numbers it holds",
    )


def is_number(value: Abstract) -> bool:
    """A number, known now or at run time."""
    return isinstance(value, Number) or is_literal(value)


def _is_text(value: Abstract) -> bool:
    return isinstance(value, Static) and isinstance(value.value, str)


def _is_number(value: Abstract) -> bool:
    return isinstance(value, Static) and isinstance(value.value, int)


def _numpy_scalar(run: Lowering, scalar: np.generic, node: cst.CSTNode | None) -> Value:
    if scalar.dtype.kind not in "biufc":
        raise run.refusal(
            node,
            "GS202",
            f"a {type(scalar).__name__} is used as a number",
            why="it is not one",
            fix="use a number",
        )
    literal = run.constant(scalar.item(), node)
    spelling = Spelling(SpellingKind.FUNCTION, f"numpy.{scalar.dtype.name}")
    return run.apply(node, "astype", (literal,), spelling=spelling)[0]


def array_of(run: Lowering, value: Abstract, node: cst.CSTNode | None) -> Value:
    """The array that NumPy makes of a nested list or tuple used as an operand."""
    found = run.call(run, node or cst.Name("array"), Static(np.array), (value,), {})
    return as_value(run, found, node)


def as_operand(run: Lowering, value: Abstract, node: cst.CSTNode | None) -> Value:
    """An operand of an operation on arrays: of a run-time list or a range, the array that NumPy makes of it."""
    if isinstance(value, RangeValue) or (isinstance(value, Static) and isinstance(value.value, range)):
        value = _counted(run, value, node)
    found = as_value(run, value, node)
    return array_of(run, value, node) if isinstance(found.type, SequenceType) else found


def _counted(run: Lowering, value: RangeValue | Static, node: cst.CSTNode | None) -> Abstract:
    """The array that NumPy makes of a range."""
    assert node is not None
    if isinstance(value, RangeValue):
        return run.call(run, node, Static(np.arange), (value.start, value.stop, value.step), {})
    known: Any = value.value
    return run.call(
        run, node, Static(np.arange), [Static(n) for n in (known.start, known.stop, known.step)], {}
    )


def list_value(
    run: Lowering,
    items: Sequence[Abstract],
    node: cst.CSTNode | None,
    element: Type | None = None,
    holder: ListCell | None = None,
) -> Value:
    """A run-time list of these items, all of one kind; where there is a `holder` they stand in it from then on."""
    stands = [holder is not None and is_followed(item, run) and items.count(item) == 1 for item in items]
    values = [as_item(run, item, node, stands=stands[k]) for k, item in enumerate(items)]
    joined: Type = element if element is not None else NONE
    for value in values:
        wider = value.type if joined == NONE else join_items(joined, value.type)
        if wider is None:
            run.unroll_around()
            kinds = f"{type_text(joined)} and {type_text(value.type)}"
            raise run.refusal(
                node,
                "GS126",
                f"this list holds both {kinds}, and its length is known at run time only",
                why="a run-time list holds items of one kind",
                fix="keep different things in different lists, or in a tuple",
            )
        joined = wider
    type_ = SequenceType(instantiate(joined), as_length(len(values)))
    run.builder.location = run.location(node)
    made = run.builder.emit(lookup("list_new"), values, (type_,))[0]
    if not values:
        run.makers[made] = run.builder.nodes[-1]
    for k, item in enumerate(items):
        if holder is not None and stands[k] and isinstance(item, Cell):
            attach(run, item, holder, run.constant(k), made)
    return made


def as_item(run: Lowering, item: Abstract, node: cst.CSTNode | None, *, stands: bool = False) -> Value:
    """An item as an entry of a run-time list; where it `stands` there, it is followed from then on."""
    item = widened(run, node, resolved(run, item, node))
    if isinstance(item, MaybeNone):
        raise run.refusal(
            node,
            "GS127",
            "what may be None is put into a list whose length is known at run time only",
            why="such a list holds things of one kind",
            fix="put a number in its place, such as `np.nan`, or leave it out of the list",
        )
    if holds_itself(run, item):
        run.unroll_around()
        raise run.refusal(
            node,
            "GS126",
            f"{describe(run, item)} that holds itself becomes an entry of a run-time list",
            why="there it is taken apart into numbers and arrays, and this would not come to an end",
            fix="keep the numbers and arrays of such objects in lists of their own",
        )
    if isinstance(item, ArrayCell | ListCell) and not stands:
        note_entry(run, item, node)
    if isinstance(item, ListCell):
        content = read_list(run, item, node)
        return content if isinstance(content, Value) else list_value(run, content, node)
    if isinstance(item, DictCell):
        read_dict(run, item)
    if isinstance(item, InstanceCell):
        read_instance(run, item)
    held = parts_of(run, item)
    if held is not None:
        label, parts = held
        attrs = {} if label is None else {"label": label}
        return run.apply(node, "pack", [as_item(run, part, node) for part in parts], attrs)[0]
    ask_sets(run, item)
    is_object = isinstance(item, Static) and not isinstance(item.value, ENTRIES)
    if is_object or isinstance(item, Closure | PartialCall | BoundMethod):
        run.unroll_around()
        raise run.refusal(
            node,
            "GS126",
            f"{describe(run, item)} becomes an entry of a list whose length is known at run time only",
            why="a run-time list holds numbers, arrays, and lists, tuples and dicts of them",
            fix=FILLED if is_none(item) else "use one list for each part",
        )
    return as_value(run, item, node)


def describe(run: Lowering, value: Abstract) -> str:
    """A value in words, for errors."""
    match value:
        case Static(value=None):
            return "None"
        case Static(value=found) if is_literal(value):
            return f"the {type(found).__name__} {found!r}"
        case Static(value=BuiltinMethodType(__self__=np.ufunc() as ufunc, __name__=method)):
            return f"`np.{ufunc.__name__}.{method}`"
        case Static(value=str() as text):
            return f"the str {text!r}"
        case Static(value=Enum() as member):
            return f"`{type(member).__name__}.{member.name}`"
        case Static(value=found):
            name = getattr(found, "__qualname__", None) or getattr(found, "__name__", None)
            return f"`{name}`" if name else f"a {type(found).__name__}"
        case Number(value=found):
            return f"a {type_text(found.type)}"
        case ArrayCell(initial=found):
            return f"an array {type_text(found.type)}"
        case ListCell():
            content = run.heap.get(value, value.initial)
            return f"a {type_text(content.type)}" if isinstance(content, Value) else "a list"
        case TupleValue(items=items):
            return f"a tuple of {len(items)}"
        case DictCell():
            return "a dict"
        case InstanceCell(cls=cls):
            return f"a {STANDS_FOR.get(cls, cls).__name__}"
        case RangeValue():
            return "a range"
        case SliceValue():
            return "a slice"
        case ShapeValue():
            return "a shape"
        case Iterated():
            return "an iterator"
        case Text():
            return "text"
        case MaybeUnbound(value=inner):
            return describe(run, inner)
        case MaybeNone(value=inner, otherwise=other):
            return f"{describe(run, inner)} or {describe(run, other)}"
        case Choice(options=options):
            kinds = dict.fromkeys(describe(run, option) for option in options.values())
            return " or ".join(kinds) if len(kinds) > 1 else f"one of several, each {next(iter(kinds))}"
        case _:
            return "a function"


def type_of(run: Lowering, value: Abstract) -> Type | None:
    """The graph type of a number, array or run-time list, without making a node."""
    match value:
        case Number(value=found):
            return found.type
        case ArrayCell():
            content = run.heap.get(value, value.initial)
            return content.type if isinstance(content, Value) else value.initial.type
        case ListCell():
            content = run.heap.get(value, value.initial)
            return content.type if is_run_time(content) and isinstance(content, Value) else None
        case Static(value=bool() | int() | float() | complex() as literal) if is_literal(value):
            return python_scalar(literal)
        case _:
            return None
