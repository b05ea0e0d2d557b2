"""Numbers that a recursive function is given and that are known now, taken as run-time values.

    def horner(c, x, k):                # `k` is 0 at this level, 1 at the next one, and so on
        if k == len(c) - 1:

Each level is another kind of call then, and is lowered in place. Where there is no end of that in sight, or too
many calls, lowering starts again and takes the numbers that differ as run-time values: the levels are of one kind.
An end is not in sight where floats differ, and where what is known at run time only decides at each level whether
there is another one. The second is a guess, and so is that the number with which a recursion begins need not
be known: guesses are taken back if something is refused.

In:  the arguments of a call; refusals.   Out: restarts; numbers made run-time values.
Not here: what containers hold (recursive_arguments.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from types import UnionType

import libcst as cst

from gradscribe.frontend.operands import as_value
from gradscribe.frontend.recursive_limits import around
from gradscribe.frontend.refusal import Refusal, Restart
from gradscribe.frontend.state import Activation, Lowering
from gradscribe.frontend.syntax import FunctionSyntax
from gradscribe.frontend.values import Abstract, Number, Static, TupleValue
from gradscribe.ir.types import FLOAT, INT

Known = int | float | tuple["Known", ...] | None

MAX_KNOWN_DEPTH = 8
MAX_COPIES = 64
MAX_COPIES_IN_BRANCHES = 6


def known_numbers(bound: Mapping[str, Abstract]) -> dict[str, int | float]:
    """The arguments that are numbers known now."""
    found = {name: value.value for name, value in bound.items() if isinstance(value, Static)}
    return {name: value for name, value in found.items() if type(value) in (int, float)}  # type: ignore[misc]


def known_in_tuples(bound: Mapping[str, Abstract]) -> dict[str, Known]:
    """The arguments that are tuples with numbers known now, without what else they hold."""
    found = {name: _numbers(value) for name, value in bound.items() if isinstance(value, TupleValue)}
    return {name: known for name, known in found.items() if _holds(known, int | float)}


def _numbers(value: Abstract) -> Known:
    if isinstance(value, TupleValue):
        return tuple(map(_numbers, value.items))
    return next(iter(known_numbers({"": value}).values()), None)


def _holds(known: Known, kind: type | UnionType) -> bool:
    if isinstance(known, tuple):
        return any(_holds(item, kind) for item in known)
    return isinstance(known, kind)


def at_run_time(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """A number that is known now as a value of the generated code; of a tuple, those in it."""
    if isinstance(value, TupleValue):
        return replace(value, items=tuple(at_run_time(run, node, item) for item in value.items))
    return Number(as_value(run, value, node)) if known_numbers({"": value}) else value


def count_copies(run: Lowering, function: FunctionSyntax, bound: Mapping[str, Abstract]) -> None:
    """A function that calls itself twice, to a depth that is known, is not written out once for each call.

    Calls that return at once, as those that find what was computed before, do not count.
    """
    levels = around(run, function)
    if not levels:
        return
    outermost, caller = levels[0], levels[-1]
    if caller.calls_itself:
        return
    caller.calls_itself = True
    outermost.copies += 1
    numbers = known_numbers(bound)
    if outermost.copies > MAX_COPIES and numbers:
        _start_again(run, outermost, numbers)
    new = {name for name in numbers if len(_values(levels, bound, name)) > len(levels)}
    if outermost.copies > MAX_COPIES_IN_BRANCHES and new and is_decided_at_run_time(run, levels):
        _guess(run, outermost, new)


def branches_often(run: Lowering, levels: Sequence[Activation]) -> bool:
    """Whether so many calls are written out that numbers are worth a guess, where the run decides about each."""
    is_many = bool(levels) and levels[0].copies > MAX_COPIES_IN_BRANCHES
    return is_many and not run.learnt.with_known_numbers and is_decided_at_run_time(run, levels)


def learn_numbers(run: Lowering, function: FunctionSyntax, bound: Mapping[str, Abstract]) -> None:
    """A function of which no end is known now takes the numbers that differ from level to level at run time."""
    levels = around(run, function)
    if len(levels) < MAX_KNOWN_DEPTH:
        return
    # An axis that is 0 and 1 by turns is another matter: each of them may be known.
    changed = {
        name: value for name, value in known_numbers(bound).items() if len(_values(levels, bound, name)) > 2
    }
    tuples = {
        name: value
        for name, value in known_in_tuples(bound).items()
        if len({value, *(activation.numbers.get(name) for activation in levels)}) > 2
    }
    _learn_tuples(run, levels, tuples)
    if changed and all(isinstance(value, float) for value in changed.values()):
        _start_again(run, levels[0], changed)
    elif changed and is_decided_at_run_time(run, levels):
        _guess(run, levels[0], changed)


def _learn_tuples(run: Lowering, levels: Sequence[Activation], changed: Mapping[str, Known]) -> None:
    """Ints in them may count to an end known now, or say which item is meant."""
    if changed and not any(_holds(value, int) for value in changed.values()):
        _start_again(run, levels[0], changed)
    has_floats = any(_holds(value, float) for value in changed.values())
    if changed and (has_floats or is_decided_at_run_time(run, levels)):
        _guess(run, levels[0], changed)


def learn_outer_numbers(run: Lowering, function: FunctionSyntax, bound: Mapping[str, Abstract]) -> None:
    """A recursion that begins with a number known now, as `sort(a, 0, n)`, takes it as the levels inside do."""
    levels = around(run, function)
    kinds = {name: value.value.type for name, value in bound.items() if isinstance(value, Number)}
    known = {name: value for activation in levels for name, value in activation.numbers.items()}
    found = {
        name for name, value in known.items() if kinds.get(name) == (INT if type(value) is int else FLOAT)
    }
    if found:
        _guess(run, levels[0], found)


def know_numbers(run: Lowering, refusals: list[Refusal]) -> list[Refusal]:
    """Start again with numbers as they are known, if others were a guess; the refusals to report else.

    Known, they may be without end: what was refused before says more then.
    """
    learnt = run.learnt
    if learnt.with_known_numbers:
        is_endless = any(refusal.diagnostic.code == "GS150" for refusal in refusals)
        return learnt.with_known_numbers if is_endless else refusals
    if learnt.guesses_numbers:
        learnt.with_known_numbers = refusals
        learnt.is_stale = True
        raise Restart(None)
    return refusals


def _values(levels: Sequence[Activation], bound: Mapping[str, Abstract], name: str) -> set[object]:
    """What a number is at this level and those around."""
    return {*(activation.numbers.get(name) for activation in levels), known_numbers(bound)[name]}


def is_decided_at_run_time(run: Lowering, levels: Sequence[Activation]) -> bool:
    """Whether each level stands in a block, of a branch or a loop, of the one before."""
    depths = [*(activation.depth for activation in levels), len(run.enclosing)]
    return all(outer < inner for outer, inner in pairwise(depths))


def _guess(run: Lowering, outermost: Activation, names: Iterable[str]) -> None:
    if not run.learnt.with_known_numbers:
        run.learnt.guesses_numbers = True
        _start_again(run, outermost, names)


def _start_again(run: Lowering, outermost: Activation, names: Iterable[str]) -> None:
    known = run.learnt.branching.get(outermost.function, frozenset())
    run.learnt.branching[outermost.function] = known.union(names)
    raise Restart(outermost.key)
