"""Taking values apart into leaves: what a function returns, what a graph is called with.

In:  abstract values.   Out: `Structure`s and graph values.
Not here: the structure of Python objects (structure.py), building values from a structure (scope.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import libcst as cst
import numpy as np

from gradscribe.frontend.indexing import shape_items
from gradscribe.frontend.operands import as_value, describe, present, resolved
from gradscribe.frontend.references import holds_objects, holds_references
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    PASSED_WHOLE,
    Abstract,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    ShapeValue,
    Static,
    TupleValue,
    is_literal,
    is_none,
)
from gradscribe.frontend.written_out import SERIES, STANDS_FOR
from gradscribe.ir.graph import Value
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure
from gradscribe.ir.types import Type

MAX_LEAVES = 10_000
INSTEAD = {
    **dict.fromkeys(SERIES, "its coefficients: `.coef`"),
    np.poly1d: "its coefficients: `.coeffs`",
    dict: "its keys and values: `list(d.keys()), list(d.values())`",
}
"""What is returned for an object that only exists here."""


class Taker:
    """Takes values apart, one after the other; leaves are numbered through.

    Attributes:
        leaves: the graph values.
        around: the objects that hold what is being taken apart.
        keep_literals: numbers known now stay in the structure instead of becoming leaves.
        takes_rows: objects that are rows of a table are leaves.
    """

    takes_rows = False

    def __init__(self, run: Lowering, node: cst.CSTNode | None, *, keep_literals: bool) -> None:
        self.run = run
        self.node = node
        self.keep_literals = keep_literals
        self.leaves: list[Value] = []
        self.around: list[Cell] = []

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        value = resolved(self.run, value, self.node)
        if not isinstance(value, Cell):
            return self._taken(value)
        if value in self.around:
            return self.again(value)
        self.around.append(value)
        found = self._taken(value)
        self.around.pop()
        return found

    def again(self, cell: Cell) -> Structure:
        """The structure of an object inside of itself."""
        raise self.run.refusal(
            self.node,
            "GS127",
            f"{describe(self.run, cell)} that holds itself is handed on or returned",  # type: ignore[arg-type]
            why="it is taken apart into numbers and arrays, and this would not come to an end",
            fix="hand on or return the numbers and arrays that are needed",
        )

    def _taken(self, value: Abstract) -> Structure:
        match value:
            case MaybeNone(otherwise=other) if not is_none(other):
                return self.take(present(self.run, value, self.node))
            case MaybeNone():
                raise self.run.refusal(
                    self.node,
                    "GS127",
                    f"{describe(self.run, value)} is handed on or returned",
                    why="whether it is None is known at run time only, and what holds it would be of two kinds",
                    fix="use a number in its place, such as `np.nan`, and a flag that says which it is",
                )
            case Number(value=found) if self._refuses(found.type):
                raise self._objects()
            case Number() | ArrayCell():
                return self.leaf(as_value(self.run, value, self.node))
            case Static() if is_literal(value) and not self.keep_literals:
                return self.leaf(as_value(self.run, value, self.node))
            case Static(value=found):
                return Fixed(found)
            case TupleValue(items=items, cls=cls, names=names):
                # Named results of NumPy have no public class: they are returned as plain tuples.
                kind = ContainerKind.TUPLE if cls is tuple else ContainerKind.NAMED_TUPLE
                return self._container(kind, cls, range(len(items)) if cls is tuple else names, items)
            case ShapeValue():
                items = tuple(shape_items(self.run, self.node, value))
                return self._container(ContainerKind.TUPLE, tuple, range(len(items)), items)
            case ListCell():
                content = read_list(self.run, value, self.node)
                if isinstance(content, Value):
                    if self._refuses(content.type):
                        raise self._objects()
                    return self.leaf(content)
                return self._container(ContainerKind.LIST, list, range(len(content)), content)
            case DictCell():
                entries = read_dict(self.run, value)
                return self._container(ContainerKind.DICT, dict, entries, entries.values())
            case InstanceCell(cls=cls) if cls in STANDS_FOR and not self.keep_literals:
                name = STANDS_FOR[cls].__name__
                instead = INSTEAD.get(STANDS_FOR[cls], "a list or dict of it")
                raise self.run.refusal(
                    self.node,
                    "GS127",
                    f"a {name} is returned",
                    why="it does not exist at run time",
                    fix=f"return {instead}",
                )
            case InstanceCell(cls=cls):
                attributes = read_instance(self.run, value)
                kind = ContainerKind.DATACLASS if dataclasses.is_dataclass(cls) else ContainerKind.OBJECT
                return self._container(kind, cls, attributes, attributes.values())
            case _ if self.keep_literals and isinstance(value, PASSED_WHOLE):
                return Fixed(value)
        raise self.run.refusal(
            self.node,
            "GS127",
            f"{describe(self.run, value)} is returned",
            why="it does not exist at run time",
            fix="return numbers, arrays, or containers of them",
        )

    def _refuses(self, type_: Type) -> bool:
        if holds_references(type_):
            return not self.takes_rows
        return not self.keep_literals and holds_objects(type_)

    def _objects(self) -> Exception:
        """The refusal of objects of a run-time list, which are tuples or rows of tables in generated code."""
        return self.run.refusal(
            self.node,
            "GS127",
            "objects of a list of a length known at run time only are handed on or returned",
            why="the objects themselves do not exist at run time",
            fix="hand on or return a list for each of their parts",
        )

    def leaf(self, value: Value) -> Leaf:
        """A new leaf."""
        self.leaves.append(value)
        if len(self.leaves) > MAX_LEAVES:
            raise self.run.refusal(
                self.node,
                "GS128",
                f"a container of more than {MAX_LEAVES} numbers and arrays",
                why="each of them would become a variable of the generated function",
                fix="stack them in an array",
            )
        return Leaf(len(self.leaves) - 1)

    def _container(
        self, kind: ContainerKind, cls: type, keys: Iterable[object], items: Iterable[Abstract]
    ) -> Container:
        return Container(kind, cls, tuple(keys), tuple(self.take(item) for item in items))
