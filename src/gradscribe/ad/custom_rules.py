"""Applying the rules of users.

Reverse mode wants a pullback, forward mode a pushforward. A function with only one of them gets the other by
transposition: both are linear, the one in cotangents, the other in tangents, so differentiating the rule itself
with respect to these gives its transpose, at any value of them. A rule that is not linear reads them: refused.

In:  a `by_rule` node, its cotangents or tangents.   Out: nodes for both sweeps; cotangents or tangents.
Not here: making the blocks of a rule (frontend/custom_rules.py).
References: Frostig, Johnson, Maclaurin, Paszke & Radul, Decomposing reverse-mode automatic differentiation, 2021.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.residuals import live_nodes
from gradscribe.ad.state import Sweep, Transformation
from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import is_inexact
from gradscribe.ir.walk import as_derivative, clone_nodes, free_values
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.custom_rules import RuledCall
from gradscribe.ops.table import lookup

# Operations that read nothing but the shape of the operand at this position.


def reverse_by_rule(sweep: Sweep, node: Node) -> list[Node]:
    """Emit the pullback; return the nodes that the forward sweep executes in place of `node`."""
    call = RuledCall.of(node)
    _refuse_captured(node, call, sweep.varied)
    b, rules = sweep.b, call.rules
    floats = [output for output in node.outputs if is_inexact(output.type)]
    cts = [sweep.cts.dense(output) or zero_like(b, output) for output in floats]
    cts = [handed_on(b, ct, output) for ct, output in zip(cts, floats, strict=True)]
    if rules.forward is not None and rules.backward is not None:
        forward, results = _inlined(rules.forward, (*call.arguments, *call.captured))
        count = len(node.outputs)
        given = (*call.arguments, *results[count:], *cts, *call.captured)
        backward, pulled = _inlined(rules.backward, given)
        slots = rules.cotangents
    else:
        block = _rule(node, rules.pushforward)
        given = (*call.arguments, *call.captured)
        seeds = [None] * len(node.outputs) + [
            cts[floats.index(node.outputs[k])] if k is not None else None for k in _placed(rules.tangents)
        ]
        active = [k for k, value in enumerate(call.arguments) if is_inexact(value.type)]
        linear = range(len(call.arguments), len(call.arguments) + len(active))
        like = [call.arguments[k] for k in active]
        part = transpose(sweep.run, node, block, linear, given, like, seeds)
        forward, backward, results = part.forward, part.backward, part.results
        pulled = [value for value in part.cotangents if value is not None]
        slots = _numbered(part.cotangents, active, len(call.arguments))
    _append(b, _as_derivative(backward))
    for value, slot in zip(call.arguments, slots, strict=True):
        if slot is not None:
            sweep.cts.add(value, pulled[slot])
    return [*forward, *_named(node, results)]


def push_by_rule(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value]
) -> list[Value | None]:
    """Append the value and the pushforward of `node`; the tangents of its outputs."""
    call = RuledCall.of(node)
    _refuse_captured(node, call, tangents)
    rules = call.rules
    moves = [
        handed_on(b, tangents[value], value) if value in tangents else zero_like(b, value)
        for value in call.arguments
        if is_inexact(value.type)
    ]
    if rules.pushforward is not None:
        nodes, found = _inlined(rules.pushforward, (*call.arguments, *moves, *call.captured))
        count = len(node.outputs)
        _append(b, (*_as_derivative(nodes, found[:count]), *_named(node, found[:count])))
        return [None if slot is None else found[count + slot] for slot in rules.tangents]
    block, first = _rule(node, rules.backward), rules.forward
    assert first is not None
    nodes, found = _inlined(first, (*call.arguments, *call.captured))
    count = len(node.outputs)
    _append(b, (*nodes, *_named(node, found[:count])))
    residuals = found[count:]
    start = len(call.arguments) + len(residuals)
    floats = [k for k, output in enumerate(node.outputs) if is_inexact(output.type)]
    by_leaf = dict(zip([k for k, v in enumerate(call.arguments) if is_inexact(v.type)], moves, strict=True))
    seeds = [by_leaf.get(k) if k is not None else None for k in _placed(rules.cotangents)]
    like = [node.outputs[k] for k in floats]
    given = (*call.arguments, *residuals, *call.captured)
    part = transpose(run, node, block, range(start, start + len(floats)), given, like, seeds)
    _append(b, _as_derivative([*part.forward, *part.backward]))
    moved: list[Value | None] = [None] * count
    for k, value in zip(floats, part.cotangents, strict=True):
        moved[k] = value
    return moved


@dataclass(frozen=True)
class Transposed:
    """A block, differentiated with respect to parameters in which it is linear.

    Attributes:
        forward: nodes of the block that are needed.
        backward: nodes of the transpose.
        results: the results of the block.
        cotangents: of the linear parameters, None for zero.
    """

    forward: list[Node]
    backward: list[Node]
    results: list[Value]
    cotangents: list[Value | None]


def transpose(
    run: Transformation,
    node: Node,
    block: Block,
    linear: range,
    given: Sequence[Value],
    like: Sequence[Value],
    seeds: Sequence[Value | None],
) -> Transposed:
    """The transpose of a rule.

    Args:
        run: the transformation.
        node: whose rule it is.
        block: of the rule.
        linear: positions of the parameters in which it is linear.
        given: values of the other parameters.
        like: values with the shapes of the linear ones.
        seeds: cotangents of the results of the block.

    Raises:
        GS208: the rule is not linear in them.
    """
    body = _with_names(block, linear, like)
    variables = [body.params[k] for k in linear]
    others = [param for k, param in enumerate(body.params) if k not in linear]
    pull = run.reverse_block(run, body, [k in linear for k in range(len(body.params))], seeds, {})
    pairs = zip(variables, like, strict=True)
    found = [pull.cotangents.dense(variable, twin) for variable, twin in pairs]
    cotangents = [
        handed_on(pull.b, ct, twin) if ct is not None else None for ct, twin in zip(found, like, strict=True)
    ]
    wanted = [ct for ct in cotangents if ct is not None]
    backward = live_nodes(pull.b.nodes, wanted)
    results = [value for k, value in enumerate(body.results) if seeds[k] is None]
    reads = free_values(backward, wanted)
    forward = live_nodes(pull.forward, [*reads, *results])
    _refuse_nonlinear(node, variables, forward, backward, results)
    zeros = OpBuilder(derivative=True, location=node.location)
    mapping = dict(zip(others, given, strict=True))
    mapping.update((v, zero_like(zeros, twin)) for v, twin in zip(variables, like, strict=True))
    forward_made = clone_nodes(forward, mapping)
    backward_made = clone_nodes(backward, mapping)
    return Transposed(
        [*zeros.nodes, *forward_made],
        backward_made,
        [mapping.get(value, value) for value in body.results],
        [None if ct is None else mapping.get(ct, ct) for ct in cotangents],
    )


def _with_names(block: Block, linear: range, like: Sequence[Value]) -> Block:
    """A copy of the block whose linear parameters are called as what they belong to."""
    named = dict(zip(linear, like, strict=True))
    params = [Value(param.type, named.get(k, param).hint) for k, param in enumerate(block.params)]
    nodes, results = _inlined(block, params)
    return Block(tuple(params), tuple(nodes), tuple(results))


def _refuse_nonlinear(
    node: Node,
    variables: Sequence[Value],
    forward: Sequence[Node],
    backward: Sequence[Node],
    results: Iterable[Value],
) -> None:
    """The transpose must not read what depends on the linear variables, other than its shape."""
    tainted = set(variables)
    for made in forward:
        if _reads(made, tainted):
            tainted.update(made.outputs)
    if any(_reads(made, tainted) for made in backward) or any(value in tainted for value in results):
        name = RuledCall.of(node).rules.name
        raise UnsupportedOperationError(
            Diagnostic(
                "GS208",
                f"the only rule of `{name}` is not linear, and serves one mode of differentiation only",
                node.location,
                why="the other mode follows from the rule by transposing it, which only a linear map allows",
                fix=f"state both: `{name}.defvjp(...)` for reverse mode, `{name}.defjvp(...)` for forward mode",
            )
        )


def _reads(node: Node, tainted: set[Value]) -> bool:
    return any(value in tainted for k, value in enumerate(node.inputs) if k not in node.op.shape_only)


def _inlined(block: Block, given: Sequence[Value]) -> tuple[list[Node], list[Value]]:
    """The nodes of a block for these parameters, and its results."""
    mapping = dict(zip(block.params, given, strict=True))
    nodes = clone_nodes(block.nodes, mapping)
    return nodes, [mapping.get(value, value) for value in block.results]


def _as_derivative(nodes: Sequence[Node], values: Sequence[Value] = ()) -> list[Node]:
    """The nodes as parts of derivative statements, but for what the user's own values are computed by."""
    primal = set(live_nodes(nodes, values))
    return [node if node in primal else as_derivative(node) for node in nodes]


def _named(node: Node, results: Sequence[Value]) -> list[Node]:
    """Nodes that give the outputs of `node` the values of `results`."""
    return [
        Node(lookup("identity"), (value,), (output,), location=node.location)
        for output, value in zip(node.outputs, results, strict=False)
    ]


def _append(b: OpBuilder, nodes: Iterable[Node]) -> None:
    for made in nodes:
        b.append(made)


def _placed(slots: Sequence[int | None]) -> list[int | None]:
    """For each result of a rule, the leaf that it belongs to."""
    found: list[int | None] = [None] * sum(slot is not None for slot in slots)
    for leaf, slot in enumerate(slots):
        if slot is not None:
            found[slot] = leaf
    return found


def _numbered(values: Sequence[Value | None], places: Sequence[int], count: int) -> tuple[int | None, ...]:
    """For each of `count` leaves, the position of its value among those that are there."""
    slots: list[int | None] = [None] * count
    there = 0
    for place, value in zip(places, values, strict=True):
        if value is not None:
            slots[place] = there
            there += 1
    return tuple(slots)


def _rule(node: Node, block: Block | None) -> Block:
    if block is not None:
        return block
    name = RuledCall.of(node).rules.name
    raise UnsupportedOperationError(
        Diagnostic(
            "GS203",
            f"`{name}` has no derivative rule",
            node.location,
            why="it is a primitive, custom_vjp or custom_jvp, and nobody has stated its derivative",
            fix=f"{name}.defvjp(forward, backward) or {name}.defjvp(rule); gs.nondifferentiable if constant",
        )
    )


def _refuse_captured(node: Node, call: RuledCall, active: Iterable[Value]) -> None:
    """What a function reads besides its arguments has no place in its rules."""
    found = next((value for value in call.captured if value in active and is_inexact(value.type)), None)
    if found is not None:
        shown = f"`{found.hint}`" if found.hint else "a value"
        raise UnsupportedOperationError(
            Diagnostic(
                "GS209",
                f"`{call.rules.name}` reads {shown}, which is being differentiated, without being given it",
                node.location,
                why="its rules state derivatives with respect to its arguments only",
                fix=f"make {shown} an argument of the function and of its rules",
            )
        )
