"""Partials against SymPy and mpmath: right everywhere, accurate at hard points, as stated at kinks."""

from __future__ import annotations

import itertools

import mpmath
import numpy as np
import pytest
import sympy

import gradscribe as gs
from gradscribe.ops.spec import Elementwise, SpellingKind
from gradscribe.ops.table import resolve, table
from tests.rules.harness import Run
from tests.rules.samples import Run as Scalar
from tests.rules.samples import make_case
from tests.rules.test_table import rng_of

ENTRIES = table()
WITH_FORMULA = [
    name for name, spec in ENTRIES.items() if isinstance(spec.form, Elementwise) and spec.form.formula
]
WITH_HARD_POINTS = [name for name in WITH_FORMULA if ENTRIES[name].hard_points]
WITH_KINKS = [name for name, spec in ENTRIES.items() if spec.kinks]
NAMES = {"Max": sympy.Max, "Min": sympy.Min, "Abs": sympy.Abs, "pi": sympy.pi}


def exact_partials(spec, point: dict[str, float], digits: int) -> dict[str, mpmath.mpf]:
    """The derivatives of the formula by SymPy, at exactly these floats."""
    symbols = {name: sympy.Symbol(name, real=True) for name in spec.operands}
    formula = sympy.sympify(spec.form.formula, locals={**NAMES, **symbols})
    found = {}
    for name in spec.form.partials:
        derivative = sympy.diff(formula, symbols[name])
        function = sympy.lambdify([symbols[n] for n in spec.operands], derivative, modules="mpmath")
        with mpmath.workdps(digits):
            found[name] = mpmath.mpf(function(*(mpmath.mpf(point[n]) for n in spec.operands)))
    return found


def own_partials(spec, point: dict[str, float]) -> dict[str, float]:
    """The derivatives of the entry, computed in doubles."""
    numpy = any(not spelling.is_math for spelling in spec.spellings)
    make = np.float64 if numpy else float
    run = Run(make_case(spec, [Scalar(make(point[name])) for name in spec.operands], {}))
    one = np.float64(1.0) if numpy else 1.0
    return {name: float(part) for name, part in zip(spec.operands, run.vjp([one]), strict=True)}


def compare(spec, point, digits, rtol):
    exact, own = exact_partials(spec, point, digits), own_partials(spec, point)
    for name, value in exact.items():
        error = abs(mpmath.mpf(own[name]) - value)
        scale = max(abs(value), 1) if spec.accuracy == "absolute" else abs(value)
        tiny = abs(value) < 1e-300
        assert error <= rtol * scale or tiny, f"{spec.name} by {name} at {point}: {own[name]} is not {value}"


@pytest.mark.parametrize("name", WITH_FORMULA)
def test_partials_are_those_of_sympy(name):
    spec = ENTRIES[name]
    rng = rng_of(name)
    for _ in range(3):
        point = {op: float(rng.uniform(*spec.domain.get(op, (-1.0, 1.0)))) for op in spec.operands}
        compare(spec, point, 40, 1e-12)


@pytest.mark.parametrize("name", WITH_HARD_POINTS)
def test_partials_are_accurate_at_hard_points(name):
    spec = ENTRIES[name]
    defaults = {op: (sum(spec.domain.get(op, (0.5, 1.0))) / 2,) for op in spec.operands}
    for values in itertools.product(*(spec.hard_points.get(op, defaults[op]) for op in spec.operands)):
        compare(spec, dict(zip(spec.operands, values, strict=True)), 400, 2e-14)


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
    symbols = {op: sympy.Symbol(op, real=True) for op in spec.operands}
    formula = sympy.sympify(spec.form.formula, locals={**NAMES, **symbols})
    for operand in spec.form.partials:
        second = sympy.diff(formula, symbols[operand], 2)
        # Between kinks, the derivative of a step is 0.
        exact = sympy.lambdify(list(symbols.values()), second, [{"DiracDelta": lambda *_: 0}, "mpmath"])
        with mpmath.workdps(40):
            value = exact(*(mpmath.mpf(point[op]) for op in spec.operands))
        assert np.isclose(second_of(name, point, operand), float(value), rtol=1e-8, atol=1e-10), operand
