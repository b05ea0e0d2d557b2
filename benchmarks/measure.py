"""Measuring in turns: A B C A B C in one process, so that what slows the machine slows all of them.

In:  calls without arguments, by name.   Out: median seconds of each, and median ratios within a turn.
Not here: what is measured (the sections).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

Clock = Callable[[], float]

SAMPLE_SECONDS = 2e-3


@dataclass(frozen=True)
class Timings:
    """Seconds per call of each function, one entry a turn; entries of one turn were measured side by side."""

    samples: Mapping[str, list[float]]

    def seconds(self, name: str) -> float:
        """Median seconds of one call."""
        return median(self.samples[name])

    def ratio(self, name: str, base: str) -> float:
        """Median, over the turns, of how many times longer `name` takes than `base`."""
        pairs = zip(self.samples[name], self.samples[base], strict=True)
        return median(one / other for one, other in pairs)

    def difference(self, name: str, base: str) -> float:
        """Median, over the turns, of the seconds that `name` takes beyond `base`."""
        pairs = zip(self.samples[name], self.samples[base], strict=True)
        return median(one - other for one, other in pairs)


def in_turns(
    functions: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 1.0,
    turns: int = 9,
    clock: Clock = time.process_time,
) -> Timings:
    """Time all functions alternately for about `seconds`, and at least `turns` times each.

    Args:
        functions: what to time, by name.
        seconds: how long to go on.
        turns: how often at least.
        clock: processor time for what runs on this thread alone, which a busy machine does not stretch;
            `time.perf_counter` where a library may use threads of its own.
    """
    numbers = {name: _repetitions(function, clock) for name, function in functions.items()}
    samples: dict[str, list[float]] = {name: [] for name in functions}
    end = time.perf_counter() + seconds
    turn = 0
    while turn < turns or time.perf_counter() < end:
        for name, function in functions.items():
            samples[name].append(_timed(function, numbers[name], clock))
        turn += 1
    return Timings(samples)


def _repetitions(function: Callable[[], object], clock: Clock) -> int:
    function()
    one = min(_timed(function, 1, clock) for _ in range(3))
    return max(1, int(SAMPLE_SECONDS / max(one, 1e-9)))


def _timed(function: Callable[[], object], number: int, clock: Clock) -> float:
    start = clock()
    for _ in range(number):
        function()
    return (clock() - start) / number
