"""Which arrays that a loop carries share memory with others.

`q = x[i]` in a loop makes `q`, in the next iteration and after the loop, a view of `x`: what is written to `x`
then changes `q`. The body is lowered again knowing which carried arrays may be parts of arrays that it writes, and
after the loop each object may be one of those that an iteration leaves.

In:  what is carried, before the loop and at the end of an iteration.   Out: sharers.
Not here: variables that are written while others may be the same array (loop_aliases.py), what a write does to
sharers (storage.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.leaves import Key
from gradscribe.frontend.loop_parts import Body, State
from gradscribe.frontend.state import ActiveLoop, Lowering
from gradscribe.frontend.storage import joined_roots, share
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeUnbound,
    TupleValue,
)

Heap = Mapping[Cell, object]


def share_inside(run: Lowering, memory: LoopMemory, state: State) -> None:
    """Record what earlier attempts found the carried arrays to be parts of."""
    carried = state.slots.carried
    for written, key in memory.aliases:
        source = (
            written if isinstance(written, Cell) else carried[written].inner if written in carried else None
        )
        if source is not None and key in carried:
            run.sharers.setdefault(source, []).append(carried[key].inner)


def learn_aliases(run: Lowering, memory: LoopMemory, state: State, body: Body, first_inside: int) -> bool:
    """Note the carried arrays that may be parts of what the body writes; False if there are new ones."""
    found: dict[tuple[Cell | Key, Key], None] = {}
    for key in state.slots.carried:
        for root in _outside(state, key):
            before = state.contents.get(root, run.heap.get(root))
            if root.serial < first_inside and body.heap.get(root) is not before:
                found[root, key] = None
        for other in _twins(state, key):
            if state.slots.carried[other].inner in body.heap:
                found[other, key] = None
    known = len(memory.aliases)
    memory.aliases.update(found)
    return len(memory.aliases) == known


def _outside(state: State, key: Key) -> Iterator[ArrayCell]:
    """The arrays that a carried one may be a part of in some iteration."""
    carried = state.slots.carried
    by_cell = {item.inner: other for other, item in carried.items()}
    pending, seen = [key], {key}
    while pending:
        current = carried[pending.pop()]
        for root in current.entry | current.end:
            other = by_cell.get(root)  # type: ignore[call-overload]
            if other is None and isinstance(root, ArrayCell):
                yield root
            elif other is not None and other not in seen:
                seen.add(other)
                pending.append(other)


def _twins(state: State, key: Key) -> Iterator[Key]:
    """Variables that may be the array which a container holds at this place."""
    carried = state.slots.carried
    mine = carried[key]
    if not mine.inner.frozen:
        return
    for other, item in carried.items():
        if not item.inner.frozen and (mine.entry & item.entry or mine.end & item.end):
            yield other


def share_after(run: Lowering, loop: ActiveLoop, found: object, *ways: tuple[object, Heap]) -> None:
    """Record that an object may be one of others, and what it holds what they hold.

    Args:
        run: the lowering.
        loop: the loop that leaves it.
        found: the object, or the content of one.
        ways: the others, each with the heap in which it is that.
    """
    values = [value.value if isinstance(value, MaybeUnbound) else value for value, _ in ways]
    found = found.value if isinstance(found, MaybeUnbound) else found
    if any(found is value for value in values) or (isinstance(found, ArrayCell) and found.view is not None):
        return
    if isinstance(found, Cell):
        found.roots = joined_roots(found, *(value for value in values if isinstance(value, Cell)))
        share(run, found)
        found.left_by = loop
    heaps = [heap for _, heap in ways]
    held = [parts_of_content(value, heap) for value, heap in zip(values, heaps, strict=True)]
    for key, part in parts_of_content(found, run.heap).items():
        inner = [(parts[key], heap) for parts, heap in zip(held, heaps, strict=True) if key in parts]
        share_after(run, loop, part, *inner)


def parts_of_content(value: object, heap: Heap) -> Mapping[object, Abstract]:
    """What a container or its content holds, by place."""
    if isinstance(value, ListCell | DictCell | InstanceCell):
        value = heap.get(value, value.initial)
    if isinstance(value, TupleValue):
        value = value.items
    if isinstance(value, tuple):
        return dict(enumerate(value))
    return value if isinstance(value, Mapping) else {}
