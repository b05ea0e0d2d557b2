"""How the leaves of a graph are held in the user's arguments and result.

Containers exist at compile time only: a parameter that is a list of `(W, b)` is a `Container` of `Container`s
of `Leaf`s, each leaf a parameter of the graph. Generated code unpacks by fixed indices and packs the result.

In:  nothing.   Out: `Structure`, `Parameter`, `Hidden`, `Signature`.
Not here: reading the structure of a call's arguments (frontend/), guards (compiler/dispatch).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from inspect import _ParameterKind as ParameterKind


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number or array: position among the graph's parameters (or results)."""

    index: int


@dataclass(frozen=True, slots=True, eq=False)
class Fixed:
    """A value known at compile time (None, a flag, text, a dtype, a function); the guard compares it."""

    value: object


class ContainerKind(Enum):
    """How a container is taken apart and built."""

    TUPLE = "tuple"
    LIST = "list"
    DICT = "dict"
    NAMED_TUPLE = "namedtuple"
    DATACLASS = "dataclass"
    OBJECT = "object"


# Instances of the user's classes.
OBJECTS = (ContainerKind.DATACLASS, ContainerKind.OBJECT)


def is_held(kind: ContainerKind, outer: bool) -> bool:
    """True where numbers that are no floats belong to an object; a named tuple is a tuple of parameters.

    Args:
        kind: of a container.
        outer: the same for the container that it is a part of.
    """
    return kind in OBJECTS or (outer and kind is not ContainerKind.NAMED_TUPLE)


@dataclass(frozen=True, slots=True)
class Container:
    """A container of fixed shape. `keys` are positions, dict keys or attribute names, in order."""

    kind: ContainerKind
    type: type
    keys: tuple[object, ...]
    children: tuple[Structure, ...]


Structure = Leaf | Fixed | Container


def key_text(key: object) -> str:
    """A key as a part of a variable's name, the same in every run: of an object, its name or that of its class."""
    if isinstance(key, tuple):
        return "_".join(map(key_text, key))
    if isinstance(key, Enum):
        return key.name
    if isinstance(key, str | int | float):
        return str(key)
    return str(getattr(key, "__name__", type(key).__name__))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the user's function.

    Attributes:
        structure: what was passed. A `*args` parameter is a tuple, a `**kwargs` parameter a dict.
        default: source of the default value as generated code shows it, None if it has none.
    """

    name: str
    kind: ParameterKind
    structure: Structure
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Hidden:
    """A global, closure variable or attribute that is read afresh at each call.

    Attributes:
        name: name of the extra parameter.
        structure: a leaf, or a container of leaves.
        scope: the dictionary, cell or object it is read from.
        key: name in the dictionary or of the attribute; None for a cell.
    """

    name: str
    structure: Structure
    scope: object
    key: str | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters, hidden parameters and the structure of the result."""

    parameters: tuple[Parameter, ...]
    result: Structure
    hidden: tuple[Hidden, ...] = ()


def leaves(structure: Structure) -> Iterator[Leaf]:
    """Leaves in order."""
    match structure:
        case Leaf():
            yield structure
        case Container(children=children):
            for child in children:
                yield from leaves(child)
        case Fixed():
            return


def renumber(structure: Structure, start: int) -> tuple[Structure, int]:
    """The same structure with its leaves numbered from `start`, and the next free number."""
    match structure:
        case Leaf():
            return Leaf(start), start + 1
        case Container(kind, type_, keys, children):
            renumbered: list[Structure] = []
            for child in children:
                child, start = renumber(child, start)
                renumbered.append(child)
            return Container(kind, type_, keys, tuple(renumbered)), start
        case Fixed():
            return structure, start
