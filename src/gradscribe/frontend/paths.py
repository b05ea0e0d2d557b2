"""The way from an array to its part: `table[i]`, `y[i:i + 3]`, `grid[k][1:]`, as indices with open bounds.

Two parts of one array that are indexed alike are one part with other bounds: where a branch or an iteration
chooses between them, it chooses between the bounds, and the part stays a part of that array.

In:  cells.   Out: `Path`; the view at the end of one.
Not here: what loops carry (followed.py), joined branches (merging.py), single indices (views.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst
import numpy as np

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import ArrayCell, Cell
from gradscribe.frontend.views import Index, basic_view
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import map_template, shift
from gradscribe.ops.table import lookup

Bound = int | Value


@dataclass(frozen=True, slots=True)
class Path:
    """The indices that lead from an object to a part of it; none lead to the object itself.

    Attributes:
        root: the object.
        steps: index templates, in which `Input(k)` stands for the bound k.
        bounds: ints of the indices, and of the starts and stops of slices.
    """

    root: Cell
    steps: tuple[tuple[object, ...], ...]
    bounds: tuple[Bound, ...]

    def is_like(self, other: Path) -> bool:
        """Both lead to a part of one object, indexed alike."""
        return self.root is other.root and self.steps == other.steps

    def differences(self, other: Path) -> frozenset[int]:
        """Which bounds are not those of a path that is like this one."""
        pairs = enumerate(zip(self.bounds, other.bounds, strict=True))
        return frozenset(k for k, (mine, others) in pairs if not _is_same(mine, others))


def _is_same(left: Bound, right: Bound) -> bool:
    if isinstance(left, Value) or isinstance(right, Value):
        return left is right
    return left == right


def path_of(cell: Cell) -> Path:
    """The way to a cell from the array that it is a view of, by basic indices."""
    indices = []
    while isinstance(cell, ArrayCell) and cell.view is not None and cell.view.index is not None:
        indices.append(cell.view.index)
        cell = cell.view.base
    bounds: list[Bound] = []
    steps = tuple(_opened(Index(*index), bounds) for index in reversed(indices))
    return Path(cell, steps, tuple(bounds))


def _opened(index: Index, bounds: list[Bound]) -> tuple[object, ...]:
    """The template with an `Input` for each int."""

    def opened(item: object) -> object:
        match item:
            case Input(position):
                bounds.append(index.inputs[position])
            case int() | np.integer() if not isinstance(item, bool):
                bounds.append(int(item))
            case slice(start=start, stop=stop, step=step):
                return slice(opened(start), opened(stop), opened(step))
            case _:
                return item
        return Input(len(bounds) - 1)

    return tuple(opened(item) for item in index.template)


def end_of(
    run: Lowering,
    node: cst.CSTNode,
    path: Path,
    bounds: Sequence[Bound],
    value: Value | None = None,
    name: str = "",
) -> Cell:
    """The object at the end of a path with these bounds.

    Args:
        run: the lowering.
        node: where the part is read.
        path: the way to it, or to one that is indexed alike.
        bounds: those of this part.
        value: what it holds, where that is known.
        name: of the variable.
    """
    cell: Cell = path.root
    for number, step in enumerate(path.steps):
        assert isinstance(cell, ArrayCell)
        index = _closed(step, bounds)
        content = run.heap.get(cell, cell.initial) if cell is path.root else cell.initial
        source = content if isinstance(content, Value) else cell.initial
        known = value if source is content and len(path.steps) == 1 else None
        if known is None:
            # What the array holds is read when it is needed: this only says what kind of array it is.
            inputs = (source, *index.inputs)
            attrs = {"index": shift(index.template, 1)}
            known = Value(run.builder.infer(lookup("get_item"), inputs, attrs)[0])
            source = Value(source.type)
        cell = basic_view(node, cell, index, source, known, name if number == len(path.steps) - 1 else "")
    return cell


def _closed(step: tuple[object, ...], bounds: Sequence[Bound]) -> Index:
    inputs: list[Value] = []

    def closed(item: Input) -> object:
        bound = bounds[item.position]
        if not isinstance(bound, Value):
            return bound
        inputs.append(bound)
        return Input(len(inputs) - 1)

    return Index(map_template(step, closed), tuple(inputs))
