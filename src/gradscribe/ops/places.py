"""Where the entries of a dict stand in a list of their values: its keys are known at run time only.

The values are a list, which has a derivative; a key is looked up once, in the forward sweep, and its place is an
int like any other.

In:  nothing.   Out: `OPERATIONS`.
Not here: the dict itself (written/keyed.py), dicts whose keys are known now, which are structure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradscribe.ir.types import BOOL, INT, OpaqueType, SequenceType
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import always
from gradscribe.ops.spec import ConstantAlmostEverywhere

Attrs = Mapping[str, object]
PLACES = OpaqueType("dict")
MAKING = frozenset({"new_places", "copy_of_places"})
CHANGING = frozenset({"put_place", "put_place_at", "take_place", "take_last_place", "clear_places"})
LOOKED_UP = ConstantAlmostEverywhere(why="a key decides which value is meant, and has no derivative")


def _new(inputs: Sequence[Any], attrs: Attrs) -> object:
    keys = attrs.get("keys", ())
    assert isinstance(keys, tuple)
    return {key: place for place, key in enumerate(keys)}


def _put(inputs: Sequence[Any], attrs: Attrs) -> object:
    places, key = inputs
    places[key] = len(places)
    return ()


def _put_at(inputs: Sequence[Any], attrs: Attrs) -> object:
    places, key, place = inputs
    places[key] = place
    return ()


def _clear(inputs: Sequence[Any], attrs: Attrs) -> object:
    inputs[0].clear()
    return ()


OPERATIONS = (
    entry(
        "new_places",
        "places",
        "keys=()",
        LOOKED_UP,
        always(PLACES),
        "A dict from keys to the places of their values.",
        operands=(),
        has_effect=True,
        evaluate=_new,
    ),
    entry(
        "copy_of_places",
        "copy_of_places",
        "places",
        LOOKED_UP,
        always(PLACES),
        "Another dict of the same keys and places.",
        has_effect=True,
        evaluate=lambda inputs, attrs: inputs[0].copy(),
    ),
    entry(
        "put_place",
        "put_place",
        "places, key",
        LOOKED_UP,
        always(),
        "The next place is that of a new key.",
        has_effect=True,
        evaluate=_put,
    ),
    entry(
        "has_place",
        "has_place",
        "places, key",
        LOOKED_UP,
        always(BOOL),
        "Whether there is a value of a key.",
        has_effect=True,
        evaluate=lambda inputs, attrs: inputs[1] in inputs[0],
    ),
    entry(
        "place",
        "place",
        "places, key",
        LOOKED_UP,
        always(INT),
        "The place of the value of a key; raises KeyError where there is none.",
        has_effect=True,
        evaluate=lambda inputs, attrs: inputs[0][inputs[1]],
    ),
    entry(
        "put_place_at",
        "put_place_at",
        "places, key, place",
        LOOKED_UP,
        always(),
        "The place of a new key, where places of keys that are gone stay taken.",
        has_effect=True,
        evaluate=_put_at,
    ),
    entry(
        "take_place",
        "take_place",
        "places, key",
        LOOKED_UP,
        always(INT),
        "The place of the value of a key that is no longer there afterwards; raises KeyError where there is none.",
        has_effect=True,
        evaluate=lambda inputs, attrs: inputs[0].pop(inputs[1]),
    ),
    entry(
        "take_last_place",
        "take_last_place",
        "places",
        LOOKED_UP,
        always(INT),
        "The place of the value of the key that came last, which is no longer there afterwards.",
        has_effect=True,
        evaluate=lambda inputs, attrs: inputs[0].popitem()[1],
    ),
    entry(
        "clear_places",
        "clear_places",
        "places",
        LOOKED_UP,
        always(),
        "All keys go.",
        has_effect=True,
        evaluate=_clear,
    ),
    entry(
        "kept_places",
        "kept_places",
        "places",
        LOOKED_UP,
        always(SequenceType(INT)),
        "The places of the values of all keys, in the order in which the keys came.",
        has_effect=True,
        evaluate=lambda inputs, attrs: list(inputs[0].values()),
    ),
    entry(
        "count_places",
        "count_places",
        "places",
        LOOKED_UP,
        always(INT),
        "The number of keys.",
        has_effect=True,
        evaluate=lambda inputs, attrs: len(inputs[0]),
    ),
)
