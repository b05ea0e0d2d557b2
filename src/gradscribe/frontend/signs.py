"""Ints that surely are not negative: loop indices, lengths, arguments, and what is computed from them.

    for k in range(n):      2 ** k is an int, for k is not negative; and so is 2 ** (n - k - 1), as k is below n
        m = 2 ** k

In:  ints of run time.   Out: whether they are at least as large as a number, and what that asks of arguments;
which powers of ints are ints.
Not here: lengths of arrays as polynomials (ir/lengths.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from gradscribe.frontend.complex_powers import ask_for_parts
from gradscribe.frontend.facts import AtLeast
from gradscribe.frontend.joins import KEEPS_CLASS
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.positions import SyntaxHandle
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.state import WHOLE, ActiveLoop, Lowering
from gradscribe.frontend.values import Abstract, Number, known_int
from gradscribe.ir.graph import Value
from gradscribe.ir.types import INT, ScalarType
from gradscribe.ops.spec import OpSpec

MAX_STEPS = 8
"""How many loop indices are replaced by their bounds, one after the other."""
COUNTS = frozenset({"dimension", "size", "list_length", "abs"})


@dataclass(frozen=True)
class _Sum:
    """A sum of multiples of values, and a number."""

    number: int
    factors: Mapping[Value, int]

    def plus(self, other: _Sum, times: int = 1) -> _Sum:
        factors = dict(self.factors)
        for value, factor in other.factors.items():
            factors[value] = factors.get(value, 0) + times * factor
        kept = {value: factor for value, factor in factors.items() if factor}
        return _Sum(self.number + times * other.number, kept)


def is_at_least(run: Lowering, value: Value, bound: int) -> bool:
    """Whether an int is surely no less than the bound."""
    return _is_at_least(run, _sum_of(run, value).plus(_Sum(-bound, {})), MAX_STEPS)


def _is_at_least(run: Lowering, found: _Sum, steps: int) -> bool:
    """Whether a sum is surely not negative."""
    # The index of the innermost loop first: its bounds may depend on those around it.
    for loop in reversed(run.loops):
        index = loop.index
        if index is not None and index in found.factors:
            factor = found.factors[index]
            end = _end(run, loop, largest=factor < 0)
            if end is None or not steps:
                return False
            without = found.plus(_Sum(0, {index: factor}), -1)
            return _is_at_least(run, without.plus(end, factor), steps - 1)
    asked: list[tuple[Value, int]] = []
    rest = found.number
    for value, factor in found.factors.items():
        low = _low(run, value) if factor > 0 else None
        if low is None:
            asked.append((value, factor))
        else:
            rest += factor * low
    if not asked:
        return rest >= 0
    (value, factor), *others = asked
    return not others and factor == 1 and _ask(run, value, -rest)


def _end(run: Lowering, loop: ActiveLoop, *, largest: bool) -> _Sum | None:
    """The least or largest index of a loop, or what lies beyond."""
    if loop.range is None:
        return None
    start, stop, step = loop.range
    count = known_int(step)
    if not count:
        return None
    if (count > 0) is largest:
        end = _bound(run, stop)
        return end.plus(_Sum(-1 if largest else 1, {})) if end is not None else None
    return _bound(run, start)


def _bound(run: Lowering, bound: Abstract) -> _Sum | None:
    if isinstance(bound, Number):
        return _sum_of(run, bound.value)
    known = known_int(bound)
    return _Sum(known, {}) if known is not None else None


def _sum_of(run: Lowering, value: Value) -> _Sum:
    maker = run.makers.get(value)
    if maker is not None and maker.op.name == "constant" and isinstance(maker.attrs["value"], int):
        return _Sum(maker.attrs["value"], {})
    if maker is None or not all(_is_python_int(part) for part in maker.inputs):
        return _Sum(0, {value: 1})
    parts = [_sum_of(run, part) for part in maker.inputs]
    match maker.op.name, parts:
        case "add", [left, right]:
            return left.plus(right)
        case "sub", [left, right]:
            return left.plus(right, -1)
        case "neg", [only]:
            return _Sum(0, {}).plus(only, -1)
        case "mul", [left, right] if not left.factors or not right.factors:
            times, other = (left, right) if not left.factors else (right, left)
            return _Sum(0, {}).plus(other, times.number)
    return _Sum(0, {value: 1})


def _is_python_int(value: Value) -> bool:
    return isinstance(value.type, ScalarType) and value.type.python and value.type.dtype.kind in "bi"


def _low(run: Lowering, value: Value) -> int | None:
    """0, if a value that is no sum is surely not negative."""
    maker = run.makers.get(value)
    if maker is None:
        return None
    if maker.op.name in COUNTS:
        return 0
    if not maker.inputs or not all(map(_is_python_int, maker.inputs)):
        return None
    at_least = [is_at_least(run, part, 0) for part in maker.inputs]
    match maker.op.name:
        case "mul" | "lshift" | "minimum" | "or_" | "xor":
            is_natural = all(at_least)
        case "maximum" | "and_":
            is_natural = any(at_least)
        case "pow" | "rshift":
            is_natural = at_least[0] and value.type == INT
        case "floordiv":
            is_natural = at_least[0] and is_at_least(run, maker.inputs[1], 1)
        case "mod":
            is_natural = is_at_least(run, maker.inputs[1], 1)
        case _:
            is_natural = False
    return 0 if is_natural else None


def _ask(run: Lowering, value: Value, bound: int) -> bool:
    """Whether an argument is at least so large; the derivative then is for such arguments."""
    if value not in run.params or run.leaf_values is None:
        return False
    leaf = run.params.index(value)
    found = run.leaf_values[leaf]
    if not isinstance(found, WHOLE) or found < bound:
        return False
    run.facts[AtLeast(leaf, bound)] = None
    return True


def natural_power(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, inputs: Sequence[Value]
) -> dict[str, object]:
    """What the type of a power depends on: that its exponent is not negative, so that it is an int.

    Where an int is needed and nothing else is known, that is asked when the derivative runs.
    """
    ask_for_parts(run, node, spec, inputs)
    if spec.name != "pow" or len(inputs) != 2 or not all(map(_is_python_int, inputs)):
        return {}
    if not is_at_least(run, inputs[1], 0):
        if id(node) not in run.learnt.natural:
            run.learnt.powers.add(id(node))
            return {}
        text = f"{run.location(node).short} has a negative exponent, and its result is used as an int"
        raise_if(
            run, node, run.op(node, "lt", inputs[1], run.constant(0, node)), TypeError, (text,), refuses=True
        )
    return {"natural": True}


def expect_ints(run: Lowering, refusals: Sequence[Refusal]) -> None:
    """If powers of ints were taken to be floats, and no float may stand there, start again: they are ints."""
    learnt = run.learnt
    found = {power for refusal in refusals for value in refusal.operands for power in _powers_in(run, value)}
    if not found <= learnt.natural:
        learnt.natural |= found
        raise Restart(None)


def _powers_in(run: Lowering, value: Value) -> Iterator[int]:
    """Where the powers were taken that a number is computed from; all, if it comes from a loop or a branch."""
    pending = [value]
    while pending:
        part = pending.pop()
        maker = run.makers.get(part)
        is_float = isinstance(part.type, ScalarType) and part.type.python and part.type.dtype.kind == "f"
        if maker is None and part not in run.params and is_float:
            yield from run.learnt.powers
        elif maker is not None and maker.op.name == "pow":
            handle = maker.location.syntax if maker.location is not None else None
            if isinstance(handle, SyntaxHandle) and id(handle.node) in run.learnt.powers:
                yield id(handle.node)
        elif maker is not None and maker.op.name in KEEPS_CLASS:
            pending += maker.inputs
