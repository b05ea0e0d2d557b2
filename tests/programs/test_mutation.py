"""Programs that change arrays, lists and dicts: value, both modes and second order, or a clear error."""

from __future__ import annotations

import copy

import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from tests.programs import idiom_checks as checks
from tests.programs.idioms import Idiom
from tests.programs.mutation import (
    adversarial,
    arrays_or_numbers,
    choices,
    chosen_items,
    chosen_objects,
    containers,
    first_named,
    followed,
    functions,
    handed_on,
    histories,
    keyed,
    keyed_removal,
    left_parts,
    list_tables,
    lists,
    loops,
    made_views,
    moved_rows,
    objects_chosen_in_loops,
    partly_filled,
    parts,
    records,
    rolling,
    row_aliases,
    run_time_sets,
    short_loops,
    stores,
    swapped_entries,
    tables,
    taken_out,
    trajectories,
    views,
)
from tests.programs.mutation.refused import REFUSED, Refused

MODULES = (
    stores,
    views,
    functions,
    loops,
    short_loops,
    swapped_entries,
    first_named,
    followed,
    left_parts,
    rolling,
    run_time_sets,
    handed_on,
    histories,
    lists,
    chosen_items,
    chosen_objects,
    objects_chosen_in_loops,
    list_tables,
    row_aliases,
    moved_rows,
    partly_filled,
    parts,
    tables,
    taken_out,
    trajectories,
    records,
    containers,
    keyed,
    keyed_removal,
    adversarial,
    arrays_or_numbers,
    choices,
    made_views,
)
PROGRAMS = [idiom for module in MODULES for idiom in module.PROGRAMS]


def over(programs: list[Idiom]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs, ids=lambda idiom: idiom.function.__name__)


@over(PROGRAMS)
def test_value_and_derivatives_by_both_modes_to_second_order(idiom: Idiom) -> None:
    checks.check_idiom(idiom)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.function.__name__)
def test_what_cannot_be_followed_is_refused(case: Refused) -> None:
    with pytest.raises(GradscribeError, match=case.code):
        gs.grad(case.function)(*copy.deepcopy(case.args))
