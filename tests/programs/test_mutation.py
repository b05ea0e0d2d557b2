"""Programs that change arrays, lists and dicts: value, both modes and second order, or a clear error."""

from __future__ import annotations

import copy

import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from tests.programs import idiom_checks as checks
from tests.programs.idioms import Idiom
from tests.programs.mutation import ALL
from tests.programs.mutation.refused import REFUSED, Refused

PROGRAMS = [idiom for programs in ALL.values() for idiom in programs]


def over(programs: list[Idiom]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs, ids=lambda idiom: idiom.function.__name__)


@over(PROGRAMS)
def test_value_and_derivatives_by_both_modes_to_second_order(idiom: Idiom) -> None:
    checks.check_idiom(idiom)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.function.__name__)
def test_what_cannot_be_followed_is_refused(case: Refused) -> None:
    with pytest.raises(GradscribeError, match=case.code):
        gs.grad(case.function)(*copy.deepcopy(case.args))
