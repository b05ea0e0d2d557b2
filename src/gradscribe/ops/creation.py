"""Making arrays: filled, ranges, grids, arrays like another.

In:  nothing.   Out: `OPERATIONS`.
Not here: arrays of given values (joining.py), structural zeros (structural.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import ONE, Length, as_length, at_least_zero, fresh
from gradscribe.ir.types import ArrayType, ScalarType, Type, broadcast_shapes, shape_of, type_text
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.promotion import numbers
from gradscribe.ops.shapes import int_length, shape_lengths
from gradscribe.ops.slices import turned
from gradscribe.ops.spec import Contributions, Domain, OpSpec, Spelling, Unsupported
from gradscribe.ops.written import arrays as written

Attrs = Mapping[str, object]
NO_OPERAND = "it has no float operand"
LAYOUT_KEYWORDS = {
    "order": "it changes only the memory layout",
    "like": "only NumPy arrays are supported",
    "device": "only NumPy arrays are supported",
    "subok": "subclasses of ndarray are not supported",
}


def _dtype(attrs: Attrs, default: Any) -> np.dtype:
    given: Any = attrs.get("dtype")
    dtype: np.dtype = np.dtype(default if given is None else given)
    return dtype


def _filled_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(_dtype(attrs, float), shape_lengths(attrs["shape"], types)),)


def _indices_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    shape = shape_lengths(attrs["dimensions"], types)
    return (ArrayType(_dtype(attrs, int), (as_length(len(shape)), *shape)),)


def _full_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (value,) = numbers(types[:1])
    return (ArrayType(_dtype(attrs, value.dtype), shape_lengths(attrs["shape"], types)),)


def _full_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return ct if shape_of(node.inputs[0].type) else b.op("sum", ct)


def _like_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types)[0]
    shape = shape_of(operand) if attrs.get("shape") is None else shape_lengths(attrs["shape"], types)
    return (ArrayType(_dtype(attrs, operand.dtype), shape),)


def _full_like_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    return [None, ct if shape_of(node.inputs[1].type) else b.op("sum", ct)]


def _literal(item: object, default: object) -> object:
    return default if item is None else item


def _arange_parts(attrs: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """start, stop and step of an `arange`."""
    if attrs.get("stop") is None:
        return 0, attrs["start"], _literal(attrs.get("step"), 1)
    return attrs["start"], attrs["stop"], _literal(attrs.get("step"), 1)


def _arange_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    parts = _arange_parts(attrs)
    kinds = {_kind(part, types) for part in parts}
    dtype = _dtype(attrs, np.float64 if "f" in kinds else np.int64)
    return (ArrayType(dtype, (_arange_length(parts, types, kinds),)),)


def _kind(part: object, types: Sequence[Type]) -> str:
    if isinstance(part, Input):
        (type_,) = numbers([types[part.position]])
        if shape_of(type_) or type_.dtype.kind not in "iuf":
            raise Unsupported(f"a {type_text(type_)} as a bound of arange", "pass an int or a float")
        return "f" if type_.dtype.kind == "f" else "i"
    return "f" if isinstance(part, float) else "i"


def _arange_length(parts: tuple[Any, Any, Any], types: Sequence[Type], kinds: set[str]) -> Length:
    start, stop, step = parts
    if not any(isinstance(part, Input) for part in parts):
        return as_length(len(np.arange(start, stop, step)))
    if kinds == {"i"} and step == 1:
        return at_least_zero(int_length(stop, types) - int_length(start, types))
    return fresh()


def _arange_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """start + i * step, where start and step are run-time floats."""
    (ct,) = cts
    found: list[Value | None] = [None] * len(node.inputs)
    if ct is None:
        return found
    start, _, step = _arange_parts(node.attrs)
    if isinstance(start, Input):
        found[start.position] = b.op("sum", ct)
    if isinstance(step, Input):
        found[step.position] = b.op("sum", b.op("mul", ct, _numbered(b, ct)))
    return found


def _arange_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    start, _, step = _arange_parts(node.attrs)
    total: Value | None = None
    if isinstance(start, Input) and tangents[start.position] is not None:
        tangent = tangents[start.position]
        assert tangent is not None
        total = b.op("broadcast_like", tangent, node.output)
    if isinstance(step, Input) and tangents[step.position] is not None:
        tangent = tangents[step.position]
        assert tangent is not None
        term = b.op("mul", tangent, _numbered(b, node.output))
        total = term if total is None else b.op("add", total, term)
    return [total]


def _numbered(b: OpBuilder, like: Value) -> Value:
    """0, 1, 2 ... as long as `like`."""
    return b.apply("arange", (b.op("dimension", like, axis=0),), {"start": Input(0)})[0]


def _linspace_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    start, stop = numbers(types[:2])
    ends = broadcast_shapes(shape_of(start), shape_of(stop))
    low, high = (1.0 if _is_weak(type_) else type_.dtype.type(1) for type_ in (start, stop))
    dtype = np.linspace(low, high, 2).dtype
    place = one_axis(attrs.get("axis", 0), len(ends) + 1)
    count = int_length(attrs.get("num", 50), types)
    return (ArrayType(_dtype(attrs, dtype), (*ends[:place], count, *ends[place:])),)


def _is_weak(type_: ScalarType | ArrayType) -> bool:
    return isinstance(type_, ScalarType) and type_.python and type_.dtype.kind != "c"


def _weights(b: OpBuilder, node: Node) -> tuple[Value, int]:
    """The part of `stop` in each entry, from 0 to 1, and the axis along which it lies."""
    attrs = {key: node.attrs[key] for key in ("num", "endpoint") if key in node.attrs}
    zero, one = b.constant(0.0), b.constant(1.0)
    ndim = len(shape_of(node.output.type))
    axis = one_axis(node.attrs.get("axis", 0), ndim)
    weights = b.apply("linspace", (zero, one, *node.inputs[2:]), attrs)[0]
    return (turned(b, weights, axis, ndim) if ndim > 1 else weights), axis


def _linspace_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    if ct is None:
        return [None, None]
    weights, axis = _weights(b, node)
    along: dict[str, Any] = {"axis": axis} if len(shape_of(ct.type)) > 1 else {}
    parts = b.op("sub", 1.0, weights), weights
    return [b.op("sum", b.op("mul", ct, part), **along) for part in parts]


def _linspace_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    start, stop = tangents[:2]
    if start is None and stop is None:
        return [None]
    weights, axis = _weights(b, node)
    after = len(shape_of(node.output.type)) - 1 - axis
    terms = []
    for tangent, part in ((start, None), (stop, weights)):
        if tangent is not None:
            part = b.op("sub", 1.0, weights) if part is None else part
            terms.append(b.op("mul", _spread(b, tangent, after), part))
    return [terms[0] if len(terms) == 1 else b.op("add", *terms)]


def _spread(b: OpBuilder, tangent: Value, after: int) -> Value:
    """With the new axis of the numbers between two ends, `after` axes before the last one."""
    return b.op("expand_dims", tangent, axis=-1 - after) if after < len(shape_of(tangent.type)) else tangent


def _eye_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    rows = int_length(attrs["N"] if "N" in attrs else attrs["n"], types)
    columns = rows if attrs.get("M") is None else int_length(attrs["M"], types)
    return (ArrayType(_dtype(attrs, float), (rows, columns)),)


def _meshgrid_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(types)
    if any(len(shape_of(type_)) > 1 for type_ in found):
        raise Unsupported("meshgrid of arrays that are not vectors", "ravel them first")
    lengths = [shape_of(type_)[0] if shape_of(type_) else ONE for type_ in found]
    if attrs.get("indexing", "xy") == "xy" and len(lengths) > 1:
        lengths[0], lengths[1] = lengths[1], lengths[0]
    return tuple(ArrayType(type_.dtype, tuple(lengths)) for type_ in found)


def _meshgrid_axis(node: Node, position: int) -> int:
    swapped = node.attrs.get("indexing", "xy") == "xy" and len(node.inputs) > 1 and position < 2
    return 1 - position if swapped else position


def _meshgrid_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Each grid is its vector repeated along the other axes."""
    found: list[Value | None] = []
    for position, ct in enumerate(cts):
        own = _meshgrid_axis(node, position)
        others = tuple(axis for axis in range(len(cts)) if axis != own)
        found.append(None if ct is None else b.op("sum", ct, axis=others[0] if len(others) == 1 else others))
    return found


def _meshgrid_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    if all(tangent is None for tangent in tangents):
        return [None] * len(node.outputs)
    parts = [
        tangent if tangent is not None else b.op("zeros_like", value)
        for tangent, value in zip(tangents, node.inputs, strict=True)
    ]
    outputs = b.apply("meshgrid", parts, node.attrs)
    return [
        output if tangent is not None else None for output, tangent in zip(outputs, tangents, strict=True)
    ]


def _filled(name: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(
        name,
        f"numpy.{name}",
        NO_OPERAND,
        doc,
        signature="shape, dtype=None",
        operands=(),
        types=_filled_types,
        backend=Domain.OPAQUE,
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("3", "(2, 3)", "(n(2), 3)", "n(3)", "3, dtype=float32", "(2,), dtype=int", "0"),
    )


def _like(name: str, spelling: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(
        name,
        spelling,
        "only the shape of its operand is read",
        doc,
        signature="x, dtype=None, shape=None",
        operands=("x",),
        types=_like_types,
        backend=Domain.OPAQUE,
        shape_only=frozenset({0}),
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("a(2, 3)", "s()", "f()", "a(3), dtype=float32", "a(3), shape=(2, 2)"),
    )


OPERATIONS = (
    _filled("zeros", "An array of zeros."),
    _filled("ones", "An array of ones."),
    _filled("empty", "An array to be written to."),
    _like("array_zeros_like", "numpy.zeros_like", "An array of zeros of the same shape."),
    _like("array_ones_like", "numpy.ones_like", "An array of ones of the same shape."),
    _like("array_empty_like", "numpy.empty_like", "An array of the same shape, to be written to."),
    linear(
        "full",
        "numpy.full",
        "shape, fill_value, dtype=None",
        _full_transpose,
        _full_types,
        "An array of one value.",
        operands=("fill_value",),
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("3, f()", "(2, 3), s()", "(2, 3), a(3)", "(n(2), 3), f()"),
    ),
    linear(
        "full_like",
        "numpy.full_like",
        "x, fill_value, dtype=None, shape=None",
        None,
        _like_types,
        "An array of one value, of the shape of another.",
        operands=("x", "fill_value"),
        shape_only=frozenset({0}),
        transposes=_full_like_transposes,
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("a(2, 3), f()", "a(2, 3), s()", "a(2, 3), a(3)"),
    ),
    custom(
        "arange",
        "numpy.arange",
        "start, stop=None, step=None, dtype=None",
        _arange_vjp,
        _arange_jvp,
        _arange_types,
        "Numbers at equal steps.",
        why="start + i * step",
        operands=(),
        variadic="start",
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("5", "n(4)", "1, 6", "0, 10, 3", "0.0, 1.0, 0.25", "n(1), n(4)", "s(), 10.0, 3.0", "5.0"),
    ),
    custom(
        "linspace",
        "numpy.linspace",
        "start, stop, num=50, endpoint=True, dtype=None, axis=0",
        _linspace_vjp,
        _linspace_jvp,
        _linspace_types,
        "Numbers at equal steps from start to stop.",
        why="linear in start and stop",
        operands=("start", "stop"),
        refused_keywords={**LAYOUT_KEYWORDS, "retstep": "work the step out"},
        samples=(
            "a(3), a(3), 4",
            "a(2, 3), s(), 4, axis=-1",
            "0.0, a(3), 4, endpoint=False, axis=1",
            "f(), f(), 5",
            "s(), s(), n(4)",
            "0.0, f(), 5, endpoint=False",
            "0, 1, 3",
        ),
    ),
    constant_almost_everywhere(
        "eye",
        "numpy.eye",
        NO_OPERAND,
        "Ones on a diagonal.",
        signature="N, M=None, k=0, dtype=None",
        operands=(),
        types=_eye_types,
        backend=Domain.OPAQUE,
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("3", "n(3)", "2, M=3, k=1"),
    ),
    constant_almost_everywhere(
        "tri",
        "numpy.tri",
        NO_OPERAND,
        "Ones at and below a diagonal.",
        signature="N, M=None, k=0, dtype=None",
        operands=(),
        types=_eye_types,
        backend=Domain.OPAQUE,
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("3", "n(3)", "2, M=3, k=1, dtype=bool"),
    ),
    constant_almost_everywhere(
        "identity_matrix",
        "numpy.identity",
        NO_OPERAND,
        "The identity matrix.",
        signature="n, dtype=None",
        operands=(),
        types=_eye_types,
        backend=Domain.OPAQUE,
        refused_keywords=LAYOUT_KEYWORDS,
        samples=("3", "n(3)"),
    ),
    constant_almost_everywhere(
        "indices",
        "numpy.indices",
        NO_OPERAND,
        "The positions in an array of this shape, one array for each axis.",
        signature="dimensions, dtype=int",
        operands=(),
        types=_indices_types,
        backend=Domain.OPAQUE,
        refused_keywords={"sparse": "use np.ogrid"},
        samples=("(2, 3)", "(n(2), n(3))", "(4,), dtype=float"),
    ),
    custom(
        "meshgrid",
        "numpy.meshgrid",
        "*arrays, indexing='xy'",
        _meshgrid_vjp,
        _meshgrid_jvp,
        _meshgrid_types,
        "Coordinates of a grid.",
        why="each vector repeated",
        operands=(),
        variadic="arrays",
        refused_keywords={"copy": "the result is always a copy"},
        written=written.meshgrid,
        returns_tuple=True,
        samples=("a(2), a(3)", "a(2), a(3), indexing='ij'", "a(2), a(3), a(4)"),
    ),
)
