"""Quotients of sums of exponentials, with number coefficients: what logistic and hyperbolic functions are made of.

    1 / (1 + exp(-x)), exp(x) / (exp(x) + exp(y)), tanh(x), expm1(x), scipy.special.expit(x) - 0.5

In:  values of a block.   Out: `Quotient`: two lists of terms `c exp(u)`.
Not here: their derivatives (quotients.py).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ad.reader import DEPTH, Reader
from gradscribe.ir.graph import Node, Value

MOST_TERMS = 6


@dataclass(frozen=True, slots=True)
class Exponent:
    """`sign * value`, or 0 without a value; `key` is equal for values that are written alike."""

    key: Hashable = None
    value: Value | None = None
    sign: int = 1

    @property
    def identity(self) -> Hashable:
        """Equal for equal exponents."""
        return (self.key, self.sign)

    def negative(self) -> Exponent:
        """The exponent of the reciprocal."""
        return self if self.value is None else Exponent(self.key, self.value, -self.sign)


ZERO = Exponent()


@dataclass(frozen=True, slots=True)
class Term:
    """`coefficient * exp(exponent)`."""

    coefficient: float
    exponent: Exponent


Terms = tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """A sum of terms over another."""

    above: Terms
    below: Terms

    @property
    def exponents(self) -> list[Exponent]:
        """The different exponents, 0 last."""
        found = {term.exponent.identity: term.exponent for term in (*self.above, *self.below)}
        return sorted(found.values(), key=lambda exponent: exponent.value is None)


ONE: Terms = (Term(1.0, ZERO),)


def read(reader: Reader, value: Value, depth: int = DEPTH) -> Quotient | None:
    """The value as a quotient of sums of exponentials; None where it is none."""
    literal = reader.literal(value)
    if literal is not None:
        return Quotient((Term(literal, ZERO),), ONE)
    node = reader.makers.get(value)
    if node is None or not depth:
        return None
    if node.op.name in FUNCTIONS:
        return _function(reader, node)
    if node.op.name not in OPERATORS:
        return None
    read_parts = [read(reader, operand, depth - 1) for operand in node.inputs]
    parts = [part for part in read_parts if part is not None]
    found = OPERATORS[node.op.name](*parts) if len(parts) == len(read_parts) else None
    return found if found is not None and len(found.exponents) <= MOST_TERMS else None


def _function(reader: Reader, node: Node) -> Quotient:
    """A function of exp(u), u being its operand."""
    (operand,) = node.inputs
    negated = reader.maker(operand, "neg")
    inner = operand if negated is None else negated.inputs[0]
    exponent = Exponent(reader.same(inner), inner, 1 if negated is None else -1)
    up, down = Term(1.0, exponent), Term(1.0, exponent.negative())
    return FUNCTIONS[node.op.name](up, down)


def _times(terms: Terms, factor: float) -> Terms:
    return tuple(Term(term.coefficient * factor, term.exponent) for term in terms)


FUNCTIONS: Mapping[str, Callable[[Term, Term], Quotient]] = {
    "exp": lambda up, down: Quotient((up,), ONE),
    "expm1": lambda up, down: Quotient((up, *_times(ONE, -1.0)), ONE),
    "expit": lambda up, down: Quotient((up,), (up, *ONE)),
    "cosh": lambda up, down: Quotient(_times((up, down), 0.5), ONE),
    "sinh": lambda up, down: Quotient((*_times((up,), 0.5), *_times((down,), -0.5)), ONE),
    "tanh": lambda up, down: Quotient((up, *_times((down,), -1.0)), (up, down)),
}


def _number(terms: Terms) -> float | None:
    (first, *rest) = terms or (Term(0.0, ZERO),)
    return None if rest or first.exponent.value is not None else first.coefficient


def _merged(terms: Sequence[Term]) -> Terms:
    """Like exponents together, what cancels left out."""
    sums: dict[Hashable, Term] = {}
    for term in terms:
        key = term.exponent.identity
        before = sums[key].coefficient if key in sums else 0.0
        sums[key] = Term(before + term.coefficient, term.exponent)
    return tuple(term for term in sums.values() if term.coefficient)


def _add(left: Quotient, right: Quotient) -> Quotient | None:
    if _alike(left.below, right.below):
        return Quotient(_merged((*left.above, *right.above)), left.below)
    for one, other in ((left, right), (right, left)):
        number, divisor = _number(one.above), _number(one.below)
        if number is not None and divisor:
            scaled = _times(other.below, number / divisor)
            return Quotient(_merged((*scaled, *other.above)), other.below)
    return None


def _alike(left: Terms, right: Terms) -> bool:
    return {(t.coefficient, t.exponent.identity) for t in left} == {
        (t.coefficient, t.exponent.identity) for t in right
    }


def _neg(of: Quotient) -> Quotient:
    return Quotient(_times(of.above, -1.0), of.below)


def _mul(left: Quotient, right: Quotient) -> Quotient | None:
    for one, other in ((left, right), (right, left)):
        number, divisor = _number(one.above), _number(one.below)
        if number and divisor:
            return Quotient(_times(other.above, number / divisor), other.below)
    if _alike(left.above, right.below):
        return Quotient(right.above, left.below)
    return Quotient(left.above, right.below) if _alike(right.above, left.below) else None


def _div(left: Quotient, right: Quotient) -> Quotient | None:
    if not right.above:
        return None
    if _alike(left.below, right.below):
        return Quotient(left.above, right.above)
    return _mul(left, Quotient(right.below, right.above))


def _sub(left: Quotient, right: Quotient) -> Quotient | None:
    return _add(left, _neg(right))


OPERATORS: Mapping[str, Callable[..., Quotient | None]] = {
    "add": _add,
    "sub": _sub,
    "neg": _neg,
    "mul": _mul,
    "div": _div,
    "reciprocal": lambda of: Quotient(of.below, of.above) if of.above else None,
}


def one_plus(of: Quotient) -> Quotient | None:
    """1 more."""
    return _add(Quotient(ONE, ONE), of)
