"""`break` where the user wrote it, in place of flags that later statements of a loop body ask for.

    before:  if x > 1.0:                          after:  if x > 1.0:
                 if n > 3:                                    if n > 3:
                     goes_on, leaves = False, True                break
                 else:                                    t = t + dt
                     goes_on, leaves = True, False
             else:
                 goes_on, leaves = True, False
             if goes_on:
                 t = t + dt
                 leaves = False
             if leaves:
                 break

What follows the `if` that sets the flags is followed up for each of its ends, where the flags are known.

In:  the statements of a loop body and the flag that ends the loop.   Out: statements without it, or None.
Not here: flags that are computed (loops.py).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from gradscribe.codegen.statements import If, Simple, Statement, mentions

# So many statements may stand twice: before a `break`, and after the `if`.
MAX_REPEATED = 2

Known = Mapping[str, bool]


class _Unknown(Exception):
    """A flag is not known where it is asked for, or is used in another way."""


def leave_directly(
    statements: Sequence[Statement], flag: str, others: Collection[str], leaving: Simple
) -> list[Statement] | None:
    """The statements with `break` at the ends at which the flag is set.

    Args:
        statements: of the body, without the last one, `if flag: break`.
        flag: a variable that only that statement reads.
        others: variables that only one `if` each reads, as its test.
        leaving: the `break`.
    """
    for place in reversed(range(len(statements))):
        chosen, rest = statements[place], statements[place + 1 :]
        if isinstance(chosen, If) and mentions([chosen], flag):
            asked = {one.test.id for one in rest if isinstance(one, If) and isinstance(one.test, ast.Name)}
            flags = frozenset({flag, *asked.intersection(others)})
            try:
                made = _Ends(flag, flags, tuple(rest), leaving).joined(chosen)
            except _Unknown:
                continue
            if not mentions(made, *flags):
                return [*statements[:place], *made]
    return None


@dataclass
class _Ends:
    """The ends of an `if`, and what follows each of them.

    Attributes:
        flag: the variable that ends the loop.
        flags: all that are followed up.
        rest: statements after the `if`.
        usual: what follows at the ends that do not leave.
        last: what follows at those that do.
    """

    flag: str
    flags: frozenset[str]
    rest: tuple[Statement, ...]
    leaving: Simple
    usual: list[list[Statement]] = field(default_factory=list)
    last: list[list[Statement]] = field(default_factory=list)

    def joined(self, chosen: If) -> list[Statement]:
        """The `if` with its `break`s, and what follows where it does not leave."""
        made = self.ends([chosen], {})
        after = self.usual[0] if self.usual else []
        if not all(_same(other, after) for other in self.usual):
            raise _Unknown
        if all(_same(other, after) for other in self.last) and not mentions([chosen], *_names(after)):
            early = self.early(made, after)
            if early is not None:
                return [*after, *early]
        if any(len(other) > MAX_REPEATED for other in self.last):
            raise _Unknown
        return [*made, *after]

    def early(self, made: Sequence[Statement], repeated: Sequence[Statement]) -> list[Statement] | None:
        """An `if` that does nothing but leave, without what it repeats of the statements that follow."""
        match made:
            case [If(body=body, otherwise=()) as alone] if _same(body, [*repeated, self.leaving]):
                return [replace(alone, body=(self.leaving,))]
        return None

    def ends(self, statements: Sequence[Statement], known: Known) -> list[Statement]:
        """The statements of a branch, down to each of its ends."""
        kept: list[Statement] = []
        known = dict(known)
        for place, statement in enumerate(statements):
            told = self.told(statement)
            if told is not None:
                known[told[0]] = told[1]
            elif not _sets(statement, self.flags):
                kept.append(statement)
            elif isinstance(statement, If):
                later = statements[place + 1 :]
                known.update(filter(None, map(self.told, later)))
                return [*kept, *self.before(statement, later), *self.branches(statement, known)]
            else:
                raise _Unknown
        after = self.followed(self.rest, known)
        if self.flag not in known:
            raise _Unknown
        (self.last if known[self.flag] else self.usual).append(after)
        return [*kept, *after, self.leaving] if known[self.flag] else kept

    def before(self, statement: If, later: Sequence[Statement]) -> list[Statement]:
        """What follows an `if` that does nothing but set flags; it may as well come first."""
        others = [one for one in later if self.told(one) is None]
        if others and not (self.only_tells(statement) and not mentions([statement], *_names(others))):
            raise _Unknown
        return others

    def only_tells(self, statement: Statement) -> bool:
        if isinstance(statement, If):
            return all(map(self.only_tells, (*statement.body, *statement.otherwise)))
        return self.told(statement) is not None

    def branches(self, statement: If, known: Known) -> list[Statement]:
        then, other = self.ends(statement.body, known), self.ends(statement.otherwise, known)
        if not then and not other:
            return []
        if not then:
            test = ast.UnaryOp(ast.Not(), statement.test)
            return [replace(statement, test=test, body=tuple(other), otherwise=())]
        if then[-1] is self.leaving:
            # Nothing goes on after a `break`.
            return [replace(statement, body=tuple(then), otherwise=()), *other]
        return [replace(statement, body=tuple(then), otherwise=tuple(other))]

    def followed(self, statements: Sequence[Statement], known: dict[str, bool]) -> list[Statement]:
        """What runs of the statements where the flags are known; `known` is brought up to date."""
        kept: list[Statement] = []
        for statement in statements:
            told = self.told(statement)
            match statement:
                case _ if told is not None:
                    known[told[0]] = told[1]
                case If(ast.Name(name), body, otherwise) if name in known:
                    kept += self.followed(body if known[name] else otherwise, known)
                case _:
                    kept.append(statement)
        return kept

    def told(self, statement: Statement) -> tuple[str, bool] | None:
        """The flag that a statement sets, and to what."""
        match statement:
            case Simple(ast.Assign(targets=[ast.Name(name)], value=ast.Constant(bool(value)))):
                return (name, value) if name in self.flags else None
        return None


def _sets(statement: Statement, flags: Collection[str]) -> bool:
    """Whether a flag occurs in a statement."""
    return any(mentions([statement], name) for name in flags)


def _same(left: Sequence[Statement], right: Sequence[Statement]) -> bool:
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))


def _names(statements: Sequence[Statement]) -> Iterator[str]:
    """Variables that statements may change."""
    for statement in statements:
        if not isinstance(statement, Simple):
            raise _Unknown
        yield from (node.id for node in ast.walk(statement.code) if isinstance(node, ast.Name))
