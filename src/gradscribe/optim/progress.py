"""A progress bar for training, where there is a terminal to draw it on.

In:  the steps of a run.   Out: a bar with loss, batches a second and time left.
Not here: the loop (fit.py).
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from gradscribe.optim.extras import load

REDRAW = 0.1


class Bar:
    """A bar that is drawn at most ten times a second, since drawing costs more than a small step."""

    def __init__(self, progress: Any, task: Any, done: int) -> None:
        self._progress = progress
        self._task = task
        self._drawn = 0.0
        self._first = done
        self._started = time.perf_counter()

    def show(self, epoch: int, done: int, total: int | None, loss: float, state: Any) -> None:
        """Steps done, of a total if that is known, the loss now, and the learning rate where the state tells."""
        now = time.perf_counter()
        if now - self._drawn < REDRAW and done != total:
            return
        self._drawn = now
        speed = (done - self._first) / max(now - self._started, 1e-9)
        rate = learning_rate_in(state)
        shown = "" if rate is None else f"rate {rate:.3g}  "
        text = f"epoch {epoch}  loss {loss:.4g}  {shown}{speed:,.0f} batches/s"
        self._progress.update(self._task, completed=done, total=total, description=text)


class NoBar:
    """Shows nothing."""

    def show(self, epoch: int, done: int, total: int | None, loss: float, state: Any) -> None:
        """Show nothing."""


def learning_rate_in(state: Any) -> float | None:
    """The learning rate that `inject_hyperparams` keeps in a state; None where there is none.

    >>> import gradscribe.optim as optim
    >>> learning_rate_in(optim.inject_hyperparams(optim.sgd)(learning_rate=0.5).init([1.0]))
    0.5
    """
    if hasattr(state, "hyperparams"):
        found = state.hyperparams.get("learning_rate")
        return None if found is None else float(found)
    parts = state.values() if isinstance(state, dict) else state if isinstance(state, tuple | list) else ()
    rates = (learning_rate_in(part) for part in parts)
    return next((rate for rate in rates if rate is not None), None)


@contextlib.contextmanager
def progress_bar(wanted: bool | None, done: int) -> Iterator[Bar | NoBar]:
    """A bar while a run lasts.

    Args:
        wanted: True demands one; None asks for one if there is a terminal and rich is installed.
        done: steps taken before.

    Raises:
        GS331: a bar is demanded and rich is not installed.
    """
    if wanted is None:
        wanted = sys.stdout.isatty() and find_spec("rich") is not None
    if not wanted:
        yield NoBar()
        return
    rich = load("rich.progress", "the progress bar")
    columns = [
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TimeRemainingColumn(),
    ]
    with rich.Progress(*columns) as progress:
        yield Bar(progress, progress.add_task("training", total=None), done)
