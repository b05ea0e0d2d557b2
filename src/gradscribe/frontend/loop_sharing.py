"""Which arrays that a loop carries share memory with others.

`q = x[i]` in a loop makes `q`, in the next iteration and after the loop, a view of `x`: what is written to `x`
then changes `q`. The body is lowered again knowing which carried arrays may be parts of arrays that it writes, and
after the loop each object may be one of those that an iteration leaves.

In:  what is carried, before the loop and at the end of an iteration.   Out: sharers.
Not here: variables that are written while others may be the same array (loop_aliases.py), what a write does to
sharers (storage.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

from gradscribe.frontend.carried_choices import site_of
from gradscribe.frontend.derived import is_read_elsewhere
from gradscribe.frontend.identities import Identities, ways
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.frontend.leaves import Key
from gradscribe.frontend.loop_parts import Body, State
from gradscribe.frontend.made_functions import parts_of_function
from gradscribe.frontend.sharers import joined_roots, share
from gradscribe.frontend.state import ActiveLoop, Lowering
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    Tainted,
    TupleValue,
    bare,
)

Heap = Mapping[Cell, object]
Way = tuple[object, Heap]


def share_inside(run: Lowering, memory: LoopMemory, state: State) -> None:
    """Record what earlier attempts found the carried arrays to be parts of."""
    carried = state.slots.carried
    for cell in state.slots.made:
        cell.handed_on = True
    for key, item in carried.items():
        item.inner.sites |= {site_of(state.slots, key)}
    for written, key in memory.aliases:
        source = (
            written if isinstance(written, Cell) else carried[written].inner if written in carried else None
        )
        if source is not None and key in carried:
            inner = carried[key].inner
            inner.sites |= memory.sites
            # What becomes of this one, by a branch say, may be the other one too.
            inner.roots |= {source}
            run.sharers.setdefault(source, []).append(inner)


def learn_aliases(run: Lowering, memory: LoopMemory, state: State, body: Body, first_inside: int) -> bool:
    """Note the carried arrays that may be parts of what the body writes; False if there are new ones."""
    found: dict[tuple[Cell | Key, Key], None] = {}
    carried = state.slots.carried
    identities = Identities(carried, first_inside, run.apart)
    written = [key for key, item in carried.items() if item.inner in body.heap]
    for key, item in carried.items():
        for root in identities.outside([item.inner]):
            before = state.contents.get(root, run.heap.get(root))
            if isinstance(root, ArrayCell) and body.heap.get(root) is not before:
                found[root, key] = None
        for other in written:
            if other != key and identities.may_start_as_one(carried[other], item):
                found[other, key] = None
    ends = (item.last.sites for item in carried.values() if item.last is not None)
    memory.sites = memory.sites.union(*ends, (site_of(state.slots, key) for key in carried))
    known = len(memory.aliases)
    memory.aliases.update(found)
    return len(memory.aliases) == known


def changed_by_entries(
    run: Lowering, state: State, body: Body, first_inside: int, exact: Collection[Cell]
) -> list[Cell]:
    """Outer arrays that a write changes by way of what holds another array in each iteration.

    Args:
        run: the lowering.
        state: what is carried.
        body: the end of an iteration.
        first_inside: serial number of the first object of the body.
        exact: carried objects of which it is known in each iteration which they are.
    """
    carried = state.slots.carried
    identities = Identities(carried, first_inside, run.apart)
    found: dict[Cell, None] = {}
    for item in carried.values():
        is_replaced = item.end != item.inner.roots
        if item.inner not in body.heap or item.inner in exact or not is_replaced:
            continue
        for root in identities.outside([item.inner]):
            found.update(dict.fromkeys((root, *run.sharers.get(root, ()))))
    return [
        cell for cell in found if cell.serial < first_inside and not isinstance(body.heap.get(cell), Tainted)
    ]


class SharingAfter:
    """Records which objects that a loop leaves may be others.

    Args:
        run: the lowering.
        loop: the loop that leaves them.
        identities: of what it carries.
        sites: branches that choose it.
    """

    def __init__(
        self, run: Lowering, loop: ActiveLoop, identities: Identities, sites: frozenset[object]
    ) -> None:
        self.sites = sites
        self.run = run
        self.loop = loop
        self.identities = identities
        self.left: list[tuple[Cell, Cell | None, Cell]] = []

    def note(self, found: object, before: Way | None, after: Way | None) -> None:
        """An object, or the content of one, may be one of two others, and what it holds what they hold.

        Args:
            found: what the loop leaves.
            before: what it is if the loop does not run, and the heap there.
            after: what it is at the end of an iteration, likewise.
        """
        ways = [(bare(way[0]), way[1]) if way is not None else None for way in (before, after)]
        values = [way[0] for way in ways if way is not None]
        found = bare(found)
        if any(found is value for value in values) or (isinstance(found, Cell) and is_read_elsewhere(found)):
            return
        if isinstance(found, Cell):
            found.roots = joined_roots(found, *(value for value in values if isinstance(value, Cell)))
            found.roots |= frozenset(self.identities.outside(found.roots))
            share(self.run, found)
            found.left_by = self.loop
            found.sites = self.sites
            if after is not None and isinstance(last := bare(after[0]), Cell):
                first = bare(before[0]) if before is not None else None
                self.left.append((found, first if isinstance(first, Cell) else None, last))
        held = [None if way is None else (parts_of_content(*way), way[1]) for way in ways]
        for key, part in parts_of_content(found, self.run.heap).items():
            inner = [(way[0][key], way[1]) if way is not None and key in way[0] else None for way in held]
            self.note(part, *inner)

    def join(self) -> None:
        """Objects that the last iteration may have left in two places share what is written to them.

        Those that can be no one object, before the loop and after an iteration, are known to be apart.
        """
        for (one, first_one, last_one), (two, first_two, last_two) in combinations(self.left, 2):
            apart = self.identities.apart
            enter = (
                first_one is None
                or first_two is None
                or any(a.roots & b.roots for a, b in ways(apart, first_one, first_two))
            )
            if not enter and not self.identities.may_be_one(last_one, last_two):
                self.run.apart.add(frozenset((one, two)))
            elif (
                self.identities.are_handed_on(last_one.roots | last_two.roots)
                and one.roots.isdisjoint(two.roots)
                and self.identities.may_be_one(last_one, last_two)
            ):
                two.roots |= {one}
                self.run.sharers.setdefault(one, []).append(two)


def hold_after(run: Lowering, identities: Identities) -> None:
    """What holds an array that an iteration finds may hold, after the loop, whatever that array was."""
    for inner in identities.carried:
        holders = run.sharers.get(inner, [])
        for root in identities.outside([inner]):
            run.sharers.setdefault(root, []).extend(holders)


def parts_of_content(value: object, heap: Heap) -> Mapping[object, Abstract]:
    """What a container or its content holds, by place."""
    if isinstance(value, ListCell | DictCell | InstanceCell):
        # What a chosen one holds was read at the end of the iteration, or before the loop.
        value = heap.get(value, value.initial)
    if isinstance(value, TupleValue):
        value = value.items
    if isinstance(value, tuple):
        return dict(enumerate(value))
    return value if isinstance(value, Mapping) else parts_of_function(value)
