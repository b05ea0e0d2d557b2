"""Asking for the memory layout of arguments, which decides whether `reshape` and `ravel` are views.

In:  an argument.   Out: facts, for the guard.
Not here: what follows from them (layout.py), other facts (facts.py).
"""

from __future__ import annotations

import numpy as np

from gradscribe.frontend.facts import Contiguous
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.ir.graph import Value


def require_layout(run: Lowering) -> None:
    """If layouts of arguments were not asked for so far, start again and ask for them."""
    if not run.learnt.asks_layout:
        run.learnt.asks_layout = True
        raise Restart(None)


def ask_contiguous(run: Lowering, value: Value) -> bool | None:
    """Whether an argument is C-contiguous, where that decides what is written; None for other values."""
    if not run.learnt.asks_layout or run.leaf_values is None or value not in run.params:
        return None
    leaf = run.params.index(value)
    array = run.leaf_values[leaf] if leaf < len(run.leaf_values) else None
    if not isinstance(array, np.ndarray):
        return None
    found = bool(array.flags.c_contiguous)
    run.facts[Contiguous(leaf, found)] = None
    return found
