"""Quotients that are 0 / 0 at 0 and smooth there, differentiated as a whole.

    sin(x) / x, log1p(x) / x, (exp(x) - 1) / x, (1 - cos(x)) / x ** 2 ...
    x / expm1(x), x / (1 - exp(-x)), x / tanh(x)

Both sides may have number factors: sin(k * x) / x with a literal k, (v + 40) / (1 - exp(-(v + 40) / 10)).

In:  a division.   Out: its form, a function of what the sine is taken of.
Not here: the derivatives (runtime/removable.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gradscribe.ad.forms import Form, Part
from gradscribe.ad.reader import Reader, scaled, squared
from gradscribe.ir.graph import Node, Value

OVER_ARGUMENT = ("sin", "sinh", "tanh", "expm1", "log1p", "arctan", "arctanh", "arcsin", "arcsinh", "erf")
UNDER_ARGUMENT = ("expm1", "tanh")


@dataclass(frozen=True, slots=True)
class _Applied:
    """`factor * function(argument)`; the versine is 1 - cos(x)."""

    function: str
    argument: Value
    factor: float = 1.0


def removable_form(reader: Reader, node: Node) -> Form | None:
    """The form of such a quotient."""
    above, below = node.inputs
    return _over_argument(reader, above, below) or _under_argument(reader, above, below)


def _over_argument(reader: Reader, above: Value, below: Value) -> Form | None:
    """f(u) over a multiple of u, or the versine of u over one of u²."""
    found = _applied(reader, above)
    if found is None:
        return None
    ratio = _ratio(reader, found.argument, below)
    if ratio is not None:
        return _form(found.argument, f"{found.function}_quotient", found.factor * ratio)
    factor, core = scaled(reader, below)
    root = squared(reader, core)
    ratio = None if root is None or found.function != "versine" else _ratio(reader, found.argument, root)
    if ratio is None:
        return None
    return _form(found.argument, "versine_square_quotient", found.factor * ratio * ratio / factor)


def _under_argument(reader: Reader, above: Value, below: Value) -> Form | None:
    """A multiple of u over f(u)."""
    found = _applied(reader, below)
    if found is None or found.function not in UNDER_ARGUMENT:
        return None
    ratio = _ratio(reader, found.argument, above)
    if not ratio:
        return None
    return _form(found.argument, f"{found.function}_reciprocal", 1.0 / (found.factor * ratio))


def _form(argument: Value, name: str, factor: float) -> Form:
    slope = f"{name}(x, 1)"
    return Form((Part(argument, slope if factor == 1.0 else f"{factor!r} * {slope}", {"x": argument}),))


def _ratio(reader: Reader, argument: Value, other: Value) -> float | None:
    """The number that the argument is, in units of another value."""
    (above, core), (below, other_core) = scaled(reader, argument), scaled(reader, other)
    alike = reader.same(core) == reader.same(other_core) and reader.literal(core) is None
    return above / below if alike and below else None


def _applied(reader: Reader, value: Value) -> _Applied | None:
    """The function that a value is a multiple of."""
    factor, value = scaled(reader, value)
    node = reader.maker(value, *OVER_ARGUMENT, "log", "sub")
    if node is None:
        return None
    if node.op.name == "sub":
        found = _difference(reader, *node.inputs)
    elif node.op.name == "log":
        found = _logarithm(reader, node.inputs[0])
    else:
        found = _Applied(node.op.name, node.inputs[0])
    return None if found is None else replace(found, factor=factor * found.factor)


def _difference(reader: Reader, left: Value, right: Value) -> _Applied | None:
    """1 - cos(u), exp(u) - 1 and 1 - exp(u)."""
    if reader.literal(right) == 1:
        node = reader.maker(left, "exp")
        return None if node is None else _Applied("expm1", node.inputs[0])
    node = reader.maker(right, "cos", "exp") if reader.literal(left) == 1 else None
    if node is None:
        return None
    cosine = node.op.name == "cos"
    return _Applied("versine" if cosine else "expm1", node.inputs[0], 1.0 if cosine else -1.0)


def _logarithm(reader: Reader, value: Value) -> _Applied | None:
    """log(1 + u)."""
    node = reader.maker(value, "add")
    if node is None:
        return None
    left, right = node.inputs
    other = right if reader.literal(left) == 1 else left if reader.literal(right) == 1 else None
    return None if other is None else _Applied("log1p", other)
