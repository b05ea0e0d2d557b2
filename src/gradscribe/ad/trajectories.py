"""The derivative of the solution of an initial value problem y' = f(t, y, p), y(t₀) = y₀, and of its adjoint.

    forward:   ẏ' = ∂f/∂y ẏ + ∂f/∂p ṗ,  ẏ(t₀) = ẏ₀, solved along with y: the doubled problem.
    reverse:   λ' = -λ ∂f/∂y, backwards, with a jump by the cotangent of y at each time; ȳ₀ = λ(t₀), p̄ = ∫ λ ∂f/∂p.

The adjoint is A(y₀, p, ȳ) = (∂y/∂(y₀, p))ᵀ ȳ. Its derivatives are solutions and adjoints of the doubled problem,
since ⟨ȳ, ẏ⟩ = ⟨A(y₀, p, ȳ), (ẏ₀, ṗ)⟩:

    forward:   the adjoint of the doubled problem, for the cotangent (dȳ, ȳ) of (y, ẏ), with respect to (y₀, p).
    reverse:   for cotangents (u, w) of A, which stand where ẏ₀ and ṗ do: of ȳ, the tangent ẏ; of (y₀, p), the
               adjoint of the doubled problem for the cotangent (0, ȳ).

The times are held fixed: they have no derivative here.

In:  a node of ops/trajectories.py, its cotangents or tangents.   Out: nodes; cotangents or tangents.
Not here: the doubled problem and the nodes that solve it (initial_values.py), solving (runtime/trajectories.py).
References: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, 1993, section I.14; Özyurt &
Barton, Cheap second order directional derivatives of stiff ODE embedded functionals, 2005.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gradscribe.ad.initial_values import cotangents, doubled, moved_states, moving, problem_of
from gradscribe.ad.state import Sweep, Transformation
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.slices import along, joined, length
from gradscribe.ops.spec import Unsupported
from gradscribe.ops.trajectories import TrajectoryParts, is_adjoint


def push_trajectory(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value]
) -> list[Value | None]:
    """The tangents of the outputs."""
    _refuse_times(node, tangents)
    if is_adjoint(node):
        return _push_adjoint(run, b, node, tangents)
    problem = problem_of(run, b, node)
    start = _or_zeros(b, tangents.get(problem.state), problem.state)
    dots = {k: tangents[problem.reads[k]] for k in moving(problem, tangents)}
    moved = moved_states(run, b, doubled(run, b, problem, start, dots), problem.state)
    if node.op.name == "odeint":
        return [b.op("transpose", moved)]
    return [None, b.shaped_like(moved, node.outputs[1]), None, None][: len(node.outputs)]


def reverse_trajectory(sweep: Sweep, node: Node) -> None:
    """Add the cotangents of the inputs."""
    _refuse_times(node, sweep.varied)
    if is_adjoint(node):
        _reverse_adjoint(sweep, node)
    else:
        _reverse_solution(sweep, node)


def _reverse_solution(sweep: Sweep, node: Node) -> None:
    b, cts = sweep.b, sweep.cts
    ct = cts.dense(node.outputs[0 if node.op.name == "odeint" else 1])
    if ct is None:
        return
    problem = problem_of(sweep.run, b, node)
    ct = b.op("transpose", ct) if node.op.name == "odeint" else ct
    of_state, of_reads = cotangents(sweep.run, b, problem, ct, moving(problem, sweep.varied))
    _add(sweep, problem.state, of_state)
    for k, found in of_reads.items():
        _add(sweep, problem.reads[k], found)


def _push_adjoint(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value]
) -> list[Value | None]:
    problem, ct, reached = problem_of(run, b, node), node.inputs[4], _reached(node)
    start = _or_zeros(b, tangents.get(problem.state), problem.state)
    dots = {k: tangents[problem.reads[k]] for k in moving(problem, tangents)}
    both = joined(b, [_or_zeros(b, tangents.get(ct), ct), ct])
    twice = doubled(run, b, problem, start, dots)
    of_state, of_reads = cotangents(run, b, twice, both, reached)
    return [along(b, of_state, 0, None, length(b, problem.state, 0)), *(of_reads.get(k) for k in reached)]


def _reverse_adjoint(sweep: Sweep, node: Node) -> None:
    b, cts, run = sweep.b, sweep.cts, sweep.run
    problem, ct = problem_of(run, b, node), node.inputs[4]
    start = _or_zeros(b, cts.dense(node.outputs[0]), problem.state)
    found = zip(_reached(node), map(cts.dense, node.outputs[1:]), strict=True)
    twice = doubled(run, b, problem, start, {k: dot for k, dot in found if dot is not None})
    if ct in sweep.varied:
        cts.add(ct, b.shaped_like(moved_states(run, b, twice, problem.state), ct))
    active = moving(problem, sweep.varied)
    if active or problem.state in sweep.varied:
        both = joined(b, [b.op("zeros_like", ct), ct])
        of_state, of_reads = cotangents(run, b, twice, both, active)
        _add(sweep, problem.state, along(b, of_state, 0, None, length(b, problem.state, 0)))
        for k, of_read in of_reads.items():
            _add(sweep, problem.reads[k], of_read)


def _reached(node: Node) -> tuple[int, ...]:
    """Positions of the reads that the outputs after the first belong to."""
    reached = node.attrs["reached"]
    assert isinstance(reached, tuple)
    return reached


def _add(sweep: Sweep, value: Value, found: Value) -> None:
    if value in sweep.varied and is_inexact(value.type):
        sweep.cts.add(value, found)


def _or_zeros(b: OpBuilder, value: Value | None, like: Value) -> Value:
    return value if value is not None else b.op("zeros_like", like)


def _refuse_times(node: Node, active: Iterable[Value] | Mapping[Value, Value]) -> None:
    among = set(active)
    if any(value in among and is_inexact(value.type) for value in TrajectoryParts.of(node).times):
        raise Unsupported(
            "the times of an initial value problem are held fixed",
            "scale time instead: with t = T * s, solve y' = T * f(T * s, y) for s from 0 to 1",
        )
