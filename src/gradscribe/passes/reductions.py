"""Sums over axes in derivative code.

    before:  d_s = (-d_y * x / s).sum()                                      after:  d_s = -(d_y * x).sum() / s
             d_x = d_y.sum(axis=1, keepdims=True)[:, 0]                      d_x = d_y.sum(axis=1)
             d_s = (d_y * x).sum()                                           d_s = d_y @ x

Signs and numbers are applied to the result, which is smaller than what is summed.

In:  a derivative node.   Out: a value that can stand for its output, or None.
Not here: products (products.py), sums of terms (sums.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, dtype_of, is_inexact, same_shape, shape_of
from gradscribe.ops.axes import all_axes, reduction_of
from gradscribe.ops.indexes import is_full_slice
from gradscribe.passes.products import (
    PRODUCT,
    Apply,
    Expression,
    Literal,
    Term,
    as_term,
    emit,
    read_tree,
    write_term,
)
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder


@rule_for(("sum",))
def inner_product(scope: Scope, node: Node) -> Value | None:
    """The sum of products of all elements of two arrays is one operation, without the array of products."""
    operand = node.inputs[0]
    made = scope.sole(operand)
    if made is None or made.op.name != "mul" or shape_of(node.output.type):
        return None
    types = [value.type for value in (*made.inputs, operand)]
    alike = all(isinstance(type_, ArrayType) and same_shape(type_, operand.type) for type_ in types)
    if not alike or {dtype_of(type_) for type_ in (*types, node.output.type)} != {dtype_of(operand.type)}:
        return None
    if dtype_of(operand.type).kind != "f" or dtype_of(operand.type).itemsize < 4:
        return None
    b = builder(node)
    name = "matmul" if len(shape_of(operand.type)) == 1 else "vdot"
    return scope.accept(b, b.op(name, *made.inputs), node)


@dataclass
class _Split:
    """A product of numbers and arrays: `outer` may be applied to the sum of the product of `arrays`."""

    outer: Term
    numbers: list[Expression] = field(default_factory=list)
    divisors: list[Expression] = field(default_factory=list)
    arrays: list[Expression] = field(default_factory=list)


@rule_for(("sum",))
def factor_out_of_sum(scope: Scope, node: Node) -> Value | None:
    """Numbers, signs and divisors that are the same for all summands stand outside."""
    operand = node.inputs[0]
    if not isinstance(operand.type, ArrayType) or not is_inexact(operand.type):
        return None
    made = scope.sole(operand)
    if made is None or made.op.name not in PRODUCT:
        return None
    split = _split(as_term(read_tree(scope, operand, 0)))
    if not split.arrays or (split.outer == Term() and not split.numbers and not split.divisors):
        return None
    b = builder(node)
    inside = emit(b, write_term(Term(factors=tuple(split.arrays)), operand.type))
    if shape_of(inside.type) != shape_of(operand.type) or dtype_of(inside.type) != dtype_of(operand.type):
        return None
    total = b.apply("sum", (inside,), node.attrs)[0]
    term = replace(split.outer, factors=(*split.numbers, total))
    outside = write_term(term, node.output.type)
    for divisor in split.divisors:
        outside = Apply("div", (outside, divisor), node.output.type)
    return scope.accept(b, emit(b, outside), node)


def _split(term: Term) -> _Split:
    split = _Split(replace(term, factors=()))
    for factor in term.factors:
        match factor:
            case Apply("div", (top, bottom)) if _is_number(bottom):
                # Its literals and lengths are among those of the term.
                inner = _split(as_term(top))
                split.numbers += inner.numbers
                split.divisors += [*inner.divisors, bottom]
                split.arrays += inner.arrays
            case _ if _is_number(factor):
                split.numbers.append(factor)
            case _:
                split.arrays.append(factor)
    return split


def _is_number(tree: Expression) -> bool:
    return not isinstance(tree, Literal) and isinstance(tree.type, ScalarType)


@rule_for(("squeeze", "get_item"))
def drop_kept_axes(scope: Scope, node: Node) -> Value | None:
    """A sum without the axes that it keeps, where the reader removes them; through signs and numbers."""
    made = scope.sole(node.inputs[0]) if node.inputs else None
    axes = _dropped_axes(node)
    if made is None or not axes:
        return None
    b = builder(node)
    if made.op.name == "sum":
        summed, keepdims = reduction_of(made.attrs, len(shape_of(made.inputs[0].type)))
        if not keepdims or summed != axes:
            return None
        attrs = {key: value for key, value in made.attrs.items() if key != "keepdims"}
        return scope.accept(b, b.apply("sum", made.inputs, attrs)[0], node)
    if made.op.name not in PRODUCT or sum(isinstance(value.type, ArrayType) for value in made.inputs) != 1:
        return None
    inputs = [
        b.apply(node.op.name, (value,), node.attrs)[0] if isinstance(value.type, ArrayType) else value
        for value in made.inputs
    ]
    return scope.accept(b, b.apply(made.op.name, inputs, made.attrs)[0], node)


def _dropped_axes(node: Node) -> tuple[int, ...]:
    """The axes of length 1 that a node removes, and nothing else; none where it does something else."""
    if node.op.name == "squeeze" and node.attrs.get("axis") is not None:
        return all_axes(node.attrs["axis"], len(shape_of(node.inputs[0].type)))
    if node.op.name != "get_item":
        return ()
    index = node.attrs["index"]
    assert isinstance(index, tuple)
    if not all(is_full_slice(item) or (type(item) is int and item == 0) for item in index):
        return ()
    axes = tuple(axis for axis, item in enumerate(index) if not isinstance(item, slice))
    return axes if all(shape_of(node.inputs[0].type)[axis].is_one for axis in axes) else ()
