"""Making nodes of the table: types inferred, derivative expressions folded on the way.

In:  operation names, values, attributes.   Out: nodes in a block.
Not here: rules (the entries), broadcasting of cotangents (ad/accumulate.py).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradscribe.ir.build import Builder
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.template import freeze
from gradscribe.ir.types import (
    ArrayType,
    ResidualsType,
    ScalarType,
    SequenceType,
    TupleType,
    Type,
    as_int_type,
    as_python,
    dtype_of,
    is_inexact,
    is_loose,
    is_number,
    one_of_scalars,
    python_scalar,
    shape_of,
)
from gradscribe.location import Location
from gradscribe.naming import RESIDUALS
from gradscribe.ops.expression import build_expression
from gradscribe.ops.promotion import is_python
from gradscribe.ops.slice_lengths import SliceLengths
from gradscribe.ops.spec import Domain, OpSpec, Spelling, SpellingKind, Unsupported, function
from gradscribe.ops.spec import operator as operator_spelling
from gradscribe.ops.table import lookup

Number = bool | int | float | complex

# Arithmetic on literals in derivative expressions; division is left out, as it may not be exact on ints.
FOLDED: Mapping[str, Callable[..., Number]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "neg": operator.neg,
}

# Arithmetic that on integers of few bits, or without sign, is another than that on numbers.
WRAPPING = frozenset({"add", "sub", "mul", "neg", "pow", "square"})


class OpBuilder(Builder):
    """A builder that knows the table.

    Args:
        literals: literals of a block that the nodes made here will read, as rules want to know them (`x ** 3`).
        lengths: what is known of the slices of that block.
    """

    def __init__(
        self,
        *,
        derivative: bool = False,
        location: Location | None = None,
        literals: Mapping[Value, Number] | None = None,
        lengths: SliceLengths | None = None,
    ) -> None:
        super().__init__(derivative=derivative, location=location)
        self._literals: dict[Value, Number] = dict(literals or {})
        self._constants: dict[Hashable, Value] = {}
        self._negated: dict[Value, Value] = {}
        self._lengths = lengths or SliceLengths()

    def append(self, node: Node) -> Node:
        """Append a node that was made elsewhere."""
        self._literals.update(literals_of((node,)))
        self._lengths.learn(node)
        if node.op.name == "neg":
            self._negated[node.output] = node.inputs[0]
        return super().append(node)

    def inner(self) -> OpBuilder:
        """A builder for a block inside."""
        return OpBuilder(location=self.location)

    @property
    def literals(self) -> Mapping[Value, Number]:
        """The values that are known to be numbers."""
        return self._literals

    def literal(self, value: Value) -> Number | None:
        """The number that a value is known to be, None if it is no literal."""
        return self._literals.get(value)

    def constant(self, value: Number) -> Value:
        """A literal. In a derivative, equal literals of one block are one value."""
        key = freeze(value)
        if self.derivative and key in self._constants:
            return self._constants[key]
        type_ = as_int_type(value) if type(value) is int else python_scalar(value)
        self._constants[key] = self.emit(lookup("constant"), (), (type_,), {"value": value})[0]
        return self._constants[key]

    def apply(
        self,
        name: str,
        inputs: Sequence[Value],
        attrs: Mapping[str, object] | None = None,
        *,
        hint: str = "",
    ) -> tuple[Value, ...]:
        """Append a node of the operation `name` and return its outputs.

        Raises:
            Unsupported: the entry refuses operands of these types.
        """
        spec = lookup(name)
        attrs = attrs or {}
        return self.emit(spec, inputs, self.infer(spec, inputs, attrs), attrs, hint=hint)

    def infer(self, spec: OpSpec, inputs: Sequence[Value], attrs: Mapping[str, object]) -> tuple[Type, ...]:
        """Types of the outputs of an operation at this place: equal slices have equal lengths.

        Raises:
            Unsupported: the entry refuses operands of these types.
        """
        types = infer(spec, [value.type for value in inputs], attrs)
        if spec.name != "get_item":
            return types
        return (self._lengths.fitted(types[0], inputs, attrs["index"]),)

    def op(self, name: str, *inputs: Value | Number, hint: str = "", **attrs: object) -> Value:
        """Append a node with one output; numbers among the operands become literals.

        In derivative builders `math` is used where all operands are Python scalars.
        """
        if self.derivative and not attrs:
            folded = self._fold(name, inputs)
            if folded is not None:
                return folded if isinstance(folded, Value) else self.constant(folded)
        values = [v if isinstance(v, Value) else self.constant(v) for v in inputs]
        if self.derivative and not attrs and _loses_bits(lookup(name), values):
            values = self._in_floats(values)
        if self.derivative and "spelling" not in attrs:
            spelling = derivative_spelling(lookup(name), values, attrs)
            if spelling is not None:
                attrs["spelling"] = spelling
        return self.apply(name, values, attrs, hint=hint)[0]

    def _in_floats(self, values: Sequence[Value]) -> list[Value]:
        """Operands that are integers, as floats; literals will do where there are some."""
        literals = {value: self.literal(value) for value in values}
        floats = {v: self.constant(float(n)) for v, n in literals.items() if isinstance(n, int)}
        double = np.dtype(np.float64)
        return [
            floats[v] if v in floats else v if floats else self.op("astype", v, dtype=double) for v in values
        ]

    def _fold(self, name: str, inputs: Sequence[Value | Number]) -> Value | Number | None:
        """What nobody would write out: `1.0 * x`, `x ** 1`, `-(-x)`, and arithmetic on literals."""
        literals = [self.literal(item) if isinstance(item, Value) else item for item in inputs]
        known = [item for item in literals if item is not None]
        if name in FOLDED and len(known) == len(inputs) and all(map(is_finite_number, known)):
            return FOLDED[name](*known)
        if name == "neg":
            (operand,) = inputs
            return self._negated.get(operand) if isinstance(operand, Value) else None
        if name == "mul" and _is_one(literals[0]) and _stays(inputs[1]):
            return inputs[1]
        if name in ("mul", "div", "pow") and _is_one(literals[1]) and _stays(inputs[0]):
            return inputs[0]
        return None

    def shaped_like(self, value: Value, like: Value) -> Value:
        """The value just made, known to have the lengths of another one where its type does not show them."""
        type_ = value.type
        known = shape_of(like.type)
        if not isinstance(type_, ArrayType) or type_.shape == known or value not in self.nodes[-1].outputs:
            return value
        assert len(type_.shape) == len(known), (type_, like.type)
        node = self.nodes.pop()
        fitted = Value(ArrayType(type_.dtype, known), value.hint)
        self.append(Node(node.op, node.inputs, (fitted,), node.attrs, (), node.location, node.derivative))
        return fitted

    def absent(self, type_: Type) -> Value:
        """A value of this type that does not exist: the slot of a branch that was not taken."""
        return self.emit(lookup("absent"), (), (type_,))[0]

    def pack(
        self, values: Sequence[Value], type_: ResidualsType | TupleType, absent: Sequence[bool] = ()
    ) -> Value:
        """Several values as one; `absent` tells which of them may be absent, where some may."""
        attrs: dict[str, object] = {"absent": tuple(absent)} if any(absent) else {}
        hint = ""
        if isinstance(type_, ResidualsType):
            attrs["graph"], hint = type_.graph, RESIDUALS
        elif type_.label is not None:
            attrs["label"] = type_.label
        return self.emit(lookup("pack"), values, (type_,), attrs, hint=hint)[0]

    def unpack(self, value: Value, parts: Sequence[Value], absent: Sequence[bool] = ()) -> tuple[Value, ...]:
        """The parts of a packed value, with the types and names of `parts`."""
        outputs = tuple(Value(part.type, part.hint) for part in parts)
        attrs: dict[str, object] = {"types": tuple(part.type for part in parts)}
        if any(absent):
            attrs["absent"] = tuple(absent)
        node = Node(
            lookup("unpack"), (value,), outputs, attrs, location=self.location, derivative=self.derivative
        )
        self.append(node)
        return outputs

    def expression(self, text: str, operands: Mapping[str, Value]) -> Value:
        """Nodes for an expression such as "cos(x)" or "1 - out * out"."""
        return build_expression(self, text, operands)


def literals_of(nodes: Iterable[Node]) -> dict[Value, Number]:
    """The values of these nodes that are numbers known when the code is generated."""
    found: dict[Value, Number] = {}
    for node in nodes:
        value = node.attrs.get("value") if node.op.name == "constant" else None
        if isinstance(value, Number):
            found[node.output] = value
    return found


def infer(spec: OpSpec, types: Sequence[Type], attrs: Mapping[str, object]) -> tuple[Type, ...]:
    """Types of the outputs of an operation."""
    spelling = attrs.get("spelling")
    if not isinstance(spelling, Spelling):
        spelling = spec.spellings[0]
    if not spec.variadic and not spec.takes_the_rest and spec.operands:
        given = sum(name not in attrs for name in spec.operands)
        if any(is_number(type_) and is_inexact(type_) for type_ in types[given:]):
            raise Unsupported(
                "a parameter that must be known when the code is generated, or be an int, is a float or an array",
                "pass a literal or an int",
            )
    found = spec.result_type(types, attrs, spelling)
    if not any(map(is_loose, types)):
        return found
    return _wider(found, spec, types, attrs, spelling)


def _wider(
    found: tuple[Type, ...],
    spec: OpSpec,
    types: Sequence[Type],
    attrs: Mapping[str, object],
    spelling: Spelling,
) -> tuple[Type, ...]:
    """The types of the outputs, if numbers that may be Python's are so: `np.sin` makes np.float64 of a float."""
    try:
        others = spec.result_type(list(map(as_python, types)), attrs, spelling)
    except Unsupported:
        # Python raises where the number is one of its own.
        return found
    return tuple(map(_either, found, others))


def _either(one: Type, other: Type) -> Type:
    if isinstance(one, ScalarType) and isinstance(other, ScalarType):
        return replace(one_of_scalars(one, other), length=one.length)
    if isinstance(one, ArrayType) and isinstance(other, ArrayType):
        return replace(one, dtype=np.result_type(one.dtype, other.dtype))
    if isinstance(one, SequenceType) and isinstance(other, SequenceType):
        return replace(one, element=_either(one.element, other.element))
    if isinstance(one, TupleType) and isinstance(other, TupleType):
        return replace(one, elements=tuple(map(_either, one.elements, other.elements)))
    return one


def derivative_spelling(
    spec: OpSpec, values: Sequence[Value], attrs: Mapping[str, object]
) -> Spelling | None:
    """How a derivative writes an operation, where that differs from the canonical spelling.

    An attribute takes no arguments: `.T` with axes is a function. Python floats use `math`, ten times faster than
    NumPy there; a scalar is chosen by `x if c else y`, since np.where would make it an array; a Python number has
    no method `astype`.
    """
    if spec.spellings[0].kind is SpellingKind.ATTRIBUTE and attrs:
        return next(spelling for spelling in spec.spellings if spelling.kind is SpellingKind.FUNCTION)
    if not values or not all(isinstance(value.type, ScalarType) for value in values):
        return None
    if spec.name == "where":
        return operator_spelling("if-else") if len(_strong_dtypes(values[1:])) < 2 else None
    if spec.name == "astype" and attrs.get("dtype") is not None:
        return function(f"numpy.{np.dtype(attrs['dtype']).name}")  # type: ignore[call-overload]
    plain = all(
        isinstance(v.type, ScalarType) and v.type.python and v.type.dtype.kind in "fi" for v in values
    )
    if not plain or spec.spellings[0].kind is not SpellingKind.FUNCTION or spec.spellings[0].is_math:
        return None
    return next((s for s in spec.spellings if s.is_math or s.name.startswith("builtins.")), None)


def _strong_dtypes(values: Sequence[Value]) -> set[np.dtype]:
    """Dtypes of what are no numbers of Python."""
    types = [value.type for value in values]
    return {type_.dtype for type_ in types if isinstance(type_, ScalarType) and not type_.python}


def _is_one(literal: Number | None) -> bool:
    return literal is not None and not isinstance(literal, bool) and literal == 1


def _stays(value: Value | Number) -> bool:
    """Multiplied by 1.0 it keeps its type. A NumPy scalar may be an integer at run time (maybe_integer.py)."""
    if not isinstance(value, Value) or not is_number(value.type) or not is_inexact(value.type):
        return False
    return not isinstance(value.type, ScalarType) or value.type.python


def _loses_bits(spec: OpSpec, values: Sequence[Value]) -> bool:
    """NumPy computes functions of small integers in half or single precision, and their arithmetic wraps."""
    if spec.backend is not Domain.ELEMENTWISE or any(is_inexact(value.type) for value in values):
        return False
    if not all(is_number(value.type) for value in values) or all(is_python(value.type) for value in values):
        return False
    if all(dtype_of(value.type).kind == "b" for value in values):
        return spec.name in WRAPPING and spec.name != "mul"
    (type_, *_) = infer(spec, [value.type for value in values], {})
    dtype = dtype_of(type_)
    if dtype.kind in "iu":
        return spec.name in WRAPPING and (dtype.kind == "u" or dtype.itemsize < 8)
    return is_inexact(type_) and dtype.itemsize < 8


def is_finite_number(value: object) -> bool:
    """A Python number that folding may work with."""
    return isinstance(value, int | float) and math.isfinite(value)
