"""Shapes as attributes: reading a `shape` argument, dividing lengths, reshaping to the shape of another value.

In:  shape templates and types.   Out: lengths, nodes.
Not here: the operations that use them (shaping.py, creation.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import ONE, Length, as_length, fresh
from gradscribe.ir.types import ScalarType, Type, shape_of, type_text
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.promotion import is_array, opaque_length
from gradscribe.ops.spec import Unsupported


def shape_lengths(template: object, types: Sequence[Type]) -> tuple[Length, ...]:
    """The shape that a `shape` argument means: an int or a tuple of ints; -1 stays a length of -1."""
    items = template if isinstance(template, tuple | list) else (template,)
    return tuple(int_length(item, types) for item in items)


def int_length(item: object, types: Sequence[Type]) -> Length:
    """An int of a template as a length: a literal or a run-time int."""
    if isinstance(item, Input):
        type_ = types[item.position]
        if not isinstance(type_, ScalarType) or type_.dtype.kind not in "iu":
            raise Unsupported(f"a {type_text(type_)} is used as a length", "convert it with int(...)")
        return type_.length if type_.length is not None else fresh()
    if isinstance(item, int | np.integer) and not isinstance(item, bool):
        return as_length(int(item))
    raise Unsupported(f"{item!r} is used as a length", "pass an int")


def product_of(shape: Sequence[Length]) -> Length:
    """The number of elements."""
    total = ONE
    for length in shape:
        total = total * length
    return total


def divided(total: Length, divisor: Length) -> Length:
    """total / divisor, where a reshape says that it is whole."""
    if divisor == ONE or total == divisor:
        return total if divisor == ONE else ONE
    if len(divisor.terms) != 1:
        return opaque_length("divide", total, divisor)
    ((atoms, factor),) = divisor.terms
    result = Length(())
    for monomial, coefficient in total.terms:
        rest = list(monomial)
        for atom in atoms:
            if atom not in rest:
                return opaque_length("divide", total, divisor)
            rest.remove(atom)
        if coefficient % factor:
            return opaque_length("divide", total, divisor)
        result = result + Length(((tuple(rest), coefficient // factor),))
    return result


def reshaped(shape: tuple[Length, ...], wanted: tuple[Length, ...]) -> tuple[Length, ...]:
    """The shape of a reshape, with -1 worked out."""
    unknown = [axis for axis, length in enumerate(wanted) if length.constant == -1]
    if not unknown:
        return wanted
    if len(unknown) > 1:
        raise Unsupported("two lengths of -1 in one shape", "leave only one to be worked out")
    others = product_of([length for length in wanted if length.constant != -1])
    found = divided(product_of(shape), others)
    return tuple(found if length.constant == -1 else length for length in wanted)


def shape_template(b: OpBuilder, like: Value, first: int) -> tuple[tuple[object, ...], tuple[Value, ...]]:
    """The shape of `like` as a template and its inputs, which the node has from position `first` on."""
    template: list[object] = []
    inputs: list[Value] = []
    for axis, length in enumerate(shape_of(like.type)):
        if length.constant is not None:
            template.append(length.constant)
        else:
            template.append(Input(first + len(inputs)))
            inputs.append(b.op("dimension", like, axis=axis))
    return tuple(template), tuple(inputs)


def only_element(b: OpBuilder, value: Value) -> Value:
    """The number in an array of one element; what has no dimensions may be a number at run time."""
    ndim = len(shape_of(value.type))
    return b.op("get_item", value, index=(0,) * ndim) if ndim else b.op("pos", value)


def reshape_like(b: OpBuilder, value: Value, like: Value) -> Value:
    """`value` in the shape of `like`; where that is a scalar, the only element."""
    if isinstance(like.type, ScalarType):
        return only_element(b, value) if is_array(value.type) else value
    if shape_of(value.type) == shape_of(like.type):
        return value
    template, inputs = shape_template(b, like, 1)
    return b.apply("reshape", (value, *inputs), {"shape": template})[0]
