"""Values that are None on some ways to here: `best = None`, and in a loop `if ...: best = candidate`.

The generated code carries the value and a flag that says whether there is one. Where a condition tells, as in
`if best is not None`, the value itself stands for the name; where none does, using it is checked at run time.

In:  conditions and abstract values.   Out: names and objects as a branch knows them; results of calls.
Not here: joining such values (merging.py), loops that carry them (slots.py), the check (operands.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from gradscribe.frontend.branches import choose
from gradscribe.frontend.mixed import content_of, is_array, is_array_or_number
from gradscribe.frontend.operands import raise_if_none
from gradscribe.frontend.refusal import Raised, Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import NOTHING, Abstract, ArrayCell, MaybeNone, is_none

Use = Callable[..., Abstract]
"""What is done with values, one of which may be None."""


def any_optional(values: Sequence[Abstract]) -> bool:
    """Whether one of the values may be None."""
    return any(isinstance(value, MaybeNone) for value in values)


def any_either(values: Sequence[Abstract]) -> bool:
    """Whether one of the values is an array or a number, depending on the way to here."""
    return any(isinstance(value, MaybeNone) and not is_none(value.otherwise) for value in values)


def over_optional(run: Lowering, node: cst.CSTNode, values: Sequence[Abstract], use: Use) -> Abstract:
    """`use(*values)` with None where one is None; where that means nothing, None raises at run time."""
    place = next((k for k, value in enumerate(values) if isinstance(value, MaybeNone)), None)
    if place is None:
        return use(*values)
    optional = values[place]
    assert isinstance(optional, MaybeNone)

    def with_one(value: Abstract) -> Abstract:
        return over_optional(run, node, [*values[:place], value, *values[place + 1 :]], use)

    other = optional.otherwise
    if is_none(other) and not _is_accepted(run, lambda: with_one(NOTHING)):
        raise_if_none(run, optional, node)
        return with_one(optional.value)
    return choose(run, node, optional.given, lambda: with_one(optional.value), lambda: with_one(other))


def array_of(run: Lowering, node: cst.CSTNode, value: Abstract, error: Exception | None) -> Abstract:
    """The array, where a value is an array or a number; where it is the number, Python raises this.

    Without an error, the value as it is.
    """
    if error is None or not isinstance(value, MaybeNone):
        return value
    raise_if_none(run, value, node, type(error), str(error))
    return value.value


def over_array_or_number(
    run: Lowering,
    node: cst.CSTNode,
    cell: Abstract,
    array: Callable[[Abstract], Abstract],
    number: Callable[[Abstract], Abstract],
) -> Abstract:
    """`array(cell)` where it is an array, `number(cell)` where it is a number."""

    def known_array() -> Abstract:
        assert isinstance(cell, ArrayCell)
        for one in (cell,) if cell.chosen is None else cell.chosen.cells:
            if is_array_or_number(run, one):
                run.heap[one] = run.op(node, "identity", content_of(run, one))
        return array(cell)

    return choose(run, node, is_array(run, node, cell), known_array, lambda: number(cell))


def _is_accepted(run: Lowering, lower: Callable[[], Abstract]) -> bool:
    """Whether it can be lowered; nothing is left of the trial."""
    heap, names, refusals = dict(run.heap), dict(run.frame.names), dict(run.refusals)
    try:
        with run.block():
            lower()
    except (Raised, Refusal):
        return False
    finally:
        run.heap, run.frame.names, run.refusals = heap, names, refusals
    return True
