"""Formulas of the operation table as SymPy reads them.

In:  an entry.   Out: its operands as symbols, and its formula.
Not here: derivatives (derive.py; tests/rules compares them in many digits).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import sympy

from gradscribe.ops.spec import Elementwise, OpSpec

NAMES = {"Max": sympy.Max, "Min": sympy.Min, "Abs": sympy.Abs, "pi": sympy.pi, "I": sympy.I}


@functools.cache
def formula_of(spec: OpSpec) -> tuple[Mapping[str, sympy.Symbol], sympy.Expr]:
    """The operands by name, as real symbols but where the table tests them at complex points, and the formula."""
    assert isinstance(spec.form, Elementwise)
    symbols = {
        name: sympy.Symbol(name, real=None if is_complex(spec, name) else True) for name in spec.operands
    }
    return symbols, sympy.sympify(spec.form.formula, locals={**NAMES, **symbols})


def is_complex(spec: OpSpec, operand: str) -> bool:
    """Whether an operand is tested at complex points."""
    return any(isinstance(point, complex) for point in spec.hard_points.get(operand, ()))
