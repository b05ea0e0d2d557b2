"""SymPy's expressions as partials are written: in the language of ops/expression.py.

Numbers are floats, so that float32 stays float32, but for the degrees and orders of functions; constants are
evaluated; negative powers are quotients, and squares are products.

In:  an expression of SymPy.   Out: its text.
Not here: what is printed (derive.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy.printing.precedence import PRECEDENCE, precedence

# SymPy's function -> the entry that computes it; with a first argument that is known, and in general.
FUNCTIONS = {
    "Abs": "abs",
    "besseli": "bessel_iv",
    "besselj": "bessel_jv",
    "besselk": "bessel_kv",
    "bessely": "bessel_yv",
}
OF_KNOWN_ORDER = {("polygamma", 0): "digamma"} | {
    (f"bessel{kind}", order): f"bessel_{kind}{order}" for kind in "ijky" for order in (0, 1)
}


def text_of(expression: sympy.Expr) -> str:
    """The text of an expression, common factors taken out."""
    return _text(sympy.factor_terms(expression))


def _text(e: sympy.Expr) -> str:
    if e.is_number and e.is_real:
        return repr(float(e))
    match e:
        case sympy.Symbol():
            return str(e.name)
        case sympy.Add():
            return _sum(e.as_ordered_terms())
        case sympy.Mul():
            return _product(e)
        case sympy.Pow(base=base, exp=exponent):
            return _power(base, exponent)
        case sympy.Function():
            return _call(e)
    raise NotImplementedError(f"{type(e).__name__} has no text: {e}")


def _sum(terms: Sequence[sympy.Expr]) -> str:
    # What is positive first, and numbers before all else: 1 - x, 1 + x.
    ordered = sorted(terms, key=lambda term: (term.could_extract_minus_sign(), not term.is_number))
    text = _text(ordered[0])
    for term in ordered[1:]:
        is_negative = term.could_extract_minus_sign()
        text += (
            f" {'-' if is_negative else '+'} {_factor(-term if is_negative else term, PRECEDENCE['Add'] + 1)}"
        )
    return text


def _product(e: sympy.Expr) -> str:
    if e.could_extract_minus_sign():
        return f"-{_factor(-e, PRECEDENCE['Mul'])}"
    number, rest = e.as_coeff_Mul()
    constants = [factor for factor in sympy.Mul.make_args(rest) if factor.is_number and factor.is_real]
    number = sympy.Mul(number, *constants)
    others = [factor for factor in sympy.Mul.make_args(rest) if factor not in constants]
    # An exponential is no denominator, whatever the sign of its exponent.
    is_under = {factor: factor.is_Pow and factor.exp.could_extract_minus_sign() for factor in others}
    over = [factor for factor in others if not is_under[factor]]
    under = sympy.Mul(*(1 / factor for factor in others if is_under[factor]))
    factors = [_factor(factor, PRECEDENCE["Mul"]) for factor in over if factor != 1]
    if number != 1 or not factors:
        factors = [repr(float(number)), *factors]
    if under == 1:
        return " * ".join(factors)
    return f"{' * '.join(factors)} / {_factor(under, PRECEDENCE['Mul'] + 1)}"


def _power(base: sympy.Expr, exponent: sympy.Expr) -> str:
    inner = _factor(base, PRECEDENCE["Pow"] + 1)
    if exponent == sympy.Rational(1, 2):
        return f"sqrt({_text(base)})"
    if exponent == 2:
        return f"{inner} * {inner}"
    if exponent.could_extract_minus_sign():
        return f"1.0 / {_factor(base**-exponent, PRECEDENCE['Mul'] + 1)}"
    return f"{inner} ** {int(exponent) if exponent.is_Integer else _factor(exponent, PRECEDENCE['Pow'])}"


def _call(e: sympy.Expr) -> str:
    name = type(e).__name__
    if (name, e.args[0]) in OF_KNOWN_ORDER:
        return f"{OF_KNOWN_ORDER[name, e.args[0]]}({', '.join(map(_text, e.args[1:]))})"
    return f"{FUNCTIONS.get(name, name)}({', '.join(map(_text, e.args))})"


def _factor(e: sympy.Expr, least: int) -> str:
    """An operand, in parentheses where it binds less than its surroundings."""
    text = _text(e)
    is_squared = isinstance(e, sympy.Pow) and e.exp == 2
    binds = PRECEDENCE["Mul"] if is_squared or (e.is_Pow and " / " in text) else precedence(e)
    return f"({text})" if binds < least and not text.replace(".", "").isalnum() else text
