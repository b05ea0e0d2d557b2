"""What a condition tells about values that may be None: `if best is not None:` makes `best` a value inside.

In:  a condition, the variables and objects at a branch.   Out: what they are on one side of it; both undone where
the sides meet again.
Not here: comparing with None (conditions.py), other uses of what may be None (optional.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Cell, MaybeNone, TupleValue, is_none
from gradscribe.ir.control import IfView
from gradscribe.ir.graph import Block, Node, Value

Facts = Mapping[Value, bool]

_BOTH = {("bool_and", True), ("bool_or", False)}


def implied(run: Lowering, condition: Value, holds: bool) -> Facts:
    """Which flags are known where the condition holds, or does not."""
    found: dict[Value, bool] = {}
    if run.may_be_none:
        _imply(run, condition, holds, found)
    return {flag: known for flag, known in found.items() if flag in run.may_be_none}


def _imply(run: Lowering, condition: Value, holds: bool, found: dict[Value, bool]) -> None:
    found[condition] = holds
    node = run.makers.get(condition) or _branch_of(run, condition)
    if node is None:
        return
    if node.op.name == "bool_not":
        _imply(run, node.inputs[0], not holds, found)
    elif (node.op.name, holds) in _BOTH:
        for part in node.inputs:
            _imply(run, part, holds, found)
    elif node.op.name == "if":
        _imply_of_branch(run, node, node.outputs.index(condition), holds, found)


def _branch_of(run: Lowering, condition: Value) -> Node | None:
    """The `if` that chose a value, in the present block."""
    nodes = run.builder.nodes
    return next((n for n in reversed(nodes) if n.op.name == "if" and condition in n.outputs), None)


def _imply_of_branch(run: Lowering, node: Node, position: int, holds: bool, found: dict[Value, bool]) -> None:
    """`a and b` that computes `b` only where needed: it holds only on the way on which `b` is computed."""
    view = IfView.of(node)
    if view.catches:
        return
    sides = ((view.then, True), (view.otherwise, False))
    for (block, _), (other, way) in (sides, sides[::-1]):
        if _constant(block, position) is (not holds):
            _imply(run, view.condition, way, found)
            outside = dict(zip(other.params, view.captured, strict=True)).get(other.results[position])
            if outside is not None:
                _imply(run, outside, holds, found)


def _constant(block: Block, position: int) -> object:
    result = block.results[position]
    made = next((node for node in block.nodes if result in node.outputs), None)
    return made.attrs["value"] if made is not None and made.op.name == "constant" else None


@dataclass
class Narrowing:
    """Variables and objects on one side of a branch.

    Attributes:
        facts: the flags that are known there.
        contents: what was narrowed in objects: the new content, and the one before.
    """

    facts: Facts = field(default_factory=dict)
    contents: dict[Cell, tuple[object, object]] = field(default_factory=dict)
    _tuples: dict[TupleValue, TupleValue] = field(default_factory=dict)

    def names(self, names: Mapping[str, Abstract]) -> dict[str, Abstract]:
        """The variables, those of known flags being values or None."""
        return {name: self.value(value) for name, value in names.items()} if self.facts else dict(names)

    def heap(self, heap: Mapping[Cell, object]) -> dict[Cell, object]:
        """The objects, likewise."""
        made = dict(heap)
        if self.facts:
            for cell, content in heap.items():
                narrowed = self._content(content)
                if narrowed is not content:
                    made[cell] = narrowed
                    self.contents[cell] = (narrowed, content)
        return made

    def value(self, value: Abstract) -> Abstract:
        """What a value is known to be."""
        if isinstance(value, TupleValue) and self.facts:
            return self._tuple(value)
        if not isinstance(value, MaybeNone) or value.given not in self.facts:
            return value
        return self.value(value.value) if self.facts[value.given] else value.otherwise

    def _tuple(self, value: TupleValue) -> TupleValue:
        if value not in self._tuples:
            items = tuple(map(self.value, value.items))
            same = all(a is b for a, b in zip(items, value.items, strict=True))
            self._tuples[value] = value if same else replace(value, items=items)
        return self._tuples[value]

    def _content(self, content: object) -> object:
        if isinstance(content, Mapping) and any(self._tells_of(item) for item in content.values()):
            return {key: self.value(item) for key, item in content.items()}
        if isinstance(content, tuple) and any(self._tells_of(item) for item in content):
            return tuple(self.value(item) for item in content)
        return content

    def _tells_of(self, item: object) -> bool:
        return isinstance(item, MaybeNone) and item.given in self.facts

    def optionals(self, names: Mapping[str, Abstract]) -> list[MaybeNone]:
        """What is narrowed, of these variables and of objects."""
        if not self.facts:
            return []
        held: list[object] = [*names.values()]
        for _, content in self.contents.values():
            held += content.values() if isinstance(content, Mapping) else content  # type: ignore[arg-type]
        return [item for item in held if isinstance(item, MaybeNone) and item.given in self.facts]

    def is_kept(self, before: Abstract, after: Abstract | None) -> bool:
        """Whether a variable is what it was before the branch, as far as the side knows that."""
        narrowed = self.value(before)
        return after is narrowed or (after is not None and is_none(after) and is_none(narrowed))


def restored(
    sides: tuple[Narrowing, Narrowing], before: Sequence[MaybeNone], left: Abstract, right: Abstract
) -> Abstract | None:
    """The value before a branch that one side knows to be None, and the other one not to be."""
    for known, value, of_none, none in ((sides[0], left, sides[1], right), (sides[1], right, sides[0], left)):
        for optional in before:
            other = optional.otherwise
            if optional.value is value and (none is other or (is_none(none) and is_none(other))):
                if known.facts.get(optional.given) is True and of_none.facts.get(optional.given) is False:
                    return optional
    return None


def meet(
    sides: tuple[Narrowing, Narrowing],
    names: tuple[dict[str, Abstract], dict[str, Abstract]],
    before: Mapping[str, Abstract],
) -> None:
    """Put back the variables that neither side changed."""
    if not any(side.facts for side in sides):
        return
    for name, value in before.items():
        if isinstance(value, MaybeNone | TupleValue) and all(
            side.is_kept(value, known.get(name)) for side, known in zip(sides, names, strict=True)
        ):
            for known in names:
                known[name] = value


def meet_heaps(
    sides: tuple[Narrowing, Narrowing], heaps: tuple[dict[Cell, object], dict[Cell, object]]
) -> None:
    """Put back the contents of objects that neither side changed."""
    for cell in {**sides[0].contents, **sides[1].contents}:
        known = [side.contents.get(cell) for side in sides]
        (content,) = {id(pair[1]): pair[1] for pair in known if pair is not None}.values()
        kept = [
            heap.get(cell) is (pair[0] if pair is not None else content)
            for heap, pair in zip(heaps, known, strict=True)
        ]
        if all(kept):
            for heap in heaps:
                heap[cell] = content
