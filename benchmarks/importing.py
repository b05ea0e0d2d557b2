"""Time of `import gradscribe` in a fresh process in which NumPy is already imported, and of the first derivative.

The compiler is imported when the first function is compiled, so the second figure is what a program pays in all.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

PROGRAM = """
import time
import numpy

def square(x):
    return x * x

start = time.process_time()
import gradscribe
print(time.process_time() - start)
gradscribe.grad(square)(3.0)
print(time.process_time() - start)
"""


def rows(*, quick: bool) -> list[dict[str, object]]:
    """One row: the medians of fresh processes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "first.py"
        path.write_text(PROGRAM, encoding="utf-8")
        times = [_seconds(path) for _ in range(5 if quick else 15)]
    imports, first = zip(*times, strict=True)
    return [
        {
            "processes": len(times),
            "import ms": 1e3 * median(imports),
            "up to the first derivative ms": 1e3 * median(first),
        }
    ]


def _seconds(path: Path) -> tuple[float, float]:
    run = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    imported, derived = map(float, run.stdout.split())
    return imported, derived
