"""Program texts become functions whose source `inspect` can find.

In:  a module text.   Out: its globals.
"""

from __future__ import annotations

import linecache
from itertools import count
from types import ModuleType
from typing import Any

_numbers = count()


def load_module(source: str, **extra: Any) -> ModuleType:
    """A module of this text; `extra` are further globals."""
    filename = f"<program {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    module = ModuleType(filename)
    module.__dict__.update(extra)
    exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)
    return module
