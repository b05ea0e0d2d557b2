"""A set whose items are known at run time only, in Python, lowered as user classes are.

In:  what users put in.   Out: objects that behave as sets do.
Not here: which sets are made so, and what the functions without a body are (frontend/sets.py).
"""

from __future__ import annotations

from typing import Any


def add_to_set(owner: Any, item: Any) -> None:
    """`owner.held.add(item)`."""


def discard_from_set(owner: Any, item: Any) -> None:
    """`owner.held.discard(item)`."""


def remove_from_set(owner: Any, item: Any) -> None:
    """`owner.held.remove(item)`."""


def clear_set(owner: Any) -> None:
    """`owner.held.clear()`."""


def pop_from_set(owner: Any) -> Any:
    """`owner.held.pop()`."""


def set_has(owner: Any, item: Any) -> Any:
    """`item in owner.held`."""


def set_size(owner: Any) -> Any:
    """`len(owner.held)`."""


def list_of_set(owner: Any) -> Any:
    """`list(owner.held)`."""


def copy_of_set(owner: Any) -> Any:
    """`owner.held.copy()`, as such an object."""


def joined_sets(left: Any, right: Any, symbol: Any) -> Any:
    """`left.held <symbol> right.held`, as such an object."""


def compare_sets(left: Any, right: Any, symbol: Any) -> Any:
    """`left.held <symbol> right.held`."""


def change_set(left: Any, right: Any, symbol: Any) -> None:
    """`left.held <symbol>= right.held`."""


class RunTimeSet:
    """A set: `held` is Python's own."""

    def add(self, item: Any) -> None:
        """Put in an item."""
        add_to_set(self, item)

    def discard(self, item: Any) -> None:
        """Take out an item, if it is there."""
        discard_from_set(self, item)

    def remove(self, item: Any) -> None:
        """Take out an item."""
        remove_from_set(self, item)

    def clear(self) -> None:
        """Take out all items."""
        clear_set(self)

    def pop(self) -> Any:
        """Take out the item that comes first."""
        return pop_from_set(self)

    def copy(self) -> Any:
        """Another set of the same items."""
        return copy_of_set(self)

    def __copy__(self) -> Any:
        return copy_of_set(self)

    def __deepcopy__(self, memo: Any) -> Any:
        return copy_of_set(self)

    def update(self, *others: Any) -> None:
        """Put in the items of others."""
        for other in others:
            if isinstance(other, set | frozenset):
                change_set(self, other, "|")
            else:
                for item in other:
                    add_to_set(self, item)

    def union(self, *others: Any) -> Any:
        """A set of the items of this and others."""
        made = copy_of_set(self)
        made.update(*others)
        return made

    def intersection(self, other: Any) -> Any:
        """A set of the items of both."""
        return joined_sets(self, other, "&")

    def difference(self, other: Any) -> Any:
        """A set of the items of this alone."""
        return joined_sets(self, other, "-")

    def difference_update(self, other: Any) -> None:
        """Take out the items of another one."""
        change_set(self, other, "-")

    def intersection_update(self, other: Any) -> None:
        """Take out all items but those of another one."""
        change_set(self, other, "&")

    def issubset(self, other: Any) -> Any:
        """Whether all items are in another one."""
        return compare_sets(self, other, "<=")

    def issuperset(self, other: Any) -> Any:
        """Whether all items of another one are in this."""
        return compare_sets(other, self, "<=")

    def isdisjoint(self, other: Any) -> Any:
        """Whether they have no item in common."""
        return set_size(joined_sets(self, other, "&")) == 0

    def __contains__(self, item: Any) -> Any:
        return set_has(self, item)

    def __len__(self) -> Any:
        return set_size(self)

    def __iter__(self) -> Any:
        return iter(list_of_set(self))

    def __or__(self, other: Any) -> Any:
        return joined_sets(self, other, "|")

    def __and__(self, other: Any) -> Any:
        return joined_sets(self, other, "&")

    def __sub__(self, other: Any) -> Any:
        return joined_sets(self, other, "-")

    def __xor__(self, other: Any) -> Any:
        return joined_sets(self, other, "^")

    def __ror__(self, other: Any) -> Any:
        return joined_sets(other, self, "|")

    def __rand__(self, other: Any) -> Any:
        return joined_sets(other, self, "&")

    def __rsub__(self, other: Any) -> Any:
        return joined_sets(other, self, "-")

    def __rxor__(self, other: Any) -> Any:
        return joined_sets(other, self, "^")

    def __ior__(self, other: Any) -> Any:
        change_set(self, other, "|")
        return self

    def __iand__(self, other: Any) -> Any:
        change_set(self, other, "&")
        return self

    def __isub__(self, other: Any) -> Any:
        change_set(self, other, "-")
        return self

    def __ixor__(self, other: Any) -> Any:
        change_set(self, other, "^")
        return self

    def __eq__(self, other: Any) -> Any:
        return compare_sets(self, other, "==")

    def __lt__(self, other: Any) -> Any:
        return compare_sets(self, other, "<")

    def __le__(self, other: Any) -> Any:
        return compare_sets(self, other, "<=")

    def __gt__(self, other: Any) -> Any:
        return compare_sets(other, self, "<")

    def __ge__(self, other: Any) -> Any:
        return compare_sets(other, self, "<=")

    __hash__ = None  # type: ignore[assignment]
