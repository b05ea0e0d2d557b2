"""Minibatches: which rows of the data each step sees.

In:  arrays, or anything that yields batches.   Out: a fresh iterable of batches for each epoch.
Not here: the loop (fit.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError

Batches = Callable[[np.random.Generator], Iterable[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Minibatches:
    """All rows of some arrays once an epoch, in batches, in a new random order each time.

    Attributes:
        arrays: of equal length along the first axis.
        size: rows in a batch.
        shuffle: whether the order is random.
        drop_last: leave out a last batch that is smaller.
    """

    arrays: tuple[np.ndarray, ...]
    size: int
    shuffle: bool
    drop_last: bool

    def __len__(self) -> int:
        """Batches in an epoch."""
        rows = len(self.arrays[0])
        return rows // self.size if self.drop_last else -(-rows // self.size)

    def __call__(self, rng: np.random.Generator) -> Iterator[tuple[np.ndarray, ...]]:
        """The batches of one epoch."""
        rows = len(self.arrays[0])
        order = rng.permutation(rows) if self.shuffle else np.arange(rows)
        for number in range(len(self)):
            chosen = order[number * self.size : (number + 1) * self.size]
            yield tuple(array[chosen] for array in self.arrays)


def minibatches(*arrays: np.ndarray, size: int, shuffle: bool = True, drop_last: bool = False) -> Minibatches:
    """All rows of the arrays once an epoch, in batches, in a new random order each time.

    Args:
        *arrays: of equal length along the first axis; a batch is a tuple with rows of each.
        size: rows in a batch.
        shuffle: whether the order is random.
        drop_last: leave out a last batch that is smaller, so that all have one size.

    Raises:
        GS339: the arrays have different lengths, or no rows, or the size is not positive.

    Example:
        >>> batches = minibatches(np.arange(5.0), size=2, shuffle=False)
        >>> [rows.tolist() for (rows,) in batches(np.random.default_rng(0))]
        [[0.0, 1.0], [2.0, 3.0], [4.0]]
    """
    taken = tuple(map(np.asarray, arrays))
    for array, given in zip(taken, arrays, strict=True):
        if array.ndim == 0:
            title = f"a {type(given).__name__} has no rows"
            raise bad_batches(title, "pass arrays with a row for each example")
    lengths = [len(array) for array in taken]
    if not arrays or len(set(lengths)) != 1:
        title = f"the arrays have {' and '.join(map(str, lengths)) or 'no'} rows"
        raise bad_batches(title, "pass arrays with a row for each example")
    whole = isinstance(size, Integral) and not isinstance(size, bool)
    if not whole or not 0 < size or lengths[0] == 0 or (drop_last and size > lengths[0]):
        title = f"batches of {size} rows cannot be made of {lengths[0]}"
        raise bad_batches(title, "choose a size between 1 and the number of rows")
    return Minibatches(taken, size, shuffle, drop_last)


def each_epoch(batches: Batches | Sequence[Any]) -> Batches:
    """A function that makes the batches of an epoch.

    Raises:
        GS339: the batches could be used only once.
    """
    if callable(batches):
        if not takes_one(batches):
            raise bad_batches("`batches` is a function that takes no generator", "write `def batches(rng):`")
        return batches
    if isinstance(batches, Iterator):
        fix = "pass a function of a random generator that returns a fresh one, or a list of batches"
        raise bad_batches("`batches` is an iterator, which is used up after one epoch", fix)
    if isinstance(batches, np.ndarray) or not isinstance(batches, Iterable):
        title = f"`batches` is a {type(batches).__name__}"
        raise bad_batches(title, "write `gs.optim.minibatches(x, y, size=32)`, or `[(x, y)]` for one batch")
    return lambda rng: batches


def takes_one(function: Callable[..., Any]) -> bool:
    """It can be called with one argument; True where that cannot be known."""
    try:
        inspect.signature(function).bind(None)
    except ValueError:
        return True
    except TypeError:
        return False
    return True


def bad_batches(title: str, fix: str) -> UsageError:
    """The error for batches that no loop can use."""
    return UsageError(Diagnostic("GS339", title, fix=fix))
