"""First and second derivatives at the hard points of the table against mpmath: within what each entry says."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import mpmath
import numpy as np
import pytest
import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)

import gradscribe as gs
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.spec import Elementwise, SpellingKind
from gradscribe.ops.table import resolve, table
from tests.rules.exact import exact_derivative

ENTRIES = table()
HARD = [
    name
    for name, spec in ENTRIES.items()
    if isinstance(spec.form, Elementwise) and spec.form.formula and spec.hard_points
]
ORDERS = (1, 2)


def callable_of(spec):
    """The function of the entry, and whether it takes Python floats only."""
    found = [s for s in spec.spellings if s.kind is SpellingKind.FUNCTION and resolve(s.name) is not None]
    return resolve(found[0].name), found[0].is_math


def digits_needed(point: Sequence[float]) -> int:
    """Enough for what cancels at this point: exp(-x) against 1, x against 1, exp(-x²) against 1."""
    sizes = [3 * abs(math.log10(abs(x))) for x in point if x]
    return 60 + int(max([*sizes, *(min(abs(x) + x * x / 2, 900) for x in point)]))


def derivative_of(function, arity: int, operands: Sequence[int]):
    """The function, differentiated by each of these operands in turn."""
    first = gs.grad(function, argnums=operands[0], create_graph=True)
    if len(operands) == 1:
        return first
    if arity == 1:
        return gs.grad(lambda x: first(x))
    return gs.grad(lambda x, y: first(x, y), argnums=operands[1])


def wrapped(function, arity: int):
    if arity == 1:
        return lambda x: function(x)
    return lambda x, y: function(x, y)


def allowed(accuracy: Accuracy, order: int, exact: mpmath.mpf) -> mpmath.mpf:
    """The error that an entry admits."""
    size = abs(float(exact))
    if accuracy.absolute_from is not None and order >= accuracy.absolute_from:
        size = max(size, 1.0)
    return mpmath.mpf(float(np.spacing(size))) * accuracy.ulp


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", HARD)
def test_derivatives_are_accurate_at_hard_points(name):
    spec = ENTRIES[name]
    function, is_math = callable_of(spec)
    arity = len(spec.operands)
    moving = [k for k, operand in enumerate(spec.operands) if operand in spec.form.partials]
    points = list(itertools.product(*(spec.hard_points[operand] for operand in spec.operands)))
    for order in ORDERS:
        for operands in itertools.combinations_with_replacement(moving, order):
            derivative = derivative_of(wrapped(function, arity), arity, operands)
            counts = [operands.count(k) for k in range(arity)]
            for point in points:
                check(spec, derivative, point, counts, is_math)


def check(spec, derivative, point, counts, is_math):
    arguments = [x if is_math or isinstance(x, int) else np.float64(x) for x in point]
    own = float(derivative(*arguments))
    exact = exact_derivative(spec.name, point, counts, digits_needed(point))
    where = f"{spec.name} by {counts} at {point}: {own} is not {mpmath.nstr(exact, 17)}"
    if math.isinf(float(exact)):
        assert own == float(exact), where
    else:
        error = abs(mpmath.mpf(own) - exact)
        assert error <= allowed(spec.accuracy, sum(counts), exact), where


def test_what_is_weaker_than_usual_has_a_reason():
    for name, spec in ENTRIES.items():
        assert spec.accuracy == Accuracy() or spec.accuracy.why, name
        assert set(spec.hard_points) <= set(spec.operands), name
