"""Time of `import gradscribe` in a fresh process in which NumPy is already imported."""

from __future__ import annotations

import subprocess
import sys
from statistics import median

PROGRAM = """
import time
import numpy
start = time.perf_counter()
import gradscribe
print(time.perf_counter() - start)
"""


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row: the median of fresh processes."""
    times = [_seconds() for _ in range(5 if quick else 15)]
    return [{"processes": len(times), "median ms": 1e3 * median(times), "least ms": 1e3 * min(times)}]


def _seconds() -> float:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return float(run.stdout)
