"""Refusing a construct: the exceptions that leave the statement being lowered.

In:  a node and words.   Out: `Refusal` and its relatives.
Not here: collecting diagnostics (state.py), the table of refused syntax (subset.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gradscribe.errors import Diagnostic, GradscribeError
from gradscribe.ir.graph import Op, Value


class Refusal(Exception):
    """This statement cannot be lowered. The diagnostic is kept, and lowering goes on after the statement.

    Attributes:
        error: the class of the error that the user sees in the end.
        raises: what the statement raises whenever it is reached, where that may be never.
        operands: what is of a kind that does not fit.
    """

    def __init__(
        self, error: type[GradscribeError], diagnostic: Diagnostic, raises: Exception | None = None
    ) -> None:
        super().__init__(diagnostic.title)
        self.error = error
        self.diagnostic = diagnostic
        self.raises = raises
        self.operands: tuple[Value, ...] = ()

    def of(self, operands: Iterable[Value]) -> Refusal:
        """The same, which says what does not fit."""
        self.operands = tuple(operands)
        return self

    def with_note(self, note: str) -> Refusal:
        """The same, with a note of how it came about."""
        diagnostic = replace(self.diagnostic, notes=(*self.diagnostic.notes, note))
        return Refusal(self.error, diagnostic, self.raises).of(self.operands)


class Unresolved(Exception):
    """A value is needed of which nothing is known (see `values.Unknown`); there is nothing to report."""


class Raised(Exception):
    """A function that was called raises always: nothing after the call is reached in this statement."""


UNRESOLVED = Op(name="unresolved", has_effect=True)
"""Stands for a statement that was left out, for want of such a value or refused: no program with it is used."""


class Restart(Exception):
    """A loop, or the whole function, must be lowered again with what was learnt.

    Attributes:
        target: the key of the loop or call to restart, None for the whole function.
    """

    def __init__(self, target: object) -> None:
        super().__init__("restart")
        self.target = target
