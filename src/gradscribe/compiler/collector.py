"""Compiling without the garbage collector.

A graph is a great many small objects that all stay alive while it is compiled. The collector walks over them again
and again, which makes compiling slower than linear in the lines; what is garbage goes by reference counts anyway.

In:  nothing.   Out: `without_collector`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Pause the collection of cycles; a collector that the user has switched off stays off."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
