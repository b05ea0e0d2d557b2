"""Densities whose derivatives are 0 where they are, also infinitely far out.

In:  numbers or arrays.   Out: numbers or arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def normal_density(x: Any) -> Any:
    """The density of the standard normal distribution."""
    return 0.3989422804014327 * np.exp(-0.5 * x * x)
