"""Values that count as constant.

In:  a number or an array.   Out: the same.
Not here: its derivative, which is zero (ops/structural.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def stop_gradient(x: Any) -> Any:
    """`x`, counted as constant by differentiation; an array is copied, so that it may be written into."""
    return x.copy(order="K") if isinstance(x, np.ndarray) else x
