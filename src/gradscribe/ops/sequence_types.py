"""The types of lists, and of what is put into them and taken out.

In:  types of operands.   Out: types of results; refusals of what is no list, or of items of several kinds.
Not here: the operations (sequences.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import (
    INT,
    NONE,
    ArrayType,
    ScalarType,
    SequenceType,
    TupleType,
    Type,
    as_item,
    int_of_length,
    one_of_scalars,
    type_text,
)
from gradscribe.ops.spec import Spelling, Unsupported

Attrs = Mapping[str, object]


def as_sequence(type_: Type) -> SequenceType:
    """The type of a list; refused for anything else."""
    if not isinstance(type_, SequenceType):
        raise Unsupported(f"a {type_text(type_)} is used as a list", "build the list with [] and append")
    return type_


def joined(left: Type, right: Type) -> Type:
    """The element type of a list that holds both."""
    if left == right or NONE in (left, right):
        return right if left == NONE else left
    if isinstance(left, ArrayType) and isinstance(right, ArrayType) and left.ndim == right.ndim:
        pairs = zip(left.shape, right.shape, strict=True)
        shape = tuple(a if a == b else fresh(of_items=True) for a, b in pairs)
        return ArrayType(np.result_type(left.dtype, right.dtype), shape)
    if isinstance(left, ScalarType) and isinstance(right, ScalarType):
        return replace(one_of_scalars(left, right), dtype=np.result_type(left.dtype, right.dtype))
    if isinstance(left, SequenceType) and isinstance(right, SequenceType):
        return SequenceType(joined(left.element, right.element))
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        if len(left.elements) == len(right.elements) and left.label == right.label:
            parts = zip(left.elements, right.elements, strict=True)
            return TupleType(tuple(joined(a, b) for a, b in parts), left.label)
    kinds = f"{type_text(left)} and {type_text(right)}"
    raise Unsupported(f"a list holds both {kinds}", "keep items of one kind")


def _plus(length: Length | None, by: int) -> Length | None:
    return None if length is None else length + by


def new_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of a list of these items."""
    element: Type = NONE
    for type_ in types:
        element = joined(element, type_)
    return (SequenceType(element, as_length(len(types))),)


def sum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of a sum of numbers, which begins with a number of Python."""
    element = as_sequence(types[0]).element
    if not isinstance(element, ScalarType):
        raise Unsupported(f"the sum of a list of {type_text(element)}", "add the items in a loop")
    return (element,)


def append_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of a list after one of its lists has got an item."""
    return (_resized(as_sequence(types[0]), len(types) - 2, types[-1], 1),)


def _resized(items: SequenceType, depth: int, value: Type, by: int) -> SequenceType:
    """The list after one of its lists, `depth` levels down, has got or lost an item."""
    if depth == 0:
        return SequenceType(joined(items.element, value), _plus(items.length, by))
    inner = as_sequence(items.element)
    changed = _resized(inner, depth - 1, value, by)
    return SequenceType(joined(inner, changed), items.length)


def get_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of one item."""
    return (as_item(entry_type(types[0], len(types) - 1)),)


def entry_type(type_: Type, depth: int) -> Type:
    """What is `depth` lists down."""
    return type_ if depth == 0 else entry_type(as_sequence(type_).element, depth - 1)


def set_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of a list in which something was stored."""
    return (_stored(as_sequence(types[0]), len(types) - 2, types[-1]),)


def accumulate_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """A number stays of its dtype when another is added: a Python number there is weak.

    Parts that are added to those of an object need not know what they are together.
    """
    keeps_kind = isinstance(entry_type(types[0], len(types) - 2), ScalarType | TupleType)
    return (types[0],) if keeps_kind else set_types(types, attrs, spelling)


def _stored(items: SequenceType, depth: int, value: Type) -> SequenceType:
    """The list after something was stored, `depth` indices down."""
    if depth == 1:
        return SequenceType(joined(items.element, value), items.length)
    return SequenceType(_stored(as_sequence(items.element), depth - 1, value), items.length)


def pop_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The types of a list that has lost an item, and of the item."""
    found = as_sequence(types[0])
    return SequenceType(found.element, _plus(found.length, -1)), as_item(found.element)


def pop_last_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The same for the last item of a list inside."""
    item = entry_type(types[0], len(types))
    return _resized(as_sequence(types[0]), len(types) - 1, item, -1), as_item(item)


def length_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """The type of the number of items."""
    length = as_sequence(types[0]).length
    return (INT if length is None else int_of_length(length),)
