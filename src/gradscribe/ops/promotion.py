"""Types of results: NumPy's own promotion (NEP 50), asked of NumPy itself, and Python's for Python scalars.

In:  types of operands and a spelling.   Out: type rules for entries.
Not here: shapes of reductions, slices and joins (the modules of those entries).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

from gradscribe.ir.lengths import Length, fresh
from gradscribe.ir.types import (
    BOOL,
    FLOAT,
    INT,
    ArrayType,
    ScalarType,
    Type,
    broadcast_shapes,
    int_of_length,
    is_number,
    numpy_scalar,
    python_scalar,
    shape_of,
)
from gradscribe.ops.spec import Spelling, SpellingKind, TypeRule, Unsupported

PYTHON_MODULES = ("builtins.", "operator.")
SAMPLES: dict[str, bool | int | float | complex] = {"b": True, "i": 1, "f": 1.0, "c": 1j}


def numbers(types: Sequence[Type]) -> list[ScalarType | ArrayType]:
    """The types, all of which must be numbers.

    Raises:
        Unsupported: one of them is a list, text or None.
    """
    found = [type_ for type_ in types if isinstance(type_, ScalarType | ArrayType)]
    if len(found) != len(types):
        wrong = next(type_ for type_ in types if not is_number(type_))
        raise Unsupported(f"an operand is a {wrong}, not a number or array", "pass a number or an array")
    return found


def is_python(type_: Type) -> bool:
    """Python's own bool, int, float or complex."""
    return isinstance(type_, ScalarType) and type_.python


def is_array(type_: Type) -> bool:
    """An array, of any number of dimensions."""
    return isinstance(type_, ArrayType)


def is_pythonic(spelling: Spelling) -> bool:
    """An operator or a builtin: on Python scalars it gives a Python scalar."""
    return spelling.kind is SpellingKind.OPERATOR or spelling.name.startswith(PYTHON_MODULES)


def number_type(dtype: np.dtype, shape: tuple[Length, ...]) -> ScalarType | ArrayType:
    """What NumPy returns for a result of this dtype and shape: of no dimensions, a scalar."""
    return ArrayType(dtype, shape) if shape else numpy_scalar(dtype)


def stand_in(type_: ScalarType | ArrayType) -> np.dtype | type:
    """The operand as NumPy's promotion sees it: Python int, float and complex are weak."""
    if isinstance(type_, ScalarType) and type_.python and type_.dtype.kind != "b":
        return {"i": int, "f": float, "c": complex}[type_.dtype.kind]
    return type_.dtype


@cache
def _resolve(ufunc: np.ufunc, operands: tuple[np.dtype | type, ...]) -> tuple[np.dtype, ...]:
    resolved = ufunc.resolve_dtypes((*operands, *(None,) * ufunc.nout))
    return resolved[len(operands) :]


def ufunc_dtypes(ufunc: np.ufunc, types: Sequence[Type]) -> tuple[np.dtype, ...]:
    """Dtypes of the outputs of a ufunc.

    Raises:
        Unsupported: NumPy has no loop for these operands.
    """
    try:
        return _resolve(ufunc, tuple(stand_in(type_) for type_ in numbers(types)))
    except TypeError as error:
        raise Unsupported(
            str(error).splitlines()[0], "convert the operands, for example with .astype(float)"
        ) from None


def promote(types: Sequence[Type]) -> np.dtype:
    """The common dtype, as `np.result_type` finds it."""
    found = numbers(types)
    strong = [type_.dtype for type_ in found if not isinstance(stand_in(type_), type)]
    weak = [SAMPLES[type_.dtype.kind] for type_ in found if isinstance(stand_in(type_), type)]
    return np.result_type(*strong, *weak)


def only_numbers(operands: Sequence[Type], result: ScalarType) -> ScalarType:
    """What a function of `math` gives, which takes no arrays but those of no dimensions."""
    if any(shape_of(operand) for operand in operands):
        raise Unsupported("a function of `math` of an array", "use that of NumPy, or loop over the array")
    return result


def ufunc_types(ufunc: np.ufunc, python: Callable[..., object] | None = None) -> TypeRule:
    """The type rule of a ufunc with one or two outputs.

    Args:
        ufunc: decides dtypes.
        python: what operators and builtins compute on Python scalars, where that is a Python scalar.
    """

    def rule(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        operands = numbers(types)
        if spelling.is_math:
            return (only_numbers(operands, FLOAT),) * ufunc.nout
        if python is not None and is_pythonic(spelling) and all(map(is_python, operands)):
            return python_results(python, operands)
        shape = broadcast_shapes(*map(shape_of, operands))
        return tuple(number_type(dtype, shape) for dtype in ufunc_dtypes(ufunc, operands))

    return rule


def predicate_types(ufunc: np.ufunc, python: Callable[..., object] | None = None) -> TypeRule:
    """Like `ufunc_types`; its `math` spelling gives a bool."""
    general = ufunc_types(ufunc, python)

    def rule(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        return (only_numbers(numbers(types), BOOL),) if spelling.is_math else general(types, attrs, spelling)

    return rule


def python_results(
    function: Callable[..., object], operands: Sequence[ScalarType | ArrayType]
) -> tuple[ScalarType, ...]:
    """Types that a Python operator gives for Python scalars, found by trying it on samples."""
    try:
        result = function(*(SAMPLES[type_.dtype.kind] for type_ in operands))
    except TypeError as error:
        raise Unsupported(str(error), "convert the operands") from None
    results = result if isinstance(result, tuple) else (result,)
    return tuple(python_scalar(item) for item in results)


def length_of(type_: Type) -> Length | None:
    """What an int operand is as a length, where known."""
    return type_.length if isinstance(type_, ScalarType) else None


@cache
def opaque_length(operation: str, *operands: Length | int) -> Length:
    """The unknown length `operation(*operands)`: the same symbol for the same operands."""
    return fresh()


def int_result(operation: str, types: Sequence[Type]) -> ScalarType:
    """An int computed from ints, as a length where the operands are known as lengths."""
    lengths = [length_of(type_) for type_ in types]
    known = [length for length in lengths if length is not None]
    if len(known) != len(lengths):
        return INT
    if operation == "add":
        return int_of_length(known[0] + known[1])
    if operation == "sub":
        return int_of_length(known[0] - known[1])
    if operation == "mul":
        return int_of_length(known[0] * known[1])
    if operation == "neg":
        return int_of_length(known[0] * -1)
    if operation in ("floordiv", "mod"):
        return int_of_length(_divided(operation, known[0], known[1]))
    return int_of_length(opaque_length(operation, *known))


def _divided(operation: str, left: Length, right: Length) -> Length:
    if left.constant is not None and right.constant:
        quotient, rest = divmod(left.constant, right.constant)
        return Length(()) + (quotient if operation == "floordiv" else rest)
    return opaque_length(operation, left, right)


def counted(operation: str, rule: TypeRule) -> TypeRule:
    """The rule, refined where the result is a Python int: it keeps what is known of it as a length."""

    def refined(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
        results = rule(types, attrs, spelling)
        return tuple(int_result(operation, types) if result == INT else result for result in results)

    return refined


def same_type(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """The type of the first operand."""
    return (types[0],)


def stated_results(
    types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
) -> tuple[Type, ...]:
    """The types that the attribute `results` states."""
    results = attrs["results"]
    assert isinstance(results, tuple)
    return results


def always(*results: Type) -> TypeRule:
    """These types, whatever the operands."""
    return lambda types, attrs, spelling: results


def inexact(dtype: np.dtype) -> np.dtype:
    """The dtype in which a number is computed with: ints become float64."""
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


def inexact_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """One operand; bools and ints become float64, other numbers keep their dtype."""
    (operand,) = numbers(types[:1])
    dtype = operand.dtype if operand.dtype.kind in "fc" else np.dtype(np.float64)
    return (number_type(dtype, shape_of(operand)),)
