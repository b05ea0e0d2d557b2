"""Powers of negative Python floats, which are complex where the exponent is a fraction: `(-2.0) ** 0.5`.

They are taken to be floats, as of positive numbers. Where something asks for the real or imaginary part of a float
it is tested, when the derivative runs, that this is one.

In:  operations and their operands.   Out: checks; restarts.
Not here: complex numbers (ops/complex_numbers.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.joins import KEEPS_CLASS
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, ScalarType, kind_of
from gradscribe.ops.spec import OpSpec

ASKS = frozenset({"real", "imag", "conj", "angle", "isreal", "iscomplex"})


def ask_for_parts(run: Lowering, node: cst.CSTNode, spec: OpSpec, inputs: Sequence[Value]) -> None:
    """Note a power that may be complex; check what parts are asked of."""
    learnt = run.learnt
    if spec.name == "pow" and _may_be_complex(run, inputs) and not learnt.fractional_powers:
        learnt.fractional_powers = True
        if learnt.asks_for_parts:
            raise Restart(None)
    if spec.name in ASKS and inputs and _is_real(inputs[0]):
        learnt.asks_for_parts = True
        if learnt.fractional_powers:
            _require_real(run, node, inputs[0])


def _may_be_complex(run: Lowering, inputs: Sequence[Value]) -> bool:
    """A float of Python to the power of what is no whole number."""
    types = [value.type for value in inputs]
    if not all(isinstance(type_, ScalarType) and type_.python for type_ in types):
        return False
    literal = run.builder.literal(inputs[1])
    is_whole = kind_of(types[1]) in "bi" or (isinstance(literal, float) and literal.is_integer())
    return not is_whole and all(kind_of(type_) in "bif" for type_ in types)


def is_such_a_power(run: Lowering, value: Value) -> bool:
    """Whether a float is computed from such a power alone."""
    pending = [value]
    while pending:
        maker = run.makers.get(pending.pop())
        if maker is not None and maker.op.name == "pow" and _may_be_complex(run, maker.inputs):
            return True
        if maker is not None and maker.op.name in KEEPS_CLASS:
            pending += maker.inputs
    return False


def _is_real(value: Value) -> bool:
    return kind_of(value.type) == "f"


def _require_real(run: Lowering, node: cst.CSTNode, value: Value) -> None:
    found = run.op(node, "iscomplex", value)
    if isinstance(value.type, ArrayType):
        found = run.op(node, "any", found)
    text = f"{run.location(node).short} asks for a part of a complex number that was taken to be real"
    why = "a power of a negative float with a fraction as exponent; write it with `complex(...)`"
    raise_if(run, node, found, NotImplementedError, (f"{text}: {why}",), refuses=True)
