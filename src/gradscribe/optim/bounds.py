"""Bounds of nested parameters, as vectors.

In:  a flattening, and a bound in the structure of the parameters.   Out: two vectors, float64[n].
Not here: constraints that join several parameters (constraints.py).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import part_of, part_path
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure
from gradscribe.optim.flattening import Flattening
from gradscribe.optim.misfit import compare, misfit, shown


def bound_vectors(flattening: Flattening, lower: Any, upper: Any) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bounds of each element.

    Args:
        flattening: of the parameters.
        lower: a number for all, or numbers and arrays in the structure of the parameters; None, or a key left
            out of a dict, is no bound.
        upper: likewise.

    Raises:
        GS350: a bound does not have the structure of the parameters.
        GS334: a lower bound lies above the upper one.
    """
    low, high = np.full(flattening.size, -np.inf), np.full(flattening.size, np.inf)
    _fill(flattening, flattening.layout.structure, lower, low, "lower")
    _fill(flattening, flattening.layout.structure, upper, high, "upper")
    if not np.all(low <= high):
        position = int(np.argmin(low <= high))
        title = (
            f"`{flattening.path_of(position)}` is bounded by {low[position]} below and {high[position]} above"
        )
        raise UsageError(Diagnostic("GS334", title, fix="swap them"))
    return low, high


def check_within(flattening: Flattening, x: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    """Demand that the search begins within the bounds.

    Raises:
        GS334: it does not.
    """
    inside = (low <= x) & (x <= high)
    if inside.all():
        return
    position = int(np.argmin(inside))
    path, value = flattening.path_of(position), x[position]
    if np.isnan(value):
        raise UsageError(Diagnostic("GS334", f"`{path}` starts at {value}", fix="start at a number"))
    title = f"`{path}` starts at {value}, outside its bounds {low[position]} and {high[position]}"
    raise UsageError(Diagnostic("GS334", title, fix="start within the bounds"))


def _fill(flattening: Flattening, structure: Structure, bound: Any, vector: np.ndarray, path: str) -> None:
    match structure:
        case _ if bound is None:
            return
        case Fixed():
            raise misfit(path, "bounds what is not a number")
        case Leaf(index):
            _fill_leaf(flattening, index, bound, vector, path)
        case Container(kind, type_, keys, children):
            if isinstance(bound, int | float | np.generic):
                for child in children:
                    if not isinstance(child, Fixed):
                        _fill(flattening, child, bound, vector, path)
                return
            present = {key: None for key in keys} | bound if isinstance(bound, dict) else bound
            compare(kind, type_, keys, present, path)
            for position, (key, child) in enumerate(zip(keys, children, strict=True)):
                part = part_of(kind, present, position, key)
                _fill(flattening, child, part, vector, part_path(kind, path, key))


def _fill_leaf(flattening: Flattening, index: int, bound: Any, vector: np.ndarray, path: str) -> None:
    wanted = flattening.shapes[index]
    try:
        spread = np.broadcast_to(np.asarray(bound).astype(np.float64, casting="same_kind"), wanted)
    except (TypeError, ValueError):
        raise misfit(path, f"is {shown(bound)}, but the parameter has the shape {wanted}") from None
    if np.isnan(spread).any():
        raise UsageError(Diagnostic("GS334", f"the bound `{path}` is nan", fix="pass None for no bound"))
    vector[flattening.offsets[index] : flattening.offsets[index + 1]] = spread.ravel()
