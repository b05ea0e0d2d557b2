"""Lengths of arguments in the call at hand, asked where they decide what is generated.

`k[1:] * u[1:]` broadcasts only if one of the slices has length 1, which no type says. Where u and k are equally
long in the call that is compiled for, this becomes a fact of the guard, both lengths become one, and nothing is
summed or repeated at run time. So it is where one is longer by what makes the lengths that meet equal, as that of
values at the nodes and at the edges of a grid: `k * (u[1:] - u[:-1])`. Where each item becomes a variable of the
generated code, as in `distance(*point)`, a length becomes known as a number. A call with other lengths is compiled
anew, without the fact.

In:  operations and loops that meet two lengths; lengths that must be known.   Out: what is learnt of symbols, and
the facts that say so.
Not here: testing facts (compiler/guard.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from gradscribe.frontend.facts import KnownLength, SameLength
from gradscribe.frontend.refusal import Restart
from gradscribe.ir.graph import Value
from gradscribe.ir.lengths import Length, Symbol, as_length, of_symbol, substituted, symbols_of
from gradscribe.ir.types import ArrayType, Type, shape_of
from gradscribe.ops.indexes import select
from gradscribe.ops.spec import Domain, OpSpec

Place = tuple[int, int]
LONGEST_KNOWN = 64
"""How long an argument is at most for which code of its own is generated."""

FACTORISATIONS = {"svd", "qr"}
"""Whose factors may be larger than what the matrix spans, unless it is square."""


class EqualLengths:
    """What one lowering asks, and what earlier attempts of it have learnt.

    Attributes:
        same: a symbol of an argument's dimension, and the length that stands for it: another symbol, or somewhat
            more, or a number; survives a restart.
        is_stale: something was learnt that the types of this attempt do not know yet.
    """

    def __init__(self, same: dict[Symbol, Length]) -> None:
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
        return ArrayType(type_.dtype, tuple(map(self._resolved, type_.shape)))

    def facts(self) -> Iterable[SameLength | KnownLength]:
        """What must hold of the arguments of a call."""
        for symbol in self.same:
            length = self._resolved(of_symbol(symbol))
            if length.constant is not None:
                yield KnownLength(*self._places[symbol], length.constant)
                continue
            (root,) = symbols_of(length)
            longer_by = (length - of_symbol(root)).constant
            assert longer_by is not None
            yield SameLength(self._places[symbol], self._places[root], longer_by)

    def ask_of_operation(self, op: OpSpec, types: Sequence[Type], attrs: Mapping[str, object]) -> None:
        """Ask about dimensions of operands of which only the run can tell whether one is repeated."""
        if op.name == "cross":
            self._ask_last(types)
            return
        if op.name in FACTORISATIONS and self._is_square(types[0]):
            self.ask(*shape_of(types[0])[-2:])
            return
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

    def _ask_last(self, types: Sequence[Type]) -> None:
        """Learn how long vectors are: in the plane their product is a number."""
        lengths = [self._resolved(shape_of(type_)[-1]) for type_ in types]
        found = {symbol for length in lengths for symbol in symbols_of(length)}
        if found and all(self.value(symbol) is not None for symbol in found):
            self.learn(found)
            self.is_stale = True

    def _is_square(self, type_: Type) -> bool:
        """Whether a matrix is square in the call at hand: then its factors are, and none is an arbitrary basis."""
        found = [symbols_of(self._resolved(length)) for length in shape_of(type_)[-2:]]
        if any(len(symbols) != 1 for symbols in found):
            return False
        rows, columns = (self.value(symbols.pop()) for symbols in found)
        return rows is not None and rows == columns

    def ask_of_types(self, left: Type, right: Type) -> None:
        """Ask about the dimensions of a value before and after an iteration."""
        if isinstance(left, ArrayType) and isinstance(right, ArrayType) and left.ndim == right.ndim:
            for before, after in zip(left.shape, right.shape, strict=True):
                self.ask(before, after)

    def ask(self, left: Length, right: Length) -> None:
        """Learn that two lengths are equal, where the lengths of two arguments make them so."""
        left, right = self._resolved(left), self._resolved(right)
        found = [symbols_of(length) for length in (left, right)]
        if left == right or [len(symbols) for symbols in found] != [1, 1]:
            return
        symbols = [found[0].pop(), found[1].pop()]
        values = [self.value(symbol) for symbol in symbols]
        if symbols[0] is symbols[1] or values[0] is None or values[1] is None:
            return
        # A length is known not to be negative as a symbol, and as a symbol and more, but not as a symbol and less.
        longer, shorter = (1, 0) if values[1] > values[0] else (0, 1)
        length = of_symbol(symbols[shorter]) + abs(values[1] - values[0])
        known = {symbols[longer]: length}
        if substituted(left, known) == substituted(right, known):
            self.same.update(known)
            self.is_stale = True

    def restart_if_stale(self) -> None:
        """Lower again where something was learnt that the types of this attempt do not know."""
        if self.is_stale:
            raise Restart(None)

    def asked(self, op: OpSpec, inputs: Sequence[Value], attrs: Mapping[str, object]) -> frozenset[Symbol]:
        """The lengths of arguments that an operation gives, if those in the call at hand are small."""
        if op.name not in ("dimension", "size"):
            return frozenset()
        shape = shape_of(inputs[0].type)
        axis = attrs.get("axis", 0)
        asked = shape if op.name == "size" or not isinstance(axis, int) else shape[axis : axis + 1]
        found = {root for length in asked for root in symbols_of(self._resolved(length))}
        values = [self.value(symbol) for symbol in found]
        return frozenset(found if all(v is not None and v <= LONGEST_KNOWN for v in values) else ())

    def learn(self, symbols: Iterable[Symbol]) -> None:
        """Learn what these lengths are in the call at hand."""
        for symbol in symbols:
            for root in symbols_of(self._resolved(of_symbol(symbol))):
                value = self.value(root)
                assert value is not None
                self.same[root] = as_length(value)

    def _resolved(self, length: Length) -> Length:
        while not self.same.keys().isdisjoint(symbols_of(length)):
            length = substituted(length, self.same)
        return length

    def value(self, symbol: Symbol) -> int | None:
        """The length in the call at hand, where it is known."""
        if symbol not in self._places or not self._values:
            return None
        leaf, axis = self._places[symbol]
        value = self._values[leaf]
        return value.shape[axis] if isinstance(value, np.ndarray) else None
