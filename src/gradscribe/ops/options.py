"""Options of operations: parameters that choose what is computed, and the values for which that is known.

In:  the values that an entry declares, one that is given.   Out: whether it is one of them, and their names.
Not here: refusing the others (frontend/options.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum


class Kind(Enum):
    """Values of an option that are not listed one by one."""

    NUMBER = "a number"
    NUMBERS = "numbers"


Values = Sequence[object]
Options = Mapping[str, Values]


def is_listed(given: object, values: Values) -> bool:
    """Whether a value that is known now is one of these; 1 and True differ."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        if Kind.NUMBER in values or Kind.NUMBERS in values:
            return True
    return any(type(given) is type(value) and given == value for value in values)


def in_words(values: Values) -> str:
    """The values as the docs and errors name them: 'full', 'same', a number."""
    return ", ".join(value.value if isinstance(value, Kind) else repr(value) for value in values)
