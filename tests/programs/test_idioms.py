"""Idiomatic programs: values bit for bit, derivatives by both modes to second order, against differences."""

from __future__ import annotations

import pytest

from tests.programs import idiom_checks as checks
from tests.programs.idioms import IDIOMS, Idiom


def over(programs: list[Idiom]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs, ids=lambda idiom: idiom.function.__name__)


@over(IDIOMS)
def test_value_is_the_functions_and_gradient_the_differences(idiom: Idiom) -> None:
    checks.check_value_and_gradient(idiom)


@over([idiom for idiom in IDIOMS if checks.is_flat(idiom)])
def test_forward_mode_and_pullback_agree_with_the_gradient(idiom: Idiom) -> None:
    checks.check_modes(idiom)


@over([idiom for idiom in IDIOMS if checks.is_double(idiom)])
def test_second_derivative_is_the_difference_of_the_first(idiom: Idiom) -> None:
    checks.check_second_derivative(idiom)
