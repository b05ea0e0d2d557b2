"""The language of `samples` in the table: calls whose arguments are drawn at random.

    a(2, 3)   array of floats        c(3)   array of complex numbers   i(3)  positions   m(3)  mask
    s()       NumPy scalar           f()    Python float               n(3)  run-time int
    constant([1.0])  array that is not differentiated
    w(3)      invertible matrix      w(2, 3) two of them               spd(3) symmetric positive definite matrix

Anything else is a literal, known when the code is generated.
"""

from __future__ import annotations

import builtins
import cmath  # noqa: F401 (its functions are entries of the table once it is imported)
import inspect
import statistics  # noqa: F401
from dataclasses import dataclass

import numpy as np
import scipy.fft  # noqa: F401
import scipy.integrate  # noqa: F401
import scipy.interpolate  # noqa: F401
import scipy.linalg  # noqa: F401
import scipy.ndimage  # noqa: F401
import scipy.optimize  # noqa: F401
import scipy.signal  # noqa: F401
import scipy.spatial.distance  # noqa: F401
import scipy.special  # noqa: F401 (its functions are entries of the table once it is imported)
import scipy.stats  # noqa: F401

from gradscribe.ir.graph import Input
from gradscribe.ir.lengths import ONE, AtLeastZero, Length, Symbol, fresh
from gradscribe.ir.types import ArrayType, ScalarType, as_int_type, int_of_length, type_of
from gradscribe.ops.spec import OpSpec


@dataclass
class Run:
    """A scalar known only at run time."""

    value: object


@dataclass
class Case:
    """Inputs and attributes of a node; a literal operand stays a number."""

    spec: OpSpec
    values: list
    literal: list
    attrs: dict


class Namespace:
    """What the names in a sample stand for, drawn from intervals by operand."""

    def __init__(
        self, rng: np.random.Generator, low: float = -1.0, high: float = 1.0, dtype=np.float64
    ) -> None:
        self.rng, self.low, self.high, self.dtype = rng, low, high, np.dtype(dtype)

    def real(self, *shape):
        return self.rng.uniform(self.low, self.high, shape)

    def names(self) -> dict:
        rng = self.rng
        return {
            "a": lambda *shape: np.asarray(self.real(*shape)).astype(self.dtype),
            "c": lambda *shape: self.real(*shape) + 1j * self.real(*shape),
            "i": lambda *shape: rng.integers(0, 2, shape),
            "m": lambda *shape: rng.integers(0, 2, shape).astype(bool),
            "s": lambda: Run(self.dtype.type(self.real())),
            "cs": lambda: Run(np.complex128(complex(self.real(), self.real()))),
            "f": lambda: Run(float(self.real())),
            "n": lambda number: Run(number),
            "w": lambda *shape: self.rng.standard_normal((*shape, shape[-1])) + 3 * np.eye(shape[-1]),
            "spd": self._spd,
            "array": np.array,
            "constant": np.array,
            "inf": np.inf,
            "nan": np.nan,
            "float32": np.float32,
            "float64": np.float64,
            "int": int,
            "slice": slice,
        }

    def _spd(self, n):
        half = self.rng.standard_normal((n, n))
        return half @ half.T + np.eye(n)


def read_case(spec: OpSpec, text: str, namespace: Namespace) -> Case:
    """The node that a sample call makes."""
    args, kwargs = eval(f"(lambda *args, **kwargs: (args, kwargs))({text})", namespace.names())
    return make_case(spec, args, kwargs)


def make_case(spec: OpSpec, args, kwargs) -> Case:
    """Operands become inputs; other parameters become templates."""
    bound = spec.parameters.bind(*args, **kwargs)
    values, literal, attrs = [], [], {}
    templates = []
    for name, parameter in spec.parameters.parameters.items():
        given = name in bound.arguments
        item = bound.arguments.get(name)
        if name in spec.operands:
            if not given or item is None:
                attrs[name] = None
            else:
                values.append(item.value if isinstance(item, Run) else item)
                literal.append(not isinstance(item, Run | np.ndarray))
        elif given and (isinstance(item, np.ndarray) or item != parameter.default):
            templates.append((name, item))
    for name, item in templates:
        if spec.parameters.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
            _template(item, values, literal)
            continue
        attrs[name] = _template(item, values, literal)
    return Case(spec, values, literal, attrs)


def _template(item, values: list, literal: list):
    if isinstance(item, Run | np.ndarray):
        values.append(item.value if isinstance(item, Run) else item)
        literal.append(False)
        return Input(len(values) - 1)
    if isinstance(item, tuple | list):
        return type(item)(_template(part, values, literal) for part in item)
    return item


class Lengths:
    """One symbol per length, as in a program whose lengths are known to be equal."""

    def __init__(self) -> None:
        self.by_number: dict[int, Length] = {1: ONE}
        self.symbols: dict[Symbol, int] = {}

    def of(self, number: int) -> Length:
        if number not in self.by_number:
            length = fresh(not_one=True)
            self.by_number[number] = length
            self.symbols[length.terms[0][0][0]] = number
        return self.by_number[number]

    def type_of(self, value):
        if isinstance(value, np.ndarray):
            return ArrayType(value.dtype, tuple(map(self.of, value.shape)))
        if type(value) is builtins.int:
            return int_of_length(self.of(value)) if value > 0 else as_int_type(value)
        return type_of(value)

    def evaluate(self, length: Length) -> int | None:
        """The number that a length is, None where it depends on an unknown."""
        total = 0
        for atoms, coefficient in length.terms:
            product = coefficient
            for atom in atoms:
                number = self._atom(atom)
                if number is None:
                    return None
                product *= number
            total += product
        return total

    def _atom(self, atom) -> int | None:
        if isinstance(atom, Symbol):
            return self.symbols.get(atom)
        if isinstance(atom, AtLeastZero):
            inner = self.evaluate(atom.length)
            return None if inner is None else max(0, inner)
        left, right = self.evaluate(atom.left), self.evaluate(atom.right)
        return None if left is None or right is None else min(left, right)


def mismatch(type_, value, lengths: Lengths, *, exact: bool = True) -> str:
    """What a type says wrongly of a value, '' if nothing.

    Types are upper bounds: unless `exact`, a Python number may stand where a wider or a NumPy scalar is said.
    """
    if (
        not exact
        and isinstance(type_, ScalarType)
        and isinstance(value, bool | builtins.int | builtins.float)
    ):
        return "" if np.result_type(type(value), type_.dtype) == type_.dtype else f"{type_} for {value!r}"
    if isinstance(type_, ScalarType):
        if isinstance(value, np.ndarray):
            return f"{type_} for an array of shape {value.shape}"
        if type_.python != (not isinstance(value, np.generic)):
            return f"{type_} for a {type(value).__name__}"
        if np.dtype(type(value) if type_.python else value.dtype) != type_.dtype:
            return f"{type_} for a {type(value).__name__}"
        if type_.length is not None and lengths.evaluate(type_.length) not in (None, value):
            return f"length {type_.length} for {value}"
        return ""
    if isinstance(type_, ArrayType):
        if not isinstance(value, np.ndarray):
            return f"{type_} for a {type(value).__name__}"
        if value.dtype != type_.dtype or value.ndim != type_.ndim:
            return f"{type_} for {value.dtype}{value.shape}"
        for length, number in zip(type_.shape, value.shape, strict=True):
            if lengths.evaluate(length) not in (None, number):
                return f"{type_} for {value.dtype}{value.shape}"
            if (length.is_one and number != 1) or (length.is_not_one and number == 1):
                return f"{type_} for {value.dtype}{value.shape}"
    return ""
