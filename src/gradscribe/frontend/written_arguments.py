"""Arguments that the function writes to: the derivative works on copies of them.

In:  the parameters of the entry graph, what they are in this call.   Out: refusals; nodes that copy.
Not here: which arguments are written (storage.py), copies of arrays in one piece (codegen/).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradscribe.errors import Diagnostic, UnsupportedSyntaxError
from gradscribe.frontend.facts import Packed
from gradscribe.frontend.state import Lowering
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.walk import substitute
from gradscribe.location import Location
from gradscribe.ops.table import lookup


def check_overlap(run: Lowering, location: Location) -> None:
    """An array that is written must not share memory with another argument."""
    values = run.leaf_values
    if values is None:
        return
    for leaf in run.written_leaves:
        name = run.params[leaf].hint
        if overlaps(values, leaf):
            raise UnsupportedSyntaxError(
                Diagnostic(
                    "GS133",
                    f"`{name}` is written to, and shares memory with another argument",
                    location,
                    why="which elements change with it depends on where they lie in memory",
                    fix="pass a copy of one of them",
                )
            )


def overlaps(values: Sequence[object], leaf: int) -> bool:
    """The array at this leaf shares memory with another one."""
    written = values[leaf]
    return isinstance(written, np.ndarray) and any(
        isinstance(other, np.ndarray) and np.may_share_memory(written, other)
        for position, other in enumerate(values)
        if position != leaf
    )


def with_spread_copies(run: Lowering, body: Block) -> Block:
    """The body, working on copies with the same strides of the written arguments that have gaps.

    Copies without would do, but for the last bits: with gaps, `np.einsum` and BLAS add in another order.
    """
    copies = {body.params[leaf]: Value(body.params[leaf].type, "") for leaf in _spread(run)}
    if not copies:
        return body
    made = [
        Node(lookup("copy"), (param,), (copied,), {"order": "strides"}, location=None)
        for param, copied in copies.items()
    ]
    nodes = [substitute(node, copies) for node in body.nodes]
    return Block(body.params, (*made, *nodes), tuple(copies.get(value, value) for value in body.results))


def _spread(run: Lowering) -> list[int]:
    """Leaves that are written and have gaps between their elements; what each of the written ones is is a fact."""
    found = []
    for leaf in run.written_leaves:
        array = run.leaf_values[leaf] if run.leaf_values is not None else None
        if isinstance(array, np.ndarray):
            packed = bool(array.flags.forc)
            run.facts[Packed(leaf, packed)] = None
            found += [] if packed else [leaf]
    return found
