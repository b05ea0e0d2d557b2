"""The errors of differentiation: operations without a derivative, uses whose derivative is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.ir.graph import Node
from gradscribe.ops.spec import OpSpec, Refused, Unsupported, spelling_of, written


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
    return written(node.op, spelling_of(node) if node.op.spellings else None)


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
