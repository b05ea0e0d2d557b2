"""Indices of arrays, and the views that basic ones make.

In:  index templates and their run-time inputs.   Out: `Index`; views; stores at an index.
Not here: what an index is read from (indexing.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
import numpy as np

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import new_view
from gradscribe.frontend.values import ArrayCell, View
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import ScalarType


@dataclass(frozen=True)
class Index:
    """An index: a template whose `Input`s count from 0, and the values they stand for."""

    template: tuple[object, ...]
    inputs: tuple[Value, ...]

    @property
    def is_basic(self) -> bool:
        """Ints, slices, `None` and `...` only: the selection is a view."""
        return all(self._is_basic(item) for item in self.template)

    @property
    def is_element(self) -> bool:
        """Ints only."""
        return all(self._is_int(item) for item in self.template)

    def _is_basic(self, item: object) -> bool:
        return item is None or isinstance(item, slice | type(Ellipsis)) or self._is_int(item)

    def _is_int(self, item: object) -> bool:
        if isinstance(item, Input):
            type_ = self.inputs[item.position].type
            return isinstance(type_, ScalarType) and type_.dtype.kind in "iu"
        return isinstance(item, int | np.integer) and not isinstance(item, bool)

    def followed_by(self, other: Index) -> Index:
        """`x[self][other]` as one index, where self is ints only."""
        return Index(
            (*self.template, *shift(other.template, len(self.inputs))), (*self.inputs, *other.inputs)
        )


def basic_view(
    node: cst.CSTNode, array: ArrayCell, index: Index, content: Value, value: Value, name: str = ""
) -> ArrayCell:
    """`array[index]` for a basic index, which was read as `value` when the array had this content.

    What is read later has this name.
    """
    attrs = {"index": shift(index.template, 1)}

    def again(run: Lowering, base: Value) -> Value:
        (part,) = run.apply(node, "get_item", (base, *index.inputs), attrs)
        name_value(part, name)
        return part

    def write_back(run: Lowering, base: Value, part: Value) -> Value:
        return set_item(run, node, base, part, index)

    return new_view(array, View(array, content, again, write_back, (index.template, index.inputs)), value)


def set_item(run: Lowering, node: cst.CSTNode, array: Value, part: Value, index: Index) -> Value:
    """The array with `part` stored at the index."""
    attrs = {"index": shift(index.template, 2)}
    return run.apply(node, "set_item", (array, part, *index.inputs), attrs)[0]
