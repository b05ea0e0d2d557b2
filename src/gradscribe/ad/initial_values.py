"""Initial value problems as nodes state them, the doubled problem of their derivative, and their adjoints.

The doubled problem has the state (y, ẏ) and the right-hand side (f, ∂f/∂y ẏ + ∂f/∂p ṗ): it is the problem that the
tangent of a solution solves, and an initial value problem like any other, so derivatives of any order follow.

In:  a node of ops/trajectories.py.   Out: `Problem`; nodes that solve it or its adjoint.
Not here: which of them a derivative is made of (trajectories.py).
References: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 1993, section I.14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.calls import free_name
from gradscribe.ad.integrals import appended
from gradscribe.ad.state import Transformation
from gradscribe.ir.build import leaf_signature, name_value
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Block, Graph, Input, Node, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.types import FLOAT, ArrayType, Type, is_inexact, shape_of
from gradscribe.ir.walk import clone_block, clone_nodes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.slices import along, entry, joined, length
from gradscribe.ops.table import lookup
from gradscribe.ops.trajectories import DOUBLE, OPTIONS, TrajectoryParts

# What odeint works with.
LSODA: Mapping[str, object] = {"method": "LSODA", "rtol": 1.49012e-08, "atol": 1.49012e-08}


@dataclass(frozen=True)
class Problem:
    """An initial value problem.

    Attributes:
        node: that states it, with its options.
        graph: the right-hand side that the user wrote, or what it has become at lower orders.
        body: the right-hand side, with parameters (t, y, *reads) of its own.
        state: the state at the beginning.
        span: where time begins and ends.
        times: where the solution is read.
        reads: what the right-hand side reads.
        doubled: how often the state was doubled.
    """

    node: Node
    graph: Graph
    body: Block
    state: Value
    span: tuple[Value, Value]
    times: Value
    reads: tuple[Value, ...]
    doubled: int = 0


def problem_of(run: Transformation, b: OpBuilder, node: Node) -> Problem:
    """The problem that a node solves, or whose adjoint it is."""
    parts = TrajectoryParts.of(node)
    graph = run.graph(parts.function)
    body = clone_block(graph.body)
    if node.op.name == "odeint":
        if not node.attrs.get("tfirst", False):
            y, t, *reads = body.params
            body = Block((t, y, *reads), body.nodes, body.results)
        (times,) = parts.times
        span = (entry(b, times, 0, 0), entry(b, times, 0, -1))
    else:
        times = node.outputs[0] if node.op.name == "trajectory" else parts.times[2]
        span = (parts.times[0], parts.times[1])
    return Problem(node, graph, body, parts.state, span, times, parts.reads)


def doubled(
    run: Transformation, b: OpBuilder, problem: Problem, start: Value, dots: Mapping[int, Value]
) -> Problem:
    """The problem of the state and its tangent, where the reads at these positions have tangents."""
    body = clone_block(problem.body)
    t, old, *reads = body.params
    z = Value(ArrayType(DOUBLE, (fresh(),)), "z")
    whole = OpBuilder(derivative=True, location=problem.node.location)
    half = whole.op("floordiv", length(whole, z, 0), 2)
    name_value(half, "n")
    y = Value(old.type, old.hint)
    y_dot = Value(old.type, f"{old.hint}_dot")
    _half(whole, z, None, half, y)
    _half(whole, z, half, None, y_dot)
    mapping: dict[Value, Value] = {old: y}
    nodes = clone_nodes(body.nodes, mapping)
    (result,) = (mapping.get(value, value) for value in body.results)
    moves = {k: Value(reads[k].type, f"{reads[k].hint}_dot" if reads[k].hint else "") for k in dots}
    tangents = {y: y_dot, **{reads[k]: move for k, move in moves.items()}}
    pushed = run.push_block(run, Block((t, y, *reads), tuple(nodes), (result,)), tangents)
    tangent = pushed.tangents[0]
    moved = pushed.b.op("zeros_like", result) if tangent is None else handed_on(pushed.b, tangent, result)
    both = joined(pushed.b, [result, moved])
    whole.nodes.extend(pushed.b.nodes)
    block = whole.finish((t, z, *reads, *moves.values()), (both,))
    given = tuple(handed_on(b, dot, problem.reads[k]) for k, dot in dots.items())
    state = joined(b, [problem.state, start])
    return Problem(
        problem.node,
        problem.graph,
        block,
        state,
        problem.span,
        problem.times,
        (*problem.reads, *given),
        problem.doubled + 1,
    )


def _half(b: OpBuilder, z: Value, start: Value | None, stop: Value | None, part: Value) -> None:
    """Make `part` a half of the doubled state: it is as long as the state, which slicing does not show."""
    along(b, z, 0, start, stop)
    b.nodes[-1] = replace(b.nodes[-1], outputs=(part,))


def moved_states(run: Transformation, b: OpBuilder, problem: Problem, like: Value) -> Value:
    """The tangents of the states: the second half of the states of a doubled problem."""
    doc = f"`{problem.graph.name}`, and its derivative in a direction, of a state and its derivative."
    name = _enter(run, problem.graph, "dot", problem.body, doc)
    inputs = [problem.state, *problem.span, problem.times, *problem.reads]
    attrs: dict[str, object] = {"fun": GraphReference(name), "t_span": (Input(1), Input(2)), "y0": Input(0)}
    attrs |= {"t_eval": Input(3), "times": 3, "strict": True}
    attrs["args"] = tuple(Input(k) for k in range(4, len(inputs)))
    attrs |= _options(b, problem, inputs)
    spec = lookup("trajectory")
    outputs = b.emit(spec, inputs, b.infer(spec, inputs, attrs), attrs)
    return along(b, outputs[1], 0, length(b, like, 0))


def cotangents(
    run: Transformation, b: OpBuilder, problem: Problem, ct: Value, active: Sequence[int]
) -> tuple[Value, dict[int, Value]]:
    """Cotangents of the state at the beginning, and of the reads at these positions that it reaches.

    Args:
        run: the transformation.
        b: where the adjoint is solved.
        problem: whose solution has a cotangent.
        ct: the cotangent of the states, one column for each time.
        active: positions of reads.
    """
    pull, reached = _pulled(run, problem, active)
    inputs = [problem.state, *problem.span, problem.times, ct, *problem.reads]
    attrs: dict[str, object] = {"pull": GraphReference(pull), "fun": _time_first(run, problem)}
    attrs |= {"t_span": (Input(1), Input(2)), "y0": Input(0), "t": Input(3), "d_y": Input(4), "times": 3}
    attrs["args"] = tuple(Input(k) for k in range(5, len(inputs)))
    attrs |= _options(b, problem, inputs)
    types = tuple(_as_double(value) for value in (problem.state, *(problem.reads[k] for k in reached)))
    attrs |= {"results": types, "reached": tuple(reached)}
    of_state, *of_reads = b.emit(lookup("adjoint_trajectory"), inputs, types, attrs)
    return of_state, dict(zip(reached, of_reads, strict=True))


def _pulled(run: Transformation, problem: Problem, active: Sequence[int]) -> tuple[str, list[int]]:
    """The graph that pulls a cotangent of the right-hand side back, and to what besides the state it does."""
    body = clone_block(problem.body)
    _, state, *reads = body.params
    seed = Value(body.results[0].type, "d_out")
    varied = [False, True, *(k in active for k in range(len(reads)))]
    pull = run.reverse_block(run, body, varied, [seed], {})
    found = {k: ct for k in active if (ct := pull.cotangents.dense(reads[k])) is not None}
    of_state = pull.cotangents.dense(state) or zero_like(pull.b, state)
    results = [handed_on(pull.b, of_state, state)]
    for k, ct in found.items():
        results.append(handed_on(pull.b, ct, reads[k]) if shape_of(reads[k].type) else ct)
    whole = OpBuilder(derivative=True)
    whole.nodes.extend([*pull.forward, *pull.b.nodes])
    params = (*body.params[:2], seed, *reads)
    doc = f"Pull a cotangent of `{problem.graph.name}` back to the state and what else it reads."
    return _enter(run, problem.graph, "pullback", whole.finish(params, results), doc), list(found)


def _time_first(run: Transformation, problem: Problem) -> GraphReference:
    """The right-hand side as `solve_ivp` calls it."""
    is_odeint = problem.node.op.name == "odeint" and not problem.node.attrs.get("tfirst", False)
    if not problem.doubled and not is_odeint:
        return GraphReference(problem.graph.name)
    suffix, doc = ("dot", ", with its derivative") if problem.doubled else ("of_time", ", time first")
    return GraphReference(_enter(run, problem.graph, suffix, problem.body, f"`{problem.graph.name}`{doc}."))


def _enter(run: Transformation, graph: Graph, suffix: str, body: Block, doc: str) -> str:
    name = free_name(run, f"{graph.name}_{suffix}")
    block = clone_block(body)
    signature = leaf_signature(block.params, len(block.results))
    run.graphs[name] = Graph(name, signature, block, graph.location, doc)
    return name


def _options(b: OpBuilder, problem: Problem, inputs: list[Value]) -> dict[str, object]:
    """The options of the node, over inputs that are appended; a tolerance for each entry is repeated."""
    node = problem.node
    given = {key: node.attrs[key] for key in OPTIONS if key in node.attrs}
    if node.op.name == "odeint":
        given = {**LSODA, **{key: value for key, value in given.items() if value is not None}}
    else:
        given.pop("first_step", None)
    found: dict[str, object] = {}
    for key, option in given.items():
        found[key] = appended(inputs, option, node)
        if key == "atol" and isinstance(option, Input) and shape_of(node.inputs[option.position].type):
            for _ in range(problem.doubled):
                inputs[-1] = joined(b, [inputs[-1], inputs[-1]])
    return found


def _as_double(value: Value) -> Type:
    shape = shape_of(value.type)
    return ArrayType(DOUBLE, shape) if shape or isinstance(value.type, ArrayType) else FLOAT


def moving(problem: Problem, among: Mapping[Value, object] | frozenset[Value]) -> list[int]:
    """Positions of the reads that have a derivative and are among these values."""
    return [k for k, value in enumerate(problem.reads) if value in among and is_inexact(value.type)]
