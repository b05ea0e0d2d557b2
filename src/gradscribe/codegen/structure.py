"""Containers in the signature: taken apart at the start of a function, built for its result.

In:  structures of parameters and results.   Out: statements and expressions with fixed indices.
Not here: reading structures off arguments (frontend/structure.py).
"""

from __future__ import annotations

import ast
import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradscribe.codegen.literals import static
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.codegen.stores import assign
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure, key_text, leaves

UNPACKABLE = frozenset({ContainerKind.TUPLE, ContainerKind.LIST, ContainerKind.NAMED_TUPLE})
ATTRIBUTES = frozenset({ContainerKind.NAMED_TUPLE, ContainerKind.DATACLASS, ContainerKind.OBJECT})
LITERAL_KEYS = frozenset({str, bytes, int, bool, type(None)})
MAX_PATTERN = 12
# What the code of an `__init__` that the dataclass decorator wrote calls its file.
GENERATED = "<string>"

Build = Callable[[int], ast.expr]


def take_apart(
    source: ast.expr, structure: Structure, names: Mapping[int, str], module: ModuleNames
) -> list[ast.stmt]:
    """Assignments of the leaves that have a name.

    Args:
        source: the container.
        structure: what it holds.
        names: variables by leaf; leaves that are not read are missing.
        module: names of what the text refers to, such as the keys of a dict.
    """
    wanted = [leaf.index for leaf in leaves(structure) if leaf.index in names]
    if not wanted or isinstance(structure, Leaf):
        return []
    if _is_pattern(structure) and sum(1 for _ in leaves(structure)) <= MAX_PATTERN:
        return [assign(_pattern(structure, names), source)]
    reached = paths(source, structure, module)
    return [assign(ast.Name(names[leaf]), path) for leaf, path in reached if leaf in names]


def _is_pattern(structure: Structure) -> bool:
    match structure:
        case Container(kind, _, _, children):
            return kind in UNPACKABLE and bool(children) and all(map(_is_pattern, children))
        case _:
            return True


def _pattern(structure: Structure, names: Mapping[int, str]) -> ast.expr:
    match structure:
        case Leaf(index):
            return ast.Name(names.get(index, "_"))
        case Container(children=children):
            return ast.Tuple([_pattern(child, names) for child in children])
        case Fixed():
            return ast.Name("_")


def paths(source: ast.expr, structure: Structure, module: ModuleNames) -> Iterator[tuple[int, ast.expr]]:
    """Each leaf and how it is reached: `params["layers"][2].W`."""
    match structure:
        case Leaf(index):
            yield index, source
        case Container(kind, _, keys, children):
            for key, child in zip(keys, children, strict=True):
                yield from paths(part_of_source(source, kind, key, module), child, module)


def part_of_source(source: ast.expr, kind: ContainerKind, key: object, module: ModuleNames) -> ast.expr:
    """How one part of a container is reached."""
    if kind in ATTRIBUTES:
        assert isinstance(key, str)
        return ast.Attribute(source, key)
    return ast.Subscript(source, key_source(key, module))


def key_source(key: object, module: ModuleNames) -> ast.expr:
    """A dict key or position: a literal where one says it, else the very object, as of an enum or a class."""
    if _is_literal(key):
        return ast.parse(repr(key), mode="eval").body
    if type(key) is tuple and key:
        return ast.Tuple([key_source(item, module) for item in key])
    return module.object(key, "key")


def _is_literal(key: object) -> bool:
    if type(key) is tuple:
        return all(map(_is_literal, key))
    return type(key) in LITERAL_KEYS or (type(key) is float and math.isfinite(key))


def leaf_hints(name: str, structure: Structure) -> Iterator[tuple[int, str]]:
    """A name for each leaf that has none: its key or attribute, else the parameter's with a number."""
    match structure:
        case Leaf(index):
            yield index, name
        case Container(keys=keys, children=children):
            for key, child in zip(keys, children, strict=True):
                named = isinstance(key, str) and key.isidentifier()
                yield from leaf_hints(str(key) if named else f"{name}_{key_text(key)}", child)


def build(structure: Structure, leaf: Build, names: ModuleNames) -> ast.expr:
    """The expression of a container of these leaves."""
    match structure:
        case Leaf(index):
            return leaf(index)
        case Fixed(value):
            return static(value, names)
        case Container(kind, type_, keys, children):
            parts = [build(child, leaf, names) for child in children]
            return _container(kind, type_, keys, parts, names)


def _container(
    kind: ContainerKind, type_: type, keys: tuple[object, ...], parts: list[ast.expr], names: ModuleNames
) -> ast.expr:
    match kind:
        case ContainerKind.TUPLE:
            return ast.Tuple(parts)
        case ContainerKind.LIST:
            return ast.List(parts)
        case ContainerKind.DICT:
            return ast.Dict([key_source(key, names) for key in keys], parts)
        case ContainerKind.NAMED_TUPLE:
            return ast.Call(names.object(type_, "Result"), parts, [])
        case ContainerKind.DATACLASS if _holds_what_it_is_given(type_, keys):
            named = [ast.keyword(str(key), part) for key, part in zip(keys, parts, strict=True)]
            return ast.Call(names.object(type_, "Result"), [], named)
        case _:
            attributes = ast.Dict([key_source(key, names) for key in keys], parts)
            maker = names.dotted("gradscribe.runtime.objects.with_attributes")
            return ast.Call(maker, [names.object(type_, "Result"), attributes], [])


def _holds_what_it_is_given(type_: Any, keys: tuple[object, ...]) -> bool:
    """A dataclass whose call stores its arguments, and does nothing else."""
    names = {field.name for field in dataclasses.fields(type_) if field.init}
    is_generated = type_.__init__.__code__.co_filename == GENERATED and not hasattr(type_, "__post_init__")
    stores = type_.__dataclass_params__.frozen or type_.__setattr__ is object.__setattr__
    return is_generated and stores and type_.__new__ is object.__new__ and names == set(keys)
