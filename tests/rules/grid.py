"""The whole grid: every sample of every entry, its arguments in every layout and kind.

    python -m tests.rules.grid                    all of it, some ten minutes
    python -m tests.rules.grid 'cum.*' 'no rows'  entries whose name matches, variants that are named

In:  the table.   Out: `cells`, what is wrong in one of them; the program prints each fault.
Not here: the calls (calls.py), what must hold (grid_checks.py), the part that every run tests (test_grid.py).
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from gradscribe.ops.table import table
from tests.rules.calls import VARIANTS, Call, calls_of
from tests.rules.grid_checks import fault

UNSET = {"empty", "array_empty_like"}
"""Their values are whatever was in memory."""
ODD_WITHOUT_ELEMENTS = {
    **dict.fromkeys(("hfft", "irfft", "irfft2", "irfftn"), "the value is whatever was in memory"),
    **dict.fromkeys(("nanquantile", "nanpercentile"), "NumPy leaves out the dimension of the quantiles"),
    "scipy_fiedler": "SciPy gives a vector in place of a matrix",
    "solve_sylvester": "SciPy takes matrices that are not square",
}
"""What arrays without elements are not tested with, and why."""


@dataclass(frozen=True)
class Cell:
    """A call with its arguments in one layout or kind."""

    entry: str
    call: Call
    variant: str

    def fault(self) -> str:
        """What is wrong, '' if nothing."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return fault(self.call.function, VARIANTS[self.variant](self.call.values))


def cells(names: str = ".*", variants: str = ".*") -> Iterator[Cell]:
    """All calls of entries of these names in these variants; the same arguments come once."""
    chosen = {name: spec for name, spec in table().items() if name not in UNSET and re.fullmatch(names, name)}
    for name, spec in chosen.items():
        for call in calls_of(spec):
            seen = []
            for variant, change in VARIANTS.items():
                marks = [_mark(value) for value in change(call.values)]
                is_odd = name in ODD_WITHOUT_ELEMENTS and any(
                    0 in np.shape(value) for value in change(call.values)
                )
                if re.fullmatch(variants, variant) and marks not in seen and not is_odd:
                    seen.append(marks)
                    yield Cell(name, call, variant)


def _mark(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.strides, value.flags.writeable
    return type(value)


def one_of_each() -> Iterator[Cell]:
    """For each entry one cell, the same in every run."""
    for name in table():
        kept = list(cells(re.escape(name)))
        if kept:
            yield kept[crc32(name.encode()) % len(kept)]


def main() -> None:
    """Print each fault, and how many cells there are."""
    count = 0
    for cell in cells(*sys.argv[1:]):
        count += 1
        found = cell.fault()
        if found:
            line = f"{cell.entry} | {cell.variant} | {cell.call.text} | {found}"
            print(line.replace("\n", " "), flush=True)
    print(f"{count} cells")


if __name__ == "__main__":
    main()
