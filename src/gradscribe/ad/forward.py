"""Forward mode: every primal statement is followed by the one that moves its tangent along.

In:  a block and the tangents of its parameters.   Out: nodes that compute both, tangents of the results.
Not here: reverse mode, which this mode checks: the two share the table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gradscribe.ad import elementwise
from gradscribe.ad.attempts import asking, tangents_after
from gradscribe.ad.blocks import grown_type, zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.custom_rules import push_by_rule
from gradscribe.ad.forms import Form, push_form
from gradscribe.ad.integrals import push_integral
from gradscribe.ad.linear import apply_bilinear, apply_linear
from gradscribe.ad.refusal import blamed_on, no_derivative
from gradscribe.ad.stable import stable_forms
from gradscribe.ad.state import Transformation
from gradscribe.ad.trajectories import push_trajectory
from gradscribe.analysis.activity import passes_derivative
from gradscribe.ir.build import leaf_signature, name_value
from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView, make_call
from gradscribe.ir.graph import Block, Graph, Node, Value
from gradscribe.ir.types import SequenceType, Type, is_inexact
from gradscribe.ir.walk import clone_block
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import body_of
from gradscribe.ops.custom_rules import is_ruled
from gradscribe.ops.integrals import is_integral
from gradscribe.ops.spec import (
    Bilinear,
    Composite,
    ConstantAlmostEverywhere,
    Custom,
    Elementwise,
    Linear,
    OpSpec,
    Refused,
)
from gradscribe.ops.trajectories import is_trajectory

Tangents = dict[Value, Value]


@dataclass(frozen=True)
class PushedBlock:
    """A block with its tangents: `tangents` has one entry per result, None for zero."""

    b: OpBuilder
    tangents: list[Value | None]


@dataclass
class _Push:
    """The state of forward mode in one block."""

    run: Transformation
    b: OpBuilder
    tangents: Tangents
    absent: frozenset[Value]
    forms: Mapping[Node, Form]


def push_block(
    run: Transformation,
    block: Block,
    tangents: Mapping[Value, Value],
    absent_params: Sequence[bool] | None = None,
) -> PushedBlock:
    """The nodes of a block, each with the nodes of its tangent after it."""
    absent = run.absence.of(block, absent_params or [False] * len(block.params))
    b = OpBuilder(derivative=True)
    push = _Push(run, b, dict(tangents), absent, stable_forms(block))
    needed = _needed(block)
    for node in block.nodes:
        if node not in needed:
            push.b.append(node)
            continue
        with push.b.at(node.location), blamed_on(node):
            _push_node(push, node)
    return PushedBlock(push.b, [push.tangents.get(result) for result in block.results])


def _needed(block: Block) -> set[Node]:
    """Nodes whose tangents somebody may read: not what counts as constant, nor what a user's rule replaces."""
    wanted, found = set(block.results), set()
    for node in reversed(block.nodes):
        if node.has_effect or not wanted.isdisjoint(node.outputs):
            found.add(node)
            passes = isinstance(node.op, OpSpec) and not node.blocks
            flags = passes_derivative(node) if passes else (True,) * len(node.inputs)
            wanted.update(value for value, flag in zip(node.inputs, flags, strict=True) if flag)
    return found


def _push_node(push: _Push, node: Node) -> None:
    if not any(value in push.tangents for value in node.inputs):
        push.b.append(node)
    elif node.op is IF:
        _push_if(push, node)
    elif node.op is FOR:
        _push_for(push, node)
    elif node.op is WHILE:
        _push_while(push, node)
    elif node.op is CALL:
        _push_call(push, node)
    elif is_ruled(node):
        moved = push_by_rule(push.run, push.b, node, push.tangents)
        for output, tangent in zip(node.outputs, moved, strict=True):
            _set(push, output, tangent)
    elif is_integral(node) or is_trajectory(node):
        push.b.append(node)
        rule = push_integral if is_integral(node) else push_trajectory
        moved = rule(push.run, push.b, node, push.tangents, push_block)
        for output, tangent in zip(node.outputs, moved, strict=True):
            _set(push, output, tangent)
    else:
        push.b.append(node)
        _push_operation(push, node)


def _push_operation(push: _Push, node: Node) -> None:
    spec, b = node.op, push.b
    assert isinstance(spec, OpSpec)
    whole = push.forms.get(node)
    if whole is not None:
        _set(push, node.output, push_form(b, node, whole, push.tangents))
        return
    given = [push.tangents.get(value) for value in node.inputs]
    outputs: Sequence[Value | None] = [None] * len(node.outputs)
    match spec.form:
        case Elementwise():
            outputs = [elementwise.push_forward(b, node, given)]
        case Linear():
            outputs = [apply_linear(b, node, given)]
        case Bilinear():
            outputs = [apply_bilinear(b, node, given)]
        case Custom(jvp=jvp):
            outputs = jvp(b, node, given)
        case Composite():
            outputs = _push_body_of(push, node)
        case Refused() as form:
            if any(is_inexact(output.type) for output in node.outputs):
                raise no_derivative(node, form)
        case ConstantAlmostEverywhere():
            return
    for output, tangent in zip(node.outputs, outputs, strict=True):
        _set(push, output, tangent)


def _push_body_of(push: _Push, node: Node) -> list[Value | None]:
    """The tangents of an operation that is made of others: its body is built and pushed."""
    body = body_of(push.b, node)
    useful = push.run.activity.useful(body, [is_inexact(result.type) for result in body.results])
    for made in body.nodes:
        if useful.isdisjoint(made.outputs):
            push.b.append(made)
        else:
            _push_node(push, made)
    return [push.tangents.get(result) for result in body.results]


def _set(push: _Push, primal: Value, tangent: Value | None) -> None:
    if tangent is None or not is_inexact(primal.type):
        return
    tangent = handed_on(push.b, tangent, primal)
    if primal.hint:
        name_value(tangent, f"{primal.hint}_dot")
    push.tangents[primal] = tangent


def _tangent_value(value: Value) -> Value:
    return Value(value.type, f"{value.hint}_dot" if value.hint else "")


def _param_tangents(
    params: Sequence[Value], inputs: Sequence[Value], push: _Push
) -> tuple[list[Value], list[Value], Tangents]:
    """Block parameters for the tangents of those inputs that have one: (inputs, parameters, by primal)."""
    outside: list[Value] = []
    inside: list[Value] = []
    mapping: Tangents = {}
    for param, value in zip(params, inputs, strict=True):
        tangent = push.tangents.get(value)
        if tangent is not None:
            own = _tangent_value(param)
            outside.append(tangent)
            inside.append(own)
            mapping[param] = own
    return outside, inside, mapping


def _result_tangent(pushed: PushedBlock, result: Value, tangent: Value | None, absent: bool) -> Value:
    if tangent is not None:
        return tangent
    return _zero_if_there(pushed.b, result) if absent else zero_like(pushed.b, result)


def _zero_if_there(b: OpBuilder, value: Value) -> Value:
    """The zero tangent of a value that may be absent; it is so where the value is."""
    maker = next((node for node in reversed(b.nodes) if value in node.outputs), None)
    if maker is not None and maker.op.name == "absent":
        return b.absent(value.type)
    return b.op("zeros_like", value, optional=True)


def _push_if(push: _Push, node: Node) -> None:
    node = asking(node)
    view = IfView.of(node)
    outside, _, _ = _param_tangents(view.then.params, view.captured, push)
    pushed: list[tuple[Block, PushedBlock, list[Value], frozenset[Value]]] = []
    for block in (view.then, view.otherwise):
        _, inside, mapping = _param_tangents(block.params, view.captured, push)
        flags = [value in push.absent for value in view.captured]
        pushed.append(
            (block, push_block(push.run, block, mapping, flags), inside, push.run.absence.of(block, flags))
        )
    slots = [
        k
        for k, output in enumerate(view.outputs)
        if is_inexact(output.type) and any(part.tangents[k] is not None for _, part, _, _ in pushed)
    ]
    blocks = []
    for block, part, inside, absent in pushed:
        extra = [
            _result_tangent(part, block.results[k], part.tangents[k], block.results[k] in absent)
            for k in slots
        ]
        blocks.append(part.b.finish((*block.params, *inside), (*block.results, *extra)))
    tangents = [_tangent_value(view.outputs[k]) for k in slots]
    pushed_node = IfView.make(
        view.condition,
        (*view.captured, *outside),
        blocks[0],
        blocks[1],
        (*view.outputs, *tangents),
        catches=view.catches,
        location=node.location,
        derivative=node.derivative,
    )
    for made in tangents_after(push.run.program, node, pushed_node) if view.catches else [pushed_node]:
        push.b.append(made)
    for k, tangent in zip(slots, tangents, strict=True):
        push.tangents[view.outputs[k]] = tangent


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
    push: _Push,
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
    element_in, element_params, mapping = _param_tangents(elements, sequences, push)
    captured_in, captured_params, more = _param_tangents(captured, outside, push)
    mapping.update(more)
    carried_params = [_tangent_value(carried[k]) for k in active]
    mapping.update((carried[k], param) for k, param in zip(active, carried_params, strict=True))
    absent = [False] * indexed + [v in push.absent for v in (*sequences, *initial, *outside)]
    pushed = push_block(push.run, body, mapping, absent)
    inside_absent = push.run.absence.of(body, absent)
    end = len(body.results) - leaves
    collected = [k for k in range(len(carried), end) if pushed.tangents[k] is not None]
    next_carried = [
        handed_on(
            pushed.b,
            _result_tangent(pushed, body.results[k], pushed.tangents[k], body.results[k] in inside_absent),
            body.results[k],
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
        else _zero_if_there(push.b, initial[k])
        if initial[k] in push.absent
        else zero_like(push.b, initial[k])
        for k in active
    ]
    collected_slots = [k - len(carried) for k in collected]
    return _PushedLoop(
        pushed.b.finish(params, results), active, collected_slots, entry, element_in, captured_in
    )


def _loop_outputs(
    push: _Push,
    final: Sequence[Value],
    collected: Sequence[Value],
    rest: Sequence[Value],
    loop: _PushedLoop,
) -> list[Value]:
    """Outputs of the pushed loop; the tangents among them are registered."""
    finals = [Value(grown_type([final[k]]), _tangent_value(final[k]).hint) for k in loop.carried]
    lists = [Value(SequenceType(_element(collected[k])), "") for k in loop.collected]
    for k, tangent in zip(loop.carried, finals, strict=True):
        push.tangents[final[k]] = tangent
    for k, tangent in zip(loop.collected, lists, strict=True):
        push.tangents[collected[k]] = tangent
    return [*final, *finals, *collected, *lists, *rest]


def _element(value: Value) -> Type:
    assert isinstance(value.type, SequenceType)
    return value.type.element


def _push_for(push: _Push, node: Node) -> None:
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


def _push_while(push: _Push, node: Node) -> None:
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


def _push_call(push: _Push, node: Node) -> None:
    """Calls of recursive graphs go to a companion that takes and returns tangents too."""
    name = node.attrs["graph"]
    assert isinstance(name, str)
    flags = tuple(value in push.tangents for value in node.inputs)
    companion = _pushed_graph(push.run, name, flags)
    tangents = [push.tangents[value] for value in node.inputs if value in push.tangents]
    slots = [k for k, output in enumerate(node.outputs) if is_inexact(output.type)]
    outputs = [_tangent_value(node.outputs[k]) for k in slots]
    push.b.append(
        make_call(
            companion,
            (*node.inputs, *tangents),
            (*node.outputs, *outputs),
            location=node.location,
            derivative=node.derivative,
        )
    )
    for k, output in zip(slots, outputs, strict=True):
        push.tangents[node.outputs[k]] = output


def _pushed_graph(run: Transformation, name: str, flags: tuple[bool, ...]) -> str:
    letters = "".join("x" if flag else "_" for flag in flags)
    companion = f"{name}_pushforward" if all(flags) else f"{name}_pushforward_{letters}"
    if companion in run.graphs or companion in run.pushed:
        return companion
    # Entered before it is made: the graph calls itself.
    run.pushed.add(companion)
    graph = run.program.graphs[name]
    body = clone_block(graph.body)
    tangents = {param: _tangent_value(param) for param, flag in zip(body.params, flags, strict=True) if flag}
    pushed = push_block(run, body, tangents)
    results = [
        handed_on(pushed.b, tangent, value) if tangent is not None else zero_like(pushed.b, value)
        for value, tangent in zip(body.results, pushed.tangents, strict=True)
        if is_inexact(value.type)
    ]
    params = (*body.params, *tangents.values())
    block = pushed.b.finish(params, (*body.results, *results))
    run.graphs[companion] = Graph(
        companion,
        leaf_signature(params, len(block.results)),
        block,
        graph.location,
        f"`{name}` and its derivative in a direction.",
    )
    return companion
