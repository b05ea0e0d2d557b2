"""Which arrays may be one array, and which that a loop hands on after the same number of iterations.

`c = a; a = b` hands `b` on to `a` and `a` on to `c`: what two variables are is followed back through equally many
iterations, until both come from one object, or from one that was there before the loop.

Objects that one branch chooses both ways, `if flag: a, b = b, a`, are compared way by way.

In:  what is carried, with what it may be before the loop and at the end of an iteration.   Out: answers.
Not here: what follows from them (loop_sharing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import product

from gradscribe.frontend.leaves import Carried, Key
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import ArrayCell, Cell, Joined

Roots = frozenset[Cell]
Apart = Set[frozenset[Cell]]
"""Pairs of objects that surely are two."""


class Identities:
    """What the carried arrays of one attempt at a loop may be.

    Args:
        carried: the arrays.
        first_inside: objects with a smaller serial number were there before the loop.
        apart: what is known of objects.
    """

    def __init__(self, carried: Mapping[Key, Carried], first_inside: int, apart: Apart) -> None:
        self.apart = apart
        self.carried: dict[Cell, Carried] = {item.inner: item for item in carried.values()}
        self.first_inside = first_inside

    def outside(self, roots: Iterable[Cell]) -> dict[Cell, None]:
        """The objects from before the loop that things may be, however many iterations ago they were named."""
        found: dict[Cell, None] = {}
        pending = list(roots)
        seen = set(pending)
        while pending:
            root = pending.pop()
            item = self.carried.get(root)
            if item is None:
                if root.serial < self.first_inside:
                    found[root] = None
                continue
            # In an order that does not depend on addresses.
            reached = sorted((item.entry | item.end) - seen, key=lambda cell: cell.serial)
            seen.update(reached)
            pending += reached
        return found

    def may_start_as_one(self, one: Carried, two: Carried) -> bool:
        """Whether two variables may be one array when an iteration starts."""
        return self._enter_as_one(one, two) or self._may_be_one(self._ends(one, two))

    def may_be_one(self, one: Cell, two: Cell) -> bool:
        """Whether two things may be one object, given what they are at the end of an iteration."""
        return self._may_be_one(_roots(self.apart, one, two))

    def _may_be_one(self, pairs: Iterable[tuple[Roots, Roots]]) -> bool:
        pending = list(pairs)
        seen = set(pending)
        while pending:
            left, right = pending.pop()
            if left & right or self._meet_outside(left, right) or self._meet_outside(right, left):
                return True
            for a, b in product(self._handed_on(left), self._handed_on(right)):
                if self._enter_as_one(a, b):
                    return True
                new = [pair for pair in self._ends(a, b) if pair not in seen]
                seen.update(new)
                pending += new
        return False

    def _enter_as_one(self, one: Carried, two: Carried) -> bool:
        if one.first is None or two.first is None:
            return bool(one.entry & two.entry)
        return any(left & right for left, right in _roots(self.apart, one.first, two.first))

    def _ends(self, one: Carried, two: Carried) -> Iterable[tuple[Roots, Roots]]:
        if one.last is None or two.last is None:
            return [(one.end, two.end)]
        return _roots(self.apart, one.last, two.last)

    def are_handed_on(self, roots: Roots) -> bool:
        """One of them may be what a variable was before the iteration."""
        return any(root in self.carried for root in roots)

    def _handed_on(self, roots: Roots) -> list[Carried]:
        return [self.carried[root] for root in roots if root in self.carried]

    def _meet_outside(self, left: Roots, right: Roots) -> bool:
        """One of them comes, however many iterations ago, from what the other one is now."""
        fixed = {root for root in right if root.serial < self.first_inside}
        handed_on = [root for root in left if root in self.carried]
        return bool(fixed and handed_on) and not fixed.isdisjoint(self.outside(handed_on))


def _roots(apart: Apart, one: Cell, two: Cell) -> Iterator[tuple[Roots, Roots]]:
    for left, right in ways(apart, one, two):
        yield left.roots, right.roots


def ways(apart: Apart, one: Cell, two: Cell) -> Iterator[tuple[Cell, Cell]]:
    """What two things may be at the same time. Nothing where they are known to be two objects."""
    pending, seen = [(one, two)], {frozenset((one, two))}
    while pending:
        left, right = pending.pop()
        if frozenset((left, right)) in apart:
            continue
        inner = _by_branch(left, right)
        if inner is None:
            yield left, right
            continue
        new = [pair for pair in inner if frozenset(pair) not in seen]
        seen.update(map(frozenset, new))
        pending += new


def _by_branch(one: Cell, two: Cell) -> list[tuple[Cell, Cell]] | None:
    """What two things are on either way through the branch that joined the later one; None if none did."""
    left, right = _sides(one), _sides(two)
    if left is not None and right is not None and left.branch is right.branch:
        both = zip(left.sides, right.sides, strict=True)
        return [(a, b) for a, b in both if a is not None and b is not None]
    if right is not None and (left is None or two.serial > one.serial):
        return [(side, one) for side in right.sides if side is not None]
    return None if left is None else [(side, two) for side in left.sides if side is not None]


def _sides(cell: Cell) -> Joined | None:
    """What a thing is on the ways through a branch, where it became nothing else since."""
    if cell.joined is None or cell.place is not None:
        return None
    roots = frozenset[Cell]().union(*(side.roots for side in cell.joined.sides if side is not None))
    return cell.joined if roots == cell.roots else None


def may_be(run: Lowering, cell: Cell, other: Cell) -> bool:
    """Whether a write to one object may be seen in another one, which shares what it may be."""
    if not isinstance(cell, ArrayCell) or not isinstance(other, ArrayCell):
        # A list may hold the other one, too.
        return True
    if cell.joined is None and other.joined is None and frozenset((cell, other)) not in run.apart:
        return True
    pairs = ways(run.apart, cell, other)
    return any(a.roots & b.roots or shares(run, a, b) or shares(run, b, a) for a, b in pairs)


def shares(run: Lowering, one: Cell, other: Cell) -> bool:
    """The other object may be, or hold, what the first one may be."""
    sharers = (sharer for root in one.roots for sharer in run.sharers.get(root, ()))
    return any(sharer is other or sharer in other.roots for sharer in sharers)
