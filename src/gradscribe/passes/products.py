"""Products in the form a person writes.

    before:  3.0 * (2.0 * x ** 1)      -(a * -b)      1.0 / r.size * (2.0 * r)
    after:   6.0 * x                   a * b          2.0 * r / r.size

A tree of products, quotients and negatives whose inner values have no name and no other reader is read as one
`Term`: sign, literal factor, literal divisor, factors, and lengths it is divided by. It is written back with
literals in front, then numbers, then arrays of more and more dimensions, so that every operation is as small
as it can be; but none in integers, and none in fewer bits than the whole. Nothing but literals moves across the
division by something that is not a length.

In:  a derivative node.   Out: the node's value in this form, or None where it has it already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import (
    FLOAT,
    ArrayType,
    ScalarType,
    Type,
    dtype_of,
    is_inexact,
    is_number,
    numpy_scalar,
    same_shape,
)
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.promotion import is_python, promote
from gradscribe.passes.precision import is_computed_in, is_moderate, narrowness
from gradscribe.passes.rules import rule_for
from gradscribe.passes.scope import Scope, builder

PRODUCT = frozenset({"mul", "div", "neg"})
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Literal:
    """A finite number. `whole` says that it stands there as an int: derivatives write floats."""

    number: float
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """A value that is a float of one branch or an integer of another one: it is taken for an integer."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation of a product tree, with the type it has in the graph."""

    op: str
    args: tuple[Expression, ...]
    type: Type


Expression = Value | Joined | Literal | Apply


@dataclass(frozen=True, slots=True)
class Term:
    """± number / divisor * factors / lengths."""

    negative: bool = False
    number: float = 1.0
    divisor: float = 1.0
    factors: tuple[Expression, ...] = ()
    lengths: tuple[Value, ...] = ()

    @property
    def core(self) -> Term:
        """The term without sign and literals."""
        return Term(factors=self.factors, lengths=self.lengths)


@rule_for(PRODUCT)
def normalise_product(scope: Scope, node: Node) -> Value | None:
    """The product in its normal form."""
    type_ = node.output.type
    if not is_inexact(type_) or not is_number(type_) or scope.is_inside(node, PRODUCT):
        return None
    before = _read_node(scope, node, 0)
    after = write_term(as_term(before), type_)
    return emit_tree(scope, node, before, after)


def read_tree(scope: Scope, value: Value, depth: int, *, shared: bool = False) -> Expression:
    """The tree of a value; with `shared`, also of a scaled value that has other readers."""
    literal = scope.literal(value)
    if isinstance(literal, int | float) and not isinstance(literal, bool) and math.isfinite(literal):
        if isinstance(literal, float) or abs(literal) < 2**53:
            return Literal(float(literal), isinstance(literal, int))
    if depth >= MAX_DEPTH or not is_inexact(value.type):
        return value
    node = scope.sole(value)
    if node is None and shared:
        node = scope.inner(value)
        node = node if node is not None and _only_scales(scope, node) else None
    if node is None or node.op.name not in PRODUCT:
        return Joined(value, numpy_scalar(np.int64)) if _may_wrap(scope, value) else value
    return _read_node(scope, node, depth)


def _may_wrap(scope: Scope, value: Value) -> bool:
    """An integer of NumPy's on some way to here. Those of Python do not wrap."""
    type_ = value.type
    return isinstance(type_, ScalarType) and not type_.python and not scope.is_certainly_float(value)


def _read_node(scope: Scope, node: Node, depth: int) -> Apply:
    # Scaling twice is scaling once: that saves an operation even where the inner value is needed elsewhere.
    shared = _only_scales(scope, node)
    args = tuple(read_tree(scope, value, depth + 1, shared=shared) for value in node.inputs)
    return Apply(node.op.name, args, node.output.type)


def _only_scales(scope: Scope, node: Node) -> bool:
    """A negative, or a product with a literal."""
    name = node.op.name
    return name == "neg" or (name == "mul" and any(scope.literal(value) is not None for value in node.inputs))


def as_term(tree: Expression) -> Term:
    """Sign, literals, factors and lengths of a tree."""
    match tree:
        case Literal(number=number):
            return Term(negative=number < 0, number=abs(number))
        case Apply("neg", (inner,)):
            term = as_term(inner)
            return replace(term, negative=not term.negative)
        case Apply("mul", (left, right), type_):
            terms = (_close(as_term(left), left, type_), _close(as_term(right), right, type_))
            return product_of(*terms, type_) or Term(factors=(tree,))
        case Apply("div", (left, Literal(number=number)), type_) if number != 0.0:
            divisor = Term(number < 0, divisor=abs(number))
            return product_of(as_term(left), divisor, type_) or Term(factors=(tree,))
        case Apply("div", (left, Value() as right)) if _is_length(right):
            term = as_term(left)
            return replace(term, lengths=(*term.lengths, right))
        case Apply("div", (left, right), type_):
            return _ratio(as_term(left), left, right, type_)
        case _:
            return Term(factors=(tree,))


def product_of(left: Term, right: Term, type_: Type) -> Term | None:
    """The product of two terms; None where its literals might overflow or vanish on their own."""
    product = Term(
        left.negative != right.negative,
        left.number * right.number,
        left.divisor * right.divisor,
        left.factors + right.factors,
        left.lengths + right.lengths,
    )
    moderate = all(is_moderate(number, dtype_of(type_)) for number in (product.number, product.divisor))
    return product if moderate else None


def _close(term: Term, tree: Expression, type_: Type) -> Term:
    """Keep a product of smaller arrays together: its factors one by one would cost more."""
    is_small = (
        isinstance(tree, Apply) and isinstance(tree.type, ArrayType) and not same_shape(tree.type, type_)
    )
    if not is_small or len(term.factors) + len(term.lengths) < 2:
        return term
    assert isinstance(tree, Apply)
    return replace(term, factors=(write_term(term.core, tree.type),), lengths=())


def _ratio(term: Term, left: Expression, right: Expression, type_: Type) -> Term:
    """A quotient is one factor; only literals are taken out of its numerator."""
    denominator = write_operand(as_term(right), right.type) if isinstance(right, Apply) else right
    if term.factors or term.lengths:
        numerator_type = left.type if isinstance(left, Apply | Value) else type_
        factor = Apply("div", (write_operand(term.core, numerator_type), denominator), type_)
        return Term(term.negative, term.number, term.divisor, (factor,))
    numerator = write_term(replace(term, negative=False), type_)
    return Term(negative=term.negative, factors=(Apply("div", (numerator, denominator), type_),))


def _is_length(value: Value) -> bool:
    return isinstance(value.type, ScalarType) and value.type.python and value.type.dtype.kind == "i"


def _rank(factor: Expression) -> tuple[int, int]:
    """How large a factor is: dimensions, and those of them that are not 1."""
    shape = (
        factor.type.shape if isinstance(factor, Value | Apply) and isinstance(factor.type, ArrayType) else ()
    )
    return len(shape), sum(not length.is_one for length in shape)


def write_term(term: Term, type_: Type) -> Expression:
    """The expression for a term, which is of an inexact type where `type_` is one."""
    written = write_operand(term, type_)
    if not is_inexact(type_) or is_inexact(tree_type(written)):
        return written
    return Apply("mul", (Literal(-1.0 if term.negative else 1.0), *term.factors), type_)


def write_operand(term: Term, type_: Type) -> Expression:
    """The expression for a term where what reads it makes a float of an integer: `n` in place of `1.0 * n`."""
    number, divisor = term.number, term.divisor
    if divisor != 1.0 and _is_exact(number, divisor) and is_moderate(number / divisor, dtype_of(type_)):
        number, divisor = number / divisor, 1.0
    if not term.factors:
        return _divide(Literal(-number if term.negative else number), divisor, term.lengths, type_)
    first = term.factors[0]
    if len(term.factors) == 1 and isinstance(first, Apply) and first.op == "div":
        if number != 1.0 or (term.negative and _has_negative(first.args[0])):
            ratio = _scale_ratio(first, number, term.negative)
            if ratio is not None:
                return _divide(ratio, divisor, term.lengths, type_)
    return _chain(replace(term, number=number, divisor=divisor), type_)


def _is_exact(number: float, divisor: float) -> bool:
    """The quotient of two literals is the one that a person would write for it."""
    return Fraction(number) / Fraction(divisor) == Fraction(number / divisor)


def _scale_ratio(ratio: Apply, number: float, negative: bool) -> Expression | None:
    """A literal factor and a sign belong into the numerator."""
    top, bottom = ratio.args
    numerator = product_of(as_term(top), Term(negative, number), ratio.type)
    if numerator is None:
        return None
    top_type = ratio.type if isinstance(top, Literal) else top.type
    return Apply("div", (write_operand(numerator, top_type), bottom), ratio.type)


def _chain(term: Term, type_: Type) -> Expression:
    """Literal, numbers, arrays, and what they are divided by."""
    factors, with_literal = _arranged(term, type_)
    n_scalars = next((k for k, factor in enumerate(factors) if _rank(factor) != (0, 0)), len(factors))
    divisor, lengths = term.divisor, term.lengths
    result: Expression | None = None
    if with_literal:
        result = Literal(-term.number if term.negative else term.number)
    elif term.negative:
        # On the smallest factor that has a negative, where it costs least: -a * b.
        place = next((k for k, factor in enumerate(factors) if _has_negative(factor)), None)
        if place is None:
            result = Literal(-1.0)
        else:
            factors[place] = _negate(factors[place])
    for factor in factors[:n_scalars]:
        result = factor if result is None else Apply("mul", (result, factor), _scalar_type(result, factor))
    if 0 < n_scalars < len(factors) and result is not None:
        # On numbers a division is cheap; on the array that follows it would be one more pass.
        result = _divide(result, divisor, lengths, _scalar_type(result, Literal(1.0)))
        divisor, lengths = 1.0, ()
    for factor in factors[n_scalars:]:
        result = factor if result is None else Apply("mul", (result, factor), type_)
    assert result is not None
    return _divide(result, divisor, lengths, type_)


def _arranged(term: Term, type_: Type) -> tuple[list[Expression], bool]:
    """The factors in the order in which they are multiplied, and whether a literal stands in front of them.

    Small ones come first, unless that begins with integers, or with numbers of fewer bits than the whole.
    """
    small = sorted(term.factors, key=_rank)
    scaled = term.number != 1.0
    if not is_inexact(type_):
        return small, scaled
    wanted = dtype_of(type_)
    narrow_last = sorted(small, key=lambda factor: narrowness(tree_type(factor), wanted))
    orders = ((small, scaled), (sorted(narrow_last, key=_rank), scaled), (small, True), (narrow_last, scaled))
    for order, with_literal in orders:
        types = [FLOAT, *map(tree_type, order)]
        if is_computed_in(wanted, types if with_literal else types[1:]):
            return order, with_literal
    return small, scaled


def _has_negative(factor: Expression) -> bool:
    """A float or complex number, or one of Python: masks have no negative, and integers of few bits may wrap."""
    return isinstance(factor, Literal) or is_inexact(factor.type) or is_python(factor.type)


def _negate(factor: Expression) -> Expression:
    if isinstance(factor, Apply) and factor.op == "div" and _has_negative(factor.args[0]):
        ratio = _scale_ratio(factor, 1.0, negative=True)
        if ratio is not None:
            return ratio
    return Apply("neg", (factor,), tree_type(factor))


def tree_type(tree: Expression) -> Type:
    """The type of a tree: derivatives write floats for literals."""
    return FLOAT if isinstance(tree, Literal) else tree.type


def _scalar_type(left: Expression, right: Expression) -> Type:
    """The type of an operation on two numbers."""
    types = [tree_type(left), tree_type(right)]
    return ScalarType(promote(types), python=all(map(is_python, types)))


def _divide(top: Expression, divisor: float, lengths: tuple[Value, ...], type_: Type) -> Expression:
    for length in lengths:
        top = Apply("div", (top, length), type_)
    return top if divisor == 1.0 else Apply("div", (top, Literal(divisor)), type_)


def emit_tree(scope: Scope, node: Node, before: Expression | None, after: Expression) -> Value | None:
    """The value of a tree, for the node's output; None where it is the tree `before` or does not fit."""
    if _shape(after) == _shape(before):
        return None
    b = builder(node)
    return scope.accept(b, emit(b, after), node)


def _shape(tree: Expression | None) -> object:
    """The tree without its types, which may differ in names of lengths."""
    if isinstance(tree, Apply):
        return (tree.op, *map(_shape, tree.args))
    return tree


def emit(b: OpBuilder, tree: Expression) -> Value:
    """The value of a tree."""
    match tree:
        case Literal(number=number):
            return b.constant(number)
        case Apply(op, args):
            return b.op(op, *(emit(b, argument) for argument in args))
        case Joined(value=value):
            return value
        case _:
            return tree
