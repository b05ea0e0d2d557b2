"""Work divided among threads, for functions that run without Python's lock.

In:  a function and the arguments of each share.   Out: all shares done.
Not here: how work is divided (native_run.py).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import lru_cache
from typing import Any


def cores() -> int:
    """How many cores this process may use."""
    # Absent where the system does not bind processes to cores.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_threads(function: Callable[..., None], shares: Sequence[Sequence[Any]]) -> None:
    """Call the function once for each share, the first in this thread, and wait for all."""
    pool = _pool(len(shares) - 1, os.getpid())
    others = [pool.submit(function, *share) for share in shares[1:]]
    try:
        function(*shares[0])
    finally:
        wait(others)
    for other in others:
        other.result()


@lru_cache(maxsize=4)
def _pool(workers: int, _process: int) -> ThreadPoolExecutor:
    """Idle threads. A process that was forked has none of those of its parent."""
    return ThreadPoolExecutor(workers, thread_name_prefix="gradscribe")
