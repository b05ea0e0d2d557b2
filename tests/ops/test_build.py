"""The builder of derivative expressions: literals, folding, spellings, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import FLOAT, INT, ArrayType, numpy_scalar
from gradscribe.ops.build import OpBuilder, infer
from gradscribe.ops.spec import Elementwise, Unsupported, spelling_of
from gradscribe.ops.table import find_callable, lookup, resolve


def vector(name: str = "x") -> Value:
    return Value(ArrayType(np.dtype(float), (fresh(),)), name)


def names(b: OpBuilder) -> list[str]:
    return [node.op.name for node in b.nodes if node.op.name != "constant"]


def partial_of_power(exponent, *, base=None) -> str | None:
    """The derivative of x ** exponent by x, as text."""
    primal = OpBuilder()
    x = base or vector()
    y = exponent if isinstance(exponent, Value) else primal.constant(exponent)
    primal.op("pow", x, y)
    node = primal.nodes[-1]
    assert isinstance(node.op.form, Elementwise)
    return node.op.form.partial(primal, node, "x")


@pytest.mark.parametrize(
    ("exponent", "text"),
    [
        (0, None),
        (0.0, None),
        (1, "1.0"),
        (2, "2.0 * x"),
        (2.0, "2.0 * x"),
        (3, "3.0 * x ** 2"),
        (-1, "-1.0 * x ** (-2)"),
        (0.5, "0.5 * x ** (-0.5)"),
        (2.5, "2.5 * x ** 1.5"),
    ],
)
def test_power_with_a_literal_exponent_takes_no_logarithm(exponent, text):
    assert partial_of_power(exponent) == text


def test_power_with_a_run_time_int_is_right_at_zero():
    assert "where(y == 0" in partial_of_power(Value(INT))
    assert "where" not in partial_of_power(Value(FLOAT))


def test_multiplying_by_one_is_not_written():
    b = OpBuilder(derivative=True)
    x = vector()
    assert b.op("mul", x, 1.0) is x
    assert b.op("mul", 1.0, x) is x
    assert b.op("div", x, 1.0) is x
    assert b.op("pow", x, 1) is x
    assert names(b) == []


def test_multiplying_an_int_by_one_is_written_for_it_makes_a_float():
    b = OpBuilder(derivative=True)
    assert b.op("mul", Value(INT), 1.0).type == FLOAT


def test_two_negations_cancel():
    b = OpBuilder(derivative=True)
    x = vector()
    assert b.op("neg", b.op("neg", x)) is x


def test_arithmetic_on_literals_is_done():
    b = OpBuilder(derivative=True)
    product = b.op("mul", b.constant(2.0), 3.0)
    assert b.literal(product) == 6.0
    assert names(b) == []


def test_primal_code_is_never_folded():
    b = OpBuilder()
    x = vector()
    assert b.op("mul", x, 1.0) is not x
    assert b.constant(1.0) is not b.constant(1.0)


def test_equal_literals_of_a_derivative_are_one_value_but_kinds_differ():
    b = OpBuilder(derivative=True)
    assert b.constant(1.0) is b.constant(1.0)
    assert b.constant(1) is not b.constant(1.0)
    assert b.constant(0.0) is not b.constant(-0.0)


@pytest.mark.parametrize(
    ("name", "spelling"), [("exp", "math.exp"), ("abs", "builtins.abs"), ("sqrt", "math.sqrt")]
)
def test_python_floats_use_math(name, spelling):
    b = OpBuilder(derivative=True)
    b.op(name, Value(FLOAT))
    assert spelling_of(b.nodes[-1]).name == spelling
    b.op(name, Value(numpy_scalar(float)))
    assert spelling_of(b.nodes[-1]).name.startswith("numpy.")


def test_a_scalar_is_chosen_by_a_conditional_expression():
    b = OpBuilder(derivative=True)
    chosen = b.op("where", b.op("gt", Value(FLOAT), 0.0), 1.0, 0.0)
    assert chosen.type == FLOAT
    assert spelling_of(b.nodes[-1]).name == "if-else"


def test_transpose_with_axes_is_no_attribute():
    b = OpBuilder(derivative=True)
    x = Value(ArrayType(np.dtype(float), (fresh(), fresh(), fresh())))
    b.op("transpose", x, axes=(2, 0, 1))
    assert spelling_of(b.nodes[-1]).name == "numpy.transpose"
    b.op("transpose", x)
    assert spelling_of(b.nodes[-1]).name == "T"


def test_a_run_time_float_where_a_static_value_belongs_is_refused():
    spec = lookup("sum")
    with pytest.raises(Unsupported):
        infer(spec, [vector().type, FLOAT], {})


@pytest.mark.parametrize("function", [np.argpartition])
def test_refused_functions_say_why_and_what_to_write(function):
    spec, spelling = find_callable(function)
    with pytest.raises(Unsupported) as refusal:
        spec.result_type([vector().type], {}, spelling)
    assert refusal.value.why.startswith("np.")
    assert refusal.value.fix


def test_callables_are_found_by_identity():
    import math

    assert find_callable(np.exp)[0] is lookup("exp")
    assert find_callable(math.exp)[0] is lookup("exp")
    assert find_callable(np.amax)[0] is lookup("max")
    assert find_callable(lambda x: x) is None


def test_a_library_that_is_imported_later_is_found(monkeypatch):
    import sys
    import types

    from gradscribe.ops import table

    find_callable(np.exp)
    callables = table._callables()
    spec = lookup("exp")
    from gradscribe.ops.spec import function

    late = types.ModuleType("late_library")
    late.exp = lambda x: x
    callables._pending.append((spec, function("late_library.exp")))
    assert find_callable(late.exp) is None
    monkeypatch.setitem(sys.modules, "late_library", late)
    assert resolve("late_library.exp") is late.exp
    assert find_callable(late.exp)[0] is spec
