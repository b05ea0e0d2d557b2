"""Items, parts and lengths of ranges with bounds of run time: `range(n)[-1]`, `range(n)[::-1]`.

In:  a range and a key.   Out: an int, or another range.
Not here: ranges as indices of arrays (indexing.py), loops over them (iteration.py).
"""

from __future__ import annotations

import libcst as cst

from gradscribe.frontend.blocks import emit_branch
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, RangeValue, SliceValue, Static, known_int
from gradscribe.ir.types import ScalarType
from gradscribe.ops.written.ranges import contains, part_of_range


def range_item(run: Lowering, node: cst.CSTNode, owner: RangeValue, key: Abstract) -> Abstract:
    """`range(...)[key]`; a negative key counts from the end, one outside raises IndexError."""
    bounds = _bounds(key)
    if bounds is not None:
        return run.call(run, node, Static(part_of_range), (owner, owner.start, owner.step, *bounds), {})
    count = as_value(run, run.call(run, node, Static(len), (owner,), {}), node)
    position = as_value(run, key, node)
    low = run.op(node, "ge", position, run.op(node, "neg", count))
    fits = run.op(node, "bool_and", low, run.op(node, "lt", position, count))

    def raising() -> None:
        text = "range object index out of range"
        run.apply(node, "raise_", (), {"exception": IndexError, "args": (text,)})

    emit_branch(run, node, fits, lambda: None, raising)
    if not isinstance(key, Static) or (known_int(key) or 0) < 0:
        position = run.op(node, "mod", position, count)
    scaled = run.op(node, "mul", position, as_value(run, owner.step, node))
    return run.wrap(run.op(node, "add", as_value(run, owner.start, node), scaled))


def range_contains(run: Lowering, node: cst.CSTNode, owner: RangeValue, item: Abstract) -> Abstract:
    """`item in range(...)`."""
    return run.call(run, node, Static(contains), (owner, owner.start, owner.step, item), {})


def range_of(known: range) -> RangeValue:
    """A range that is known, of which a part is taken that is not."""
    return RangeValue(Static(known.start), Static(known.stop), Static(known.step))


def _bounds(key: Abstract) -> tuple[Abstract, ...] | None:
    """Those of a slice."""
    match key:
        case SliceValue(start, stop, step):
            return start, stop, step
        case Static(value=slice() as known):
            return Static(known.start), Static(known.stop), Static(known.step)
    return None


def at_least_zero(run: Lowering, node: cst.CSTNode, count: Abstract) -> Abstract:
    """How many items there are, of a count that may be below 0."""
    known = known_int(count)
    if known is not None:
        return Static(max(known, 0))
    type_ = as_value(run, count, node).type
    length = type_.length if isinstance(type_, ScalarType) else None
    if length is not None and length.is_not_negative:
        return count
    return run.call(run, node, Static(max), (count, Static(0)), {})
