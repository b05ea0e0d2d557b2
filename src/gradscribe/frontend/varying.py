"""Lengths that a loop changes, and which of them it changes alike.

    for _ in range(n):                  values and prices are equally long before the loop,
        prices = prices[1:] * down      and each iteration makes both shorter by one:
        values = 0.5 * values[1:]       their lengths are one unknown, and the sum of both needs no fitting
        values = values + prices

Lengths that are equal before the loop and after the first attempt at an iteration are taken to vary together; the
next attempt, with one unknown for them, proves it or parts them.

In:  types of what a loop carries.   Out: their bounds.
Not here: the attempts (loops.py), what is carried (slots.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gradscribe.frontend.joins import VARYING, is_varying, varying_together
from gradscribe.frontend.learnt import LoopMemory
from gradscribe.ir.lengths import Length
from gradscribe.ir.types import ArrayType, Type

# A loop that parts lengths this often is taken to have none that vary together.
MAX_PARTINGS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the type of one carried value.

    Attributes:
        bound: its bound in this attempt.
        wide: the bound that also holds for what an iteration leaves.
        entry: its type before the loop, None where there is none.
        result: its type after an iteration.
    """

    bound: Type
    wide: Type
    entry: Type | None
    result: Type

    def varying(self) -> list[int]:
        """The dimensions whose length an iteration changes."""
        if not isinstance(self.wide, ArrayType):
            return []
        return [axis for axis, length in enumerate(self.wide.shape) if is_varying(length)]


def bounds_of(changes: Sequence[Change], memory: LoopMemory) -> list[Type]:
    """The new bounds, in which lengths that vary together are one."""
    groups: dict[object, list[tuple[int, int]]] = {}
    for number, change in enumerate(changes):
        for axis in change.varying():
            groups.setdefault(_kind(change, axis), []).append((number, axis))
    lengths = _of_new(groups) | _of_old(groups, changes, memory)
    return [_with_lengths(change.wide, lengths, number) for number, change in enumerate(changes)]


def _kind(change: Change, axis: int) -> object:
    """Dimensions of one kind may vary together: new ones if alike before and after, others if they did so far."""
    if isinstance(change.bound, ArrayType) and is_varying(change.bound.shape[axis]):
        return change.bound.shape[axis]
    if not isinstance(change.entry, ArrayType) or not isinstance(change.result, ArrayType):
        return VARYING
    return change.entry.shape[axis], change.result.shape[axis]


Places = dict[tuple[int, int], Length]


def _of_new(groups: dict[object, list[tuple[int, int]]]) -> Places:
    found: Places = {}
    for kind, places in groups.items():
        if isinstance(kind, tuple):
            found.update(dict.fromkeys(places, varying_together() if len(places) > 1 else VARYING))
    return found


def _of_old(
    groups: dict[object, list[tuple[int, int]]], changes: Sequence[Change], memory: LoopMemory
) -> Places:
    found: Places = {}
    parts = False
    for kind, places in groups.items():
        if isinstance(kind, tuple) or kind == VARYING:
            continue
        by_result: dict[Length, list[tuple[int, int]]] = {}
        for number, axis in places:
            result = changes[number].result
            assert isinstance(result, ArrayType)
            by_result.setdefault(result.shape[axis], []).append((number, axis))
        if len(by_result) == 1:
            continue
        parts = True
        for part in by_result.values():
            alone = len(part) == 1 or memory.partings >= MAX_PARTINGS
            found.update(dict.fromkeys(part, VARYING if alone else varying_together()))
    memory.partings += parts
    return found


def _with_lengths(type_: Type, lengths: Places, number: int) -> Type:
    if not isinstance(type_, ArrayType):
        return type_
    shape = tuple(lengths.get((number, axis), length) for axis, length in enumerate(type_.shape))
    return ArrayType(type_.dtype, shape)
