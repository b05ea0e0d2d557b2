"""Functions that move elements: orders, repeats, joins, positions out of range.

In:  what users pass.   Out: the very values that NumPy gives, by simpler calls.
Not here: the entries that name these functions (ops/).
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

# The stubs of older versions of NumPy do not know all their parameters.
SORT: Any = np.sort
ARGSORT: Any = np.argsort


def reshape(x: Any, shape: Any, order: str = "C") -> Any:
    """Reading and writing columns first is reading and writing rows first of the transpose."""
    lengths = (shape,) if isinstance(shape, int) else tuple(shape)
    return np.transpose(np.reshape(np.transpose(x), lengths[::-1]))


def ravel(x: Any, order: str = "C") -> Any:
    """Columns first."""
    return np.ravel(np.transpose(x))


def flatten(x: Any, order: str = "C") -> Any:
    """Columns first."""
    return np.transpose(x).flatten()


def take(x: Any, indices: Any, axis: Any = None, mode: str = "raise") -> Any:
    """Positions out of range go round, or stop at the ends."""
    length = x.size if axis is None else x.shape[axis]
    places = indices if isinstance(indices, int) else np.asarray(indices)
    inside = np.mod(places, length) if mode == "wrap" else np.clip(places, 0, length - 1)
    return np.take(x, inside, axis)


def concatenate(arrays: Any, axis: Any = 0, dtype: Any = None) -> Any:
    """Flat arrays where there is no axis, all of one dtype where it is given."""
    parts = arrays if dtype is None else [np.asarray(part).astype(dtype) for part in arrays]
    if axis is None:
        return np.concatenate([np.ravel(part) for part in parts])
    return np.concatenate(parts, axis)


def stack(arrays: Any, axis: int = 0, dtype: Any = None) -> Any:
    """All of one dtype."""
    return np.stack([np.asarray(part).astype(dtype) for part in arrays], axis)


def array(arrays: Any, dtype: Any = None, ndmin: int = 0) -> Any:
    """New axes come in front."""
    made = np.array(arrays, dtype)
    return np.reshape(made, (1,) * (ndmin - made.ndim) + made.shape) if made.ndim < ndmin else made


def item(x: Any, *args: Any) -> Any:
    """Of the flat array, or at an index of all axes, in numbers or in a tuple."""
    if len(args) != 1:
        return x[args].item()
    return x[args[0]].item() if isinstance(args[0], tuple) else np.ravel(x)[args[0]].item()


def vstack(arrays: Any, dtype: Any = None) -> Any:
    """All of one dtype."""
    return np.vstack([np.asarray(part).astype(dtype) for part in arrays])


def hstack(arrays: Any, dtype: Any = None) -> Any:
    """All of one dtype."""
    return np.hstack([np.asarray(part).astype(dtype) for part in arrays])


def sort(x: Any, axis: None = None, kind: Any = None, stable: Any = None, descending: Any = None) -> Any:
    """The flat array where there is no axis."""
    return SORT(np.ravel(x), kind=kind, stable=stable, descending=descending)


def argsort(x: Any, axis: None = None, kind: Any = None, stable: Any = None, descending: Any = None) -> Any:
    """Of the flat array where there is no axis."""
    return ARGSORT(np.ravel(x), kind=kind, stable=stable, descending=descending)


def searchsorted(x: Any, v: Any, side: Any = "left", sorter: Any = None) -> Any:
    """In the array that `sorter` sorts."""
    return np.searchsorted(x[sorter], v, side)


def cross(x: Any, y: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None) -> Any:
    """The vectors lie along the last axis of what is multiplied."""
    if axis is not None:
        axisa, axisb, axisc = axis, axis, axis
    product = np.cross(np.moveaxis(x, axisa, -1), np.moveaxis(y, axisb, -1))
    return np.moveaxis(product, -1, axisc)


def meshgrid(*arrays: Any, indexing: str = "xy", sparse: bool = False) -> Any:
    """Each vector along its own axis."""
    count = len(arrays)
    found = []
    for k in range(count):
        place = 1 - k if indexing == "xy" and k < 2 <= count else k
        found.append(np.reshape(arrays[k], (1,) * place + (-1,) + (1,) * (count - 1 - place)))
    return tuple(found)


def size(x: Any, axis: Any = None) -> Any:
    """The length along an axis."""
    return x.shape[axis]


def fromfunction(function: Any, shape: Any, *, dtype: Any = float, **kwargs: Any) -> Any:
    """The function of the indices along all axes at once, as arrays."""
    return function(*[part.astype(dtype) for part in np.indices(shape)], **kwargs)


def fromiter(iter: Any, dtype: Any, count: Any = -1) -> Any:
    """An array of the items of an iterator, or of so many of them."""
    items = list(iter if count == -1 else itertools.islice(iter, count))
    if len(items) < count:
        raise ValueError(f"iterator too short: Expected {count} but iterator had only {len(items)} items.")
    found = np.array(items, dtype=dtype)
    if found.ndim != 1:
        raise ValueError("setting an array element with a sequence.")
    return found
