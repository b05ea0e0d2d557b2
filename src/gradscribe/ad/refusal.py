"""The errors of differentiation: operations without a derivative, uses whose derivative is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.ir.graph import Node
from gradscribe.ops.spec import OpSpec, Refused, Unsupported, spelling_of, written
from gradscribe.ops.table import RUNTIME


def no_derivative(node: Node, form: Refused) -> UnsupportedOperationError:
    """The error for an operation that cannot be differentiated through."""
    return UnsupportedOperationError(
        Diagnostic(
            code="GS203",
            title=f"cannot differentiate through `{_written(node)}`",
            location=node.location,
            label="this has no derivative",
            why=form.why,
            fix=form.fix,
        )
    )


def _written(node: Node) -> str:
    if not isinstance(node.op, OpSpec):
        return node.op.name
    spelling = spelling_of(node) if node.op.spellings else None
    if spelling is not None and spelling.name.startswith(RUNTIME):
        # The user wrote the name that the library has for it, if there is one.
        spelling = next((s for s in node.op.spellings if not s.name.startswith(RUNTIME)), spelling)
    return written(node.op, spelling)


@contextmanager
def blamed_on(node: Node) -> Iterator[None]:
    """What a rule refuses is an error at the user's line."""
    try:
        yield
    except Unsupported as refusal:
        raise UnsupportedOperationError(
            Diagnostic(
                code="GS203",
                title=f"cannot differentiate through this use of `{_written(node)}`",
                location=node.location,
                label=str(refusal),
                why=refusal.why,
                fix=refusal.fix,
            )
        ) from None
