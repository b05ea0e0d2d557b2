"""Reading along one axis, as rules and bodies of operations do it.

In:  values, bounds that are ints or run-time ints.   Out: nodes.
Not here: the user's own indices (indexing.py, indexes.py).
"""

from __future__ import annotations

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.types import shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder

Bound = Value | int | None


def along(b: OpBuilder, x: Value, axis: int, start: Bound, stop: Bound = None, step: Bound = None) -> Value:
    """`x[:, start:stop:step]`."""
    inputs: list[Value] = [x]
    bounds: list[object] = []
    for bound in (start, stop, step):
        if isinstance(bound, Value):
            bounds.append(Input(len(inputs)))
            inputs.append(bound)
        else:
            bounds.append(bound)
    index = (*(slice(None),) * one_axis(axis, len(shape_of(x.type))), slice(*bounds))
    return b.apply("get_item", inputs, {"index": index})[0]


def entry(b: OpBuilder, x: Value, axis: int, position: Value | int) -> Value:
    """`x[:, position]`: the axis goes."""
    inputs: list[Value] = [x]
    place: object = position
    if isinstance(position, Value):
        place = Input(1)
        inputs.append(position)
    index = (*(slice(None),) * one_axis(axis, len(shape_of(x.type))), place)
    return b.apply("get_item", inputs, {"index": index})[0]


def length(b: OpBuilder, x: Value, axis: int) -> Value:
    """`x.shape[axis]`."""
    return b.op("dimension", x, axis=one_axis(axis, len(shape_of(x.type))))


def counted(b: OpBuilder, like: Value, axis: int = 0) -> Value:
    """0, 1, 2 ... as long as an axis."""
    return b.apply("arange", (length(b, like, axis),), {"start": Input(0)})[0]


def turned(b: OpBuilder, x: Value, axis: int, ndim: int) -> Value:
    """A vector along one of `ndim` axes: it broadcasts over the others."""
    if ndim == 1:
        return x
    place = one_axis(axis, ndim)
    return b.op("reshape", x, shape=tuple(-1 if k == place else 1 for k in range(ndim)))


def joined(b: OpBuilder, parts: list[Value], axis: int = 0) -> Value:
    """`np.concatenate(parts, axis)`."""
    attrs: dict[str, object] = {"arrays": [Input(k) for k in range(len(parts))]}
    if axis:
        attrs["axis"] = axis
    return b.apply("concatenate", parts, attrs)[0]


def stacked(b: OpBuilder, parts: list[Value], axis: int = 0) -> Value:
    """`np.stack(parts, axis)`."""
    attrs: dict[str, object] = {"arrays": [Input(k) for k in range(len(parts))]}
    if axis:
        attrs["axis"] = axis
    return b.apply("stack", parts, attrs)[0]
