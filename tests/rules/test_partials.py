"""Partials against SymPy: right everywhere, and as stated at kinks (test_accuracy.py: at hard points)."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import sympy

import gradscribe as gs
from gradscribe.ops.scipy_types import NoPartial
from gradscribe.ops.spec import Elementwise, SpellingKind
from gradscribe.ops.table import resolve, table
from tests.rules.exact import exact_derivative, formula_of
from tests.rules.harness import Run
from tests.rules.samples import Run as Scalar
from tests.rules.samples import make_case
from tests.rules.test_table import rng_of
from tools.formulas import is_complex

ENTRIES = table()
# Complex ones are compared in test_accuracy.py.
WITH_FORMULA = [
    name
    for name, spec in ENTRIES.items()
    if isinstance(spec.form, Elementwise)
    and not spec.form.constant
    and not any(is_complex(spec, operand) for operand in spec.operands)
    and not formula_of(name)[1].has(sympy.I)
    and not any(isinstance(partial, NoPartial) for partial in spec.form.partials.values())
]
WITH_KINKS = [name for name, spec in ENTRIES.items() if spec.kinks]


def own_partials(spec, point: dict[str, float]) -> dict[str, float]:
    """The derivatives of the entry, computed in doubles."""
    numpy = any(not spelling.is_math for spelling in spec.spellings)
    make = np.float64 if numpy else float
    run = Run(make_case(spec, [Scalar(make(point[name])) for name in spec.operands], {}))
    one = np.float64(1.0) if numpy else 1.0
    return {name: float(part) for name, part in zip(spec.operands, run.vjp([one]), strict=True)}


def compare(spec, point, rtol):
    own = own_partials(spec, point)
    for position, name in enumerate(spec.operands):
        counts = [int(k == position) for k in range(len(spec.operands))]
        value = exact_derivative(spec.name, list(point.values()), counts)
        error = abs(mpmath.mpf(own[name]) - value)
        scale = abs(value) if spec.accuracy.absolute_from is None else max(abs(value), 1)
        assert error <= rtol * scale, f"{spec.name} by {name} at {point}: {own[name]} is not {value}"


@pytest.mark.parametrize("name", WITH_FORMULA)
def test_partials_are_those_of_sympy(name):
    spec = ENTRIES[name]
    rng = rng_of(name)
    for _ in range(3):
        point = {op: float(rng.uniform(*spec.domain.get(op, (-1.0, 1.0)))) for op in spec.operands}
        compare(spec, point, 1e-12)


@pytest.mark.parametrize("name", WITH_KINKS)
def test_kinks_are_as_stated(name):
    spec = ENTRIES[name]
    for point, stated in spec.kinks.items():
        assert own_partials(spec, {spec.operands[0]: point}) == {spec.operands[0]: stated}
    assert spec.kink_reason


CALLABLE = [
    name
    for name in WITH_FORMULA
    if ENTRIES[name].spellings[0].kind is SpellingKind.FUNCTION and resolve(ENTRIES[name].spellings[0].name)
]


def second_of(name: str, point: dict[str, float], operand: str) -> float:
    """The second derivative by one operand of a call of the function, as the compiler takes it."""
    function = resolve(ENTRIES[name].spellings[0].name)
    names = list(ENTRIES[name].operands)
    before = tuple(point[n] for n in names[: names.index(operand)])
    after = tuple(point[n] for n in names[names.index(operand) + 1 :])

    def of_one(x):
        return function(*before, x, *after)

    first = gs.grad(of_one, create_graph=True)
    return float(gs.grad(lambda x: first(x))(np.float64(point[operand])))


@pytest.mark.parametrize("name", CALLABLE)
def test_second_derivatives_are_those_of_sympy(name):
    spec = ENTRIES[name]
    rng = rng_of(name)
    point = {op: float(rng.uniform(*spec.domain.get(op, (-1.0, 1.0)))) for op in spec.operands}
    for position, operand in enumerate(spec.operands):
        counts = [2 * int(k == position) for k in range(len(spec.operands))]
        value = exact_derivative(name, list(point.values()), counts)
        assert np.isclose(second_of(name, point, operand), float(value), rtol=1e-8, atol=1e-10), operand
