"""Derivatives of the formulas of the table, in as many digits as one wants.

In:  the name of an entry, a point.   Out: an mpmath number.
Not here: what is compared with it (test_partials.py, test_accuracy.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import mpmath
import sympy

from gradscribe.ops.table import table

NAMES = {"Max": sympy.Max, "Min": sympy.Min, "Abs": sympy.Abs, "pi": sympy.pi}
# Between kinks, the derivative of a step is 0.
MODULES = [{"DiracDelta": lambda *_: mpmath.mpf(0)}, "mpmath"]


@functools.cache
def formula_of(name: str) -> tuple[tuple[sympy.Symbol, ...], sympy.Expr]:
    """The operands of an entry as symbols, and its formula."""
    spec = table()[name]
    symbols = {operand: sympy.Symbol(operand, real=True) for operand in spec.operands}
    return tuple(symbols.values()), sympy.sympify(spec.form.formula, locals={**NAMES, **symbols})


@functools.cache
def derivative_in_mpmath(name: str, counts: tuple[int, ...]) -> Callable | None:
    """The derivative by SymPy, so often by each operand; None where SymPy leaves it unevaluated."""
    symbols, derivative = formula_of(name)
    for symbol, count in zip(symbols, counts, strict=True):
        derivative = sympy.diff(derivative, symbol, count) if count else derivative
    if derivative.has(sympy.Derivative, sympy.Subs, sympy.meijerg, sympy.Integral):
        return None
    return sympy.lambdify(symbols, derivative, modules=MODULES)


def exact_derivative(name: str, point: Sequence[float], counts: Sequence[int], digits: int) -> mpmath.mpf:
    """The derivative at exactly these floats; by differences where SymPy knows none."""
    function = derivative_in_mpmath(name, tuple(counts))
    with mpmath.workdps(digits):
        at = [mpmath.mpf(x) for x in point]
        if function is not None:
            return mpmath.re(function(*at))
        plain = derivative_in_mpmath(name, (0,) * len(point))
        found = mpmath.re(
            mpmath.diff(plain, at, tuple(counts)) if len(at) > 1 else mpmath.diff(plain, at[0], counts[0])
        )
        # Differences leave their own rounding where the derivative is 0.
        return found if abs(found) > mpmath.mpf(10) ** (-digits // 3) else mpmath.mpf(0)
