"""Random programs, statement by statement, around one question each: right, or refused; few of them refused.

Longer runs: python -m tests.programs.campaign --generator choosing --programs 2000 --seed 1000
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.programs.campaign import GENERATORS, failure_of

PROGRAMS = 24
SIZES = {
    "checking": 7,
    "choosing": 8,
    "swapping": 4,
    "iterating": 5,
    "keeping": 5,
    "outside": 5,
    "recurring": 7,
    "trying": 9,
}


@dataclass(frozen=True)
class Bounds:
    """Codes of refusals that may be, and how many of six programs at most."""

    codes: tuple[str, ...]
    refused: int


BOUNDS = {
    "checking": Bounds(("GS110", "GS203"), 4),
    "choosing": Bounds(("GS130", "GS131"), 3),
    "swapping": Bounds(("GS130", "GS131"), 3),
    "iterating": Bounds(("GS102", "GS127", "GS130", "GS131"), 3),
    "keeping": Bounds(("GS123", "GS127", "GS130", "GS131"), 5),
    "outside": Bounds(("GS122", "GS123", "GS130", "GS131", "GS133", "GS320"), 4),
    "recurring": Bounds(("GS122", "GS123", "GS125", "GS130", "GS152"), 3),
    "trying": Bounds(("GS110", "GS141"), 4),
}


@pytest.mark.filterwarnings("ignore::gradscribe.SideEffectWarning")
@pytest.mark.parametrize("first", range(0, PROGRAMS, 6))
@pytest.mark.parametrize("name", BOUNDS)
def test_programs_are_right_or_refused(name, first):
    failures = [failure_of(GENERATORS[name](seed, SIZES[name])) for seed in range(first, first + 6)]
    found = [failure for failure in failures if failure is not None]
    assert all(failure.kind.startswith(BOUNDS[name].codes) for failure in found), [
        failure.text for failure in found
    ]
    assert len(found) <= BOUNDS[name].refused
