"""All entries, found by name and by the object the user's code refers to.

In:  the entry modules.   Out: `lookup`, `find_callable`, `find_method`, `find_attribute`, `find_operator`.
"""

from __future__ import annotations

import importlib
import sys
from functools import cache

from gradscribe.ops.spec import OpSpec, Spelling, SpellingKind

ENTRY_MODULES = (
    "arithmetic",
    "elementwise",
    "selection",
    "reductions",
    "contraction",
    "shaping",
    "indexing",
    "creation",
    "sequences",
    "structural",
    "effects",
)


@cache
def table() -> dict[str, OpSpec]:
    """Every entry by name."""
    entries: dict[str, OpSpec] = {}
    for module_name in ENTRY_MODULES:
        module = importlib.import_module(f"gradscribe.ops.{module_name}")
        for spec in module.OPERATIONS:
            assert spec.name not in entries, spec.name
            entries[spec.name] = spec
    return entries


def lookup(name: str) -> OpSpec:
    """The entry of this name."""
    return table()[name]


@cache
def _by_callable() -> dict[int, tuple[OpSpec, Spelling, object]]:
    found: dict[int, tuple[OpSpec, Spelling, object]] = {}
    for spec in table().values():
        for spelling in spec.spellings:
            if spelling.kind is SpellingKind.FUNCTION:
                target = resolve(spelling.name)
                if target is not None:
                    found.setdefault(id(target), (spec, spelling, target))
    return found


@cache
def _by_name(kind: SpellingKind) -> dict[str, tuple[OpSpec, Spelling]]:
    return {
        spelling.name: (spec, spelling)
        for spec in table().values()
        for spelling in spec.spellings
        if spelling.kind is kind
    }


def resolve(dotted: str) -> object | None:
    """The object a spelling names, or None where its library is not loaded (then nobody can refer to it)."""
    module_name, *rest = dotted.split(".")
    module: object = sys.modules.get(module_name)
    path = rest
    for end in range(len(rest) - 1, 0, -1):
        candidate = sys.modules.get(".".join([module_name, *rest[:end]]))
        if candidate is not None:
            module, path = candidate, rest[end:]
            break
    for name in path:
        module = getattr(module, name, None)
    return module


def find_callable(target: object) -> tuple[OpSpec, Spelling] | None:
    """The operation that this very object means, by identity."""
    entry = _by_callable().get(id(target))
    return entry[:2] if entry is not None and entry[2] is target else None


def find_method(name: str) -> tuple[OpSpec, Spelling] | None:
    """The operation of a method of arrays and scalars."""
    return _by_name(SpellingKind.METHOD).get(name)


def find_attribute(name: str) -> tuple[OpSpec, Spelling] | None:
    """The operation of an attribute of arrays and scalars."""
    return _by_name(SpellingKind.ATTRIBUTE).get(name)


def find_operator(symbol: str) -> tuple[OpSpec, Spelling]:
    """The operation of an operator: '+', '-x', 'x[]'."""
    return _by_name(SpellingKind.OPERATOR)[symbol]
