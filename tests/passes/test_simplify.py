"""Derivative expressions come out as a person writes them; primal ones stay as they were."""

import ast

import numpy as np
import pytest

from gradscribe.ir.control import IfView
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import BOOL, FLOAT, INT, ArrayType, numpy_scalar
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import optimise
from tests.graphs import as_program, block_of

N, M = fresh("n"), fresh("m")
VECTOR, MATRIX = ArrayType(np.dtype(float), (N,)), ArrayType(np.dtype(float), (M, N))
TYPES = {
    "x": FLOAT,
    "y": FLOAT,
    "z": FLOAT,
    "n": INT,
    "v": VECTOR,
    "w": VECTOR,
    "A": MATRIX,
    "f": numpy_scalar("float32"),
}
SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}


def as_source(program):
    """The only result as an expression, with parentheses where Python needs none but for sums and products."""
    made = {node.output: node for node in program.entry.body.nodes if len(node.outputs) == 1}

    def write(value, above=""):
        node = made.get(value)
        if node is None:
            return value.hint
        if node.op.name == "constant":
            return repr(node.attrs["value"])
        parts = [write(item, f"{node.op.name}{k}") for k, item in enumerate(node.inputs)]
        if node.op.name == "neg":
            return f"-{parts[0]}"
        if node.op.name in SYMBOLS:
            text = f" {SYMBOLS[node.op.name]} ".join(parts)
            bare = above in ("", "add0", "sub0") or (
                above in ("mul0", "div0") and node.op.name in ("mul", "div")
            )
            bare |= above in ("add1", "sub1") and node.op.name in ("mul", "div")
            return text if bare else f"({text})"
        return f"{node.op.name}({', '.join(parts)})"

    return write(program.entry.body.results[0])


def program_of(text, derivative=True):
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    names = [name for name in TYPES if name in used]
    params = [Value(TYPES[name], name) for name in names]
    build = lambda b, *values: b.expression(text, dict(zip(names, values, strict=True)))  # noqa: E731
    return as_program(block_of(params, build, derivative=derivative))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1.0 * x", "x"),
        ("x * 1.0", "x"),
        ("x * 2.0", "2.0 * x"),
        ("3.0 * (2.0 * x ** 1)", "6.0 * x"),
        ("2.0 * x * 0.5", "x"),
        ("-(-x)", "x"),
        ("-x * -y", "x * y"),
        ("-x * y", "-x * y"),
        ("x * -y", "-x * y"),
        ("2.0 * -x", "-2.0 * x"),
        ("x + -y", "x - y"),
        ("x + -2.0 * y", "x - 2.0 * y"),
        ("-x + y", "y - x"),
        ("x - -y", "x + y"),
        ("x - (y - z)", "x - (y - z)"),
        ("-(x - y)", "y - x"),
        ("x + x", "2.0 * x"),
        ("z * x + z * x", "2.0 * z * x"),
        ("z * x + x * z", "2.0 * z * x"),
        ("(y - x) - x", "y - 2.0 * x"),
        ("3.0 * x - x", "2.0 * x"),
        ("x - x", "x - x"),
        ("0.0 * x", "0.0 * x"),
        ("0.0 + x", "x"),
        ("0.0 - x", "-x"),
        ("x / 1.0", "x"),
        ("x / 2.0", "0.5 * x"),
        ("x / 3.0", "x / 3.0"),
        ("2.0 * x / 4.0", "0.5 * x"),
        ("x / 3.0 * 2.0", "2.0 * x / 3.0"),
        ("3.0 * (x / y)", "3.0 * x / y"),
        ("z * (x / y)", "z * (x / y)"),
        ("-x / y", "-x / y"),
        ("-(x / y)", "-x / y"),
        ("z - -x / y", "z + x / y"),
        ("1.0 / n * (2.0 * v)", "2.0 * v / n"),
        ("x / n * v", "x / n * v"),
        ("v * x", "x * v"),
        ("v * (x * w)", "x * v * w"),
        ("A * (2.0 * v)", "2.0 * v * A"),
        ("A * (v * w)", "v * w * A"),
        ("(3 - 1) * x ** (3 - 2)", "2.0 * x"),
        ("1.0 * f", "f"),
        ("n * 1.0", "1.0 * n"),
        ("x * (1.0 - y * y)", "x * (1.0 - y * y)"),
        ("sum(f)", "f"),
        ("transpose(transpose(A))", "A"),
        ("v * broadcast_like(x, v)", "x * v"),
        ("unbroadcast_like(v, w)", "v"),
        ("zeros_like(v) + w", "w"),
        ("broadcast_like(x, sin(v))", "broadcast_like(x, v)"),
    ],
)
def test_derivative_expressions(before, after):
    program = program_of(before)
    simplified = optimise(program, verify_between=True)
    assert as_source(simplified) == after
    arguments = [argument(param) for param in program.entry.body.params]
    expected, actual = (evaluate(p, arguments, execute)[0] for p in (program, simplified))
    assert type(actual) is type(expected) and getattr(actual, "dtype", None) == getattr(
        expected, "dtype", None
    )
    np.testing.assert_allclose(actual, expected, rtol=1e-6)


def argument(param):
    rng = np.random.default_rng(len(param.hint) + ord(param.hint[0]))
    if isinstance(param.type, ArrayType):
        return rng.normal(size=(3, 4)[2 - param.type.ndim :] if param.type.ndim < 2 else (3, 4))
    return {"n": 4, "f": np.float32(1.25)}.get(param.hint, float(rng.normal()))


@pytest.mark.parametrize(
    "text", ["1.0 * x", "x + x", "-(-x)", "x ** 1", "(3.0 - 1.0) * x", "v * x", "x * x + x * x"]
)
def test_primal_expressions_stay(text):
    program = program_of(text, derivative=False)
    assert optimise(program) is program


def test_names_of_cotangents_are_handed_on():
    def build(b, x):
        return b.op("sum", b.op("mul", 1.0, b.op("sin", x), hint="d_x"))

    program = optimise(as_program(block_of([Value(VECTOR, "x")], build, derivative=True)))
    assert [node.output.hint for node in program.entry.body.nodes] == ["d_x", ""]


def test_values_with_a_name_are_not_looked_into():
    def build(b, x, y):
        return b.op("mul", 3.0, b.op("mul", 2.0, b.op("mul", x, y), hint="d_h"))

    params = [Value(FLOAT, "x"), Value(FLOAT, "y")]
    program = optimise(as_program(block_of(params, build, derivative=True)))
    assert "d_h" in [node.output.hint for node in program.entry.body.nodes]


def test_float_that_may_be_an_int_is_still_multiplied():
    """s = 0 if c else 0.5; return 1.0 * s"""

    def build(b, c):
        branches = [block_of([], lambda b, v=v: b.constant(v)) for v in (0, 0.5)]
        joined = Value(FLOAT, "s")
        b.append(IfView.make(c, [], *branches, [joined]))
        return b.op("mul", 1.0, joined)

    program = optimise(as_program(block_of([Value(BOOL, "c")], build, derivative=True)))
    (result,) = evaluate(program, [True], execute)
    assert result == 0.0 and type(result) is float


def clear_and_add_back(index, back):
    def build(b, v, n):
        part = b.apply("get_item", (v, n), {"index": (at(back, 1),)})[0]
        cleared = b.apply("set_item", (v, b.constant(0.0), n), {"index": (at(index, 2),)})[0]
        added = b.apply("accumulate_at", (cleared, part, n), {"index": (at(back, 2),), "repeats": False})[0]
        return b.op("sin", added)

    return as_program(block_of([Value(VECTOR, "v"), Value(INT, "n")], build, derivative=True))


def at(index, position):
    """The index, or the run-time int at this position of the node's inputs."""
    return Input(position) if index is None else index


@pytest.mark.parametrize("index", [slice(1, -1), None])
def test_part_that_is_cleared_and_added_back_was_never_touched(index):
    program = optimise(clear_and_add_back(index, index), verify_between=True)
    assert [node.op.name for node in program.entry.body.nodes] == ["sin"]


def test_adding_back_another_part_is_an_update():
    program = clear_and_add_back(slice(1, 2), slice(2, 3))
    assert optimise(program) is program
