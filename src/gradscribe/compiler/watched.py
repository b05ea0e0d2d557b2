"""Functions that cannot be read must leave their arguments as they are: their first call is watched.

A function of compiled code may write wherever it likes, also through arrays that say they are read-only, and one
that only reads may insist on arrays that are not. So nothing is forbidden: the arguments of the first call are
copied and compared afterwards. Then the function itself takes its place, and later calls cost nothing.

In:  a function of a generated module.   Out: nothing; what its global names mean is changed.
Not here: what such a function returns (runtime/opaque.py), functions that can be read (frontend/custom_calls.py).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.frontend.positions import with_place
from gradscribe.location import Location


class Watched:
    """A function that cannot be read, in its first call.

    Attributes:
        function: the function.
        location: where the user calls it.
        trust: called when it has left its arguments as they were.
    """

    def __init__(self, function: Callable[..., Any], location: Location | None) -> None:
        self.function = function
        self.location = location
        self.trust: Callable[[], None] = lambda: None

    def __call__(self, *arguments: Any) -> Any:
        """Call the function; an error if it wrote to an array, which then is as it was."""
        before = [(array, array.copy()) for array in _arrays(arguments)]
        result = self.function(*arguments)
        changed = [pair for pair in before if pair[0].tobytes() != pair[1].tobytes()]
        for array, copy in changed:
            array[...] = copy
        if changed:
            raise self._wrote()
        self.trust()
        return result

    def _wrote(self) -> UnsupportedOperationError:
        name = getattr(self.function, "__name__", "function")
        found = Diagnostic(
            "GS206",
            f"`{name}`, which cannot be read, writes to an array that it is given",
            self.location,
            why="its rules state the derivative of what it returns, and nothing of what it changes",
            fix="give it a copy to write to: `lambda x: f(x.copy())` in the place of `f`",
        )
        return UnsupportedOperationError(with_place(found))


def _arrays(value: object) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _arrays(item)


def watch(main: Callable[..., Any], opaque: Mapping[str, Location | None]) -> None:
    """Let functions that cannot be read be watched in the module of a function.

    Args:
        main: any function of the module.
        opaque: global names of functions that cannot be read -> where the user calls them.
    """
    scope = inspect.unwrap(main).__globals__
    for name, location in opaque.items():
        watched = Watched(scope[name], location)
        watched.trust = functools.partial(scope.__setitem__, name, watched.function)
        scope[name] = watched
