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
UNSET_OF_NOTHING = {"hfft", "irfft", "irfft2", "irfftn"}
"""So are those of arrays without elements."""


@dataclass(frozen=True)
class Cell:
    """A call with its arguments in one layout or kind."""

    entry: str
    call: Call
    variant: str

    @property
    def is_open(self) -> bool:
        """Known not to hold."""
        return self.entry in OPEN.get(self.variant, frozenset())

    def fault(self) -> str:
        """What is wrong, '' if nothing."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            return fault(self.call.function, VARIANTS[self.variant](self.call.values))


OPEN: dict[str, frozenset[str]] = {
    variant: frozenset(names.split())
    for variant, names in {
        "single precision": """
            voigt_profile
        """,
        "no rows": """
            einsum histogram matrix_power nanpercentile nanquantile savgol_filter scipy_fiedler scipy_lstsq
            signal_fftconvolve signal_oaconvolve solve_sylvester squareform
        """,
        "no columns": """
            cdist distance_matrix_distance jensenshannon_distance matrix_power pdist
            signal_fftconvolve solve_banded solve_sylvester tensorsolve
        """,
        "one element": """
            jensenshannon_distance pdist scipy_eig
        """,
        "Python numbers": """
            xlogy
        """,
        "Python number last": """
            xlogy
        """,
    }.items()
}
"""What is known not to hold. SciPy's voigt_profile is double unless all of its operands are single. Arrays without
elements, and pairs of one point, give derivatives of another shape, nan, or a bare error of NumPy; matrices that
are not square are not refused where the power is 1; tangents of real eigenvectors are complex.
What a pullback keeps may be a `math.log` that raises."""


def cells(names: str = ".*", variants: str = ".*") -> Iterator[Cell]:
    """All calls of entries of these names in these variants; the same arguments come once."""
    chosen = {name: spec for name, spec in table().items() if name not in UNSET and re.fullmatch(names, name)}
    for name, spec in chosen.items():
        for call in calls_of(spec):
            seen = []
            for variant, change in VARIANTS.items():
                marks = [_mark(value) for value in change(call.values)]
                is_unset = name in UNSET_OF_NOTHING and any(
                    0 in np.shape(value) for value in change(call.values)
                )
                if re.fullmatch(variants, variant) and marks not in seen and not is_unset:
                    seen.append(marks)
                    yield Cell(name, call, variant)


def _mark(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.strides, value.flags.writeable
    return type(value)


def one_of_each() -> Iterator[Cell]:
    """For each entry one cell, the same in every run, of those that are not open."""
    for name in table():
        kept = [cell for cell in cells(re.escape(name)) if not cell.is_open]
        if kept:
            yield kept[crc32(name.encode()) % len(kept)]


def main() -> None:
    """Print each fault, the stated ones last."""
    count, open_faults = 0, []
    for cell in cells(*sys.argv[1:]):
        count += 1
        found = cell.fault()
        line = f"{cell.entry} | {cell.variant} | {cell.call.text} | {found}".replace("\n", " ")
        if found and cell.is_open:
            open_faults.append(line)
        elif found:
            print(line, flush=True)
    print(f"{count} cells; stated as open:", *open_faults, sep="\n")


if __name__ == "__main__":
    main()
