"""The reversal of calls of graphs: recursive functions.

A recursive graph g gets two companions. `g_forward` returns what g returns and, as one value of the nominal type
`Residuals[...]`, what its reverse part reads. `g_reverse` takes those residuals, the arguments that it reads, the
cotangents of the results, and for each array argument the cotangent so far (an accumulator it may update in
place), and returns the cotangents of the arguments.

An array or list that g changes is a result, too. The cotangent of that result, updated in place, becomes the
cotangent of the argument: there is no accumulator, and the storage is handed through all levels.

In:  a `call` node and its cotangents.   Out: the forward call; the reverse call.
"""

from __future__ import annotations

from dataclasses import replace

from gradscribe.ad.blocks import plan_for, zero_like
from gradscribe.ad.broadcasting import handed_on
from gradscribe.ad.state import CalleePair, Sweep, Transformation
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import CALL, make_call
from gradscribe.ir.graph import Block, Graph, Node, Value
from gradscribe.ir.types import ArrayType, ResidualsType, SequenceType, TupleType, Type, is_inexact, loosened
from gradscribe.ir.walk import clone_block, walk
from gradscribe.naming import RESIDUALS
from gradscribe.ops.build import OpBuilder


def reverse_call(sweep: Sweep, node: Node) -> Node:
    """Emit the reverse call; return the forward call that also yields residuals."""
    b, cts = sweep.b, sweep.cts
    name = node.attrs["graph"]
    assert isinstance(name, str)
    graph = sweep.run.graph(name)
    params = graph.body.params
    # What is changed may vary inside, whatever it holds here: one pair of companions serves calls at all levels.
    varied = tuple(
        is_inexact(params[k].type) and (value in sweep.varied or k in graph.donated)
        for k, value in enumerate(node.inputs)
    )
    useful = tuple(cts.has(output) for output in node.outputs)
    pair = companions(sweep.run, name, varied, useful)
    residuals = Value(pair.residuals, RESIDUALS)
    forward = make_call(
        pair.forward,
        node.inputs,
        (*node.outputs, residuals),
        location=node.location,
        derivative=node.derivative,
    )
    seeds = [handed_on(b, ct, node.outputs[k]) for k in pair.useful if (ct := cts.dense(node.outputs[k]))]
    existing: dict[int, Value] = {}
    taken: set[Value] = set()
    for k in pair.active:
        value = node.inputs[k]
        if is_accumulated(graph, k):
            ct = cts.dense(value) if value not in taken else None
            existing[k] = handed_on(b, ct, value) if ct is not None else zero_like(b, value)
            if ct is not None:
                taken.add(value)
    outputs = [
        Value(loosened(_at_call(params[k].type, node.inputs[k].type)), _cotangent_hint(node.inputs[k]))
        for k in pair.active
    ]
    b.append(
        make_call(
            pair.reverse,
            (residuals, *(node.inputs[k] for k in pair.passed), *seeds, *existing.values()),
            outputs,
            location=node.location,
            derivative=True,
        )
    )
    updated: set[Value] = set()
    for k, output in zip(pair.active, outputs, strict=True):
        value = node.inputs[k]
        if value in taken and value not in updated and k in existing:
            cts.replace(value, output)
            updated.add(value)
        elif value in sweep.varied:
            cts.add(value, output)
    return forward


def _cotangent_hint(value: Value) -> str:
    return f"d_{value.hint}" if value.hint.isidentifier() else ""


def _at_call(param: Type, given: Type) -> Type:
    """The type of a parameter in one call: in a call of itself, the lengths that a graph knows are not those."""
    match param, given:
        case ArrayType(), ArrayType(shape=shape):
            return replace(param, shape=shape)
        case SequenceType(), SequenceType(element=element):
            return replace(param, element=_at_call(param.element, element), length=given.length)
        case TupleType(elements=parts), TupleType(elements=inner) if len(parts) == len(inner):
            return replace(param, elements=tuple(map(_at_call, parts, inner)))
    return param


def is_accumulated(graph: Graph, position: int) -> bool:
    """Arrays and lists that are only read go through as accumulators; for others, the caller adds."""
    type_ = graph.body.params[position].type
    return isinstance(type_, ArrayType | SequenceType) and position not in graph.donated


def companions(
    run: Transformation, name: str, varied: tuple[bool, ...], useful: tuple[bool, ...]
) -> CalleePair:
    """The forward and reverse graph of `name` for this activity; made once."""
    key = (name, varied, useful)
    if key in run.callees:
        return run.callees[key]
    suffix = "" if not any(k[0] == name for k in run.callees) else f"_{len(run.callees)}"
    reverse_name = free_name(run, f"{name}_reverse{suffix}")
    pair = CalleePair(
        free_name(run, f"{name}_forward{suffix}"),
        reverse_name,
        tuple(k for k, flag in enumerate(varied) if flag),
        tuple(k for k, flag in enumerate(useful) if flag),
        (),
        ResidualsType(reverse_name),
    )
    tried: set[tuple[int, ...]] = set()
    # Entered before it is made: the graph calls itself, and passes what it has been found to read.
    while True:
        run.callees[key] = pair
        passed = _make_companions(run, run.graph(name), pair, varied)
        if passed in tried:
            # What it reads depends on what it is passed; what is passed and not read does no harm.
            passed = tuple(sorted({*passed, *pair.passed}))
        if passed == pair.passed:
            return pair
        tried.add(pair.passed)
        _forget_callers(run, pair)
        pair = replace(pair, passed=passed)


def _forget_callers(run: Transformation, pair: CalleePair) -> None:
    """Drop the companions that call this pair, directly or not: it gets another signature."""
    dropped = {pair.forward, pair.reverse}
    growing = True
    while growing:
        callers = {
            name
            for name, graph in run.graphs.items()
            if any(node.op is CALL and node.attrs["graph"] in dropped for node in walk(graph.body))
        }
        growing = not callers <= dropped
        dropped |= callers
    for name in dropped:
        run.graphs.pop(name, None)
    for key, known in list(run.callees.items()):
        if known.forward in dropped or known.reverse in dropped:
            del run.callees[key]


def free_name(run: Transformation, name: str) -> str:
    """A name for a new graph that no other graph has or will have."""
    taken = {
        *run.reserved,
        *run.program.graphs,
        *run.graphs,
        *(n for p in run.callees.values() for n in (p.forward, p.reverse)),
    }
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _make_companions(
    run: Transformation, graph: Graph, pair: CalleePair, varied: tuple[bool, ...]
) -> tuple[int, ...]:
    """Make both graphs of a pair; return the positions of the parameters that the reverse part reads."""
    body = clone_block(graph.body)
    seeds = [
        Value(loosened(body.results[k].type), _cotangent_hint(body.results[k]) or "d_out")
        for k in pair.useful
    ]
    result_cts: list[Value | None] = [None] * len(body.results)
    for k, seed in zip(pair.useful, seeds, strict=True):
        result_cts[k] = seed
    accumulators = {
        body.params[k]: Value(loosened(body.params[k].type), _cotangent_hint(body.params[k]))
        for k in pair.active
        if is_accumulated(graph, k)
    }
    written = _written(run, graph, body)
    overwritten = frozenset(body.params[position] for position in written)
    pull = run.reverse_block(run, body, varied, result_cts, accumulators, overwritten=overwritten)
    results: list[Value] = []
    for k in pair.active:
        ct = pull.cotangents.dense(body.params[k])
        results.append(
            handed_on(pull.b, ct, body.params[k]) if ct is not None else zero_like(pull.b, body.params[k])
        )
    own = [*seeds, *accumulators.values()]
    stable = [param for position, param in enumerate(body.params) if position not in written]
    plan = plan_for(body, pull, own, results, stable)
    saved = plan.saved
    passed = [body.params[k] for k in pair.passed]

    forward = OpBuilder()
    forward.nodes.extend(plan.forward)
    inside = run.absence.of(forward.finish(body.params, ()), [False] * len(body.params))
    absent = [value in inside for value in saved]
    packed = forward.pack(saved, pair.residuals, absent)
    params = body.params
    run.graphs[pair.forward] = Graph(
        pair.forward,
        leaf_signature(params, len(body.results) + 1),
        forward.finish(params, (*body.results, packed)),
        graph.location,
        f"`{graph.name}`, also returning what its derivative needs.",
        donated=graph.donated,
    )

    residuals = Value(pair.residuals, RESIDUALS)
    reverse = OpBuilder(derivative=True, location=graph.location)
    mapping = dict(zip(saved, reverse.unpack(residuals, saved, absent), strict=True))
    given = [Value(param.type, param.hint) for param in passed]
    mapping.update(zip(passed, given, strict=True))
    reverse.nodes.extend(plan.sweep(mapping))
    reverse_params = (residuals, *given, *seeds, *accumulators.values())
    run.graphs[pair.reverse] = Graph(
        pair.reverse,
        leaf_signature(reverse_params, len(results)),
        reverse.finish(reverse_params, [mapping.get(value, value) for value in results]),
        graph.location,
        f"Pull the cotangent of `{graph.name}` back to its arguments.",
        donated=frozenset(
            position
            for position, param in enumerate(reverse_params)
            if param in accumulators.values() or (param in seeds and _is_changed(graph, param))
        ),
    )
    return tuple(k for k, param in enumerate(body.params) if param in plan.outer)


def _is_changed(graph: Graph, seed: Value) -> bool:
    """Whether this may be the cotangent of an array or list that the graph changes."""
    changed = (graph.body.params[position].type for position in graph.donated)
    match seed.type:
        case ArrayType(dtype=dtype):
            return any(isinstance(type_, ArrayType) and type_.dtype == dtype for type_ in changed)
        case SequenceType():
            return any(isinstance(type_, SequenceType) for type_ in changed)
    return False


def _written(run: Transformation, graph: Graph, body: Block) -> set[int]:
    """Positions of the parameters whose storage the graph writes: the caller has them no more as they came in."""
    chains = [run.overwriting.chain(body, result) for result in body.results]
    roots = {chain.root for chain in chains if chain is not None and chain.links}
    return {*graph.donated, *(k for k, param in enumerate(body.params) if param in roots)}
