"""Least upper bounds of types: what a value is that comes from one of several ways.

Types are bounds only, nothing is converted: a Python float may stand where a NumPy scalar is expected.

In:  types.   Out: their bound, or None where there is none.
Not here: joining structure (merging.py), loops (loops.py).
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import count

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import ONE, Length, Symbol, fresh, of_symbol, symbols_of
from gradscribe.ir.types import (
    FLOAT,
    NONE,
    ArrayType,
    ScalarType,
    SequenceType,
    TupleType,
    Type,
    one_of_scalars,
    with_common_lengths,
)
from gradscribe.ops.spec import OpSpec, Spelling

VARYING = of_symbol(Symbol(0, "?"))
"""A length that differs from iteration to iteration, in the remembered types of a loop."""

_together = count(1)


def varying_together() -> Length:
    """A length that differs from iteration to iteration, and is the same wherever it stands."""
    number = next(_together)
    return of_symbol(Symbol(-number, f"?{number}"))


# Arithmetic whose result is an int for ints.
KEEPS_CLASS = frozenset(
    {"add", "sub", "mul", "neg", "pos", "abs", "pow", "floordiv", "mod", "maximum", "minimum"}
)


GIVES_ONE = frozenset({"builtins.max", "builtins.min", "and", "or"})


def join_types(left: Type, right: Type) -> Type | None:
    """The least type that both are; lengths that differ are `VARYING`."""
    if left == right:
        return with_common_lengths(left, right)
    match left, right:
        case ScalarType(), ScalarType():
            return one_of_scalars(left, right)
        case ArrayType(dtype=a, shape=m), ArrayType(dtype=b, shape=n) if len(m) == len(n):
            if a != b and (a.kind != b.kind or a.kind not in "fc"):
                return None
            return ArrayType(
                np.result_type(a, b), tuple(_join_length(x, y) for x, y in zip(m, n, strict=True))
            )
        case (ScalarType() as scalar, ArrayType(dtype=b, shape=())) | (
            ArrayType(dtype=b, shape=()), ScalarType() as scalar
        ):  # fmt: skip
            return _array_or_scalar(b, scalar)
        case SequenceType(element=a), SequenceType(element=b):
            return _join_sequences(left, right)
        case TupleType(a, label), TupleType(b, other) if len(a) == len(b) and label == other:
            joined = [join_types(x, y) for x, y in zip(a, b, strict=True)]
            found = tuple(type_ for type_ in joined if type_ is not None)
            return TupleType(found, label) if len(found) == len(joined) else None
        case _:
            return None


def _array_or_scalar(dtype: np.dtype, scalar: ScalarType) -> Type | None:
    """The bound of an array without dimensions and a number: one of Python does not keep its dtype from others."""
    if one_of_scalars(ScalarType(dtype), scalar).dtype != dtype:
        return None
    return ArrayType(np.result_type(dtype, scalar.dtype), ())


def _join_length(left: Length, right: Length) -> Length:
    if left == right or is_varying(left):
        return left
    return right if is_varying(right) else VARYING


def _join_sequences(left: SequenceType, right: SequenceType) -> Type | None:
    length = left.length if left.length == right.length else None
    if left.element == NONE or right.element == NONE:
        return SequenceType(right.element if left.element == NONE else left.element, length)
    element = join_items(left.element, right.element)
    return None if element is None else SequenceType(element, length)


def join_items(left: Type, right: Type) -> Type | None:
    """The bound of two items of a list: the dtype is that of an array of both.

    A Python float takes the dtype of what it is added to, but makes an array of np.float32 numbers one of float64.
    """
    if isinstance(left, ScalarType) and isinstance(right, ScalarType) and left.python != right.python:
        return replace(one_of_scalars(left, right), dtype=np.result_type(left.dtype, right.dtype))
    return join_types(left, right)


def instantiate(
    type_: Type, first_local: int | None = None, together: dict[Length, Length] | None = None
) -> Type:
    """The type with a fresh length in place of each varying one, and of each that a loop's inside made.

    Args:
        type_: the type.
        first_local: symbols with this number or a later one mean nothing outside of the loop.
        together: what stands for lengths that vary together; fresh ones are added.
    """
    return _instantiated(type_, first_local, {} if together is None else together, of_items=False)


def _instantiated(
    type_: Type, first_local: int | None, known: dict[Length, Length], *, of_items: bool
) -> Type:
    match type_:
        case ArrayType(dtype, shape):
            return ArrayType(dtype, tuple(_outside(length, first_local, known, of_items) for length in shape))
        case SequenceType(element, length):
            kept = length if length is None or not _is_local(length, first_local) else None
            return SequenceType(_instantiated(element, first_local, {}, of_items=True), kept)
        case TupleType(elements, label):
            parts = (_instantiated(part, first_local, known, of_items=of_items) for part in elements)
            return TupleType(tuple(parts), label)
        case ScalarType(length=length) if length is not None and _is_local(length, first_local):
            return replace(type_, length=None)
        case _:
            return type_


def _outside(
    length: Length, first_local: int | None, together: dict[Length, Length], of_items: bool
) -> Length:
    if is_varying(length) and length != VARYING:
        return together.setdefault(length, fresh(of_items=of_items))
    return fresh(of_items=of_items) if _is_local(length, first_local) else length


def with_own_lengths(type_: Type, first_local: int, *, in_list: bool = False) -> Type:
    """The type of a list, with `VARYING` for lengths of items that mean nothing outside of one iteration."""
    match type_:
        case ArrayType(dtype, shape) if in_list:
            return ArrayType(dtype, tuple(VARYING if _is_local(n, first_local) else n for n in shape))
        case SequenceType(element, length):
            kept = None if in_list and length is not None and _is_local(length, first_local) else length
            return SequenceType(with_own_lengths(element, first_local, in_list=True), kept)
        case TupleType(elements):
            parts = (with_own_lengths(part, first_local, in_list=in_list) for part in elements)
            return replace(type_, elements=tuple(parts))
        case _:
            return type_


def is_varying(length: Length) -> bool:
    """Whether it differs from iteration to iteration."""
    return any(symbol.number <= 0 for symbol in symbols_of(length))


def _is_local(length: Length, first_local: int | None) -> bool:
    if is_varying(length):
        return True
    return first_local is not None and any(symbol.number >= first_local for symbol in symbols_of(length))


def symbol_mark() -> int:
    """A number such that all symbols made later have a greater or equal one."""
    (symbol,) = symbols_of(fresh())
    return symbol.number


def mixed_results(
    spec: OpSpec,
    spelling: Spelling | None,
    mixed: Set[Value],
    inputs: Sequence[Value],
    outputs: Sequence[Value],
) -> Set[Value]:
    """The results of an operation that are ints or floats as their operands are, which are known to be mixed.

    `max`, `min`, `and` and `or` of Python give one of their operands, whatever its class.
    """
    spreads = spec.name in KEEPS_CLASS and not mixed.isdisjoint(inputs)
    name = (spelling or spec.spellings[0]).name if spec.spellings else ""
    gives_one = name in GIVES_ONE and not all(same_class(inputs[0].type, value.type) for value in inputs)
    # An int, or a float where its exponent is negative.
    is_power = spec.name == "pow" and outputs[0].type == FLOAT and all(map(_is_python_int, inputs))
    return frozenset(outputs) if spreads or gives_one or is_power else frozenset()


def _is_python_int(value: Value) -> bool:
    return isinstance(value.type, ScalarType) and value.type.python and value.type.dtype.kind in "bi"


def same_class(left: Type, right: Type) -> bool:
    """Numbers of these types are of one class at run time, and so is all else but a number and an array."""
    if not isinstance(left, ScalarType) or not isinstance(right, ScalarType):
        return isinstance(left, ScalarType) is isinstance(right, ScalarType)
    return left.dtype == right.dtype and left.python == right.python


def same_pattern(left: Type, right: Type) -> bool:
    """Equal up to lengths, but for which of them are 1."""
    match left, right:
        case ArrayType(dtype=a, shape=m), ArrayType(dtype=b, shape=n):
            return a == b and [x == ONE for x in m] == [y == ONE for y in n]
        case SequenceType(element=a), SequenceType(element=b):
            return same_pattern(a, b)
        case _:
            return left == right
