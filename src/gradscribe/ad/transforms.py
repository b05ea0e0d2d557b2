"""Whole-function transformations: program to program.

In:  a program and which parameters to differentiate.   Out: the program of its gradient, of the two halves of its
vjp, or of its pushforward.
Not here: blocks (reverse.py, forward.py), what users call (api).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from inspect import Parameter as InspectParameter

from gradscribe.ad.blocks import zero_like
from gradscribe.ad.broadcasting import same_kind
from gradscribe.ad.forward import push_block
from gradscribe.ad.residuals import live_nodes, plan_residuals
from gradscribe.ad.result_structures import group, held_apart, leaf_tuple, only_active, tuple_of
from gradscribe.ad.reverse import reverse_block
from gradscribe.ad.state import BlockPullback, Transformation
from gradscribe.analysis.absence import Absence
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.ir.control import graphs_reached
from gradscribe.ir.graph import Block, Graph, Node, Program, Value
from gradscribe.ir.signature import (
    Container,
    ContainerKind,
    Fixed,
    Leaf,
    Parameter,
    Signature,
    Structure,
    leaves,
    renumber,
)
from gradscribe.ir.types import ArrayType, ScalarType, Type, is_inexact, loosened, type_text
from gradscribe.ir.walk import clone_block
from gradscribe.ops.build import OpBuilder


def gradient(
    program: Program,
    wrt: Sequence[int],
    *,
    value: bool = False,
    has_aux: bool = False,
    single: bool = True,
    name: str,
) -> Program:
    """The program that computes the gradient of a scalar function.

    Args:
        program: the function.
        wrt: positions of parameters in its signature.
        value: return (value, gradient).
        has_aux: the function returns (scalar, aux); aux is returned as it is, after the gradient (or the value).
        single: return the gradient of one parameter as such, not in a tuple.
        name: of the new graph.

    Raises:
        UsageError: the result is not a real scalar, or a parameter is not made of float arrays and numbers.
    """
    graph = program.entry
    body = clone_block(graph.body)
    scalar = _scalar_result(graph, body, has_aux)
    run = Transformation(program, reverse_block, push_block, frozenset({name}))
    actives = [_active_leaves(graph, position) for position in wrt]
    flat = [leaf for group in actives for leaf in group]
    varied = [position in set(flat) for position in range(len(body.params))]
    seed_builder = OpBuilder(derivative=True, location=graph.location)
    seed = seed_builder.constant(1.0)
    cts: list[Value | None] = [None] * len(body.results)
    cts[scalar] = seed
    pull = reverse_block(run, body, varied, cts, {})
    gradients = [_final_cotangent(pull, body.params[leaf]) for leaf in flat]
    nodes = (*pull.forward, *seed_builder.nodes, *pull.b.nodes)
    structures = [held_apart(graph.signature.parameters[position].structure, body.params) for position in wrt]
    parts: list[tuple[Structure, list[Value]]] = [group(structures, gradients, single)]
    if has_aux:
        assert isinstance(graph.signature.result, Container)
        aux = graph.signature.result.children[1]
        aux_part = (aux, [body.results[leaf.index] for leaf in leaves(aux)])
        value_part: tuple[Structure, list[Value]] = (Leaf(0), [body.results[scalar]])
        parts = [tuple_of([value_part, aux_part]), *parts] if value else [*parts, aux_part]
    elif value:
        parts = [(Leaf(0), [body.results[scalar]]), *parts]
    structure, results = parts[0] if len(parts) == 1 else tuple_of(parts)
    structure, _ = renumber(structure, 0)
    signature = Signature(graph.signature.parameters, structure, graph.signature.hidden)
    names = ", ".join(f"`{graph.signature.parameters[position].name}`" for position in wrt)
    lead = "Value and gradient" if value else "Gradient"
    doc = f"{lead} of `{graph.name}` with respect to {names}."
    made = Graph(name, signature, Block(body.params, nodes, tuple(results)), graph.location, doc)
    return _program(run, made)


def split_vjp(
    program: Program, wrt: Sequence[int], *, name: str, simplify: Callable[[Program], Program] | None = None
) -> Program:
    """Two graphs: `name`_forward returns (value, saved), `name`_pullback maps (saved, gradient) to cotangents.

    `saved` is a tuple of leaves, `gradient` has the structure of the value. One cotangent structure is returned
    for each parameter in `wrt`, None in place of leaves that are not float.

    Args:
        program: the function.
        wrt: positions of parameters in its signature.
        name: start of both names.
        simplify: applied to the whole before it is cut in two, so that nothing is saved for code that will go.
    """
    graph = program.entry
    body = clone_block(graph.body)
    run = Transformation(
        program, reverse_block, push_block, frozenset({f"{name}_forward", f"{name}_pullback"})
    )
    flat = [
        leaf.index
        for position in wrt
        for leaf in leaves(graph.signature.parameters[position].structure)
        if is_inexact(body.params[leaf.index].type)
    ]
    varied = [position in set(flat) for position in range(len(body.params))]
    seeds = [
        Value(loosened(result.type), f"d_{result.hint}" if result.hint else "d_out")
        for result in body.results
    ]
    cts = [seed if is_inexact(seed.type) else None for seed in seeds]
    pull = reverse_block(run, body, varied, cts, {})
    gradients = [_final_cotangent(pull, body.params[leaf]) for leaf in flat]
    whole = _joint(graph, body, seeds, pull, gradients, name)
    joint = _program(run, whole)
    joint = simplify(joint) if simplify is not None else joint
    forward, pullback = _cut(graph, joint.entry.body, len(body.params), wrt, flat, name)
    others = {key: made for key, made in joint.graphs.items() if key != joint.main}
    graphs = {**others, forward.name: forward, pullback.name: pullback}
    return replace(joint, main=forward.name, graphs=graphs)


def _joint(
    graph: Graph,
    body: Block,
    seeds: Sequence[Value],
    pull: BlockPullback,
    gradients: Sequence[Value],
    name: str,
) -> Graph:
    """Values and cotangents of the arguments in one graph, from the arguments and a cotangent of the values."""
    structure, _ = renumber(graph.signature.result, len(body.params))
    seed = Parameter("gradient", InspectParameter.POSITIONAL_OR_KEYWORD, structure)
    result, _ = renumber(tuple_of([(graph.signature.result, []), (leaf_tuple(len(gradients)), [])])[0], 0)
    signature = Signature((*graph.signature.parameters, seed), result, graph.signature.hidden)
    block = Block((*body.params, *seeds), (*pull.forward, *pull.b.nodes), (*body.results, *gradients))
    return Graph(f"{name}_whole", signature, block, graph.location)


def _cut(
    graph: Graph, whole: Block, n_params: int, wrt: Sequence[int], flat: Sequence[int], name: str
) -> tuple[Graph, Graph]:
    """The part that waits for the cotangent of the values, and the part that does not."""
    params, seeds = whole.params[:n_params], whole.params[n_params:]
    values, gradients = whole.results[: len(seeds)], whole.results[len(seeds) :]
    waiting: set[Value] = set(seeds)
    forward: list[Node] = []
    reverse: list[Node] = []
    for node in whole.nodes:
        if waiting.isdisjoint(node.inputs):
            forward.append(node)
        else:
            reverse.append(node)
            waiting.update(node.outputs)
    block = Block(params, tuple(forward), values)
    absent = Absence().of(block, [False] * len(params))
    plan = plan_residuals(block, forward, reverse, gradients, seeds, (), absent)
    saved = plan.saved
    structure, results = tuple_of([(graph.signature.result, list(values)), (leaf_tuple(len(saved)), saved)])
    first = Graph(
        f"{name}_forward",
        Signature(graph.signature.parameters, renumber(structure, 0)[0], graph.signature.hidden),
        Block(params, tuple(live_nodes(plan.forward, results)), tuple(results)),
        graph.location,
        f"Value of `{graph.name}`, and what its pullback reads.",
    )
    inside = [Value(value.type, value.hint) for value in saved]
    own_seeds = [Value(seed.type, seed.hint) for seed in seeds]
    mapping = dict(zip((*saved, *seeds), (*inside, *own_seeds), strict=True))
    nodes = plan.sweep(mapping)
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    saved_structure, next_leaf = renumber(leaf_tuple(len(saved)), 0)
    seed_structure, _ = renumber(graph.signature.result, next_leaf)
    positions = {leaf: position for position, leaf in enumerate(flat)}
    parts = [only_active(graph.signature.parameters[position].structure, positions) for position in wrt]
    second = Graph(
        f"{name}_pullback",
        Signature(
            (Parameter("saved", kind, saved_structure), Parameter("gradient", kind, seed_structure)),
            Container(ContainerKind.TUPLE, tuple, tuple(range(len(wrt))), tuple(parts)),
        ),
        Block((*inside, *own_seeds), tuple(nodes), tuple(mapping.get(value, value) for value in gradients)),
        graph.location,
        f"Pull a cotangent of the value of `{graph.name}` back to its arguments.",
    )
    return first, second


def pushforward(program: Program, wrt: Sequence[int], *, name: str) -> Program:
    """The program (primals, tangents of the parameters in `wrt`) -> (value, tangent of the value)."""
    graph = program.entry
    body = clone_block(graph.body)
    run = Transformation(program, reverse_block, push_block, frozenset({name}))
    tangents: dict[Value, Value] = {}
    parameters: list[Parameter] = []
    extra: list[Value] = []
    next_leaf = len(body.params)
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    for position in wrt:
        parameter = graph.signature.parameters[position]
        structure, next_leaf = renumber(parameter.structure, next_leaf)
        for leaf in leaves(parameter.structure):
            param = body.params[leaf.index]
            tangent = Value(loosened(param.type), f"{param.hint}_dot")
            extra.append(tangent)
            if is_inexact(param.type):
                tangents[param] = tangent
        parameters.append(Parameter(f"{parameter.name}_dot", kind, structure))
    pushed = push_block(run, body, tangents)
    results = [
        same_kind(pushed.b, tangent, value) if tangent is not None else _zero_tangent(pushed.b, value)
        for value, tangent in zip(body.results, pushed.tangents, strict=True)
    ]
    value_part = (graph.signature.result, list(body.results))
    structure, leaves_out = tuple_of([value_part, (graph.signature.result, results)])
    signature = Signature(
        (*_without_defaults(graph.signature.parameters), *parameters),
        renumber(structure, 0)[0],
        graph.signature.hidden,
    )
    n_hidden = len(body.params) - _leaf_count(graph.signature)
    doc = f"Value of `{graph.name}` and its derivative in a direction."
    block = Block((*body.params, *extra), tuple(pushed.b.nodes), tuple(leaves_out))
    assert n_hidden >= 0
    return _program(run, Graph(name, signature, block, graph.location, doc))


def _without_defaults(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Every primal is passed, since tangents follow."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    return tuple(Parameter(parameter.name, kind, parameter.structure) for parameter in parameters)


def _leaf_count(signature: Signature) -> int:
    return sum(1 for parameter in signature.parameters for _ in leaves(parameter.structure))


def _zero_tangent(b: OpBuilder, value: Value) -> Value:
    """A zero tangent; an integer result has itself times zero in place of one, so that structures agree."""
    return same_kind(b, zero_like(b, value), value) if is_inexact(value.type) else b.op("zeros_like", value)


def _program(run: Transformation, main: Graph) -> Program:
    """The program of a new main graph, with the graphs that it reaches."""
    graphs = graphs_reached(main, {**run.program.graphs, **run.graphs})
    return replace(run.program, main=main.name, graphs=graphs)


def _final_cotangent(pull: BlockPullback, param: Value) -> Value:
    ct = pull.cotangents.dense(param)
    return same_kind(pull.b, ct if ct is not None else zero_like(pull.b, param), param)


def _scalar_result(graph: Graph, body: Block, has_aux: bool) -> int:
    """Position of the scalar result."""
    structure = graph.signature.result
    if has_aux:
        if not isinstance(structure, Container) or len(structure.children) != 2:
            raise UsageError(
                Diagnostic(
                    "GS311",
                    f"has_aux=True needs `{graph.name}` to return a pair (value, aux)",
                    graph.location,
                    fix="return value, aux",
                )
            )
        structure = structure.children[0]
    if isinstance(structure, Leaf):
        type_ = body.results[structure.index].type
        scalar = isinstance(type_, ScalarType) or (isinstance(type_, ArrayType) and type_.ndim == 0)
        if scalar and is_inexact(type_) and _is_real(type_):
            return structure.index
        returned = type_text(type_)
        if scalar and is_inexact(type_):
            raise _complex_result(graph, returned)
    elif isinstance(structure, Fixed):
        returned = repr(structure.value)
    else:
        returned = structure.type.__name__
    raise UsageError(
        Diagnostic(
            "GS310",
            f"grad needs a real scalar result, but `{graph.name}` returns {returned}",
            graph.location,
            why="a gradient is the derivative of one number",
            fix="return a scalar such as `result.sum()`; for a pair (value, aux) pass has_aux=True; "
            "for every output use `jacobian`, for one combination of outputs `vjp`",
        )
    )


def _complex_result(graph: Graph, returned: str) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS310",
            f"grad needs a real scalar result, but `{graph.name}` returns {returned}",
            graph.location,
            why="a gradient is the derivative of one real number; what `np.linalg.eig` and "
            "`np.roots` give counts as complex, also where all of it is real",
            fix="return `result.real` or `abs(result)`; of a symmetric matrix take `np.linalg.eigvalsh`",
        )
    )


def _is_real(type_: Type) -> bool:
    return isinstance(type_, ScalarType | ArrayType) and type_.dtype.kind == "f"


def _active_leaves(graph: Graph, position: int) -> list[int]:
    """Leaves of a parameter that have a derivative, all but what objects hold."""
    parameter = graph.signature.parameters[position]
    found: list[int] = []
    for leaf in leaves(held_apart(parameter.structure, graph.body.params)):
        type_ = graph.body.params[leaf.index].type
        if not is_inexact(type_):
            holder = f"`{parameter.name}`, which holds {type_text(type_)}"
            raise UsageError(
                Diagnostic(
                    "GS312",
                    f"cannot differentiate `{graph.name}` with respect to {holder}",
                    graph.location,
                    why="the derivative with respect to an integer or bool does not exist",
                    fix=f"pass floats: `{parameter.name}.astype(float)` or `float({parameter.name})`",
                )
            )
        found.append(leaf.index)
    return found
