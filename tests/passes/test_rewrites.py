"""Each identity of the table holds as far as it says."""

import ast

import numpy as np
import pytest
import sympy

from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import FLOAT, ArrayType
from gradscribe.ops.execute import execute
from gradscribe.passes.patterns import rewrites_by_operation
from gradscribe.passes.rewrites import REWRITES, Kind
from tests.graphs import as_program, block_of

POINTS = (0.0, 1.0, -2.5, 1e300, 3e-320, float("inf"), float("-inf"), float("nan"))
applied = pytest.mark.parametrize(
    "rewrite", [r for r in REWRITES if r.kind is not Kind.NARROWING], ids=lambda rewrite: rewrite.name
)


def names_in(text):
    tree = ast.parse(text, mode="eval")
    calls = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in calls})


def value_of(text, names, arguments):
    params = [
        Value(FLOAT if np.ndim(a) == 0 else MATRIX, name) for name, a in zip(names, arguments, strict=True)
    ]
    program = as_program(
        block_of(params, lambda b, *values: b.expression(text, dict(zip(names, values, strict=True))))
    )
    return evaluate(program, arguments, execute)[0]


MATRIX = ArrayType(np.dtype(float), (fresh(), fresh()))
LINEAR_ALGEBRA = ("transpose", "identity", "pos")


@applied
def test_both_sides_are_the_same_function(rewrite):
    if any(name in rewrite.before for name in LINEAR_ALGEBRA):
        pytest.skip("not an expression of SymPy")
    before, after = (sympy.sympify(text) for text in (rewrite.before, rewrite.after))
    assert sympy.simplify(before - after) == 0


@applied
def test_exact_rewrites_keep_the_bits(rewrite):
    if rewrite.kind is not Kind.EXACT:
        pytest.skip("only said of exact ones")
    names = names_in(rewrite.before)
    if "transpose" in rewrite.before:
        points = [(np.arange(6.0).reshape(2, 3),)]
    else:
        points = [(x, y)[: len(names)] for x in POINTS for y in POINTS]
    for arguments in points:
        with np.errstate(all="ignore"):
            expected, actual = (value_of(text, names, arguments) for text in (rewrite.before, rewrite.after))
        np.testing.assert_array_equal(actual, expected)


@applied
def test_rewrites_are_found_by_the_operation_they_start_from(rewrite):
    assert any(rewrite in found for found in rewrites_by_operation().values())


def test_names_are_unique():
    assert len({rewrite.name for rewrite in REWRITES}) == len(REWRITES)
