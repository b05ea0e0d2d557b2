"""Derivatives at the hard points of the table against mpmath: within what each entry says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import mpmath
import numpy as np
import pytest
import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)

import gradscribe as gs
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.scipy_types import NoPartial
from gradscribe.ops.spec import Elementwise, OpSpec, SpellingKind
from gradscribe.ops.table import resolve, table
from tests.rules.exact import exact_derivative, formula_of
from tools.formulas import is_complex

ENTRIES = table()
POINTWISE = [name for name, spec in ENTRIES.items() if isinstance(spec.form, Elementwise)]


def function_of(spec: OpSpec) -> tuple[Callable, bool]:
    """The function of the entry, and whether it takes Python numbers only."""
    found = [s for s in spec.spellings if s.kind is SpellingKind.FUNCTION and resolve(s.name) is not None]
    module = found[0].name.partition(".")[0]
    return resolve(found[0].name), found[0].is_math or module in ("cmath", "builtins", "gradscribe")


def real_points(spec: OpSpec) -> list[tuple]:
    """All combinations of hard points, complex ones as two real numbers."""
    found = []
    for point in itertools.product(*(spec.hard_points[operand] for operand in spec.operands)):
        parts = [(x.real, x.imag) if isinstance(x, complex) else (x,) for x in point]
        found.append(tuple(itertools.chain(*parts)))
    return found


def moving(spec: OpSpec) -> list[int]:
    """Positions of the real operands that have a partial."""
    names = [
        (operand, part) for operand in spec.operands for part in range(2 if is_complex(spec, operand) else 1)
    ]
    partials = spec.form.partials
    return [
        k for k, (name, _) in enumerate(names) if not isinstance(partials.get(name, NoPartial("")), NoPartial)
    ]


def of_real_numbers(spec: OpSpec) -> Iterator[Callable]:
    """The function of real operands: itself, or the parts of its result."""
    function, _ = function_of(spec)
    kinds = [is_complex(spec, operand) for operand in spec.operands]
    if not any(kinds):
        is_real = np.isrealobj(function(*(spec.hard_points[operand][0] for operand in spec.operands)))
        yield (lambda *xs: function(*xs)) if is_real else (lambda *xs: function(*xs).real)
        if not is_real:
            yield lambda *xs: function(*xs).imag
        return
    assert kinds == [True], "one complex operand"
    if np.iscomplexobj(function(spec.hard_points[spec.operands[0]][0])):
        yield lambda re, im: function(re + 1j * im).real
        yield lambda re, im: function(re + 1j * im).imag
    else:
        yield lambda re, im: function(re + 1j * im)


def derivative_of(function: Callable, operands: Sequence[int]) -> Callable:
    """The function, differentiated by each of these operands in turn."""
    for operand in operands:
        function = differentiated(function, operand)
    return function


def differentiated(function: Callable, operand: int) -> Callable:
    derivative = gs.grad(function, argnums=operand, create_graph=True)
    return lambda *xs: derivative(*xs)


def allowed(accuracy: Accuracy, order: int, exact: mpmath.mpf) -> mpmath.mpf:
    """The error that an entry admits."""
    size = float(abs(exact))
    if accuracy.absolute_from is not None and order >= accuracy.absolute_from:
        size = max(size, 1.0)
    return mpmath.mpf(float(np.spacing(size))) * accuracy.ulp


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", POINTWISE)
def test_derivatives_are_accurate_at_hard_points(name):
    spec = ENTRIES[name]
    parts = list(of_real_numbers(spec))
    make = float if function_of(spec)[1] else np.float64
    points = real_points(spec)
    # NumPy and SciPy answer for values, but where a function is of our own.
    is_own = spec.spellings[0].name.startswith("gradscribe.")
    for order in (0, 1, 2) if is_own else (1, 2):
        for operands in itertools.combinations_with_replacement(moving(spec), order):
            derivatives = [derivative_of(part, operands) for part in parts]
            counts = tuple(operands.count(k) for k in range(len(points[0])))
            for point in points:
                arguments = [x if isinstance(x, int) else make(x) for x in point]
                own = complex(*(float(derivative(*arguments)) for derivative in derivatives))
                check(spec, own, point, counts)


def check(spec: OpSpec, own: complex, point: Sequence[float], counts: Sequence[int]) -> None:
    exact = exact_derivative(spec.name, point, counts)
    where = f"{spec.name} by {counts} at {point}: {own} is not {mpmath.nstr(exact, 17)}"
    if math.isinf(abs(complex(exact))):
        assert own == complex(exact), where
    else:
        assert abs(mpmath.mpc(own) - exact) <= allowed(spec.accuracy, sum(counts), exact), where


def test_every_elementwise_entry_has_a_formula_and_hard_points():
    for name in POINTWISE:
        spec = ENTRIES[name]
        assert spec.form.formula, f"{name}: without a formula its partials are not verified"
        assert set(spec.hard_points) == set(spec.operands), f"{name}: state points where digits may be lost"
        assert formula_of(name)


def test_what_is_weaker_than_usual_has_a_reason():
    for name, spec in ENTRIES.items():
        assert spec.accuracy == Accuracy() or spec.accuracy.why, name
        assert set(spec.hard_points) <= set(spec.operands), name
