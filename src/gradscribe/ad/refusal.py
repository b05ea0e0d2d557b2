"""The error for operations that have no derivative."""

from __future__ import annotations

from gradscribe.errors import Diagnostic, UnsupportedOperationError
from gradscribe.ir.graph import Node
from gradscribe.ops.spec import Refused


def no_derivative(node: Node, form: Refused) -> UnsupportedOperationError:
    """The error for an operation that cannot be differentiated through."""
    return UnsupportedOperationError(
        Diagnostic(
            code="GS203",
            title=f"cannot differentiate through `{node.op.name}`",
            location=node.location,
            label="this has no derivative",
            why=form.why,
            fix=form.fix,
        )
    )
