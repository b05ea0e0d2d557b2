"""Lengths of dimensions, in a normal form that decides equality.

A length is an integer polynomial over atoms. An atom is a symbol (a dimension of an argument, or of a
value whose length is only known at run time), `max(0, ·)`, or `min(·, ·)`. Equal lengths are equal objects
(`==` and `hash` are structural), so `u[2:]`, `u[1:-1]` and `u[:-2]` all have the length `max(0, n-2)`.

In:  integers and symbols.   Out: `Length`.
Not here: which dimensions broadcast (types.py), what a program teaches about lengths (frontend).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Symbol:
    """An unknown length. Symbols with the same number are the same unknown.

    Attributes:
        number: identity, unique in a process except where a dump is read back.
        name: how it is shown.
        not_one: the length is known to differ from 1 (so the dimension does not broadcast).
        of_items: of each item of a list, whose lengths need not be the same.
    """

    number: int
    name: str
    not_one: bool = False
    of_items: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class AtLeastZero:
    """max(0, length): what slicing yields."""

    length: Length

    def __str__(self) -> str:
        return f"max(0, {self.length})"


@dataclass(frozen=True, slots=True)
class Smaller:
    """min(left, right): what `zip` and clipped slices yield."""

    left: Length
    right: Length

    def __str__(self) -> str:
        return f"min({self.left}, {self.right})"


Atom = Symbol | AtLeastZero | Smaller
Monomial = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """An integer polynomial: `terms` maps a sorted product of atoms to its coefficient."""

    terms: tuple[tuple[Monomial, int], ...]

    @property
    def constant(self) -> int | None:
        """The value of a length that does not depend on a symbol, else None."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    @property
    def is_one(self) -> bool:
        """True when the length is known to be 1."""
        return self.constant == 1

    @property
    def is_not_one(self) -> bool:
        """True when the length is known to differ from 1. Knowing n is not 1 says nothing of n - 1."""
        if self.constant is not None:
            return self.constant != 1
        if len(self.terms) != 1 or self.terms[0][1] < 1:
            return False
        atoms, coefficient = self.terms[0]
        if coefficient > 1:
            return True
        return len(atoms) == 1 and isinstance(atoms[0], Symbol) and atoms[0].not_one

    @property
    def is_not_negative(self) -> bool:
        """True when it is known to be 0 or more."""
        return all(coefficient > 0 and all(map(_is_not_negative, atoms)) for atoms, coefficient in self.terms)

    def __add__(self, other: Length | int) -> Length:
        return _collect((*self.terms, *as_length(other).terms))

    def __sub__(self, other: Length | int) -> Length:
        return self + as_length(other) * -1

    def __mul__(self, other: Length | int) -> Length:
        right = as_length(other)
        return _collect(
            (tuple(sorted((*a, *b), key=_atom_key)), x * y) for a, x in self.terms for b, y in right.terms
        )

    def __str__(self) -> str:
        if self.constant is not None:
            return str(self.constant)
        text = ""
        for atoms, coefficient in sorted(self.terms, key=lambda term: (-len(term[0]), str(term[0]))):
            factors = [str(atom) for atom in atoms]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, str(abs(coefficient)))
            sign = "-" if coefficient < 0 else "+" if text else ""
            text += sign + "*".join(factors)
        return text


def _is_not_negative(atom: Atom) -> bool:
    return not isinstance(atom, Smaller) or (atom.left.is_not_negative and atom.right.is_not_negative)


def _atom_key(atom: Atom) -> tuple[str, int]:
    return (str(atom), atom.number if isinstance(atom, Symbol) else -1)


def _collect(terms: Iterable[tuple[Monomial, int]]) -> Length:
    totals: dict[Monomial, int] = {}
    for atoms, coefficient in terms:
        totals[atoms] = totals.get(atoms, 0) + coefficient
    kept = [(atoms, total) for atoms, total in totals.items() if total]
    kept.sort(key=lambda term: [_atom_key(atom) for atom in term[0]])
    return Length(tuple(kept))


_numbers = count(1)


def fresh(name: str = "", *, not_one: bool = False, of_items: bool = False) -> Length:
    """A new unknown length."""
    number = next(_numbers)
    return of_symbol(Symbol(number, name or f"n{number}", not_one, of_items))


def of_symbol(symbol: Symbol) -> Length:
    """The length that is this symbol."""
    return Length((((symbol,), 1),))


def as_length(value: Length | int) -> Length:
    """`value` as a length."""
    if isinstance(value, Length):
        return value
    return Length((((), value),)) if value else Length(())


ONE = as_length(1)
ZERO = as_length(0)


def at_least_zero(length: Length) -> Length:
    """max(0, length), folded for constants, for what cannot be negative, and for slices of slices.

    `x[1:][1:]` has length max(0, max(0, n - 1) - 1), which is max(0, n - 2).
    """
    if length.constant is not None:
        return as_length(max(0, length.constant))
    rest = [term for term in length.terms if term[0]]
    match rest:
        case [((AtLeastZero(inner),), 1)] if len(length.terms) == 1 or dict(length.terms)[()] < 0:
            shorter = length - Length(tuple(rest))
            return at_least_zero(inner + shorter)
    return length if length.is_not_negative else Length((((AtLeastZero(length),), 1),))


def smaller(left: Length, right: Length) -> Length:
    """min(left, right), folded where the sign of their difference is known."""
    if at_least_zero(right - left) == right - left:
        return left
    if at_least_zero(left - right) == left - right:
        return right
    first, second = sorted((left, right), key=str)
    return Length((((Smaller(first, second),), 1),))


def substituted(length: Length, known: Mapping[Symbol, Length]) -> Length:
    """The length with other lengths in place of some symbols."""
    total = ZERO
    for atoms, coefficient in length.terms:
        product = as_length(coefficient)
        for atom in atoms:
            product = product * _substituted_atom(atom, known)
        total = total + product
    return total


def _substituted_atom(atom: Atom, known: Mapping[Symbol, Length]) -> Length:
    match atom:
        case Symbol():
            return known.get(atom) or of_symbol(atom)
        case AtLeastZero(inner):
            return at_least_zero(substituted(inner, known))
        case Smaller(left, right):
            return smaller(substituted(left, known), substituted(right, known))


def symbols_of(length: Length) -> set[Symbol]:
    """Every symbol that the length depends on."""
    found: set[Symbol] = set()
    for atoms, _ in length.terms:
        for atom in atoms:
            match atom:
                case Symbol():
                    found.add(atom)
                case AtLeastZero(inner):
                    found |= symbols_of(inner)
                case Smaller(left, right):
                    found |= symbols_of(left) | symbols_of(right)
    return found
