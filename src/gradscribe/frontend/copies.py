"""`copy.copy`, `copy.deepcopy`, `copy=` of arrays: another object, and where deep others of all that it holds.

In:  any value.   Out: a copy; numbers, text and functions are themselves, since nothing can change them.
Not here: the methods `copy` of arrays, lists and dicts (container_methods.py, table_calls.py).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType

import libcst as cst
import numpy as np

from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.operands import describe
from gradscribe.frontend.operators import raises
from gradscribe.frontend.optional import over_optional
from gradscribe.frontend.references import class_referred_to, classes_of, holds_references
from gradscribe.frontend.rows_of_several import copy_of_row
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.structure import GENERATOR_TYPES, attributes, is_static
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Choice,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Method,
    Number,
    RangeValue,
    ShapeValue,
    SliceValue,
    Static,
    Text,
    TupleValue,
)
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.types import OpaqueType, ScalarType, SequenceType, Type
from gradscribe.ops.places import PLACES
from gradscribe.ops.written.lists import deep_copies

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
# By which a class says otherwise what a copy is.
PROTOCOL = (
    "__reduce__",
    "__reduce_ex__",
    "__getstate__",
    "__setstate__",
    "__getnewargs__",
    "__getnewargs_ex__",
)


def shallow(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    """`copy.copy(x)`."""
    value = _only(run, node, args, kwargs)
    if isinstance(value, TupleValue):
        return value
    if class_referred_to(value) is not None:
        assert isinstance(value, Number)
        for cls in classes_of(value):
            _require_plain(run, node, cls)
        return copy_of_row(run, node, value)
    return _copied(run, node, value, "__copy__", (), lambda part: part, lambda made: None)


def deep(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    """`copy.deepcopy(x)`: what is held twice, or holds itself, is one object in the copy too."""
    made: dict[Abstract, Abstract] = {}
    outer: dict[int, None] = {}

    def copied(part: Abstract) -> Abstract:
        def begun(copy: Abstract) -> None:
            made[part] = copy

        if part not in made:
            made[part] = _copied(run, node, part, "__deepcopy__", (DictCell({}),), copied, begun)
        if isinstance(part, ArrayCell):
            outer.update({root.argument: None for root in part.roots if root.argument is not None})
        return made[part]

    result = copied(_only(run, node, args, kwargs))
    if len(outer) > 1:
        # Whether two arrays from outside are one, and their copies then too, is not known: they must be two.
        run.written_leaves.update(outer)
    return result


def array(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.array(x, copy=...)`: False is an error where the array is not `x` itself, None copies where it must."""
    rest = {name: value for name, value in kwargs.items() if name != "copy"}
    match kwargs.get("copy"):
        case Static(value=bool() | None as asked):
            if asked:
                return run.call(run, node, Static(np.array), args, rest)
            made = run.call(run, node, Static(np.asarray), args, rest)
            if asked is False and made is not args[0]:
                raise raises(run, node, _not_without_a_copy())
            return made
    return None


def _not_without_a_copy() -> ValueError:
    """What NumPy says."""
    try:
        np.array([0.0], copy=False)
    except ValueError as error:
        return error
    return ValueError("Unable to avoid copy while creating an array as requested.")


def _only(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract:
    if len(args) == 1 and not kwargs:
        return args[0]
    raise run.refusal(
        node,
        "GS140",
        "what was copied before is passed to a copy",
        why="only copies of one thing at a time are followed",
        fix="pass the thing alone: `copy.deepcopy(x)`",
    )


def _copied(
    run: Lowering,
    node: cst.CSTNode,
    value: Abstract,
    own: str,
    given: Args,
    part: Callable[[Abstract], Abstract],
    begun: Callable[[Abstract], None],
) -> Abstract:
    """A copy of an object, made of `part` of all that it holds; `begun` gets the copy before it holds anything."""

    def filled(copy: ListCell | DictCell | InstanceCell, content: Callable[[], object]) -> Abstract:
        begun(copy)
        run.heap[copy] = content()
        return copy

    match value:
        case ArrayCell():
            return run.call(run, node, Static(np.copy), (value,), {})
        case ListCell():
            content = read_list(run, value, node)
            if isinstance(content, Value) and (own != "__deepcopy__" or _holds_numbers(content.type)):
                return run.call(run, node, Method(value, "copy"), (), {})
            if isinstance(content, Value) and not holds_references(content.type):
                return run.call(run, node, Static(deep_copies), (value,), {})
            if isinstance(content, tuple):
                return filled(ListCell(()), lambda: tuple(map(part, content)))
        case DictCell():
            entries = read_dict(run, value)
            return filled(DictCell({}), lambda: {key: part(item) for key, item in entries.items()})
        case TupleValue(items=items, cls=cls, names=names):
            return TupleValue(tuple(map(part, items)), cls, names)
        case InstanceCell(cls=cls, origin=origin):
            written = find_in_class(cls, own)
            if isinstance(written, FunctionType):
                return run.call(run, node, Static(written), (value, *given), {})
            _require_plain(run, node, cls)
            fields = read_instance(run, value)
            return filled(
                InstanceCell(cls, {}, origin), lambda: {name: part(item) for name, item in fields.items()}
            )
        case MaybeNone():

            def with_known(known: Abstract) -> Abstract:
                return _copied(run, node, known, own, given, part, begun)

            return over_optional(run, node, (value,), with_known)
        case Static(value=list() | dict() as found):
            return run.call(run, node, Static(type(found)), (value,), {})
        case Static(value=found) if _is_object(found):
            fields = {name: attribute_of(run, node, value, name) for name in attributes(found)}
            return _copied(run, node, InstanceCell(type(found), fields, found), own, given, part, begun)
        case Number(value=number) if number.type in GENERATOR_TYPES or holds_references(number.type):
            pass
        case Number(value=number) if number.type == PLACES:
            (places,) = run.apply(node, "copy_of_places", (number,))
            name_value(places, "places")
            return Number(places)
        case Static() | Number() | Text() | ShapeValue() | RangeValue() | SliceValue() | Closure() | Choice():
            return value
    raise run.refusal(
        node,
        "GS127",
        f"{describe(run, value)} is copied",
        why="what it goes on with would have to be copied too",
        fix="copy the arrays and lists that the function needs",
    )


def _holds_numbers(type_: Type) -> bool:
    """A run-time list of numbers or text, which are not copied."""
    is_plain = isinstance(type_, SequenceType) and isinstance(type_.element, ScalarType | OpaqueType)
    return is_plain and not holds_references(type_)


def _is_object(found: object) -> bool:
    """An object with attributes, which a copy has apart from it."""
    has_attributes = hasattr(found, "__dict__") or hasattr(type(found), "__slots__")
    return has_attributes and not isinstance(found, type | enum.Enum | BaseException) and not is_static(found)


def _require_plain(run: Lowering, node: cst.CSTNode, cls: type) -> None:
    for name in PROTOCOL:
        found = find_in_class(cls, name)
        if isinstance(found, FunctionType):
            raise run.refusal(
                node,
                "GS142",
                f"objects of `{cls.__name__}` are not copied inside",
                why=f"its method `{name}` decides what a copy is",
                fix="make the copy by a call of the class",
            )
