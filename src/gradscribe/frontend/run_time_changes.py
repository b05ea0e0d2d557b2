"""Sets, and dicts that are asked at run time: objects of the generated code, whose changes no heap shows.

In:  values that hold such objects, nodes that were made.   Out: which may be one object; what nodes do and ask.
Not here: lowering what is done with them (keyed.py, sets.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from gradscribe.frontend.references import parts_of_type
from gradscribe.frontend.refusal import UNRESOLVED
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.structure import GENERATOR_TYPES
from gradscribe.ir.control import CALL
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import Type
from gradscribe.ir.walk import free_values, walk
from gradscribe.ops import places, sets
from gradscribe.ops.effects import has_lasting_effect

CHANGING = places.CHANGING | sets.CHANGING
MAKING = places.MAKING | sets.MAKING


def note_change(run: Lowering, node: cst.CSTNode | None, value: Value) -> None:
    """A set or dict is changed: functions with a cache that have read it may return what it gave before."""
    for memo in run.memos.values():
        memo.results.note_change(run, node, value)


def is_changeable(run: Lowering, type_: Type) -> bool:
    """Whether values of this type are sets, or the places of keys."""
    return type_ == places.PLACES or type_ in run.learnt.set_items


def note_call(run: Lowering, node: cst.CSTNode | None, call: Node) -> None:
    """A graph is called: it may change what it is passed. Of one that is being lowered, that is noted there."""
    if str(call.attrs["graph"]) in run.graphs:
        changed = changed_by(run, call)
        for value in call.inputs:
            if not changed.isdisjoint(changeable_in(run, value)):
                note_change(run, node, value)


def changed_by(run: Lowering, node: Node, around: frozenset[str] = frozenset()) -> frozenset[Type]:
    """The types of the sets and places that a node may change, apart from the blocks in it."""
    if node.op.name in CHANGING:
        return frozenset({node.inputs[0].type})
    if node.op is not CALL or (name := str(node.attrs["graph"])) in around:
        return frozenset()
    graph = run.graphs.get(name)
    if graph is None:
        return frozenset().union(*(changeable_in(run, value) for value in node.inputs))
    return frozenset().union(*(changed_by(run, inner, around | {name}) for inner in walk(graph.body)))


def changeable_in(run: Lowering, value: Value) -> frozenset[Type]:
    """The types of the sets and places that a value is or holds."""
    return frozenset(part for part in parts_of_type(value.type) if is_changeable(run, part))


def may_share(run: Lowering, one: Value, other: Value) -> bool:
    """Whether two values may be, or hold, one set or dict."""
    if one is other:
        return True
    if is_made(run, one) and is_made(run, other):
        return False
    return not changeable_in(run, one).isdisjoint(changeable_in(run, other))


def is_made(run: Lowering, value: Value) -> bool:
    """It is known where the set or dict was made, so that it is that of no other such value."""
    made = run.makers.get(value)
    return made is not None and made.op.name in MAKING


def asked_outside(run: Lowering, nodes: Sequence[Node]) -> list[Value]:
    """The sets, dicts and lists of them that nodes use, and do not make."""
    return [value for value in free_values(nodes) if changeable_in(run, value)]


def acts(run: Lowering, nodes: Sequence[Node]) -> bool:
    """Whether nodes print, or draw random numbers, or call what may do so."""
    if any(value.type in GENERATOR_TYPES for value in free_values(nodes)):
        return True
    return any(_acts(run, inner, set()) for inner in _all(nodes))


def _acts(run: Lowering, node: Node, seen: set[str]) -> bool:
    if node.op is CALL:
        name = str(node.attrs["graph"])
        graph = run.graphs.get(name)
        if name in seen or graph is None:
            return False
        seen.add(name)
        return any(_acts(run, inner, seen) for inner in walk(graph.body))
    if not has_lasting_effect(node.op) or node.op is UNRESOLVED:
        return False
    return not any(is_changeable(run, value.type) for value in (*node.inputs, *node.outputs))


def _all(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        for block in node.blocks:
            yield from walk(block)
