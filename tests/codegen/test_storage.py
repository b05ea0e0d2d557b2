"""Where copies are made, and where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from gradscribe.codegen.numpy_source import generate
from gradscribe.ir.control import ForView, IfView, collected_value, make_call
from gradscribe.ir.graph import Input, Program, Value
from gradscribe.ir.types import FLOAT, INT, ArrayType, type_of
from gradscribe.ops.build import OpBuilder
from tests.codegen.by_hand import INNER, accumulate, get, program, put
from tests.codegen.running import check, functions_of

VECTOR = type_of(np.ones(5))
DATA = np.arange(1.0, 6.0)


def text(made: Program) -> str:
    """The body of the main function, without imports."""
    return generate(made).body


def loop(
    b: OpBuilder,
    stop: Value,
    inner: OpBuilder,
    params: Sequence[Value],
    results: Sequence[Value],
    initial: Sequence[Value],
    outputs: Sequence[Value],
    **more: object,
) -> None:
    """`for _ in range(stop)`."""
    bounds = (b.constant(0), stop, b.constant(1))
    body = inner.finish(params, results)
    b.append(ForView.make(bounds, body, initial=initial, outputs=outputs, **more))  # type: ignore[arg-type]


def test_argument_is_copied_once_before_the_loop_that_writes_it() -> None:
    x, n = Value(VECTOR, "x"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    i, y = Value(INT, "i"), Value(VECTOR, "y")
    read = inner.apply("get_item", [y, i], {"index": (Input(1),)})[0]
    attrs = {"index": (Input(2),)}
    written = inner.apply("set_item", [y, inner.op("mul", 2.0, read), i], attrs, hint="y")[0]
    last = Value(VECTOR, "y")
    loop(b, n, inner, [i, y], [written], [x], [last])
    made = program("f", [x, n], b, [last])
    assert text(made) == (
        "def f(x, n):\n    y = x.copy()\n    for i in range(n):\n        y[i] = 2.0 * y[i]\n    return y\n"
    )
    check(made, [DATA, 5])


def test_what_is_saved_is_copied_rather_than_what_is_written() -> None:
    u, n = Value(VECTOR, "u"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    own = b.op("copy", u, hint="u")
    i, p = Value(INT, "i"), Value(VECTOR, "u")
    part = get(inner, p, INNER)
    inner.derivative = True
    square = inner.op("mul", part, part)
    inner.derivative = False
    new = put(inner, p, square, INNER, "u")
    last, saved = Value(VECTOR, "u"), collected_value(part)
    loop(b, n, inner, [i, p], [new, part], [own], [last, saved])
    made = program("f", [u, n], b, [last, saved])
    body = text(made)
    assert body.count("copy") == 2, body
    assert ".append(" in body
    check(made, [DATA, 4])


def test_scalar_stores_in_a_loop_copy_nothing_in_the_reverse_sweep() -> None:
    d, n = Value(VECTOR, "d_y"), Value(INT, "n")
    b, inner = OpBuilder(derivative=True), OpBuilder(derivative=True)
    start = b.op("mul", 2.0, d, hint="d_y")
    i, p = Value(INT, "i"), Value(VECTOR, "d_y")
    cleared = inner.apply("set_item", [p, inner.constant(0.0), i], {"index": (Input(2),)}, hint="d_y")[0]
    # The rule reads the old version after it has been cleared.
    part = inner.apply("get_item", [p, i], {"index": (Input(1),)})[0]
    attrs = {"index": (0,), "repeats": False}
    new = inner.apply("accumulate_at", [cleared, inner.op("mul", 3.0, part)], attrs, hint="d_y")[0]
    last = Value(VECTOR, "d_y")
    loop(b, n, inner, [i, p], [new], [start], [last], backwards=True, derivative=True)
    made = program("f", [d, n], b, [last])
    assert text(made) == (
        "def f(d_y, n):\n"
        "    d_y = 2.0 * d_y\n"
        "    for i in reversed(range(n)):\n"
        "        d_y_i = d_y[i]\n"
        "        d_y[i] = 0.0\n"
        "        d_y[0] += 3.0 * d_y_i\n"
        "    return d_y\n"
    )
    check(made, [DATA, 4])


def test_both_slots_of_a_swap_may_not_share_an_array() -> None:
    x, n = Value(VECTOR, "x"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    own = b.op("copy", x, hint="u")
    i, old, new = Value(INT, "i"), Value(VECTOR, "old"), Value(VECTOR, "new")
    written = put(inner, new, inner.op("add", old, old), INNER_TWICE, "new")
    outputs = [Value(VECTOR, "old"), Value(VECTOR, "new")]
    loop(b, n, inner, [i, old, new], [written, old], [own, own], outputs)
    check(program("f", [x, n], b, outputs), [DATA, 4])


INNER_TWICE = (slice(None),)


def test_write_in_one_branch_needs_no_copy_for_the_other() -> None:
    x, c = Value(VECTOR, "x"), Value(FLOAT, "c")
    b = OpBuilder()
    own = b.op("mul", 2.0, x, hint="u")
    inside, outside = Value(VECTOR, "u"), Value(VECTOR, "u")
    then = OpBuilder()
    written = put(then, inside, then.constant(0.0), (0,), "u")
    output = Value(VECTOR, "u")
    condition = b.op("gt", c, 0.0)
    blocks = (then.finish([inside], [written]), OpBuilder().finish([outside], [outside]))
    b.append(IfView.make(condition, [own], *blocks, [output]))
    made = program("f", [x, c], b, [output])
    assert text(made) == (
        "def f(x, c):\n    u = 2.0 * x\n    if c > 0.0:\n        u[0] = 0.0\n    return u\n"
    )
    check(made, [DATA, 1.0])
    check(made, [DATA, -1.0])


def test_results_share_nothing_with_arguments_or_one_another() -> None:
    x = Value(VECTOR, "x")
    b = OpBuilder()
    view = get(b, x, INNER)
    made = program("f", [x], b, [x, view, x])
    assert text(made) == "def f(x):\n    return x.copy(), x[1:-1].copy(), x.copy()\n"
    check(made, [DATA])


def test_argument_in_a_returned_list_is_copied_at_the_start() -> None:
    x, n = Value(VECTOR, "x"), Value(INT, "n")
    b, inner = OpBuilder(), OpBuilder()
    i, p = Value(INT, "i"), Value(VECTOR, "x")
    last, saved = Value(VECTOR, "x"), collected_value(p)
    loop(b, n, inner, [i, p], [inner.op("mul", 2.0, p, hint="x"), p], [x], [last, saved])
    made = program("f", [x, n], b, [last, saved])
    assert text(made).count("x = x.copy()") == 1
    check(made, [DATA, 3])
    check(made, [DATA, 0])


def test_order_of_memory_survives_copies() -> None:
    matrix = type_of(np.ones((3, 4)))
    x = Value(matrix, "x")
    b = OpBuilder()
    written = put(b, x, b.constant(0.5), (0, 0), "x")
    made = program("f", [x], b, [written])
    assert 'x.copy("K")' in text(made).replace("'", '"')
    given = np.asfortranarray(np.random.default_rng(0).normal(size=(3, 4)))
    found = functions_of(generate(made))["f"](given)
    assert found.flags.f_contiguous


def test_repeated_indices_add_up() -> None:
    x, index = Value(VECTOR, "x"), Value(type_of(np.array([0, 0, 1])), "index")
    assert isinstance(index.type, ArrayType)
    b = OpBuilder(derivative=True)
    zeros = b.op("zeros_like", x, hint="d_x")
    picked = b.op("mul", 2.0, b.apply("get_item", [x, index], {"index": (Input(1),)})[0])
    attrs = {"index": (Input(2),), "repeats": True}
    added = b.apply("accumulate_at", [zeros, picked, index], attrs, hint="d_x")[0]
    made = program("f", [x, index], b, [added])
    assert "np.add.at(d_x, index, 2.0 * x[index])" in text(made)
    check(made, [DATA, np.array([0, 0, 1])])


def test_donated_parameter_is_written_and_its_caller_copies_if_needed() -> None:
    x, d_x = Value(VECTOR, "x"), Value(VECTOR, "d_x")
    b = OpBuilder(derivative=True)
    grown = b.op("add", d_x, x, hint="d_x")
    helper = program("helper", [x, d_x], b, [grown]).entry
    helper = replace(helper, donated=frozenset({1}))

    y = Value(VECTOR, "y")
    b = OpBuilder()
    first, second = Value(VECTOR, "first"), Value(VECTOR, "second")
    fresh = b.op("mul", 2.0, y, hint="fresh")
    b.append(make_call("helper", [y, fresh], [first]))
    b.append(make_call("helper", [y, y], [second]))
    made = program("f", [y], b, [first, second]).with_graph(helper)
    body = text(made)
    assert "d_x += x" in body
    assert "helper(y, fresh)" in body
    assert "helper(y, y.copy())" in body
    check(made, [DATA])


def test_result_of_a_call_that_hands_back_its_argument_is_not_written() -> None:
    x = Value(VECTOR, "x")
    same = program("same", [x], OpBuilder(), [x]).entry
    y = Value(VECTOR, "y")
    b = OpBuilder()
    out = Value(VECTOR, "out")
    b.append(make_call("same", [y], [out]))
    written = accumulate(b, out, b.constant(1.0), (0,))
    made = program("f", [y], b, [written]).with_graph(same)
    check(made, [DATA])


@pytest.mark.parametrize("count", [10, 20, 40])
def test_copies_do_not_grow_with_the_number_of_stores(count: int) -> None:
    x = Value(VECTOR, "x")
    b = OpBuilder()
    y = x
    for k in range(count):
        y = put(b, y, get(b, y, (k % 5,)), ((k + 1) % 5,), "y")
    assert text(program("f", [x], b, [y])).count("copy") == 1


def test_store_through_a_view_costs_one_store() -> None:
    matrix, n = type_of(np.ones((3, 4))), Value(INT, "n")
    x = Value(matrix, "x")
    b, inner = OpBuilder(), OpBuilder()
    own = b.op("copy", x, hint="a")
    row = b.apply("get_item", [own], {"index": (1,)}, hint="row")[0]
    j, p = Value(INT, "j"), Value(row.type, "row")
    new = inner.apply("set_item", [p, inner.constant(0.5), j], {"index": (Input(2),)}, hint="row")[0]
    last = Value(row.type, "row")
    loop(b, n, inner, [j, p], [new], [row], [last])
    after = put(b, own, last, (1,), "a")
    once_more = put(b, after, b.constant(2.0), (0, 0), "a")
    made = program("f", [x, n], b, [once_more])
    assert text(made) == (
        "def f(x, n):\n"
        "    a = np.copy(x)\n"
        "    row = a[1]\n"
        "    for j in range(n):\n"
        "        row[j] = 0.5\n"
        "    a[0, 0] = 2.0\n"
        "    return a\n"
    )
    check(made, [np.ones((3, 4)), 2])
