"""The reversal of `if`.

    y, s = if c: A(x) else B(x)          forward, with the residuals s_A, s_B of both branches as further outputs
    d_x  = if c: A'(s_A, d_y, d_x) else B'(s_B, d_y, d_x)

The slot of the branch that was not taken is `absent`. Cotangents that exist outside already go through as
accumulators: a branch that does not use them hands them on untouched. The reverse sweep never follows a branch
that raises: c is a literal there.

In:  an `if` node and its cotangents.   Out: the extended forward node; nodes in the reverse sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradscribe.ad.accumulate import Cotangents
from gradscribe.ad.attempts import asking, decision
from gradscribe.ad.blocks import BranchPart, close_branch, grown_type, zero_if_any
from gradscribe.ad.state import BlockPullback, Sweep
from gradscribe.analysis.absence import read_in
from gradscribe.analysis.overwriting import Link
from gradscribe.ir.control import IfView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ArrayType, Type, is_inexact, same_shape
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.effects import surely_taken


@dataclass(frozen=True)
class _Plan:
    """What goes through the reverse `if`.

    Attributes:
        active: positions of captured values that get a cotangent.
        incoming: whether an accumulator comes in for each of these.
        restored: position of an output whose storage is carried backwards -> position of the captured value that
            it was before.
        written: positions of captured values whose storage is written, here or later: a reverse branch cannot
            read them as they come in.
    """

    active: list[int]
    incoming: list[bool]
    restored: dict[int, int]
    written: frozenset[int]


def reverse_if(sweep: Sweep, node: Node) -> Node:
    """Emit the reverse `if`; return the forward one with residual outputs."""
    given, node = node, asking(node)
    view = IfView.of(node)
    plan = _plan(sweep, view)
    if not plan.active and not plan.restored:
        return given
    result_cts = [sweep.cts.dense(output) for output in view.outputs]
    present = [ct for ct in result_cts if ct is not None]
    accumulators = [
        sweep.cts.dense(view.captured[position])
        for position, comes in zip(plan.active, plan.incoming, strict=True)
        if comes
    ]
    storages = [sweep.restored[view.outputs[output]] for output in plan.restored]
    passed = [*present, *(value for value in accumulators if value is not None), *storages]
    branches = [
        _reverse_branch(sweep, view, block, plan, result_cts, passed) for block in (view.then, view.otherwise)
    ]
    plan = _contributing(plan, branches)
    if not plan.active and not plan.restored:
        return given
    parts = [_close(sweep, view, branch, plan) for branch in branches]
    forward = _extend_forward(node, view, parts)
    _emit_reverse(sweep, node, view, plan, parts, passed, forward)
    return forward


def _plan(sweep: Sweep, view: IfView) -> _Plan:
    results = [sweep.cts.has(output) for output in view.outputs]
    useful = [
        {param for param in block.params if param in sweep.run.activity.useful(block, results)}
        for block in (view.then, view.otherwise)
    ]
    active: list[int] = []
    for position, value in enumerate(view.captured):
        # One value may be captured under several parameters: any of them may be the one that reaches a result.
        reached = any(
            not found.isdisjoint(
                param for param, other in zip(block.params, view.captured, strict=True) if other is value
            )
            for block, found in zip((view.then, view.otherwise), useful, strict=True)
        )
        first = view.captured.index(value) == position
        if reached and value in sweep.varied and is_inexact(value.type) and first:
            active.append(position)
    incoming = [sweep.cts.has(view.captured[position]) for position in active]
    return _Plan(active, incoming, *_storages(sweep, view))


def _storages(sweep: Sweep, view: IfView) -> tuple[dict[int, int], frozenset[int]]:
    """Storages that go through the `if`: those to restore, and all that are written here or later."""
    restored: dict[int, int] = {}
    written = {k for k, value in enumerate(view.captured) if value in sweep.overwritten}
    for k, output in enumerate(view.outputs):
        position = sweep.run.overwriting.captured_position(view, k)
        if position is None:
            continue
        if any(_chain(sweep, block, k) for block in (view.then, view.otherwise)):
            written.add(position)
        if output in sweep.restored and position not in restored.values():
            restored[k] = position
    return restored, frozenset(written)


def _chain(sweep: Sweep, block: Block, output: int) -> tuple[Link, ...]:
    chain = sweep.run.overwriting.chain(block, block.results[output])
    return chain.links if chain is not None else ()


def _overwritten(sweep: Sweep, block: Block, plan: _Plan) -> frozenset[Value]:
    """Values of a branch whose storage is written here or later, and not restored."""
    found = {block.params[position] for position in plan.written - set(plan.restored.values())}
    for output in range(len(block.results)):
        if output not in plan.restored:
            found.update(link.after for link in _chain(sweep, block, output))
    return frozenset(found)


@dataclass(frozen=True)
class _Branch:
    """One branch, reversed, with its cotangents of captured values by position (None for zero)."""

    block: Block
    pull: BlockPullback
    params: list[Value]
    cotangents: dict[int, Value | None]


def _reverse_branch(
    sweep: Sweep,
    view: IfView,
    block: Block,
    plan: _Plan,
    result_cts: Sequence[Value | None],
    passed: Sequence[Value],
) -> _Branch:
    """The reverse sweep of one branch, not yet closed."""
    n_results = sum(ct is not None for ct in result_cts)
    # In a branch, the result has the shape of what this branch yields, not of the join of both.
    yielded = [result for result, ct in zip(block.results, result_cts, strict=True) if ct is not None]
    params = [
        Value(_shaped(value.type, yielded[k].type) if k < n_results else value.type, value.hint)
        for k, value in enumerate(passed)
    ]
    supply = iter(params)
    block_cts = [next(supply) if ct is not None else None for ct in result_cts]
    incoming = {
        block.params[position]: next(supply)
        for position, comes in zip(plan.active, plan.incoming, strict=True)
        if comes
    }
    captured_varied = [value in sweep.varied for value in view.captured]
    captured_absent = [value in sweep.absent for value in view.captured]
    restored = {block.results[output]: next(supply) for output in plan.restored}
    overwritten = _overwritten(sweep, block, plan)
    pull = sweep.run.reverse_block(
        sweep.run, block, captured_varied, block_cts, incoming, captured_absent, restored, overwritten
    )
    cotangents = {
        position: _merged_cotangent(pull.cotangents, view.captured, block, position)
        for position in plan.active
    }
    return _Branch(block, pull, params, cotangents)


def _shaped(ct: Type, result: Type) -> Type:
    if isinstance(ct, ArrayType) and isinstance(result, ArrayType):
        return ArrayType(ct.dtype, result.shape)
    return ct


def _contributing(plan: _Plan, branches: Sequence[_Branch]) -> _Plan:
    """The plan without captured values to which no branch contributes."""
    kept = [
        (position, comes)
        for position, comes in zip(plan.active, plan.incoming, strict=True)
        if comes or any(branch.cotangents[position] is not None for branch in branches)
    ]
    return replace(plan, active=[position for position, _ in kept], incoming=[comes for _, comes in kept])


def _close(sweep: Sweep, view: IfView, branch: _Branch, plan: _Plan) -> BranchPart:
    """The adjoint of one branch, with zeros where it does not contribute."""
    block, pull = branch.block, branch.pull
    read = read_in(block)
    results: list[Value] = []
    for position in plan.active:
        param = block.params[position]
        ct = branch.cotangents[position]
        # What a branch reads exists there, even if it may be absent elsewhere.
        absent = {param} if view.captured[position] in sweep.absent and param not in read else ()
        results.append(ct if ct is not None else zero_if_any(pull.b, param, absent))
    results += [pull.restored[block.params[position]] for position in plan.restored.values()]
    stable = [param for position, param in enumerate(block.params) if position not in plan.written]
    # The cotangent of what may be absent could not be added to that of another reader.
    unfit = sweep.absent | sweep.overwritten | set(sweep.restored)
    yielded = {
        result: output
        for result, output in zip(block.results, view.outputs, strict=True)
        if type(result.type) is type(output.type) and result.type == output.type and output not in unfit
    }
    return close_branch(block, pull, branch.params, results, stable, yielded)


def _merged_cotangent(
    cotangents: Cotangents, captured: Sequence[Value], block: Block, position: int
) -> Value | None:
    """The cotangent of a captured value, also where it was captured under several parameters."""
    first = block.params[position]
    for other, value in enumerate(captured):
        if other != position and value is captured[position]:
            more = cotangents.dense(block.params[other])
            if more is not None:
                cotangents.add(first, more)
    return cotangents.dense(first)


def _extend_forward(node: Node, view: IfView, parts: Sequence[BranchPart]) -> Node:
    """The forward `if`, with one more output per saved value of either branch that is none yet."""
    own = set(view.outputs)
    saved = [
        (whose, value, residual)
        for whose, part in enumerate(parts)
        for value, residual in zip(part.plan.saved, part.residuals, strict=True)
        if residual not in own
    ]
    blocks: list[Block] = []
    for mine, part in enumerate(parts):
        b = OpBuilder(derivative=True, location=node.location)
        b.nodes.extend(part.plan.forward)
        extra = [value if whose == mine else b.absent(value.type) for whose, value, _ in saved]
        blocks.append(b.finish(part.block.params, (*part.block.results, *extra)))
    outputs = [*view.outputs, *(residual for _, _, residual in saved)]
    return IfView.make(
        view.condition,
        view.captured,
        blocks[0],
        blocks[1],
        outputs,
        catches=view.catches,
        location=node.location,
        derivative=node.derivative,
    )


def _emit_reverse(
    sweep: Sweep,
    node: Node,
    view: IfView,
    plan: _Plan,
    parts: Sequence[BranchPart],
    passed: Sequence[Value],
    forward: Node,
) -> None:
    residuals = list(dict.fromkeys(value for part in parts for value in part.residuals))
    outer = list(dict.fromkeys(view.captured[i] for part in parts for i in part.captured_positions))
    inputs = [*passed, *residuals, *outer]
    blocks = [part.finish(inputs, passed, view.captured) for part in parts]
    outputs = [
        _cotangent([block.results[slot] for block in blocks], view.captured[position])
        for slot, position in enumerate(plan.active)
    ]
    storages = {
        position: Value(view.captured[position].type, view.captured[position].hint)
        for position in plan.restored.values()
    }
    outputs += storages.values()
    sweep.b.append(
        IfView.make(
            _decision(sweep.b, view),
            inputs,
            blocks[0],
            blocks[1],
            outputs,
            location=node.location,
            derivative=True,
        )
    )
    sweep.restored.update((view.captured[position], storage) for position, storage in storages.items())
    for position, comes, output in zip(plan.active, plan.incoming, outputs, strict=False):
        if comes:
            sweep.cts.replace(view.captured[position], output)
        else:
            sweep.cts.add(view.captured[position], output)


def _decision(b: OpBuilder, view: IfView) -> Value:
    """Which branch was taken, where the forward sweep has come to its end."""
    taken = surely_taken(view)
    return decision(view) if taken is None else b.constant(taken)


def _cotangent(results: Sequence[Value], captured: Value) -> Value:
    """The cotangent of a captured value, of what both branches yield for it.

    Where a branch knows more of the shape of what it captures than the other one, both know what is known outside.
    """
    type_ = grown_type(results)
    if any(not same_shape(type_, result.type) for result in results if isinstance(result.type, ArrayType)):
        type_ = _shaped(type_, captured.type)
    return Value(type_, f"d_{captured.hint}" if captured.hint else "")
