"""Random programs that change objects and dicts which run-time conditions choose: right, or refused; few refused.

Longer runs: python -m tests.programs.campaign --generator objects --programs 2000 --seed 1000
"""

from __future__ import annotations

import pytest

from tests.programs.campaign import failure_of
from tests.programs.checks import Subject
from tests.programs.chosen_objects import generate_chosen_objects
from tests.programs.emitted import check_evaluator

PROGRAMS = range(24)
CODES = ("GS130", "GS131")
MOST_REFUSED = 1
ONCE_WRONG = (3080,)


@pytest.mark.parametrize("first", range(0, len(PROGRAMS), 6))
def test_changes_of_chosen_objects_are_right_or_refused(first):
    failures = [failure_of(generate_chosen_objects(seed)) for seed in PROGRAMS[first : first + 6]]
    found = [failure for failure in failures if failure is not None]
    assert all(failure.kind.startswith(CODES) for failure in found), [failure.text for failure in found]
    assert len(found) <= MOST_REFUSED


@pytest.mark.parametrize("seed", ONCE_WRONG)
def test_graphs_of_longer_ones_read_what_is_defined(seed):
    check_evaluator(Subject(generate_chosen_objects(seed, size=8)))
