"""Operations of the language of the compiler itself: literals, conversions, shapes as values, zeros, packing.

In:  nothing.   Out: `OPERATIONS`.
Not here: run-time lists (sequences.py), effects (effects.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import (
    BOOL,
    COMPLEX,
    FLOAT,
    INT,
    ArrayType,
    ResidualsType,
    ScalarType,
    TupleType,
    Type,
    dtype_of,
    int_of_length,
    is_inexact,
    numpy_scalar,
    same_shape,
    shape_of,
)
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import written_out
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear, push_first
from gradscribe.ops.promotion import always, is_python, length_of, numbers, same_type
from gradscribe.ops.spec import Aliasing, Contributions, Domain, OpSpec, Spelling, SpellingKind, Unsupported
from gradscribe.ops.written import arrays as written
from gradscribe.runtime.constants import stop_gradient
from gradscribe.runtime.copies import copy_with_strides
from gradscribe.runtime.lists import copy_parts, zeros_like
from gradscribe.runtime.unbroadcast import broadcast_like, unbroadcast_like

PYTHON_TYPES = {"float": FLOAT, "int": INT, "bool": BOOL, "complex": COMPLEX}
CONVERTERS: Mapping[str, type] = {"float": float, "int": int, "bool": bool, "complex": complex}
NUMPY_TYPES = (
    "float64",
    "float32",
    "float16",
    "longdouble",
    "complex128",
    "complex64",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint64",
    "uint32",
    "uint16",
    "uint8",
    "bool",
)
NO_DERIVATIVE = "its result does not depend on the values of the operand"


def identity_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    """The cotangent itself: shape and dtype are adjusted where it is added."""
    return ct


def kept_python(b: OpBuilder, value: Value, wanted: Type) -> Value:
    """A cotangent as a Python number where it belongs to one: np.float64 is not weak beside np.float32."""
    if not isinstance(wanted, ScalarType) or not wanted.python or wanted.dtype.kind not in "fc":
        return value
    mine = value.type
    if (
        isinstance(mine, ScalarType)
        and mine.python
        and (mine.dtype.kind == "c") == (wanted.dtype.kind == "c")
    ):
        return value
    return b.op("convert", value, to="complex" if wanted.dtype.kind == "c" else "float")


def conversion_target(attrs: Mapping[str, object], spelling: Spelling, operand: Type) -> str:
    """'float', 'int', 'bool' or 'complex': as the attribute says, else as the spelling or the operand does."""
    if attrs.get("to"):
        return str(attrs["to"])
    if spelling.name.startswith("builtins."):
        return spelling.name.removeprefix("builtins.")
    return {"f": "float", "i": "int", "u": "int", "b": "bool", "c": "complex"}[dtype_of(operand).kind]


def _convert_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    target = PYTHON_TYPES[conversion_target(attrs, spelling, operand)]
    if operand.dtype.kind == "c" and target is not COMPLEX and target is not BOOL:
        raise Unsupported("a complex number cannot become a real one", "take x.real")
    length = length_of(operand)
    return (int_of_length(length) if target is INT and length is not None else target,)


def _convert(inputs: Sequence[Any], attrs: Mapping[str, Any]) -> object:
    spelling = attrs.get("spelling")
    name = "builtins.float" if spelling is None else spelling.name
    to = attrs.get("to") or (name.removeprefix("builtins.") if name.startswith("builtins.") else "")
    return CONVERTERS[to](inputs[0]) if to else inputs[0].item()


def astype_dtype(attrs: Mapping[str, Any], spelling: Spelling) -> np.dtype:
    """The dtype that an `astype` node converts to."""
    given = attrs.get("dtype")
    dtype: np.dtype = np.dtype(getattr(np, spelling.name.removeprefix("numpy.")) if given is None else given)
    return dtype


def _astype_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    dtype = astype_dtype(attrs, spelling)
    if operand.dtype.kind == "c" and dtype.kind != "c":
        raise Unsupported("a complex number cannot become a real one", "take x.real")
    if isinstance(operand, ScalarType) or (spelling.name.startswith("numpy.") and not operand.shape):
        return (numpy_scalar(dtype),)
    return (ArrayType(dtype, operand.shape),)


def _astype(inputs: Sequence[Any], attrs: Mapping[str, Any]) -> object:
    (value,) = inputs
    spelling = attrs.get("spelling") or astype.spellings[0]
    dtype = astype_dtype(attrs, spelling)
    if isinstance(value, np.ndarray) and not spelling.name.startswith("numpy."):
        return value.astype(dtype, casting=attrs.get("casting", "unsafe"), copy=attrs.get("copy", True))
    return dtype.type(value)


def _astype_aliasing(types: Sequence[Type], attrs: Mapping[str, Any], spelling: Spelling) -> Aliasing:
    """`np.float64(x)` and `x.astype(float, copy=False)` hand an array of that dtype on; otherwise it is copied."""
    keeps = spelling.kind is SpellingKind.FUNCTION or attrs.get("copy") is False
    return Aliasing.SAME if keeps and astype_dtype(attrs, spelling) == dtype_of(types[0]) else Aliasing.FRESH


def _copy_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = types
    if isinstance(operand, ScalarType) and spelling.name == "numpy.copy":
        return (ArrayType(operand.dtype, ()),)
    return (operand,)


def _copy(inputs: Sequence[Any], attrs: Mapping[str, Any]) -> object:
    """np.copy keeps the order of axes, as do copies that the compiler makes; the method makes rows contiguous."""
    (value,) = inputs
    if attrs.get("order") == "strides":
        return copy_with_strides(value)
    spelling = attrs.get("spelling")
    if isinstance(value, tuple):
        return copy_parts(value)
    if spelling is None or spelling.name == "numpy.copy" or attrs.get("order") == "K":
        return np.copy(value)
    return value.copy()


def _dimension_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    (operand,) = types
    axis = attrs.get("axis", 0)
    assert isinstance(axis, int)
    shape = shape_of(operand)
    if not -len(shape) <= axis < len(shape):
        raise Unsupported(
            f"axis {axis} of an array of {len(shape)} dimensions", "check the number of dimensions"
        )
    return (int_of_length(shape[axis]),)


def _size_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    total = ONE
    for length in shape_of(types[0]):
        total = total * length
    return (int_of_length(total),)


def _broadcast_like_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    value, like = numbers(types)
    dtype = like.dtype if is_python(value) else value.dtype
    return (ArrayType(dtype, shape_of(like)),)


def _unbroadcast_like_types(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    value, like = numbers(types)
    shape = shape_of(like)
    return (ArrayType(value.dtype, shape) if shape else numpy_scalar(value.dtype),)


def _broadcast_like_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    return [cts[0], None]


def _unbroadcast_like_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,), value = cts, node.inputs[0]
    if ct is None or same_shape(ct.type, value.type):
        return [ct, None]
    # Whether there was anything to sum is known at run time only; then each summand gets it.
    return [b.apply("broadcast_like", (ct, value), node.attrs)[0], None]


def _pack_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    graph = attrs.get("graph")
    return (ResidualsType(str(graph)) if graph else TupleType(tuple(types), attrs.get("label")),)


def _unpack_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    (packed,) = types
    if isinstance(packed, TupleType):
        return packed.elements
    given = attrs.get("types")
    assert isinstance(given, tuple), "unpacking residuals needs the attribute `types`"
    return given


def absent_parts(node: Node) -> tuple[bool, ...]:
    """Which parts of a packed or unpacked value may be absent."""
    flags = node.attrs.get("absent", ())
    assert isinstance(flags, tuple)
    return flags


def _pack_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    return [None] * len(node.inputs) if ct is None else b.unpack(ct, node.inputs, absent_parts(node))


def _pack_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    parts = [
        tangent if tangent is not None else b.op("zeros_like", value) if is_inexact(value.type) else value
        for tangent, value in zip(tangents, node.inputs, strict=True)
    ]
    return b.apply("pack", parts, node.attrs)


def _unpack_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    parts = [
        kept_python(b, ct, value.type)
        if ct is not None
        else b.op("zeros_like", value)
        if is_inexact(value.type)
        else b.absent(value.type)
        for ct, value in zip(cts, node.outputs, strict=True)
    ]
    packed = node.inputs[0].type
    assert isinstance(packed, ResidualsType | TupleType)
    return [b.pack(parts, packed, absent_parts(node))]


def _unpack_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    (tangent,) = tangents
    return [None] * len(node.outputs) if tangent is None else b.apply("unpack", (tangent,), node.attrs)


def without_derivative(
    name: str, spellings: str, signature: str, types: Any, doc: str, **fields: Any
) -> OpSpec:
    """An entry whose result does not depend on the elements of its operand, if it has one."""
    fields.setdefault("backend", Domain.OPAQUE)
    return constant_almost_everywhere(
        name, spellings, NO_DERIVATIVE, doc, signature=signature, types=types, **fields
    )


astype = linear(
    "astype",
    ".astype() " + " ".join(f"numpy.{name}" for name in NUMPY_TYPES),
    "x, dtype=None, casting='unsafe', copy=True",
    identity_transpose,
    _astype_types,
    "The value with another dtype.",
    refused_keywords={
        "order": "it changes only the memory layout",
        "subok": "subclasses of ndarray are not supported",
        "imag": "write x + 1j * y",
    },
    operands=("x",),
    aliasing=_astype_aliasing,
    evaluate=_astype,
    backend=Domain.ELEMENTWISE,
)

OPERATIONS = (
    without_derivative(
        "constant",
        "literal",
        "value",
        always(FLOAT),
        "A literal.",
        operands=(),
        evaluate=lambda inputs, attrs: attrs["value"],
    ),
    without_derivative(
        "absent",
        "absent",
        "",
        always(),
        "A value that is never read.",
        operands=(),
        evaluate=lambda inputs, attrs: None,
    ),
    linear(
        "identity",
        "identity",
        "x",
        identity_transpose,
        same_type,
        "The same value under another name.",
        evaluate=lambda inputs, attrs: inputs[0],
        aliasing=Aliasing.SAME,
    ),
    without_derivative(
        "is_array",
        "is_array",
        "x, *, or_number=False",
        always(BOOL),
        "Whether what is an array or a number is an array, or a number of NumPy.",
        evaluate=lambda inputs, attrs: isinstance(
            inputs[0], (np.ndarray, np.generic) if attrs.get("or_number") else np.ndarray
        ),
    ),
    constant_almost_everywhere(
        "stop_gradient",
        "gradscribe.runtime.constants.stop_gradient",
        "the user says so",
        "The value, counted as constant by differentiation.",
        types=same_type,
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: stop_gradient(inputs[0]),
    ),
    linear(
        "convert",
        "builtins.float builtins.int builtins.bool builtins.complex .item()",
        "x, *, to=''",
        identity_transpose,
        _convert_types,
        "A Python number from a number or an array of one element.",
        operands=("x",),
        otherwise="item_at",
        evaluate=_convert,
    ),
    written_out("item_at", ".item()", written.item, "The element at a place, as a Python number."),
    astype,
    without_derivative(
        "dimension",
        "shape[] builtins.len",
        "x, axis=0",
        _dimension_types,
        "The length of a dimension.",
        operands=("x",),
        otherwise="list_length",
        shape_only=frozenset({0}),
        evaluate=lambda inputs, attrs: np.shape(inputs[0])[attrs.get("axis", 0)],
    ),
    without_derivative(
        "size",
        ".size numpy.size",
        "x",
        _size_types,
        "The number of elements.",
        written=written.size,
        shape_only=frozenset({0}),
        evaluate=lambda inputs, attrs: int(np.size(inputs[0])),
    ),
    without_derivative(
        "zeros_like",
        "gradscribe.runtime.lists.zeros_like",
        "x",
        same_type,
        "Zero of the same kind and shape: of numbers, arrays and nested lists.",
        shape_only=frozenset({0}),
        evaluate=lambda inputs, attrs: zeros_like(inputs[0]),
    ),
    custom(
        "broadcast_like",
        "gradscribe.runtime.unbroadcast.broadcast_like",
        "value, like",
        _broadcast_like_transposes,
        push_first,
        _broadcast_like_types,
        "A fresh array of the shape of `like` filled with `value`.",
        why="linear in the first operand",
        shape_only=frozenset({1}),
        evaluate=lambda inputs, attrs: broadcast_like(*inputs),
    ),
    custom(
        "unbroadcast_like",
        "gradscribe.runtime.unbroadcast.unbroadcast_like",
        "value, like",
        _unbroadcast_like_transposes,
        push_first,
        _unbroadcast_like_types,
        "`value` summed down to the shape of `like`; `value` itself where nothing is to be summed.",
        why="linear in the first operand",
        aliasing=Aliasing.MAYBE_VIEW,
        shape_only=frozenset({1}),
        evaluate=lambda inputs, attrs: unbroadcast_like(*inputs),
    ),
    linear(
        "copy",
        "numpy.copy .copy()",
        "x",
        identity_transpose,
        _copy_types,
        "A copy.",
        refused_keywords={
            "order": "it changes only the memory layout",
            "subok": "subclasses are not supported",
        },
        evaluate=_copy,
        broadcasts=True,
    ),
    custom(
        "pack",
        "pack",
        "*values",
        _pack_vjp,
        _pack_jvp,
        _pack_types,
        "Values held together.",
        why="a tuple of its operands",
        operands=(),
        evaluate=lambda inputs, attrs: tuple(inputs),
    ),
    custom(
        "unpack",
        "unpack",
        "packed",
        _unpack_vjp,
        _unpack_jvp,
        _unpack_types,
        "The values of a pack.",
        why="the parts of its operand",
        returns_tuple=True,
        evaluate=lambda inputs, attrs: inputs[0],
    ),
)
