"""Python's operators and the ufuncs behind them.

In:  nothing.   Out: `OPERATIONS`.
Not here: functions with a name of their own, such as exp (elementwise.py); matmul (contraction.py).
"""

from __future__ import annotations

import operator as op
from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ir.graph import Node
from gradscribe.ir.lengths import at_least_zero
from gradscribe.ir.types import BOOL, FLOAT, INT, Type, dtype_of, numpy_scalar, shape_of
from gradscribe.ops.accuracy import Accuracy
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.declare import constant_almost_everywhere, derived, elementwise
from gradscribe.ops.promotion import (
    counted,
    is_python,
    is_pythonic,
    length_of,
    numbers,
    predicate_types,
    ufunc_types,
)
from gradscribe.ops.spec import Domain, OpSpec, Spelling, Unsupported

POSITIVE = (0.3, 3.0)
DISCRETE = "its result is a bool or an int"


def _pow_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """An int to the power of an int that may be negative is a float in Python."""
    if (
        len(types) == 2
        and is_pythonic(spelling)
        and all(is_python(t) and t.dtype.kind in "bi" for t in numbers(types))
    ):
        exponent = length_of(types[1])
        natural = attrs.get("natural") or (exponent is not None and at_least_zero(exponent) == exponent)
        return (INT,) if natural else (FLOAT,)
    return ufunc_types(np.power, op.pow)(types, attrs, spelling)


ZERO_TO_ZERO = (
    "By the exponent, 0 ** y counts as constant. 0 ** 0 has the derivative 0 by the base, "
    "but nan where the base is an array and the exponent a variable number."
)


def literal_text(value: Number) -> str:
    """A number as the expressions of derivatives write it: floats, so that float32 stays float32."""
    return repr(value if isinstance(value, complex) else float(value))


def power_by_base(node: Node) -> str:
    """y x**(y - 1), and 0 where both are 0; where only y is, it still moves with y.

    Of an array to the power of one number that is left out: it would make an array of the number, to which powers
    take four times as long.
    """
    exponent = node.inputs[1].type
    if dtype_of(exponent).kind in "biu":
        return "where(y == 0, 0.0, y * x ** (y - 1))"
    if shape_of(exponent):
        return "y * x ** (y - logical_or(x, y))"
    return (
        "y * x ** (y - 1.0)" if shape_of(node.output.type) else "y * where(y == 0, or_one(x), x) ** (y - 1.0)"
    )


def _power_by_base(b: OpBuilder, node: Node) -> str | None:
    """d(x ** y)/dx. A literal exponent never meets a logarithm, nor a negative power that it does not need."""
    exponent = b.literal(node.inputs[1])
    if exponent is None:
        return power_by_base(node)
    if exponent == 0:
        return None
    if exponent == 1:
        return "1.0"
    if exponent == 2:
        return "2.0 * x"
    reduced = exponent - 1
    return f"{literal_text(exponent)} * x ** {f'({reduced})' if _is_negative(reduced) else reduced}"


def slope_of_abs(b: OpBuilder, node: Node) -> str:
    """d|x|/dx; 0 at 0."""
    (x,) = node.inputs
    if dtype_of(x.type).kind == "c":
        return "conj(x) / or_one(out)"
    return "sign(x)" if shape_of(x.type) else "where(x > 0, 1.0, where(x < 0, -1.0, 0.0))"


def _is_negative(value: Number) -> bool:
    return not isinstance(value, complex) and value < 0


ARITHMETIC = (
    elementwise(
        "add",
        "+ numpy.add operator.add",
        derived("x y"),
        "Sum of two numbers.",
        formula="x + y",
        types=counted("add", ufunc_types(np.add, op.add)),
        hard_points={"x": (-1e308, -1e-300, 5e-324, 1.0), "y": (-1.0, 1e-16, 1e308)},
    ),
    elementwise(
        "sub",
        "- numpy.subtract operator.sub",
        derived("x y"),
        "Difference of two numbers.",
        formula="x - y",
        types=counted("sub", ufunc_types(np.subtract, op.sub)),
        hard_points={"x": (-1e308, -1e-300, 5e-324, 1.0), "y": (-1.0, 1e-16, 1e308)},
    ),
    elementwise(
        "mul",
        "* numpy.multiply operator.mul",
        derived("x y"),
        "Product of two numbers.",
        formula="x * y",
        types=counted("mul", ufunc_types(np.multiply, op.mul)),
        hard_points={"x": (-1e200, -1e-200, 5e-324, 3.0), "y": (-1e-200, 7.0, 1e100)},
    ),
    elementwise(
        "div",
        "/ numpy.divide numpy.true_divide operator.truediv",
        {"x": "1.0 / y", "y": "-(out / y)"},
        "Quotient of two numbers.",
        formula="x / y",
        types=ufunc_types(np.true_divide, op.truediv),
        singular=True,
        domain={"y": POSITIVE},
        hard_points={"x": (-1e200, 5e-324, 3.0), "y": (-1e-50, 1e-5, 7.0, 1e100)},
    ),
    elementwise(
        "pow",
        "** numpy.power numpy.pow builtins.pow operator.pow math.pow",
        {"x": _power_by_base, "y": "where(x == 0, 0.0, out * log(where(x == 0, 1.0, x)))"},
        "Power. With a literal exponent the derivative takes no logarithm.",
        formula="x ** y",
        types=counted("pow", _pow_types),
        singular=True,
        domain={"x": POSITIVE, "y": (-2.0, 3.0)},
        note=ZERO_TO_ZERO,
        otherwise="pow_modulo",
        accuracy=Accuracy(ulp=300, why="y - 1 is rounded before the power is taken"),
        hard_points={"x": (1e-100, 0.999999999, 1.0, 10.0), "y": (-2.5, 1e-9, 0.5, 3.0, 100.5)},
    ),
    elementwise(
        "neg",
        "-x numpy.negative operator.neg",
        derived("x"),
        "The negative.",
        formula="-x",
        types=counted("neg", ufunc_types(np.negative, op.neg)),
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300)},
    ),
    elementwise(
        "pos",
        "+x numpy.positive operator.pos",
        derived("x"),
        "The number itself.",
        formula="x",
        types=ufunc_types(np.positive, op.pos),
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300)},
    ),
    elementwise(
        "abs",
        "numpy.abs numpy.absolute builtins.abs operator.abs",
        {"x": slope_of_abs},
        "Absolute value.",
        formula="Abs(x)",
        types=ufunc_types(np.absolute, abs),
        kinks={0.0: 0.0},
        kink_reason="the middle of the two slopes",
        hard_points={"x": (-1e300, -1e-300, 5e-324, 1.0, 1e300)},
    ),
    elementwise(
        "mod",
        "% numpy.mod numpy.remainder operator.mod",
        {"x": "1.0", "y": "-floor(x / y)"},
        "Remainder with the sign of the divisor.",
        types=counted("mod", ufunc_types(np.remainder, op.mod)),
        singular=True,
        domain={"y": (0.7, 1.3)},
        formula="x - y * floor(x / y)",
        hard_points={"x": (-7.25, 1e-300, 3.75, 1000.3), "y": (-2.0, 0.7, 2.5)},
    ),
    constant_almost_everywhere(
        "floordiv",
        "// numpy.floor_divide operator.floordiv",
        "it is piecewise constant",
        "Quotient rounded down.",
        signature="x, y",
        types=counted("floordiv", ufunc_types(np.floor_divide, op.floordiv)),
        domain={"y": (0.7, 1.3)},
    ),
)


def _comparison(name: str, symbol: str, numpy_name: str) -> OpSpec:
    python = getattr(op, name)
    return constant_almost_everywhere(
        name,
        f"{symbol} numpy.{numpy_name} operator.{name}",
        DISCRETE,
        f"Whether x {symbol} y, element by element.",
        signature="x, y",
        types=ufunc_types(getattr(np, numpy_name), python),
    )


COMPARISONS = tuple(
    _comparison(name, symbol, numpy_name)
    for name, symbol, numpy_name in (
        ("lt", "<", "less"),
        ("le", "<=", "less_equal"),
        ("gt", ">", "greater"),
        ("ge", ">=", "greater_equal"),
        ("eq", "==", "equal"),
        ("ne", "!=", "not_equal"),
    )
)


def _both_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    """`x and y` gives one of its operands: only of bools is that a bool."""
    if any(type_.dtype.kind != "b" or shape_of(type_) for type_ in numbers(types)):
        raise Unsupported(f"`{spelling.name}` of values that are not bools", "compare them, or write an `if`")
    return (BOOL,) if all(map(is_python, types)) else (numpy_scalar(np.bool_),)


def _bitwise(name: str, symbol: str, numpy_name: str, python_name: str) -> OpSpec:
    return constant_almost_everywhere(
        name,
        f"{symbol} numpy.{numpy_name} operator.{python_name}",
        DISCRETE,
        f"`x {symbol} y` on bools and ints.",
        signature="x, y",
        types=ufunc_types(getattr(np, numpy_name), getattr(op, python_name)),
    )


BITS = (
    _bitwise("and_", "&", "bitwise_and", "and_"),
    _bitwise("or_", "|", "bitwise_or", "or_"),
    _bitwise("xor", "^", "bitwise_xor", "xor"),
    _bitwise("lshift", "<<", "left_shift", "lshift"),
    _bitwise("rshift", ">>", "right_shift", "rshift"),
    constant_almost_everywhere(
        "invert",
        "~x numpy.invert numpy.bitwise_not numpy.bitwise_invert operator.invert",
        DISCRETE,
        "`~x` on bools and ints.",
        types=ufunc_types(np.invert, op.invert),
    ),
)

LOGIC = (
    constant_almost_everywhere(
        "bool_not",
        "not operator.not_",
        DISCRETE,
        "`not x` of a scalar.",
        types=lambda *_: (BOOL,),
        backend=Domain.OPAQUE,
        samples=("True", "f()", "s()"),
    ),
    constant_almost_everywhere(
        "bool_and",
        "and",
        DISCRETE,
        "`x and y` of two bools.",
        signature="x, y",
        types=_both_types,
        backend=Domain.OPAQUE,
        samples=("True, False",),
    ),
    constant_almost_everywhere(
        "bool_or",
        "or",
        DISCRETE,
        "`x or y` of two bools.",
        signature="x, y",
        types=_both_types,
        backend=Domain.OPAQUE,
        samples=("True, False",),
    ),
    *(
        constant_almost_everywhere(
            f"logical_{name}",
            f"numpy.logical_{name}",
            DISCRETE,
            f"`{name}` element by element.",
            signature=signature,
        )
        for name, signature in (("not", "x"), ("and", "x, y"), ("or", "x, y"), ("xor", "x, y"))
    ),
    *(
        constant_almost_everywhere(
            name,
            f"numpy.{name} math.{name}",
            DISCRETE,
            f"`{name}` element by element.",
            types=predicate_types(getattr(np, name)),
        )
        for name in ("isnan", "isinf", "isfinite")
    ),
)

OPERATIONS = (*ARITHMETIC, *COMPARISONS, *BITS, *LOGIC)
