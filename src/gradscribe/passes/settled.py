"""Blocks that a pass leaves as they are need not be gone through again.

Passes come in rounds, and most of them change a few blocks. What a pass makes of a block depends on nothing but
the block and what is known of its parameters, blocks never change, and a pass returns a block itself where it
changes nothing: so it will do that again.

In:  a function of a block and what is known.   Out: the same function, which remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import TypeVarTuple
from weakref import WeakKeyDictionary

from gradscribe.ir.graph import Block

Known = TypeVarTuple("Known")


def remembering_settled(rebuild: Callable[[Block, *Known], Block]) -> Callable[[Block, *Known], Block]:
    """Decorator for what rebuilds a block: where it once changed nothing, it is not asked again.

    Args:
        rebuild: takes a block and, hashable, all else that its result depends on.
    """
    settled: WeakKeyDictionary[Block, set[Hashable]] = WeakKeyDictionary()

    @wraps(rebuild)
    def remembered(block: Block, *known: *Known) -> Block:
        if known in settled.get(block, ()):
            return block
        made = rebuild(block, *known)
        if made is block:
            settled.setdefault(block, set()).add(known)
        return made

    return remembered
