"""Caches of functions: a call that was made before, with the same arguments, gives the same object.

    @functools.cache
    def ways(n):                    # ways(30) is lowered as 31 calls, not as a million
        return x if n < 2 else ways(n - 1) + x * ways(n - 2)

A call is the same when its arguments are known and equal, or are the very same run-time numbers or objects; a
cache of a size gives up what was not asked for longest. Where it depends on what the cache holds at run time
whether a function is called, one that changes what is outside of it is refused, and so is one that is given an
object that may change. Ints that decide how often a function with a cache calls itself are made known, where the
arguments of the derivative alone decide them. What was computed in a branch or loop is not there after it; it is
then computed again. A function that calls itself with what only the run can know becomes one of the generated
module, which keeps no results from call to call.

In:  a function with a cache and the arguments of a call.   Out: what it returns.
Not here: caches of functions whose arguments are all known, which Python itself is asked (calls.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst
import numpy as np

from gradscribe.frontend.cached_results import CachedResults
from gradscribe.frontend.derived import is_derived
from gradscribe.frontend.hooks import is_frozen
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.operands import describe
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.syntax import walk
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Cell,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    OrderCell,
    PartialCall,
    Static,
    TupleValue,
    serial_mark,
)
from gradscribe.frontend.written_out import STANDS_FOR
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import kind_of
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


@dataclass(frozen=True)
class _Alone:
    """An int or text that is the only argument: Python looks a call up by it, and no equal float is it."""

    value: object


class Memo:
    """The results of one function with a cache.

    Attributes:
        home: the block in which each call is surely made; None where a loop is around it.
        name: of the function.
        size: how many results are kept; None for all.
        typed: whether equal numbers of two classes, as 1 and 1.0, are two.
        branches: it calls itself in several places, so that without results from before the calls multiply.
        open: the blocks in which calls of it are being lowered.
        results: what they have read and returned.
    """

    def __init__(
        self,
        run: Lowering,
        home: OpBuilder | None,
        made: Closure | None,
        name: str,
        size: int | None = None,
        typed: bool = False,
    ) -> None:
        self.home = home
        self._known: dict[Hashable, _Known] = {}
        self.name, self.size, self.typed = name, size, typed
        self.branches = made is not None and _calls(made.function, name) > 1
        self.results = CachedResults(run, name, made)
        self.open: list[OpBuilder] = []

    def is_straight(self, run: Lowering) -> bool:
        """Whether no run-time decision lies between the first call and this one: the calls come to an end."""
        return bool(self.open) and self.open[0] is run.builder

    def call(
        self,
        run: Lowering,
        node: cst.CSTNode,
        args: Sequence[Abstract],
        kwargs: Mapping[str, Abstract],
        compute: Callable[[], Abstract],
    ) -> Abstract:
        """What a call gives: what it gave before, or what is computed now."""
        given = [*args, *kwargs.values()]
        for value in given:
            _refuse_unhashable(run, node, value)
            self._refuse_unsure(run, node, value)
        key = self._key(args, kwargs)
        is_decided = run.builder is self.home and self._tells_apart(key)
        if self.size == 0:
            return compute()
        if not is_decided:
            self.results.become_unsure(run, node)
        if key is None or (self.size is not None and not is_decided):
            return self._computed(run, node, compute, is_decided)
        known = self._known.pop(key, None)
        if known is None or not known.is_there(run):
            if self.branches and self.open:
                run.prefer_known(*(value for value in args if _is_int(value)))
            self.open.append(run.builder)
            try:
                result = self._computed(run, node, compute, is_decided)
            finally:
                self.open.pop()
            nodes = run.builder.nodes
            known = _Known(result, run.builder, len(nodes), nodes[-1] if nodes else None)
        else:
            self.results.found(run)
        self._known[key] = known
        if self.size is not None and len(self._known) > self.size:
            del self._known[next(iter(self._known))]
        return known.result

    def _refuse_unsure(self, run: Lowering, node: cst.CSTNode, value: Abstract) -> None:
        """An object may have changed since a call whose result is in the cache."""
        if not isinstance(value, InstanceCell) or is_frozen(value.cls):
            return
        if run.builder is not self.home or not _is_one(value):
            raise run.refusal(
                node,
                "GS127",
                f"`{self.name}`, which has a cache, is given {describe(run, value)} that may change",
                why="whether its result is found in the cache, from before a change, is known at run time only",
                fix="leave the cache out, or give it the numbers that it needs",
            )

    def _key(self, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]) -> Hashable:
        """What Python looks a call up by; None where that is not known now."""
        if len(args) == 1 and not kwargs and not self.typed and isinstance(args[0], Static):
            if type(args[0].value) in (int, str):
                return (_Alone(args[0].value),), ()
        positional = tuple(_key(value, self.typed) for value in args)
        named = tuple((name, _key(kwargs[name], self.typed)) for name in sorted(kwargs))
        if None in positional or any(part is None for _, part in named):
            return None
        return positional, named

    def _tells_apart(self, key: Hashable) -> bool:
        """It is known now which of the calls before this one were the same."""
        return key is not None and not any(
            other != key and _may_be_equal(other, key) for other in self._known
        )

    def _computed(
        self, run: Lowering, node: cst.CSTNode, compute: Callable[[], Abstract], is_decided: bool
    ) -> Abstract:
        """What a call computes; unless it is known whether it is made, it must leave what is outside as it is."""
        mark, before = serial_mark(), dict(run.heap)
        with self.results.watched(run, node) as results:
            result = compute()
            results.append(result)
        if not is_decided and any(_is_changed(run, cell, before) for cell in run.heap if cell.serial < mark):
            raise run.refusal(
                node,
                "GS127",
                f"`{self.name}`, which has a cache, changes what is outside of it",
                why="whether it is called, or its result is found in the cache, is known at run time only",
                fix="return what it changes, or leave the cache out",
            )
        return result


def with_cache(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`functools.cache(f)`: a function of its own, with an empty cache; only a nested function gets one here."""
    return _with_cache(run, args[0], None, typed=False) if len(args) == 1 else None


def with_sized_cache(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`functools.lru_cache(f)`; `functools.lru_cache(maxsize=8)` is what gives a function such a cache."""
    is_decorator = not args or _is_size(args[0])
    options = dict(zip(("maxsize", "typed"), args if is_decorator else (), strict=False))
    given = {"maxsize": Static(128), "typed": Static(False), **options, **kwargs}
    if is_decorator:
        return PartialCall(Static(functools.lru_cache), (), given)
    size, typed = (_known(run, node, given[name]) for name in ("maxsize", "typed"))
    assert isinstance(size, int | None)
    return _with_cache(run, args[0], size, typed=bool(typed))


def _with_cache(run: Lowering, function: Abstract, size: int | None, *, typed: bool) -> Abstract:
    if not isinstance(function, Closure):
        return function
    cached = replace(function)
    run.memos[cached] = Memo(run, run.builder, function, function.name, size, typed)
    return cached


def _known(run: Lowering, node: cst.CSTNode, value: Abstract) -> object:
    return value.value if isinstance(value, Static) else run.static_int(node, value, "the size of a cache")


def _is_size(value: Abstract) -> bool:
    return isinstance(value, Number) or (isinstance(value, Static) and isinstance(value.value, int | None))


def _calls(function: cst.CSTNode, name: str) -> int:
    """How often a function calls what its own name stands for."""
    called = [node.func for node in walk(function) if isinstance(node, cst.Call)]
    return sum(isinstance(func, cst.Name) and func.value == name for func in called)


def _is_int(value: Abstract) -> bool:
    return isinstance(value, Number) and kind_of(value.value.type) in "iu"


def _key(value: Abstract, typed: bool) -> Hashable:
    """What tells the arguments of two calls apart; None for one that cannot be compared now."""
    match value:
        case Number():
            return value.value
        case Static():
            return type(value.value) if typed else Static, value.value
        case InstanceCell() if _is_one(value):
            return value
        case TupleValue(items=items):
            keys = tuple(_key(item, typed) for item in items)
            return None if None in keys else keys
    return None


def _may_be_equal(one: object, other: object) -> bool:
    """Whether two keys may turn out to be one at run time."""
    if isinstance(one, Value) or isinstance(other, Value):
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_may_be_equal, one, other))
    return one == other


def _is_one(value: InstanceCell) -> bool:
    """It is known which object it is, and the class goes by that."""
    goes_by_identity = find_in_class(value.cls, "__hash__") is find_in_class(object, "__hash__")
    return goes_by_identity and value.chosen is None and value.place is None and len(value.roots) == 1


def _is_changed(run: Lowering, cell: Cell, before: Mapping[Cell, object]) -> bool:
    """It holds something else than before, other than what was merely read again."""
    if isinstance(cell, OrderCell) or is_derived(cell, run.heap):
        return False
    return run.heap[cell] is not before.get(cell, cell.initial)  # type: ignore[attr-defined]


def _refuse_row(run: Lowering, node: cst.CSTNode, value: Number) -> None:
    if class_referred_to(value) is not None:
        raise run.refusal(
            node,
            "GS127",
            f"{describe(run, value)} out of a list of run-time length is passed to a function with a cache",
            why="which calls were given the same object, whatever it held then, is known at run time only",
            fix="pass the numbers that it holds, or leave the cache out",
        )


def _refuse_unhashable(run: Lowering, node: cst.CSTNode, value: Abstract) -> None:
    name = ""
    match value:
        case Number():
            _refuse_row(run, node, value)
        case MaybeNone(value=inner):
            _refuse_unhashable(run, node, inner)
        case ArrayCell():
            name = "numpy.ndarray"
        case ListCell():
            name = "list"
        case DictCell():
            name = "dict"
        case InstanceCell(cls=cls) if cls.__hash__ is None:
            name = STANDS_FOR.get(cls, cls).__name__
        case Static(value=found) if type(found).__hash__ is None:
            name = "numpy.ndarray" if isinstance(found, np.ndarray) else type(found).__name__
        case TupleValue(items=items):
            for item in items:
                _refuse_unhashable(run, node, item)
    if name:
        error = TypeError(f"unhashable type: '{name}'")
        raise run.refusal(
            node,
            "GS141",
            f"this raises TypeError: {error}",
            why="a cache looks results up by the arguments, and finds no array, list or dict",
            fix="leave the cache out, or pass numbers, text or tuples of them",
            raises=error,
        )


def refuse_methods(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str) -> None:
    """`f.cache_clear()` and its like, of a function with a cache."""
    is_cached = owner in run.memos or (
        isinstance(owner, Static) and isinstance(owner.value, functools._lru_cache_wrapper)
    )
    if is_cached and name in ("cache_clear", "cache_info", "cache_parameters"):
        raise run.refusal(
            node,
            "GS110",
            f"`{name}` of a function with a cache is outside the supported subset",
            why="what the cache holds is not followed",
            fix="leave it out, or call it outside of the differentiated function",
        )
