"""Changing shape without changing elements.

In:  nothing.   Out: `OPERATIONS`.
Not here: reading at an index (indexing.py), joining arrays (joining.py), moving elements (arranging.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import ONE, Length
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import product_of, reshape_like, reshaped, shape_lengths
from gradscribe.ops.spec import Aliasing, Domain, OpSpec, Spelling, Transpose, TypeRule, Unsupported
from gradscribe.ops.written import arrays as written

Attrs = Mapping[str, object]
Shape = tuple[Length, ...]
ORDER = {"order": "only rows first ('C') and columns first ('F') do not depend on the layout"}


def shaped(shape_rule: Callable[[Shape, Attrs, Sequence[Type]], Shape]) -> TypeRule:
    """The type rule of an operation that keeps the dtype of its first operand."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        (operand,) = numbers(types[:1])
        return (ArrayType(operand.dtype, shape_rule(shape_of(operand), attrs, types)),)

    return rule


def _transpose_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    axes = attrs.get("axes")
    if axes is None:
        return shape[::-1]
    return tuple(shape[axis] for axis in _permutation(axes, len(shape)))


def _permutation(axes: object, ndim: int) -> list[int]:
    assert isinstance(axes, tuple | list)
    order = [one_axis(axis, ndim) for axis in axes]
    if sorted(order) != list(range(ndim)):
        raise Unsupported(f"axes {tuple(axes)} of an array of {ndim} dimensions", "name each axis once")
    return order


def _transpose_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    axes = node.attrs.get("axes")
    if axes is None:
        return b.op("transpose", ct)
    order = _permutation(axes, len(shape_of(ct.type)))
    return b.op("transpose", ct, axes=tuple(order.index(axis) for axis in range(len(order))))


def _swapaxes_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    swapped = list(shape)
    first, second = (one_axis(attrs[name], len(shape)) for name in ("axis1", "axis2"))
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return tuple(swapped)


def _swapaxes_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("swapaxes", ct, axis1=node.attrs["axis1"], axis2=node.attrs["axis2"])


def _moved_order(source: object, destination: object, ndim: int) -> list[int]:
    """The permutation of np.moveaxis."""
    sources = [one_axis(axis, ndim) for axis in (source if isinstance(source, tuple | list) else (source,))]
    places = [
        one_axis(axis, ndim)
        for axis in (destination if isinstance(destination, tuple | list) else (destination,))
    ]
    order = [axis for axis in range(ndim) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return order


def _moveaxis_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    return tuple(shape[axis] for axis in _moved_order(attrs["source"], attrs["destination"], len(shape)))


def _moveaxis_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("moveaxis", ct, source=node.attrs["destination"], destination=node.attrs["source"])


def _expand_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    given = attrs["axis"]
    count = len(given) if isinstance(given, tuple | list) else 1
    places = all_axes(given, len(shape) + count)
    rest = iter(shape)
    return tuple(ONE if axis in places else next(rest) for axis in range(len(shape) + count))


def _expand_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("squeeze", ct, axis=node.attrs["axis"])


def _squeezed_axes(shape: Shape, attrs: Attrs) -> tuple[int, ...]:
    axis = attrs.get("axis")
    if axis is not None:
        return all_axes(axis, len(shape))
    if any(length.constant is None and not length.is_not_one for length in shape):
        raise Unsupported("squeeze of an array with a length that is known only at run time", "name the axis")
    return tuple(axis for axis, length in enumerate(shape) if length.is_one)


def _squeeze_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    dropped = _squeezed_axes(shape, attrs)
    return tuple(length for axis, length in enumerate(shape) if axis not in dropped)


def _squeeze_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    dropped = _squeezed_axes(shape_of(node.inputs[0].type), node.attrs)
    if not dropped:
        return ct
    return b.op("expand_dims", ct, axis=dropped[0] if len(dropped) == 1 else dropped)


def _reshape_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    return reshaped(shape, shape_lengths(attrs["shape"], types))


def _to_operand_shape(b: OpBuilder, node: Node, ct: Value) -> Value:
    return reshape_like(b, ct, node.inputs[0])


def _flat_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    return (product_of(shape),)


def _broadcast_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    return shape_lengths(attrs["shape"], types)


def _same(b: OpBuilder, node: Node, ct: Value) -> Value:
    """Repeated dimensions are summed where the cotangent is added."""
    return ct


def _at_least(ndim: int) -> Callable[[Shape, Attrs, Sequence[Type]], Shape]:
    def rule(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
        if len(shape) >= ndim:
            return shape
        if ndim == 3 and len(shape) == 2:
            return (*shape, ONE)
        if ndim == 3 and len(shape) == 1:
            return (ONE, *shape, ONE)
        return (ONE,) * (ndim - len(shape)) + shape

    return rule


def _view(
    name: str, spellings: str, signature: str, transpose: Transpose, shape_rule: Any, doc: str, **fields: Any
) -> OpSpec:
    fields.setdefault("aliasing", Aliasing.VIEW)
    fields.setdefault("operands", ("x",))
    return linear(
        name, spellings, signature, transpose, shaped(shape_rule), doc, backend=Domain.LAYOUT, **fields
    )


def _is_columns_first(given: Mapping[str, object]) -> bool:
    return given.get("order") == "F"


OPERATIONS = (
    _view(
        "transpose",
        ".T .transpose() numpy.transpose numpy.permute_dims",
        "x, axes=None",
        _transpose_transpose,
        _transpose_shape,
        "The dimensions in another order.",
        packed="axes",
        samples=("a(2, 3)", "a(2, 3, 4), axes=(2, 0, 1)", "a(3)", "a(1, 3)"),
    ),
    _view(
        "matrix_transpose",
        ".mT numpy.matrix_transpose numpy.linalg.matrix_transpose",
        "x",
        lambda b, node, ct: b.op("matrix_transpose", ct),
        lambda shape, attrs, types: (*shape[:-2], shape[-1], shape[-2]),
        "The last two dimensions swapped.",
        samples=("a(2, 3)", "a(2, 3, 4)"),
    ),
    _view(
        "swapaxes",
        "numpy.swapaxes .swapaxes()",
        "x, axis1, axis2",
        _swapaxes_transpose,
        _swapaxes_shape,
        "Two dimensions swapped.",
        samples=("a(2, 3), 0, 1", "a(2, 3, 4), -1, 0"),
    ),
    _view(
        "moveaxis",
        "numpy.moveaxis",
        "x, source, destination",
        _moveaxis_transpose,
        _moveaxis_shape,
        "Dimensions moved to other places.",
        samples=("a(2, 3, 4), 0, -1", "a(2, 3, 4), (0, 1), (-1, 0)"),
    ),
    _view(
        "expand_dims",
        "numpy.expand_dims",
        "x, axis",
        _expand_transpose,
        _expand_shape,
        "The array with dimensions of length 1 put in.",
        samples=("a(3), 0", "a(2, 3), -1", "a(2, 3), (0, 2)"),
    ),
    _view(
        "squeeze",
        "numpy.squeeze .squeeze()",
        "x, axis=None",
        _squeeze_transpose,
        _squeeze_shape,
        "The array without dimensions of length 1.",
        samples=("a(1, 3)", "a(2, 1, 3), axis=1", "a(1, 3, 1), axis=(0, 2)", "a(1, 1)"),
    ),
    _view(
        "reshape",
        ".reshape() numpy.reshape",
        "x, shape",
        _to_operand_shape,
        _reshape_shape,
        "Another shape.",
        aliasing=Aliasing.MAYBE_VIEW,
        packed="shape",
        refused_keywords={**ORDER, "copy": "whether the result is a copy would depend on the layout"},
        written=written.reshape,
        written_if=_is_columns_first,
        samples=(
            "a(2, 3), (3, 2)",
            "a(2, 3), (-1,)",
            "a(2, 3), -1",
            "a(2, 6), (2, -1, 3)",
            "a(6), (2, n(3))",
        ),
    ),
    _view(
        "ravel",
        "numpy.ravel .ravel()",
        "x",
        _to_operand_shape,
        _flat_shape,
        "All elements in one dimension.",
        aliasing=Aliasing.MAYBE_VIEW,
        refused_keywords=ORDER,
        written=written.ravel,
        written_if=_is_columns_first,
        samples=("a(2, 3)", "a(3)", "a(2, 1, 2)"),
    ),
    _view(
        "flatten",
        ".flatten()",
        "x",
        _to_operand_shape,
        _flat_shape,
        "A copy in one dimension.",
        aliasing=Aliasing.FRESH,
        refused_keywords=ORDER,
        written=written.flatten,
        written_if=_is_columns_first,
        samples=("a(2, 3)", "a(3)"),
    ),
    _view(
        "broadcast_to",
        "numpy.broadcast_to",
        "x, shape",
        _same,
        _broadcast_shape,
        "Repeated to a shape.",
        refused_keywords={"subok": "subclasses of ndarray are not supported"},
        samples=("a(3), (2, 3)", "a(1, 3), (2, 3)", "s(), (2,)", "a(3), (n(2), 3)"),
    ),
    *(
        _view(
            f"atleast_{n}d",
            f"numpy.atleast_{n}d",
            "x",
            _to_operand_shape,
            _at_least(n),
            f"The value with at least {n} dimensions.",
            samples=("s()", "a(3)", "a(2, 3)"),
        )
        for n in (1, 2, 3)
    ),
)
