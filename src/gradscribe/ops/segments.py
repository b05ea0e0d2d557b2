"""Reductions of segments: `np.add.reduceat` and its like.

In:  nothing.   Out: `OPERATIONS`.
Not here: their models (written/segments.py), which elements a segment holds (runtime/segments.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import ArrayType, Type, dtype_of, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import modelled
from gradscribe.ops.declare import constant_almost_everywhere, custom, push_first
from gradscribe.ops.slices import length
from gradscribe.ops.spec import At, Contributions, Domain, OpSpec, Spelling, Unsupported
from gradscribe.ops.written import segments as model

Attrs = Mapping[str, object]
RUNTIME = "gradscribe.runtime.segments."
KEYWORDS = {"dtype": "convert the array with .astype instead"}
SAMPLES = (
    "a(6), constant([0, 2, 5])",
    "a(6), constant([4, 1, 3])",
    "a(5, 2), constant([1, 3])",
    "a(2, 5), constant([0, 3]), axis=1",
)


def _sum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    array, indices = types
    if not isinstance(array, ArrayType) or not array.shape or dtype_of(array).kind not in "fc":
        raise Unsupported(f"segments of a {array}", "pass an array of floats")
    if len(shape_of(indices)) != 1 or dtype_of(indices).kind not in "iu":
        raise Unsupported(f"segments that begin at a {indices}", "pass a vector of ints")
    axis = one_axis(attrs.get("axis", 0), array.ndim)
    return (ArrayType(array.dtype, (*array.shape[:axis], *shape_of(indices), *array.shape[axis + 1 :])),)


def _sum_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Each element of a segment gets the cotangent of its sum."""
    (ct,) = cts
    if ct is None:
        return [None, None]
    array, indices = node.inputs
    axis = one_axis(node.attrs.get("axis", 0), len(shape_of(array.type)))
    members, owners = (
        b.apply(name, (indices, length(b, array, axis)), {"n": Input(1)})[0]
        for name in ("segment_members", "segment_owners")
    )
    index = (*(slice(None),) * axis, Input(0))
    return [At(b.op("take", ct, owners, axis=axis), index, (members,), repeats=True), None]


def _positions(name: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(
        name,
        RUNTIME + name,
        "its result is ints",
        doc,
        signature="indices, n",
        operands=("indices",),
        types=lambda types, attrs, spelling: (ArrayType(np.dtype(np.int64), (fresh(),)),),
        backend=Domain.OPAQUE,
        samples=("constant([0, 2, 5]), 6", "constant([4, 1, 3]), n(6)"),
    )


def _reduceat(ufunc: str, function: Callable[..., Any], doc: str) -> OpSpec:
    return modelled(
        f"{ufunc}_reduceat",
        f"numpy.{ufunc}.reduceat",
        "array, indices, axis=0",
        function,
        doc,
        why="one reduction after the other",
        refused_keywords=KEYWORDS,
        samples=SAMPLES,
    )


OPERATIONS = (
    custom(
        "add_reduceat",
        "numpy.add.reduceat",
        "array, indices, axis=0",
        _sum_vjp,
        push_first,
        _sum_types,
        "Sums of segments.",
        why="linear in the array",
        operands=("array", "indices"),
        refused_keywords=KEYWORDS,
        samples=SAMPLES,
    ),
    _positions("segment_members", "The positions of the elements of segments."),
    _positions("segment_owners", "Which segment each of these elements is in."),
    _reduceat("multiply", model.multiply_reduceat, "Products of segments."),
    _reduceat("maximum", model.maximum_reduceat, "Largest elements of segments."),
    _reduceat("minimum", model.minimum_reduceat, "Smallest elements of segments."),
)
