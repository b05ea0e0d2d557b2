"""Objects of the user's classes, made from their attributes.

In:  a class and attributes.   Out: an instance.
"""

from __future__ import annotations

from typing import Any


def with_attributes(cls: Any, attributes: dict[str, Any]) -> Any:
    """An instance with these attributes, made without calling `__init__`."""
    made = cls.__new__(cls)
    for name, value in attributes.items():
        object.__setattr__(made, name, value)
    return made
