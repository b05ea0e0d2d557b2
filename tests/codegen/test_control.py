"""Branches and loops as a person would write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradscribe.codegen.numpy_source import generate
from gradscribe.errors import InternalError
from gradscribe.ir.control import ForView, IfView, WhileView, collected_value, trips_value
from gradscribe.ir.graph import Block, Program, Value
from gradscribe.ir.types import BOOL, FLOAT, INT, SequenceType, type_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.table import lookup
from tests.codegen.by_hand import program
from tests.codegen.running import check

VECTOR = type_of(np.ones(5))
Branch = Callable[[OpBuilder, Value], Value]


def text(made: Program) -> str:
    """The functions of a program."""
    return generate(made).body


def choose(b: OpBuilder, condition: Value, x: Value, then: Branch, otherwise: Branch, hint: str) -> Value:
    """`if condition: then(x) else: otherwise(x)`."""
    blocks: list[Block] = []
    for make in (then, otherwise):
        inner, param = OpBuilder(derivative=b.derivative), Value(x.type, x.hint)
        blocks.append(inner.finish([param], [make(inner, param)]))
    output = Value(x.type, hint)
    b.append(IfView.make(condition, [x], *blocks, [output], derivative=b.derivative))
    return output


def test_single_valued_branch_is_a_conditional_expression() -> None:
    x = Value(FLOAT, "x")
    b = OpBuilder()
    y = choose(b, b.op("gt", x, 0.0), x, lambda i, v: i.op("mul", v, v), lambda i, v: i.op("neg", v), "")
    made = program("f", [x], b, [b.op("add", y, 1.0)])
    assert text(made) == "def f(x):\n    return (x * x if x > 0.0 else -x) + 1.0\n"
    for value in (2.0, -2.0):
        check(made, [value])


def test_else_that_is_only_an_if_prints_elif() -> None:
    x = Value(FLOAT, "x")
    b = OpBuilder()

    def inner(i: OpBuilder, v: Value) -> Value:
        return choose(i, i.op("gt", v, -1.0), v, lambda j, w: w, lambda j, w: j.op("neg", w, hint="y"), "y")

    y = choose(b, b.op("gt", x, 1.0), x, lambda i, v: i.op("mul", v, v, hint="y"), inner, "y")
    made = program("f", [x], b, [y])
    assert text(made) == (
        "def f(x):\n"
        "    if x > 1.0:\n"
        "        y = x * x\n"
        "    elif x > -1.0:\n"
        "        y = x\n"
        "    else:\n"
        "        y = -x\n"
        "    return y\n"
    )
    for value in (2.0, 0.5, -3.0):
        check(made, [value])


def test_while_prints_its_condition_and_counts_only_when_asked() -> None:
    x = Value(FLOAT, "x")
    for counted in (False, True):
        b, test, inner = OpBuilder(), OpBuilder(), OpBuilder()
        asked, carried = Value(FLOAT, "x"), Value(FLOAT, "x")
        condition = test.finish([asked], [test.op("lt", asked, 10.0)])
        body = inner.finish([carried], [inner.op("mul", carried, 2.0, hint="x")])
        last, trips = Value(FLOAT, "x"), trips_value()
        b.append(WhileView.make(condition, body, initial=[x], outputs=[last, trips]))
        made = program("f", [x], b, [last, trips] if counted else [last])
        counting = ("    trips = 0\n", "        trips += 1\n", ", trips") if counted else ("", "", "")
        assert text(made) == (
            "def f(x):\n"
            f"{counting[0]}"
            "    while x < 10.0:\n"
            "        x = x * 2.0\n"
            f"{counting[1]}"
            f"    return x{counting[2]}\n"
        )
        check(made, [0.5])


def leaving_loop() -> Program:
    """Stops at the first partial sum above a limit."""
    x, n = Value(FLOAT, "x"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    i, s, step = Value(INT, "i"), Value(FLOAT, "s"), Value(FLOAT, "x")
    new = inner.op("add", s, step, hint="s")
    stop = choose(
        inner,
        inner.op("gt", new, 3.0),
        new,
        lambda j, _: j.constant(True),
        lambda j, _: j.constant(False),
        "stop",
    )
    object.__setattr__(stop, "type", BOOL)
    last, trips = Value(FLOAT, "s"), Value(INT, "trips")
    start = b.constant(0.0)
    bounds = (b.constant(0), n, b.constant(1))
    body = inner.finish([i, s, step], [new, stop])
    b.append(ForView.make(bounds, body, initial=[start], captured=[x], outputs=[last, trips], leaves=True))
    return program("f", [x, n], b, [last])


def test_leaving_a_loop_prints_break() -> None:
    made = leaving_loop()
    assert text(made) == (
        "def f(x, n):\n"
        "    s = 0.0\n"
        "    for _ in range(n):\n"
        "        s = s + x\n"
        "        if s > 3.0:\n"
        "            break\n"
        "    return s\n"
    )
    for n in (0, 2, 10):
        check(made, [1.25, n])


def test_lists_of_backwards_loops_are_read_in_the_right_order() -> None:
    """Collected backwards, read forwards, backwards, as a whole, and by index."""
    x, n = Value(VECTOR, "x"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    i, p = Value(INT, "i"), Value(VECTOR, "y")
    factor = inner.op("add", inner.op("mul", 0.5, inner.op("convert", i, to="float")), 1.0)
    new = inner.op("mul", p, factor, hint="y")
    last, saved = Value(VECTOR, "y"), collected_value(new)
    bounds = (b.constant(0), n, b.constant(1))
    b.append(
        ForView.make(
            bounds, inner.finish([i, p], [new, new]), initial=[x], outputs=[last, saved], backwards=True
        )
    )
    results = [last]
    for backwards in (False, True):
        inner = OpBuilder()
        i, e, z = Value(INT, "i"), Value(VECTOR, "y"), Value(VECTOR, "z")
        total = inner.op("add", inner.op("mul", z, 0.5), e, hint="z")
        output = Value(VECTOR, "z")
        b.append(
            ForView.make(
                bounds, inner.finish([i, e, z], [total]), sequences=[saved], initial=[x], outputs=[output],
                backwards=backwards,
            )
        )  # fmt: skip
        results.append(output)
    made = program("f", [x, n], b, results)
    assert "reverse()" not in text(made)
    check(made, [np.arange(5.0), 4])
    first = b.emit(lookup("list_get"), [saved, b.constant(0)], [VECTOR])[0]
    made = program("f", [x, n], b, [*results, saved, first])
    assert "y_saved.reverse()" in text(made)
    check(made, [np.arange(5.0), 4])


def test_loop_with_index_and_lists_uses_zip() -> None:
    x, n = Value(VECTOR, "x"), Value(INT, "n")
    xs = Value(SequenceType(VECTOR), "xs")
    b, inner = OpBuilder(derivative=True), OpBuilder(derivative=True)
    i, e, z = Value(INT, "i"), Value(VECTOR, "e"), Value(VECTOR, "z")
    total = inner.op("add", z, inner.op("mul", inner.op("convert", i, to="float"), e))
    output = Value(VECTOR, "z")
    bounds = (b.constant(0), n, b.constant(1))
    b.append(
        ForView.make(
            bounds, inner.finish([i, e, z], [total]), sequences=[xs], initial=[x], outputs=[output],
            backwards=True, derivative=True,
        )
    )  # fmt: skip
    made = program("f", [x, xs, n], b, [output])
    assert "for i, e in zip(reversed(range(n)), reversed(xs)):" in text(made)
    check(made, [np.arange(5.0), [np.ones(5), np.full(5, 2.0)], 2])


def nested(depth: int) -> Program:
    """Loops inside one another."""

    def body(level: int) -> Block:
        i, y, b = Value(INT, "i"), Value(FLOAT, "y"), OpBuilder()
        if level == 0:
            return b.finish([i, y], [b.op("mul", y, 1.5, hint="y")])
        output = Value(FLOAT, "y")
        bounds = (b.constant(0), b.constant(1), b.constant(1))
        b.append(ForView.make(bounds, body(level - 1), initial=[y], outputs=[output]))
        return b.finish([i, y], [output])

    x, b, output = Value(FLOAT, "x"), OpBuilder(), Value(FLOAT, "y")
    bounds = (b.constant(0), b.constant(1), b.constant(1))
    b.append(ForView.make(bounds, body(depth - 1), initial=[x], outputs=[output]))
    return program("f", [x], b, [output])


def test_as_many_loops_as_python_allows() -> None:
    check(nested(20), [2.0])
    with pytest.raises(InternalError, match="GS930"):
        generate(nested(21))


def test_long_sums_are_cut_before_python_gives_up() -> None:
    x, b = Value(FLOAT, "x"), OpBuilder()
    total = x
    for _ in range(900):
        total = b.op("add", total, x)
    check(program("f", [x], b, [total]), [1.5])


def test_primal_operations_keep_their_order() -> None:
    """log(y) would raise first if it were moved in front of log(x)."""
    x, y, b = Value(FLOAT, "x"), Value(FLOAT, "y"), OpBuilder()
    first, second = b.op("log", x), b.op("sqrt", y)
    made = program("f", [x, y], b, [b.op("sub", second, first)])
    assert text(made).index("np.log(x)") < text(made).index("np.sqrt(y)")
    check(made, [2.0, 3.0])
