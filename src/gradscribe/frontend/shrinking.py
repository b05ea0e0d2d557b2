"""Parts that each iteration makes smaller at the start of an axis: `block = block[1:, 1:]`.

Such a part is `matrix[i:, j:]`, where an iteration adds to `i` and `j`: one index in place of a chain of them, so
that a loop carries the part by its bounds.

In:  paths.   Out: the same ways as one index; what an iteration leaves out.
Not here: what loops do with it (followed.py).
"""

from __future__ import annotations

from collections.abc import Container

import libcst as cst

from gradscribe.frontend.paths import Bound, Path
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import ArrayCell
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.template import shift
from gradscribe.ir.types import shape_of


def prolonged(path: Path, more: Path) -> Path:
    """The way on from the end of a path."""
    steps = (shift(step, len(path.bounds)) for step in more.steps)
    return Path(path.root, (*path.steps, *steps), (*path.bounds, *more.bounds))


def counted_from_start(
    run: Lowering, node: cst.CSTNode, path: Path, counts: Container[Bound] = ()
) -> Path | None:
    """The way as one index with a start for each axis; None where there are others than slices without an end.

    Args:
        run: the lowering.
        node: where the part is read.
        path: the way.
        counts: values that are known to count from the start, as a negative number would not.
    """
    content = run.heap.get(path.root, path.root.initial) if isinstance(path.root, ArrayCell) else None
    if not isinstance(content, Value):
        return None
    left_out: list[Bound] = [0] * len(shape_of(content.type))
    for step in path.steps:
        for axis, item in enumerate(step):
            if not isinstance(item, slice) or item.stop is not None or item.step not in (None, 1):
                return None
            start = 0 if item.start is None else path.bounds[item.start.position]
            if start not in counts and not (isinstance(start, int) and start >= 0):
                return None
            left_out[axis] = _sum(run, node, left_out[axis], start)
    index = tuple(slice(Input(axis), None) for axis in range(len(left_out)))
    return Path(path.root, (index,), tuple(left_out))


def _sum(run: Lowering, node: cst.CSTNode, left: Bound, right: Bound) -> Bound:
    if isinstance(left, int) and isinstance(right, int):
        return left + right
    if left == 0 or right == 0:
        return right if left == 0 else left
    operands = (part if isinstance(part, Value) else run.constant(part, node) for part in (left, right))
    return run.op(node, "add", *operands)
