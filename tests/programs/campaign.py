"""Many random programs: `python -m tests.programs.campaign --programs 1000 --seed 0`.

Prints the smallest form of each failing program, then how many were checked and how many refused, by code; the
exit status is 1 if there was a wrong number or an error of ours.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from gradscribe.errors import GradscribeError
from tests.programs.aliasing import generate_aliasing
from tests.programs.binding import generate_binding
from tests.programs.broad.generate import generate_broad
from tests.programs.carrying import generate_carrying
from tests.programs.checking import generate_checking
from tests.programs.checks import (
    Subject,
    check_arguments,
    check_forward,
    check_gradient,
    check_modes,
    check_one_array_twice,
    check_value,
)
from tests.programs.choosing import generate_choosing
from tests.programs.chosen_objects import generate_chosen_objects
from tests.programs.emitted import check_evaluator, check_saved
from tests.programs.generate import Program, generate
from tests.programs.higher_orders import check_second_order, check_third_order
from tests.programs.iterating import generate_iterating
from tests.programs.keeping import generate_keeping
from tests.programs.optional import generate_optional
from tests.programs.outside import generate_outside
from tests.programs.recurring import generate_recurring
from tests.programs.sharing import generate_sharing
from tests.programs.shrink import shrink
from tests.programs.swapping import generate_swapping
from tests.programs.trying import generate_trying

Check = Callable[[Subject], None]

ALWAYS: tuple[Check, ...] = (
    check_value,
    check_gradient,
    check_arguments,
    check_one_array_twice,
    check_forward,
)
SHARES: tuple[tuple[int, Check], ...] = (
    (3, check_second_order),
    (4, check_evaluator),
    (5, check_modes),
    (20, check_saved),
    (40, check_third_order),
)
"""Checks that compile again, with how many programs there are for one that is checked so."""


@dataclass(frozen=True)
class Failure:
    """One program that failed.

    Attributes:
        check: the check that failed.
        kind: what failures with one cause have in common.
        text: the error.
        refused: the error says what of the program is not supported.
    """

    program: Program
    check: Check
    kind: str
    text: str
    refused: bool


def checks_for(program: Program, *, every: bool = False) -> tuple[Check, ...]:
    """The checks that apply; those that are dear to their share of the seeds alone, or every one."""
    if program.returns != "number":
        return (check_modes,)
    return (*ALWAYS, *(check for share, check in SHARES if every or program.seed % share == 0))


def failure_of(program: Program, *, every: bool = False) -> Failure | None:
    """The first check that fails."""
    subject = Subject(program)
    for check in checks_for(program, every=every):
        error = _error_of(check, subject)
        if error is not None:
            text = f"{type(error).__name__}: {error}"
            return Failure(program, check, kind_of(error), text, _is_refusal(error))
    return None


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, GradscribeError) and not error.code.startswith("GS9")


def _error_of(check: Check, subject: Subject) -> Exception | None:
    try:
        with np.errstate(all="raise", under="ignore"):
            check(subject)
    except Exception as error:
        return error
    return None


def kind_of(error: Exception) -> str:
    """Code and title of a gradscribe error, or the exception with its first words."""
    if isinstance(error, GradscribeError):
        return f"{error.code} {error.diagnostics[0].title.split(':')[0][:50]}"
    words = re.sub(r"'[^']*'|[0-9(][0-9, ().-]*", "_", str(error).split(":")[0])
    return f"{type(error).__name__} {words[:60]}"


def _fails_alike(failure: Failure, program: Program) -> bool:
    error = _error_of(failure.check, Subject(program))
    return error is not None and kind_of(error) == failure.kind


GENERATORS: dict[str, Callable[[int, int], Program]] = {
    "broad": lambda seed, size: generate_broad(seed, size=size),
    "nested": lambda seed, size: generate(seed, size=size),
    "scalars": lambda seed, size: generate(seed, size=size, scalars=True),
    "aliasing": lambda seed, size: generate_aliasing(seed, size=size),
    "carrying": lambda seed, size: generate_carrying(seed, size=size),
    "optional": lambda seed, size: generate_optional(seed, size=size),
    "objects": lambda seed, size: generate_chosen_objects(seed, size=size),
    "keeping": lambda seed, size: generate_keeping(seed, size=size),
    "recurring": lambda seed, size: generate_recurring(seed, size=size),
    "sharing": lambda seed, size: generate_sharing(seed, size=size),
    "checking": lambda seed, size: generate_checking(seed, size=size),
    "choosing": lambda seed, size: generate_choosing(seed, size=size),
    "iterating": lambda seed, size: generate_iterating(seed, size=size),
    "outside": lambda seed, size: generate_outside(seed, size=size),
    "swapping": lambda seed, size: generate_swapping(seed, size=size),
    "binding": lambda seed, size: generate_binding(seed, size=size),
    "trying": lambda seed, size: generate_trying(seed, size=size),
    "catching": lambda seed, size: generate(seed, size=size, catches=True),
}


@dataclass
class Campaign:
    """What a run has found so far."""

    shrinks: bool
    shows_refusals: bool
    checked: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)

    def add(self, seed: int, failure: Failure | None) -> None:
        """Count one program, and print it if it is the first that fails so."""
        self.checked += 1
        if failure is None:
            return
        label = f"{failure.check.__name__}: {failure.kind}"
        kinds = self.refusals if failure.refused else self.failures
        kinds[failure.kind if failure.refused else label] += 1
        if failure.refused and not self.shows_refusals:
            return
        print(f"--- seed {seed}: {label}", flush=True)
        if kinds[failure.kind if failure.refused else label] == 1:
            program = failure.program
            if self.shrinks:
                program = shrink(program, partial(_fails_alike, failure))
            print(program.source, f"# {program.arguments()!r}", failure.text, sep="\n", flush=True)

    def summary(self) -> str:
        """Counts by kind."""
        refused = sum(self.refusals.values())
        lines = [
            f"{self.checked} programs, {sum(self.failures.values())} failures, {refused} refused "
            f"({100.0 * refused / max(1, self.checked):.1f} %)"
        ]
        for kinds in (self.failures, self.refusals):
            lines += [f"{count:6d}  {kind}" for kind, count in kinds.most_common()]
        return "\n".join(lines)


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=5, help="statements of a program")
    parser.add_argument("--generator", choices=GENERATORS, default="broad")
    parser.add_argument("--every", action="store_true", help="every check for every program")
    parser.add_argument("--refusals", action="store_true", help="print what is refused, too")
    parser.add_argument("--shrink", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after this time")
    options = parser.parse_args()
    campaign = Campaign(options.shrink, options.refusals)
    start = time.monotonic()
    for seed in range(options.seed, options.seed + options.programs):
        if time.monotonic() - start > 60 * options.minutes:
            break
        program = GENERATORS[options.generator](seed, options.size)
        campaign.add(seed, failure_of(program, every=options.every))
        if campaign.checked % 100 == 0:
            print(f"[{time.monotonic() - start:.0f} s, seed {seed}] {campaign.summary()}", flush=True)
    print(campaign.summary())
    return 1 if campaign.failures else 0


if __name__ == "__main__":
    sys.exit(main())
