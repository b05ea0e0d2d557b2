"""Objects of user classes that are followed as rows of a table: what tells them from numbers.

In:  abstract values.   Out: the class of the object that one refers to; whether two are one object.
Not here: the tables and what stands in them (object_tables.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Number, Static
from gradscribe.ir.graph import Value
from gradscribe.ir.types import SequenceType, TupleType, Type
from gradscribe.ops.references import OneOf, ReferenceType


def class_referred_to(value: Abstract | None) -> type | None:
    """The class of the object that this refers to; None for anything else."""
    if isinstance(value, Number) and isinstance(value.value.type, ReferenceType):
        return value.value.type.of
    return None


def holds_references(type_: Type) -> bool:
    """Whether something of this type refers to objects that are rows."""
    return any(isinstance(part, ReferenceType) for part in parts_of_type(type_))


def holds_objects(type_: Type) -> bool:
    """Whether something of this type stands for objects, dicts or named tuples, which do not exist at run time."""
    return any(
        isinstance(part, ReferenceType) or (isinstance(part, TupleType) and part.label is not None)
        for part in parts_of_type(type_)
    )


def parts_of_type(type_: Type) -> Iterator[Type]:
    """The type, and those of what it consists of."""
    yield type_
    match type_:
        case SequenceType(element=element):
            yield from parts_of_type(element)
        case TupleType(elements=elements):
            for element in elements:
                yield from parts_of_type(element)


def _has_identity(cls: type) -> bool:
    return getattr(cls, "__hash__") is object.__hash__  # noqa: B009 (mypy takes it for another type)


def require_hashable(run: Lowering, node: cst.CSTNode, type_: Type) -> None:
    """Refuse objects as keys, or in sets, whose class says what is equal."""
    for part in parts_of_type(type_):
        if isinstance(part, ReferenceType) and not all(map(_has_identity, _classes(part.of))):
            raise run.refusal(
                node,
                "GS127",
                f"a {part.of.__name__} is a key of a dict, or is put into a set",
                why="its class says what is equal, and then Python finds it by that, or raises TypeError",
                fix="let the class define no `__eq__`: `@dataclass(eq=False)`, or number the objects",
            )


def number_of(run: Lowering, node: cst.CSTNode | None, reference: Number) -> Number:
    """What tells the object from others: its row, or among objects of several classes its number."""
    return Number(run.op(node, "row", reference.value))


def one_row(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract) -> Abstract:
    """Whether two values, of which one is a reference, are one object."""
    if family_of(left) is not family_of(right):
        return Static(False)
    assert isinstance(left, Number) and isinstance(right, Number)
    if left.value is right.value:
        return Static(True)
    numbers = (number_of(run, node, one).value for one in (left, right))
    return Number(run.op(node, "eq", *numbers))


def family_of(value: Abstract) -> type:
    """The class of an object that is a row, or what stands for the classes that are numbered together.

    `object` of what is no row.
    """
    if isinstance(value, Number) and isinstance(value.value.type, ReferenceType):
        return value.value.type.among or value.value.type.of
    return object


def classes_of(value: Abstract) -> tuple[type, ...]:
    """Of which classes the object may be that this refers to; nothing for what is no reference."""
    cls = class_referred_to(value)
    return _classes(cls) if cls is not None else ()


def _classes(cls: type) -> tuple[type, ...]:
    return cls.classes if issubclass(cls, OneOf) else (cls,)


def widened(run: Lowering, node: cst.CSTNode | None, value: Abstract) -> Abstract:
    """The object without what is known of its class, so that it may stand beside those of other classes."""
    if not isinstance(value, Number) or not isinstance(value.value.type, ReferenceType):
        return value
    among = value.value.type.among
    if among is None:
        return value
    return refer(run, node, number_of(run, node, value).value, among)


def refer(
    run: Lowering, node: cst.CSTNode | None, number: Value, cls: type, among: type | None = None
) -> Number:
    """The object of this number."""
    return Number(run.op(node, "reference", number, to=ReferenceType(cls.__name__, cls, among)))
