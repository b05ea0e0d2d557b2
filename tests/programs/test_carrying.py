"""Random loops that hand on second names of arrays: right, or refused; some of them right.

Longer runs: python -m tests.programs.campaign --generator carrying --size 6 --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.carrying import generate_carrying

PROGRAMS = range(24)
CODES = ("GS130", "GS131")


@pytest.mark.parametrize("seed", PROGRAMS)
def test_a_loop_with_second_names_is_right_or_refused(seed):
    failure = failure_of(generate_carrying(seed))
    assert failure is None or failure.kind.startswith(CODES), failure.text


def test_many_loops_with_second_names_are_not_refused():
    failures = [failure_of(generate_carrying(seed)) for seed in range(24, 34)]
    assert failures.count(None) >= 3
