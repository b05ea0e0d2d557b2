"""Items made of others, which are asked for one after the other as Python would ask for them.

In:  items.   Out: what gives other ones.
Not here: how a value is gone over (iteration.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradscribe.frontend.iterables import At, Items, Iterable
from gradscribe.frontend.values import Abstract, Static, TupleValue


def computed(found: Items, function: Callable[[Abstract], Abstract]) -> At:
    """What a function makes of each item, when it is asked for."""

    def at(place: int) -> Abstract | None:
        item = found.at(place)
        return function(item) if item is not None else None

    return at


def rest_of(found: Items) -> Items:
    """The items after the first one."""
    return found.made(lambda place: found.at(place + 1))


def in_groups(found: Items, size: int) -> At:
    """Tuples of the next items; what does not fill one is left out."""

    def at(place: int) -> Abstract | None:
        items: list[Abstract] = []
        for number in range(size * place, size * (place + 1)):
            item = found.at(number)
            if item is None:
                return None
            items.append(item)
        return TupleValue(tuple(items))

    return at


def neighbours(found: Items) -> At:
    """Pairs of items, of which the first one is what it was when it was the second one."""
    before: dict[int, Abstract] = {}

    def at(place: int) -> Abstract | None:
        first = before.get(place) if place else found.at(0)
        second = found.at(place + 1) if first is not None else None
        if first is None or second is None:
            return None
        before[place + 1] = second
        return TupleValue((first, second))

    return at


def selected(found: Items, start: int | None, stop: int | None, step: int | None) -> At:
    """Some of the items; those in between are asked for, too."""
    first, by = start or 0, step or 1

    def at(place: int) -> Abstract | None:
        wanted = first + place * by
        if stop is not None and wanted >= stop:
            return None
        item = None
        for number in range(wanted - by + 1 if place else 0, wanted + 1):
            item = found.at(number)
        return item

    return at


def as_items(part: Iterable) -> Items:
    """Items whose number is known, if only by the bounds of a range."""
    if isinstance(part, Items):
        return part
    numbers = part.static_range
    assert numbers is not None
    return Items(lambda place: part.item(Static(numbers[place])) if place < len(numbers) else None)


def one_after_another(parts: Sequence[Items]) -> At:
    """The items of each part, which begins where the one before has no more."""
    places = {0: (0, 0)}

    def at(place: int) -> Abstract | None:
        which, number = places[place]
        while which < len(parts):
            item = parts[which].at(number)
            if item is not None:
                places[place + 1] = (which, number + 1)
                return item
            which, number = which + 1, 0
        return None

    return at


def filled_rows(parts: Sequence[Items], fill: Abstract) -> At:
    """The items of all parts at a place, as long as one of them has more."""

    def at(place: int) -> Abstract | None:
        items = [part.at(place) for part in parts]
        if all(item is None for item in items):
            return None
        return TupleValue(tuple(fill if item is None else item for item in items))

    return at
