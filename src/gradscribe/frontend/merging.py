"""Joining what two branches leave behind: variables, contents of objects, ways of leaving.

In:  two sides, each with its block, variables and heap.   Out: joined values; the results of both blocks.
Not here: when to branch (branches.py), bounds of types (joins.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import libcst as cst

from gradscribe.errors import Diagnostic
from gradscribe.frontend.conflicts import ask_sets
from gradscribe.frontend.derived import is_attached
from gradscribe.frontend.entries import attach
from gradscribe.frontend.joined_objects import one_object, share_joined
from gradscribe.frontend.joined_parts import joined_part
from gradscribe.frontend.joins import instantiate, join_types, same_class
from gradscribe.frontend.known_keys import KnownKeys
from gradscribe.frontend.labels import as_choice, is_choosable, joined_options, same_static
from gradscribe.frontend.made_functions import functions_alone, merged_function
from gradscribe.frontend.merged_bounds import have_bounds, merge_bounds
from gradscribe.frontend.merged_objects import merge_entries, merge_mappings
from gradscribe.frontend.merged_optionals import is_bool_type, is_either, is_optional, merge_optional
from gradscribe.frontend.merged_variables import merge_unbound
from gradscribe.frontend.narrowing import Narrowing
from gradscribe.frontend.operands import as_value, describe, list_value
from gradscribe.frontend.references import widened
from gradscribe.frontend.sharers import hold_converted, joined_roots
from gradscribe.frontend.state import RETURN, Condition, Flow, Lowering
from gradscribe.frontend.storage import is_run_time, read_again
from gradscribe.frontend.values import (
    UNKNOWN,
    Abstract,
    ArrayCell,
    Cell,
    Choice,
    Conflict,
    DictCell,
    InstanceCell,
    Iterated,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    Object,
    Order,
    Static,
    Tainted,
    Text,
    TupleValue,
    Unknown,
    is_literal,
    is_text,
)
from gradscribe.ir.graph import Value
from gradscribe.ir.types import BOOL, NONE, ArrayType, SequenceType, type_text
from gradscribe.ops.build import OpBuilder

TRUE, FALSE = Static(True), Static(False)


@dataclass(eq=False)
class Side:
    """One branch after it was lowered."""

    builder: OpBuilder
    names: dict[str, Abstract]
    heap: dict[Cell, object]
    flow: Flow
    narrowing: Narrowing = field(default_factory=Narrowing)
    keys: KnownKeys = field(default_factory=KnownKeys)

    @property
    def goes_on(self) -> bool:
        """Control reaches something behind the branch in this function."""
        flow = self.flow
        return any(way is not False for way in (flow.falls, flow.breaks, flow.continues))

    @property
    def survives(self) -> bool:
        """The branch does not always raise."""
        return self.goes_on or self.flow.returns is not False


class Merger:
    """Collects the results of both branches while values are joined.

    Attributes:
        left, right: results of the two blocks, pairwise.
        outputs: the joined values.
        moved_out: objects that a side made, with what stands for them after the branch.
        flag: what chooses between the branches, where that is a flag joined before.
        open: pairs of containers that are being joined.
    """

    def __init__(
        self,
        run: Lowering,
        node: cst.CSTNode,
        left: Side,
        right: Side,
        first_inside: int,
        condition: Value | None = None,
        optionals: Sequence[MaybeNone] = (),
    ) -> None:
        self.run = run
        is_flag = condition is not None and condition.type == BOOL and condition not in run.makers
        self.flag = condition if is_flag else None
        self.chooses = condition if condition is not None and is_bool_type(condition.type) else None
        self.node = node
        self.sides = (left, right)
        self.first_inside = first_inside
        self.optionals = optionals
        self.results: tuple[list[Value], list[Value]] = ([], [])
        self.outputs: list[Value] = []
        self.moved_out: dict[Cell, Object] = {}
        self.open: set[object] = set()
        self._known: dict[object, Abstract] = {}
        self._leaves: dict[tuple[Value | None, Value | None], Value] = {}
        self._flags: dict[tuple[Condition, Condition], Value] = {}

    @contextmanager
    def on(self, side: int) -> Iterator[None]:
        """Nodes and reads inside belong to one side."""
        run = self.run
        outer = run.builder, run.heap
        run.builder, run.heap = self.sides[side].builder, self.sides[side].heap
        try:
            yield
        finally:
            run.builder, run.heap = outer

    # Leaves

    def leaf(self, left: Value | None, right: Value | None, hint: str) -> Value | None:
        """The joined value of two graph values, None standing for absent; None where types do not join."""
        if left is right and left is not None:
            return left
        if (left, right) in self._leaves:
            return self._leaves[left, right]
        present = [value.type for value in (left, right) if value is not None]
        joined = present[0] if len(present) == 1 else join_types(*present)
        if joined is None:
            return None
        output = Value(instantiate(joined), hint)
        for side, value in enumerate((left, right)):
            with self.on(side):
                self.results[side].append(value if value is not None else self.run.absent(output.type))
        self.outputs.append(output)
        self._leaves[left, right] = output
        given = {value for value in (left, right) if value is not None}
        if given & self.run.mixed or not all(same_class(value.type, output.type) for value in given):
            self.run.mixed.add(output)
        return output

    def condition(self, left: Condition, right: Condition, hint: str = "") -> Condition:
        """The joined value of two conditions."""
        if isinstance(left, bool) and left is right:
            return left
        if left is True and right is False and self.flag is not None:
            return self.flag
        if (left, right) not in self._flags:
            self._flags[left, right] = self._flag(left, right, hint)
        return self._flags[left, right]

    def _flag(self, left: Condition, right: Condition, hint: str) -> Value:
        values = []
        for side, given in enumerate((left, right)):
            with self.on(side):
                values.append(given if isinstance(given, Value) else self.run.constant(given, self.node))
        found = self.leaf(values[0], values[1], hint)
        assert found is not None
        return found

    # Values

    def merge(self, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
        """The value that is `left` after one branch and `right` after the other; None: not needed there."""
        left = None if isinstance(left, Unknown) else left
        right = None if isinstance(right, Unknown) else right
        if left is None and right is None:
            return UNKNOWN
        if left is right:
            assert left is not None
            return left
        key = (id(left), id(right))
        if key not in self._known:
            self._known[key] = self._merge(left, right, hint)
        return self._known[key]

    def _merge(self, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
        for part in (left, right):
            if isinstance(part, Conflict):
                return part
        if isinstance(left, MaybeUnbound) or isinstance(right, MaybeUnbound):
            return merge_unbound(self, left, right, hint)
        if is_optional(left, right):
            return merge_optional(self, left, right, hint)
        if isinstance(left, Static) and isinstance(right, Static) and same_static(left, right):
            return left
        ask_sets(self.run, left, right)
        if have_bounds(left, right):
            return merge_bounds(self, left, right, hint)
        kind = type(left if left is not None else right)
        if left is None or right is None or type(left) is type(right):
            if kind is TupleValue:
                return self._merge_tuples(left, right, hint)
            if kind is ListCell:
                return self._merge_lists(left, right, hint)
            if kind is DictCell or kind is InstanceCell:
                return merge_mappings(self, left, right, hint)
        found = merged_function(self.merge, left, right)
        single = right if left is None else left if right is None else None
        if found is None and (single is None or isinstance(single, Choice)):
            found = self._merge_choices(left, right, hint)
        if found is not None:
            return found
        if isinstance(single, Iterated) and self._is_made_inside(single):
            return self.conflict(left, right, hint)
        if single is not None and not isinstance(single, Number | ArrayCell | Text):
            return single
        return self._merge_numbers(left, right, hint)

    def _is_made_inside(self, iterator: Iterated) -> bool:
        """It was made in a branch: what it goes over is known nowhere else."""
        return iterator.block is not self.run.builder and iterator.block not in self.run.enclosing

    def _merge_choices(self, left: Abstract | None, right: Abstract | None, hint: str) -> Choice | None:
        """Things known now, of which the condition chooses; None where that is not what they are."""
        if not all(part is None or is_choosable(part) for part in (left, right)):
            return None
        made: list[Choice | None] = []
        for side, part in enumerate(functions_alone(self.merge, left, right)):
            with self.on(side):
                made.append(as_choice(self.run, part) if part is not None else None)
        options = joined_options(*(part for part in made if part is not None))
        labels = [part.label if part is not None else None for part in made]
        found = self.leaf(labels[0], labels[1], hint)
        return Choice(found, options) if found is not None and options is not None else None

    def as_flag(self, condition: Condition) -> Value:
        """A condition as a value."""
        if isinstance(condition, Value):
            return condition
        return self.run.constant(condition, self.node)

    def _merge_numbers(self, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
        values: list[Value | None] = []
        cells: list[ArrayCell] = []
        for side, part in enumerate((left, right)):
            if part is None:
                values.append(None)
                continue
            if not isinstance(part, Number | ArrayCell) and not is_literal(part) and not is_text(part):
                return self.conflict(left, right, hint)
            if isinstance(part, ArrayCell):
                cells.append(part)
                content = self.content(side, part)
                if isinstance(content, Tainted):
                    # Also where the object was made on this side, and what it holds would be forgotten.
                    self.run.heap[part] = content
                    return part
            with self.on(side):
                values.append(as_value(self.run, widened(self.run, self.node, part), self.node))
        found = self.leaf(values[0], values[1], hint)
        if found is None and is_either(left, right):
            return merge_optional(self, left, right, hint)
        if found is None:
            return self.conflict(left, right, hint)
        if not isinstance(found.type, ArrayType):
            return Number(found)
        if left is None or right is None:
            (cell,) = cells
            if cell.serial < self.first_inside:
                return cell
        part = joined_part(self, left, right, found) or one_object(self, left, right, found, hint)
        if part is not None:
            return part
        # A number is none of the objects that the array may be.
        new = [ArrayCell(found)] if len(cells) == 1 and left is not None and right is not None else []
        cell = ArrayCell(found, roots=joined_roots(*cells, *new))
        share_joined(self, cell, left, right, hint)
        self._attach(cell, left, right)
        return cell

    def _attach(self, joined: Cell, left: Abstract | None, right: Abstract | None) -> None:
        """What is one entry of a list or another one is an entry of that list."""
        if not isinstance(left, Cell) or not isinstance(right, Cell):
            return
        if left.place is None or right.place is None:
            return
        if not is_attached(left, self.sides[0].heap) or not is_attached(right, self.sides[1].heap):
            return
        if left.place.holder is right.place.holder and left.place.order is right.place.order:
            index = self.leaf(left.place.index, right.place.index, "")
            assert index is not None
            attach(self.run, joined, left.place.holder, index, None)

    def content(self, side: int, cell: Cell) -> object:
        """What a cell holds at the end of a side."""
        with self.on(side):
            read_again(self.run, cell, self.node)
        return self.sides[side].heap.get(cell, cell.initial)  # type: ignore[attr-defined]

    def _merge_tuples(self, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
        a = left if isinstance(left, TupleValue) else None
        b = right if isinstance(right, TupleValue) else None
        shape = a or b
        assert shape is not None
        if a is not None and b is not None and (a.cls is not b.cls or len(a.items) != len(b.items)):
            return self.conflict(left, right, hint)
        none: tuple[None, ...] = (None,) * len(shape.items)
        pairs = zip(a.items if a else none, b.items if b else none, strict=True)
        items = tuple(self.merge(x, y, "") for x, y in pairs)
        return TupleValue(items, shape.cls, shape.names)

    def _merge_lists(self, left: Abstract | None, right: Abstract | None, hint: str) -> Abstract:
        cells = [cell for cell in (left, right) if isinstance(cell, ListCell)]
        if len(cells) == 1 and cells[0].serial < self.first_inside:
            return cells[0]
        contents = [
            self.content(side, cell) if isinstance(cell, ListCell) else None
            for side, cell in enumerate((left, right))
        ]
        content = self.merge_content(contents[0], contents[1], hint)
        if isinstance(content, Conflict):
            return content
        one = one_object(self, left, right, content, hint)
        if one is not None:
            return one
        cell = ListCell((), roots=joined_roots(*cells))
        self.run.heap[cell] = content
        share_joined(self, cell, left, right, hint)
        self._attach(cell, left, right)
        for before in contents:
            hold_converted(self.run, cell, before, content)
        return cell

    # Contents of cells

    def merge_content(self, left: object, right: object, hint: str, cell: Cell | None = None) -> object:
        """The joined content of a cell; None on a side that does not matter."""
        for content in (left, right):
            if isinstance(content, Tainted | Conflict):
                return content
        kinds = [content for content in (left, right) if content is not None]
        if any(isinstance(content, Order) for content in kinds):
            return kinds[0] if len(kinds) == 1 else Order()
        if all(isinstance(content, Mapping) for content in kinds):
            return merge_entries(self, left, right, cell)
        if all(isinstance(content, tuple) for content in kinds):
            lengths = {len(content) for content in kinds}  # type: ignore[arg-type]
            if len(lengths) == 1:
                none: tuple[None, ...] = (None,) * lengths.pop()
                pairs = zip(left or none, right or none, strict=True)  # type: ignore[call-overload]
                return tuple(self.merge(x, y, "") for x, y in pairs)
        values: list[Value | None] = []
        for side, content in enumerate((left, right)):
            with self.on(side):
                value = list_value(self.run, content, self.node) if isinstance(content, tuple) else content
            assert value is None or isinstance(value, Value)
            values.append(value)
        values = self._typed_empty(values)
        found = self.leaf(values[0], values[1], hint)
        if found is None:
            assert values[0] is not None and values[1] is not None
            return self.conflict_of(type_text(values[0].type), type_text(values[1].type), hint)
        return found

    def _typed_empty(self, values: list[Value | None]) -> list[Value | None]:
        """An empty list gets the element type of the other side."""
        known = [v.type for v in values if v is not None and is_run_time(v)]
        elements = [t.element for t in known if isinstance(t, SequenceType) and t.element != NONE]
        if not elements or len(elements) == len(known):
            return values
        result: list[Value | None] = []
        for side, value in enumerate(values):
            if value is not None and isinstance(value.type, SequenceType) and value.type.element == NONE:
                with self.on(side):
                    value = list_value(self.run, (), self.node, elements[0])
            result.append(value)
        return result

    def conflict(self, left: Abstract | None, right: Abstract | None, hint: str) -> Conflict:
        """What is of no kind that could be joined."""
        texts = [describe(self.run, part) if part is not None else "nothing" for part in (left, right)]
        return self.conflict_of(texts[0], texts[1], hint)

    def conflict_of(self, left: str, right: str, hint: str) -> Conflict:
        """What is of no kind that could be joined, in words."""
        name = f"`{hint}`" if hint and not hint.startswith("<") else "the value"
        right = right if left != right else "one of another structure"
        what = "the function returns" if hint == RETURN else f"{name} is"
        title = f"{what} {left} in one branch and {right} in the other"
        return Conflict(
            Diagnostic(
                "GS122",
                title,
                self.run.location(self.node),
                why="both branches must leave a value of one kind: the code after them is written once",
                fix="make them alike: the same number of dimensions and dtype, the same structure",
            )
        )
