"""Order: sorting, positions of extremes, order statistics, searching.

In:  nothing.   Out: `OPERATIONS`.
Not here: largest and smallest values (reductions.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.types import ArrayType, Type, dtype_of, numpy_scalar, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom
from gradscribe.ops.promotion import numbers, same_type
from gradscribe.ops.reductions import AXES, SAMPLES, reduce_like, reduction_types, weighted_vjp
from gradscribe.ops.spec import Contributions, Domain, Spelling, Unsupported
from gradscribe.ops.written import arrays as written
from gradscribe.ops.written import statistics
from gradscribe.runtime.order import median_weights

Attrs = Mapping[str, object]
INT = np.dtype(np.int64)
POSITIONS = "its result is ints"


def _sort_axis(node: Node) -> dict[str, Any]:
    return {"axis": node.attrs["axis"]} if "axis" in node.attrs else {}


def _order(b: OpBuilder, node: Node) -> Value:
    """The positions of the elements in the order into which they are sorted."""
    along = _sort_axis(node)
    if node.attrs.get("descending"):
        along["descending"] = True
    return b.op("argsort", node.inputs[0], **along)


def _sort_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    return same_type(types, attrs, spelling)


def _argsort_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    one_axis(attrs.get("axis", -1), len(shape_of(operand)))
    return (ArrayType(INT, shape_of(operand)),)


def _gather(b: OpBuilder, node: Node, value: Value, order: Value) -> Value:
    if len(shape_of(value.type)) == 1:
        return b.op("get_item", value, order, index=(Input(1),))
    return b.op("take_along_axis", value, order, axis=node.attrs.get("axis", -1))


def _sort_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Where element i went is the inverse of the order that sorts, which is the order that sorts it."""
    (ct,) = cts
    if ct is None:
        return [None]
    return [_gather(b, node, ct, b.op("argsort", _order(b, node), **_sort_axis(node)))]


def _sort_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    if tangent is None:
        return [None]
    return [_gather(b, node, tangent, _order(b, node))]


def _position_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    axis = attrs.get("axis")
    if axis is not None:
        one_axis(axis, len(shape_of(types[0])))
    return reduction_types(INT)(types, attrs, spelling)


def _median_weights(b: OpBuilder, node: Node) -> Value:
    attrs: dict[str, Any] = {"axis": node.attrs["axis"]} if node.attrs.get("axis") is not None else {}
    return b.op("median_weights", node.inputs[0], **attrs)


def _median_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    """The weighted tangents of the middle elements; those of others may be infinite."""
    (tangent,) = tangents
    if tangent is None:
        return [None]
    weights = _median_weights(b, node)
    taken = b.op("where", b.op("eq", weights, 0.0), 0.0, b.op("mul", weights, tangent))
    return [reduce_like(b, node, "sum", taken)]


def _median_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if dtype_of(numbers(types)[0]).kind == "c":
        raise Unsupported("median of complex numbers", "apply it to real numbers")
    axis = attrs.get("axis")
    if isinstance(axis, tuple | list):
        raise Unsupported("a median over several axes", "reshape them into one axis first")
    return reduction_types(inexact=True)(types, attrs, spelling)


def _searchsorted_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    _, wanted = numbers(types)
    return (ArrayType(INT, shape_of(wanted)) if shape_of(wanted) else numpy_scalar(INT),)


def _is_flat(given: Attrs) -> bool:
    return given.get("axis", -1) is None


SORT_KEYWORDS = {"order": "structured arrays are not supported"}
ORDERED = ("a(5)", "a(3, 4)", "a(3, 4), axis=0", "a(2, 3, 2), axis=1")

OPERATIONS = (
    custom(
        "sort",
        "numpy.sort",
        "x, axis=-1, kind=None, stable=None, descending=None",
        _sort_vjp,
        _sort_jvp,
        _sort_types,
        "Sorted along an axis.",
        why="a permutation; equal elements keep the places argsort gives them",
        operands=("x",),
        otherwise="sort_sharing",
        refused_keywords=SORT_KEYWORDS,
        written=written.sort,
        written_if=_is_flat,
        samples=ORDERED,
    ),
    constant_almost_everywhere(
        "argsort",
        "numpy.argsort .argsort()",
        POSITIONS,
        "The order that sorts.",
        signature="x, axis=-1, kind=None, stable=None, descending=None",
        operands=("x",),
        types=_argsort_types,
        refused_keywords=SORT_KEYWORDS,
        written=written.argsort,
        written_if=_is_flat,
        backend=Domain.OPAQUE,
        samples=ORDERED,
    ),
    *(
        constant_almost_everywhere(
            name,
            spellings,
            POSITIONS,
            f"The position of the {adjective} element.",
            signature=AXES,
            operands=("x",),
            types=_position_types,
            backend=Domain.REDUCTION,
            refused_keywords={"out": "it writes into another array"},
            samples=("a(5)", "a(3, 4)", "a(3, 4), axis=1", "a(3, 4), axis=0, keepdims=True"),
        )
        for name, spellings, adjective in (
            ("argmax", "numpy.argmax .argmax()", "largest"),
            ("argmin", "numpy.argmin .argmin()", "smallest"),
            ("nanargmax", "numpy.nanargmax", "largest"),
            ("nanargmin", "numpy.nanargmin", "smallest"),
        )
    ),
    custom(
        "median",
        "numpy.median",
        AXES,
        weighted_vjp(_median_weights),
        _median_jvp,
        _median_types,
        "Median.",
        operands=("x",),
        why="ties with the middle elements share equally",
        written=statistics.median,
        written_if=lambda given: isinstance(given.get("axis"), tuple | list),
        refused_keywords={
            "out": "it writes into another array",
            "overwrite_input": "the operand is never changed",
        },
        samples=tuple(text for text in SAMPLES if "(0, 2)" not in text and "(-1, 0)" not in text),
    ),
    constant_almost_everywhere(
        "median_weights",
        "gradscribe.runtime.order.median_weights",
        "it is piecewise constant",
        "What each element contributes to the median.",
        signature="x, axis=None",
        operands=("x",),
        types=same_type,
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: median_weights(inputs[0], attrs.get("axis")),
        samples=("a(4)", "a(5)", "a(3, 4), axis=1", "a(2, 3)"),
    ),
    constant_almost_everywhere(
        "searchsorted",
        "numpy.searchsorted .searchsorted()",
        POSITIONS,
        "Where elements would be inserted in a sorted array.",
        signature="x, v, side='left'",
        operands=("x", "v"),
        types=_searchsorted_types,
        backend=Domain.OPAQUE,
        written=written.searchsorted,
        samples=(
            "array([1.0, 2.0, 3.0]), a(4)",
            "array([1.0, 2.0]), f()",
            "array([1.0, 2.0]), s(), side='right'",
        ),
    ),
)
