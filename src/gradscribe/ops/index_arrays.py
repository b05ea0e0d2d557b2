"""Arrays of positions: of triangles of a matrix, of the elements that are not 0, in a flat array, of an order.

In:  nothing.   Out: `OPERATIONS`.
Not here: reading at positions (gathering.py), positions of one element (sorting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.spec import Domain, Spelling, Unsupported

Attrs = Mapping[str, object]
INT = np.dtype(np.int64)
WHY = "its result is ints"
MOST_COUNTED = 1000


def _pairs(attrs: Attrs, size: object, columns: object, spelling: Spelling) -> tuple[Type, ...]:
    """Rows and columns: how many there are is counted where the matrix is small and known."""
    given = size, attrs.get("k", 0), columns
    length: Length = fresh()
    if all(number is None or (isinstance(number, int) and number <= MOST_COUNTED) for number in given):
        rows, _ = getattr(np, spelling.name.rpartition(".")[2].removesuffix("_from"))(*given)
        length = as_length(len(rows))
    return ArrayType(INT, (length,)), ArrayType(INT, (length,))


def _triangle_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return _pairs(attrs, attrs["n"], attrs.get("m"), spelling)


def _triangle_from_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types[:1])
    shape = shape_of(operand)
    if len(shape) != 2:
        raise Unsupported(f"an array of {len(shape)} dimensions", "pass a matrix")
    rows, columns = (Input(0) if n.constant is None else n.constant for n in shape)
    return _pairs(attrs, rows, columns, spelling)


def _argwhere_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    return (ArrayType(INT, (fresh(), as_length(len(shape_of(operand))))),)


def _ravel_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (number_type(INT, broadcast_shapes(*map(shape_of, numbers(types)))),)


def _lexsort_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    shape = shape_of(numbers(types)[0])
    one_axis(attrs.get("axis", -1), len(shape))
    return (ArrayType(INT, shape),)


OPERATIONS = (
    *(
        constant_almost_everywhere(
            f"{name}_indices",
            f"numpy.{name}_indices",
            WHY,
            f"Rows and columns of the {triangle} triangle of a matrix of n rows.",
            signature="n, k=0, m=None",
            operands=(),
            types=_triangle_types,
            backend=Domain.OPAQUE,
            returns_tuple=True,
            samples=("3", "n(3)", "3, k=1", "2, m=4", "n(2), k=-1, m=n(3)"),
        )
        for name, triangle in (("tril", "lower"), ("triu", "upper"))
    ),
    *(
        constant_almost_everywhere(
            f"{name}_indices_from",
            f"numpy.{name}_indices_from",
            WHY,
            f"Rows and columns of the {triangle} triangle of a matrix.",
            signature="arr, k=0",
            operands=("arr",),
            shape_only=frozenset({0}),
            types=_triangle_from_types,
            backend=Domain.OPAQUE,
            returns_tuple=True,
            samples=("a(3, 3)", "a(2, 3), k=1"),
        )
        for name, triangle in (("tril", "lower"), ("triu", "upper"))
    ),
    constant_almost_everywhere(
        "argwhere",
        "numpy.argwhere",
        WHY,
        "Positions of the elements that are not 0, one in each row.",
        signature="a",
        operands=("a",),
        types=_argwhere_types,
        backend=Domain.OPAQUE,
        samples=("a(3)", "a(2, 3)"),
    ),
    constant_almost_everywhere(
        "ravel_multi_index",
        "numpy.ravel_multi_index",
        WHY,
        "Positions in the flat array of positions in a shape.",
        signature="multi_index, dims, mode='raise', order='C'",
        operands=(),
        variadic="multi_index",
        types=_ravel_types,
        backend=Domain.OPAQUE,
        samples=(
            "(i(3), i(3)), (3, 4)",
            "(n(1), n(2)), (2, 3)",
            "(i(3), 1), (3, 3), mode='clip'",
            "(i(3), i(3)), (3, 4), order='F'",
        ),
    ),
    constant_almost_everywhere(
        "lexsort",
        "numpy.lexsort",
        WHY,
        "The order that sorts by several keys, the last one first.",
        signature="keys, axis=-1",
        operands=(),
        variadic="keys",
        types=_lexsort_types,
        backend=Domain.OPAQUE,
        samples=("(a(4), i(4))", "(a(2, 3), a(2, 3)), axis=0"),
    ),
)
