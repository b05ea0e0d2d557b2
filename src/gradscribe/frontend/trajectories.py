"""Calls of scipy.integrate.solve_ivp and odeint: the right-hand side is a function of the user's.

In:  abstract arguments.   Out: nodes of ops/trajectories.py.
Not here: the graph of the right-hand side (function_arguments.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.custom_calls import template_of
from gradscribe.frontend.function_arguments import FunctionArgument, function_argument
from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.table_calls import bind_arguments
from gradscribe.frontend.values import Abstract, ListCell, Static, TupleValue
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import ArrayType, numpy_scalar, shape_of, type_text
from gradscribe.ops.spec import OpSpec, Spelling
from gradscribe.ops.trajectories import OPTIONS
from gradscribe.runtime.trajectories import Solution

TIME = numpy_scalar(np.dtype(np.float64))


def call_solve_ivp(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """The result: its fields `t`, `y`, `success` and `status`."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    state = _state(run, node, spelling, bound["y0"])
    ends = [as_value(run, item, node) for item in items_of(run, node, bound["t_span"])]
    at = bound.get("t_eval", Static(None))
    times = [*ends, *([] if isinstance(at, Static) and at.value is None else [as_value(run, at, node)])]
    call = _Call(run, node, spelling, [state, *times])
    call.attrs.update({"t_span": (Input(1), Input(2)), "y0": Input(0), "times": len(times)})
    if len(times) > 2:
        call.attrs["t_eval"] = Input(3)
    variables = [Value(TIME, "t"), _like(state)]
    call.attrs["fun"] = call.function(bound["fun"], variables, bound.get("args", Static(None))).graph
    call.options({name: bound[name] for name in OPTIONS if name in bound})
    outputs = run.apply(node, spec, call.inputs, call.attrs)
    return TupleValue(tuple(run.wrap(output) for output in outputs), Solution, Solution._fields)


def call_odeint(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:  # fmt: skip
    """The states at the given times, one row for each."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    state = _state(run, node, spelling, bound["y0"])
    call = _Call(run, node, spelling, [state, as_value(run, bound["t"], node)])
    call.attrs.update({"y0": Input(0), "t": Input(1), "times": 1})
    first = bound.get("tfirst", Static(False))
    variables = [_like(state), Value(TIME, "t")]
    if isinstance(first, Static) and first.value:
        call.attrs["tfirst"] = True
        variables.reverse()
    call.attrs["func"] = call.function(bound["func"], variables, bound.get("args", Static(None))).graph
    call.options({name: bound[name] for name in OPTIONS if name in bound})
    return run.wrap(run.apply(node, spec, call.inputs, call.attrs)[0])


class _Call:
    """Inputs and attributes of one node, collected."""

    def __init__(self, run: Lowering, node: cst.CSTNode, spelling: Spelling, inputs: Sequence[Value]) -> None:
        self.run = run
        self.node = node
        self.name = spelling.name
        self.inputs = list(inputs)
        self.attrs: dict[str, object] = {}

    def function(self, function: Abstract, variables: Sequence[Value], args: Abstract) -> FunctionArgument:
        """The right-hand side; what it reads are inputs, and `args`."""
        nothing = isinstance(args, Static) and args.value is None
        passed = () if nothing else items_of(self.run, self.node, args)
        found = function_argument(self.run, self.node, function, variables, passed, self.name, as_array=True)
        (result,) = found.results
        if (
            not isinstance(result.type, ArrayType)
            or result.type.ndim != 1
            or result.type.dtype.kind not in "biuf"
        ):
            raise self.run.refusal(
                self.node,
                "GS204",
                f"the function handed to `{self.name}` returns {type_text(result.type)}",
                why="the derivative of a solution is known where the right-hand side is a real vector",
                fix="return an array or a list with one entry for each entry of the state",
            )
        start = len(self.inputs)
        self.inputs += found.reads
        self.attrs["args"] = tuple(Input(k) for k in range(start, len(self.inputs)))
        return found

    def options(self, given: Mapping[str, Abstract]) -> None:
        """Further arguments, which no derivative passes through."""
        for name, value in given.items():
            if isinstance(value, ListCell | TupleValue):
                value = self.run.wrap(as_value(self.run, value, self.node))
            taker = Taker(self.run, self.node, keep_literals=True)
            template = template_of(self.run, self.node, self.name, taker.take(value))
            self.attrs[name] = shift(template, len(self.inputs))
            self.inputs += taker.leaves


def _state(run: Lowering, node: cst.CSTNode, spelling: Spelling, given: Abstract) -> Value:
    state = as_value(run, given, node)
    if not isinstance(state.type, ArrayType) or state.type.ndim != 1 or state.type.dtype.kind not in "biuf":
        raise run.refusal(
            node,
            "GS204",
            f"the state `y0` of `{spelling.name}` is {type_text(state.type)}",
            why="it is a real vector",
            fix="pass a vector, such as np.array([1.0])",
        )
    return state


def _like(state: Value) -> Value:
    """The state, as SciPy passes it to the right-hand side."""
    return Value(ArrayType(np.dtype(np.float64), shape_of(state.type)), "y")
