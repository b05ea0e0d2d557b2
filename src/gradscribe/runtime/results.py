"""What a function returns that returns the result of a statistical test of SciPy: the numbers in it, by name.

In:  nothing.   Out: named tuples.
Not here: results of root finding and minimisation (roots.py), of differential equations (trajectories.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple


class SignificanceResult(NamedTuple):
    """Of a test, such as `scipy.stats.ttest_ind`."""

    statistic: Any
    pvalue: Any


class LinregressResult(NamedTuple):
    """Of `scipy.stats.linregress`."""

    slope: Any
    intercept: Any
    rvalue: Any
    pvalue: Any
    stderr: Any
