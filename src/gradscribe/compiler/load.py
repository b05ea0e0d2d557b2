"""Source text becomes functions that debuggers, profilers and tracebacks can show.

In:  text of a module and the objects that its names mean.   Out: `Loaded`.
Not here: writing the text (codegen/), choosing between compiled functions (dispatch.py).
"""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count
from traceback import walk_tb
from types import FunctionType, MappingProxyType

from gradscribe.location import Location

_numbers: dict[str, count[int]] = {}
ARITHMETIC_ERRORS = (ZeroDivisionError, OverflowError, ValueError)
NO_PLACES: Mapping[int, Location] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """One generated module, executed.

    Attributes:
        filename: what tracebacks call it: `<gradscribe loss_grad 1>`.
        functions: its functions by name of their graph.
        derivative_lines: lines of derivative statements; the others are the user's own.
        places: where in the user's source a line of the text comes from.
    """

    filename: str
    text: str
    functions: Mapping[str, Callable[..., object]]
    derivative_lines: frozenset[int]
    places: Mapping[int, Location]

    def failed_in_derivative(self, error: BaseException) -> bool:
        """True when `error` was raised by a derivative statement, not by one of the user's."""
        return self.failed_line(error) in self.derivative_lines

    def failed_line(self, error: BaseException) -> int:
        """The line of the text that raised `error`; 0 if none did."""
        line = 0
        for frame, number in walk_tb(error.__traceback__):
            if frame.f_code.co_filename == self.filename:
                line = number
        return line


def load(
    text: str,
    name: str,
    names_of_graphs: Mapping[str, str],
    namespace: Mapping[str, object],
    derivative_lines: Collection[int] = (),
    places: Mapping[int, Location] = NO_PLACES,
) -> Loaded:
    """Execute a module text and register it with `linecache` under a name of its own.

    Args:
        text: the module.
        name: of the main function, shown in the file name.
        names_of_graphs: name of the function of each graph.
        namespace: what the global names of the text mean, beyond its own imports.
        derivative_lines: lines of derivative statements.
        places: where in the user's source its lines come from.
    """
    number = next(_numbers.setdefault(name, count(1)))
    filename = f"<gradscribe {name} {number}>"
    scope: dict[str, object] = {"__name__": "gradscribe.generated", **namespace}
    exec(compile(text, filename, "exec"), scope)
    # No modification time: `linecache.checkcache` then keeps the entry.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    functions: dict[str, Callable[..., object]] = {}
    for graph, function_name in names_of_graphs.items():
        function = scope[function_name]
        assert isinstance(function, FunctionType)
        functions[graph] = function
        weakref.finalize(function, linecache.cache.pop, filename, None).atexit = False
    return Loaded(filename, text, functions, frozenset(derivative_lines), places)
