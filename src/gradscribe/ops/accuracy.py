"""What an entry promises of the accuracy of its derivatives.

In:  nothing.   Out: `Accuracy`, `USUAL`.
Not here: the promises (the entries), their test (tests/rules).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How near first and second derivatives are to the true ones, at the hard points and between them.

    Attributes:
        ulp: units in the last place of the true value; each operation of NumPy or SciPy costs up to a few.
        absolute_from: order of the derivative (0: the value) from which they are units in the last place of 1,
            where the true value is smaller than 1: terms cancel. None for never.
        why: what costs the digits, where a contract is weaker than the usual one.
    """

    ulp: int = 10
    absolute_from: int | None = None
    why: str = ""

    def __str__(self) -> str:
        """In the words of the documentation; nothing for the usual contract."""
        if self == Accuracy():
            return ""
        of = {None: "", 0: " of 1", 1: " of 1", 2: ", in second derivatives of 1"}[self.absolute_from]
        return f"within {self.ulp} ulp{of}: {self.why}"


USUAL = Accuracy()
