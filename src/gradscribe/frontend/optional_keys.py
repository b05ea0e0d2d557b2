"""Indices with bounds that are None on some ways: `x[:stop]` where `stop` may be None.

In:  a key, and what is done with it.   Out: what is made of it, with a value and with None.
Not here: other uses of what may be None (optional.py), indexing itself (indexing.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.operands import present
from gradscribe.frontend.optional import Use, any_optional, over_optional
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, MaybeNone, SliceValue, Static, TupleValue


def slice_of(start: Abstract, stop: Abstract, step: Abstract) -> Abstract:
    """A slice with these bounds."""
    bounds = (start, stop, step)
    if all(isinstance(bound, Static) for bound in bounds):
        return Static(slice(*(bound.value for bound in bounds if isinstance(bound, Static))))
    return SliceValue(*bounds)


def over_optional_key(run: Lowering, node: cst.CSTNode, key: Abstract, use: Use) -> Abstract:
    """`use(key)` of a key with bounds that may be None."""
    match key:
        case MaybeNone():
            # That a new axis is meant, where there is no index, is less likely than a mistake.
            return use(present(run, key, node, error=IndexError))
        case SliceValue(start=start, stop=stop, step=step) if any_optional((start, stop, step)):
            return over_optional(run, node, (start, stop, step), lambda *bounds: use(slice_of(*bounds)))
        case TupleValue(items=items):
            place = next((k for k, item in enumerate(items) if has_optional(item)), None)
            if place is not None:

                def with_item(item: Abstract) -> Abstract:
                    known = TupleValue((*items[:place], item, *items[place + 1 :]))
                    return over_optional_key(run, node, known, use)

                return over_optional_key(run, node, items[place], with_item)
    return use(key)


def has_optional(key: Abstract) -> bool:
    """Whether a part of a key may be None."""
    if isinstance(key, SliceValue):
        return any_optional((key.start, key.stop, key.step))
    return isinstance(key, MaybeNone) or (isinstance(key, TupleValue) and any(map(has_optional, key.items)))
