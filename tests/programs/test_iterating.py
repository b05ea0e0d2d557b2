"""Random programs that change what they go over: right, or refused; few of them refused.

Longer runs: python -m tests.programs.campaign --generator iterating --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.iterating import generate_iterating

PROGRAMS = range(24)
CODES = ("GS102", "GS127", "GS130", "GS131")
MOST_REFUSED = 3


@pytest.mark.parametrize("first", range(0, len(PROGRAMS), 6))
def test_items_that_are_replaced_meanwhile_are_right_or_refused(first):
    failures = [failure_of(generate_iterating(seed)) for seed in PROGRAMS[first : first + 6]]
    found = [failure for failure in failures if failure is not None]
    assert all(failure.kind.startswith(CODES) for failure in found), [failure.text for failure in found]
    assert len(found) <= MOST_REFUSED
