"""Why a step failed: a state that is not of this optimiser, or not of these parameters, is named by its part.

In:  a state, and what the optimiser would start with.   Out: an error, or None if the state is not to blame.
Not here: states that are refused before a step (core.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.errors import UsageError
from gradscribe.optim.core import Core, foreign_state
from gradscribe.optim.misfit import shown
from gradscribe.optim.structure import names_of, path_of
from gradscribe.optim.vector import Vector

# What NumPy and Python raise where a state has other parts.
RAISED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def blamed(core: Core, state: Any, params: Vector) -> UsageError | None:
    """The error of the first part of a state that differs from what the optimiser starts with."""
    found = _difference(core.init(params), state, "state")
    return None if found is None else foreign_state(core.name, f"is not its own: {found}")


def _difference(wanted: Any, state: Any, path: str) -> str | None:
    """Where two states differ in their containers, or in the shapes of their arrays."""
    if isinstance(wanted, np.ndarray) and isinstance(state, np.ndarray | np.generic):
        same = wanted.shape == state.shape
        return None if same else f"`{path}` is {shown(state)}, but {shown(wanted)} is wanted"
    if not isinstance(wanted, tuple | list | dict):
        return None
    if type(state) is not type(wanted):
        return f"`{path}` is a {type(state).__name__}, but a {type(wanted).__name__} is wanted"
    if names_of(state) != names_of(wanted):
        return f"`{path}` has {len(state)} parts, but {len(wanted)} others are wanted"
    parts = (
        _difference(wanted[name], state[name], path_of(wanted, path, name)) for name in names_of(wanted) or ()
    )
    return next((part for part in parts if part is not None), None)
