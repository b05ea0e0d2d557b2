"""Reading elements by arrays of positions.

In:  nothing.   Out: `OPERATIONS`.
Not here: `x[index]` (indexing.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import ONE, Length, fresh
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, push_first
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.shapes import reshape_like
from gradscribe.ops.spec import Aliasing, At, Contributions, Domain, Spelling, Unsupported
from gradscribe.ops.written import arrays as written

Attrs = Mapping[str, object]
INT = np.dtype(np.int64)


def _positions(type_: Type) -> tuple[Length, ...]:
    (found,) = numbers([type_])
    if found.dtype.kind not in "iu":
        raise Unsupported(f"positions that are {found}", "convert them with .astype(int)")
    return shape_of(found)


def _take_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand, _ = numbers(types)
    wanted = _positions(types[1])
    if attrs.get("axis") is None:
        return (number_type(operand.dtype, wanted),)
    shape = shape_of(operand)
    axis = one_axis(attrs.get("axis", -1), len(shape))
    return (number_type(operand.dtype, (*shape[:axis], *wanted, *shape[axis + 1 :])),)


def _take_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    operand, wanted = node.inputs
    ndim = len(shape_of(operand.type))
    if node.attrs.get("axis") is None and ndim != 1:
        flat = b.op("zeros_like", b.op("reshape", operand, shape=(-1,)))
        added = b.apply("accumulate_at", (flat, ct, wanted), {"index": (Input(2),), "repeats": True})[0]
        return [reshape_like(b, added, operand), None]
    axis = one_axis(0 if node.attrs.get("axis") is None else node.attrs["axis"], ndim)
    return [At(ct, (*(slice(None),) * axis, Input(0)), (wanted,), repeats=bool(shape_of(wanted.type))), None]


def _along_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand, indices = numbers(types)
    wanted = _positions(indices)
    shape = shape_of(operand)
    axis = one_axis(attrs.get("axis", -1), len(shape))
    full = tuple(
        length if a == axis else own if length.is_one else length
        for a, (length, own) in enumerate(zip(wanted, shape, strict=True))
    )
    return (ArrayType(operand.dtype, full),)


def _along_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Each entry goes back to where it was read: index arrays count along the other axes."""
    (ct,) = cts
    assert ct is not None
    operand, wanted = node.inputs
    ndim = len(shape_of(operand.type))
    axis = one_axis(node.attrs.get("axis", -1), ndim)
    inputs: list[Value] = []
    for place in range(ndim):
        inputs.append(wanted if place == axis else _counted(b, operand, place, ndim))
    return [At(ct, tuple(Input(place) for place in range(ndim)), tuple(inputs), repeats=True), None]


def _counted(b: OpBuilder, like: Value, axis: int, ndim: int) -> Value:
    """0, 1, 2 ... along one axis of `ndim`."""
    numbers_ = b.apply("arange", (b.op("dimension", like, axis=axis),), {"start": Input(0)})[0]
    if ndim == 1:
        return numbers_
    return b.op("reshape", numbers_, shape=tuple(-1 if place == axis else 1 for place in range(ndim)))


def _ix_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(types)
    lengths = [fresh() if type_.dtype.kind == "b" else shape_of(type_)[0] for type_ in found]
    return tuple(
        ArrayType(INT, tuple(length if a == place else ONE for a in range(len(found))))
        for place, length in enumerate(lengths)
    )


def _nonzero_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if not shape_of(operand):
        raise Unsupported("positions in a number", "make it a vector: np.atleast_1d(x)")
    length = fresh()
    return tuple(ArrayType(INT, (length,)) for _ in shape_of(operand))


OPERATIONS = (
    custom(
        "take",
        "numpy.take .take()",
        "x, indices, axis=None",
        _take_vjp,
        push_first,
        _take_types,
        "Elements at positions.",
        why="linear in x",
        operands=("x", "indices"),
        backend=Domain.LAYOUT,
        refused_keywords={"out": "it writes into another array"},
        written=written.take,
        samples=("a(4), i(3)", "a(4, 3), i(5), axis=0", "a(2, 4), i(2, 2), axis=1", "a(2, 4), i(3)"),
    ),
    custom(
        "take_along_axis",
        "numpy.take_along_axis",
        "x, indices, axis=-1",
        _along_vjp,
        push_first,
        _along_types,
        "Elements at positions along an axis.",
        why="linear in x",
        operands=("x", "indices"),
        backend=Domain.LAYOUT,
        samples=("a(4), i(3), 0", "a(4, 3), i(2, 3), 0", "a(2, 4), i(2, 5), -1"),
    ),
    constant_almost_everywhere(
        "ix_",
        "numpy.ix_",
        "its result is ints",
        "Index arrays for a sub-matrix.",
        signature="*arrays",
        operands=(),
        variadic="arrays",
        types=_ix_types,
        backend=Domain.OPAQUE,
        aliasing=Aliasing.EACH,
        returns_tuple=True,
        samples=("i(2), i(3)",),
    ),
    constant_almost_everywhere(
        "nonzero",
        "numpy.nonzero .nonzero() numpy.where",
        "its result is ints",
        "Positions of the elements that are not 0.",
        types=_nonzero_types,
        backend=Domain.OPAQUE,
        returns_tuple=True,
        samples=("a(3)", "a(2, 3)"),
    ),
    constant_almost_everywhere(
        "flatnonzero",
        "numpy.flatnonzero",
        "its result is ints",
        "Positions in the flat array of the elements that are not 0.",
        types=lambda types, attrs, spelling: (ArrayType(INT, (fresh(),)),),
        backend=Domain.OPAQUE,
        samples=("a(3)", "a(2, 3)"),
    ),
)
