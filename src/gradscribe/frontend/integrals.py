"""Calls of scipy.integrate.quad and its like: the integrand is a function of the user's.

In:  abstract arguments.   Out: nodes of ops/integrals.py.
Not here: the graph of the integrand (function_arguments.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.custom_calls import template_of
from gradscribe.frontend.function_arguments import function_argument, handed_on
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.table_calls import bind_arguments
from gradscribe.frontend.values import Abstract, Static, TupleValue
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import FLOAT, ArrayType, ScalarType, Type, shape_of, type_text
from gradscribe.ops.integrals import FUNCTION, OPTIONS
from gradscribe.ops.spec import OpSpec, Spelling


def call_integral(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The pair (integral, estimate of its error)."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    parameter = FUNCTION[spec.name]
    limits = [as_value(run, bound[name], node) for name in ("a", "b")]
    _check_limits(run, node, spelling, limits)
    passed = handed_on(run, node, bound.get("args", Static(())))
    variable = Value(FLOAT, "t")
    found = function_argument(run, node, bound[parameter], [variable], passed, spelling.name)
    result = _result(run, node, spec, spelling, found.results)
    inputs = [*limits, *found.reads]
    attrs: dict[str, object] = {parameter: found.graph}
    attrs["args"] = tuple(Input(k) for k in range(2, len(inputs)))
    for name in OPTIONS:
        if name in bound:
            taker = Taker(run, node, keep_literals=True)
            template = template_of(run, node, spelling.name, taker.take(bound[name]))
            attrs[name] = shift(template, len(inputs))
            inputs += taker.leaves
    if shape_of(result):
        attrs["result"] = result
    outputs = run.apply(node, spec, inputs, attrs, spelling)
    return TupleValue(tuple(run.wrap(output) for output in outputs))


def _check_limits(run: Lowering, node: cst.CSTNode, spelling: Spelling, limits: Sequence[Value]) -> None:
    for limit in limits:
        type_ = limit.type
        if not isinstance(type_, ScalarType | ArrayType) or shape_of(type_) or type_.dtype.kind not in "biuf":
            raise run.refusal(
                node,
                "GS204",
                f"a limit of `{spelling.name}` is {type_text(type_)}",
                why="it integrates from one real number to another",
                fix="integrate in a loop over the limits",
            )


def _result(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, results: Sequence[Value]
) -> Type:
    """The type of the integral."""
    type_ = results[0].type if len(results) == 1 else None
    if isinstance(type_, ScalarType | ArrayType) and type_.dtype.kind in "biuf":
        if not shape_of(type_):
            if spec.name == "quad":
                return FLOAT
        elif spec.name == "quad_vec" and type_.dtype == np.dtype(np.float64):
            return type_
    wanted = "one real number" if spec.name == "quad" else "an array of doubles"
    instead = (
        "scipy.integrate.quad_vec for arrays" if spec.name == "quad" else "scipy.integrate.quad for numbers"
    )
    returned = type_text(type_) if type_ is not None else "other than one value"
    raise run.refusal(
        node,
        "GS204",
        f"the function handed to `{spelling.name}` returns {returned}",
        why=f"the derivative of the integral is known where it returns {wanted}",
        fix=f"return {wanted}, or use {instead}",
    )
