"""Random programs that bind names here and there: right, or refused; nearly all of them right.

Longer runs: python -m tests.programs.campaign --generator binding --programs 2000 --seed 1000
"""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe.errors import GradscribeError
from tests.programs import checks
from tests.programs.binding import generate_binding
from tests.programs.checks import Subject

PROGRAMS = range(50)
MOST_REFUSED = 1


def refusal(seed):
    """The refusal of a program, or None where it is right."""
    subject = Subject(generate_binding(seed))
    with np.errstate(all="ignore"):
        try:
            checks.check_value(subject)
        except GradscribeError as error:
            if error.code.startswith("GS9"):
                raise
            return error.code
        checks.check_gradient(subject)
        (checks.check_modes, checks.check_arguments, checks.check_forward)[seed % 3](subject)
    return None


@pytest.mark.parametrize("first", range(0, len(PROGRAMS), 10))
def test_programs_are_right_wherever_names_are_bound(first):
    refused = [code for seed in PROGRAMS[first : first + 10] if (code := refusal(seed)) is not None]
    assert len(refused) <= MOST_REFUSED, refused
