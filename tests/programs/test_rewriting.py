"""Some of the programs written by hand, rewritten so that only the run knows which way they go: right, or refused.

All of them: python -m tests.programs.rewriting --rewriting statements
"""

from __future__ import annotations

import pytest

from tests.programs.rewriting import PROGRAMS, REWRITERS, failure_of, is_refusal, rewritten

EVERY = 80
MOST_REFUSED = 6


@pytest.mark.parametrize("name", REWRITERS)
def test_rewritten_programs_are_right_or_refused(name):
    refused = 0
    for number in range(0, len(PROGRAMS), EVERY):
        for candidate in rewritten(PROGRAMS[number], name, number):
            error = failure_of(candidate)
            assert error is None or is_refusal(error), (number, candidate.args[0], error)
            refused += error is not None
    assert refused <= MOST_REFUSED
