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


def require_one_kind(entered: Any, key: Any) -> None:
    """Stands for the refusal of a key that is of another kind than those before."""


def new_dict() -> Any:
    """A dict without entries, of the class that the program needs."""
    return KeyedDict()


def put_place_at(places: Any, key: Any, place: Any) -> None:
    """This place is that of a new key."""
    places[key] = place


def take_place(places: Any, key: Any) -> Any:
    """The place of the value of a key, which goes."""
    return places.pop(key)


def take_last_place(places: Any) -> Any:
    """The place of the value of the key that came last, which goes."""
    return places.popitem()[1]


def clear_places(places: Any) -> None:
    """All keys go."""
    places.clear()


def kept_places(places: Any) -> Any:
    """The places of the values of all keys."""
    return list(places.values())


def count_places(places: Any) -> Any:
    """How many keys there are."""
    return len(places)


def start_taking_out() -> None:
    """Tells the compiler that entries are taken out of dicts: it starts again with those of the other class."""


def refuse_gone_over() -> None:
    """Stands for the refusal to take out an entry of a dict that a loop around here goes over."""


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
        require_one_kind(self.entered, key)
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

    def items(self) -> Any:
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

    def update(self, entries: Any = (), **named: Any) -> None:
        """Set entries."""
        if isinstance(entries, dict):
            for key, value in entries.items():
                self[key] = value
        else:
            for key, value in entries:
                self[key] = value
        for key, value in named.items():
            self[key] = value

    def pop(self, key: Any, *default: Any) -> Any:
        """Take out the entry of a key."""
        return start_taking_out()

    def popitem(self) -> Any:
        """Take out the entry that came last."""
        return start_taking_out()

    def clear(self) -> None:
        """Take out all entries."""
        start_taking_out()

    def __delitem__(self, key: Any) -> None:
        start_taking_out()

    def copy(self) -> Any:
        """Another dict of the same entries."""
        made = new_dict()
        made.update(self)
        return made

    def __copy__(self) -> Any:
        return self.copy()

    def __or__(self, other: Any) -> Any:
        made = self.copy()
        made.update(other)
        return made

    def __ror__(self, other: Any) -> Any:
        made = new_dict()
        made.update(other)
        made.update(self)
        return made

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def __eq__(self, other: Any) -> Any:
        if len(self) != len(other):
            return False
        for key, value in self.items():
            if key not in other:
                return False
            if other[key] != value:
                return False
        return True

    __hash__ = None  # type: ignore[assignment]


class ShrinkingDict(KeyedDict):
    """A dict from which entries are taken: the lists keep them, and where those that are left stand is asked."""

    def enter(self, key: Any, value: Any) -> None:
        """Make an entry of a key that is new."""
        if is_gone_over(self.entered) or is_gone_over(self.held):
            raise RuntimeError("dictionary changed size during iteration")
        put_place_at(self.places, key, len(self.held))
        require_one_kind(self.entered, key)
        self.entered.append(key)
        self.held.append(value)

    def __len__(self) -> Any:
        return count_places(self.places)

    def __iter__(self) -> Any:
        return (self.entered[place] for place in kept_places(self.places))

    def __reversed__(self) -> Any:
        return reversed([self.entered[place] for place in kept_places(self.places)])

    def keys(self) -> Keys:
        """The keys."""
        return Keys(self)

    def values(self) -> Values:
        """The values."""
        return Values(self)

    def items(self) -> Any:
        """Pairs of a key and its value."""
        return Pairs(self)

    def pop(self, key: Any, *default: Any) -> Any:
        """Take out the entry of a key; another value where there is none."""
        self.may_shrink()
        if len(default) > 0 and not has_place(self.places, key):
            return default[0]
        return self.held[take_place(self.places, key)]

    def popitem(self) -> Any:
        """Take out the entry that came last."""
        self.may_shrink()
        place = take_last_place(self.places)
        return self.entered[place], self.held[place]

    def clear(self) -> None:
        """Take out all entries."""
        self.may_shrink()
        clear_places(self.places)

    def __delitem__(self, key: Any) -> None:
        self.may_shrink()
        take_place(self.places, key)

    def may_shrink(self) -> None:
        """Refuse to take out an entry while a loop goes over the dict."""
        if is_gone_over(self.entered):
            refuse_gone_over()


class Kept:
    """The keys, values or pairs of a dict from which entries are taken."""

    def __init__(self, owner: ShrinkingDict) -> None:
        self.owner = owner

    def __len__(self) -> Any:
        return len(self.owner)


class Keys(Kept):
    """The keys."""

    def __iter__(self) -> Any:
        return iter(self.owner)

    def __contains__(self, key: Any) -> Any:
        return key in self.owner


class Values(Kept):
    """The values."""

    def __iter__(self) -> Any:
        owner = self.owner
        return (owner.held[place] for place in kept_places(owner.places))


class Pairs(Kept):
    """Pairs of a key and its value."""

    def __iter__(self) -> Any:
        owner = self.owner
        return ((owner.entered[place], owner.held[place]) for place in kept_places(owner.places))


class Items:
    """The pairs of a dict."""

    def __init__(self, owner: KeyedDict) -> None:
        self.owner = owner

    def __iter__(self) -> Any:
        return zip(self.owner.entered, self.owner.held)  # noqa: B905

    def __len__(self) -> Any:
        return len(self.owner.held)
