"""A function of NumPy or SciPy as a function of Python that calls it, which has a source to differentiate.

In:  a callable.   Out: that function; None where the table has no entry for the callable.
Not here: what the operation is (ops/).
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from functools import lru_cache
from types import FunctionType

LIBRARIES = frozenset({"numpy", "scipy", "math"})


def library_function(function: object) -> FunctionType | None:
    """`def sin(x): return np.sin(x)` for `np.sin`, with the parameters that have no default."""
    if not callable(function):
        return None
    # A ufunc has no `__module__`; it is of the package of its class.
    module = getattr(function, "__module__", None) or type(function).__module__
    return _calling(function) if module.partition(".")[0] in LIBRARIES else None


def called_by(function: Callable[..., object]) -> Callable[..., object]:
    """What such a function was made for; any other function is itself."""
    found: Callable[..., object] = getattr(function, "__gradscribe_calls__", function)
    return found


@lru_cache(maxsize=256)
def _calling(function: Callable[..., object]) -> FunctionType | None:
    # The table is not needed by those who pass functions of their own.
    from gradscribe.ops.table import find_callable

    found = find_callable(function)
    if found is None:
        return None
    spec, spelling = found
    package, *inner, name = spelling.name.split(".")
    given = [part.strip() for part in spec.signature.split(",")]
    parameters = [part for part in given if part.isidentifier()]
    if not parameters or any(part.startswith("*") and part != "*" for part in given):
        return None
    if package not in LIBRARIES:
        return None
    # SciPy's subpackages are modules of their own.
    imported = f"{package}.{inner[0]}" if package == "scipy" else package
    known = "np" if package == "numpy" else package
    listed = ", ".join(parameters)
    head = f"import {imported} as np" if package == "numpy" else f"import {imported}"
    text = f"{head}\n\n\ndef {name}({listed}):\n    return {'.'.join([known, *inner, name])}({listed})\n"
    file = f"<{spelling.name}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    namespace: dict[str, object] = {"__name__": file}
    exec(compile(text, file, "exec"), namespace)
    made = namespace[name]
    assert isinstance(made, FunctionType)
    made.__gradscribe_calls__ = function  # type: ignore[attr-defined]
    return made
