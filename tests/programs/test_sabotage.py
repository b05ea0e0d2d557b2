"""Each planted fault is noticed by some check of the suite; the same checks pass without it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.programs import checks, test_growth
from tests.programs.checks import Subject
from tests.programs.effects import check_effects
from tests.programs.generate import generate
from tests.programs.landscape import CASES
from tests.programs.measure import counts, program_of
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


PROBES = {
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
