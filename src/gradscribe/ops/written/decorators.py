"""What decorators call, in Python, lowered as user functions are.

In:  functions.   Out: functions.
Not here: caches (frontend/memo.py).
"""

from __future__ import annotations

from typing import Any


def wraps(wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
    """functools.wraps: names and documentation are copied; calls stay what they are."""

    def decorate(wrapper: Any) -> Any:
        return renamed(wrapper)

    return decorate


def update_wrapper(wrapper: Any, wrapped: Any, assigned: Any = None, updated: Any = None) -> Any:
    """functools.update_wrapper, likewise."""
    return renamed(wrapper)


def renamed(wrapper: Any) -> Any:
    """The function, whose name and documentation are no longer those of its definition."""
    return wrapper
