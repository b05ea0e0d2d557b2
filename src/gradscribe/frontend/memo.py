"""Caches of functions: a call that was made before, with the same arguments, gives the same object.

    @functools.cache
    def ways(n):                    # ways(30) is lowered as 31 calls, not as a million
        return x if n < 2 else ways(n - 1) + x * ways(n - 2)

A call is the same when its arguments are known and equal, or are the very same run-time numbers. Ints that decide
how often a function with a cache calls itself are made known, where the arguments of the derivative alone decide
them. What was computed in a branch or loop is not there after it; it is then computed again. A function that calls
itself with what only the run can know becomes one of the generated module, which keeps no results from call to
call.

In:  a function with a cache and the arguments of a call.   Out: what it returns.
Not here: caches of functions whose arguments are all known, which Python itself is asked (calls.py).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.syntax import walk
from gradscribe.frontend.values import Abstract, Closure, Number, Static, TupleValue
from gradscribe.ir.graph import Node
from gradscribe.ir.types import dtype_of
from gradscribe.ops.build import OpBuilder


@dataclass(frozen=True)
class _Known:
    """What a call gave.

    Attributes:
        builder, length, last: the block it was made in, and how far that was; a part that is lowered again goes.
    """

    result: Abstract
    builder: OpBuilder
    length: int
    last: Node | None

    def is_there(self, run: Lowering) -> bool:
        """Whether what was computed then is computed at this point, too."""
        if self.builder is not run.builder and self.builder not in run.enclosing:
            return False
        if self.last is None:
            return True
        return self.length <= len(self.builder.nodes) and self.builder.nodes[self.length - 1] is self.last


class Memo:
    """The results of one function with a cache.

    Attributes:
        branches: it calls itself in several places, so that without results from before the calls multiply.
        open: the blocks in which calls of it are being lowered.
    """

    def __init__(self, function: cst.CSTNode | None, name: str) -> None:
        self._known: dict[Hashable, _Known] = {}
        self.branches = function is not None and _calls(function, name) > 1
        self.open: list[OpBuilder] = []

    def is_straight(self, run: Lowering) -> bool:
        """Whether no run-time decision lies between the first call and this one: the calls come to an end."""
        return bool(self.open) and self.open[0] is run.builder

    def call(
        self,
        run: Lowering,
        args: Sequence[Abstract],
        kwargs: Mapping[str, Abstract],
        compute: Callable[[], Abstract],
    ) -> Abstract:
        """What a call gives: what it gave before, or what is computed now."""
        key = (tuple(map(_key, args)), tuple((name, _key(kwargs[name])) for name in sorted(kwargs)))
        if None in key[0] or any(part is None for _, part in key[1]):
            return compute()
        known = self._known.get(key)
        if known is None or not known.is_there(run):
            if self.branches and self.open:
                run.prefer_known(*(value for value in args if _is_int(value)))
            self.open.append(run.builder)
            try:
                result = compute()
            finally:
                self.open.pop()
            nodes = run.builder.nodes
            known = _Known(result, run.builder, len(nodes), nodes[-1] if nodes else None)
            self._known[key] = known
        return known.result


def with_cache(run: Lowering, function: Abstract) -> Abstract:
    """A function of its own, with an empty cache; only a nested function gets one here."""
    if not isinstance(function, Closure):
        return function
    cached = replace(function)
    run.memos[cached] = Memo(function.function, function.name)
    return cached


def _calls(function: cst.CSTNode, name: str) -> int:
    """How often a function calls what its own name stands for."""
    called = [node.func for node in walk(function) if isinstance(node, cst.Call)]
    return sum(isinstance(func, cst.Name) and func.value == name for func in called)


def _is_int(value: Abstract) -> bool:
    return isinstance(value, Number) and dtype_of(value.value.type).kind in "iu"


def _key(value: Abstract) -> Hashable:
    """What tells the arguments of two calls apart; None for one that cannot be compared now."""
    match value:
        case Number():
            return value.value
        case Static():
            try:
                hash(value.value)
            except TypeError:
                return None
            return type(value.value), value.value
        case TupleValue(items=items):
            keys = tuple(map(_key, items))
            return None if None in keys else keys
    return None
