"""Many random programs: `python -m tests.programs.campaign --programs 1000 --seed 0`.

Prints each failing program with its smallest form; the exit status is 1 if there was one.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from gradscribe.errors import GradscribeError
from tests.programs.aliasing import generate_aliasing
from tests.programs.checks import Subject, checks_for
from tests.programs.generate import Program, generate
from tests.programs.shrink import shrink


@dataclass(frozen=True)
class Failure:
    """One program that failed.

    Attributes:
        check: the check that failed.
        kind: what failures with one cause have in common.
        text: the error.
    """

    program: Program
    check: Callable[[Subject], None]
    kind: str
    text: str


def failure_of(program: Program) -> Failure | None:
    """The first check that fails."""
    subject = Subject(program)
    for check in checks_for(program):
        error = _error_of(check, subject)
        if error is not None:
            return Failure(program, check, kind_of(error), f"{type(error).__name__}: {error}")
    return None


def _error_of(check: Callable[[Subject], None], subject: Subject) -> Exception | None:
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


MAY_REFUSE = ("GS130", "GS131")
"""Errors about arrays that may be the same: right, too, where aliases are random."""


def _program(options: argparse.Namespace, seed: int) -> Program:
    if options.aliasing:
        return generate_aliasing(seed, size=options.size)
    return generate(seed, size=options.size, scalars=options.scalars)


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size", type=int, default=14, help="statements of a program")
    parser.add_argument("--scalars", action="store_true", help="no arrays")
    parser.add_argument("--aliasing", action="store_true", help="arrays under several names; may be refused")
    parser.add_argument("--shrink", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after this time")
    options = parser.parse_args()
    kinds: Counter[str] = Counter()
    start = time.monotonic()
    for seed in range(options.seed, options.seed + options.programs):
        if time.monotonic() - start > 60 * options.minutes:
            break
        failure = failure_of(_program(options, seed))
        if failure is None or (options.aliasing and failure.kind[:5] in MAY_REFUSE):
            continue
        label = f"{failure.check.__name__}: {failure.kind}"
        kinds[label] += 1
        print(f"--- seed {seed}: {label}")
        if kinds[label] == 1:
            program = failure.program
            if options.shrink:
                program = shrink(program, partial(_fails_alike, failure))
            print(program.source, f"# {program.arguments()!r}", failure.text, sep="\n", flush=True)
    print(
        f"{sum(kinds.values())} failures", *(f"{n:5d}  {kind}" for kind, n in kinds.most_common()), sep="\n"
    )
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
