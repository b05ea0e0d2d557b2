"""Recursion on run-time values: the function becomes a graph of its own, called by name.

A call with arguments of the same kinds as an enclosing call of the same function is recursion: arguments that
are known now (a list that gets shorter) make it another kind, and such calls are simply lowered in place. The
types of the results are found from the calls that do not recurse: at first nothing is known of what a
recursive call returns.

In:  a function and the arguments of a call.   Out: `call` nodes; graphs.
Not here: lowering the body (functions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import Parameter as InspectParameter
from typing import TYPE_CHECKING

import libcst as cst

from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.joins import VARYING, instantiate, join_types
from gradscribe.frontend.operands import is_number, resolved
from gradscribe.frontend.refusal import UNRESOLVED, Unresolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.scope import abstract_of, name_leaves
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.surroundings import Found, are_same, surroundings
from gradscribe.frontend.values import (
    PASSED_WHOLE,
    Abstract,
    ArrayCell,
    Cell,
    Iterated,
    MaybeNone,
    Number,
    Unknown,
    is_none,
)
from gradscribe.ir.control import make_call
from gradscribe.ir.graph import Graph, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.signature import (
    Container,
    ContainerKind,
    Fixed,
    Leaf,
    Parameter,
    Signature,
    Structure,
    leaves,
)
from gradscribe.ir.types import ArrayType, SequenceType, TupleType, Type
from gradscribe.ir.walk import walk

if TYPE_CHECKING:
    from gradscribe.frontend.functions import UserFunction

Enter = Callable[[Lowering, "UserFunction", Mapping[str, Abstract]], Abstract]
MAX_PASSES = 8


@dataclass(eq=False)
class GraphInfo:
    """A recursive function while and after it is lowered.

    Attributes:
        name: of the graph.
        structure, types: of what it returns; None while nothing is known.
        extras: outer values that its body reads, passed along as further arguments.
        done: the graph exists.
        provisional: it calls one that is still being made, of which nothing was known yet.
        found: what it reads from outside, as it was when it was made.
    """

    name: str
    structure: Structure | None = None
    types: list[Type] = field(default_factory=list)
    extras: list[Value] = field(default_factory=list)
    mixed: set[int] = field(default_factory=set)
    done: bool = False
    provisional: bool = False
    found: Found = field(default_factory=list)


class SignatureTaker(Taker):
    """Takes apart the arguments of a call, to tell it from others; what may be None is a flag and the value."""

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        value = resolved(self.run, value, self.node)
        if not isinstance(value, MaybeNone) or not self.is_pair(value):
            return super().take(value)
        parts = (Number(value.given), value.value, value.otherwise)
        return self._container(ContainerKind.TUPLE, MaybeNone, ("has", "", "otherwise"), parts)

    def is_pair(self, optional: MaybeNone) -> bool:
        """Whether it is taken apart."""
        return True


class GraphTaker(SignatureTaker):
    """Takes apart what a graph is called with or returns. Arrays that are not there would have no length there."""

    def is_pair(self, optional: MaybeNone) -> bool:
        """Only numbers are."""
        return is_number(optional.value) and is_none(optional.otherwise)


def signature_of(run: Lowering, identity: object, bound: Mapping[str, Abstract]) -> object:
    """A key: equal for two calls of one function with arguments of the same kinds."""
    taker = SignatureTaker(run, None, keep_literals=True)
    with run.block():
        parts = tuple((name, _frozen(taker.take(value))) for name, value in bound.items())
    return identity, parts, tuple(_pattern(value.type) for value in taker.leaves)


def _frozen(structure: Structure) -> object:
    match structure:
        case Leaf():
            return "leaf"
        case Fixed(value=value):
            plain = isinstance(value, bool | int | float | complex | str | bytes | type(None))
            return (type(value).__name__, repr(value)) if plain else ("object", _identity(value))
        case Container(kind, type_, keys, children):
            return kind, type_, tuple(map(str, keys)), tuple(map(_frozen, children))


def _identity(value: object) -> object:
    """Functions of this lowering stand for themselves: once one is gone, another may have its `id`."""
    return value if isinstance(value, PASSED_WHOLE) else id(value)


def _pattern(type_: Type) -> object:
    match type_:
        case ArrayType(dtype, shape):
            return str(dtype), tuple(length == ONE for length in shape)
        case SequenceType(element):
            return "list", _pattern(element)
        case TupleType(elements, label):
            return "tuple", label, tuple(map(_pattern, elements))
        case _:
            return str(type_)


def call_graph(
    run: Lowering,
    node: cst.CSTNode,
    key: object,
    callee: UserFunction,
    bound: Mapping[str, Abstract],
    enter: Enter,
) -> Abstract:
    """A call of the graph of a recursive function.

    The graph is made at the first call from outside, and again where the function would read other things there.
    """
    if any(isinstance(value, Iterated) for value in bound.values()):
        raise run.refusal(
            node,
            "GS152",
            f"the recursive function `{callee.name}` is given an iterator",
            why="each level of the recursion would go on where another one stopped",
            fix="pass a list: `list(...)`",
        )
    info = run.recursive.get(key)
    found = surroundings(run, callee.function, callee.parent, bound.values())
    if info is None or (info.done and not are_same(info.found, found)):
        info = run.recursive[key] = GraphInfo(_free_name(run, callee.name), found=found)
        _make_graph(run, node, info, callee, bound, enter)
    if info.structure is None:
        raise Unresolved
    taker = GraphTaker(run, node, keep_literals=True)
    for value in bound.values():
        taker.take(value)
    outputs = [Value(instantiate(type_)) for type_ in info.types]
    run.mixed |= {outputs[position] for position in info.mixed}
    run.builder.append(
        make_call(info.name, [*taker.leaves, *info.extras], outputs, location=run.location(node))
    )
    return abstract_of(run, info.structure, outputs)


def forget_since(run: Lowering, before: Mapping[object, GraphInfo]) -> None:
    """Drop the graphs that a failed attempt at a loop made of functions that read its variables."""
    for key, info in list(run.recursive.items()):
        if info.found and before.get(key) is not info:
            del run.recursive[key]
            run.graphs.pop(info.name, None)
            if key in before:
                run.recursive[key] = before[key]


def _free_name(run: Lowering, name: str) -> str:
    stem = name if name.isidentifier() else "function"
    stem = f"{stem}_recursive" if stem == run.entry_name else stem
    candidate, number = stem, 1
    while candidate in run.graphs or any(info.name == candidate for info in run.recursive.values()):
        number += 1
        candidate = f"{stem}_{number}"
    return candidate


def _make_graph(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    callee: UserFunction,
    bound: Mapping[str, Abstract],
    enter: Enter,
) -> None:
    """Lower the body again and again until what it returns and reads is what was assumed."""
    for _ in range(MAX_PASSES):
        known = info.structure, list(info.types), list(info.extras), set(info.mixed)
        graph = _pass(run, node, info, callee, bound, enter)
        if graph is None:
            break
        if _same(known, info):
            run.graphs[info.name] = graph
            info.done = True
            info.provisional = any(made.op is UNRESOLVED for made in walk(graph.body))
            return
    raise run.refusal(
        node,
        "GS151",
        f"what the recursive function `{callee.name}` returns cannot be typed",
        why="no way through it returns without calling itself, or each level returns another kind of value",
        fix="return values of one kind on every way",
    )


def _same(known: tuple[Structure | None, list[Type], list[Value], set[int]], info: GraphInfo) -> bool:
    structure, types, extras, mixed = known
    unchanged = types == info.types and extras == info.extras and mixed == info.mixed
    return structure is not None and unchanged


def _pass(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    callee: UserFunction,
    bound: Mapping[str, Abstract],
    enter: Enter,
) -> Graph | None:
    """The graph under the present assumptions; the assumptions are updated. None if nothing is returned."""
    first_inside = Cell().serial
    outer_heap, refusals = run.heap, dict(run.refusals)
    _forget_provisional(run)
    arguments = GraphTaker(run, node, keep_literals=True)
    structures = {name: arguments.take(value) for name, value in bound.items()}
    params = [Value(_general(value.type), "") for value in arguments.leaves]
    inside = {name: abstract_of(run, structure, params) for name, structure in structures.items()}
    _name(structures, params)
    loops, run.loops = run.loops, []
    run.heap = dict(outer_heap)
    try:
        with run.block() as builder, run.within(("graph", info.name)):
            result = enter(run, callee, inside)
            if isinstance(result, Unknown):
                return None
            taker = GraphTaker(run, node, keep_literals=False)
            structure = taker.take(result)
        _refuse_writes(run, node, callee, outer_heap, first_inside)
    except Unresolved:
        return None
    finally:
        run.heap, run.loops = outer_heap, loops
    _assume(run, node, info, callee, structure, taker.leaves)
    info.mixed |= {position for position, value in enumerate(taker.leaves) if value in run.mixed}
    extras = captured_by((builder.nodes, taker.leaves), own=params)
    if extras != info.extras:
        info.extras = extras
    if info.structure is None or run.refusals != refusals:
        info.structure = structure
    block = close(builder.nodes, taker.leaves, params, extras)
    return Graph(
        info.name,
        _signature(structures, [*params, *block.params[len(params) :]], len(params), structure),
        block,
        callee.captured.location,
    )


def _forget_provisional(run: Lowering) -> None:
    """Functions that call this one, made before anything was known of it, are made again when they are called."""
    for key, other in list(run.recursive.items()):
        if other.provisional:
            del run.recursive[key]
            del run.graphs[other.name]


def _general(type_: Type) -> Type:
    """The type of a parameter, for all calls: no length is known but those that are 1."""
    if isinstance(type_, ArrayType):
        return instantiate(ArrayType(type_.dtype, tuple(n if n == ONE else VARYING for n in type_.shape)))
    return instantiate(type_, 0)


def _of_result(type_: Type) -> Type:
    """The type of a result, for all calls: a length is known where every way through the function leaves it."""
    if isinstance(type_, ArrayType):
        lengths = tuple(n if n.constant is not None else VARYING for n in type_.shape)
        return instantiate(ArrayType(type_.dtype, lengths))
    return instantiate(type_, 0)


def _name(structures: Mapping[str, Structure], params: list[Value]) -> None:
    for name, structure in structures.items():
        name_leaves(structure, name, params)


def _assume(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    callee: UserFunction,
    structure: Structure,
    found: list[Value],
) -> None:
    types = [_of_result(value.type) for value in found]
    if info.structure is None or len(types) != len(info.types):
        info.structure, info.types = structure, types
        return
    joined: list[Type] = []
    for before, now in zip(info.types, types, strict=True):
        wide = join_types(before, now)
        if wide is None:
            raise run.refusal(
                node,
                "GS122",
                f"`{callee.name}` returns {before} on some ways and {now} on others",
                why="all levels of the recursion must return one kind of value",
                fix="return values of one kind",
            )
        joined.append(before if _alike(before, wide) else instantiate(wide))
    info.types = joined


def _alike(before: Type, wide: Type) -> bool:
    """Equal but for lengths, which the next call does not know either."""
    if isinstance(before, ArrayType) and isinstance(wide, ArrayType):
        return (
            before.dtype == wide.dtype
            and before.ndim == wide.ndim
            and all(a.constant == b.constant for a, b in zip(before.shape, wide.shape, strict=True))
        )
    return before == wide


def _refuse_writes(
    run: Lowering, node: cst.CSTNode, callee: UserFunction, before: Mapping[Cell, object], first_inside: int
) -> None:
    for cell, content in run.heap.items():
        argument = isinstance(cell, ArrayCell) and cell.argument is not None
        if (
            stays_derived(cell, before, run.heap)
            or (cell.serial >= first_inside and not argument)
            or before.get(cell) is content
        ):
            continue
        raise run.refusal(
            node,
            "GS152",
            f"the recursive function `{callee.name}` writes to an array or list it is given",
            why="each level of the recursion would change the caller's object",
            fix="return a new array instead",
        )


def _signature(
    structures: Mapping[str, Structure], params: list[Value], arguments: int, result: Structure
) -> Signature:
    """The leaves as plain parameters, in order."""
    kind = InspectParameter.POSITIONAL_OR_KEYWORD
    taken: set[str] = set()
    parameters: list[Parameter] = []
    for position, value in enumerate(params):
        stem = value.hint or f"arg{position}"
        name, number = stem, 1
        while name in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name)
        parameters.append(Parameter(name, kind, Leaf(position)))
    return Signature(tuple(parameters), _flat(result))


def _flat(result: Structure) -> Structure:
    """Graphs return their leaves as a tuple; the caller knows the structure."""
    count = sum(1 for _ in leaves(result))
    if count == 1:
        return Leaf(0)
    return Container(ContainerKind.TUPLE, tuple, tuple(range(count)), tuple(map(Leaf, range(count))))
