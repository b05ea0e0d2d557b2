"""A dict whose keys are known at run time only, in Python, lowered as user classes are.

In:  what users store.   Out: objects that behave as dicts do.
Not here: which dicts are made so (frontend/keyed.py), the operations behind the four functions (ops/places.py).
"""

from __future__ import annotations

from typing import Any

from gradscribe.ops.written.lists import at_run_time


def new_places() -> Any:
    """A dict from keys to the places of their values."""
    return {}


def put_place(places: Any, key: Any) -> None:
    """The next place is that of a new key."""
    places[key] = len(places)


def has_place(places: Any, key: Any) -> Any:
    """Whether there is a value of a key."""
    return key in places


def place(places: Any, key: Any) -> Any:
    """The place of the value of a key."""
    return places[key]


def is_gone_over(items: Any) -> bool:
    """Whether a loop around here goes over the list, which the compiler knows."""
    return False


def take_out() -> Any:
    """Stands for the refusal to take out an entry."""


class KeyedDict:
    """A dict: its keys and its values, in the order in which they came, and where the value of each key stands."""

    def __init__(self) -> None:
        self.places = new_places()
        self.entered: list[Any] = []
        self.held: list[Any] = []
        at_run_time(self.entered)
        at_run_time(self.held)

    def __getitem__(self, key: Any) -> Any:
        return self.held[place(self.places, key)]

    def __setitem__(self, key: Any, value: Any) -> None:
        if has_place(self.places, key):
            self.held[place(self.places, key)] = value
        else:
            self.enter(key, value)

    def enter(self, key: Any, value: Any) -> None:
        """Make an entry of a key that is new."""
        if is_gone_over(self.entered) or is_gone_over(self.held):
            raise RuntimeError("dictionary changed size during iteration")
        put_place(self.places, key)
        self.entered.append(key)
        self.held.append(value)

    def __contains__(self, key: Any) -> Any:
        return has_place(self.places, key)

    def __len__(self) -> Any:
        return len(self.held)

    def __iter__(self) -> Any:
        return iter(self.entered)

    def keys(self) -> Any:
        """The keys."""
        return self.entered

    def values(self) -> Any:
        """The values."""
        return self.held

    def items(self) -> Items:
        """Pairs of a key and its value."""
        return Items(self)

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or another one."""
        return self.held[place(self.places, key)] if has_place(self.places, key) else default

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key, which is set if it is missing."""
        if not has_place(self.places, key):
            self.enter(key, default)
        return self[key]

    def update(self, entries: Any = ()) -> None:
        """Set entries."""
        if isinstance(entries, dict):
            for key, value in entries.items():
                self[key] = value
        else:
            for key, value in entries:
                self[key] = value

    def pop(self, key: Any, *default: Any) -> Any:
        """Refused: the places of the entries after it would change."""
        return take_out()

    def popitem(self) -> Any:
        """Refused likewise."""
        return take_out()

    def clear(self) -> Any:
        """Refused likewise."""
        return take_out()

    def __delitem__(self, key: Any) -> None:
        take_out()

    def copy(self) -> KeyedDict:
        """Another dict of the same entries."""
        made = KeyedDict()
        made.update(self)
        return made


class Items:
    """The pairs of a dict."""

    def __init__(self, owner: KeyedDict) -> None:
        self.owner = owner

    def __iter__(self) -> Any:
        return zip(self.owner.entered, self.owner.held)  # noqa: B905

    def __len__(self) -> Any:
        return len(self.owner.held)
