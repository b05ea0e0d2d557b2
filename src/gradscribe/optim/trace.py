"""An update rule, written as plain NumPy, as a list of NumPy calls into arrays that exist already.

A rule such as

    def momentum(g, trace, decay):
        trace = g + decay * trace
        return trace, trace

is run once on symbols. What it does to them is put down as a graph; constant factors are carried along until a sum
needs them, so that no pass over an array is spent on `-rate * (scale * x)`. Then each call gets a place for its
result: an output, or a scratch array that nothing needs any more.

In:  symbols and a rule.   Out: `Symbol`s that know their inputs.
Not here: the text of the generated function (sweep_source.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A number that is known when the sweep begins: an expression over the constants of the step."""

    text: str

    def __add__(self, other: Any) -> Any:
        return _scalar_or(other, lambda text: f"({self.text} + {text})", lambda s: s + self)

    def __radd__(self, other: float) -> Scalar:
        return Scalar(f"({other!r} + {self.text})")

    def __sub__(self, other: Any) -> Any:
        return _scalar_or(other, lambda text: f"({self.text} - {text})", lambda s: -s + self)

    def __rsub__(self, other: float) -> Scalar:
        return Scalar(f"({other!r} - {self.text})")

    def __mul__(self, other: Any) -> Any:
        return _scalar_or(other, lambda text: f"({self.text} * {text})", lambda s: s * self)

    def __rmul__(self, other: float) -> Scalar:
        return Scalar(f"({other!r} * {self.text})")

    def __truediv__(self, other: Any) -> Any:
        return _scalar_or(other, lambda text: f"({self.text} / {text})", lambda s: s.__rtruediv__(self))

    def __rtruediv__(self, other: float) -> Scalar:
        return Scalar(f"({other!r} / {self.text})")

    def __neg__(self) -> Scalar:
        return Scalar(f"(-{self.text})")


def _scalar_or(other: Any, text: Callable[[str], str], swapped: Callable[[Symbol], Symbol]) -> Any:
    if isinstance(other, Symbol):
        return swapped(other)
    return Scalar(text(scalar_text(other)))


def scalar_text(value: Scalar | float) -> str:
    """How generated code writes a number."""
    return value.text if isinstance(value, Scalar) else repr(float(value))


@dataclass(slots=True, eq=False)
class Call:
    """One NumPy call on arrays and numbers; an input array has no function.

    Attributes:
        function: a ufunc, or np.where; None for an input.
        operands: calls, and texts of numbers.
        name: of an input.
    """

    function: Callable[..., Any] | None
    operands: tuple[Call | str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """An array while a rule is run: a factor, not yet multiplied in, times the result of a call."""

    call: Call
    factor: str = ""

    # Arrays, not numbers, decide what an operator means.
    __array_priority__: float = field(default=1000.0, init=False, repr=False)

    def plain(self) -> Call:
        """The call that has multiplied the factor in."""
        return Call(np.multiply, (self.call, self.factor)) if self.factor else self.call

    def __add__(self, other: Any) -> Symbol:
        return _call(np.add, self, other)

    def __radd__(self, other: Any) -> Symbol:
        return _call(np.add, self, other)

    def __sub__(self, other: Any) -> Symbol:
        return _call(np.subtract, self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return _call(np.subtract, other, self)

    def __mul__(self, other: Any) -> Symbol:
        if isinstance(other, Symbol):
            square = self.call is other.call
            product = Call(np.square, (self.call,)) if square else Call(np.multiply, (self.call, other.call))
            return Symbol(product, _product(self.factor, other.factor))
        return Symbol(self.call, _product(self.factor, scalar_text(other)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Symbol:
        if not isinstance(other, Symbol):
            return Symbol(self.call, f"({self.factor or '1.0'} / {scalar_text(other)})")
        quotient = Call(np.divide, (self.call, other.plain()))
        return Symbol(quotient, self.factor)

    def __rtruediv__(self, other: Any) -> Symbol:
        return _call(np.divide, other, self)

    def __neg__(self) -> Symbol:
        return Symbol(self.call, f"(-{self.factor})" if self.factor else "-1.0")

    def __pow__(self, other: float) -> Symbol:
        if other != 2:
            return _call(np.power, self, other)
        return self * self

    def __abs__(self) -> Symbol:
        return _call(np.abs, self)

    def __lt__(self, other: Any) -> Symbol:
        return _call(np.less, self, other)

    def __gt__(self, other: Any) -> Symbol:
        return _call(np.greater, self, other)

    def __ge__(self, other: Any) -> Symbol:
        return _call(np.greater_equal, self, other)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *operands: Any, **keywords: Any) -> Any:
        if method != "__call__" or keywords:
            return NotImplemented
        match ufunc:
            case np.multiply:
                one, other = operands
                return one * other if isinstance(one, Symbol) else other * one
            case np.square:
                return self * self
            case _:
                return _call(ufunc, *operands)

    def __array_function__(self, function: Any, types: Any, operands: Any, keywords: Any) -> Any:
        if function is not np.where or keywords:
            return NotImplemented
        return _call(np.where, *operands)


def _call(function: Callable[..., Any], *operands: Any) -> Symbol:
    plain = tuple(o.plain() if isinstance(o, Symbol) else scalar_text(o) for o in operands)
    return Symbol(Call(function, plain))


def _product(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return f"({one} * {other})"


def unindexed(number: str) -> str:
    """The expression behind a number, with the names of the rule.

    >>> unindexed("(1 - numbers[0]['b1'])")
    '1 - b1'
    """
    plain = re.sub(r"numbers\[\d+\]\['(\w+)'\]", r"\1", number)
    depths = list(accumulate((character == "(") - (character == ")") for character in plain))
    return plain[1:-1] if plain.startswith("(") and 0 not in depths[:-1] else plain
