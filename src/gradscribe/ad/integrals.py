"""The derivative of an integral, by Leibniz' rule.

    d/dp ∫ₐᵇ f(t, p) dt = ∫ₐᵇ ∂f/∂p dt + f(b, p) b' - f(a, p) a'

What is integrated is a graph, so its tangent and its cotangents are graphs again, and the integral of one of them
is a node of the same kind: derivatives of any order follow.

In:  a node of ops/integrals.py, its cotangents or tangents.   Out: nodes; cotangents or tangents.
Not here: the operations (ops/integrals.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.calls import free_name
from gradscribe.ad.state import Sweep, Transformation
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Graph, Input, Node, Value
from gradscribe.ir.template import inputs_in, map_template
from gradscribe.ir.types import FLOAT, ArrayType, ScalarType, dtype_of, is_inexact, shape_of
from gradscribe.ir.walk import clone_block, clone_nodes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.integrals import FUNCTION, IntegralParts
from gradscribe.ops.table import lookup

DOUBLE = np.dtype(np.float64)
# What quad asks for; quad_vec would ask for more than an integral of zeros can give.
TOLERANCES: Mapping[str, float] = {"epsabs": 1.49e-08, "epsrel": 1.49e-08}


def reverse_integral(sweep: Sweep, node: Node) -> None:
    """Add the cotangents of the limits and of what the function reads."""
    b, cts = sweep.b, sweep.cts
    ct = cts.dense(node.outputs[0])
    if ct is None:
        return
    parts = IntegralParts.of(node)
    for limit, sign in zip(parts.limits, ("neg", ""), strict=True):
        if limit in sweep.varied and is_inexact(limit.type):
            value = _at(sweep.run, b, parts, limit)
            moved = b.op("mul", ct, value)
            moved = b.op("sum", moved) if shape_of(moved.type) else moved
            cts.add(limit, b.op("neg", moved) if sign else moved)
    for value in dict.fromkeys(parts.reads):
        if value in sweep.varied and is_inexact(value.type):
            contribution = _cotangent(sweep, node, parts, value, ct)
            if contribution is not None:
                cts.add(value, contribution)


def push_integral(
    run: Transformation, b: OpBuilder, node: Node, tangents: Mapping[Value, Value]
) -> list[Value | None]:
    """The tangents of the integral and of the estimate of its error, which counts as constant."""
    parts = IntegralParts.of(node)
    terms: list[Value] = []
    for limit, sign in zip(parts.limits, ("neg", ""), strict=True):
        if limit in tangents:
            term = b.op("mul", _at(run, b, parts, limit), tangents[limit])
            terms.append(b.op("neg", term) if sign else term)
    graph = run.graph(parts.function)
    body = clone_block(graph.body)
    own = body.params[1:]
    moving = [k for k, value in enumerate(parts.reads) if value in tangents and is_inexact(value.type)]
    dots = {own[k]: Value(own[k].type, f"{own[k].hint}_dot" if own[k].hint else "") for k in moving}
    pushed = run.push_block(run, body, dots)
    (tangent,) = pushed.tangents
    if tangent is not None:
        result = body.results[0]
        result = handed_on(pushed.b, tangent, result) if shape_of(result.type) else tangent
        name = free_name(run, f"{graph.name}_dot")
        params = (*body.params, *dots.values())
        doc = f"The derivative of `{graph.name}` in a direction."
        run.graphs[name] = Graph(
            name, leaf_signature(params, 1), pushed.b.finish(params, (result,)), graph.location, doc
        )
        given = [handed_on(b, tangents[parts.reads[k]], parts.reads[k]) for k in moving]
        terms.append(_integrated(b, node, parts, name, (*parts.reads, *given), node.outputs[0]))
    total: Value | None = None
    for term in terms:
        total = term if total is None else b.op("add", total, term)
    return [total, None][: len(node.outputs)]


def _at(run: Transformation, b: OpBuilder, parts: IntegralParts, limit: Value) -> Value:
    """The function at a limit, in place."""
    body = run.graph(parts.function).body
    point = limit
    if not (isinstance(limit.type, ScalarType) and limit.type.python and limit.type.dtype.kind == "f"):
        point = b.op("convert", limit, to="float")
    mapping = dict(zip(body.params, (point, *parts.reads), strict=True))
    for made in clone_nodes(body.nodes, mapping):
        b.append(
            Node(made.op, made.inputs, made.outputs, made.attrs, made.blocks, b.location, derivative=True)
        )
    (result,) = body.results
    return mapping.get(result, result)


def _cotangent(sweep: Sweep, node: Node, parts: IntegralParts, value: Value, ct: Value) -> Value | None:
    """The cotangent of something that the function reads, None for zero."""
    run, b = sweep.run, sweep.b
    graph = run.graph(parts.function)
    body = clone_block(graph.body)
    own = body.params[1 + parts.reads.index(value)]
    varied = [k > 0 and parts.reads[k - 1] is value for k in range(len(body.params))]
    seeds = OpBuilder(derivative=True, location=node.location)
    is_number = not shape_of(body.results[0].type)
    seed = seeds.constant(1.0) if is_number else Value(body.results[0].type, "d_out")
    pull = run.reverse_block(run, body, varied, [seed], {})
    found = pull.cotangents
    for param, flag in zip(body.params, varied, strict=True):
        if flag and param is not own:
            found.add(own, found.dense(param))
    cotangent = found.dense(own)
    if cotangent is None:
        return None
    # A number goes to quad as it is.
    result = handed_on(pull.b, cotangent, own) if shape_of(own.type) else cotangent
    if shape_of(own.type) and dtype_of(result.type) != DOUBLE:
        result = pull.b.op("astype", result, dtype=DOUBLE)
    name = free_name(run, f"{graph.name}_by_{own.hint}" if own.hint else f"{graph.name}_reverse")
    params = body.params if is_number else (*body.params, seed)
    whole = OpBuilder(derivative=True)
    whole.nodes.extend([*pull.forward, *seeds.nodes, *pull.b.nodes])
    what = f"`{own.hint}`" if own.hint else "an argument"
    doc = f"The derivative of `{graph.name}` with respect to {what}."
    run.graphs[name] = Graph(
        name, leaf_signature(params, 1), whole.finish(params, (result,)), graph.location, doc
    )
    reads = parts.reads if is_number else (*parts.reads, ct)
    integral = _integrated(b, node, parts, name, reads, Value(_as_double(value)))
    return b.op("mul", ct, integral) if is_number else integral


def _as_double(value: Value) -> ArrayType | ScalarType:
    shape = shape_of(value.type)
    return ArrayType(DOUBLE, shape) if shape else FLOAT


def _integrated(
    b: OpBuilder, node: Node, parts: IntegralParts, name: str, reads: Sequence[Value], like: Value
) -> Value:
    """The integral of another graph between the same limits, with the same options."""
    operation = "quad_vec" if shape_of(like.type) else "quad"
    inputs = [*parts.limits, *reads]
    attrs: dict[str, object] = {FUNCTION[operation]: GraphReference(name)}
    attrs["args"] = tuple(Input(k) for k in range(2, len(inputs)))
    if operation == "quad_vec":
        attrs["result"] = like.type
        attrs.update(TOLERANCES)
    for key, option in parts.options.items():
        if key != "limit" or operation == node.op.name:
            attrs[key] = appended(inputs, option, node)
    # With both results it is an assignment, which can be broken where it is long.
    types = (like.type,) if operation == "quad" else (like.type, FLOAT)
    return b.emit(lookup(operation), inputs, types, attrs)[0]


def appended(inputs: list[Value], template: object, node: Node) -> object:
    """A template of `node`, over inputs of a new node that are appended to those it has."""
    read = list(inputs_in(template))
    places = {position: len(inputs) + number for number, position in enumerate(read)}
    inputs += [node.inputs[position] for position in read]
    return map_template(template, lambda item: Input(places[item.position]))
