"""Loops over the items of a list or array, in place of loops over its indices.

    before:  n = len(x)                          after:  n = len(x)
             for i in range(n):                          for v in x:
                 v = x[i]                                    s = s + v * v
                 s = s + v * v

It is the same as long as the loop leaves the list as it is, and goes over all of it.

In:  the statements of a function.   Out: statements.
Not here: comprehensions (comprehensions.py).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gradscribe.codegen.statements import For, If, Simple, Statement, Try, While

Lengths = dict[str, str]
"""Variables that are the length of a variable."""


def over_items(
    statements: Sequence[Statement],
    lengths: Mapping[str, str] | None = None,
    after: Sequence[Statement] = (),
) -> list[Statement]:
    """The statements, their loops going over items where they can; `after` are those that run later."""
    if not any(map(_taken_first, _loops(statements))):
        return list(statements)
    known: Lengths = dict(lengths or {})
    result: list[Statement] = []
    for place, statement in enumerate(statements):
        later = () if isinstance(statement, Simple) else [*statements[place + 1 :], *after]
        result.append(_rewritten(statement, known, later))
        known = {**_unchanged(known, statement), **_length(statement)}
    return result


def without_unread_lengths(statements: Sequence[Statement]) -> list[Statement]:
    """The statements of a function without `n = len(x)` for loops that now go over items."""
    count = Counter(
        name.id for part in parts_of(statements) for name in ast.walk(part) if isinstance(name, ast.Name)
    )

    def is_read_somewhere(statement: Statement) -> bool:
        return all(count[name] > 1 for name in _length(statement))

    return list(filter(is_read_somewhere, statements))


def _rewritten(statement: Statement, known: Lengths, after: Sequence[Statement]) -> Statement:
    match statement:
        case For() | While():
            kept = _unchanged(known, statement)
            made = replace(statement, body=tuple(over_items(statement.body, kept, [*statement.body, *after])))
            return _over_its_items(made, known, after) if isinstance(made, For) else made
        case If() | Try():
            body, otherwise = (
                tuple(over_items(part, known, after)) for part in (statement.body, statement.otherwise)
            )
            return replace(statement, body=body, otherwise=otherwise)
        case _:
            return statement


def _unchanged(known: Lengths, statement: Statement) -> Lengths:
    """The lengths that are still known after a statement, and in it if it is a loop."""
    if not known:
        return known
    changed = changed_names([statement])
    return {name: owner for name, owner in known.items() if name not in changed and owner not in changed}


def _length(statement: Statement) -> Lengths:
    """`n = len(x)`, `n = x.shape[0]`."""
    match statement:
        case Simple(ast.Assign(targets=[ast.Name(name)], value=value)):
            owner = _owner_of_length(value)
            return {name: owner} if owner is not None and owner != name else {}
    return {}


def _owner_of_length(value: ast.expr) -> str | None:
    match value:
        case ast.Call(func=ast.Name("len"), args=[ast.Name(owner)]):
            return owner
        case ast.Subscript(ast.Attribute(ast.Name(owner), "shape"), ast.Constant(0)):
            return owner
    return None


def _over_its_items(loop: For, known: Lengths, after: Sequence[Statement]) -> Statement:
    taken = _taken_first(loop)
    if taken is None:
        return loop
    item, owner, index = taken
    rest = loop.body[1:]
    is_needed = is_read(index, rest) or is_read(index, after)
    if is_needed or owner in changed_names(rest) or len({item, owner, index}) < len(taken):
        return loop
    match loop.target, loop.iterable:
        case ast.Name(), iterable:
            items = _items(iterable, owner, known)
            if items is not None:
                return replace(loop, target=ast.Name(item), iterable=items, body=rest)
        case ast.Tuple([_, *others]), ast.Call(ast.Name("zip"), [first, *lists], []):
            items = _items(first, owner, known)
            if items is not None and item not in mentioned_in(*others):
                target, iterable = (
                    ast.Tuple([ast.Name(item), *others]),
                    ast.Call(ast.Name("zip"), [items, *lists], []),
                )
                return replace(loop, target=target, iterable=iterable, body=rest)
    return loop


def _taken_first(loop: For) -> tuple[str, str, str] | None:
    """The item, the list and the index of `item = items[index]`, where a loop over indices begins with that."""
    match loop.target:
        case ast.Name(index) | ast.Tuple([ast.Name(index), *_]):
            pass
        case _:
            return None
    match loop.body[0] if loop.body else None:
        case Simple(ast.Assign([ast.Name(item)], ast.Subscript(ast.Name(owner), ast.Name(at)))) if (
            at == index
        ):
            return item, owner, index
    return None


def _items(iterable: ast.expr, owner: str, known: Lengths) -> ast.expr | None:
    """What goes over the items of a list, where this goes over all its indices."""
    match iterable:
        case ast.Call(ast.Name("range"), [ast.Name(length)], []) if known.get(length) == owner:
            return ast.Name(owner)
        case ast.Call(ast.Name("range"), [value], []) if _owner_of_length(value) == owner:
            return ast.Name(owner)
        case ast.Call(ast.Name("reversed"), [inner], []):
            items = _items(inner, owner, known)
            return None if items is None else ast.Call(ast.Name("reversed"), [items], [])
    return None


def is_read(name: str, statements: Sequence[Statement]) -> bool:
    """Whether statements may read what a variable holds before them."""
    for statement in statements:
        match statement:
            case Simple(ast.Assign([target], value)):
                if name in mentioned_in(value):
                    return True
                if name in set(_assigned(target)):
                    return False
                read = name in mentioned_in(target)
            case For(target, iterable, body):
                read = name in mentioned_in(iterable)
                read = read or (name not in mentioned_in(target) and is_read(name, body))
            case While(test, body):
                read = name in mentioned_in(test) or is_read(name, body)
            case If(test, body, otherwise):
                read = name in mentioned_in(test) or is_read(name, body) or is_read(name, otherwise)
            case _:
                read = name in mentioned([statement])
        if read:
            return True
    return False


def mentioned(statements: Sequence[Statement]) -> set[str]:
    """Variables that statements read or write."""
    return {name.id for part in parts_of(statements) for name in ast.walk(part) if isinstance(name, ast.Name)}


def mentioned_in(*parts: ast.AST) -> set[str]:
    """Variables in expressions."""
    return {name.id for part in parts for name in ast.walk(part) if isinstance(name, ast.Name)}


def parts_of(statements: Sequence[Statement]) -> Iterator[ast.AST]:
    """The code of statements, without the statements inside."""
    for statement in statements:
        match statement:
            case Simple(code):
                yield code
            case For():
                yield from (statement.target, statement.iterable)
                yield from parts_of(statement.body)
            case While():
                yield statement.test
                yield from parts_of(statement.body)
            case If():
                yield statement.test
                yield from parts_of((*statement.body, *statement.otherwise))
            case Try():
                yield from parts_of((*statement.body, *statement.otherwise))
                for handler in statement.handlers:
                    yield ast.Name(handler.name or "_")
                    yield from parts_of(handler.body)


def changed_names(statements: Sequence[Statement]) -> set[str]:
    """Variables that get another value, or whose object may get another length."""
    found: set[str] = set()
    for part in parts_of(statements):
        found |= set(_changed_by(part))
    return found | {name for loop in _loops(statements) for name in mentioned_in(loop.target)}


def _loops(statements: Sequence[Statement]) -> Iterator[For]:
    for statement in statements:
        if isinstance(statement, For):
            yield statement
        if isinstance(statement, Simple):
            continue
        yield from _loops(statement.body)
        if isinstance(statement, If | Try):
            yield from _loops(statement.otherwise)
        if isinstance(statement, Try):
            for handler in statement.handlers:
                yield from _loops(handler.body)


def _changed_by(code: ast.AST) -> Iterator[str]:
    for part in ast.walk(code):
        match part:
            case ast.Assign(targets=targets):
                yield from (name for target in targets for name in _assigned(target))
            case ast.AugAssign(target=target) | ast.NamedExpr(target=target):
                yield from _assigned(target)
            case ast.Delete(targets=targets):
                yield from mentioned_in(*targets)
            case ast.Call(ast.Attribute(value=owner)):
                # A method may change its object: `items.append(x)`, `rows[i].pop()`.
                yield from _root(owner)


def _assigned(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Tuple(elts) | ast.List(elts):
            yield from (name for part in elts for name in _assigned(part))
        case ast.Starred(value):
            yield from _assigned(value)
        case ast.Subscript(value, ast.Slice()):
            yield from _root(value)
        case ast.Subscript() | ast.Attribute():
            return
        case ast.Name(name):
            yield name


def _root(owner: ast.expr) -> Iterator[str]:
    while isinstance(owner, ast.Subscript | ast.Attribute):
        owner = owner.value
    if isinstance(owner, ast.Name):
        yield owner.id
