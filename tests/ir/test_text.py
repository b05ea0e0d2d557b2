"""The text form is complete, readable and the same in every process."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gradscribe.ir.build import name_value
from gradscribe.ir.control import ForView, IfView
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import at_least_zero, fresh
from gradscribe.ir.text import show, to_text
from gradscribe.ir.types import FLOAT, INT, ArrayType, SequenceType
from gradscribe.location import Location
from gradscribe.ops.spec import operator
from tests.graphs import RandomProgram, as_program, block_of

ROOT = str(Path(__file__).parents[2])

EXPECTED = """\
graph f(x: float64[n0], y: float64[max(0, n0-2)]) -> (%6, kept)
    %0: int = constant(value=0)
    %1: int = constant(value=3)
    %2: int = constant(value=1)
    %4: float, %5: list[float] = for range(%0, %1, %2) carried(%0) captured(x) backwards:
        body index(i: int) carried(s: float) captured(x.1: float64[n0]):
            %3: np.float64 = get_item(x.1, i, index=($1,))  # d model.py:7
            yield s, %3
    kept: float = if %1 captured():
        then():
            a: float = constant(value=1.0)
            yield a
        else():
            a.1: float = constant(value=2.0)
            yield a.1
    %6: np.float64 = sum(y)  # model.py:7"""


def program():
    n = fresh()
    x = Value(ArrayType(np.dtype(float), (n,)), "x")
    y = Value(ArrayType(np.dtype(float), (at_least_zero(n - 2),)), "y")
    inside = [Value(INT, "i"), Value(FLOAT, "s"), Value(x.type, "x")]

    def body(b, i, s, x):
        with b.at(Location("/home/model.py", 7)):
            return s, b.apply("get_item", (x, i), {"index": (Input(1),)})[0]

    def build(b, x, y):
        zero = b.constant(0)
        bounds = (zero, b.constant(3), b.constant(1))
        loop = block_of(inside, body, derivative=True)
        outputs = [Value(FLOAT), Value(SequenceType(FLOAT))]
        b.append(ForView.make(bounds, loop, initial=[zero], captured=[x], outputs=outputs, backwards=True))
        then, otherwise = (named_constant(value) for value in (1.0, 2.0))
        kept = Value(FLOAT, "kept")
        b.append(IfView.make(bounds[1], [], then, otherwise, [kept]))
        with b.at(Location("/home/model.py", 7)):
            return b.op("sum", y), kept

    return as_program(block_of([x, y], build))


def named_constant(value):
    def build(b):
        constant = b.constant(value)
        name_value(constant, "a")
        return constant

    return block_of([], build)


def test_text_shows_names_types_places_and_blocks():
    assert to_text(program()) == EXPECTED


@pytest.mark.parametrize("seed", range(5))
def test_equal_programs_have_equal_text(seed):
    first, second = RandomProgram(seed).program, RandomProgram(seed).program
    assert to_text(first) == to_text(second)


def test_text_does_not_depend_on_the_hash_seed():
    code = "from tests.graphs import RandomProgram; from gradscribe.ir.text import to_text;"
    code += "print(to_text(RandomProgram(3).program))"
    runs = []
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": ROOT}
        runs.append(
            subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        )
    assert runs[0].stdout == runs[1].stdout != b""


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ((Input(1), slice(None, Input(2)), None, ...), "($1, :$2, None, ...)"),
        ((slice(1, None, 2),), "(1::2,)"),
        ({"axis": [0, 1]}, "{'axis': [0, 1]}"),
        (np.dtype("float32"), "float32"),
        (ValueError, "ValueError"),
        (operator("+"), "+"),
        (object(), "<object>"),
    ],
)
def test_attributes_are_shown_without_addresses(attribute, expected):
    assert show(attribute) == expected
