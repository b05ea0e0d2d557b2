"""Lowered functions are evaluated and compared with the functions themselves, bit for bit."""

from __future__ import annotations

import copy
import dataclasses
from types import CellType
from typing import Any

import numpy as np

from gradscribe.frontend.arguments import read_arguments
from gradscribe.frontend.lower import Lowered, lower
from gradscribe.frontend.structure import StructureReader
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Hidden, Leaf, Structure
from gradscribe.ir.verify import verify
from gradscribe.ops.execute import execute


def lowered(function: Any, *args: Any, **kwargs: Any) -> Lowered:
    """The verified program of a function for these arguments."""
    found = lower(function, read_arguments(function, args, kwargs))
    verify(found.program)
    return found


def value_of(found: Lowered, function: Any, *args: Any, **kwargs: Any) -> Any:
    """What the program computes."""
    values = list(read_arguments(function, copy.deepcopy(args), copy.deepcopy(kwargs)).leaf_values or ())
    for hidden in found.program.entry.signature.hidden:
        reader = StructureReader()
        reader.read(read_hidden(hidden), hidden.name)
        values += reader.values
    results = evaluate(found.program, values, execute)
    return rebuilt(found.program.entry.signature.result, results)


def read_hidden(hidden: Hidden) -> object:
    """The value of a global, closure variable or attribute now."""
    if isinstance(hidden.scope, dict):
        return hidden.scope[hidden.key]
    if isinstance(hidden.scope, CellType):
        return hidden.scope.cell_contents
    return getattr(hidden.scope, str(hidden.key))


def rebuilt(structure: Structure, leaves: Any) -> Any:
    """The result as the user's function returns it."""
    match structure:
        case Leaf(index):
            return leaves[index]
        case Fixed(value=value):
            return value
        case Container(kind, type_, keys, children):
            items = [rebuilt(child, leaves) for child in children]
            match kind:
                case ContainerKind.TUPLE:
                    return tuple(items)
                case ContainerKind.LIST:
                    return items
                case ContainerKind.DICT:
                    return dict(zip(keys, items, strict=True))
                case ContainerKind.NAMED_TUPLE:
                    return type_(*items)
                case _:
                    made = object.__new__(type_)
                    for key, item in zip(keys, items, strict=True):
                        object.__setattr__(made, str(key), item)
                    return made


def parts(value: Any) -> list[Any]:
    """Numbers, arrays and other leaves, in order."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        return [part for item in value for part in parts(item)]
    return [value]


def assert_same(function: Any, *args: Any, **kwargs: Any) -> Lowered:
    """The program computes exactly what the function computes, of the same types."""
    found = lowered(function, *args, **kwargs)
    got = parts(value_of(found, function, *args, **kwargs))
    expected = parts(function(*copy.deepcopy(args), **copy.deepcopy(kwargs)))
    assert len(expected) == len(got)
    for wanted, given in zip(expected, got, strict=True):
        assert type(wanted) is type(given), (wanted, given)
        if isinstance(wanted, np.ndarray | np.generic):
            assert wanted.dtype == given.dtype
            np.testing.assert_array_equal(given, wanted)
        else:
            assert wanted == given or wanted != wanted
    return found
