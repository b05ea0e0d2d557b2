"""Complex arrays of which one part is replaced.

In:  arrays.   Out: new arrays; the other part keeps its bits.
"""

from __future__ import annotations

from typing import Any


def with_real(z: Any, part: Any) -> Any:
    """The array with another real part."""
    result = z.copy(order="K")
    result.real = part
    return result


def with_imag(z: Any, part: Any) -> Any:
    """The array with another imaginary part."""
    result = z.copy(order="K")
    result.imag = part
    return result
