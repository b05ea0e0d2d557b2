"""Programs over NumPy: values bit for bit, derivatives by both modes to second order, against differences."""

from __future__ import annotations

import pytest

from tests.programs import idiom_checks as checks
from tests.programs.arrays import choosing, matrices, signals, statistics
from tests.programs.idioms import Idiom

PROGRAMS = [idiom for module in (statistics, signals, matrices, choosing) for idiom in module.PROGRAMS]


def over(programs: list[Idiom]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs, ids=lambda idiom: idiom.function.__name__)


@over(PROGRAMS)
def test_value_is_the_functions_and_gradient_the_differences(idiom: Idiom) -> None:
    checks.check_value_and_gradient(idiom)


@over(PROGRAMS)
def test_forward_mode_and_pullback_agree_with_the_gradient(idiom: Idiom) -> None:
    checks.check_modes(idiom)


@over(PROGRAMS)
def test_second_derivative_is_the_difference_of_the_first(idiom: Idiom) -> None:
    checks.check_second_derivative(idiom)


def test_there_are_at_least_sixty() -> None:
    assert len(PROGRAMS) >= 60
