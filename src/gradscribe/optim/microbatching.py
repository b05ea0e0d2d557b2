"""`microbatch`: a function of a batch, evaluated on parts of it, one after the other.

In:  a function of arrays of examples.   Out: the same function, which needs less memory.
Not here: accumulation over steps (`multi_steps`), batches of a run (batches.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, wraps
from itertools import pairwise
from typing import Any

import numpy as np

from gradscribe.optim import tree
from gradscribe.optim.settings import check_counts, refused

ACCUMULATORS = ("sum", "mean", "concat")


def microbatch(
    function: Callable[..., Any],
    argnums: int | Sequence[int],
    microbatch_size: int | None,
    accumulator: str | tuple[str, ...] = "sum",
    in_axes: int | Sequence[int] = 0,
) -> Callable[..., Any]:
    """The same function, evaluated on a few examples at a time: its memory is that of so many.

    Made of `gs.value_and_grad(loss)` with the loss a mean over examples and "mean" as accumulator, it returns the
    value and the gradient of the whole batch. The last part may be smaller; a mean weighs it accordingly.

    Args:
        function: of a batch; its results are numbers, arrays or trees of them.
        argnums: which arguments hold examples, by position; trees of arrays, or arrays.
        microbatch_size: how many examples at a time; None for all at once.
        accumulator: what becomes of the results: "sum", "mean", or "concat" along the first axis; a tuple, if the
            function returns a tuple whose parts differ.
        in_axes: the axis of the examples in these arguments.

    Raises:
        GS356: the arguments hold no examples, or different numbers of them.

    Example:
        >>> import gradscribe as gs
        >>> def loss(w, x, y):
        ...     return np.mean((x @ w - y) ** 2)
        >>> x, y = np.arange(10.0).reshape(5, 2), np.ones(5)
        >>> whole = gs.value_and_grad(loss)
        >>> parts = microbatch(whole, argnums=(1, 2), microbatch_size=2, accumulator="mean")
        >>> print(whole(np.ones(2), x, y)[1], parts(np.ones(2), x, y)[1])
        [ 96. 112.] [ 96. 112.]
    """
    name = "microbatch"
    chosen = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    axes = (in_axes,) * len(chosen) if isinstance(in_axes, int) else tuple(in_axes)
    if microbatch_size is not None:
        check_counts(name, microbatch_size=microbatch_size)
    if len(axes) != len(chosen):
        raise refused(
            name, f"{len(axes)} axes for {len(chosen)} arguments", "pass one axis for each of `argnums`"
        )
    for kind in accumulator if isinstance(accumulator, tuple) else (accumulator,):
        if kind not in ACCUMULATORS:
            raise refused(name, f"`accumulator` is {kind!r}", f"pass one of {', '.join(ACCUMULATORS)}")
    if microbatch_size is None:
        return function

    @wraps(function)
    def in_parts(*args: Any, **kwargs: Any) -> Any:
        count = _examples(args, chosen, axes)
        bounds = [*range(0, count, microbatch_size), count]
        found, shares = [], []
        for start, stop in pairwise(bounds):
            part = list(args)
            for position, axis in zip(chosen, axes, strict=True):
                part[position] = tree.map(partial(_cut, axis, start, stop), args[position])
            found.append(function(*part, **kwargs))
            shares.append((stop - start) / count)
        return _accumulated(found, shares, accumulator)

    return in_parts


def _examples(args: tuple[Any, ...], chosen: Sequence[int], axes: Sequence[int]) -> int:
    """The number of examples.

    Raises:
        GS356: there are none, or the arguments disagree.
    """
    lengths: dict[int, str] = {}
    for position, axis in zip(chosen, axes, strict=True):
        if not -len(args) <= position < len(args):
            raise refused("microbatch", f"there is no argument {position}", "pass examples by position")
        for leaf in tree.leaves(args[position]):
            if not -np.ndim(leaf) <= axis < np.ndim(leaf):
                what = f"argument {position} holds a leaf without axis {axis}"
                raise refused("microbatch", what, "name in `argnums` only arguments that hold examples")
            lengths.setdefault(np.shape(leaf)[axis], f"argument {position}")
    if len(lengths) > 1:
        shown = ", ".join(f"{length} in {where}" for length, where in lengths.items())
        fix = "pass as many examples in each, as they are cut together"
        raise refused("microbatch", f"different numbers of examples: {shown}", fix)
    if not lengths or 0 in lengths:
        raise refused("microbatch", "there are no examples", "pass arrays of at least one example")
    return next(iter(lengths))


def _cut(axis: int, start: int, stop: int, leaf: Any) -> Any:
    place = [slice(None)] * np.ndim(leaf)
    place[axis] = slice(start, stop)
    return leaf[tuple(place)]


def _accumulated(found: list[Any], shares: list[float], accumulator: str | tuple[str, ...]) -> Any:
    if isinstance(accumulator, tuple):
        columns = zip(zip(*found, strict=True), accumulator, strict=True)
        return tuple(_accumulated(list(column), shares, kind) for column, kind in columns)
    if accumulator == "concat":
        return tree.map(lambda *leaves: np.concatenate(leaves), *found)
    if accumulator == "sum":
        return tree.add(*found)
    total = tree.scale(shares[0], found[0])
    for share, part in zip(shares[1:], found[1:], strict=True):
        total = tree.add_scale(total, share, part)
    return total
