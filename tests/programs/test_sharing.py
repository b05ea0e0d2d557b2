"""Random programs over objects that several lists hold: right, or refused; few refused.

Longer runs: python -m tests.programs.campaign --generator sharing --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.sharing import generate_sharing

PROGRAMS = range(24)
CODES = ("GS122", "GS130", "GS131")
MOST_REFUSED = 5


@pytest.mark.parametrize("first", range(0, len(PROGRAMS), 6))
def test_what_lists_share_is_right_or_refused(first):
    failures = [failure_of(generate_sharing(seed)) for seed in PROGRAMS[first : first + 6]]
    found = [failure for failure in failures if failure is not None]
    assert all(failure.kind.startswith(CODES) for failure in found), [failure.text for failure in found]
    assert len(found) <= MOST_REFUSED
