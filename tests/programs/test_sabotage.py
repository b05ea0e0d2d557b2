"""Each planted fault is noticed by some check of the suite; the same checks pass without it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import gradscribe as gs
from tests.analysis import test_shape_sources
from tests.passes import test_sink_saves
from tests.programs import checks, test_growth
from tests.programs.checks import Subject
from tests.programs.effects import check_effects
from tests.programs.generate import generate
from tests.programs.idiom_checks import check_value_and_gradient
from tests.programs.landscape import CASES
from tests.programs.language import exceptions
from tests.programs.measure import counts, program_of
from tests.programs.mutation import containers, list_tables
from tests.programs.sabotage import FAULTS
from tests.programs.test_silent_wrong import test_gradient_is_the_stated_one as check_case

RANDOM_PROGRAMS = range(60)


def probe_random():
    for seed in RANDOM_PROGRAMS:
        subject = Subject(generate(seed))
        if subject.program.returns == "number":
            checks.check_value(subject)
            checks.check_gradient(subject)


def probe_landscape():
    for case in CASES:
        check_case(case)


def probe_growth():
    program_of.cache_clear()
    try:
        function, make, slack = test_growth.CASES["element_recurrence"]
        primal, derivative = (
            [counts(function, order, make, n).touched for n in test_growth.SIZES] for order in (0, 1)
        )
        assert derivative[2] / derivative[1] <= slack * primal[2] / primal[1]
    finally:
        program_of.cache_clear()


def probe_branches():
    x, w = test_sink_saves.X, test_sink_saves.W
    for function in test_sink_saves.EXAMPLES:
        expected = gs.testing.differences(function, (x, w), (w, np.zeros_like(w)), 1e-4)[0]
        np.testing.assert_allclose(gs.grad(function)(x, w) @ w, expected, rtol=1e-5, atol=1e-5)


def probe_shapes():
    test_shape_sources.test_zeros_take_the_shape_of_what_is_there()
    test_shape_sources.test_matrix_is_not_saved_for_its_shape()


def probe_programs(module):
    for idiom in module.PROGRAMS:
        check_value_and_gradient(idiom)


PROBES = {
    "branches": probe_branches,
    "shapes": probe_shapes,
    "exceptions": partial(probe_programs, exceptions),
    "tables": partial(probe_programs, list_tables),
    "queues": partial(probe_programs, containers),
    "random": probe_random,
    "landscape": probe_landscape,
    "growth": probe_growth,
    "effects": check_effects,
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_planted_fault_is_noticed(fault):
    with fault.planted(), np.errstate(all="ignore"), pytest.raises(Exception):  # noqa: B017
        PROBES[fault.probe]()


def test_effects_without_a_fault():
    check_effects()


def test_branches_without_a_fault():
    probe_branches()
