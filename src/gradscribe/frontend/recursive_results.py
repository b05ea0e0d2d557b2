"""The types of what a recursive function returns: bounds that hold at all levels.

In:  what a body leaves, and what was assumed before.   Out: what is assumed next.
Not here: lowering the body again and again (recursion.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from gradscribe.frontend.joins import VARYING, instantiate, join_types
from gradscribe.frontend.leaves import varying
from gradscribe.frontend.recursive_graphs import GraphInfo, shape_of
from gradscribe.frontend.recursive_objects import Path
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.surroundings import WHOLE
from gradscribe.frontend.values import ArrayCell, Cell
from gradscribe.ir.graph import Value
from gradscribe.ir.signature import Container, Leaf, Structure
from gradscribe.ir.types import ArrayType, SequenceType, TupleType, Type, type_text


def left_types(run: Lowering, info: GraphInfo, given: Mapping[Path, Cell]) -> list[Type]:
    """The types of what one call returns and changes. An array that it changes keeps its shape."""
    types = [of_result(type_) for type_ in info.types]
    assert isinstance(info.structure, Container)
    for part, end in zip(info.parts, info.structure.children[1:], strict=True):
        cell = part.owner if isinstance(part.owner, Cell) else given[part.owner]
        if part.key is WHOLE and isinstance(cell, ArrayCell) and isinstance(end, Leaf):
            content = run.heap.get(cell, cell.initial)
            if isinstance(content, Value):
                types[end.index] = content.type
    return types


def of_result(type_: Type) -> Type:
    """The type of a result of one call: a length is known where every way through the function leaves it."""
    return instantiate(_bound(type_))


def _bound(type_: Type) -> Type:
    match type_:
        case ArrayType(dtype, shape):
            return ArrayType(dtype, tuple(n if n.constant is not None else VARYING for n in shape))
        case SequenceType(element):
            return SequenceType(_bound(element))
        case TupleType(elements, label):
            return TupleType(tuple(map(_bound, elements)), label)
    return varying(type_)


def assume(
    run: Lowering,
    node: cst.CSTNode,
    info: GraphInfo,
    name: str,
    structure: Structure,
    found: list[Value],
) -> None:
    """Take for granted, in the next pass, what bounds what was assumed and what a body left."""
    types = [of_result(value.type) for value in found]
    if (
        not info.is_complete()
        or len(types) != len(info.types)
        or shape_of(structure) != shape_of(info.structure)
    ):
        info.types, info.mixed = types, set()
        return
    joined: list[Type] = []
    for before, now in zip(info.types, types, strict=True):
        wide = join_types(before, now)
        if wide is None:
            raise run.refusal(
                node,
                "GS122",
                f"`{name}` returns {type_text(before)} on some ways and {type_text(now)} on others",
                why="all levels of the recursion must return one kind of value",
                fix="return values of one kind",
            )
        joined.append(before if _alike(before, wide) else instantiate(wide))
    info.types = joined


def _alike(before: Type, wide: Type) -> bool:
    """Equal but for lengths, which the next call does not know either."""
    match before, wide:
        case ArrayType(dtype=a, shape=m), ArrayType(dtype=b, shape=n):
            return a == b and [k.constant for k in m] == [k.constant for k in n]
        case SequenceType(element=a), SequenceType(element=b):
            return _alike(a, b)
        case TupleType(elements=a, label=one), TupleType(elements=b, label=two):
            return one == two and len(a) == len(b) and all(map(_alike, a, b))
    return before == wide
