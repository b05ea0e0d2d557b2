"""Products in the form a person writes.

    before:  3.0 * (2.0 * x ** 1)      -(a * -b)      1.0 / r.size * (2.0 * r)
    after:   6.0 * x                   a * b          2.0 * r / r.size

A tree of products, quotients and negatives whose inner values have no name and no other reader is read as one
`Term`: sign, literal factor, literal divisor, factors, and lengths it is divided by. It is written back with
literals in front, then numbers, then arrays of more and more dimensions, so that every operation is as small
as it can be. Nothing but literals moves across the division by something that is not a length.

In:  a derivative node.   Out: the node's value in this form, or None where it has it already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, Type, is_inexact, is_number, same_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.promotion import is_python
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
class Apply:
    """An operation of a product tree, with the type it has in the graph."""

    op: str
    args: tuple[Expression, ...]
    type: Type


Expression = Value | Literal | Apply


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
        return value
    return _read_node(scope, node, depth)


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
            return _product(_close(as_term(left), left, type_), _close(as_term(right), right, type_))
        case Apply("div", (left, Literal(number=number))) if number != 0.0:
            term = as_term(left)
            negative = term.negative != (number < 0)
            return replace(term, negative=negative, divisor=term.divisor * abs(number))
        case Apply("div", (left, Value() as right)) if _is_length(right):
            term = as_term(left)
            return replace(term, lengths=(*term.lengths, right))
        case Apply("div", (left, right), type_):
            return _ratio(as_term(left), left, right, type_)
        case _:
            return Term(factors=(tree,))


def _product(left: Term, right: Term) -> Term:
    return Term(
        left.negative != right.negative,
        left.number * right.number,
        left.divisor * right.divisor,
        left.factors + right.factors,
        left.lengths + right.lengths,
    )


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
    denominator = write_term(as_term(right), right.type) if isinstance(right, Apply) else right
    if term.factors or term.lengths:
        numerator_type = left.type if isinstance(left, Apply | Value) else type_
        factor = Apply("div", (write_term(term.core, numerator_type), denominator), type_)
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
    """The expression for a term."""
    number, divisor = term.number, term.divisor
    exact = divisor != 1.0 and math.isfinite(number / divisor)
    if exact and Fraction(number) / Fraction(divisor) == Fraction(number / divisor):
        number, divisor = number / divisor, 1.0
    factors = sorted(term.factors, key=_rank)
    if not factors:
        return _divide(Literal(-number if term.negative else number), divisor, term.lengths, type_)
    if len(factors) == 1 and isinstance(factors[0], Apply) and factors[0].op == "div":
        if number != 1.0 or (term.negative and _has_negative(factors[0].args[0])):
            return _divide(_scale_ratio(factors[0], number, term.negative), divisor, term.lengths, type_)
    return _chain(number, term.negative, factors, divisor, term.lengths, type_)


def _scale_ratio(ratio: Apply, number: float, negative: bool) -> Expression:
    """A literal factor and a sign belong into the numerator."""
    top, bottom = ratio.args
    numerator = as_term(top)
    scaled = replace(numerator, negative=negative != numerator.negative, number=numerator.number * number)
    return Apply(
        "div", (write_term(scaled, ratio.type if isinstance(top, Literal) else top.type), bottom), ratio.type
    )


def _chain(
    number: float,
    negative: bool,
    factors: list[Expression],
    divisor: float,
    lengths: tuple[Value, ...],
    type_: Type,
) -> Expression:
    scalars = [factor for factor in factors if _rank(factor) == (0, 0)]
    arrays = factors[len(scalars) :]
    result: Expression | None = None
    if number != 1.0:
        result = Literal(-number if negative else number)
    elif negative:
        # On the smallest factor that has a negative, where it costs least: -a * b.
        signed = [factor for factor in factors if _has_negative(factor)]
        if signed:
            place = scalars if signed[0] in scalars else arrays
            place[place.index(signed[0])] = _negate(signed[0])
        else:
            result = Literal(-1.0)
    for factor in scalars:
        result = _times(result, factor, _type_of(factor))
    if scalars and arrays and result is not None:
        # On numbers a division is cheap; on the array that follows it would be one more pass.
        result = _divide(result, divisor, lengths, _type_of(scalars[-1]))
        divisor, lengths = 1.0, ()
    for factor in arrays:
        result = _times(result, factor, type_)
    assert result is not None
    return _divide(result, divisor, lengths, type_)


def _has_negative(factor: Expression) -> bool:
    """A float or complex number, or one of Python: masks have no negative, and integers of few bits may wrap."""
    return isinstance(factor, Literal) or is_inexact(factor.type) or is_python(factor.type)


def _negate(factor: Expression) -> Expression:
    if isinstance(factor, Apply) and factor.op == "div" and _has_negative(factor.args[0]):
        return _scale_ratio(factor, 1.0, negative=True)
    return Apply("neg", (factor,), _type_of(factor))


def _type_of(factor: Expression) -> Type:
    assert not isinstance(factor, Literal)
    return factor.type


def _times(left: Expression | None, right: Expression, type_: Type) -> Expression:
    if left is None:
        return right
    if isinstance(left, Literal) and isinstance(right, Literal):
        return Literal(left.number * right.number)
    return Apply("mul", (left, right), type_)


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
        case _:
            return tree
