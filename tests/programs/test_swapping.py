"""Random programs that exchange and write entries of containers: right, or refused; few of them refused.

Longer runs: python -m tests.programs.campaign --generator swapping --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.swapping import generate_swapping

PROGRAMS = range(24)
CODES = ("GS130", "GS131")
MOST_REFUSED = 3


@pytest.mark.parametrize("first", range(0, len(PROGRAMS), 6))
def test_writes_to_what_containers_hold_are_right_or_refused(first):
    failures = [failure_of(generate_swapping(seed)) for seed in PROGRAMS[first : first + 6]]
    found = [failure for failure in failures if failure is not None]
    assert all(failure.kind.startswith(CODES) for failure in found), [failure.text for failure in found]
    assert len(found) <= MOST_REFUSED
