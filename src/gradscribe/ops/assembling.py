"""Arrays put together from nested lists, and axes moved.

In:  nothing.   Out: `OPERATIONS`.
Not here: joining along one axis (joining.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import FLOAT, ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import composite
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import int_length
from gradscribe.ops.slices import joined
from gradscribe.ops.spec import Aliasing, Domain, Spelling, Unsupported

Attrs = Mapping[str, object]


def _depth(arrays: object) -> int:
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise Unsupported("an empty list in np.block", "leave it out")
    return 1 + max(_depth(item) for item in arrays)


def _largest(b: OpBuilder, arrays: object) -> int:
    if isinstance(arrays, list):
        return max(_largest(b, item) for item in arrays)
    return len(shape_of(arrays.type)) if isinstance(arrays, Value) else 0


def _block(b: OpBuilder, arrays: object) -> Value:
    """Lists of depth d are joined along axis -d, the innermost along the last one."""
    depth = _depth(arrays)
    return _blocks(b, arrays, depth, max(depth, _largest(b, arrays), 1))


def _blocks(b: OpBuilder, arrays: object, depth: int, ndim: int) -> Value:
    if isinstance(arrays, list):
        if depth == 0:
            raise Unsupported("lists of different depths in np.block", "nest all arrays equally deep")
        return joined(b, [_blocks(b, item, depth - 1, ndim) for item in arrays], ndim - depth)
    if depth:
        raise Unsupported("lists of different depths in np.block", "nest all arrays equally deep")
    return _raised(b, arrays, ndim)


def _raised(b: OpBuilder, item: object, ndim: int) -> Value:
    """The array with axes of length 1 put before its own."""
    value = item if isinstance(item, Value) else b.constant(item)  # type: ignore[arg-type]
    missing = ndim - len(shape_of(value.type))
    if not missing:
        return value
    if not shape_of(value.type):
        value, missing = b.op("atleast_1d", value), missing - 1
    return b.op("expand_dims", value, axis=tuple(range(missing))) if missing else value


def _rollaxis(b: OpBuilder, a: Value, axis: int, start: int = 0) -> Value:
    ndim = len(shape_of(a.type))
    source = one_axis(axis, ndim)
    if not -ndim <= start <= ndim:
        raise Unsupported(f"start={start} for an array of {ndim} dimensions", "use np.moveaxis")
    place = start + ndim if start < 0 else start
    return b.op("moveaxis", a, source=source, destination=place - 1 if source < place else place)


def _real_if_close_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if operand.dtype.kind == "c":
        raise Unsupported(
            "whether real_if_close of complex numbers is real depends on their values", "use .real"
        )
    return (ArrayType(operand.dtype, shape_of(operand)),)


def _with_first(name: str, first: int) -> Any:
    """cumulative_sum and cumulative_prod: a running total, if wanted with what it starts from."""

    def body(b: OpBuilder, x: Value, axis: int | None = None, include_initial: bool = False) -> Value:
        ndim = len(shape_of(x.type))
        place = one_axis(0 if axis is None else axis, ndim)
        total = b.op(name, x, axis=place)
        if not include_initial:
            return total
        start = b.op("zeros_like", b.op("sum", total, axis=place, keepdims=True))
        return joined(b, [b.op("add", start, 1) if first else start, total], place)

    return body


def _running_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    shape = list(shape_of(operand))
    if not shape or (attrs.get("axis") is None and len(shape) > 1):
        raise Unsupported("a running total without an axis", "name the axis")
    axis = one_axis(0 if attrs.get("axis") is None else attrs["axis"], len(shape))
    if attrs.get("include_initial", False):
        shape[axis] = shape[axis] + ONE
    small = operand.dtype.kind in "biu" and operand.dtype.itemsize < 8
    return (ArrayType(np.dtype(np.int64) if small else operand.dtype, tuple(shape)),)


def _space(b: OpBuilder, start: Value, stop: Value, num: Any, endpoint: bool) -> Value:
    attrs: dict[str, object] = {} if endpoint else {"endpoint": False}
    given = (num,) if isinstance(num, Value) else ()
    return b.apply("linspace", (start, stop, *given), {"num": Input(2) if given else num, **attrs})[0]


def _space_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    ends = numbers(types[:2])
    if any(map(shape_of, ends)):
        raise Unsupported("a grid between arrays", "raise to the power of np.linspace with axes put in")
    if "geom" in spelling.name and any(end.dtype.kind == "c" for end in ends):
        raise Unsupported("a geometric grid between complex numbers", "take np.exp of a grid of logarithms")
    low, high = (1.0 if end == FLOAT else end.dtype.type(1) for end in ends)
    dtype = np.geomspace(low, high, 2).dtype if "geom" in spelling.name else np.logspace(low, high, 2).dtype
    return (ArrayType(dtype, (int_length(attrs.get("num", 50), types),)),)


def _logspace(
    b: OpBuilder, start: Value, stop: Value, num: Any = 50, endpoint: bool = True, base: Any = 10.0
) -> Value:
    return b.op("pow", base, _space(b, start, stop, num, endpoint))


def _geomspace(b: OpBuilder, start: Value, stop: Value, num: Any = 50, endpoint: bool = True) -> Value:
    """The ends and what lies between them have equal ratios: sign(start) exp of a grid of logarithms."""
    first, last = (b.op("log", b.op("abs", end)) for end in (start, stop))
    return b.op("mul", b.op("sign", start), b.op("exp", _space(b, first, last, num, endpoint)))


NESTED = "arrays joined along axes"
GRID = {"dtype": "convert the result with .astype", "axis": "only numbers are supported as ends"}
RUNNING = {"dtype": "convert the operand with .astype instead", "out": "it writes into another array"}

OPERATIONS = (
    composite(
        "block",
        "numpy.block",
        "arrays",
        _block,
        "An array of nested lists of arrays.",
        why=NESTED,
        operands=(),
        variadic="arrays",
        nested=True,
        backend=Domain.LAYOUT,
        samples=(
            "[a(2), a(3)]",
            "[[a(2, 2), a(2, 3)], [a(1, 2), a(1, 3)]]",
            "[[a(2, 2), a(2, 1)]]",
            "[a(2), 1.0, s()]",
        ),
    ),
    composite(
        "rollaxis",
        "numpy.rollaxis",
        "a, axis, start=0",
        _rollaxis,
        "An axis moved before another one.",
        why="an axis moved",
        operands=("a",),
        backend=Domain.LAYOUT,
        aliasing=Aliasing.VIEW,
        samples=("a(2, 3, 4), 2", "a(2, 3, 4), 0, 2", "a(2, 3, 4), 1, start=3", "a(2, 3), -1"),
    ),
    composite(
        "real_if_close",
        "numpy.real_if_close",
        "a, tol=100",
        lambda b, a, tol=100: a,
        "Real numbers as they are.",
        why="the array itself",
        types=_real_if_close_types,
        operands=("a",),
        aliasing=Aliasing.MAYBE_VIEW,
        samples=("a(3)", "a(2, 3)"),
    ),
    *(
        composite(
            name,
            f"numpy.{name}",
            "x, axis=None, include_initial=False",
            _with_first(own, first),
            doc,
            why="a running total",
            types=_running_types,
            operands=("x",),
            refused_keywords=RUNNING,
            samples=(
                "a(4)",
                "a(3, 4), axis=0",
                "a(4), include_initial=True",
                "a(2, 3), axis=1, include_initial=True",
            ),
        )
        for name, own, first, doc in (
            ("cumulative_sum", "cumsum", 0, "Running sum."),
            ("cumulative_prod", "cumprod", 1, "Running product."),
        )
    ),
    composite(
        "logspace",
        "numpy.logspace",
        "start, stop, num=50, endpoint=True, base=10.0",
        _logspace,
        "Powers with evenly spaced exponents.",
        why="a power of a grid",
        types=_space_types,
        operands=("start", "stop"),
        refused_keywords=GRID,
        samples=("s(), s(), num=4", "f(), f(), num=3, base=2.0", "f(), 2.0, num=4, endpoint=False"),
    ),
    composite(
        "geomspace",
        "numpy.geomspace",
        "start, stop, num=50, endpoint=True",
        _geomspace,
        "Numbers with equal ratios.",
        why="the exponential of a grid",
        types=_space_types,
        operands=("start", "stop"),
        refused_keywords=GRID,
        domain={"start": (0.5, 3.0)},
        samples=("s(), s(), num=4", "f(), f(), num=3", "f(), f(), num=4, endpoint=False"),
    ),
)
