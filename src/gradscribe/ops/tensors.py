"""Linear algebra that is made of simpler linear algebra.

In:  nothing.   Out: `OPERATIONS`.
Not here: systems, determinants, norms (linalg.py), factorisations (factorisations.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import fresh, smaller
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, dtype_of, is_inexact, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import UFUNC_KEYWORDS
from gradscribe.ops.linalg import LINALG, inexact_dtype, matrix
from gradscribe.ops.promotion import number_type, numbers, promote
from gradscribe.ops.slices import along
from gradscribe.ops.spec import Aliasing, Domain, OpSpec, Spelling, Unsupported
from gradscribe.ops.whole_numbers import in_floats, require_an_order

Attrs = Mapping[str, object]
PARTS = "made of simpler operations"


def _multi_dot(b: OpBuilder, arrays: Sequence[Value]) -> Value:
    if not isinstance(arrays, tuple | list) or len(arrays) < 2:
        raise Unsupported("multi_dot of anything but a list of two arrays or more", "use `@`")
    if any(is_inexact(array.type) for array in arrays):
        # NumPy chooses the order by the shapes.
        if len(arrays) > 2:
            require_an_order(pairwise(array.type for array in arrays), "multi_dot")
        arrays = [in_floats(b, array) for array in arrays]
    result: Value = arrays[0]
    for factor in arrays[1:]:
        result = b.op("matmul", result, factor)
    return result


def _conj(b: OpBuilder, x: Value) -> Value:
    return b.op("conj", x) if dtype_of(x.type).kind == "c" else x


def _vecdot(b: OpBuilder, x1: Value, x2: Value, axis: int = -1) -> Value:
    return b.op("sum", b.op("mul", _conj(b, x1), x2), axis=axis)


def _vecdot_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    left, right = numbers(types)
    shape = broadcast_shapes(shape_of(left), shape_of(right))
    axis = one_axis(attrs.get("axis", -1), len(shape))
    return (number_type(promote((left, right)), shape[:axis] + shape[axis + 1 :]),)


def _matvec(b: OpBuilder, x1: Value, x2: Value) -> Value:
    return b.op("squeeze", b.op("matmul", x1, b.op("expand_dims", x2, axis=-1)), axis=-1)


def _vecmat(b: OpBuilder, x1: Value, x2: Value) -> Value:
    return b.op("squeeze", b.op("matmul", b.op("expand_dims", _conj(b, x1), axis=-2), x2), axis=-2)


def _cond(b: OpBuilder, x: Value, p: object = None) -> Value:
    matrix(x.type)
    if p in (None, 2, -2):
        values = b.op("svdvals", x)
        largest = b.op("get_item", values, index=(Ellipsis, 0))
        smallest = b.op("get_item", values, index=(Ellipsis, -1))
        return b.op("div", smallest, largest) if p == -2 else b.op("div", largest, smallest)
    axes: dict[str, Any] = {"ord": p, "axis": (-2, -1)}
    return b.op("mul", b.op("norm", x, **axes), b.op("norm", b.op("inv", x), **axes))


def _cond_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    if operand.dtype.kind == "c":
        raise Unsupported("the condition of a complex matrix", "use real matrices")
    return (number_type(inexact_dtype(operand), shape_of(operand)[:-2]),)


def _lengths(b: OpBuilder, x: Value, axes: Sequence[int], first: int) -> tuple[list[object], list[Value]]:
    """Lengths of some axes as a shape template, and its inputs from position `first` on."""
    found = [b.op("dimension", x, axis=axis) for axis in axes]
    return [Input(first + k) for k in range(len(found))], found


def _tensorinv(b: OpBuilder, a: Value, ind: int = 2) -> Value:
    ndim = len(shape_of(a.type))
    template, given = _lengths(b, a, [*range(ind, ndim), *range(ind)], 1)
    inverse = b.op("inv", _square(b, a, range(ind)))
    return b.apply("reshape", (inverse, *given), {"shape": tuple(template)})[0]


def _square(b: OpBuilder, a: Value, rows: Sequence[int]) -> Value:
    """The array as a matrix whose rows are numbered by these axes."""
    total = b.op("dimension", a, axis=rows[0])
    for axis in rows[1:]:
        total = b.op("mul", total, b.op("dimension", a, axis=axis))
    return b.apply("reshape", (a, total), {"shape": (Input(1), -1)})[0]


def _tensorinv_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    ind = attrs.get("ind", 2)
    shape = shape_of(operand)
    if not isinstance(ind, int) or not 0 < ind < len(shape):
        raise Unsupported(f"ind={ind!r} for an array of {len(shape)} dimensions", "write a literal")
    return (ArrayType(inexact_dtype(operand), shape[ind:] + shape[:ind]),)


def _tensorsolve(make: OpBuilder, /, a: Value, b: Value) -> Value:
    rows = len(shape_of(b.type))
    ndim = len(shape_of(a.type))
    template, given = _lengths(make, a, range(rows, ndim), 1)
    solution = make.op("solve", _square(make, a, range(rows)), make.op("reshape", b, shape=(-1,)))
    return make.apply("reshape", (solution, *given), {"shape": tuple(template)})[0]


def _tensorsolve_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    a, rhs = numbers(types)
    if not shape_of(rhs):
        raise Unsupported("tensorsolve with a scalar right-hand side", "pass an array")
    return (ArrayType(inexact_dtype(a, rhs), shape_of(a)[len(shape_of(rhs)) :]),)


def _merged(b: OpBuilder, x: Value, axis: object) -> tuple[Value, object]:
    """An array in which the axes of a norm are one, and that axis."""
    ndim = len(shape_of(x.type))
    if axis is None:
        return (x if ndim == 1 else b.op("reshape", x, shape=(-1,))), None
    if not isinstance(axis, tuple | list):
        return x, axis
    if len(axis) == 1:
        return x, axis[0]
    chosen = [one_axis(item, ndim) for item in axis]
    kept = [place for place in range(ndim) if place not in chosen]
    moved = b.op("transpose", x, axes=(*kept, *chosen))
    template, given = _lengths(b, x, kept, 1)
    return b.apply("reshape", (moved, *given), {"shape": (*template, -1)})[0], -1


def _vector_norm(
    b: OpBuilder, x: Value, axis: object = None, keepdims: bool = False, ord: object = 2
) -> Value:
    flat, place = _merged(b, x, axis)
    attrs: dict[str, Any] = {} if place is None else {"axis": place}
    if ord != 2:
        attrs["ord"] = ord
    found = b.op("norm", flat, **attrs)
    if not keepdims:
        return found
    ndim = len(shape_of(x.type))
    items = range(ndim) if axis is None else axis if isinstance(axis, tuple | list) else (axis,)
    return b.op("expand_dims", found, axis=tuple(sorted(one_axis(item, ndim) for item in items)))


def _matrix_norm(b: OpBuilder, x: Value, keepdims: bool = False, ord: object = "fro") -> Value:
    attrs: dict[str, Any] = {"keepdims": True} if keepdims else {}
    return b.op("norm", x, ord=ord, axis=(-2, -1), **attrs)


def _lstsq(make: OpBuilder, /, a: Value, b: Value, rcond: object = None) -> tuple[Value, Value, Value, Value]:
    """The residuals are an empty array where the rank is not full or there are no more rows than columns."""
    solution = make.op("matmul", make.op("pinv", a), b)
    missed = make.op("square", make.op("sub", b, make.op("matmul", a, solution)))
    squares = make.op("sum", missed, axis=0, keepdims=len(shape_of(b.type)) == 1)
    own = make.apply("lstsq", (a, b), {} if rcond is None else {"rcond": rcond})
    kept = make.op("dimension", own[1], axis=0)
    return solution, along(make, squares, 0, None, kept), own[2], make.op("svdvals", a)


def _lstsq_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    a, rhs = matrix(types[0]), numbers(types)[1]
    dtype = inexact_dtype(a, rhs)
    if dtype.kind == "c":
        raise Unsupported("least squares with complex numbers", "use real numbers")
    solution = ArrayType(dtype, (shape_of(a)[1], *shape_of(rhs)[1:]))
    rank = ArrayType(inexact_dtype(a), (smaller(*shape_of(a)),))
    return solution, ArrayType(dtype, (fresh(),)), number_type(np.dtype(np.int32), ()), rank


def _last_diagonal(b: OpBuilder, x: Value, offset: int = 0) -> Value:
    attrs: dict[str, Any] = {"offset": offset} if offset else {}
    if len(shape_of(x.type)) != 2:
        attrs |= {"axis1": -2, "axis2": -1}
    return b.op("diagonal", x, **attrs)


def _last_trace(b: OpBuilder, x: Value, offset: int = 0) -> Value:
    attrs: dict[str, Any] = {"offset": offset} if offset else {}
    if len(shape_of(x.type)) != 2:
        attrs |= {"axis1": -2, "axis2": -1}
    return b.op("trace", x, **attrs)


def _trace_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = matrix(types[0])
    small = operand.dtype.kind in "biu" and operand.dtype.itemsize < 8
    return (number_type(np.dtype(np.int64) if small else operand.dtype, shape_of(operand)[:-2]),)


def _entry(
    name: str, signature: str, body: Body, doc: str, samples: tuple[str, ...], **fields: Any
) -> OpSpec:
    spellings = fields.pop("spellings", LINALG + name)
    fields.setdefault("why", PARTS)
    fields.setdefault("backend", Domain.CONTRACTION)
    return composite(name, spellings, signature, body, doc, samples=samples, **fields)


OPERATIONS = (
    _entry(
        "multi_dot",
        "arrays",
        _multi_dot,
        "Product of several matrices.",
        ("[a(2, 3), a(3, 4), a(4, 2)]", "[a(3), a(3, 2), a(2)]", "[a(2, 3), a(3)]"),
        operands=(),
        variadic="arrays",
        refused_keywords={"out": "it writes into another array"},
    ),
    _entry(
        "vecdot",
        "x1, x2, axis=-1",
        _vecdot,
        "Products over one axis.",
        ("a(3), a(3)", "a(2, 3), a(3)", "a(3, 2), a(3, 2), axis=0", "c(3), c(3)"),
        spellings="numpy.vecdot numpy.linalg.vecdot",
        operands=("x1", "x2"),
        types=_vecdot_types,
        refused_keywords={**UFUNC_KEYWORDS, "axes": "move the axes", "keepdims": "reshape the result"},
    ),
    _entry(
        "matvec",
        "x1, x2",
        _matvec,
        "Matrix times vector.",
        ("a(2, 3), a(3)", "a(4, 2, 3), a(4, 3)", "a(2, 3), a(4, 3)"),
        spellings="numpy.matvec",
        refused_keywords={**UFUNC_KEYWORDS, **dict.fromkeys(("axes", "axis", "keepdims"), "move the axes")},
    ),
    _entry(
        "vecmat",
        "x1, x2",
        _vecmat,
        "Vector times matrix.",
        ("a(2), a(2, 3)", "a(4, 2), a(4, 2, 3)", "c(2), a(2, 3)"),
        spellings="numpy.vecmat",
        refused_keywords={**UFUNC_KEYWORDS, **dict.fromkeys(("axes", "axis", "keepdims"), "move the axes")},
    ),
    _entry(
        "cond",
        "x, p=None",
        _cond,
        "Condition number.",
        ("w(3)", "w(3), -2", "a(3, 2)", "w(3), 'fro'", "w(3), 1", "w(2, 3)"),
        types=_cond_types,
        operands=("x",),
    ),
    _entry(
        "tensorinv",
        "a, ind=2",
        _tensorinv,
        "Inverse of an array as a matrix over its first axes.",
        ("a(2, 3, 6)", "a(4, 2, 2), ind=1"),
        types=_tensorinv_types,
        operands=("a",),
    ),
    _entry(
        "tensorsolve",
        "a, b",
        _tensorsolve,
        "The array x for which tensordot(a, x) is b.",
        ("a(2, 3, 6), a(2, 3)", "a(4, 2, 2), a(4)"),
        types=_tensorsolve_types,
        refused_keywords={"axes": "transpose the array first"},
    ),
    _entry(
        "vector_norm",
        "x, axis=None, keepdims=False, ord=2",
        _vector_norm,
        "Norm of the elements along axes.",
        (
            "a(3)",
            "a(2, 3)",
            "a(2, 3), axis=1",
            "a(2, 3, 4), axis=(0, 2)",
            "a(2, 3), keepdims=True",
            "a(2, 3), axis=0, keepdims=True, ord=1",
            "a(4), ord=3",
        ),
        operands=("x",),
    ),
    _entry(
        "matrix_norm",
        "x, keepdims=False, ord='fro'",
        _matrix_norm,
        "Norm of matrices.",
        ("a(2, 3)", "a(2, 3), ord='nuc'", "a(2, 2, 3), ord=2", "a(2, 3), keepdims=True, ord=1"),
        operands=("x",),
    ),
    _entry(
        "lstsq",
        "a, b, rcond=None",
        _lstsq,
        "Least squares: solution, residuals, rank, singular values.",
        ("a(4, 2), a(4)", "a(4, 2), a(4, 3)", "a(2, 4), a(2)"),
        types=_lstsq_types,
        operands=("a", "b"),
        returns_tuple=True,
        why="the pseudo-inverse, for constant rank",
    ),
    _entry(
        "last_diagonal",
        "x, offset=0",
        _last_diagonal,
        "The diagonal of the last two axes.",
        ("a(3, 3)", "a(2, 3, 3)", "a(2, 3, 4), offset=1"),
        spellings="numpy.linalg.diagonal",
        operands=("x",),
        aliasing=Aliasing.VIEW,
    ),
    _entry(
        "last_trace",
        "x, offset=0",
        _last_trace,
        "Sum of the diagonal of the last two axes.",
        ("a(3, 3)", "a(2, 3, 3)", "a(2, 3, 4), offset=-1"),
        spellings="numpy.linalg.trace",
        operands=("x",),
        types=_trace_types,
        refused_keywords={"dtype": "use .astype"},
    ),
    _entry(
        "diagflat",
        "v, k=0",
        lambda b, v, k=0: b.op("diag", _merged(b, v, None)[0], k=k),
        "The matrix with the elements on a diagonal.",
        ("a(3)", "a(2, 2)", "a(3), k=1"),
        spellings="numpy.diagflat",
        operands=("v",),
    ),
)
