"""Zeros and sums of numbers, arrays and nested lists of them.

In:  what generated code holds at run time.   Out: the same nesting.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def zeros_like(value: Any) -> Any:
    """Zero of the same kind: a float for a float, a NumPy scalar for one, an array for one, lists item by item.

    What does not exist has no zero, nor has text or what keeps keys: None for them.
    """
    if value is None or isinstance(value, str | dict | set):
        return None
    if isinstance(value, list | tuple):
        return type(value)(zeros_like(item) for item in value)
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    return type(value)(0)


def copy_lists(items: Any) -> Any:
    """A copy of a list and of the lists inside it."""
    return [copy_lists(item) for item in items] if isinstance(items, list) else items


def copy_parts(value: Any) -> Any:
    """A copy of a tuple with copies of the arrays and lists in it; None for None.

    >>> first, second = np.zeros(2), 1.5
    >>> copied = copy_parts((first, second))
    >>> copied[0] is first, copied[1] is second
    (False, True)
    """
    if isinstance(value, tuple):
        return tuple(map(copy_parts, value))
    return value.copy("K") if isinstance(value, np.ndarray) else copy_lists(value)


def add_lists(left: Any, right: Any) -> Any:
    """The sum of two nestings of lists, number by number; an empty list is zero for one of any length.

    What does not exist is None, and so is its sum with a zero.
    """
    if left is None or right is None:
        return right if left is None else left
    if isinstance(left, list | tuple):
        if not left or not right:
            return type(left)(left or right)
        return type(left)(add_lists(a, b) for a, b in zip(left, right, strict=True))
    return left + right


def unstack_list(array: Any, axis: int = 0, depth: int = 1) -> Any:
    """The entries of an array along an axis as a list; with `depth`, each of them as a list of its entries."""
    entries = list(np.moveaxis(array, axis, 0))
    return entries if depth == 1 else [unstack_list(entry, 0, depth - 1) for entry in entries]


def split_like(array: Any, items: list[Any], axis: int = 0) -> list[Any]:
    """The array cut along an axis into parts as long as the items."""
    if not items:
        return []
    lengths = [np.shape(item)[axis] for item in items]
    parts = np.split(array, np.cumsum(lengths)[:-1], axis=axis)
    return [_nested_like(part, item) for part, item in zip(parts, items, strict=True)]


def _nested_like(part: Any, item: Any) -> Any:
    """The array as a list of its entries, where the item is a list, at each of its levels."""
    if not isinstance(item, list):
        return part
    return [_nested_like(*pair) for pair in zip(part, item, strict=True)]
