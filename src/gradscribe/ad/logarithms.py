"""The logarithm of an expression, as a sum of logarithms of its factors.

    log(a * b / c)                        1 / a, 1 / b and -1 / c
    log(x ** n), log(sqrt(x))             n / x, 0.5 / x
    log(exp(-z * z / 2) / s)              1 by the exponent, whatever underflows
    log(exp(x) / sum(exp(x)))             1, and minus the softmax by what stands in the sum
    log(det(a))                           the inverse, transposed
    log(erfc(x)), log(gamma(x)), ...      the logarithmic derivative of the function
    log(1 + x * x), log(hypot(1, x))      in derivatives: nothing at infinity, where the parts are inf / inf

In:  the operand of a logarithm.   Out: the parts of its derivative.
Not here: sums of exponentials (exponentials.py, quotients.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from gradscribe.ad.elementwise import environment
from gradscribe.ad.exponentials import Quotient, one_plus, read
from gradscribe.ad.forms import Part, Reduction, weighted
from gradscribe.ad.quotients import logarithm_parts
from gradscribe.ad.reader import DEPTH, Reader, is_real, squared
from gradscribe.ad.softmax import softmax_of
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import dtype_of, is_inexact
from gradscribe.ops.linalg import slogdet_jvp, slogdet_vjp
from gradscribe.ops.spec import spelling_of

# Logarithmic derivatives, for functions that overflow or underflow where these do not.
ERFC = "-1.1283791670955126 / erfcx(x)"
NDTR = "0.7978845608028654 / erfcx(-0.7071067811865476 * x)"
LOGARITHMIC: Mapping[str, Mapping[str, str]] = {
    "erfc": {"x": ERFC},
    "erfcx": {"x": "2.0 * x - 1.1283791670955126 / erfcx(x)"},
    "ndtr": {"x": NDTR},
    "gamma": {"x": "digamma(x)"},
    "beta": {"a": "digamma(a) - digamma(a + b)", "b": "digamma(b) - digamma(a + b)"},
    "numpy_i0": {"x": "bessel_i1e(x) / bessel_i0e(x)"},
    "bessel_i0": {"x": "bessel_i1e(x) / bessel_i0e(x)"},
    "bessel_i1": {"x": "bessel_i0e(x) / bessel_i1e(x) - 1.0 / x"},
    "bessel_k0": {"x": "-bessel_k1e(x) / bessel_k0e(x)"},
    "bessel_k1": {"x": "-bessel_k0e(x) / bessel_k1e(x) - 1.0 / x"},
    "bessel_iv": {"z": "bessel_ive(v + 1.0, z) / bessel_ive(v, z) + v / z"},
    "bessel_kv": {"z": "v / z - bessel_kve(v + 1.0, z) / bessel_kve(v, z)"},
}

# 1 minus the function, as a function: its argument and its logarithmic derivative.
COMPLEMENTS: Mapping[str, str] = {
    "erf": ERFC,
    "ndtr": "-0.7978845608028654 / erfcx(0.7071067811865476 * x)",
}

# From here on 1 / (1 + x²)² is 0 in this precision.
SQUARED_IS_FINITE = {"float64": "1e150", "float32": "1e18"}


class Logarithms:
    """Takes logarithms of the values of one block apart.

    Attributes:
        of_divisors: what is taken apart is a divisor, for its logarithmic derivative.
        in_derivative: it stands in a derivative, where no user has stated how infinity is met.
    """

    def __init__(self, reader: Reader, *, of_divisors: bool = False, in_derivative: bool = False) -> None:
        self.reader = reader
        self.of_divisors = of_divisors
        self.in_derivative = in_derivative

    def parts(self, value: Value, weight: float, depth: int = DEPTH) -> tuple[Part, ...]:
        """`weight` times the derivative of log |value|."""
        if self.reader.literal(value) is not None:
            return ()
        node = self.reader.makers.get(value)
        if node is None or not depth:
            return leaf(value, weight)
        either_sign = self.of_divisors or depth < DEPTH
        found = self._of_quotient(read(self.reader, value), weight, either_sign=either_sign)
        if found is not None:
            return found
        factors = self._factors(node)
        if factors is not None:
            return tuple(
                part for factor, power in factors for part in self.parts(factor, weight * power, depth - 1)
            )
        return self._special(node, weight) or leaf(value, weight)

    def of_one_plus(self, value: Value, weight: float) -> tuple[Part, ...]:
        """`weight` times the derivative of log(1 + value); nothing where ordinary rules do."""
        quotient = read(self.reader, value)
        whole = one_plus(quotient) if quotient is not None else None
        found = self._of_quotient(whole, weight, either_sign=False)
        if found is not None:
            return found
        negated = self.reader.maker(value, "neg")
        if negated is not None:
            return self._complement(negated.inputs[0], -1, weight)
        return self._complement(value, 1, weight)

    def _of_quotient(
        self, quotient: Quotient | None, weight: float, *, either_sign: bool
    ) -> tuple[Part, ...] | None:
        return None if quotient is None else logarithm_parts(quotient, weight, either_sign=either_sign)

    def _factors(self, node: Node) -> list[tuple[Value, float]] | None:
        """Values and powers whose product is the value of the node, up to its sign."""
        match node.op.name, node.inputs:
            case "mul", (x, y):
                return [(x, 1.0), (y, 1.0)]
            case "div", (x, y):
                return [(x, 1.0), (y, -1.0)]
            case "neg" | "abs" | "fabs", (x,):
                return [(x, 1.0)]
            case "reciprocal", (x,):
                return [(x, -1.0)]
            case "square", (x,):
                return [(x, 2.0)]
            case "sqrt", (x,):
                return [(x, 0.5)]
            case "pow", (x, n) if self.reader.literal(n):
                return [(x, self.reader.literal(n) or 1.0)]
        return None

    def _special(self, node: Node, weight: float) -> tuple[Part, ...]:
        """A function with a logarithmic derivative of its own."""
        name = node.op.name
        if name in LOGARITHMIC and self._is_covered(node):
            names = environment(node)
            return tuple(
                Part(names[operand], _times(weight, text), names)
                for operand, text in LOGARITHMIC[name].items()
            )
        growing = _growing(self.reader, node, weight) if self.in_derivative else ()
        if growing:
            return growing
        if name in ("add", "sub"):
            return self._one_and_function(node, weight)
        reduction = None if self.of_divisors else self._reduction(node)
        return () if reduction is None else (_reduced(node, reduction, weight),)

    def _is_covered(self, node: Node) -> bool:
        """The row has a derivative by every operand that may move; functions of `math` do without SciPy."""
        moving = {
            name
            for name, value in environment(node).items()
            if name != "out" and is_inexact(value.type) and self.reader.literal(value) is None
        }
        return moving <= set(LOGARITHMIC[node.op.name]) and not spelling_of(node).is_math

    def _one_and_function(self, node: Node, weight: float) -> tuple[Part, ...]:
        left, right = node.inputs
        if self.reader.literal(left) == 1:
            return self._complement(right, 1 if node.op.name == "add" else -1, weight)
        if self.reader.literal(right) == 1 and node.op.name == "add":
            return self._complement(left, 1, weight)
        return ()

    def _complement(self, value: Value, sign: int, weight: float) -> tuple[Part, ...]:
        """`weight` times the derivative of log(1 + sign * value), where the value is a distribution function."""
        node = self.reader.maker(value, *COMPLEMENTS)
        if node is None or spelling_of(node).is_math or (sign > 0 and node.op.name != "erf"):
            return ()
        (x,) = node.inputs
        if sign < 0:
            return (Part(x, _times(weight, COMPLEMENTS[node.op.name]), {"x": x}),)
        return (Part(x, _times(weight, "1.1283791670955126 / erfcx(-x)"), {"x": x}),)

    def _reduction(self, node: Node) -> tuple[Value, Reduction] | None:
        """The operand of a reduction, and how the logarithm of its result moves with it."""
        name, operand = node.op.name, node.inputs[0] if node.inputs else None
        if operand is None or len(node.inputs) != 1:
            return None
        if name in ("sum", "mean"):
            return softmax_of(self.reader, node)
        if name == "prod":
            return operand, weighted(node, lambda b: b.op("div", 1.0, operand))
        if name == "det":
            return operand, Reduction(
                node.output,
                lambda b, ct: _value(slogdet_vjp(b, node, [None, ct])[0]),
                lambda b, tangent: _value(slogdet_jvp(b, node, [tangent])[1]),
            )
        return None


def _growing(reader: Reader, node: Node, weight: float) -> tuple[Part, ...]:
    """What partials of inverse functions divide by, and by nothing smaller.

    At infinity x / (1 + x²) would be nan; from the bound on, the quotient that it is a factor of is 0 anyway.
    """
    name = node.op.name
    if name in ("cbrt", "scipy_cbrt"):
        return leaf(node.inputs[0], weight / 3.0)
    if name not in ("add", "hypot") or reader.literal(node.inputs[0]) != 1:
        return ()
    x = node.inputs[1] if name == "hypot" else squared(reader, node.inputs[1])
    bound = SQUARED_IS_FINITE.get(dtype_of(x.type).name) if x is not None and is_real(x) else None
    if x is None or bound is None:
        return ()
    factor, divisor = (weight, "below / below") if name == "hypot" else (2.0 * weight, "below")
    text = f"{factor!r} * clip(x, -{bound}, {bound}) / {divisor}"
    return (Part(x, text, {"x": x, "below": node.output}),)


def _value(found: object) -> Value:
    assert isinstance(found, Value)
    return found


def _reduced(node: Node, found: tuple[Value, Reduction], weight: float) -> Part:
    operand, reduction = found
    return Part(operand, repr(weight), reduction=reduction)


def leaf(value: Value, weight: float) -> tuple[Part, ...]:
    """`weight` times the derivative of the logarithm of a value with nothing special."""
    return (Part(value, f"{weight!r} / factor", {"factor": value}),)


def is_leaf(part: Part) -> bool:
    """The part is `weight / factor`, as ordinary rules have it."""
    return "factor" in part.names


def _times(weight: float, text: str) -> str:
    return text if weight == 1 else f"{weight!r} * ({text})"
