"""`match` statements: the first case whose pattern fits, decided now where the subject is known.

In:  a subject and patterns.   Out: a condition for each case, the names that it binds; the state after them.
Not here: branches on run-time conditions (branches.py), patterns of other statements (targets.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.branches import branch, choose, execute_in
from gradscribe.frontend.conditions import compare, tested, truth
from gradscribe.frontend.iteration import Items, iterable
from gradscribe.frontend.operands import describe, present, resolved
from gradscribe.frontend.scope import bind
from gradscribe.frontend.state import FALLS, Condition, Flow, Lowering
from gradscribe.frontend.storage import read_dict
from gradscribe.frontend.syntax import Statement, always_leaves, has_jump, statements_of
from gradscribe.frontend.trials import Point
from gradscribe.frontend.type_queries import classes_of, is_of
from gradscribe.frontend.values import (
    Abstract,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    RangeValue,
    ShapeValue,
    Static,
    TupleValue,
    is_none,
)
from gradscribe.frontend.written_out import STANDS_FOR
from gradscribe.ir.graph import Value

Bindings = dict[str, Abstract]
WHOLE_SUBJECT = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
_FITS_NONE = (cst.MatchSingleton, cst.MatchAs, cst.MatchOr)
JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def execute_match(run: Lowering, node: cst.Match, rest: Sequence[Statement]) -> tuple[Flow, bool]:
    """`match subject: case ...`. The second result says that `rest` was lowered with it."""
    subject = resolved(run, run.evaluate(run, node.subject), node.subject)
    # What follows is part of each case if some case leaves and another does not.
    leaving = {always_leaves(statements_of(case.body)) for case in node.cases}
    if not _always_fits(node.cases[-1]):
        leaving.add(False)
    plain = not any(has_jump(statements_of(case.body), JUMPS[2:]) for case in node.cases)
    followed = rest if len(leaving) > 1 and plain else ()
    outer = run.live_out if followed else run.frame.liveness.after[id(node)]
    return _Cases(run, node, subject, followed, outer).execute(0), bool(followed)


def _always_fits(case: cst.MatchCase) -> bool:
    pattern = case.pattern
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None and case.guard is None


class _Cases:
    """The cases of one statement, each tried where those before do not fit."""

    def __init__(
        self,
        run: Lowering,
        node: cst.Match,
        subject: Abstract,
        followed: Sequence[Statement],
        live: frozenset[str],
    ) -> None:
        self.run = run
        self.node = node
        self.subject = subject
        self.followed = followed
        self.live = live

    def execute(self, position: int) -> Flow:
        """The cases from this one on."""
        run = self.run
        if position == len(self.node.cases):
            return run.execute(run, self.followed) if self.followed else FALLS
        case = self.node.cases[position]
        names: Bindings = {}
        fits = matches(run, case.pattern, self.subject, names)
        if case.guard is not None and fits is not False:
            fits = self._guarded(fits, names, case.guard)
        if fits is False:
            return self.execute(position + 1)
        if fits is True:
            return self._body(case, names)
        return branch(
            run,
            case,
            fits,
            lambda: self._body(case, names),
            lambda: self.execute(position + 1),
            self.live,
        )

    def _body(self, case: cst.MatchCase, names: Bindings) -> Flow:
        self._bind(names)
        flow = execute_in(self.run, statements_of(case.body), self.run.frame.liveness.after[id(self.node)])
        if self.followed and flow.falls is True:
            return self.run.execute(self.run, self.followed)
        return flow

    def _bind(self, names: Bindings) -> None:
        for name, value in names.items():
            bind(self.run, name, value)

    def _guarded(self, fits: Condition, names: Bindings, guard: cst.BaseExpression) -> Condition:
        """The pattern and its guard, which is computed only where the pattern fits."""
        run = self.run

        def guarded() -> Abstract:
            self._bind(names)
            return _as_abstract(tested(run, guard))

        if fits is True:
            return truth(run, guarded(), guard)
        assert isinstance(fits, Value)
        return truth(run, choose(run, guard, fits, guarded, lambda: Static(False)), guard)


def matches(run: Lowering, pattern: cst.MatchPattern, subject: Abstract, names: Bindings) -> Condition:
    """Whether a value fits a pattern; what the pattern binds is added to `names`."""
    subject = resolved(run, subject, pattern)
    if isinstance(subject, MaybeNone) and not isinstance(pattern, _FITS_NONE):
        return _given_and_fits(run, pattern, subject, names)
    match pattern:
        case cst.MatchValue(value=value):
            return _equal(run, pattern, cst.Equal(), subject, run.evaluate(run, value))
        case cst.MatchSingleton(value=value):
            return _equal(run, pattern, cst.Is(), subject, run.evaluate(run, value))
        case cst.MatchAs(pattern=inner, name=name):
            fits = matches(run, inner, subject, names) if inner is not None else True
            if name is not None and fits is not False:
                names[name.value] = subject
            return fits
        case cst.MatchOr(patterns=alternatives):
            return _any(run, pattern, [element.pattern for element in alternatives], subject, names)
        case cst.MatchSequence(patterns=elements):
            return _sequence(run, pattern, elements, subject, names)
        case cst.MatchMapping():
            return _mapping(run, pattern, subject, names)
        case cst.MatchClass():
            return _class(run, pattern, subject, names)
    raise AssertionError(pattern)


def _given_and_fits(
    run: Lowering, pattern: cst.MatchPattern, subject: MaybeNone, names: Bindings
) -> Condition:
    """Whether what may be None is a value that fits a pattern that None does not."""
    if not is_none(subject.otherwise):
        return matches(run, pattern, present(run, subject, pattern), names)
    with run.block() as trial:
        fits = matches(run, pattern, subject.value, names)
    if trial.nodes or not isinstance(fits, bool):
        raise run.refusal(
            pattern,
            "GS110",
            "what may be None is matched with a pattern that looks into it",
            why="on some ways to here there is nothing to look into",
            fix="ask `is None` first",
        )
    return subject.given if fits else False


def _equal(
    run: Lowering, node: cst.CSTNode, operator: cst.BaseCompOp, left: Abstract, right: Abstract
) -> Condition:
    return truth(run, compare(run, node, operator, left, right), node)


def _as_abstract(condition: Condition) -> Abstract:
    return Number(condition) if isinstance(condition, Value) else Static(condition)


def _every(
    run: Lowering, node: cst.CSTNode, parts: Sequence[tuple[cst.MatchPattern, Abstract]], names: Bindings
) -> Condition:
    """All parts fit."""
    result: Condition = True
    for pattern, value in parts:
        before = Point.of(run)
        fits = matches(run, pattern, value, names)
        if isinstance(result, Value) and not before.is_unchanged(run):
            raise run.refusal(
                node,
                "GS110",
                "a pattern changes an object that it looks into",
                why="it is looked into only where the parts of the pattern before it fit, which the run knows",
                fix="read what it looks at before, into a variable",
            )
        if fits is False:
            return False
        if isinstance(fits, Value):
            result = fits if result is True else run.op(node, "bool_and", result, fits)  # type: ignore[arg-type]
    return result


def _any(
    run: Lowering,
    node: cst.CSTNode,
    alternatives: Sequence[cst.MatchPattern],
    subject: Abstract,
    names: Bindings,
) -> Condition:
    """The first alternative that fits; each binds the same names."""
    result: Condition = False
    for alternative in alternatives:
        bound: Bindings = {}
        fits = matches(run, alternative, subject, bound)
        if fits is False:
            continue
        if isinstance(fits, Value) and bound:
            raise run.refusal(
                node,
                "GS127",
                "which alternative of this pattern fits is known at run time only",
                why="each of them binds names, to different parts of the subject",
                fix="write a case for each alternative",
            )
        if fits is True:
            names.update(bound)
            return True
        assert isinstance(fits, Value)
        result = fits if result is False else run.op(node, "bool_or", result, fits)  # type: ignore[arg-type]
    return result


def _sequence(
    run: Lowering,
    node: cst.CSTNode,
    elements: Sequence[cst.MatchSequenceElement | cst.MatchStar],
    subject: Abstract,
    names: Bindings,
) -> Condition:
    """`[a, b, *rest]`: of tuples, lists and ranges, not of arrays or text, as in Python."""
    is_sequence = isinstance(subject, TupleValue | ListCell | ShapeValue | RangeValue) or (
        isinstance(subject, Static) and isinstance(subject.value, tuple | list | range)
    )
    if not is_sequence:
        return False
    found = iterable(run, node, subject)
    if not isinstance(found, Items):
        raise run.refusal(
            node,
            "GS127",
            f"{describe(run, subject)} is matched with a sequence",
            why="its length is known at run time only",
            fix="compare `len(...)` and index it",
        )
    items = list(found.items)
    stars = [k for k, element in enumerate(elements) if isinstance(element, cst.MatchStar)]
    if stars:
        (k,) = stars
        spare = len(items) - len(elements) + 1
        if spare < 0:
            return False
        items[k : k + spare] = [ListCell(tuple(items[k : k + spare]))]
    if len(items) != len(elements):
        return False
    parts: list[tuple[cst.MatchPattern, Abstract]] = []
    for element, item in zip(elements, items, strict=True):
        pattern = cst.MatchAs(name=element.name) if isinstance(element, cst.MatchStar) else element.value
        parts.append((pattern, item))
    return _every(run, node, parts, names)


def _mapping(run: Lowering, node: cst.MatchMapping, subject: Abstract, names: Bindings) -> Condition:
    """`{"key": pattern, **rest}`."""
    if isinstance(subject, InstanceCell) and issubclass(STANDS_FOR.get(subject.cls, object), dict):
        raise run.refusal(
            node,
            "GS125",
            f"{describe(run, subject)} whose keys are known at run time only is matched",
            why="which pattern fits decides which names are bound",
            fix="ask for the keys: `if key in d:`",
        )
    if not isinstance(subject, DictCell):
        return False
    entries = dict(read_dict(run, subject, node))
    parts: list[tuple[cst.MatchPattern, Abstract]] = []
    for element in node.elements:
        key = run.evaluate(run, element.key)
        assert isinstance(key, Static), key
        if key.value not in entries:
            return False
        parts.append((element.pattern, entries.pop(key.value)))
    fits = _every(run, node, parts, names)
    if node.rest is not None and fits is not False:
        names[node.rest.value] = DictCell(entries)
    return fits


def _class(run: Lowering, node: cst.MatchClass, subject: Abstract, names: Bindings) -> Condition:
    """`Point(x, y=pattern)`."""
    (cls,) = classes_of(run, node, run.evaluate(run, node.cls))
    if not is_of(run, node, subject, (cls,)):
        return False
    positional = [element.value for element in node.patterns]
    if len(positional) == 1 and cls in WHOLE_SUBJECT:
        parts = [(positional[0], subject)]
    else:
        arguments: tuple[str, ...] = getattr(cls, "__match_args__", ())
        if len(positional) > len(arguments):
            raise run.refusal(
                node,
                "GS140",
                f"`{cls.__name__}` has no `__match_args__` for {len(positional)} positional patterns",
                why="the match raises TypeError",
                fix="name the attributes: `Point(x=...)`",
            )
        named = zip(arguments, positional, strict=False)
        parts = [(pattern, attribute_of(run, node, subject, name)) for name, pattern in named]
    for element in node.kwds:
        parts.append((element.pattern, attribute_of(run, node, subject, element.key.value)))
    return _every(run, node, parts, names)
