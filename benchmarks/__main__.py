"""Print the tables: python -m benchmarks [--quick] [--json FILE] [section ...].

Numeric libraries run on one thread, set here before any of them is imported. All rows of a comparison are
measured in turns in one process, so that a busy machine slows them alike; figures are medians of the ratios
within a turn. Nothing is written unless --json asks for it.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path

SECTIONS = {
    "derivative": "the derivative against one written by hand (goal: ratio at most 1.1)",
    "peers": "the derivative against HIPS autograd, JAX jit and PyTorch, where installed",
    "field": "the gradient of programs from many fields against the programs (goal: ratio at most 4)",
    "calls": "fixed cost of a call over the bare generated function",
    "compiling": "time to compile, by the number of lines (goal: 150 ms for 30 lines, and linear)",
    "optimisers": "a step of Adam against PyTorch and Optax, where installed",
    "trajectories": "100 steps of each optimiser beside those of Optax and PyTorch, where installed",
    "importing": "time of `import gradscribe` beyond NumPy (goal: 60 ms)",
}
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def main() -> None:
    """Run the sections that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"any of: {', '.join(SECTIONS)}; all if none is given")
    parser.add_argument("--quick", action="store_true", help="fewer sizes and turns")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the rows to this file")
    options = parser.parse_args()
    unknown = [name for name in options.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"unknown section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    for variable in THREADS:
        os.environ[variable] = "1"
    results = {}
    for name in options.sections or SECTIONS:
        rows = importlib.import_module(f"benchmarks.{name}").rows(quick=options.quick)
        results[name] = rows
        print_table(f"{name}: {SECTIONS[name]}", rows)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def print_table(title: str, rows: list[dict[str, object]]) -> None:
    """The rows under the names of their columns."""
    print(f"\n{title}\n")
    if not rows:
        print("  nothing to measure")
        return
    cells = [tuple(rows[0]), *(tuple(map(_text, row.values())) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for line in cells:
        print("  " + "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    sys.stdout.flush()


def _text(cell: object) -> str:
    return (
        f"{cell:,.3g}"
        if isinstance(cell, float) and abs(cell) < 1000.0
        else (f"{cell:,.0f}" if isinstance(cell, float | int) else str(cell))
    )


if __name__ == "__main__":
    main()
