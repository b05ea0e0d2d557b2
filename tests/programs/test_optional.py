"""Random programs in which names are None on some ways: right, or refused; most of them right.

Longer runs: python -m tests.programs.campaign --generator optional --size 8 --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.optional import generate_optional

PROGRAMS = range(24)
CODES = ("GS130", "GS131", "GS141", "GS123")
"""Second names of arrays; None that is surely used; loops whose first iteration is refused for it."""


@pytest.mark.parametrize("seed", PROGRAMS)
def test_a_program_with_none_is_right_or_refused(seed):
    failure = failure_of(generate_optional(seed))
    assert failure is None or failure.kind.startswith(CODES), failure.text


def test_most_programs_with_none_are_not_refused():
    failures = [failure_of(generate_optional(seed)) for seed in range(24, 34)]
    assert failures.count(None) >= 6
