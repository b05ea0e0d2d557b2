"""Calls of SciPy whose result is more than arrays.

In:  the result of an operation of the table, and its arguments.   Out: what the call returns.
Not here: the operations (ops/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.frontend.values import Abstract, Static, TupleValue
from gradscribe.ops.spec import OpSpec


def completed(
    spec: OpSpec, found: Abstract, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """The result with what is known of it while lowering: cho_factor also returns the flag `lower`."""
    if spec.name != "cho_factor":
        return found
    lower = args[1] if len(args) > 1 else kwargs.get("lower", Static(False))
    factor = found.items[0] if isinstance(found, TupleValue) else found
    return TupleValue((factor, lower))
