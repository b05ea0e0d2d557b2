"""Values known at compile time as Python expressions: numbers, dtypes, templates of arguments and indices.

In:  literals and templates.   Out: `ast` expressions.
Not here: values known at run time (expressions.py).
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from types import EllipsisType

import numpy as np

from gradscribe.codegen.module_names import ModuleNames
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Input

Fill = Callable[[int], ast.expr]


def number(value: complex, names: ModuleNames) -> ast.expr:
    """A Python number, such that evaluating the text gives the same bits."""
    if isinstance(value, complex):
        if value.real == 0 and math.copysign(1.0, value.real) > 0 and math.isfinite(value.imag):
            return _signed(value.imag, lambda size: ast.Constant(complex(0.0, size)))
        return ast.Call(ast.Name("complex"), [number(value.real, names), number(value.imag, names)], [])
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            return names.numpy("nan")
        infinite = names.numpy("inf")
        return infinite if value > 0 else ast.UnaryOp(ast.USub(), infinite)
    if isinstance(value, bool):
        return ast.Constant(value)
    return _signed(value, ast.Constant)


def _signed(value: float, make: Callable[[float], ast.expr]) -> ast.expr:
    """Negative literals are an operation in Python, which matters beside `**`."""
    if value < 0 or (value == 0 and math.copysign(1.0, value) < 0):
        return ast.UnaryOp(ast.USub(), make(-value))
    return make(value)


def static(value: object, names: ModuleNames, hint: str = "value") -> ast.expr:
    """A static value: by its text where it has one, else by a name in the namespace."""
    match value:
        case None | str() | bytes():
            return ast.Constant(value)
        case EllipsisType():
            return ast.Constant(...)
        case np.generic():
            return ast.Call(names.numpy(value.dtype.name), [static(value.item(), names)], [])
        case bool() | int() | float() | complex():
            return number(value, names)
        case np.dtype():
            return _dtype(value, names)
        case type() if issubclass(value, np.generic):
            return _dtype(np.dtype(value), names)
        case np.ufunc(__name__=name) if getattr(np, name, None) is value:
            return names.numpy(name)
        case set():
            # The user's own may be changed between calls.
            return names.object(set(value), hint)
        case _:
            return names.object(value, hint)


def _dtype(dtype: np.dtype, names: ModuleNames) -> ast.expr:
    if hasattr(np, dtype.name) and np.dtype(dtype.name) == dtype:
        return names.numpy("bool_" if dtype.name == "bool" else dtype.name)
    return ast.Call(names.numpy("dtype"), [ast.Constant(dtype.str)], [])


def template(item: object, fill: Fill, names: ModuleNames, hint: str = "value") -> ast.expr:
    """A template of arguments, its inputs filled in."""

    def inner(part: object) -> ast.expr:
        return template(part, fill, names, hint)

    match item:
        case Input(position):
            return fill(position)
        case GraphReference(name):
            return ast.Name(names.graphs[name])
        case tuple() if type(item) is tuple:
            return ast.Tuple([inner(part) for part in item])
        case list():
            return ast.List([inner(part) for part in item])
        case dict():
            return ast.Dict([static(key, names) for key in item], [inner(part) for part in item.values()])
        case slice():
            parts = (item.start, item.stop, item.step)
            return ast.Call(ast.Name("slice"), [inner(part) for part in parts], [])
        case _:
            return static(item, names, hint)


def index(item: object, fill: Fill, names: ModuleNames) -> ast.expr:
    """An index template between brackets: `1:n, ..., i`."""
    assert isinstance(item, tuple)
    parts = [_index_part(part, fill, names) for part in item]
    return parts[0] if len(parts) == 1 else ast.Tuple(parts)


def _index_part(part: object, fill: Fill, names: ModuleNames) -> ast.expr:
    if isinstance(part, slice):
        bounds = (part.start, part.stop, part.step)
        lower, upper, step = (None if b is None else template(b, fill, names) for b in bounds)
        return ast.Slice(lower, upper, step)
    return template(part, fill, names, "index")
