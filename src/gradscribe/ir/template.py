"""Attributes that hold placeholders: filling them, finding them, comparing them.

In:  a template (nested tuples, lists, dicts, slices with `Input`s).   Out: the same nesting with other leaves.
Not here: what a given attribute means (ops/).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from types import NoneType
from typing import Any

from gradscribe.ir.graph import Input


def map_template(template: object, function: Callable[[Input], object]) -> Any:
    """The template with each `Input` replaced by `function(input)`."""
    match template:
        case Input():
            return function(template)
        case tuple():
            return tuple(map_template(item, function) for item in template)
        case list():
            return [map_template(item, function) for item in template]
        case dict():
            return {key: map_template(item, function) for key, item in template.items()}
        case slice():
            parts = (template.start, template.stop, template.step)
            return slice(*(map_template(part, function) for part in parts))
        case _:
            return template


def fill(template: object, values: Sequence[object]) -> Any:
    """The template with each placeholder replaced by the value at its position."""
    return map_template(template, lambda item: values[item.position])


def shift(template: object, by: int) -> Any:
    """The template with every position moved, as when inputs are put before the others."""
    return map_template(template, lambda item: Input(item.position + by))


def inputs_in(template: object) -> Iterator[int]:
    """Positions that occur, from left to right."""
    found: list[int] = []
    map_template(template, lambda item: found.append(item.position))
    yield from found


# Most attributes are of these types, and equal where they are the same.
PLAIN = frozenset({bool, int, str, NoneType})


def freeze(template: object) -> Hashable:
    """A hashable key: equal for equal templates, and it tells 1 from 1.0 from True."""
    if type(template) in PLAIN:
        return (type(template).__name__, template)
    match template:
        case tuple() | list():
            return (type(template).__name__, *(freeze(item) for item in template))
        case Mapping():
            return ("dict", *((key, freeze(item)) for key, item in template.items()))
        case slice():
            return ("slice", freeze(template.start), freeze(template.stop), freeze(template.step))
        case float() | complex():
            return (type(template).__name__, repr(template))
        case _:
            try:
                hash(template)
            except TypeError:
                return ("id", id(template))
            return (type(template).__name__, template)
