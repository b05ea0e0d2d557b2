"""Which names are needed after a statement.

A join or a loop hands on only names that somebody reads later; without this every temporary would become a
result of the `if` it stands in. Classic backward analysis on structured statements: each statement is
summarised by what it reads before writing (`reads`) and what it surely writes (`kills`), loops need no
iteration, and the whole is linear in the length of the function.

In:  the statements of a function.   Out: `Liveness`.
Not here: which values the names have (state.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from gradscribe.frontend.capture import Captured
from gradscribe.frontend.syntax import (
    FunctionSyntax,
    Statement,
    annotations_of,
    blocks_of,
    else_block,
    names_read,
    parameters_of,
    pattern_names,
    statements_of,
    suppresses,
    target_names,
    target_reads,
    walk,
    walrus_names,
)

JUMPS = (cst.Break, cst.Continue)


@dataclass(slots=True)
class _Summary:
    """What statements do to names.

    Attributes:
        reads: names that may be read before they are written.
        kills: names that are written wherever control comes to the end of the statements.
        jumps: control may leave by `break` or `continue`.
        never_ends: control never comes to their end.
    """

    reads: set[str] = field(default_factory=set)
    kills: set[str] = field(default_factory=set)
    jumps: bool = False
    never_ends: bool = False


@dataclass
class Liveness:
    """Facts of one function, by identity of its statements.

    Attributes:
        after: names needed after an `if`, `for`, `while` or `with`.
        head: names needed at the start of each iteration of a loop.
        exposed: names that a loop body may read before it writes them, or may leave as they are though they are
            needed after the loop.
        local: names that the function binds.
        shared: names that nested functions and lambdas refer to: always needed.
        rebound: names of this function that nested functions rebind by `nonlocal`.
        outer: names of outer functions that it rebinds so.
    """

    after: dict[int, frozenset[str]] = field(default_factory=dict)
    head: dict[int, frozenset[str]] = field(default_factory=dict)
    exposed: dict[int, frozenset[str]] = field(default_factory=dict)
    local: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    rebound: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()


def liveness_of(captured: Captured) -> Liveness:
    """The facts of a function, computed once."""
    found = _cache.get(captured)
    if found is None:
        found = _cache[captured] = analyse(captured.function, captured.body)
    return found


_cache: dict[Captured, Liveness] = {}


def analyse(
    function: FunctionSyntax, body: Sequence[Statement], elsewhere: frozenset[str] = frozenset()
) -> Liveness:
    """Facts of a function with these statements; names that are bound `elsewhere` too are always needed."""
    run = _Analysis(frozenset(_shared_names(body)) | elsewhere)
    run.mark(list(body), set(run.shared), set())
    params = {param.name.value for param in parameters_of(function)}
    run.facts.outer = frozenset(_nonlocal_names(body))
    run.facts.local = local_names(params, body)
    run.facts.rebound = run.facts.local & {*_rebound_inside(body), *_handed_out(body, params)}
    run.facts.shared = run.shared
    return run.facts


def bound_names(statements: Iterable[Statement]) -> list[str]:
    """Names that the statements bind, nested blocks included, nested functions not."""
    return [name for statement in statements for name in _names(statement, False)]


def rebound_names(statements: Iterable[Statement]) -> set[str]:
    """Names bound other than by `+=` and its kin, which change an array or list in place."""
    return {name for statement in statements for name in _names(statement, True)}


@lru_cache(maxsize=10_000)
def _names(statement: Statement, rebound: bool) -> tuple[str, ...]:
    """Names that one statement binds, each once; remembered, since every loop around it asks."""
    found = [] if rebound and isinstance(statement, cst.AugAssign) else list(_bound_here(statement))
    for block in blocks_of(statement):
        for inner in block:
            found += _names(inner, rebound)
    return tuple(dict.fromkeys(found))


def _bound_here(statement: Statement) -> Iterator[str]:
    match statement:
        case cst.Assign(targets=targets):
            for target in targets:
                yield from target_names(target.target)
        case cst.AnnAssign(target=target, value=value) if value is not None:
            yield from target_names(target)
        case cst.AugAssign(target=target) | cst.For(target=target):
            yield from target_names(target)
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name):
            yield name.value
        case cst.Del(target=target):
            yield from target_names(target)
        case cst.Match(cases=cases):
            for case in cases:
                yield from pattern_names(case.pattern)
        case cst.With(items=items):
            for item in items:
                if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
                    yield from target_names(item.asname.name)
        case cst.Try(handlers=handlers):
            for handler in handlers:
                if handler.name is not None and isinstance(handler.name.name, cst.BaseExpression):
                    yield from target_names(handler.name.name)
    for expression in _expressions(statement):
        yield from walrus_names(expression)


def local_names(params: Iterable[str], body: Sequence[Statement]) -> frozenset[str]:
    """Names that a function of these parameters and this body binds for itself."""
    return frozenset((*params, *bound_names(body))) - frozenset(_nonlocal_names(body))


def _nonlocal_names(statements: Iterable[Statement]) -> Iterator[str]:
    """Names that the statements declare `nonlocal`, nested functions not included."""
    for statement in statements:
        if isinstance(statement, cst.Nonlocal):
            yield from (item.name.value for item in statement.names)
        for block in blocks_of(statement):
            yield from _nonlocal_names(block)


def _rebound_inside(statements: Iterable[Statement]) -> Iterator[str]:
    """Names that nested functions declare `nonlocal`."""
    for statement in statements:
        if isinstance(statement, cst.FunctionDef):
            for node in walk(statement):
                if isinstance(node, cst.Nonlocal):
                    yield from (item.name.value for item in node.names)
        for block in blocks_of(statement):
            yield from _rebound_inside(block)


def _handed_out(statements: Sequence[Statement], params: Set[str]) -> Iterator[str]:
    """Names that generator expressions bind by `:=`, and that occur outside: `any((w := v) > 0 for v in x)`.

    Such an expression is a nested function: how often it binds them is up to what consumes it.
    """
    made = list(_generator_expressions(statements))
    binding = {id(node): names for node in made if (names := set(walrus_names(node)))}
    if not binding:
        return
    everywhere = Counter(name for statement in statements for name in names_read(statement))
    for node in made:
        inside = Counter(names_read(node))
        yield from (
            name for name in binding.get(id(node), ()) if everywhere[name] + (name in params) > inside[name]
        )


def _generator_expressions(statements: Iterable[Statement]) -> Iterator[cst.GeneratorExp]:
    for statement in statements:
        for expression in _expressions(statement):
            yield from (node for node in walk(expression) if isinstance(node, cst.GeneratorExp))
        for block in blocks_of(statement):
            yield from _generator_expressions(block)


def _shared_names(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            for inner in walk(statement):
                if isinstance(inner, cst.Name):
                    yield inner.value
            continue
        for expression in _expressions(statement):
            for node in walk(expression):
                if isinstance(node, cst.Lambda | cst.GeneratorExp):
                    yield from names_read(node)
        for block in blocks_of(statement):
            yield from _shared_names(block)


def _expressions(statement: Statement) -> list[cst.CSTNode]:
    """The expressions that a statement evaluates itself, in order; targets' indices included."""
    match statement:
        case cst.Assign(targets=targets, value=value):
            return [value, *(read for target in targets for read in target_reads(target.target))]
        case cst.AnnAssign(target=target, value=value):
            return [*([value] if value is not None else []), *target_reads(target)]
        case cst.AugAssign(target=target, value=value):
            return [target, value]
        case cst.If(test=test) | cst.While(test=test):
            return [test]
        case cst.For(iter=iterable, target=target):
            return [iterable, *target_reads(target)]
        case cst.With(items=items):
            return [item.item for item in items]
        case cst.Match(subject=subject, cases=cases):
            return [subject, *(case.pattern for case in cases), *(case.guard for case in cases if case.guard)]
        case cst.FunctionDef(params=params, decorators=decorators):
            made = [decorator.decorator for decorator in decorators]
            return [params, *made, *annotations_of(statement)]
        case cst.Try(handlers=handlers):
            return [handler.type for handler in handlers if handler.type is not None]
        case cst.ClassDef() | cst.TryStar():
            return []
        case cst.Del(target=target):
            # That a deleted name is bound matters as much as that one read is.
            return [target]
        case _:
            return [statement]


def surely_bound(body: Sequence[Statement], targets: Iterable[str]) -> set[str]:
    """Names that a loop body has bound wherever it ends: at its last statement, a `break` or a `continue`."""
    ends: list[set[str]] = []
    last = _bound_after(body, set(targets), ends)
    ends += [last] if last is not None else []
    return set.intersection(*ends) if ends else set()


def _bound_after(statements: Iterable[Statement], bound: set[str], ends: list[set[str]]) -> set[str] | None:
    """Names bound after the statements, None if control never gets there; what is bound at jumps joins `ends`."""
    for statement in statements:
        match statement:
            case cst.Break() | cst.Continue():
                ends.append(bound)
                return None
            case cst.Return() | cst.Raise():
                return None
            case cst.If(body=body, orelse=orelse):
                sides = [
                    _bound_after(block, set(bound), ends)
                    for block in (statements_of(body), else_block(orelse))
                ]
                left = [side for side in sides if side is not None]
                if not left:
                    return None
                bound = set.intersection(*left)
            case cst.With(body=body) if not suppresses(statement):
                inside = _bound_after(statements_of(body), set(bound), ends)
                if inside is None:
                    return None
                bound = inside
            case cst.For() | cst.While():
                # Its own jumps lead to its own end; those in `else` lead further.
                if statement.orelse is not None:
                    _bound_after(statements_of(statement.orelse.body), set(bound), ends)
            case cst.Try() | cst.TryStar() | cst.Match() | cst.With():
                for block in blocks_of(statement):
                    _bound_after(block, set(bound), ends)
            case cst.Del():
                bound = bound.difference(_bound_here(statement))
            case _:
                bound = bound.union(_bound_here(statement))
    return bound


class _Analysis:
    def __init__(self, shared: frozenset[str]) -> None:
        self.shared = shared
        self.facts = Liveness()
        self.summaries: dict[int, _Summary] = {}

    def summary(self, statement: Statement) -> _Summary:
        found = self.summaries.get(id(statement))
        if found is None:
            found = self.summaries[id(statement)] = self._summarise(statement)
        return found

    def _summarise(self, statement: Statement) -> _Summary:
        result = _Summary()
        for expression in _expressions(statement):
            result.reads.update(names_read(expression))
        match statement:
            case cst.If(body=body, orelse=orelse):
                self._either(result, [statements_of(body), else_block(orelse)])
            case cst.For(body=body, orelse=orelse, target=target):
                inner = self.sequence(statements_of(body))
                result.reads |= inner.reads - set(target_names(target))
                self._add_else(result, orelse)
            case cst.While(body=body, orelse=orelse):
                result.reads |= self.sequence(statements_of(body)).reads
                self._add_else(result, orelse)
            case cst.With(body=body) if not suppresses(statement):
                inner = self.sequence(statements_of(body))
                result.reads |= inner.reads
                result.kills, result.jumps, result.never_ends = inner.kills, inner.jumps, inner.never_ends
            case cst.Try() | cst.TryStar() | cst.Match() | cst.With():
                named = set(_bound_here(statement)) if isinstance(statement, cst.Try) else set()
                for block in blocks_of(statement):
                    inner = self.sequence(block)
                    result.reads |= inner.reads - named
                    result.jumps = result.jumps or inner.jumps
            case cst.Break() | cst.Continue():
                result.jumps = result.never_ends = True
            case cst.Return() | cst.Raise():
                result.never_ends = True
            case cst.Assign() | cst.AnnAssign() | cst.FunctionDef() | cst.ClassDef():
                result.kills = set(_bound_here(statement))
        return result

    def _either(self, result: _Summary, blocks: Sequence[list[Statement]]) -> None:
        parts = [self.sequence(block) for block in blocks]
        for part in parts:
            result.reads |= part.reads
            result.jumps = result.jumps or part.jumps
        ending = [part.kills for part in parts if not part.never_ends]
        result.never_ends = not ending
        result.kills = set.intersection(*ending) if ending else set()

    def _add_else(self, result: _Summary, orelse: cst.Else | None) -> None:
        if orelse is not None:
            inner = self.sequence(statements_of(orelse.body))
            result.reads |= inner.reads
            result.jumps = inner.jumps

    def sequence(self, statements: Sequence[Statement]) -> _Summary:
        """The summary of statements in order."""
        result = _Summary()
        for statement in statements:
            part = self.summary(statement)
            result.reads |= part.reads - result.kills
            if result.never_ends:
                continue
            result.jumps = result.jumps or part.jumps
            result.kills |= part.kills
            result.never_ends = part.never_ends
        return result

    def mark(self, statements: list[Statement], after: set[str], jump: set[str]) -> set[str]:
        """Record what is needed after each statement; return what is needed before the first.

        Args:
            statements: in order.
            after: needed after the last one.
            jump: needed where `break` and `continue` lead.
        """
        live = set(after)
        for statement in reversed(statements):
            part = self.summary(statement)
            if isinstance(statement, cst.If | cst.For | cst.While | cst.With | cst.Try | cst.Match):
                # Where control may jump from inside, what is needed there is needed at its end, too.
                self.mark_inside(statement, live | jump if part.jumps else live, jump)
            live -= part.kills - self.shared
            if part.never_ends:
                live = set(self.shared)
            live |= part.reads
            if part.jumps:
                live |= jump
        return live

    def mark_inside(self, statement: Statement, live: set[str], jump: set[str]) -> None:
        """Record the facts of one compound statement."""
        if isinstance(statement, cst.Try):
            # What stands in `else` and `finally` comes after the body, too.
            live = live.union(*(self.sequence(block).reads for block in blocks_of(statement)))
        self.facts.after[id(statement)] = frozenset(live)
        if not isinstance(statement, cst.For | cst.While):
            for block in blocks_of(statement):
                self.mark(block, live, jump)
            return
        body = statements_of(statement.body)
        exposed = set(self.sequence(body).reads)
        if isinstance(statement, cst.While):
            exposed |= set(names_read(statement.test))
        else:
            exposed -= set(target_names(statement.target))
        leaving = set(live)
        if statement.orelse is not None:
            leaving |= self.mark(statements_of(statement.orelse.body), live, jump)
        targets = target_names(statement.target) if isinstance(statement, cst.For) else ()
        exposed |= leaving & set(bound_names(body)).difference(surely_bound(body, targets), targets)
        head = leaving | exposed
        self.facts.exposed[id(statement)] = frozenset(exposed)
        self.facts.head[id(statement)] = frozenset(head)
        self.mark(body, head, head)
