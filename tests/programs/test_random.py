"""Random programs, always the same ones: value, both modes, second order, emitted code against the evaluator.

Longer runs: python -m tests.programs.campaign --generator nested --size 14 --programs 2000 --seed 1000
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.programs import checks, emitted, higher_orders
from tests.programs.checks import Subject
from tests.programs.generate import generate

PROGRAMS = range(110)
SECOND_ORDER = range(500, 530)
SCALAR_PROGRAMS = range(900, 920)
CATCHING_PROGRAMS = (0, 2, 4, 6, 9, 11, 12, 15, 16, 18, 24, 25, 26, 31)


@pytest.mark.parametrize("seed", PROGRAMS)
def test_derivative_of_a_random_program(seed):
    subject = Subject(generate(seed))
    with np.errstate(all="raise", under="ignore"):
        if subject.program.returns == "values":
            checks.check_modes(subject)
            return
        checks.check_value(subject)
        checks.check_gradient(subject)
        checks.check_arguments(subject)
        # The remaining ones compile again; half of the programs each.
        (checks.check_modes if seed % 2 else emitted.check_evaluator)(subject)


@pytest.mark.parametrize("seed", SECOND_ORDER)
def test_second_order_of_a_random_program(seed):
    subject = Subject(generate(seed, size=8))
    if subject.program.returns == "number":
        higher_orders.check_second_order(subject)


@pytest.mark.parametrize("seed", SCALAR_PROGRAMS)
def test_scalar_random_program(seed):
    subject = Subject(generate(seed, scalars=True))
    checks.check_value(subject)
    checks.check_gradient(subject)
    higher_orders.check_second_order(subject)


@pytest.mark.parametrize("seed", CATCHING_PROGRAMS)
def test_derivative_of_a_random_program_that_catches_exceptions(seed):
    subject = Subject(generate(seed, size=9, catches=True))
    assert "except" in subject.program.source
    with np.errstate(all="raise", under="ignore"):
        if subject.program.returns == "values":
            checks.check_modes(subject)
            return
        checks.check_value(subject)
        checks.check_gradient(subject)
        (higher_orders.check_second_order, checks.check_modes, emitted.check_evaluator)[seed % 3](subject)
