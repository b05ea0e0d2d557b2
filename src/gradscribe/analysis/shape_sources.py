"""Arrays of which a reverse block reads nothing but the shape, and others that have that shape.

    before:  cp_saved.append(cp)                          after:
             d_c = np.zeros_like(cp)                             d_c = np.zeros_like(upper)

In:  nodes, the values that would be saved for them, those that are there anyway.   Out: what to read instead.
Not here: lengths alone, which are saved as ints (ad/residuals.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, Type


def shapes_elsewhere(
    nodes: Sequence[Node],
    results: Collection[Value],
    saved: Iterable[Value],
    there: Iterable[Value],
    absent: Collection[Value] = (),
) -> dict[Value, Value]:
    """For values that are saved for their shape alone: another value of the same dtype and lengths.

    Args:
        nodes: of the reverse block, those that it runs again among them.
        results: what the block yields.
        saved: values that are to be saved for it.
        there: other values that it has before its first node; the first ones are preferred.
        absent: values that may be absent, which have no shape then.
    """
    contents = {
        value
        for node in nodes
        for position, value in enumerate(node.inputs)
        if position not in node.op.shape_only
    }
    contents.update(results)
    saved = list(saved)
    sources: dict[Type, Value] = {}
    for value in (*there, *(value for value in saved if value in contents)):
        if value not in absent:
            sources.setdefault(value.type, value)
    return {
        value: sources[value.type]
        for value in saved
        if value not in contents and isinstance(value.type, ArrayType) and value.type in sources
    }
