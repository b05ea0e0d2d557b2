"""Looking into lists, comparing them, and `bisect`, in Python, lowered as user functions are.

In:  lists.   Out: what Python gives.
Not here: heaps and other methods of lists (lists.py).
"""

from __future__ import annotations

from typing import Any

from gradscribe.ops.written.lists import at_run_time, same


def contains(items: Any, value: Any) -> Any:
    """Whether an item equals `value`."""
    for item in items:
        if same(item, value) or item == value:
            return True
    return False


def equal(left: Any, right: Any) -> Any:
    """Whether two lists have equal items."""
    if same(left, right):
        return True
    if len(left) != len(right):
        return False
    for place in range(len(left)):
        if not same(left[place], right[place]) and left[place] != right[place]:
            return False
    return True


def to_list(array: Any) -> Any:
    """ndarray.tolist: Python numbers, in a list for each dimension."""
    if array.ndim == 0:
        return array.item()
    if array.ndim == 1:
        return [part.item() for part in array]
    return [to_list(part) for part in array]


def bisect_left(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    """The first place where `x` can be inserted into an ordered list."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    if isinstance(a, tuple):
        a = list(a)
    at_run_time(a)
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        item = a[middle] if key is None else key(a[middle])
        if item < x:
            lo = middle + 1
        else:
            hi = middle
    return lo


def bisect_right(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> Any:
    """The last place where `x` can be inserted into an ordered list."""
    if lo < 0:
        raise ValueError("lo must be non-negative")
    if isinstance(a, tuple):
        a = list(a)
    at_run_time(a)
    if hi is None:
        hi = len(a)
    while lo < hi:
        middle = (lo + hi) // 2
        item = a[middle] if key is None else key(a[middle])
        if x < item:
            hi = middle
        else:
            lo = middle + 1
    return lo


def insort_left(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    """Insert `x` before items that equal it."""
    a.insert(bisect_left(a, x if key is None else key(x), lo, hi, key=key), x)


def insort_right(a: Any, x: Any, lo: Any = 0, hi: Any = None, *, key: Any = None) -> None:
    """Insert `x` after items that equal it."""
    a.insert(bisect_right(a, x if key is None else key(x), lo, hi, key=key), x)
