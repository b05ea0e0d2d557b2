"""Derivatives of quotients of exponential sums, and of their logarithms, in which no exponential overflows.

    log(exp(a) + exp(b))    by a: the logistic function of a - b
    log(exp(a) - exp(b))    by a: -1 / expm1(b - a)
    sums of more terms      by a: exp(a - log of the sum)
    1 / (1 + exp(a))        out (out - 1)
    other quotients of exp(a) and exp(b)    a number over cosh² or sinh² of (a - b) / 2

In:  a `Quotient`.   Out: the parts of a form.
Not here: reading the quotient (exponentials.py), logarithms of products (logarithms.py).
References: Blanchard, Higham & Higham, Accurately computing the log-sum-exp and softmax functions, 2021.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradscribe.ad.exponentials import Exponent, Quotient, Term, Terms
from gradscribe.ad.forms import Form, Part
from gradscribe.ir.graph import Value


class Partials:
    """Derivatives by exponents, as text, gathered by the value that stands in them."""

    def __init__(self, exponents: Sequence[Exponent], either_sign: bool = False) -> None:
        self.either_sign = either_sign
        self.values = {e.key: e.value for e in exponents if e.value is not None}
        self.names = {key: f"x{k}" for k, key in enumerate(self.values)}
        self.texts: dict[Value, str] = {}

    def text(self, exponent: Exponent) -> str:
        """The exponent."""
        if exponent.value is None:
            return "0.0"
        name = self.names[exponent.key]
        return name if exponent.sign > 0 else f"(-{name})"

    def difference(self, left: Term, right: Term) -> str:
        """The exponent of |left / right|."""
        shift = math.log(abs(left.coefficient / right.coefficient))
        a, b = left.exponent, right.exponent
        if b.value is None:
            found = self.text(a)
        elif a.value is None:
            found = self.text(b.negative())
        elif a.key == b.key:
            found = f"{2.0 * a.sign} * {self.names[a.key]}"
        else:
            found = f"{self.text(a)} - {self.text(b)}"
        return f"({found} + {shift})" if shift else f"({found})"

    def add(self, exponent: Exponent, partial: str, sign: int = 1) -> None:
        """`sign * partial` belongs to the derivative by this exponent."""
        if exponent.value is None:
            return
        value = self.values[exponent.key]
        before = self.texts.get(value)
        if sign * exponent.sign < 0:
            self.texts[value] = f"-({partial})" if before is None else f"{before} - ({partial})"
        else:
            self.texts[value] = partial if before is None else f"{before} + {partial}"

    def parts(self, factor: str = "") -> tuple[Part, ...]:
        """A part for each value, `factor` times what was gathered."""
        names = {self.names[key]: value for key, value in self.values.items()}
        return tuple(
            Part(value, f"{factor} * ({text})" if factor else text, names)
            for value, text in self.texts.items()
        )


def logarithm_parts(of: Quotient, weight: float, *, either_sign: bool) -> tuple[Part, ...] | None:
    """`weight` times the derivative of log |of|; None where it is left to ordinary rules.

    Where the whole is known to be positive, as the operand of a logarithm is, no digits are lost near its ends.
    """
    found = Partials(of.exponents, either_sign or len(of.below) > 1)
    if not (_add_shared_term(found, of) or (_add_log(found, of.above, 1) and _add_log(found, of.below, -1))):
        return None
    return found.parts("" if weight == 1 else repr(weight))


def _add_shared_term(found: Partials, of: Quotient) -> bool:
    """One term over the sum of it and another: 1 - share is the share of the other, which does not cancel."""
    if len(of.above) != 1 or len(of.below) != 2:
        return False
    (above,) = of.above
    own = [term for term in of.below if term.exponent.identity == above.exponent.identity]
    if not own or _is_pair(of.below):
        return False
    other = next(term for term in of.below if term is not own[0])
    share = _share(found, other, own[0])
    found.add(own[0].exponent, share)
    found.add(other.exponent, share, -1)
    return True


def _add_log(found: Partials, terms: Terms, sign: int) -> bool:
    """The derivative of the logarithm of a sum; False where it is left to ordinary rules."""
    match terms:
        case (only,):
            found.add(only.exponent, "1.0", sign)
        case (first, second) if _is_pair(terms):
            slope = f"tanh({found.names[first.exponent.key]})"
            alike = first.coefficient == second.coefficient
            found.add(_upright(first.exponent), slope if alike else f"1.0 / {slope}", sign)
        case (first, second):
            found.add(first.exponent, _share(found, first, second), sign)
            found.add(second.exponent, _share(found, second, first), sign)
        case (first, *rest) if all(term.coefficient * first.coefficient > 0 for term in rest):
            one = Term(1.0, Exponent())
            logarithms = [found.difference(Term(abs(term.coefficient), term.exponent), one) for term in terms]
            total = logarithms[0]
            for logarithm in logarithms[1:]:
                total = f"logaddexp({total}, {logarithm})"
            for term, logarithm in zip(terms, logarithms, strict=True):
                found.add(term.exponent, f"exp({logarithm} - {total})", sign)
        case _:
            return False
    return True


def _share(found: Partials, term: Term, other: Term) -> str:
    """term / (term + other)."""
    if term.coefficient * other.coefficient > 0:
        return f"exp(-logaddexp(0.0, {found.difference(other, term)}))"
    if found.either_sign:
        return f"(0.5 + 0.5 / tanh(0.5 * {found.difference(term, other)}))"
    if term.coefficient > 0:
        return f"-1.0 / expm1({found.difference(other, term)})"
    ratio = found.difference(term, other)
    return f"exp({ratio}) / expm1({ratio})"


def _is_pair(terms: Terms) -> bool:
    """A number times cosh or sinh."""
    if len(terms) != 2:
        return False
    first, second = terms
    keys = first.exponent.value is not None and first.exponent.key == second.exponent.key
    return keys and abs(first.coefficient) == abs(second.coefficient)


def _upright(exponent: Exponent) -> Exponent:
    return exponent if exponent.sign > 0 else exponent.negative()


def quotient_form(of: Quotient) -> Form | None:
    """The form of a node that is this quotient; None where ordinary rules do."""
    found = Partials(of.exponents)
    above, below = of.above, sorted(of.below, key=lambda term: term.exponent.value is None)
    number = above[0].coefficient if len(above) == 1 and above[0].exponent.value is None else None
    if number is not None and _is_pair(of.below):
        first, second = below
        slope = f"tanh({found.names[first.exponent.key]})"
        alike = first.coefficient == second.coefficient
        found.add(_upright(first.exponent), f"-out * {slope}" if alike else f"-out / {slope}")
    elif len(above) == len(below) == 1:
        found.add(above[0].exponent, _ratio(found, above[0], below[0]))
        found.add(below[0].exponent, _ratio(found, above[0], below[0]), -1)
    elif above and len(below) == len(of.exponents) == 2:
        _add_slope(found, number, above, below)
    else:
        return None
    return Form(found.parts()) if found.texts else None


def _add_slope(found: Partials, number: float | None, above: Terms, below: Sequence[Term]) -> None:
    """The derivative of a quotient of sums of the same two exponentials: a bell over their difference."""
    first, second = below
    size = first.coefficient * second.coefficient
    # With two signs and one above them, the output cancels where it is near 1 and may not.
    reuses_output = size > 0 or (number is not None and second.coefficient * number < 0)
    if number is not None and second.exponent.value is None and reuses_output:
        found.add(first.exponent, _by_output(second.coefficient / number))
        return
    coefficients = {term.exponent.identity: term.coefficient for term in above}
    left, right = (coefficients.get(term.exponent.identity, 0.0) for term in below)
    scale = (left * second.coefficient - right * first.coefficient) / abs(size)
    if _is_pair(tuple(below)):
        name = found.names[first.exponent.key]
        bell = f"(1.0 - tanh({name}) * tanh({name}))" if size > 0 else f"(1.0 / sinh({name})) ** 2"
        found.add(first.exponent, f"{0.5 * scale} * {bell}")
        return
    up, down = found.difference(first, second), found.difference(second, first)
    if size > 0:
        slope = f"{scale} * exp(-logaddexp(0.0, {up}) - logaddexp(0.0, {down}))"
    else:
        slope = f"{0.25 * scale} * (1.0 / sinh(0.5 * {up})) ** 2"
    found.add(first.exponent, slope)
    found.add(second.exponent, slope, -1)


def _by_output(ratio: float) -> str:
    """The derivative of 1 / (exp(x) + ratio), by its value."""
    if ratio == 1:
        return "out * (out - 1.0)"
    return "-out * (out + 1.0)" if ratio == -1 else f"out * ({ratio} * out - 1.0)"


def _ratio(found: Partials, above: Term, below: Term) -> str:
    sign = "-" if above.coefficient * below.coefficient < 0 else ""
    return f"{sign}exp({found.difference(above, below)})"
