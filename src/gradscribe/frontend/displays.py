"""Displays of progress around what a loop goes over: `tqdm(items)`, `track(items)`.

In:  a callable.   Out: its handler: the items themselves, since a derivative displays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Static

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]

# By the names under which they are defined: none of these libraries is needed here.
DISPLAYS = frozenset(
    {
        ("tqdm.std", "tqdm"),
        ("tqdm.asyncio", "tqdm_asyncio"),
        ("tqdm.notebook", "tqdm_notebook"),
        ("tqdm.rich", "tqdm_rich"),
        ("rich.progress", "track"),
    }
)
RANGES = frozenset(
    {
        ("tqdm.std", "trange"),
        ("tqdm.asyncio", "tarange"),
        ("tqdm.notebook", "tnrange"),
        ("tqdm.rich", "trrange"),
    }
)


def displayed(target: object) -> Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None] | None:
    """The handler of a display of progress; None for anything else."""
    name = (getattr(target, "__module__", None), getattr(target, "__qualname__", None))
    if name in RANGES:
        return lambda run, node, args, kwargs: run.call(run, node, Static(range), args, {})
    return _items if name in DISPLAYS else None


def _items(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return args[0] if args else kwargs.get("iterable", kwargs.get("sequence"))
