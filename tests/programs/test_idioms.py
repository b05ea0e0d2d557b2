"""Idiomatic programs: values bit for bit, derivatives by both modes to second order, against differences."""

from __future__ import annotations

import pytest

from tests.programs import idiom_checks as checks
from tests.programs.idioms import IDIOMS, Idiom


def over(programs: list[Idiom]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs, ids=lambda idiom: idiom.function.__name__)


@over(IDIOMS)
def test_value_and_derivatives_by_both_modes_to_second_order(idiom: Idiom) -> None:
    checks.check_idiom(idiom)
