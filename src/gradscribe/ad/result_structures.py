"""What derivatives return: gradients and cotangents in the structure of what they belong to.

A user's object is not all parameters: what has no derivative in it (counts, flags, names, functions) is held. The
gradient of an object shows names and functions as they are, None in place of numbers and of what could change.

In:  structures of parameters.   Out: structures of results.
Not here: which parameters may be differentiated (api/selection.py), computing the leaves (transforms.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from types import BuiltinFunctionType, FunctionType

import numpy as np

from gradscribe.ir.graph import Value
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure, is_held
from gradscribe.ir.types import is_inexact

# None of these can change, so a gradient may share them with the caller's object.
SHOWN = (str, bytes, Enum, type, np.dtype, np.ufunc, FunctionType, BuiltinFunctionType)


def held_apart(structure: Structure, params: Sequence[Value], *, in_object: bool = False) -> Structure:
    """The structure of a gradient: what is held in objects is no leaf of it."""
    match structure:
        case Leaf(index) if in_object and not is_inexact(params[index].type):
            return Fixed(None)
        case Fixed(value) if in_object and not isinstance(value, SHOWN):
            return Fixed(None)
        case Container(kind, type_, keys, children):
            inside = is_held(kind, in_object)
            parts = [held_apart(child, params, in_object=inside) for child in children]
            return Container(kind, type_, keys, tuple(parts))
    return structure


def only_active(structure: Structure, positions: dict[int, int]) -> Structure:
    """The structure of a cotangent: None in place of whatever has none."""
    match structure:
        case Leaf(index):
            return Leaf(positions[index]) if index in positions else Fixed(None)
        case Container(kind, type_, keys, children):
            return Container(kind, type_, keys, tuple(only_active(child, positions) for child in children))
        case Fixed():
            return Fixed(None)


def group(
    structures: Sequence[Structure], values: list[Value], single: bool
) -> tuple[Structure, list[Value]]:
    """The gradient of one parameter as such, those of several in a tuple."""
    if single and len(structures) == 1:
        return structures[0], values
    keys = tuple(range(len(structures)))
    return Container(ContainerKind.TUPLE, tuple, keys, tuple(structures)), values


def tuple_of(parts: Sequence[tuple[Structure, list[Value]]]) -> tuple[Structure, list[Value]]:
    """A tuple of parts, and the leaves of all."""
    keys = tuple(range(len(parts)))
    structure = Container(ContainerKind.TUPLE, tuple, keys, tuple(part[0] for part in parts))
    return structure, [value for part in parts for value in part[1]]


def leaf_tuple(count: int) -> Structure:
    """A tuple of this many leaves."""
    keys = tuple(range(count))
    return Container(ContainerKind.TUPLE, tuple, keys, tuple(map(Leaf, keys)))
