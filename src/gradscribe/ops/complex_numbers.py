"""Real and imaginary parts, conjugates and angles.

Cotangents of complex values are JAX's: y = f(x) with partial p pulls ȳ back to p ȳ, without conjugation, and where
y is real, its tangent is the real part of p times that of x.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import BOOL, COMPLEX, Type, dtype_of, shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import UFUNC_KEYWORDS, constant_almost_everywhere, elementwise, linear
from gradscribe.ops.promotion import is_array, is_python, number_type, numbers, same_type, ufunc_types
from gradscribe.ops.spec import Aliasing, Contributions, Domain, Partial, Spelling, SpellingKind, Unsupported
from gradscribe.runtime.complex_numbers import with_imag, with_real

Attrs = Mapping[str, object]


def _is_complex(type_: Type) -> bool:
    return dtype_of(type_).kind == "c"


def _part_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    dtype = _real_dtype(operand)
    if is_python(operand) and dtype.kind == "b":
        dtype = np.dtype(np.int64)
    return (replace(operand, dtype=dtype),)


def _real_dtype(type_: Type) -> np.dtype:
    return np.empty(0, dtype_of(type_)).real.dtype


def _with_real_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """What was kept is the imaginary part, whose pullback takes the imaginary part of the cotangent."""
    (ct,) = cts
    assert ct is not None
    return [b.op("with_real", ct, b.op("zeros_like", node.inputs[1])), b.op("real", ct)]


def _with_imag_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """By the new imaginary part, the derivative is the real part of i times the cotangent."""
    (ct,) = cts
    assert ct is not None
    kept = b.op("with_imag", ct, b.op("zeros_like", node.inputs[1]))
    return [kept, b.op("neg", b.op("imag", ct))]


def _when_complex(complex_text: str, real_text: str | None) -> Partial:
    return lambda b, node: complex_text if _is_complex(node.inputs[0].type) else real_text


def _conj_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    return b.op("conj", ct)


def _conj_aliasing(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> Aliasing:
    """The method of a real array is the array itself; the function makes a new one."""
    called = spelling.kind is SpellingKind.METHOD
    return Aliasing.SAME if called and not _is_complex(types[0]) else Aliasing.FRESH


def _make_complex_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if any(is_array(operand) for operand in numbers(types)):
        raise Unsupported("Python's complex does not take arrays", "write x + 1j * y")
    return (COMPLEX,)


def _angle_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    real = number_type(_real_dtype(operand), shape_of(operand))
    return ufunc_types(np.arctan2)((real, real), attrs, spelling)


def _angle_partial(b: OpBuilder, node: Node) -> str | None:
    if not _is_complex(node.inputs[0].type):
        return None
    return "-57.29577951308232j / z" if node.attrs.get("deg", False) else "-1j / z"


def _predicate_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if spelling.name == "numpy.isreal" and is_python(operand):
        return (BOOL,)
    return (number_type(np.dtype(np.bool_), shape_of(operand)),)


PLANE = (1e-150 + 1e-150j, -1e-9 + 0.0j, -1.0 - 1e-9j, 3.0 - 4.0j, 1e100 + 1e100j)
PART_SAMPLES = ("c(3), a(3)", "c(2, 3), a(2, 3)")
COMPLEX_SAMPLES = ("c(3)", "a(3)", "cs()", "s()", "f()")

OPERATIONS = (
    elementwise(
        "real",
        ".real numpy.real",
        {"x": "1.0"},
        "The real part.",
        formula="re(x)",
        hard_points={"x": PLANE},
        types=_part_types,
        aliasing=Aliasing.VIEW,
        refused_keywords={},
        samples=COMPLEX_SAMPLES,
    ),
    elementwise(
        "imag",
        ".imag numpy.imag",
        {"x": _when_complex("-1j", None)},
        "The imaginary part.",
        formula="im(x)",
        hard_points={"x": PLANE},
        types=_part_types,
        aliasing=Aliasing.VIEW,
        refused_keywords={},
        samples=COMPLEX_SAMPLES,
    ),
    linear(
        "with_real",
        "gradscribe.runtime.complex_numbers.with_real",
        "z, part",
        None,
        same_type,
        "The complex array with another real part.",
        transposes=_with_real_vjp,
        samples=PART_SAMPLES,
        evaluate=lambda inputs, attrs: with_real(*inputs),
    ),
    linear(
        "with_imag",
        "gradscribe.runtime.complex_numbers.with_imag",
        "z, part",
        None,
        same_type,
        "The complex array with another imaginary part.",
        transposes=_with_imag_vjp,
        samples=PART_SAMPLES,
        evaluate=lambda inputs, attrs: with_imag(*inputs),
    ),
    elementwise(
        "make_complex",
        "builtins.complex",
        {"real": "1.0", "imag": "1j"},
        "A complex number of its parts.",
        formula="real + I * imag",
        hard_points={"real": (-1e300, 0.0, 5e-324), "imag": (-5e-324, 0.0, 1e300)},
        types=_make_complex_types,
        otherwise="convert",
        refused_keywords={},
        samples=("f(), f()", "s(), f()"),
    ),
    linear(
        "conj",
        "numpy.conj numpy.conjugate .conj() .conjugate()",
        "x",
        _conj_transpose,
        ufunc_types(np.conjugate),
        "The complex conjugate.",
        aliasing=_conj_aliasing,
        refused_keywords=UFUNC_KEYWORDS,
        backend=Domain.ELEMENTWISE,
        samples=COMPLEX_SAMPLES[:-1],
    ),
    elementwise(
        "angle",
        "numpy.angle",
        {"z": _angle_partial},
        "The argument of a complex number.",
        formula="atan2(im(z), re(z))",
        hard_points={"z": PLANE},
        signature="z, deg=False",
        operands=("z",),
        types=_angle_types,
        singular=True,
        refused_keywords={},
        samples=(*COMPLEX_SAMPLES[:-1], "c(3), deg=True"),
    ),
    *(
        constant_almost_everywhere(
            name,
            f"numpy.{name}",
            "its result is a bool",
            f"Whether a number {doc}.",
            types=_predicate_types,
            refused_keywords={},
        )
        for name, doc in (("isreal", "has no imaginary part"), ("iscomplex", "has an imaginary part"))
    ),
)
