"""Every spelling of every entry of the table prints as Python that computes what executing the node computes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from gradscribe.codegen.numpy_source import generate
from gradscribe.codegen.writes import aliasing_of
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.execute import execute
from gradscribe.ops.spec import Aliasing, Domain, OpSpec, Spelling, SpellingKind, Unsupported
from gradscribe.ops.table import resolve, table
from tests.codegen.by_hand import program
from tests.codegen.running import functions_of, read_only
from tests.rules.samples import Lengths, Namespace, make_case, read_case
from tests.rules.test_table import CALLED, POINTWISE, draw, interval, rng_of


def cases(spec: OpSpec) -> list[Any]:
    """Calls of an operation."""
    if spec.samples:
        return [read_case(spec, text, Namespace(rng_of(spec.name), *interval(spec))) for text in spec.samples]
    arity = len(spec.operands)
    kinds = (("float64",) * arity, ("int64",) * arity, ("python",) * arity)
    shapes = (((2, 3),) * arity, ((2, 3),) * arity, ((),) * arity)
    pairs = zip(shapes, kinds, strict=True)
    return [make_case(spec, draw(spec, rng_of(spec.name), *pair), {}) for pair in pairs]


def check(spec: OpSpec, case: Any, spelling: Spelling, *, derivative: bool) -> int:
    """Print the node and run it; 0 where the call is refused."""
    arrays = any(isinstance(value, np.ndarray) for value in case.values)
    if (spelling.is_math and arrays and spec.backend is Domain.ELEMENTWISE) or (
        spelling.kind is SpellingKind.FUNCTION and resolve(spelling.name) is None
    ):
        return 0
    b, lengths = OpBuilder(derivative=derivative), Lengths()
    params, given, inputs = [], [], []
    for k, (value, literal) in enumerate(zip(case.values, case.literal, strict=True)):
        if literal and isinstance(value, bool | int | float | complex):
            inputs.append(b.constant(value))
        else:
            inputs.append(Value(lengths.type_of(value), f"x{k}"))
            params.append(inputs[-1])
            given.append(value)
    try:
        outputs = b.apply(spec.name, inputs, {**case.attrs, "spelling": spelling})
        expected = execute(b.nodes[-1], case.values)
    except (Unsupported, TypeError, ValueError, AttributeError, ZeroDivisionError, OverflowError):
        return 0
    check_sharing(b.nodes[-1], case.values, expected)
    made = program("f", params, b, outputs)
    for fallback in (False, True):
        generated = generate(made, fallback=fallback)
        result = functions_of(generated)["f"](*map(read_only, given))
        found = (result,) if len(outputs) == 1 else result
        for a, e, output in zip(found, expected, outputs, strict=True):
            if spec.name.endswith(("empty", "empty_like")):
                continue
            if fallback and derivative:
                # `math`, NumPy and SciPy may differ in the last bit, that of 1 next to a root.
                np.testing.assert_allclose(a, e, rtol=1e-15, atol=1e-15, err_msg=generated.text)
            else:
                np.testing.assert_array_equal(a, e, err_msg=generated.text)
            if isinstance(output.type, ArrayType):
                assert a.dtype == e.dtype, generated.text
    return 1


def check_sharing(node: Node, values: list[Any], results: tuple[Any, ...]) -> None:
    """What the table says of aliasing covers what NumPy does."""
    for j, result in enumerate(results):
        for k, value in enumerate(values):
            if not isinstance(result, np.ndarray) or not isinstance(value, np.ndarray):
                continue
            if np.shares_memory(result, value):
                said = aliasing_of(node)
                source = j if said is Aliasing.EACH else 0
                assert k == source, f"{node.op}: output {j} shares memory with input {k}"
                assert said is not Aliasing.FRESH, f"{node.op}: shares memory, but is FRESH"
                assert j == 0 or said in (Aliasing.VIEW, Aliasing.EACH), (
                    f"{node.op}: output {j} shares memory"
                )


@pytest.mark.parametrize("name", sorted([*POINTWISE, *CALLED]))
def test_printed_calls_compute_what_the_node_means(name: str) -> None:
    spec = table()[name]
    checked = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for case in cases(spec):
            for spelling in spec.spellings:
                for derivative in (False, True):
                    checked += check(spec, case, spelling, derivative=derivative)
    assert checked
