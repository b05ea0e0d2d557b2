"""Calls of scipy.optimize that search for roots and minima: the function is one of the user's.

In:  abstract arguments.   Out: nodes of ops/roots.py.
Not here: the graph of the function (function_arguments.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst
import numpy as np

from gradscribe.frontend.custom_calls import template_of
from gradscribe.frontend.function_arguments import FunctionArgument, function_argument, handed_on
from gradscribe.frontend.operands import as_operand, as_value, describe
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict
from gradscribe.frontend.table_calls import bind_arguments
from gradscribe.frontend.values import Abstract, ArrayCell, DictCell, ListCell, Static, TupleValue
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Block, Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import BOOL, FLOAT, INT, ArrayType, Type, numpy_scalar, shape_of, type_text
from gradscribe.ops.roots import FUNCTION, HELPING, MINIMA, SQUARES
from gradscribe.ops.spec import OpSpec, Spelling
from gradscribe.runtime.roots import LeastSquares, Minimum, ScalarRoot, VectorRoot

DOUBLE = np.dtype(np.float64)
NUMBER = numpy_scalar(DOUBLE)
IN_C = frozenset({"brentq", "brenth", "ridder", "bisect"})
VECTORS = frozenset({"fsolve", "root", "minimize", *SQUARES})
RESULTS: Mapping[str, tuple[type, tuple[Type, ...]]] = {
    "root_scalar": (ScalarRoot, (BOOL, INT, INT)),
    "root": (VectorRoot, (BOOL,)),
    "minimize": (Minimum, (NUMBER, BOOL)),
    "minimize_scalar": (Minimum, (NUMBER, BOOL)),
    "least_squares": (LeastSquares, (NUMBER, BOOL)),
}


def call_root(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The root or minimum; a record of it where SciPy returns one."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    parameter = FUNCTION[spec.name]
    variable = _variable(run, node, spec, spelling, bound)
    helping = [name for name in HELPING if name in bound and _is_given(bound[name])]
    passed = handed_on(run, node, bound.get("args", Static(())))
    found = [
        function_argument(run, node, bound[name], [variable], passed, spelling.name, as_array=as_array)
        for name, as_array in [
            (parameter, spec.name in VECTORS - MINIMA),
            *((name, False) for name in helping),
        ]
    ]
    _check_result(run, node, spec, spelling, variable, found[0])
    functions, reads = _with_the_same_reads(run, found, len(_leaves(run, node, passed)))
    attrs: dict[str, object] = dict(zip((parameter, *helping), functions, strict=True))
    inputs: list[Value] = []
    for name, value in bound.items():
        if name not in attrs and name != "args":
            attrs[name] = _option(run, node, spelling, value, inputs)
    if reads:
        attrs["args"] = tuple(Input(k) for k in range(len(inputs), len(inputs) + len(reads)))
    cls, further = RESULTS.get(spec.name, (None, ()))
    results = (variable.type, *further)
    if spec.name == "root":
        results = (*results, variable.type)
    if spec.name == "fitted_curve":
        results = (*results, ArrayType(DOUBLE, shape_of(variable.type) * 2))
    outputs = run.apply(node, spec, [*inputs, *reads], {**attrs, "results": results})
    if cls is None:
        values = tuple(run.wrap(output) for output in outputs)
        return values[0] if len(values) == 1 else TupleValue(values)
    names: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    return TupleValue(tuple(run.wrap(output) for output in outputs), cls, names)


def _is_given(value: Abstract) -> bool:
    return not (isinstance(value, Static) and (value.value in (None, False) or isinstance(value.value, str)))


def _leaves(run: Lowering, node: cst.CSTNode, passed: Sequence[Abstract]) -> list[Value]:
    taker = Taker(run, node, keep_literals=True)
    for value in passed:
        taker.take(value)
    return taker.leaves


def _variable(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, bound: Mapping[str, Abstract]
) -> Value:
    """What the function is called with: SciPy makes an array or a number of where the search begins."""
    if spec.name in VECTORS:
        start = as_operand(run, bound["x0"], node)
        shape = shape_of(start.type)
        if len(shape) > 1 or _kind(start.type) not in "biuf":
            raise _refused_start(run, node, spelling, bound["x0"])
        one = run.op(node, "atleast_1d", start) if not shape else start
        return Value(ArrayType(DOUBLE, shape_of(one.type)), "x")
    method = bound.get("method", Static(None))
    by_bracket = isinstance(method, Static) and method.value in IN_C | {None}
    in_c = spec.name in IN_C or (spec.name == "root_scalar" and "bracket" in bound and by_bracket)
    if in_c:
        return Value(FLOAT, "x")
    begin = as_operand(run, bound["x0"], node).type if "x0" in bound else NUMBER
    shape = shape_of(begin)
    if _kind(begin) not in "biuf" or (shape and spec.name == "root_scalar"):
        raise _refused_start(run, node, spelling, bound["x0"])
    if shape:
        return Value(ArrayType(DOUBLE, shape), "x")
    return Value(ArrayType(DOUBLE, ()) if spec.name == "fixed_point" else NUMBER, "x")


def _kind(type_: Type) -> str:
    return str(getattr(type_, "dtype", np.dtype(object)).kind)


def _refused_start(run: Lowering, node: cst.CSTNode, spelling: Spelling, start: Abstract) -> Exception:
    return run.refusal(
        node,
        "GS204",
        f"`{spelling.name}` begins at {describe(run, start)}",
        why="the derivative is known for real numbers and vectors",
        fix="begin at a vector, and reshape inside the function",
    )


def _check_result(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    variable: Value,
    found: FunctionArgument,
) -> None:
    wanted = () if spec.name in MINIMA else shape_of(variable.type)
    type_ = found.results[0].type if len(found.results) == 1 else None
    if type_ is not None and len(shape_of(type_)) == len(wanted) and _kind(type_) in "biuf":
        return
    kind = "an array like its variable" if wanted else "one real number"
    returned = type_text(type_) if type_ is not None else "other than one value"
    raise run.refusal(
        node,
        "GS204",
        f"the function handed to `{spelling.name}` returns {returned}",
        why=f"the derivative is known where it returns {kind}",
        fix=f"return {kind}",
    )


def _with_the_same_reads(
    run: Lowering, found: Sequence[FunctionArgument], passed: int
) -> tuple[list[GraphReference], list[Value]]:
    """The graphs with one list of parameters for what they read: SciPy hands the same `args` to all."""
    captured = list(dict.fromkeys(value for item in found for value in item.reads[passed:]))
    reads = [*found[0].reads[:passed], *captured]
    for item in found:
        graph = run.graphs[item.graph.name]
        own = dict(zip(item.reads[passed:], graph.body.params[1 + passed :], strict=True))
        further = [own.get(value) or Value(value.type, value.hint) for value in captured]
        params = (*graph.body.params[: 1 + passed], *further)
        body = Block(params, graph.body.nodes, graph.body.results)
        run.graphs[graph.name] = replace(
            graph, body=body, signature=leaf_signature(params, len(body.results))
        )
    return [item.graph for item in found], reads


def _option(
    run: Lowering, node: cst.CSTNode, spelling: Spelling, value: Abstract, inputs: list[Value]
) -> object:
    """A further argument, which no derivative passes through."""
    if isinstance(value, DictCell):
        entries = read_dict(run, value)
        return {key: _option(run, node, spelling, item, inputs) for key, item in entries.items()}
    if isinstance(value, ListCell) or (isinstance(value, TupleValue) and _holds_arrays(value)):
        value = run.wrap(as_value(run, value, node))
    taker = Taker(run, node, keep_literals=True)
    template = shift(template_of(run, node, spelling.name, taker.take(value)), len(inputs))
    inputs += taker.leaves
    return template


def _holds_arrays(value: TupleValue) -> bool:
    return any(isinstance(item, ArrayCell) for item in value.items)
