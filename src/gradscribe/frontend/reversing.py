"""`reversed` of objects of user classes: by `__reversed__`, or else from the last place to the first.

In:  what is reversed.   Out: how a loop goes over it; a refusal of what Python does not reverse.
Not here: `__reversed__` (special_methods.py), lists, ranges and arrays (iteration.py).
"""

from __future__ import annotations

from types import FunctionType

import libcst as cst

from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.iteration import ONE, ZERO, Counted, Iterable, reversed_items
from gradscribe.frontend.protocols import length_by_method, not_reversible
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, InstanceCell, Iterated


def places_reversed(run: Lowering, node: cst.CSTNode, value: Abstract) -> Iterable | None:
    """The items at the places of an object, from the last one; None for what is no object."""
    if isinstance(value, Iterated):
        raise not_reversible(run, node, value.kind)
    if not isinstance(value, InstanceCell) or value.cls.__module__.startswith("gradscribe."):
        return None
    has_own = find_in_class(value.cls, "__reversed__") is not MISSING
    length = None if has_own else length_by_method(run, node, value)
    if length is None or not isinstance(find_in_class(value.cls, "__getitem__"), FunctionType):
        raise not_reversible(run, node, value.cls.__name__)
    places = Counted(ZERO, length, ONE, lambda index: item_of(run, node, value, index))
    return reversed_items(run, node, places)
