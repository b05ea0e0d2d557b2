"""Derivatives of the formulas of the table, in as many digits as one wants.

A formula is the value, or an equation for it: `Eq(lowergamma(a, out) / gamma(a), y)`. An operand with complex hard
points counts as two real ones, its parts: a formula need not be holomorphic.

In:  the name of an entry, a point.   Out: an mpmath number.
Not here: what is compared with it (test_partials.py, test_accuracy.py).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence

import mpmath
import sympy

from gradscribe.ops.table import resolve, table
from tools.formulas import NAMES, is_complex

# Between kinks, the derivative of a step is 0.
MODULES = [
    {
        "DiracDelta": lambda *_: mpmath.mpf(0),
        "betainc_regularized": lambda a, b, low, high: mpmath.betainc(a, b, low, high, regularized=True),
        "assoc_laguerre": lambda n, a, x: mpmath.laguerre(n, a, x),
        "hermite_prob": lambda n, x: mpmath.hermite(n, x / mpmath.sqrt(2)) / mpmath.sqrt(2) ** n,
    },
    "mpmath",
]
OUT = sympy.Symbol("out", real=True)


@functools.cache
def formula_of(name: str) -> tuple[tuple[sympy.Symbol, ...], sympy.Expr]:
    """The real operands of an entry as symbols, and its formula."""
    spec = table()[name]
    symbols: list[sympy.Symbol] = []
    meant: dict[str, sympy.Expr] = {}
    for operand in spec.operands:
        parts = [sympy.Symbol(operand, real=True)]
        if is_complex(spec, operand):
            parts = [sympy.Symbol(f"{operand}_{part}", real=True) for part in ("re", "im")]
        symbols += parts
        meant[operand] = parts[0] + sympy.I * parts[1] if len(parts) == 2 else parts[0]
    return tuple(symbols), sympy.sympify(spec.form.formula, locals={**NAMES, **meant, "out": OUT})


def residual_of(name: str) -> tuple[tuple[sympy.Symbol, ...], sympy.Expr]:
    """Symbols and formula; those of an equation are with its solution, and the difference of its sides."""
    symbols, formula = formula_of(name)
    if isinstance(formula, sympy.Eq):
        return (OUT, *symbols), formula.lhs - formula.rhs
    return symbols, formula


UNEVALUATED = (sympy.Derivative, sympy.Subs, sympy.meijerg)


@functools.cache
def in_mpmath(name: str, counts: tuple[int, ...]) -> Callable | None:
    """The derivative by SymPy, so often by each real operand; None where SymPy leaves it unevaluated."""
    symbols, formula = residual_of(name)
    # By what has no closed form only after what has one: of gammainc by x, then by a.
    for symbol, count in sorted(zip(symbols, counts, strict=True), key=lambda pair: is_open(formula, *pair)):
        formula = sympy.diff(formula, symbol, count) if count else formula
    return None if formula.has(*UNEVALUATED) else sympy.lambdify(symbols, formula, modules=MODULES)


@functools.cache
def varying(name: str, moving: tuple[int, ...]) -> Callable:
    """The formula without the terms that none of these operands change: a 1 would take the digits of 1 - t."""
    symbols, formula = residual_of(name)
    kept = formula.as_independent(*(symbols[k] for k in moving), as_Add=True)[1]
    return sympy.lambdify(symbols, kept, modules=MODULES)


def is_open(formula: sympy.Expr, symbol: sympy.Symbol, count: int) -> bool:
    return bool(count) and sympy.diff(formula, symbol).has(*UNEVALUATED)


def exact_derivative(name: str, point: Sequence[float], counts: Sequence[int]) -> mpmath.mpc:
    """The derivative at exactly these floats, in as many digits as it takes for half as many more to agree."""
    digits, shrunk = least_digits(point), 0
    before = derivative_in_digits(name, point, counts, digits)
    while digits < 3200:
        digits += digits // 2
        found = derivative_in_digits(name, point, counts, digits)
        if mpmath.isinf(found) or abs(found - before) <= abs(found) * mpmath.mpf(10) ** -25:
            return found
        # Differences leave their own rounding where the derivative is 0, less of it with more digits.
        shrunk = shrunk + 1 if abs(found) < abs(before) * mpmath.mpf(10) ** (-digits // 4) else 0
        if shrunk == 2:
            return mpmath.mpf(0)
        before = found
    raise ValueError(f"{name} by {counts} at {point} does not settle")


def least_digits(point: Sequence[float]) -> int:
    """Enough for what may be added to 1 and be lost in any fewer: x, and exp(-x)."""
    small = max((3 * abs(math.log10(abs(x))) for x in point if x), default=0)
    return 50 + int(max(min(abs(x), 400) for x in point) + small)


def derivative_in_digits(name: str, point: Sequence[float], counts: Sequence[int], digits: int) -> mpmath.mpc:
    """The derivative in this precision."""
    with mpmath.workdps(digits):
        at = [x if isinstance(x, int) else mpmath.mpf(x) for x in point]
        if isinstance(formula_of(name)[1], sympy.Eq):
            return derivative_of_root(name, at, [k for k, count in enumerate(counts) for _ in range(count)])
        return derivative_at(name, at, tuple(counts))


def derivative_at(name: str, at: Sequence[mpmath.mpf], counts: tuple[int, ...]) -> mpmath.mpc:
    """The derivative of the formula; by differences where SymPy knows none, or none at the point."""
    function = in_mpmath(name, counts)
    try:
        found = mpmath.nan if function is None else function(*at) + mpmath.mpf(0)
    except ZeroDivisionError:
        found = mpmath.nan
    return by_differences(name, at, counts) if mpmath.isnan(found) else found


def by_differences(name: str, at: Sequence[mpmath.mpf], counts: tuple[int, ...]) -> mpmath.mpc:
    """The derivative by differences of values, along the operands that are counted."""
    moving = tuple(k for k, count in enumerate(counts) if count)
    value = varying(name, moving)

    def along(*moved):
        full = list(at)
        for k, x in zip(moving, moved, strict=True):
            full[k] = x
        return value(*full)

    if len(moving) == 1:
        return mpmath.diff(along, at[moving[0]], counts[moving[0]])
    return mpmath.diff(along, [at[k] for k in moving], tuple(counts[k] for k in moving))


def derivative_of_root(name: str, at: Sequence[mpmath.mpf], operands: Sequence[int]) -> mpmath.mpf:
    """First or second derivative of the solution of an equation, by those of the equation."""
    none = (0,) * (len(at) + 1)
    residual = in_mpmath(name, none)
    start = mpmath.mpf(float(resolve(table()[name].spellings[0].name)(*map(float, at))))
    out = mpmath.findroot(lambda out: residual(out, *at), (start, start * (1 + mpmath.mpf(2) ** -40)))

    def partial(*by):
        return derivative_at(name, [out, *at], tuple(by.count(k) for k in range(len(none))))

    first, *second = (operand + 1 for operand in operands)
    slope = -partial(first) / partial(0)
    if not second:
        return slope
    other = -partial(*second) / partial(0)
    bent = partial(first, *second) + partial(0, first) * other + partial(0, *second) * slope
    return -(bent + partial(0, 0) * slope * other) / partial(0)
