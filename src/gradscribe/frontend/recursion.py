"""Recursion on run-time values: the function becomes a graph of its own, called by name.

A call with arguments of the same kinds as an enclosing call of the same function is recursion: arguments that
are known now (a list that gets shorter) make it another kind, and such calls are simply lowered in place. The
types of the results are found from the calls that do not recurse: at first nothing is known of what a
recursive call returns.

In:  a function and the arguments of a call.   Out: `call` nodes; graphs.
Not here: lowering the body (functions.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from gradscribe.frontend.activations import PASSED
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.joins import instantiate
from gradscribe.frontend.operands import is_number, resolved
from gradscribe.frontend.recursive_arguments import activate, learn_run_time
from gradscribe.frontend.recursive_changes import (
    end_of,
    enter_held,
    enter_unknown,
    entry_of,
    held_objects,
    note_changes,
    note_entries,
    take_held,
    write_back,
)
from gradscribe.frontend.recursive_graphs import GraphInfo, changed_as_wholes, donated, graph_signature
from gradscribe.frontend.recursive_objects import (
    Owner,
    Owners,
    Path,
    Relation,
    Same,
    arguments_of,
    may_share,
    objects,
    relate,
    relations_of,
    with_objects,
)
from gradscribe.frontend.recursive_results import assume, left_types
from gradscribe.frontend.recursive_signatures import SignatureTaker, general
from gradscribe.frontend.refusal import UNRESOLVED, Refusal, Unresolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.run_time_changes import note_call
from gradscribe.frontend.scope import abstract_of, name_leaves
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.surroundings import WHOLE, Found, are_same, objects_around, surroundings
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    Cell,
    Iterated,
    MaybeNone,
    TupleValue,
    Unknown,
    is_none,
)
from gradscribe.ir.control import graphs_called, graphs_reached, make_call
from gradscribe.ir.graph import Graph, Value
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Structure
from gradscribe.ir.walk import walk

if TYPE_CHECKING:
    from gradscribe.frontend.functions import UserFunction

Enter = Callable[[Lowering, "UserFunction", Mapping[str, Abstract]], Abstract]
MAX_PASSES = 8


class GraphTaker(SignatureTaker):
    """Takes apart what a graph is called with or returns. Arrays that are not there would have no length there.

    Objects that were there before the body are what they were.
    """

    def __init__(
        self, run: Lowering, node: cst.CSTNode, *, keep_literals: bool, owners: Owners | None = None
    ) -> None:
        super().__init__(run, node, keep_literals=keep_literals)
        self.owners = owners

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        value = resolved(self.run, value, self.node)
        if self.owners is not None and isinstance(value, Cell) and value in self.owners:
            return Fixed(Same(self.owners.of(value)))
        return super().take(value)

    def again(self, cell: Cell) -> Structure:
        """The structure of an object inside of itself."""
        return Taker.again(self, cell)

    def is_pair(self, optional: MaybeNone) -> bool:
        """Only numbers are."""
        return is_number(optional.value) and is_none(optional.otherwise)


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
    if info is None or (info.done and not _serves(run, node, info, callee, bound)):
        info = run.recursive[key] = GraphInfo(
            _free_name(run, callee.name), blocks=(*run.enclosing, run.builder)
        )
        try:
            _make_graph(run, node, info, callee, bound, enter)
        finally:
            if not info.done:
                del run.recursive[key]
        info.found = _surroundings(run, info, callee, bound)
    elif not info.done:
        note_changes(run, node, info, info.before, Owners({}, info.first_inside))
    else:
        # It may have been made in an attempt that was given up, with what that had refused.
        run.refusals = info.refusals | run.refusals
    if info.structure is None or not info.is_complete():
        raise Unresolved
    return _call(run, node, info, callee, bound)


def _call(
    run: Lowering, node: cst.CSTNode, info: GraphInfo, callee: UserFunction, bound: Mapping[str, Abstract]
) -> Abstract:
    given = {**arguments_of(run, bound), **held_objects(run, info)}
    _refuse_overlap(run, node, info, callee, given)
    taker = GraphTaker(run, node, keep_literals=True)
    for value in bound.values():
        taker.take(value)
    take_held(run, node, info, taker)
    outputs = [Value(type_) for type_ in left_types(run, info, given)]
    run.mixed |= {outputs[position] for position in info.mixed}
    run.builder.append(
        make_call(info.name, [*taker.leaves, *info.extras], outputs, location=run.location(node))
    )
    run.known_keys = run.known_keys.after_call()
    note_call(run, node, run.builder.nodes[-1])
    before = Owners({}, Cell().serial)
    assert info.structure is not None
    left = abstract_of(run, with_objects(info.structure, given), outputs)
    assert isinstance(left, TupleValue)
    result, *ends = left.items
    made = _left_objects(run, info, result, ends, given, before)
    for cell in made:
        if cell not in before:
            cell.argument = None
    write_back(run, node, info, ends, given)
    relate(run, node, made, info.relations, given, before)
    return result


def _refuse_overlap(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    callee: UserFunction,
    given: Mapping[Path, Cell],
) -> None:
    """What is changed under one name must not be found under another one."""
    changed: dict[Owner, Cell] = {}
    for part in info.parts:
        changed[part.owner] = part.owner if isinstance(part.owner, Cell) else given[part.owner]
    if not changed:
        return
    entries = {(cell, part.key) for part, cell in info.outer_parts() if part.key is not WHOLE}
    around = objects_around(run, callee.function, callee.parent, entries)
    known: dict[Owner, Cell] = {cell: cell for cell in around}
    known.update(given.items())
    for owner, cell in changed.items():
        for other, found in known.items():
            if other == owner or (isinstance(owner, Cell) and isinstance(other, Cell)):
                continue
            if may_share(run, cell, found):
                raise run.refusal(
                    node,
                    "GS152",
                    f"the recursive function `{callee.name}` changes an object that it finds under two names",
                    why="each level of the recursion would have to see the change under the other name",
                    fix="give it the object once, or a copy: `x.copy()`",
                )


def _serves(
    run: Lowering, node: cst.CSTNode, info: GraphInfo, callee: UserFunction, bound: Mapping[str, Abstract]
) -> bool:
    """Whether the graph that was made for another call would be the same for this one."""
    if not info.can_be_called_in((*run.enclosing, run.builder)):
        return False
    if not are_same(info.found, _surroundings(run, info, callee, bound)):
        return False
    trial, heap = info.on_trial(), dict(run.heap)
    try:
        with run.block():
            take_held(run, node, trial, GraphTaker(run, node, keep_literals=True))
    except (Unresolved, Refusal):
        return False
    finally:
        run.heap = heap
    return trial.assumptions() == info.assumptions()


def _surroundings(
    run: Lowering, info: GraphInfo, callee: UserFunction, bound: Mapping[str, Abstract]
) -> Found:
    changed = {(cell, part.key) for part, cell in info.outer_parts()}
    return surroundings(run, callee.function, callee.parent, bound.values(), changed)


def _left_objects(
    run: Lowering,
    info: GraphInfo,
    result: Abstract,
    ends: Sequence[Abstract],
    find: Mapping[Path, Cell],
    known: Owners,
) -> list[Cell]:
    """The objects that a call or body leaves: what it changed as a whole, and new ones."""
    entries = [end for part, end in zip(info.parts, ends, strict=True) if part.key is not WHOLE]
    new = TupleValue((result, *entries))
    return [*changed_as_wholes(info, find), *(cell for _, cell in objects(run, new, known=known))]


def forget_since(run: Lowering, before: Mapping[object, GraphInfo]) -> None:
    """Drop the graphs that a failed attempt at a loop made of functions that read its variables."""
    for key, info in list(run.recursive.items()):
        if info.found and before.get(key) is not info:
            del run.recursive[key]
            run.graphs.pop(info.name, None)
            known = before.get(key)
            if known is not None:
                run.recursive[key] = known
                if known.graph is not None:
                    run.graphs[known.name] = known.graph


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
    refusals = run.refusals
    try:
        for _ in range(MAX_PASSES):
            # What was refused for want of what this pass knows may be accepted.
            run.refusals = {}
            known = info.structure is not None, info.assumptions()
            graph = _pass(run, node, info, callee, bound, enter)
            if graph is None and known[1] == info.assumptions():
                break
            if graph is not None and known == (True, info.assumptions()):
                run.graphs[info.name] = info.graph = graph
                info.refusals = run.refusals
                _note_waiting(run)
                return
    finally:
        run.refusals = refusals | run.refusals
    raise run.refusal(
        node,
        "GS151",
        f"what the recursive function `{callee.name}` returns cannot be typed",
        why="no way through it returns without calling itself, or each level returns another kind of value",
        fix="return values of one kind on every way",
    )


def _note_waiting(run: Lowering) -> None:
    """Of each graph: what it calls that is still being made, and whether statements were left out."""
    for info in run.recursive.values():
        if info.graph is not None:
            reached = graphs_reached(info.graph, run.graphs)
            nodes = [made for graph in reached.values() for made in walk(graph.body)]
            called = {name for made in nodes for name in graphs_called(made)}
            info.waits_for = frozenset(called - run.graphs.keys())
            info.lacks = any(made.op is UNRESOLVED for made in nodes)


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
    outer_heap, sharers = run.heap, {cell: list(found) for cell, found in run.sharers.items()}
    _forget_waiting(run, info.name)
    arguments = GraphTaker(run, node, keep_literals=True)
    structures = {name: arguments.take(value) for name, value in bound.items()}
    params = [Value(instantiate(general(value.type)), "") for value in arguments.leaves]
    inside = {name: abstract_of(run, structure, params) for name, structure in structures.items()}
    passed = {cell: path for path, cell in arguments_of(run, inside).items()}
    for cell in passed:
        cell.argument = PASSED
    for name, structure in structures.items():
        name_leaves(structure, name, params)
    run.heap = dict(outer_heap)
    run.mixed |= {param for param, value in zip(params, arguments.leaves, strict=True) if value in run.mixed}
    try:
        with run.block():
            take_held(run, node, info, arguments)
    except Unresolved:
        run.heap = outer_heap
        return None
    loops, run.loops = run.loops, []
    run.heap = dict(outer_heap)
    owners = Owners(passed, first_inside)
    run.stack.append(activate(run, info, callee.function, bound, is_graph=True))
    try:
        with run.block() as builder, run.within(("graph", info.name)):
            run.known_keys = run.known_keys.everywhere(run)
            params += enter_held(run, info, len(params))
            for path, cell in held_objects(run, info).items():
                passed[cell], cell.argument = path, PASSED
            enter_unknown(run, node, info, {path: cell for cell, path in passed.items()})
            info.before, info.first_inside = dict(run.heap), first_inside
            result = enter(run, callee, inside)
            if isinstance(result, Unknown):
                return None
            learn_run_time(run, callee.function, note_changes(run, node, info, info.before, owners))
            taker = GraphTaker(run, node, keep_literals=False, owners=owners)
            structure = _take_left(run, node, info, taker, result, passed)
    except Unresolved:
        return None
    finally:
        run.stack.pop()
        run.heap, run.loops, run.sharers = outer_heap, loops, sharers
    assume(run, node, info, callee.name, structure, taker.leaves)
    info.structure, info.told = structure, list(info.parts)
    info.mixed |= {position for position, value in enumerate(taker.leaves) if value in run.mixed}
    extras = captured_by((builder.nodes, taker.leaves), own=params)
    info.extras = extras if info.knows_parts() else []
    block = close(builder.nodes, taker.leaves, params, extras)
    return Graph(
        info.name,
        graph_signature([*params, *block.params[len(params) :]], structure),
        block,
        callee.captured.location,
        donated=donated(info, passed, params),
    )


def _take_left(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    taker: GraphTaker,
    result: Abstract,
    passed: Mapping[Cell, Path],
) -> Structure:
    """The structure of what a body returns and changes."""
    assert taker.owners is not None
    find = {path: cell for cell, path in passed.items()}
    children = [taker.take(result)]
    ends: list[Abstract] = []
    for part in info.parts:
        cell = part.owner if isinstance(part.owner, Cell) else find[part.owner]
        children.append(end_of(run, node, part, cell, taker))
        if part.key is WHOLE:
            note_entries(info, part, taker.leaves[-1])
        ends.append(entry_of(run, node, cell, part.key) if part.key is not WHOLE else NOTHING)
    left = _left_objects(run, info, result, ends, find, taker.owners)
    # What was found before all parts were known says too much.
    info.relations = relations_of(run, left, taker.owners) if info.knows_parts() else [Relation()] * len(left)
    return Container(ContainerKind.TUPLE, tuple, tuple(range(len(children))), tuple(children))


def _forget_waiting(run: Lowering, name: str) -> None:
    """What calls this function or lacks statements, made before all was known, is made again when it is called."""
    for key, other in list(run.recursive.items()):
        if other.lacks or name in other.waits_for:
            del run.recursive[key]
            del run.graphs[other.name]
