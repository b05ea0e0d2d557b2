"""Lengths of arguments that are equal in the call at hand, asked where that decides what is generated.

`k[1:] * u[1:]` broadcasts only if one of the slices has length 1, which no type says. Where u and k are equally
long in the call that is compiled for, this becomes a fact of the guard, both lengths become one, and nothing is
summed or repeated at run time. A call with other lengths is compiled anew, without the fact.

In:  operations and loops that meet two lengths.   Out: symbols that are one, and the facts that say so.
Not here: testing facts (compiler/guard.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from gradscribe.frontend.facts import SameLength
from gradscribe.ir.lengths import Length, Symbol, renamed, symbols_of
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.indexes import select
from gradscribe.ops.spec import Domain, OpSpec

Place = tuple[int, int]


class EqualLengths:
    """What one lowering asks, and what earlier attempts of it have learnt.

    Attributes:
        same: a symbol of an argument's dimension, and the one that stands for it; survives a restart.
        is_stale: something was learnt that the types of this attempt do not know yet.
    """

    def __init__(self, same: dict[Symbol, Symbol]) -> None:
        self.same = same
        self.is_stale = False
        self._places: dict[Symbol, Place] = {}
        self._values: Sequence[object] = ()

    def note_arguments(self, types: Sequence[Type], values: Sequence[object] | None) -> None:
        """The arguments that may be asked; without values none is."""
        self._values = values or ()
        for leaf, type_ in enumerate(types):
            for axis, length in enumerate(shape_of(type_)):
                found = symbols_of(length)
                if len(found) == 1:
                    self._places.setdefault(found.pop(), (leaf, axis))

    def known(self, type_: Type) -> Type:
        """The type of an argument with one symbol for all lengths that are one."""
        if not isinstance(type_, ArrayType) or not self.same:
            return type_
        names = {symbol: self._root(symbol) for symbol in self.same}
        return ArrayType(type_.dtype, tuple(renamed(length, names) for length in type_.shape))

    def facts(self) -> Iterable[SameLength]:
        """What must hold of the arguments of a call."""
        for symbol in self.same:
            yield SameLength(self._places[symbol], self._places[self._root(symbol)])

    def ask_of_operation(self, op: OpSpec, types: Sequence[Type], attrs: Mapping[str, object]) -> None:
        """Ask about dimensions of operands of which only the run can tell whether one is repeated."""
        if op.name == "set_item":
            shapes = [select(attrs["index"], types, shape_of(types[0])).shape, shape_of(types[1])]
        elif op.backend is Domain.ELEMENTWISE and len(types) > 1:
            shapes = [shape_of(type_) for type_ in types]
        else:
            return
        for lengths in zip(*(shape[::-1] for shape in shapes if shape), strict=False):
            distinct = {length for length in lengths if not length.is_one}
            if len(distinct) > 1 and not all(length.is_not_one for length in distinct):
                for left, right in combinations(sorted(distinct, key=str), 2):
                    self.ask(left, right)

    def ask_of_types(self, left: Type, right: Type) -> None:
        """Ask about the dimensions of a value before and after an iteration."""
        if isinstance(left, ArrayType) and isinstance(right, ArrayType) and left.ndim == right.ndim:
            for before, after in zip(left.shape, right.shape, strict=True):
                self.ask(before, after)

    def ask(self, left: Length, right: Length) -> None:
        """Learn that two lengths are equal, where equal lengths of two arguments make them so."""
        found = [symbols_of(length) for length in (left, right)]
        if left == right or [len(symbols) for symbols in found] != [1, 1]:
            return
        first, second = (self._root(symbols.pop()) for symbols in found)
        if first is second or renamed(left, {first: second}) != right:
            return
        if self._are_equal(first, second):
            self.same[first] = second
            self.is_stale = True

    def _root(self, symbol: Symbol) -> Symbol:
        while symbol in self.same:
            symbol = self.same[symbol]
        return symbol

    def _are_equal(self, *symbols: Symbol) -> bool:
        """The lengths are known, and equal, in the call at hand."""
        lengths = set()
        for symbol in symbols:
            leaf, axis = self._places.get(symbol, (0, 0))
            value = self._values[leaf] if symbol in self._places and self._values else None
            lengths.add(value.shape[axis] if isinstance(value, np.ndarray) else None)
        return len(lengths) == 1 and None not in lengths
