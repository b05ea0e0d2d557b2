"""What a saved function demands of its arguments: what it was written for is not right for other types, say.

In:  a graph, what lowering asked of the arguments.   Out: the lines of an `if` that raises.
Not here: choosing among functions that are in memory (compiler/guard.py).
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType

import numpy as np

from gradscribe.codegen.described import types_of_parameters
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.codegen.structure import ATTRIBUTES, key_source, part_of_source, paths
from gradscribe.codegen.wrapping import INDENT, WIDTH
from gradscribe.frontend.facts import Fact
from gradscribe.frontend.structure import GENERATOR_TYPES, part_path
from gradscribe.ir.graph import Graph
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Hidden, Parameter, Structure
from gradscribe.ir.types import ArrayType, OpaqueType, ScalarType, SequenceType, Type

PYTHON: Mapping[str, type] = {"b": bool, "i": int, "f": float, "c": complex}
COMPARED = (str, bytes, bool, int, range, slice, frozenset, EllipsisType, type(None))


@dataclass(frozen=True)
class Demand:
    """What must hold of arguments beyond their types.

    Attributes:
        facts: what lowering asked.
        written: leaves that the function writes to: they must not share memory with others.
        apart: containers that it changes: they must not stand at another place, too.
    """

    facts: tuple[Fact, ...] = ()
    written: tuple[int, ...] = ()
    apart: tuple[str, ...] = ()


class Check:
    """Collects the conditions for the arguments of one function."""

    def __init__(self, graph: Graph, parameters: Mapping[str, str], names: ModuleNames) -> None:
        self.graph = graph
        self.types = [param.type for param in graph.body.params]
        self.names = names
        self.formals: tuple[Parameter | Hidden, ...] = (*graph.signature.parameters, *graph.signature.hidden)
        self.parameters = [(ast.Name(parameters[formal.name]), formal.structure) for formal in self.formals]
        self.leaves = {
            leaf: ast.unparse(path)
            for source, structure in self.parameters
            for leaf, path in paths(source, structure, names)
        }

    def lines(self, function: str, demand: Demand) -> Iterator[str]:
        """Raise unless everything is as it was at compile time."""
        facts = [fact.condition(self.leaves) for fact in demand.facts]
        facts += [text for leaf in demand.written for text in self._apart(leaf)]
        facts += self._kept_apart(demand.apart)
        yield from _unless([*self._structures(), *facts])
        message = f"`{function}` was written for {types_of_parameters(self.graph)}"
        if facts:
            message += f", where {' and '.join(facts)}"
        yield from _raising(message)

    def _kept_apart(self, apart: Sequence[str]) -> Iterator[str]:
        containers = {
            path: (ast.unparse(place), structure)
            for formal, (source, _) in zip(self.formals, self.parameters, strict=True)
            for structure, path, place in self._containers(formal.structure, formal.name, source)
        }
        for path in apart:
            if path in containers:
                text, structure = containers[path]
                others = (pair for other, pair in containers.items() if other != path)
                yield from (
                    f"{text} is not {other}" for other, found in others if found.type is structure.type
                )

    def _containers(
        self, structure: Structure, path: str, source: ast.expr
    ) -> Iterator[tuple[Container, str, ast.expr]]:
        """Each container, how the user would write it, and how the saved function does."""
        if isinstance(structure, Container):
            yield structure, path, source
            for key, child in zip(structure.keys, structure.children, strict=True):
                place = part_of_source(source, structure.kind, key, self.names)
                yield from self._containers(child, part_path(structure.kind, path, key), place)

    def _structures(self) -> Iterator[str]:
        for source, structure in self.parameters:
            yield from self._structure(structure, source)

    def _structure(self, structure: Structure, source: ast.expr) -> Iterator[str]:
        text = ast.unparse(source)
        match structure:
            case Container(kind, type_, keys, children):
                yield self._container(text, kind, type_, keys)
                for key, child in zip(keys, children, strict=True):
                    yield from self._structure(child, part_of_source(source, kind, key, self.names))
            case Fixed(value):
                yield from _fixed(text, value)
            case _:
                yield self._leaf(text, self.types[structure.index])

    def _container(self, text: str, kind: ContainerKind, type_: type, keys: tuple[object, ...]) -> str:
        if kind in ATTRIBUTES:
            return f"{text}.__class__.__qualname__ == {quoted(type_.__qualname__)}"
        if kind is ContainerKind.DICT:
            wanted = ast.unparse(ast.List([key_source(key, self.names) for key in keys]))
            return f"{self._builtin(list)}({text}) == {wanted}"
        return f"{self._is_one(text, type_)} and {self._builtin(len)}({text}) == {len(keys)}"

    def _leaf(self, text: str, type_: Type) -> str:
        match type_:
            case ArrayType(dtype, shape):
                called = ast.unparse(self.names.dotted("gradscribe.runtime.arguments.is_array"))
                ones = tuple(axis for axis, length in enumerate(shape) if length.is_one)
                more = f", ones={ones}" if ones else ""
                native = np.dtype(dtype.char) is dtype
                return f"{called}({text}, {quoted(dtype.name if native else dtype.str)}, {len(shape)}{more})"
            case ScalarType(dtype, python=True):
                return self._is_one(text, PYTHON[dtype.kind])
            case ScalarType(dtype):
                wanted = ast.unparse(self.names.numpy(dtype.type.__name__))
                return f"{self._builtin(isinstance)}({text}, {wanted})"
            case SequenceType():
                return self._is_one(text, list)
            case OpaqueType() if type_ in GENERATOR_TYPES:
                wanted = ast.unparse(self.names.numpy(f"random.{GENERATOR_TYPES[type_].__name__}"))
                return f"{self._builtin(isinstance)}({text}, {wanted})"
        raise TypeError(f"an argument of type {type_}")

    def _is_one(self, text: str, type_: type) -> str:
        return f"{self._builtin(isinstance)}({text}, {self._builtin(type_)})"

    def _builtin(self, function: Callable[..., object]) -> str:
        """A builtin function, unless a parameter has its name."""
        return ast.unparse(self.names.object(function, function.__name__))

    def _apart(self, leaf: int) -> Iterator[str]:
        shares = ast.unparse(self.names.numpy("may_share_memory"))
        for other, text in self.leaves.items():
            if other != leaf and isinstance(self.types[other], ArrayType):
                yield f"not {shares}({self.leaves[leaf]}, {text})"


def _unless(conditions: Sequence[str]) -> list[str]:
    """`if not (...):`, with each condition on a line of its own where one line is too short."""
    single = f"{INDENT}if not ({' and '.join(conditions)}):"
    if len(single) <= WIDTH:
        return [single]
    first, *others = conditions
    inside = [first, *(f"and {condition}" for condition in others)]
    return [f"{INDENT}if not (", *(f"{2 * INDENT}{condition}" for condition in inside), f"{INDENT}):"]


def _raising(message: str) -> list[str]:
    lead = 2 * INDENT
    single = f"{lead}raise TypeError({quoted(message)})"
    if len(single) <= WIDTH:
        return [single]
    parts = [part + " " for part in textwrap.wrap(message, WIDTH - 20, break_long_words=False)]
    parts[-1] = parts[-1].rstrip()
    return [f"{lead}raise TypeError(", *(f"{lead}{INDENT}{quoted(part)}" for part in parts), f"{lead})"]


def quoted(text: str) -> str:
    """A literal in double quotes, as formatters write it."""
    return json.dumps(text, ensure_ascii=False)


def _fixed(text: str, value: object) -> Iterator[str]:
    """What was known of an argument, as far as a file can name it."""
    if isinstance(value, Enum):
        yield f"{text}.name == {value.name!r}"
    elif isinstance(value, np.dtype):
        yield f"{text} == {value.str!r}"
    elif isinstance(value, COMPARED):
        yield f"{text} == {value!r}"
    elif isinstance(getattr(value, "__qualname__", None), str):
        yield f"{text}.__qualname__ == {value.__qualname__!r}"  # type: ignore[attr-defined]
