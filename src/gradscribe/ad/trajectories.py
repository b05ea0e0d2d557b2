"""The derivative of the solution of an initial value problem y' = f(t, y, p), y(t₀) = y₀.

    forward:   ẏ' = ∂f/∂y ẏ + ∂f/∂p ṗ,  ẏ(t₀) = ẏ₀, solved along with y.
    reverse:   λ' = -λ ∂f/∂y, backwards, with a jump by the cotangent of y at each time; ȳ₀ = λ(t₀), p̄ = ∫ λ ∂f/∂p.

The times are held fixed: they have no derivative here.

In:  a node of ops/trajectories.py, its cotangents or tangents.   Out: nodes; cotangents or tangents.
Not here: solving (runtime/trajectories.py).
References: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 1993, section I.14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.calls import free_name
from gradscribe.ad.integrals import appended
from gradscribe.ad.state import Sweep, Transformation
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Block, Graph, Input, Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import FLOAT, ArrayType, Type, is_inexact, shape_of
from gradscribe.ir.walk import clone_nodes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.slices import along, entry, joined, length
from gradscribe.ops.spec import Unsupported
from gradscribe.ops.table import lookup
from gradscribe.ops.trajectories import DOUBLE, OPTIONS, TrajectoryParts

if TYPE_CHECKING:
    from gradscribe.ad.tangents import PushedBlock

PushBlock = Callable[..., "PushedBlock"]
# What odeint works with.
LSODA: Mapping[str, object] = {"method": "LSODA", "rtol": 1.49012e-08, "atol": 1.49012e-08}


@dataclass(frozen=True)
class _Problem:
    """A node as the solution of a problem for `solve_ivp`.

    Attributes:
        parts: of the node.
        graph: the right-hand side.
        body: the right-hand side, with parameters (t, y, *reads) of its own.
        span: where time begins and ends.
        times: where the solution is read.
    """

    parts: TrajectoryParts
    graph: Graph
    body: Block
    span: tuple[Value, Value]
    times: Value

    @property
    def reads(self) -> Sequence[Value]:
        """Parameters of the body for what is read."""
        return self.body.params[2:]


def _problem(run: Transformation, b: OpBuilder, node: Node, state: Value | None = None) -> _Problem:
    """The problem that a node solves; `state` takes the place of the parameter of that name."""
    parts = TrajectoryParts.of(node)
    graph = run.program.graphs[parts.function]
    is_odeint = node.op.name == "odeint"
    t, y, *reads = graph.body.params
    if is_odeint and not node.attrs.get("tfirst", False):
        t, y = y, t
    own = [Value(param.type, param.hint) for param in (t, y, *reads)]
    own[1] = state or own[1]
    mapping = dict(zip((t, y, *reads), own, strict=True))
    nodes = clone_nodes(graph.body.nodes, mapping)
    body = Block(tuple(own), tuple(nodes), tuple(mapping.get(value, value) for value in graph.body.results))
    if is_odeint:
        (times,) = parts.times
        return _Problem(parts, graph, body, (entry(b, times, 0, 0), entry(b, times, 0, -1)), times)
    return _Problem(parts, graph, body, (parts.times[0], parts.times[1]), node.outputs[0])


def push_trajectory(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value], push_block: PushBlock
) -> list[Value | None]:
    """The tangent of the states."""
    _refuse_times(TrajectoryParts.of(node), tangents)
    z = Value(ArrayType(DOUBLE, (fresh(),)), "z")
    halves = OpBuilder(derivative=True, location=node.location)
    half = halves.op("floordiv", length(halves, z, 0), 2)
    y, y_dot = along(halves, z, 0, None, half), along(halves, z, 0, half)
    problem = _problem(run, b, node, y)
    moving = [
        k for k, value in enumerate(problem.parts.reads) if value in tangents and is_inexact(value.type)
    ]
    dots = [Value(problem.reads[k].type, f"{problem.reads[k].hint}_dot") for k in moving]
    given = {problem.reads[k]: dot for k, dot in zip(moving, dots, strict=True)}
    pushed = push_block(run, problem.body, {y: y_dot, **given})
    (result,), (tangent,) = problem.body.results, pushed.tangents
    tangent = (
        handed_on(pushed.b, tangent, result) if tangent is not None else pushed.b.op("zeros_like", result)
    )
    both = joined(pushed.b, [result, tangent])
    whole = OpBuilder(derivative=True)
    whole.nodes.extend([*halves.nodes, *pushed.b.nodes])
    params = (problem.body.params[0], z, *problem.reads, *dots)
    doc = f"`{problem.graph.name}`, and its derivative in a direction, of a state and its derivative."
    name = _enter(run, problem.graph, "dot", whole.finish(params, (both,)), doc)
    state = problem.parts.state
    start = tangents[state] if state in tangents else b.op("zeros_like", state)
    read = [*problem.parts.reads]
    read += [handed_on(b, tangents[problem.parts.reads[k]], problem.parts.reads[k]) for k in moving]
    moved = _sensitivity(b, node, problem, name, joined(b, [state, start]), read)
    if node.op.name == "odeint":
        return [b.op("transpose", moved)]
    return [None, moved, None, None][: len(node.outputs)]


def _sensitivity(
    b: OpBuilder, node: Node, problem: _Problem, name: str, state: Value, read: Sequence[Value]
) -> Value:
    """The second half of the states of the problem of twice the size."""
    inputs = [state, *problem.span, problem.times, *read]
    attrs: dict[str, object] = {"fun": GraphReference(name), "t_span": (Input(1), Input(2)), "y0": Input(0)}
    attrs |= {"t_eval": Input(3), "times": 3, "strict": True}
    attrs["args"] = tuple(Input(k) for k in range(4, len(inputs)))
    for key, option in _options(node).items():
        attrs[key] = appended(inputs, option, node)
        if key == "atol" and isinstance(option, Input) and shape_of(node.inputs[option.position].type):
            inputs[-1] = joined(b, [inputs[-1], inputs[-1]])
    spec = lookup("trajectory")
    outputs = b.emit(spec, inputs, b.infer(spec, inputs, attrs), attrs)
    moved = along(b, outputs[1], 0, length(b, problem.parts.state, 0))
    return b.shaped_like(moved, node.outputs[1]) if node.op.name == "trajectory" else moved


def reverse_trajectory(sweep: Sweep, node: Node) -> None:
    """Add the cotangents of the state at the beginning and of what the right-hand side reads."""
    b, run = sweep.b, sweep.run
    ct = sweep.cts.dense(node.outputs[0 if node.op.name == "odeint" else 1])
    if ct is None:
        return
    _refuse_times(TrajectoryParts.of(node), sweep.varied)
    problem = _problem(run, b, node)
    parts = problem.parts
    active = [k for k, value in enumerate(parts.reads) if value in sweep.varied and is_inexact(value.type)]
    name, active = _pulled(sweep, node, problem, active)
    ct = b.op("transpose", ct) if node.op.name == "odeint" else ct
    inputs = [parts.state, *problem.span, problem.times, ct, *parts.reads]
    attrs: dict[str, object] = {"pull": GraphReference(name), "fun": _function(run, node, problem)}
    attrs |= {"t_span": (Input(1), Input(2)), "y0": Input(0), "t": Input(3), "d_y": Input(4)}
    attrs["args"] = tuple(Input(k) for k in range(5, len(inputs)))
    attrs.update((key, appended(inputs, option, node)) for key, option in _options(node).items())
    targets = [parts.state, *(parts.reads[k] for k in active)]
    types = tuple(_as_double(value) for value in targets)
    outputs = b.emit(lookup("adjoint_trajectory"), inputs, types, {**attrs, "results": types})
    for value, output in zip(targets, outputs, strict=True):
        if value in sweep.varied and is_inexact(value.type):
            sweep.cts.add(value, output)


def _pulled(sweep: Sweep, node: Node, problem: _Problem, active: Sequence[int]) -> tuple[str, list[int]]:
    """The graph that pulls a cotangent of the right-hand side back, and to what besides the state it does."""
    body, run = problem.body, sweep.run
    seed = Value(body.results[0].type, "d_out")
    varied = [False, True, *(k in active for k in range(len(problem.reads)))]
    pull = run.reverse_block(run, body, varied, [seed], {})
    found = {k: pull.cotangents.dense(problem.reads[k]) for k in active}
    reached = [k for k in active if found[k] is not None]
    of_state = pull.cotangents.dense(body.params[1]) or zero_like(pull.b, body.params[1])
    results = [handed_on(pull.b, of_state, body.params[1])]
    for k in reached:
        ct, read = found[k], problem.reads[k]
        assert ct is not None
        results.append(handed_on(pull.b, ct, read) if shape_of(read.type) else ct)
    whole = OpBuilder(derivative=True)
    whole.nodes.extend([*pull.forward, *pull.b.nodes])
    params = (*body.params[:2], seed, *problem.reads)
    doc = f"Pull a cotangent of `{problem.graph.name}` back to the state and what else it reads."
    return _enter(run, problem.graph, "pullback", whole.finish(params, results), doc), reached


def _function(run: Transformation, node: Node, problem: _Problem) -> GraphReference:
    """The right-hand side as `solve_ivp` calls it, time first."""
    if node.op.name == "trajectory" or node.attrs.get("tfirst", False):
        return GraphReference(problem.graph.name)
    mapping: dict[Value, Value] = {param: Value(param.type, param.hint) for param in problem.body.params}
    nodes = clone_nodes(problem.body.nodes, mapping)
    params = tuple(mapping[param] for param in problem.body.params)
    block = Block(params, tuple(nodes), tuple(mapping.get(value, value) for value in problem.body.results))
    doc = f"`{problem.graph.name}`, time first."
    return GraphReference(_enter(run, problem.graph, "of_time", block, doc))


def _enter(run: Transformation, graph: Graph, suffix: str, block: Block, doc: str) -> str:
    name = free_name(run, f"{graph.name}_{suffix}")
    signature = leaf_signature(block.params, len(block.results))
    run.graphs[name] = Graph(name, signature, block, graph.location, doc)
    return name


def _options(node: Node) -> dict[str, object]:
    given = {key: node.attrs[key] for key in OPTIONS if key in node.attrs}
    if node.op.name == "odeint":
        return {**LSODA, **{key: value for key, value in given.items() if value is not None}}
    return {key: value for key, value in given.items() if key != "first_step"}


def _as_double(value: Value) -> Type:
    shape = shape_of(value.type)
    return ArrayType(DOUBLE, shape) if shape or isinstance(value.type, ArrayType) else FLOAT


def _refuse_times(parts: TrajectoryParts, active: Iterable[Value] | Mapping[Value, Value]) -> None:
    moving = set(active)
    if any(value in moving and is_inexact(value.type) for value in parts.times):
        raise Unsupported(
            "the times of an initial value problem are held fixed",
            "scale time instead: with t = T * s, solve y' = T * f(T * s, y) for s from 0 to 1",
        )
