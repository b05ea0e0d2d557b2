"""Taking arrays apart, and repeating several to one shape.

Every part is a view: a write into it is a write into the array.

In:  nothing.   Out: `OPERATIONS`.
Not here: joining arrays (joining.py), reading at an index (indexing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom, push_first
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import divided
from gradscribe.ops.slices import joined, stacked
from gradscribe.ops.spec import Aliasing, Contributions, Domain, OpSpec, Spelling, Unsupported

Attrs = Mapping[str, object]
AxisOf = Callable[[Attrs, int], int]


def _array(types: Sequence[Type]) -> ArrayType:
    (operand,) = numbers(types)
    if not isinstance(operand, ArrayType) or not operand.shape:
        raise Unsupported(f"splitting a {operand}", "pass an array of one dimension or more")
    return operand


def _cuts(attrs: Attrs) -> list[int] | int:
    """The positions to split at, or the number of parts."""
    given = attrs["indices_or_sections"]
    if isinstance(given, tuple | list) and all(isinstance(item, int | np.integer) for item in given):
        return [int(item) for item in given]
    if isinstance(given, int | np.integer) and not isinstance(given, bool) and given > 0:
        return int(given)
    raise Unsupported("parts that are not known when the code is generated", "slice the array: x[:n], x[n:]")


def _part_lengths(total: Length, cuts: list[int] | int, *, even: bool) -> list[Length]:
    if isinstance(cuts, int) and even:
        return [divided(total, as_length(cuts))] * cuts
    if total.constant is not None:
        return [as_length(len(part)) for part in np.array_split(np.empty(total.constant), cuts)]
    if isinstance(cuts, int):
        return [fresh() for _ in range(cuts)]
    return [fresh() for _ in range(len(cuts) + 1)]


def _split_types(axis_of: AxisOf, *, even: bool) -> Any:
    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        operand = _array(types)
        axis = axis_of(attrs, operand.ndim)
        shape = operand.shape
        parts = _part_lengths(shape[axis], _cuts(attrs), even=even)
        return tuple(ArrayType(operand.dtype, (*shape[:axis], n, *shape[axis + 1 :])) for n in parts)

    return rule


def _together(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> list[Value]:
    """The cotangents of all parts: zero where there is none."""
    return [b.op("zeros_like", v) if ct is None else ct for v, ct in zip(node.outputs, cts, strict=True)]


def _split_vjp(axis_of: AxisOf) -> Any:
    def vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        axis = axis_of(node.attrs, len(shape_of(node.inputs[0].type)))
        return [joined(b, _together(b, node, cts), axis)]

    return vjp


def _named_axis(attrs: Attrs, ndim: int) -> int:
    return one_axis(attrs.get("axis", 0), ndim)


def _fixed_axis(axis: int) -> AxisOf:
    def axis_of(attrs: Attrs, ndim: int) -> int:
        return one_axis(0 if axis == 1 and ndim == 1 else axis, ndim)

    return axis_of


def _unstack_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = _array(types)
    axis = _named_axis(attrs, operand.ndim)
    count = operand.shape[axis].constant
    if count is None:
        raise Unsupported(
            "unstack along an axis whose length is known at run time only", "loop over the array"
        )
    return (ArrayType(operand.dtype, operand.shape[:axis] + operand.shape[axis + 1 :]),) * count


def _unstack_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    return [stacked(b, _together(b, node, cts), _named_axis(node.attrs, len(shape_of(node.inputs[0].type))))]


def _broadcast_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(types)
    shape = broadcast_shapes(*map(shape_of, found))
    return tuple(ArrayType(operand.dtype, shape) for operand in found)


def _each(b: OpBuilder, node: Node, given: Sequence[Value | None]) -> Sequence[Value | None]:
    """Each array has its own; what was repeated is summed where cotangents are added."""
    return given


def _splitter(
    name: str, axis_of: AxisOf, doc: str, samples: tuple[str, ...], *, even: bool = True, axis: str = ""
) -> OpSpec:
    return custom(
        name,
        f"numpy.{name}",
        f"x, indices_or_sections{axis}",
        _split_vjp(axis_of),
        push_first,
        _split_types(axis_of, even=even),
        doc,
        why="linear: the parts put together",
        operands=("x",),
        backend=Domain.LAYOUT,
        aliasing=Aliasing.VIEW,
        returns_tuple=True,
        samples=samples,
    )


SPLITTING: Mapping[str, AxisOf] = {
    **dict.fromkeys(("split", "array_split"), _named_axis),
    **{name: _fixed_axis(axis) for axis, name in enumerate(("vsplit", "hsplit", "dsplit"))},
}
"""The axis along which each operation takes an array apart."""

AXIS = ", axis=0"
PARTS = ("a(6), 3", "a(6), [1, 4]", "a(4, 3), 2", "a(3, 4), [1], axis=1", "a(4), 1")

OPERATIONS = (
    _splitter("split", _named_axis, "Parts of an array.", PARTS, axis=AXIS),
    _splitter(
        "array_split",
        _named_axis,
        "Parts of nearly equal length.",
        (*PARTS, "a(7), 3"),
        even=False,
        axis=AXIS,
    ),
    _splitter("vsplit", _fixed_axis(0), "Parts along the first axis.", ("a(4, 3), 2", "a(4, 3), [1]")),
    _splitter("hsplit", _fixed_axis(1), "Parts along the second axis.", ("a(3, 4), 2", "a(6), 3")),
    _splitter("dsplit", _fixed_axis(2), "Parts along the third axis.", ("a(2, 3, 4), 2",)),
    custom(
        "unstack",
        "numpy.unstack",
        "x, axis=0",
        _unstack_vjp,
        push_first,
        _unstack_types,
        "The arrays along an axis.",
        why="linear: the parts put together",
        operands=("x",),
        backend=Domain.LAYOUT,
        aliasing=Aliasing.VIEW,
        returns_tuple=True,
        samples=("a(1, 3)", "a(3, 1), axis=1"),
    ),
    custom(
        "broadcast_arrays",
        "numpy.broadcast_arrays",
        "*arrays",
        _each,
        _each,
        _broadcast_types,
        "Several arrays repeated to one shape.",
        why="each array repeated",
        operands=(),
        variadic="arrays",
        backend=Domain.LAYOUT,
        aliasing=Aliasing.EACH,
        returns_tuple=True,
        refused_keywords={"subok": "subclasses of ndarray are not supported"},
        samples=("a(3), a(2, 3)", "a(2, 1), a(3)", "a(3), s()", "a(3), a(3)"),
    ),
)
