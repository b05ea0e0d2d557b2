"""Searching lists, and heaps in lists (`heapq`), in Python, lowered as user functions are.

In:  lists.   Out: the positions, items and orders that Python gives.
Not here: other methods of lists (frontend/container_methods.py).
"""

from __future__ import annotations

import copy
from typing import Any


def at_run_time(items: Any) -> None:
    """Nothing in Python; the compiler takes the list as data of run time from here on."""


def deep_copies(items: Any) -> Any:
    """What `copy.deepcopy` makes of a list; of one that holds an object twice nothing is written to."""
    return [copy.deepcopy(item) for item in items]


def same(one: Any, other: Any) -> bool:
    """They are one object; Python asks that before it asks whether they are equal."""
    return one is other


def index(items: Any, value: Any, start: Any = 0) -> Any:
    """The position of the first item that equals `value`."""
    for place in range(start, len(items)):
        item = items[place]
        if same(item, value) or item == value:
            return place
    raise ValueError("the value is not in the list")


def count(items: Any, value: Any) -> Any:
    """How many items equal `value`."""
    found = 0
    for item in items:
        if same(item, value) or item == value:
            found += 1
    return found


def remove(items: Any, value: Any) -> None:
    """Take out the first item that equals `value`."""
    items.pop(index(items, value))


def heappush(heap: Any, item: Any) -> None:
    """Add an item, which rises to its place."""
    at_run_time(heap)
    heap.append(item)
    _rise(heap, 0, len(heap) - 1)


def heappop(heap: Any) -> Any:
    """Take the least item: the last one goes to the top and sinks."""
    at_run_time(heap)
    last = heap.pop()
    if len(heap) == 0:
        return last
    least = heap[0]
    heap[0] = last
    _sink(heap, 0)
    return least


def heapreplace(heap: Any, item: Any) -> Any:
    """Take the least item, then add another one."""
    at_run_time(heap)
    least = heap[0]
    heap[0] = item
    _sink(heap, 0)
    return least


def heappushpop(heap: Any, item: Any) -> Any:
    """Add an item, then take the least."""
    at_run_time(heap)
    if len(heap) > 0 and heap[0] < item:
        return heapreplace(heap, item)
    return item


def heapify(heap: Any) -> None:
    """Put a list in the order of a heap, from its last parent to the top."""
    at_run_time(heap)
    for place in range(len(heap) // 2 - 1, -1, -1):
        _sink(heap, place)


def nsmallest(n: Any, iterable: Any, key: Any = None) -> Any:
    """The least items in order."""
    return sorted(iterable, key=key)[:n]


def nlargest(n: Any, iterable: Any, key: Any = None) -> Any:
    """The greatest items in order."""
    return sorted(iterable, key=key, reverse=True)[:n]


def merge(*rows: Any, key: Any = None, reverse: Any = False) -> Any:
    """The items of lists in order, each of which is in order: the lesser of two that come next."""
    found = list(rows[0]) if rows else []
    for row in rows[1:]:
        found = _merged(found, list(row), key, reverse)
    return iter(found)


def _merged(left: Any, right: Any, key: Any, reverse: Any) -> Any:
    if len(left) == 0:
        return right
    if len(right) == 0:
        return left
    at_run_time(left)
    at_run_time(right)
    found: Any = []
    i = 0
    j = 0
    while i < len(left) and j < len(right):
        one = left[i] if key is None else key(left[i])
        two = right[j] if key is None else key(right[j])
        if (one < two) if reverse else (two < one):
            found.append(right[j])
            j = j + 1
        else:
            found.append(left[i])
            i = i + 1
    found.extend(left[i:])
    found.extend(right[j:])
    return found


def _rise(heap: Any, top: Any, place: Any) -> None:
    """Parents that are greater than the item at `place` come down, as far as `top`."""
    item = heap[place]
    going = place > top
    while going:
        parent = (place - 1) // 2
        if item < heap[parent]:
            heap[place] = heap[parent]
            place = parent
            going = place > top
        else:
            going = False
    heap[place] = item


def _sink(heap: Any, place: Any) -> None:
    """The lesser child comes up, down to a leaf; then the item rises again, as `heapq` has it."""
    top = place
    item = heap[place]
    child = 2 * place + 1
    while child < len(heap):
        if child + 1 < len(heap) and not heap[child] < heap[child + 1]:
            child = child + 1
        heap[place] = heap[child]
        place = child
        child = 2 * place + 1
    heap[place] = item
    _rise(heap, top, place)
