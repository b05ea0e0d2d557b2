"""Which arrays that a loop hands on may be one array after the same number of iterations.

`c = a; a = b` hands `b` on to `a` and `a` on to `c`: what two variables are is followed back through equally many
iterations, until both come from one object, or from one that was there before the loop.

In:  what is carried, with what it may be before the loop and at the end of an iteration.   Out: answers.
Not here: what follows from them (loop_sharing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from gradscribe.frontend.leaves import Carried, Key
from gradscribe.frontend.values import Cell

Roots = frozenset[Cell]


class Identities:
    """What the carried arrays of one attempt at a loop may be.

    Args:
        carried: the arrays.
        first_inside: objects with a smaller serial number were there before the loop.
    """

    def __init__(self, carried: Mapping[Key, Carried], first_inside: int) -> None:
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

    def may_be_one(self, one: Roots, two: Roots) -> bool:
        """Whether two things may be one object, given what they are at the end of an iteration."""
        pending, seen = [(one, two)], {(one, two)}
        while pending:
            left, right = pending.pop()
            if left & right or self._meet_outside(left, right) or self._meet_outside(right, left):
                return True
            for a, b in product(self._handed_on(left), self._handed_on(right)):
                if a.entry & b.entry:
                    return True
                pair = (a.end, b.end)
                if pair not in seen:
                    seen.add(pair)
                    pending.append(pair)
        return False

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
