"""Containers of `collections`, in Python, lowered as user classes are.

In:  what users pass.   Out: objects that behave as those of `collections` do; keys are known while lowering.
Not here: which class stands for which (frontend/written_out.py).
"""

from __future__ import annotations

from typing import Any


def fromkeys(iterable: Any, value: Any = None) -> Any:
    """dict.fromkeys: one value, the same for all keys."""
    return {key: value for key in iterable}


class Deque:
    """collections.deque: a list that also grows and shrinks at its start."""

    def __init__(self, iterable: Any = (), maxlen: Any = None) -> None:
        self.items: list[Any] = []
        self.maxlen = maxlen
        self.extend(iterable)

    def append(self, x: Any) -> None:
        """Add an item at the end; one at the start goes where there is no room."""
        self.items.append(x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop(0)

    def appendleft(self, x: Any) -> None:
        """Add an item at the start; one at the end goes where there is no room."""
        self.items.insert(0, x)
        if self.maxlen is not None and len(self.items) > self.maxlen:
            self.items.pop()

    def extend(self, iterable: Any) -> None:
        """Append each item."""
        for x in iterable:
            self.append(x)

    def extendleft(self, iterable: Any) -> None:
        """Add each item at the start."""
        for x in iterable:
            self.appendleft(x)

    def pop(self) -> Any:
        """Take the last item."""
        return self.items.pop()

    def popleft(self) -> Any:
        """Take the first item."""
        return self.items.pop(0)

    def insert(self, i: Any, x: Any) -> None:
        """Add an item before position `i`."""
        if self.maxlen is not None and len(self.items) >= self.maxlen:
            raise IndexError("deque already at its maximum size")
        self.items.insert(i, x)

    def remove(self, value: Any) -> None:
        """Take out the first item that equals `value`."""
        self.items.remove(value)

    def index(self, x: Any) -> Any:
        """The position of the first item that equals `x`."""
        return self.items.index(x)

    def count(self, x: Any) -> Any:
        """How many items equal `x`."""
        return self.items.count(x)

    def clear(self) -> None:
        """Take out all items."""
        self.items.clear()

    def copy(self) -> Deque:
        """Another deque of the same items."""
        return Deque(self.items, self.maxlen)

    def __copy__(self) -> Deque:
        return self.copy()

    def reverse(self) -> None:
        """Turn the order round."""
        self.items.reverse()

    def rotate(self, n: Any = 1) -> None:
        """Move the last `n` items to the start."""
        if len(self.items) > 0:
            k = n % len(self.items)
            for _ in range(k):
                self.items.insert(0, self.items.pop())

    def __len__(self) -> Any:
        return len(self.items)

    def __iter__(self) -> Any:
        return iter(self.items)

    def __reversed__(self) -> Any:
        return reversed(self.items)

    def __getitem__(self, i: Any) -> Any:
        return self.items[i]

    def __setitem__(self, i: Any, value: Any) -> None:
        self.items[i] = value

    def __delitem__(self, i: Any) -> None:
        del self.items[i]

    def __contains__(self, value: Any) -> Any:
        return value in self.items

    def __iadd__(self, iterable: Any) -> Deque:
        self.extend(iterable)
        return self


class Entries:
    """What the dicts with default values have in common."""

    entries: dict[Any, Any]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.entries[key] = value

    def __delitem__(self, key: Any) -> None:
        del self.entries[key]

    def __contains__(self, key: Any) -> Any:
        return key in self.entries

    def __len__(self) -> Any:
        return len(self.entries)

    def __iter__(self) -> Any:
        return iter(self.entries)

    def keys(self) -> Any:
        """The keys."""
        return self.entries.keys()

    def values(self) -> Any:
        """The values."""
        return self.entries.values()

    def items(self) -> Any:
        """Pairs of a key and its value."""
        return self.entries.items()

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or another one."""
        return self.entries.get(key, default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key, which is set if it is missing."""
        return self.entries.setdefault(key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        """Take out an entry."""
        return self.entries.pop(key, *default)

    def popitem(self) -> Any:
        """Take out the entry that was made last."""
        return self.entries.popitem()


class DefaultDict(Entries):
    """collections.defaultdict."""

    def __init__(self, default_factory: Any = None, entries: Any = (), **kwargs: Any) -> None:
        self.default_factory = default_factory
        self.entries = dict(entries, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        if key not in self.entries:
            if self.default_factory is None:
                raise KeyError(key)
            self.entries[key] = self.default_factory()
        return self.entries[key]

    def copy(self) -> DefaultDict:
        """Another dict of the same entries."""
        return DefaultDict(self.default_factory, self.entries)

    def __copy__(self) -> DefaultDict:
        return self.copy()

    def update(self, entries: Any = (), **kwargs: Any) -> None:
        """Set entries."""
        self.entries.update(entries, **kwargs)


class OrderedDict(Entries):
    """collections.OrderedDict: a dict whose entries also move to its ends."""

    def __init__(self, entries: Any = (), **kwargs: Any) -> None:
        self.entries = dict(entries, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self.entries[key]

    def __reversed__(self) -> Any:
        return reversed(self.entries)

    def update(self, entries: Any = (), **kwargs: Any) -> None:
        """Set entries."""
        self.entries.update(entries, **kwargs)

    def clear(self) -> None:
        """Take out all entries."""
        self.entries.clear()

    def copy(self) -> OrderedDict:
        """Another dict of the same entries."""
        return OrderedDict(self.entries)

    def __copy__(self) -> OrderedDict:
        return self.copy()

    def move_to_end(self, key: Any, last: Any = True) -> None:
        """Make an entry the last one, or the first."""
        value = self.entries.pop(key)
        if last:
            self.entries[key] = value
        else:
            others = self.entries.copy()
            self.entries.clear()
            self.entries[key] = value
            self.entries.update(others)

    def popitem(self, last: Any = True) -> Any:
        """Take out the last entry, or the first."""
        if last:
            return self.entries.popitem()
        if len(self.entries) == 0:
            raise KeyError("dictionary is empty")
        key = next(iter(self.entries))
        return key, self.entries.pop(key)


class Counter(Entries):
    """collections.Counter."""

    def __init__(self, iterable: Any = (), **kwargs: Any) -> None:
        self.entries = {}
        self.update(iterable, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self.entries.get(key, 0)

    def copy(self) -> Counter:
        """Another counter of the same entries."""
        made = Counter()
        made.entries = self.entries.copy()
        return made

    def __copy__(self) -> Counter:
        return self.copy()

    def update(self, iterable: Any = (), **kwargs: Any) -> None:
        """Count items, or add counts."""
        if isinstance(iterable, dict):
            for key, count in iterable.items():
                self.entries[key] = self.entries.get(key, 0) + count
        else:
            for key in iterable:
                self.entries[key] = self.entries.get(key, 0) + 1
        for key, count in kwargs.items():
            self.entries[key] = self.entries.get(key, 0) + count
