"""Calls of what `numba.vectorize` makes: the Python function is called for each element, in the types of the loop.

In:  abstract arguments.   Out: the array, or the number where all arguments are numbers.
Not here: going through the elements (vectorized.py), functions of `numba.njit` (jitted.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.jitted import Elementwise
from gradscribe.frontend.operands import describe, type_of
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Static
from gradscribe.frontend.vectorized import vectorized
from gradscribe.ir.types import ArrayType, ScalarType


def call_elementwise(
    run: Lowering, node: cst.CSTNode, target: Elementwise, args: Sequence[Abstract], has_keywords: bool
) -> Abstract:
    """`target(*args)`."""
    types = [type_of(run, value) for value in args]
    dtypes = [type_.dtype for type_ in types if isinstance(type_, ArrayType | ScalarType)]
    loop = _loop(target, dtypes)
    if has_keywords or len(dtypes) < len(args) or loop is None:
        raise _refused(run, node, target, args, has_keywords)
    taken, given = loop
    function = Static(target.__wrapped__)
    if any(isinstance(type_, ArrayType) for type_ in types):
        arrays = [_cast(run, node, np.asarray, *pair) for pair in zip(args, taken, strict=True)]
        return run.call(run, node, vectorized(run, node, function, (given,), (), None), arrays, {})
    numbers = [
        run.call(run, node, Static(dtype.type), (value,), {})
        for value, dtype in zip(args, taken, strict=True)
    ]
    return run.call(run, node, Static(given.type), (run.call(run, node, function, numbers, {}),), {})


def _cast(run: Lowering, node: cst.CSTNode, function: object, value: Abstract, dtype: np.dtype) -> Abstract:
    return run.call(run, node, Static(function), (value, Static(dtype)), {})


def _loop(target: Elementwise, dtypes: Sequence[np.dtype]) -> tuple[list[np.dtype], np.dtype] | None:
    """The types that go in and come out: of the first loop that takes the arguments."""
    for text in target.types:
        before, _, after = text.partition("->")
        taken = [np.dtype(letter) for letter in before]
        fits = len(taken) == len(dtypes) and len(after) == 1
        if fits and all(np.can_cast(have, want) for have, want in zip(dtypes, taken, strict=True)):
            return taken, np.dtype(after)
    return None


def _refused(
    run: Lowering, node: cst.CSTNode, target: Elementwise, args: Sequence[Abstract], has_keywords: bool
) -> Refusal:
    shown = ", ".join(describe(run, value) for value in args)
    return run.refusal(
        node,
        "GS204",
        f"`{target.__name__}`, made by `numba.vectorize`, is called with "
        + ("keywords" if has_keywords else f"({shown})"),
        why=f"its loops are {', '.join(target.types)}" if target.types else "it has no loops so far",
        fix="state the types: `@numba.vectorize([numba.float64(numba.float64)])`, and pass them by position",
    )
