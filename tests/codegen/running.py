"""Running generated text and comparing it with the reference evaluator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gradscribe.codegen.numpy_source import Generated, generate
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Program
from gradscribe.ops.execute import execute


def flat(value: Any) -> list[Any]:
    """Leaves of nested tuples and lists."""
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in flat(item)]
    return [value]


def read_only(value: Any) -> Any:
    """A copy of an argument that nobody may write to."""
    if isinstance(value, np.ndarray):
        value = value.copy(order="K")
        value.flags.writeable = False
    return value


def functions_of(generated: Generated) -> dict[str, Any]:
    """The functions of a generated module by graph."""
    scope = dict(generated.namespace)
    exec(compile(generated.text, "<generated>", "exec"), scope)
    return {graph: scope[name] for graph, name in generated.functions.items()}


def run(program: Program, values: Sequence[Any], *, fallback: bool = False) -> Any:
    """What the generated function of the main graph returns for read-only arguments."""
    functions = functions_of(generate(program, fallback=fallback))
    return functions[program.main](*map(read_only, values))


def check(program: Program, values: Sequence[Any]) -> None:
    """Generated code gives, bit for bit, what the graph means; nothing it returns aliases an argument."""
    expected = flat(list(evaluate(program, [read_only(value) for value in values], execute)))
    given = [read_only(value) for value in values]
    result = functions_of(generate(program))[program.main](*given)
    found = flat(result)
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        assert type(a) is type(b) or np.ndim(a) == np.ndim(b) == 0
        np.testing.assert_array_equal(a, b)
    given = [value for value in given if isinstance(value, np.ndarray)]
    assert not any(np.shares_memory(a, b) for a in found if isinstance(a, np.ndarray) for b in given)
    arrays = [value for value in result if isinstance(value, np.ndarray)] if isinstance(result, tuple) else []
    assert not any(np.shares_memory(a, b) for k, a in enumerate(arrays) for b in flat([*arrays[:k]]))
