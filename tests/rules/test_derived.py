"""The derived module is what SymPy derives; nothing is stated by hand that it would derive alike."""

from __future__ import annotations

import ast

import pytest
import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)
import sympy

from gradscribe.ops.derived import PARTIALS
from gradscribe.ops.spec import Elementwise
from gradscribe.ops.table import table
from tools.derive import MODULE, derived_partial, module_text
from tools.expression_text import text_of

ENTRIES = table()
DERIVED = [name for name, spec in ENTRIES.items() if isinstance(spec.form, Elementwise) and spec.form.derived]
BY_HAND = [
    name
    for name, spec in ENTRIES.items()
    if isinstance(spec.form, Elementwise)
    and not spec.form.derived
    and all(isinstance(partial, str) for partial in spec.form.partials.values())
]


def test_the_module_is_what_the_formulas_give():
    assert module_text() == MODULE.read_text(encoding="utf-8")


def test_entries_read_the_module():
    assert len(DERIVED) > 50
    assert list(PARTIALS) == DERIVED
    for name in DERIVED:
        assert ENTRIES[name].form.partials == PARTIALS[name]


def same(left: str, right: str) -> bool:
    return ast.dump(ast.parse(left)) == ast.dump(ast.parse(right))


@pytest.mark.parametrize("name", BY_HAND)
def test_what_is_stated_by_hand_is_not_what_is_derived(name):
    spec = ENTRIES[name]
    try:
        found = {operand: derived_partial(spec, operand) for operand in spec.form.partials}
    except NotImplementedError:
        # SymPy leaves a derivative, an integral or a step unevaluated, or gives what has no entry.
        return
    assert not all(same(found[operand], partial) for operand, partial in spec.form.partials.items())


X, Y = sympy.symbols("x y", real=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (1 / (1 + X), "1.0 / (1.0 + x)"),
        (-X * Y / 2, "-0.5 * x * y"),
        (X / (Y * (1 - X)), "x / (y * (1.0 - x))"),
        (1 - X**2, "1.0 - x * x"),
        (X - (Y - 1), "1.0 + x - y"),
        (1 / X**2, "1.0 / (x * x)"),
        ((X + Y) ** 3, "(x + y) ** 3"),
        (2 ** (X * Y), "2.0 ** (x * y)"),
        (sympy.sqrt(X + 1) / sympy.sqrt(Y), "sqrt(1.0 + x) / sqrt(y)"),
        (sympy.exp(-X) * sympy.log(3), "1.0986122886681098 * exp(-x)"),
        (sympy.polygamma(0, X) - sympy.besselj(2, Y), "digamma(x) - bessel_jv(2.0, y)"),
        (sympy.pi / 180, "0.017453292519943295"),
    ],
)
def test_expressions_are_written_as_partials_are(expression, text):
    found = text_of(expression)
    assert found == text
    names = {"x": 0.3, "y": 0.7}
    functions = {"exp": sympy.exp, "sqrt": sympy.sqrt, "digamma": sympy.digamma, "bessel_jv": sympy.besselj}
    value = eval(found, {**names, **functions})
    assert abs(sympy.N(value) - expression.subs({X: 0.3, Y: 0.7}).evalf()) < 1e-14
