"""Checks of what a function that cannot be read returns.

In:  a result and what it was said to be.   Out: the same result.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def checked(
    value: Any, *arguments: Any, name: str, dtype: str, shape: Any, same_as: int | None = None
) -> Any:
    """`value`, the result of calling `name` with these arguments, if it is what its `like` says.

    Args:
        value: a number or array.
        arguments: the arrays that the function was called with.
        name: of the function.
        dtype: what its dtype must be.
        shape: what its shape must be; None for a length that is not known.
        same_as: position of the argument whose shape it must have.
    """
    wanted = tuple(shape) if same_as is None else np.shape(arguments[same_as])
    found = np.shape(value)
    fits = len(found) == len(wanted) and all(n is None or m == n for m, n in zip(found, wanted, strict=True))
    kind = np.asarray(value).dtype
    if not fits or kind != dtype or (bool(wanted) and not isinstance(value, np.ndarray)):
        said = f"{dtype} of shape {wanted}".replace("None", "any")
        raise TypeError(f"`{name}` returned {kind} of shape {found}, but its `like` says {said}")
    for argument in arguments:
        if isinstance(value, np.ndarray) and np.may_share_memory(value, argument):
            raise ValueError(f"`{name}` returned memory of one of its arguments: return a copy")
    return value


def of_shape(value: Any, like: Any, what: str) -> Any:
    """`value`, if it has the shape of `like`."""
    if np.shape(value) != np.shape(like):
        raise ValueError(f"{what} has shape {np.shape(value)}, but must have {np.shape(like)}")
    return value
