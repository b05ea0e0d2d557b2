"""Modules: signatures, containers, names, effects, the careful text and the one that stands alone."""

from __future__ import annotations

import builtins
import dis
import math
import subprocess
import sys
from collections import namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import Parameter as Formal
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import numpy as np
import pytest

from gradscribe.codegen.accepted import Demand
from gradscribe.codegen.numpy_source import generate
from gradscribe.codegen.standalone import helpers, standalone
from gradscribe.errors import UsageError
from gradscribe.ir.graph import Graph, Input, Program, Value
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Hidden, Leaf, Parameter, Signature
from gradscribe.ir.types import FLOAT, INT, SequenceType, numpy_scalar, type_of
from gradscribe.naming import Names, identifier
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.table import lookup, resolve, table
from tests.codegen.by_hand import program
from tests.codegen.running import functions_of, run

VECTOR = type_of(np.ones(3))
Pair = namedtuple("Pair", "a b")


@dataclass
class Model:
    """A container of the user."""

    w: object
    name: str


def packed(signature: Signature, params: Sequence[Value], b: OpBuilder, results: Sequence[Value]) -> Program:
    """A program of one graph with this signature."""
    return Program("f", {"f": Graph("f", signature, b.finish(params, results), doc="Something.")})


def container(kind: ContainerKind, type_: type, keys: Sequence[object], *children: object) -> Container:
    return Container(kind, type_, tuple(keys), tuple(children))  # type: ignore[arg-type]


def test_containers_are_unpacked_and_packed() -> None:
    w, c, d, k = Value(VECTOR, "W"), Value(FLOAT, ""), Value(VECTOR, "d"), Value(FLOAT, "")
    pairs = container(
        ContainerKind.LIST, list, (0, 1),
        container(ContainerKind.TUPLE, tuple, (0, 1), Leaf(0), Leaf(1)),
        container(ContainerKind.NAMED_TUPLE, Pair, ("a", "b"), Leaf(2), Fixed("text")),
    )  # fmt: skip
    model = container(ContainerKind.DATACLASS, Model, ("w", "name"), Leaf(3), Fixed("net"))
    kind = Formal.POSITIONAL_OR_KEYWORD
    result = container(
        ContainerKind.TUPLE, tuple, (0, 1, 2),
        container(ContainerKind.DICT, dict, ("x", "y"), Leaf(0), Fixed(None)),
        container(ContainerKind.NAMED_TUPLE, Pair, ("a", "b"), Leaf(1), Leaf(2)),
        container(ContainerKind.DATACLASS, Model, ("w", "name"), Leaf(3), Fixed("net")),
    )  # fmt: skip
    b = OpBuilder()
    results = [b.op("mul", value, 2.0) for value in (w, c, d, k)]
    signature = Signature((Parameter("params", kind, pairs), Parameter("model", kind, model)), result)
    made = packed(signature, [w, c, d, k], b, results)
    body = generate(made).body
    assert "(W, params_0_1), (d, _) = params" in body or "(W, params_1), (d, _) = params" in body, body
    assert "w = model.w" in body
    first, second, third = functions_of(generate(made))["f"](
        [(np.ones(3), 2.0), Pair(np.zeros(3), "text")], Model(5.0, "net")
    )
    assert (first["y"], second.a, third) == (None, 4.0, Model(10.0, "net"))
    np.testing.assert_array_equal(first["x"], np.full(3, 2.0))
    np.testing.assert_array_equal(second.b, np.zeros(3))


def test_parameters_keep_kinds_and_defaults_and_hidden_ones_come_last() -> None:
    values = [Value(FLOAT, name) for name in ("x", "y", "z", "SCALE")]
    b = OpBuilder()
    total = b.op("mul", b.op("add", b.op("add", values[0], values[1]), values[2]), values[3])
    signature = Signature(
        (
            Parameter("x", Formal.POSITIONAL_ONLY, Leaf(0)),
            Parameter("y", Formal.POSITIONAL_OR_KEYWORD, Leaf(1), "2.0"),
            Parameter("flag", Formal.POSITIONAL_OR_KEYWORD, Fixed(True), "True"),
            Parameter("z", Formal.KEYWORD_ONLY, Leaf(2), "1.0"),
        ),
        Leaf(0),
        (Hidden("SCALE", Leaf(3), {}, "SCALE"),),
    )
    made = packed(signature, values, b, [total])
    assert generate(made).body.startswith("def f(x, /, y=2.0, flag=True, *, z=1.0, SCALE):")
    assert functions_of(generate(made))["f"](1.0, SCALE=10.0) == 40.0


def test_star_arguments_are_taken_apart() -> None:
    values = [Value(FLOAT, "a"), Value(FLOAT, "b")]
    b = OpBuilder()
    total = b.op("sub", *values)
    args = container(ContainerKind.TUPLE, tuple, (0,), Leaf(0))
    kwargs = container(ContainerKind.DICT, dict, ("b",), Leaf(1))
    signature = Signature(
        (Parameter("args", Formal.VAR_POSITIONAL, args), Parameter("kwargs", Formal.VAR_KEYWORD, kwargs)),
        Leaf(0),
    )
    made = packed(signature, values, b, [total])
    assert functions_of(generate(made))["f"](5.0, b=3.0) == 2.0


def test_names_of_the_user_that_python_needs_give_way() -> None:
    x, np_ = Value(VECTOR, "sum"), Value(FLOAT, "np")
    b = OpBuilder()
    t = b.op("mul", x, np_, hint="len")
    made = program("f", [x, np_], b, [b.op("sum", b.op("tanh", b.op("add", t, t)))])
    found = functions_of(generate(made))["f"](np.ones(3), 0.5)
    assert found == np.sum(np.tanh(np.ones(3)))


def test_effects_are_statements() -> None:
    x, b = Value(FLOAT, "x"), OpBuilder()
    condition = b.op("gt", x, 0.0)
    b.emit(lookup("assert_"), [condition, x], [], {"message": ("negative", Input(1))[:1]})
    b.emit(lookup("print_"), [x], [], {"args": ("x is", Input(0)), "kwargs": {"end": "!"}})
    b.emit(lookup("raise_"), [x], [], {"exception": ValueError, "args": ("bad", Input(0))})
    body = generate(program("f", [x], b, [x])).body
    assert "    assert x > 0.0, 'negative'\n" in body
    assert "    print('x is', x, end='!')\n" in body
    assert "    raise ValueError('bad', x)\n" in body


class LocalError(Exception):
    """An exception of the user."""


def test_objects_of_the_user_are_in_the_namespace() -> None:
    b = OpBuilder()
    b.emit(lookup("raise_"), [], [], {"exception": LocalError, "args": ("no",)})
    x = Value(FLOAT, "x")
    generated = generate(program("f", [x], b, [x]))
    assert generated.namespace == {"LocalError": LocalError}
    with pytest.raises(LocalError, match="no"):
        functions_of(generated)["f"](1.0)


def division() -> Program:
    x, y = Value(FLOAT, "x"), Value(FLOAT, "y")
    b = OpBuilder(derivative=True)
    return program("f", [x, y], b, [b.op("div", x, y), b.op("log", y)])


def test_careful_text_gives_infinity_where_python_raises() -> None:
    plain, careful = generate(division()), generate(division(), fallback=True)
    assert "x / y, math.log(y)" in plain.text
    with pytest.raises(ZeroDivisionError):
        functions_of(plain)["f"](1.0, 0.0)
    with np.errstate(divide="ignore"):
        found = functions_of(careful)["f"](1.0, 0.0)
    assert found == (math.inf, -math.inf)


def test_careful_text_is_the_plain_one_where_nothing_raises() -> None:
    x, b = Value(VECTOR, "x"), OpBuilder(derivative=True)
    made = program("f", [x], b, [b.op("div", 1.0, x)])
    assert generate(made).text == generate(made, fallback=True).text


def test_primal_statements_raise_in_both_texts() -> None:
    x, b = Value(FLOAT, "x"), OpBuilder()
    made = program("f", [x], b, [b.op("div", 1.0, x)])
    for fallback in (False, True):
        with pytest.raises(ZeroDivisionError):
            run(made, [0.0], fallback=fallback)


def test_literals_keep_their_bits() -> None:
    numbers = (0.1, -0.0, -2.0, math.inf, -math.inf, 1e300, 5e-324, 2**70, True, 1 + 2j, -3j)
    b = OpBuilder()
    params = [Value(FLOAT, "x")]
    made = program("f", params, b, [b.constant(number) for number in numbers])
    found = run(made, [1.0])
    assert [repr(value) for value in found] == [repr(number) for number in numbers]
    b = OpBuilder()
    assert math.isnan(run(program("f", params, b, [b.constant(math.nan)]), [1.0]))


def test_negative_base_of_a_power() -> None:
    x, b = Value(INT, "x"), OpBuilder()
    made = program("f", [x], b, [b.op("pow", -2.0, x), b.op("neg", b.op("pow", 2.0, x))])
    assert run(made, [2]) == (4.0, -4.0)


def test_every_statement_is_tied_to_its_line() -> None:
    from tests.codegen.by_hand import heat_grad

    generated = generate(heat_grad())
    lines = generated.text.splitlines()
    for number, location in generated.line_map.items():
        line = lines[number - 1]
        assert line.endswith(f"# {location.short}") or line == "    return d_u"
    assert {lines[k - 1].split("#")[0].strip() for k in generated.derivative_lines} >= {"d_u = 2.0 * u"}
    assert all("u[1:-1] += k * (u" not in lines[k - 1] for k in generated.derivative_lines)


def test_zeros_of_numbers_and_lists() -> None:
    x, y, xs = Value(FLOAT, "x"), Value(numpy_scalar(np.float32), "y"), Value(SequenceType(VECTOR), "xs")
    b = OpBuilder(derivative=True)
    made = program("f", [x, y, xs], b, [b.op("zeros_like", value) for value in (x, y, xs)])
    zero, small, zeros = run(made, [2.0, np.float32(2.0), [np.ones(3)]])
    assert (type(zero), type(small)) == (float, np.float32)
    np.testing.assert_array_equal(zeros[0], np.zeros(3))
    assert "from gradscribe.runtime.lists import zeros_like" in generate(made).text


def test_saved_module_runs_without_gradscribe(tmp_path: Path) -> None:
    xs, x = Value(SequenceType(VECTOR), "xs"), Value(VECTOR, "x")
    b = OpBuilder(derivative=True)
    made = program("f", [xs, x], b, [b.op("zeros_like", xs), b.op("tanh", x)])
    text = standalone(made, Demand())
    assert "gradscribe." not in text
    (tmp_path / "saved.py").write_text(text)
    script = (
        "import sys\nsys.modules['gradscribe'] = None\nimport numpy as np\nfrom saved import f\n"
        "print(f([np.ones(2)], np.zeros(2)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "([array([0., 0.])], array([0., 0.]))\n"
    assert text.startswith("#")
    assert "Types: xs: list[float64[:]], x: float64[:]." in text


def test_saved_module_refuses_what_it_cannot_name() -> None:
    class Inside(Exception):
        pass

    b = OpBuilder()
    b.emit(lookup("raise_"), [], [], {"exception": Inside, "args": ()})
    x = Value(FLOAT, "x")
    with pytest.raises(UsageError, match="GS321"):
        standalone(program("f", [x], b, [x]), Demand())


def test_names() -> None:
    names = Names(["x"])
    assert [names.fresh("x"), names.fresh("x"), names.fresh("np"), names.fresh("y")] == [
        "x_1",
        "x_2",
        "np_1",
        "y",
    ]
    assert identifier("<lambda>_grad", "f") == "lambda_grad"


RUNTIME = sorted(
    spelling.name
    for spec in table().values()
    for spelling in spec.spellings
    # Some are written out where they are called, and no functions.
    if spelling.name.startswith("gradscribe.runtime.") and resolve(spelling.name) is not None
)


def globals_read(code):
    """The global names that some code reads, nested functions included."""
    own = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return own.union(*(globals_read(inner) for inner in code.co_consts if isinstance(inner, CodeType)))


@pytest.mark.parametrize("dotted", RUNTIME)
def test_what_runtime_functions_call_is_in_the_file_with_them(dotted):
    module = {"np": np, "Any": Any}
    exec(
        "from __future__ import annotations\n" + "\n".join(helpers({dotted: dotted.rpartition(".")[2]})),
        module,
    )
    made = [value for value in module.values() if isinstance(value, FunctionType)]
    assert made
    for function in made:
        assert globals_read(function.__code__) <= {*module, *dir(builtins)}
