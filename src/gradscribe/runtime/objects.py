"""Objects of the user's classes, made from their attributes.

In:  a class and attributes.   Out: an instance.
"""

from __future__ import annotations

from typing import Any


def with_attributes(cls: Any, attributes: dict[str, Any]) -> Any:
    """An instance with these attributes, made without running any code of its class."""
    # Flag 9 marks the types that `class` statements make: the `__new__` of another one is not the user's.
    builtin = next(base for base in cls.__mro__ if not base.__flags__ & 1 << 9)
    made = builtin.__new__(cls)
    for name, value in attributes.items():
        object.__setattr__(made, name, value)
    return made
