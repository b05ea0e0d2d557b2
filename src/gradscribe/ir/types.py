"""Types of graph values.

A type says what decides which code is generated, and nothing else: dtype, number of dimensions, and for
each dimension its length as a normal form (lengths.py). Lists and tuples of the user's program are not
types: they are structure, and dissolve into their leaves before a graph exists (signature.py).

In:  NumPy dtypes and lengths.   Out: `Type` and the few questions asked of it.
Not here: the promotion of a given operation (ops/), joins of control flow (frontend).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import numpy as np

from gradscribe.ir.lengths import ONE, Length, as_length, fresh, symbols_of


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A number. `python` tells Python's own bool, int, float and complex from NumPy scalars.

    A value of NumPy scalar type may, after a join, be a Python number at run time (`s = 0.0; s = s + x[i]`), and
    then it is `loose`: the type is an upper bound, nothing is converted. `length` is what an int is as a length,
    where known (`n = x.shape[0]`), so that `np.zeros(n)` has the shape of x; it does not take part in comparison.
    """

    dtype: np.dtype
    python: bool = False
    loose: bool = False
    length: Length | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if not self.python:
            return f"np.{self.dtype.name}"
        return {"b": "bool", "i": "int", "f": "float", "c": "complex"}[self.dtype.kind]


@dataclass(frozen=True, slots=True)
class ArrayType:
    """An `np.ndarray`. An array of no dimensions is an array, not a scalar: it is mutable and has aliases."""

    dtype: np.dtype
    shape: tuple[Length, ...]

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    def __str__(self) -> str:
        return f"{self.dtype.name}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True, slots=True)
class SequenceType:
    """A run-time list: what a loop collected, one entry per iteration, or a list the user appends to.

    `length` is None when it is not known as a normal form. Entries that are ints are not known as lengths, as the
    next entry is another one.
    """

    element: Type
    length: Length | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "element", _without_lengths(self.element))

    def __str__(self) -> str:
        return f"list[{self.element}]"


@dataclass(frozen=True, slots=True)
class TupleType:
    """A fixed number of values held together: residuals of a call, an entry of a list of tuples.

    Attributes:
        elements: the types of the parts.
        label: what the parts are together for the front end (a named tuple, a dict); None for a plain tuple.
    """

    elements: tuple[Type, ...]
    label: Hashable = None

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.elements))})"


@dataclass(frozen=True, slots=True)
class ResidualsType:
    """The residuals of one call of the recursive graph `graph`: named, because its content contains itself."""

    graph: str

    def __str__(self) -> str:
        return f"Residuals[{self.graph}]"


@dataclass(frozen=True, slots=True)
class OpaqueType:
    """A value that is only passed on: text, an exception, a generator, `None` at run time."""

    name: str

    def __str__(self) -> str:
        return self.name


Type = ScalarType | ArrayType | SequenceType | TupleType | ResidualsType | OpaqueType


def type_text(type_: Type) -> str:
    """A type without the names of lengths, which differ from run to run: 'float64[:, 3]'."""
    match type_:
        case ArrayType(dtype, shape):
            lengths = (":" if length.constant is None else str(length) for length in shape)
            return f"{dtype.name}[{', '.join(lengths)}]"
        case SequenceType(element):
            return f"list[{type_text(element)}]"
        case TupleType(elements):
            return f"({', '.join(map(type_text, elements))})"
        case ResidualsType():
            return "tuple"
        case _:
            return str(type_)


BOOL = ScalarType(np.dtype(np.bool_), python=True)
INT = ScalarType(np.dtype(np.int64), python=True)
FLOAT = ScalarType(np.dtype(np.float64), python=True)
COMPLEX = ScalarType(np.dtype(np.complex128), python=True)
TEXT = OpaqueType("str")
NONE = OpaqueType("None")
GENERATOR = OpaqueType("np.random.Generator")
RANDOM_STATE = OpaqueType("np.random.RandomState")
ZEROS: dict[str, bool | int | float | complex] = {"b": False, "i": 0, "u": 0, "f": 0.0, "c": 0j}
"""Zero of Python, by the kind of a dtype."""


def numpy_scalar(dtype: np.dtype | type) -> ScalarType:
    """The type of a NumPy scalar of this dtype."""
    return ScalarType(np.dtype(dtype))


def int_of_length(length: Length) -> ScalarType:
    """The type of a Python int that is known as a length."""
    return replace(INT, length=length)


def as_int_type(value: int) -> ScalarType:
    """The type of an int literal."""
    return int_of_length(as_length(value))


def python_scalar(value: bool | int | float | complex) -> ScalarType:
    """The type of a Python number."""
    return {bool: BOOL, int: INT, float: FLOAT, complex: COMPLEX}[type(value)]


def type_of(value: object) -> Type:
    """The type of a run-time value, with a fresh symbol for each length that is not 1.

    >>> str(type_of(2.5)), str(type_of(np.float32(1)))
    ('float', 'np.float32')
    """
    if isinstance(value, np.ndarray):
        return ArrayType(value.dtype, tuple(ONE if n == 1 else fresh(not_one=True) for n in value.shape))
    if isinstance(value, np.generic):
        return ScalarType(value.dtype)
    if isinstance(value, bool | int | float | complex):
        return python_scalar(value)
    if isinstance(value, list):
        return SequenceType(type_of(value[0]) if value else NONE)
    raise TypeError(f"no graph type for {type(value).__name__}")


def one_of_scalars(left: ScalarType, right: ScalarType) -> ScalarType:
    """The type of a number that is of one type or of the other. Beside NumPy scalars, Python numbers are weak."""
    python = left.python and right.python
    loose = not python and (left.python or right.python or left.loose or right.loose)
    return ScalarType(_one_of_dtypes(left, right), python, loose)


def _one_of_dtypes(left: ScalarType, right: ScalarType) -> np.dtype:
    if left.python == right.python:
        return np.result_type(left.dtype, right.dtype)
    weak, strong = (left, right) if left.python else (right, left)
    return np.result_type(strong.dtype, ZEROS[weak.dtype.kind])


def is_loose(type_: Type) -> bool:
    """A number that may be Python's, or something that holds such numbers."""
    match type_:
        case ScalarType(loose=loose):
            return loose
        case SequenceType(element):
            return is_loose(element)
        case TupleType(elements):
            return any(map(is_loose, elements))
        case _:
            return False


def loosened(type_: Type) -> Type:
    """The type of a cotangent or tangent of such a value: for that of a NumPy scalar, Python's 1.0 will do."""
    match type_:
        case ScalarType(python=False):
            return replace(type_, loose=True)
        case SequenceType(element):
            return replace(type_, element=loosened(element))
        case TupleType(elements):
            return replace(type_, elements=tuple(map(loosened, elements)))
        case _:
            return type_


def as_python(type_: Type) -> Type:
    """The type, with Python numbers where there may be some."""
    match type_:
        case ScalarType(dtype, loose=True):
            return python_scalar(ZEROS[dtype.kind])
        case SequenceType(element):
            return replace(type_, element=as_python(element))
        case TupleType(elements):
            return replace(type_, elements=tuple(map(as_python, elements)))
        case _:
            return type_


def is_number(type_: Type) -> bool:
    """Scalar or array."""
    return isinstance(type_, ScalarType | ArrayType)


def is_inexact(type_: Type) -> bool:
    """A float or complex number: the only values that have a tangent. A sequence is what its elements are."""
    match type_:
        case ScalarType(dtype) | ArrayType(dtype):
            return dtype.kind in "fc"
        case SequenceType(element):
            return is_inexact(element)
        case TupleType(elements):
            return any(map(is_inexact, elements))
        case ResidualsType():
            return True
        case _:
            return False


def _without_lengths(type_: Type) -> Type:
    """The type, with ints that are not known as lengths."""
    match type_:
        case ScalarType(length=length) if length is not None:
            return replace(type_, length=None)
        case TupleType(elements):
            return replace(type_, elements=tuple(map(_without_lengths, elements)))
        case _:
            return type_


def with_common_lengths(left: Type, right: Type) -> Type:
    """Of two equal types, what is known of both: lengths known of ints do not take part in equality."""
    match left, right:
        case ScalarType(), ScalarType():
            return left if left.length == right.length else replace(left, length=None)
        case TupleType(a), TupleType(b):
            parts = zip(a, b, strict=True)
            return replace(left, elements=tuple(with_common_lengths(x, y) for x, y in parts))
        case _:
            return left


def as_item(type_: Type, known: dict[Length, Length] | None = None) -> Type:
    """The type of one item of a list whose items have this type: its own lengths where those may differ."""
    own = {} if known is None else known
    match type_:
        case ArrayType(dtype, shape):
            return ArrayType(dtype, tuple(_own_length(length, own) for length in shape))
        case TupleType(elements):
            return replace(type_, elements=tuple(as_item(element, own) for element in elements))
        case _:
            return type_


def _own_length(length: Length, known: dict[Length, Length]) -> Length:
    if not any(symbol.of_items for symbol in symbols_of(length)):
        return length
    return known.setdefault(length, fresh())


def shape_of(type_: Type) -> tuple[Length, ...]:
    """Lengths of an array, () of a scalar."""
    return type_.shape if isinstance(type_, ArrayType) else ()


def dtype_of(type_: Type) -> np.dtype:
    """Dtype of an array or scalar."""
    assert isinstance(type_, ScalarType | ArrayType), type_
    return type_.dtype


def kind_of(type_: Type) -> str:
    """The kind of the dtype of an array or scalar, as NumPy names it; "O" of anything else."""
    return type_.dtype.kind if isinstance(type_, ScalarType | ArrayType) else "O"


def same_shape(left: Type, right: Type) -> bool:
    """True when both are known to have the same shape.

    Two dimensions that are known not to be 1 count as equal: they stood in one broadcast that succeeded.
    """
    a, b = shape_of(left), shape_of(right)
    return len(a) == len(b) and all(
        m == n or (m.is_not_one and n.is_not_one) for m, n in zip(a, b, strict=True)
    )


def broadcast_shapes(*shapes: tuple[Length, ...]) -> tuple[Length, ...]:
    """The shape of an elementwise result whose operands have these shapes."""
    ndim = max((len(shape) for shape in shapes), default=0)
    result: list[Length] = []
    for axis in range(-ndim, 0):
        lengths = [shape[axis] for shape in shapes if len(shape) >= -axis]
        result.append(_broadcast_lengths(lengths))
    return tuple(result)


def _broadcast_lengths(lengths: list[Length]) -> Length:
    distinct = list(dict.fromkeys(length for length in lengths if not length.is_one))
    if not distinct:
        return ONE
    if len(distinct) == 1:
        return distinct[0]
    constants = [length for length in distinct if length.constant is not None]
    known = constants or [length for length in distinct if length.is_not_one]
    return known[0] if known else fresh()
