"""Forward mode through loops: tangents are carried along with what they belong to.

In:  a `for` or `while`, and the tangents of its inputs.   Out: the loop of both, tangents of its outputs.
Not here: other nodes (forward.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gradscribe.ad.blocks import grown_type, zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.tangents import (
    Push,
    param_tangents,
    result_tangent,
    tangent_value,
    zero_if_there,
)
from gradscribe.analysis.selection import Tangent
from gradscribe.ir.control import ForView, WhileView
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import SequenceType, Type
from gradscribe.ir.walk import clone_block


@dataclass(frozen=True)
class _PushedLoop:
    """A loop body with tangents, and where they stand."""

    body: Block
    carried: list[int]
    collected: list[int]
    entry: list[Value]
    elements: list[Value]
    captured: list[Value]


def _push_body(
    push: Push,
    body: Block,
    groups: tuple[Sequence[Value], Sequence[Value], Sequence[Value]],
    inputs: tuple[Sequence[Value], Sequence[Value], Sequence[Value]],
    *,
    indexed: bool,
    leaves: bool,
) -> _PushedLoop:
    """Push a loop body; groups and inputs are (elements, carried, captured)."""
    elements, carried, captured = groups
    sequences, initial, outside = inputs
    flags = [value in push.tangents for value in (*sequences, *initial, *outside)]
    first = indexed + len(elements)
    positions = range(first, first + len(carried))
    closed = push.run.activity.loop_varied(body, [*[False] * indexed, *flags], positions)
    active = [k for k, position in enumerate(positions) if closed[position]]
    element_in, element_params, mapping = param_tangents(elements, sequences, push)
    captured_in, captured_params, more = param_tangents(captured, outside, push)
    mapping.update(more)
    carried_params = [tangent_value(carried[k]) for k in active]
    mapping.update((carried[k], param) for k, param in zip(active, carried_params, strict=True))
    given = [False] * indexed + [v in push.absent for v in (*sequences, *initial, *outside)]
    absent = push.run.absence.in_loop(body, first, len(carried), given)
    first_known = [Tangent.NONE] * indexed + [push.known(v) for v in (*sequences, *initial, *outside)]
    known = push.run.selections.in_loop(body, first, len(carried), first_known)
    pushed = push.run.push_block(push.run, body, mapping, absent, known)
    inside_absent = push.run.absence.of(body, absent)
    end = len(body.results) - leaves
    collected = [k for k in range(len(carried), end) if pushed.tangents[k] is not None]
    next_carried = [
        handed_on(
            pushed.b,
            result_tangent(pushed, body.results[k], pushed.tangents[k], body.results[k] in inside_absent),
            body.results[k],
            inside_absent,
        )
        for k in active
    ]
    tangents_out = [pushed.tangents[k] for k in collected]
    results = (
        *body.results[: len(carried)],
        *next_carried,
        *body.results[len(carried) : end],
        *(tangent for tangent in tangents_out if tangent is not None),
        *body.results[end:],
    )
    params = (
        *body.params[:indexed],
        *elements,
        *element_params,
        *carried,
        *carried_params,
        *captured,
        *captured_params,
    )
    entry = [
        push.tangents[initial[k]]
        if initial[k] in push.tangents
        else zero_if_there(push.b, initial[k])
        if initial[k] in push.absent
        else zero_like(push.b, initial[k])
        for k in active
    ]
    collected_slots = [k - len(carried) for k in collected]
    return _PushedLoop(
        pushed.b.finish(params, results), active, collected_slots, entry, element_in, captured_in
    )


def _loop_outputs(
    push: Push,
    final: Sequence[Value],
    collected: Sequence[Value],
    rest: Sequence[Value],
    loop: _PushedLoop,
) -> list[Value]:
    """Outputs of the pushed loop; the tangents among them are registered."""
    finals = [Value(grown_type([final[k]]), tangent_value(final[k]).hint) for k in loop.carried]
    lists = [Value(SequenceType(_element(collected[k])), "") for k in loop.collected]
    for k, tangent in zip(loop.carried, finals, strict=True):
        push.tangents[final[k]] = tangent
    for k, tangent in zip(loop.collected, lists, strict=True):
        push.tangents[collected[k]] = tangent
    return [*final, *finals, *collected, *lists, *rest]


def _element(value: Value) -> Type:
    assert isinstance(value.type, SequenceType)
    return value.type.element


def push_for(push: Push, node: Node) -> None:
    """Append a `for` that carries tangents, too."""
    view = ForView.of(node)
    loop = _push_body(
        push,
        view.body,
        (view.elements, view.carried_params, view.captured_params),
        (view.sequences, view.initial, view.captured),
        indexed=True,
        leaves=view.leaves,
    )
    rest = () if view.trips is None else (view.trips,)
    outputs = _loop_outputs(push, view.final, view.collected, rest, loop)
    push.b.append(
        ForView.make(
            (view.start, view.stop, view.step),
            loop.body,
            sequences=(*view.sequences, *loop.elements),
            initial=(*view.initial, *loop.entry),
            captured=(*view.captured, *loop.captured),
            outputs=outputs,
            backwards=view.backwards,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )
    )


def push_while(push: Push, node: Node) -> None:
    """Append a `while` that carries tangents, too."""
    view = WhileView.of(node)
    loop = _push_body(
        push,
        view.body,
        ((), view.carried_params, view.captured_params),
        ((), view.initial, view.captured),
        indexed=False,
        leaves=view.leaves,
    )
    n = len(view.initial)
    condition = clone_block(view.condition)
    extra_carried = [Value(value.type, value.hint) for value in loop.entry]
    extra_captured = [Value(value.type, value.hint) for value in loop.captured]
    params = (*condition.params[:n], *extra_carried, *condition.params[n:], *extra_captured)
    outputs = _loop_outputs(push, view.final, view.collected, (view.trips,), loop)
    push.b.append(
        WhileView.make(
            replace(condition, params=params),
            loop.body,
            initial=(*view.initial, *loop.entry),
            captured=(*view.captured, *loop.captured),
            outputs=outputs,
            leaves=view.leaves,
            location=node.location,
            derivative=node.derivative,
        )
    )
