"""Identities that make derivative code what a person writes, as data.

Each one says how far it may be trusted. Primal code takes none of them: its bits are the user's. Derivative
code has no reference bits; it takes all but the narrowing ones.

In:  nothing.   Out: `REWRITES`.
Not here: matching them (patterns.py), products and sums of like terms (products.py), shapes (layout.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a rewrite does to the bits of the result."""

    EXACT = "bitwise equal, but for the sign of a zero"
    STABILISING = "nearer to the true value"
    REASSOCIATING = "equal but for rounding"
    NARROWING = "wrong for nan, infinity or zero: never applied"


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One identity.

    Attributes:
        before, after: expressions in the common subset of Python and SymPy; each name stands for any value, a call
            for the operation of that name without attributes.
        kind: how far it may be trusted.
    """

    name: str
    before: str
    after: str
    kind: Kind


REWRITES = (
    Rewrite("negative of a negative", "-(-x)", "x", Kind.EXACT),
    Rewrite("add a negative", "x + -y", "x - y", Kind.EXACT),
    Rewrite("add to a negative", "-x + y", "y - x", Kind.EXACT),
    Rewrite("subtract a negative", "x - -y", "x + y", Kind.EXACT),
    Rewrite("negative of a difference", "-(x - y)", "y - x", Kind.EXACT),
    Rewrite("add to zero", "0.0 + x", "x", Kind.EXACT),
    Rewrite("add zero", "x + 0.0", "x", Kind.EXACT),
    Rewrite("subtract zero", "x - 0.0", "x", Kind.EXACT),
    Rewrite("subtract from zero", "0.0 - x", "-x", Kind.EXACT),
    Rewrite("first power", "x ** 1", "x", Kind.EXACT),
    Rewrite("identity", "identity(x)", "x", Kind.EXACT),
    Rewrite("number itself", "pos(x)", "x", Kind.EXACT),
    Rewrite("transposed twice", "transpose(transpose(x))", "x", Kind.EXACT),
)
