"""`np.add.reduce`, `np.maximum.accumulate`, `np.multiply.outer`: methods of universal functions.

In:  a method of a ufunc, abstract arguments.   Out: abstract results; None for other methods.
Not here: `np.add.at` (ufunc_at.py), the loops that stand for them (ops/written/ufuncs.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Static
from gradscribe.ops.written import ufuncs

REDUCTIONS: Mapping[np.ufunc, object] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}
RUNNING: Mapping[np.ufunc, object] = {np.add: np.cumsum, np.multiply: np.cumprod}
"""Functions that call this very method, so that they have its bits."""

LOOPS = {"reduce": ufuncs.reduce, "accumulate": ufuncs.accumulate, "outer": ufuncs.outer}
TAKEN = {"reduce": {"axis", "keepdims", "initial"}, "accumulate": {"axis"}, "outer": {"b"}}
PLACES = {
    "reduce": ("axis", "dtype", "out", "keepdims", "initial", "where"),
    "accumulate": ("axis", "dtype", "out"),
    "outer": ("b",),
}


def ufunc_method(
    run: Lowering,
    node: cst.CSTNode,
    target: object,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract | None:
    """The result of a method of a ufunc of two operands."""
    ufunc, name = getattr(target, "__self__", None), getattr(target, "__name__", "")
    if not isinstance(ufunc, np.ufunc) or ufunc.nin != 2 or ufunc.nout != 1 or name not in LOOPS or not args:
        return None
    named = {**dict(zip(PLACES[name], args[1:], strict=False)), **kwargs}
    known = (REDUCTIONS if name == "reduce" else RUNNING if name == "accumulate" else {}).get(ufunc)
    if known is not None:
        return run.call(run, node, Static(known), (args[0],), {"axis": Static(0), **named})
    given = {word: value for word, value in named.items() if value != Static(None) or word == "axis"}
    further = sorted(given.keys() - TAKEN[name])
    if further:
        raise run.refusal(
            node,
            "GS204",
            f"the keyword `{further[0]}` of `np.{ufunc.__name__}.{name}` is not supported",
            why="the call stands for one call of the function after the other",
            fix="leave it out",
        )
    return run.call(run, node, Static(LOOPS[name]), (Static(ufunc), args[0]), given)
