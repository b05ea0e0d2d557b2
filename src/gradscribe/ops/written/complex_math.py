"""Models of `cmath`: polar coordinates.

In:  what users pass.   Out: what the library returns, up to rounding.
Not here: the entries that name these functions (ops/complex_math.py).
"""

from __future__ import annotations

import math
from typing import Any


def phase(z: Any) -> Any:
    """The angle."""
    return math.atan2(z.imag, z.real)


def polar(z: Any) -> Any:
    """The modulus and the angle."""
    return float(abs(z)), math.atan2(z.imag, z.real)


def rect(r: Any, phi: Any) -> Any:
    """The number of this modulus and angle."""
    return complex(r * math.cos(phi), r * math.sin(phi))
