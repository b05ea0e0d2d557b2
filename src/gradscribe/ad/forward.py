"""Forward mode: every primal statement is followed by the one that moves its tangent along.

In:  a block and the tangents of its parameters.   Out: nodes that compute both, tangents of the results.
Not here: reverse mode, which this mode checks: the two share the table and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ad import elementwise
from gradscribe.ad.attempts import asking, tangents_after
from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.custom_rules import push_by_rule
from gradscribe.ad.forms import push_form
from gradscribe.ad.forward_loops import push_for, push_while
from gradscribe.ad.integrals import push_integral
from gradscribe.ad.linear import apply_bilinear, apply_linear
from gradscribe.ad.refusal import blamed_on, no_derivative
from gradscribe.ad.roots import push_root
from gradscribe.ad.stable import stable_forms
from gradscribe.ad.state import PushedBlock, Transformation
from gradscribe.ad.tangents import (
    Push,
    param_tangents,
    result_tangent,
    set_tangent,
    tangent_value,
)
from gradscribe.ad.trajectories import push_trajectory
from gradscribe.analysis.activity import passes_derivative
from gradscribe.analysis.selection import Tangent
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import CALL, FOR, IF, WHILE, IfView, make_call
from gradscribe.ir.graph import Block, Graph, Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ir.walk import clone_block
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.composite import body_of
from gradscribe.ops.custom_rules import is_ruled
from gradscribe.ops.integrals import is_integral
from gradscribe.ops.roots import is_root
from gradscribe.ops.spec import (
    Bilinear,
    Composite,
    ConstantAlmostEverywhere,
    Custom,
    Elementwise,
    Linear,
    NoRule,
    OpSpec,
    Refused,
    Unsupported,
)
from gradscribe.ops.trajectories import is_trajectory


def push_block(
    run: Transformation,
    block: Block,
    tangents: Mapping[Value, Value],
    absent_params: Sequence[bool] | None = None,
    known: Sequence[Tangent] | None = None,
) -> PushedBlock:
    """The nodes of a block, each with the nodes of its tangent after it.

    Args:
        run: the transformation.
        block: the block.
        tangents: of its parameters.
        absent_params: which of them may be absent.
        known: what is known of their tangents, if more than which of them there are.
    """
    absent = run.absence.of(block, absent_params or [False] * len(block.params))
    states = known or [Tangent.FULL if param in tangents else Tangent.NONE for param in block.params]
    b = OpBuilder(derivative=True)
    needed, wanted = _needed(block)
    selections = dict(run.selections.of(block, states))
    steep = elementwise.steep_results(block.nodes, elementwise.TAKING)
    push = Push(run, b, dict(tangents), absent, stable_forms(block), wanted, selections, steep)
    for node in block.nodes:
        if node not in needed:
            push.b.append(node)
            continue
        with push.b.at(node.location), blamed_on(node):
            _push_node(push, node)
    return PushedBlock(push.b, [push.tangents.get(result) for result in block.results])


def _needed(block: Block) -> tuple[set[Node], set[Value]]:
    """Nodes and values whose tangents somebody may read.

    That is not what counts as constant, nor what a user's rule replaces.
    """
    wanted: set[Value] = set(block.results)
    found: set[Node] = set()
    for node in reversed(block.nodes):
        if node.has_effect or not wanted.isdisjoint(node.outputs):
            found.add(node)
            passes = isinstance(node.op, OpSpec) and not node.blocks
            flags = passes_derivative(node) if passes else (True,) * len(node.inputs)
            wanted.update(value for value, flag in zip(node.inputs, flags, strict=True) if flag)
    return found, wanted


def _push_node(push: Push, node: Node) -> None:
    if not any(value in push.tangents for value in node.inputs):
        push.b.append(node)
    elif node.op is IF:
        _push_if(push, node)
    elif node.op is FOR:
        push_for(push, node)
    elif node.op is WHILE:
        push_while(push, node)
    elif node.op is CALL:
        _push_call(push, node)
    elif is_ruled(node):
        moved = push_by_rule(push.run, push.b, node, push.tangents)
        for output, tangent in zip(node.outputs, moved, strict=True):
            set_tangent(push, output, tangent)
    elif is_integral(node) or is_trajectory(node) or is_root(node):
        push.b.append(node)
        rule = push_integral if is_integral(node) else push_root if is_root(node) else push_trajectory
        moved = rule(push.run, push.b, node, push.tangents)
        for output, tangent in zip(node.outputs, moved, strict=True):
            set_tangent(push, output, tangent)
    else:
        push.b.append(node)
        _push_operation(push, node)


def _push_operation(push: Push, node: Node) -> None:
    spec, b = node.op, push.b
    assert isinstance(spec, OpSpec)
    whole = push.forms.get(node)
    if whole is not None:
        set_tangent(push, node.output, push_form(b, node, whole, push.tangents))
        return
    given = [push.tangents.get(value) for value in node.inputs]
    outputs: Sequence[Value | NoRule | None] = [None] * len(node.outputs)
    match spec.form:
        case Elementwise():
            selected = [push.known(value) is Tangent.SELECTED for value in node.inputs]
            outputs = [elementwise.push_forward(b, node, given, selected, push.steep)]
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
        if not isinstance(tangent, NoRule):
            set_tangent(push, output, tangent)
        elif output in push.wanted:
            raise Unsupported(tangent.why, tangent.fix)


def _push_body_of(push: Push, node: Node) -> list[Value | None]:
    """The tangents of an operation that is made of others: its body is built and pushed."""
    body = body_of(push.b, node)
    useful = push.run.activity.useful(body, [is_inexact(result.type) for result in body.results])
    push.wanted |= useful
    push.run.selections.follow(body.nodes, push.selections)
    for made in body.nodes:
        if useful.isdisjoint(made.outputs):
            push.b.append(made)
        else:
            _push_node(push, made)
    return [push.tangents.get(result) for result in body.results]


def _push_if(push: Push, node: Node) -> None:
    node = asking(node)
    view = IfView.of(node)
    outside, _, _ = param_tangents(view.then.params, view.captured, push)
    pushed: list[tuple[Block, PushedBlock, list[Value], frozenset[Value]]] = []
    for block in (view.then, view.otherwise):
        _, inside, mapping = param_tangents(block.params, view.captured, push)
        flags = [value in push.absent for value in view.captured]
        pushed.append(
            (
                block,
                push_block(push.run, block, mapping, flags, list(map(push.known, view.captured))),
                inside,
                push.run.absence.of(block, flags),
            )
        )
    slots = [
        k
        for k, output in enumerate(view.outputs)
        if is_inexact(output.type) and any(part.tangents[k] is not None for _, part, _, _ in pushed)
    ]
    blocks = []
    for block, part, inside, absent in pushed:
        extra = [
            result_tangent(part, block.results[k], part.tangents[k], block.results[k] in absent)
            for k in slots
        ]
        blocks.append(part.b.finish((*block.params, *inside), (*block.results, *extra)))
    tangents = [tangent_value(view.outputs[k]) for k in slots]
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


def _push_call(push: Push, node: Node) -> None:
    """Calls of recursive graphs go to a companion that takes and returns tangents too."""
    name = node.attrs["graph"]
    assert isinstance(name, str)
    flags = tuple(value in push.tangents for value in node.inputs)
    companion = _pushed_graph(push.run, name, flags)
    tangents = [push.tangents[value] for value in node.inputs if value in push.tangents]
    slots = [k for k, output in enumerate(node.outputs) if is_inexact(output.type)]
    outputs = [tangent_value(node.outputs[k]) for k in slots]
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
    graph = run.graph(name)
    body = clone_block(graph.body)
    tangents = {param: tangent_value(param) for param, flag in zip(body.params, flags, strict=True) if flag}
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
