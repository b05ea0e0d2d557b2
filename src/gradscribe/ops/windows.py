"""Windows that slide over an array.

In:  nothing.   Out: `OPERATIONS`.
Not here: convolutions (convolution.py, signals.py), what puts windows back (runtime/windows.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.template import shift
from gradscribe.ir.types import ArrayType, ScalarType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.spec import Aliasing, Domain, Spelling, Unsupported

Attrs = Mapping[str, object]


def _lengths(template: object, types: Sequence[Type]) -> list[Length]:
    """The lengths of a window."""
    parts = template if isinstance(template, tuple | list) else (template,)
    return [_length(part, types) for part in parts]


def _length(part: object, types: Sequence[Type]) -> Length:
    if isinstance(part, Input):
        type_ = types[part.position]
        known = type_.length if isinstance(type_, ScalarType) else None
        return fresh() if known is None else known
    if not isinstance(part, int):
        raise Unsupported(f"a {type(part).__name__} as the length of a window", "pass an int")
    return as_length(part)


def _axes(attrs: Attrs, ndim: int) -> list[int]:
    axis = attrs.get("axis")
    if axis is None:
        return list(range(ndim))
    return [one_axis(part, ndim) for part in (axis if isinstance(axis, tuple | list) else (axis,))]


def _view_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (x,) = numbers(types[:1])
    shape = list(shape_of(x))
    axes, window = _axes(attrs, len(shape)), _lengths(attrs["window_shape"], types)
    if len(axes) != len(window):
        raise Unsupported(
            "a window with another number of lengths than axes", "give one length for each axis"
        )
    for axis, length in zip(axes, window, strict=True):
        shape[axis] = shape[axis] - length + 1
    return (ArrayType(x.dtype, (*shape, *window)),)


def _view_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    inputs = [ct, *node.inputs]
    return b.apply("sum_windows", inputs, _options(node, 1))[0]


def _sum_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.apply("sliding_window_view", [ct, *node.inputs[2:]], _options(node, -1))[0]


def _options(node: Node, by: int) -> dict[str, object]:
    """The window and its axes, as attributes of a node with `by` more operands."""
    options: dict[str, object] = {"window_shape": shift(node.attrs["window_shape"], by)}
    if node.attrs.get("axis") is not None:
        options["axis"] = node.attrs["axis"]
    return options


def _sum_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    windows, like = numbers(types[:2])
    return (ArrayType(windows.dtype, shape_of(like)),)


OPERATIONS = (
    linear(
        "sliding_window_view",
        "numpy.lib.stride_tricks.sliding_window_view",
        "x, window_shape, axis=None",
        _view_transpose,
        _view_types,
        "Every window of a shape in an array, as a view that cannot be written to.",
        operands=("x",),
        backend=Domain.LAYOUT,
        aliasing=Aliasing.VIEW,
        refused_keywords={
            "subok": "subclasses of ndarray are not supported",
            "writeable": "the same element stands in many windows; write to the array",
        },
        samples=(
            "a(5), 3",
            "a(4, 5), (2, 3)",
            "a(4, 5), 2, axis=1",
            "a(2, 4, 5), (2, 2), axis=(1, 2)",
            "a(4, 3), (2,), axis=-2",
            "a(6), n(2)",
            "a(5), (2, 2), axis=(0, 0)",
        ),
    ),
    linear(
        "sum_windows",
        "gradscribe.runtime.windows.sum_windows",
        "windows, like, window_shape, axis=None",
        _sum_transpose,
        _sum_types,
        "The elements of windows, summed at the places where a sliding window view finds them.",
        operands=("windows", "like"),
        shape_only=frozenset({1}),
        backend=Domain.LAYOUT,
        samples=("a(3, 3), a(5), 3", "a(3, 3, 2, 3), a(4, 5), (2, 3)"),
    ),
)
