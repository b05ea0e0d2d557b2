"""Rounding, signs and integer arithmetic: constant almost everywhere, or nearly so.

In:  nothing.   Out: `OPERATIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import BOOL, FLOAT, INT, Type, dtype_of, shape_of
from gradscribe.ops.arithmetic import slope_of_abs
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import UFUNC_KEYWORDS, constant_almost_everywhere, custom, elementwise
from gradscribe.ops.promotion import always, is_array, number_type, numbers, only_numbers, ufunc_types
from gradscribe.ops.spec import Contributions, Domain, OpSpec, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
STEPS = "it is piecewise constant"
INTEGER = "it works on ints"


def _round_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    dtype = np.dtype(np.float16) if operand.dtype.kind == "b" else operand.dtype
    return (number_type(dtype, shape_of(operand)),)


def _scalar(types: Sequence[Type]) -> Type:
    operand = numbers(types)[0]
    if is_array(operand):
        raise Unsupported("Python's round does not take an array", "use np.round")
    return operand


def _rounded_int(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    _scalar(types)
    return (INT,)


def _rounded_digits(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (_scalar(types),)


def _steps(name: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(name, f"numpy.{name}", STEPS, doc)


def _int_function(name: str, signature: str, doc: str) -> OpSpec:
    return constant_almost_everywhere(
        f"int_{name}",
        f"math.{name}",
        INTEGER,
        doc,
        signature=signature,
        types=always(INT),
        backend=Domain.OPAQUE,
        samples=("n(5), n(2)",) if "," in signature else ("n(5)",),
    )


def _int_types(ufunc: np.ufunc) -> TypeRule:
    """The rule of a ufunc on ints whose `math` spelling gives a Python int."""
    general = ufunc_types(ufunc)

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        return (INT,) if spelling.is_math else general(types, attrs, spelling)

    return rule


def _split_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """Of fractional and whole part, only the fractional one moves."""
    return [cts[0]]


def _split_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    return [tangents[0], None]


def _frexp_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (FLOAT, INT) if spelling.is_math else ufunc_types(np.frexp)(types, attrs, spelling)


def _frexp_scale(b: OpBuilder, node: Node, value: Value) -> Value:
    # An exponent is an int, and far from the ends of its dtype.
    return b.op("ldexp", value, b.apply("neg", node.outputs[1:])[0])


def _frexp_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    return [None if cts[0] is None else _frexp_scale(b, node, cts[0])]


def _frexp_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    return [None if tangents[0] is None else _frexp_scale(b, node, tangents[0]), None]


def _divmod_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return ufunc_types(np.divmod, divmod)(types, attrs, spelling)


def _divmod_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    ct = cts[1]
    if ct is None:
        return [None, None]
    return [ct, b.op("neg", b.op("mul", node.outputs[0], ct))]


def _divmod_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    x_dot, y_dot = tangents
    if y_dot is None:
        return [None, x_dot]
    moved = b.op("neg", b.op("mul", node.outputs[0], y_dot))
    return [None, moved if x_dot is None else b.op("add", x_dot, moved)]


STEP_FUNCTIONS = (
    _steps("floor", "Rounded down."),
    _steps("ceil", "Rounded up."),
    _steps("trunc", "Rounded towards zero."),
    _steps("rint", "Rounded to the nearest int, ties to even."),
    constant_almost_everywhere(
        "round",
        "numpy.round numpy.around .round()",
        STEPS,
        "Rounded to `decimals` places.",
        signature="x, decimals=0",
        operands=("x",),
        types=_round_types,
        refused_keywords={"out": "it writes into another array"},
        domain={"x": (0.3, 0.4)},
    ),
    constant_almost_everywhere(
        "round_to_int",
        "builtins.round",
        STEPS,
        "Python's rounding to an int.",
        types=_rounded_int,
        otherwise="round_to_digits",
        backend=Domain.OPAQUE,
        samples=("f()", "s()"),
    ),
    constant_almost_everywhere(
        "round_to_digits",
        "builtins.round",
        STEPS,
        "Python's rounding to digits.",
        signature="x, ndigits",
        operands=("x",),
        types=_rounded_digits,
        backend=Domain.OPAQUE,
        samples=("f(), 2", "s(), 1"),
    ),
    constant_almost_everywhere(
        "fix",
        "numpy.fix",
        STEPS,
        "Rounded towards zero.",
        types=ufunc_types(np.trunc),
        refused_keywords={"out": "it writes into another array"},
    ),
    constant_almost_everywhere("sign", "numpy.sign", STEPS, "-1, 0 or 1 by the sign of x."),
    constant_almost_everywhere("signbit", "numpy.signbit", STEPS, "Whether the sign bit is set."),
    constant_almost_everywhere("spacing", "numpy.spacing", STEPS, "Distance to the next float."),
    *(
        constant_almost_everywhere(
            f"{name}_to_int", f"math.{name}", STEPS, f"`math.{name}`: an int.", types=always(INT)
        )
        for name in ("floor", "ceil", "trunc")
    ),
    constant_almost_everywhere("ulp", "math.ulp", STEPS, "Value of the last bit.", types=always(FLOAT)),
    constant_almost_everywhere(
        "nextafter",
        "numpy.nextafter math.nextafter",
        "it moves by one rounding error",
        "The next float towards y.",
        signature="x, y",
    ),
)

NEARLY_LINEAR = (
    elementwise(
        "fabs",
        "numpy.fabs math.fabs",
        {"x": slope_of_abs},
        "Absolute value, always a float.",
        formula="Abs(x)",
        kinks={0.0: 0.0},
        kink_reason="the middle of the two slopes",
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300)},
    ),
    elementwise(
        "copysign",
        "numpy.copysign math.copysign",
        {"x": "sign(x) * copysign(1.0, y)"},
        "|x| with the sign of y.",
        constant={"y": "only its sign is read"},
        formula="Abs(x) * sign(y)",
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300), "y": (-1e-300, 2.0)},
    ),
    elementwise(
        "heaviside",
        "numpy.heaviside",
        {"h": "1.0 - abs(sign(x))"},
        "0 below 0, h at 0, 1 above.",
        constant={"x": STEPS},
        signature="x, h",
        formula="Piecewise((0, x < 0), (1, x > 0), (h, True))",
        hard_points={"x": (-1e300, -5e-324, 0.0, 5e-324, 1.0), "h": (0.5, 1e300)},
    ),
    elementwise(
        "ldexp",
        "numpy.ldexp math.ldexp",
        {"x": "ldexp(1.0, i)"},
        "x * 2**i.",
        constant={"i": "it is an int"},
        signature="x, i",
        samples=("a(3), i(3)", "f(), 2", "s(), i(3)"),
        formula="x * 2 ** i",
        hard_points={"x": (1e-300, 1.0, 1e300), "i": (-3, 5)},
    ),
    elementwise(
        "fmod",
        "numpy.fmod math.fmod",
        {"x": "1.0", "y": "-rint((x - out) / y)"},
        "Remainder with the sign of x.",
        singular=True,
        domain={"y": (0.7, 1.3)},
        formula="x - y * sign(x / y) * floor(Abs(x / y))",
        hard_points={"x": (-7.25, 1e-300, 3.75, 1000.3), "y": (-2.0, 0.7, 2.5)},
    ),
    elementwise(
        "ieee_remainder",
        "math.remainder",
        {"x": "1.0", "y": "-rint((x - out) / y)"},
        "Remainder nearest to 0.",
        types=lambda types, attrs, spelling: (only_numbers(types, FLOAT),),
        refused_keywords={},
        domain={"y": (0.7, 1.3)},
        formula="x - y * floor(x / y + Rational(1, 2))",
        hard_points={"x": (-7.25, 1e-300, 3.5, 1000.3), "y": (-2.0, 0.7, 2.5)},
    ),
    custom(
        "modf",
        "numpy.modf math.modf",
        "x",
        _split_vjp,
        _split_jvp,
        ufunc_types(np.modf),
        "Fractional and whole part.",
        why="the fractional part moves with x, the whole part does not",
        refused_keywords=UFUNC_KEYWORDS,
        samples=("a(3)", "f()", "s()"),
    ),
    custom(
        "frexp",
        "numpy.frexp math.frexp",
        "x",
        _frexp_vjp,
        _frexp_jvp,
        _frexp_types,
        "Mantissa and exponent.",
        why="the mantissa is x times a power of two",
        refused_keywords=UFUNC_KEYWORDS,
        samples=("a(3)", "f()", "s()"),
    ),
    custom(
        "divmod",
        "builtins.divmod numpy.divmod",
        "x, y",
        _divmod_vjp,
        _divmod_jvp,
        _divmod_types,
        "Quotient rounded down, and remainder.",
        why="the quotient is piecewise constant",
        refused_keywords=UFUNC_KEYWORDS,
        samples=("a(3), a(3)", "f(), f()", "a(2, 3), 0.7", "a(2, 1), a(3)"),
    ),
)


def _modulo_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    if spelling.name != "builtins.pow" or any(dtype_of(type_).kind not in "bi" for type_ in types):
        raise Unsupported("a power with a third argument that is not `pow` of ints", "write `x ** y % z`")
    return (INT,)


INTEGER_FUNCTIONS = (
    constant_almost_everywhere(
        "pow_modulo",
        "builtins.pow",
        INTEGER,
        "Power of ints, modulo a third.",
        signature="x, y, z",
        types=_modulo_types,
        backend=Domain.OPAQUE,
        samples=("n(5), n(2), n(3)", "n(3), -1, n(7)"),
    ),
    _int_function("comb", "n, k", "Number of ways to choose k of n."),
    _int_function("perm", "n, k", "Number of ways to arrange k of n."),
    _int_function("factorial", "n", "n!"),
    _int_function("isqrt", "n", "Integer square root."),
    *(
        constant_almost_everywhere(
            name,
            f"numpy.{name} math.{name}",
            INTEGER,
            doc,
            signature="x, y",
            types=_int_types(getattr(np, name)),
        )
        for name, doc in (("gcd", "Greatest common divisor."), ("lcm", "Least common multiple."))
    ),
    constant_almost_everywhere(
        "isclose",
        "math.isclose",
        "its result is a bool",
        "Whether two numbers are nearly equal.",
        signature="x, y, rel_tol=1e-09, abs_tol=0.0",
        operands=("x", "y"),
        types=always(BOOL),
        backend=Domain.OPAQUE,
        samples=("f(), f()", "1.0, 1.1, rel_tol=0.5"),
    ),
    constant_almost_everywhere(
        "isclose_arrays",
        "numpy.isclose",
        "its result is a bool",
        "Whether numbers are nearly equal.",
        signature="x, y, rtol=1e-05, atol=1e-08, equal_nan=False",
        operands=("x", "y"),
        types=ufunc_types(np.equal),
        backend=Domain.OPAQUE,
        samples=("a(3), a(3)", "a(3), s(), atol=1.0", "s(), s()"),
    ),
)

OPERATIONS = (*STEP_FUNCTIONS, *NEARLY_LINEAR, *INTEGER_FUNCTIONS)
