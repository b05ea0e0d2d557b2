"""The derivative of a root x of F(x, p) = 0, by the implicit function theorem; at a minimum of f, F = ∂f/∂x.

    forward:   ∂F/∂x ẋ + ∂F/∂p ṗ = 0.
    reverse:   (∂F/∂x)ᵀ λ + x̄ = 0,  p̄ = (∂F/∂p)ᵀ λ.

For one equation, and for one in each element of an array, that is a division. For a system, both lines are affine
equations F'(v) = 0 for a vector v: their root is a node of the same kind, so derivatives of any order follow.

In:  a node of ops/roots.py, its cotangents or tangents.   Out: nodes; cotangents or tangents.
Not here: the search (runtime/roots.py).
References: Griewank & Walther, Evaluating Derivatives, 2nd ed., section 15; Blondel et al., Efficient and modular
implicit differentiation, 2022.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.calls import free_name
from gradscribe.ad.in_place import pulled, pushed
from gradscribe.ad.state import Sweep, Transformation
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Block, Graph, Input, Node, Value
from gradscribe.ir.types import is_inexact, shape_of
from gradscribe.ir.walk import as_derivative, clone_block, clone_nodes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.roots import MINIMA, SQUARES, RootParts
from gradscribe.ops.table import lookup

# Their second result is the value at a minimum.
VALUED = MINIMA | {"least_squares"}
# A system: every equation may read every element.
SYSTEMS = frozenset({"fsolve", "root", "minimize", "affine_root", *SQUARES})


def reverse_root(sweep: Sweep, node: Node) -> None:
    """Add the cotangents of what the function reads."""
    b, run, cts = sweep.b, sweep.run, sweep.cts
    parts, x = RootParts.of(node), node.outputs[0]
    wanted = [value in sweep.varied and is_inexact(value.type) for value in parts.reads]
    ct = cts.dense(x)
    if ct is not None:
        equation = _equation(run, node)
        multiplier = _multiplier(run, b, node, equation, ct)
        found = pulled(run, b, equation, (x, *parts.reads), [False, *wanted], multiplier)
        _add(sweep, parts.reads, found[1:])
    value = cts.dense(node.outputs[1]) if node.op.name in VALUED else None
    if value is not None:
        # The value does not change with the place of a minimum.
        body = run.graph(parts.function).body
        if node.op.name in SQUARES:
            value = b.op("mul", value, _result_of(b, body, (x, *parts.reads)))
        found = pulled(run, b, body, (x, *parts.reads), [False, *wanted], value)
        _add(sweep, parts.reads, found[1:])


def push_root(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value]
) -> list[Value | None]:
    """The tangents of the outputs."""
    parts, x = RootParts.of(node), node.outputs[0]
    found: list[Value | None] = [None] * len(node.outputs)
    moves = [tangents.get(value) if is_inexact(value.type) else None for value in parts.reads]
    if all(move is None for move in moves):
        return found
    equation = _equation(run, node)
    if node.op.name in SYSTEMS:
        found[0] = _moved_system(run, b, node, equation, moves)
    else:
        right = pushed(run, b, equation, (x, *parts.reads), (None, *moves))
        if right is not None:
            found[0] = b.op("neg", b.op("div", right, _slope(run, b, node, equation)))
    if node.op.name in VALUED:
        body = run.graph(parts.function).body
        found[1] = pushed(run, b, body, (x, *parts.reads), (None, *moves))
        if node.op.name in SQUARES and found[1] is not None:
            found[1] = b.op("vdot", _result_of(b, body, (x, *parts.reads)), found[1])
    return found


def _result_of(b: OpBuilder, block: Block, inputs: Sequence[Value]) -> Value:
    """The value of a block, built anew."""
    mapping = dict(zip(block.params, inputs, strict=True))
    for made in clone_nodes(block.nodes, mapping):
        b.append(as_derivative(made))
    (result,) = block.results
    return mapping.get(result, result)


def _equation(run: Transformation, node: Node) -> Block:
    """F, with parameters (x, *reads) of its own."""
    body = clone_block(run.graph(RootParts.of(node).function).body)
    x, (result,) = body.params[0], body.results
    b = OpBuilder(derivative=True, location=node.location)
    if node.op.name == "fixed_point":
        return Block(body.params, (*body.nodes, *_less(b, result, x)), (b.nodes[-1].output,))
    if node.op.name not in MINIMA | SQUARES:
        return body
    flags = [True, *(False for _ in body.params[1:])]
    seed = _result_of(b, body, body.params) if node.op.name in SQUARES else b.constant(1.0)
    (gradient, *_) = pulled(run, b, body, body.params, flags, seed)
    return Block(body.params, tuple(b.nodes), (gradient or zero_like(b, x),))


def _less(b: OpBuilder, result: Value, x: Value) -> Sequence[Node]:
    b.op("sub", result, x)
    return b.nodes


def _multiplier(run: Transformation, b: OpBuilder, node: Node, equation: Block, ct: Value) -> Value:
    """λ of the reverse line."""
    x, reads = node.outputs[0], RootParts.of(node).reads
    if node.op.name in SYSTEMS:
        flags = [True, *(False for _ in reads)]
        body = clone_block(equation)
        inside = OpBuilder(derivative=True, location=node.location)
        own, given = Value(x.type, "multiplier"), Value(ct.type, "d_x")
        (pull, *_) = pulled(run, inside, body, body.params, flags, own)
        total = inside.op("add", pull, given) if pull is not None else given
        block = inside.finish((own, *body.params, given), (handed_on(inside, total, own),))
        return _affine_root(run, b, node, "transposed", block, (x, *reads, ct))
    return b.op("neg", b.op("div", ct, _slope(run, b, node, equation)))


def _slope(run: Transformation, b: OpBuilder, node: Node, equation: Block) -> Value:
    """∂F/∂x of one equation, or of one in each element of an array."""
    x, reads = node.outputs[0], RootParts.of(node).reads
    flags = [True, *(False for _ in reads)]
    seed = b.op("full_like", x, 1.0) if shape_of(x.type) else b.constant(1.0)
    (slope, *_) = pulled(run, b, equation, (x, *reads), flags, seed)
    slope = slope or b.constant(0.0)
    bounds = node.attrs.get("bounds")
    if not isinstance(bounds, tuple):
        return slope
    value = _result_of(b, equation, (x, *reads))
    low, high = (node.inputs[k.position] if isinstance(k, Input) else b.constant(k) for k in bounds)
    return b.op("inside_bounds", slope, value, low, high)


def _moved_system(
    run: Transformation, b: OpBuilder, node: Node, equation: Block, moves: Sequence[Value | None]
) -> Value:
    """ẋ of the forward line."""
    x, reads = node.outputs[0], RootParts.of(node).reads
    body = clone_block(equation)
    inside = OpBuilder(derivative=True, location=node.location)
    own = Value(x.type, "x_dot")
    params = body.params[1:]
    dots = [
        None if move is None else Value(param.type, f"{param.hint}_dot" if param.hint else "")
        for param, move in zip(params, moves, strict=True)
    ]
    total = pushed(run, inside, body, body.params, (own, *dots)) or zero_like(inside, own)
    given = tuple(dot for dot in dots if dot is not None)
    block = inside.finish((own, *body.params, *given), (handed_on(inside, total, own),))
    passed = [handed_on(b, move, read) for move, read in zip(moves, reads, strict=True) if move is not None]
    return _affine_root(run, b, node, "dot", block, (x, *reads, *passed))


def _affine_root(
    run: Transformation, b: OpBuilder, node: Node, suffix: str, block: Block, reads: Sequence[Value]
) -> Value:
    """The root of a block that is affine in its first parameter; the others are what it reads."""
    graph = run.graph(RootParts.of(node).function)
    name = free_name(run, f"{graph.name}_{suffix}")
    doc = f"The linear equation that the derivative of a root of `{graph.name}` solves."
    run.graphs[name] = Graph(name, leaf_signature(block.params, 1), block, graph.location, doc)
    inputs = (reads[0], *reads)
    attrs: dict[str, object] = {"fun": GraphReference(name), "like": Input(0)}
    attrs["args"] = tuple(Input(k) for k in range(1, len(inputs)))
    types = (node.outputs[0].type,)
    return b.emit(lookup("affine_root"), inputs, types, {**attrs, "results": types})[0]


def _add(sweep: Sweep, reads: Sequence[Value], found: Sequence[Value | None]) -> None:
    for value, ct in zip(reads, found, strict=True):
        if ct is not None:
            sweep.cts.add(value, ct)
