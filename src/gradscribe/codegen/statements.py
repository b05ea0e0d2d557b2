"""The statement tree: what the schedule becomes before it is text.

Simple statements and expressions are Python's own `ast` nodes; compound ones are ours, because each statement
keeps the place of the user's source that it comes from.

In:  nothing.   Out: `Simple`, `For`, `While`, `If`, `Try`; `to_lines`.
Not here: comments (comments.py).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gradscribe.codegen.wrapping import wrapped
from gradscribe.errors import Diagnostic, InternalError
from gradscribe.location import Location

INDENT = "    "
# Python refuses more loops inside one another, and deeper indentation.
MAX_LOOPS = 20
MAX_INDENT = 90


@dataclass(frozen=True, slots=True)
class Simple:
    """A statement on one line; `uncommented` where it hands on what other lines have computed."""

    code: ast.stmt
    location: Location | None
    derivative: bool
    uncommented: bool = False


@dataclass(frozen=True, slots=True)
class For:
    """`for target in iterable:`."""

    target: ast.expr
    iterable: ast.expr
    body: tuple[Statement, ...]
    location: Location | None
    derivative: bool


@dataclass(frozen=True, slots=True)
class While:
    """`while test:`."""

    test: ast.expr
    body: tuple[Statement, ...]
    location: Location | None
    derivative: bool


@dataclass(frozen=True, slots=True)
class If:
    """`if test:`, with `elif` where the other branch is nothing but an `if`."""

    test: ast.expr
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]
    location: Location | None
    derivative: bool


@dataclass(frozen=True, slots=True)
class Handler:
    """`except classes as name:`."""

    classes: ast.expr
    name: str | None
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """`try:` with its handlers, and with `else` where something follows a body that completed."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    otherwise: tuple[Statement, ...]
    location: Location | None
    derivative: bool


Statement = Simple | For | While | If | Try


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; without a comment if it is a heading or goes on with the statement of the line before."""

    text: str
    location: Location | None
    derivative: bool
    uncommented: bool = False


def to_lines(statements: Sequence[Statement], indent: int = 1, loops: int = 0) -> list[Line]:
    """The lines of a body; an empty one is `pass`."""
    lines: list[Line] = []
    _add_lines(lines, statements, indent, loops)
    return lines


def _add_lines(lines: list[Line], statements: Sequence[Statement], indent: int, loops: int) -> None:
    if indent > MAX_INDENT or loops > MAX_LOOPS:
        raise _too_deep(statements)
    lead = INDENT * indent
    if not statements:
        lines.append(Line(f"{lead}pass", None, True))
    for statement in statements:
        match statement:
            case Simple(code):
                lines += _lines(to_text(code), lead, statement, code)
            case For(target, iterable, body):
                lines += _lines(f"for {_bare(target)} in {to_text(iterable)}:", lead, statement)
                _add_lines(lines, body, indent + 1, loops + 1)
            case While(test, body):
                lines += _lines(f"while {to_text(test)}:", lead, statement)
                _add_lines(lines, body, indent + 1, loops + 1)
            case If():
                _add_if_lines(lines, statement, indent, loops)
            case Try():
                _add_try_lines(lines, statement, indent, loops)


def _lines(text: str, lead: str, statement: Statement, code: ast.AST | None = None) -> Iterator[Line]:
    silent = isinstance(statement, Simple) and statement.uncommented
    for place, line in enumerate(wrapped(text, lead, code)):
        yield Line(line, statement.location, statement.derivative, uncommented=silent or place > 0)


def _add_if_lines(lines: list[Line], statement: If, indent: int, loops: int) -> None:
    lead, word = INDENT * indent, "if"
    while True:
        lines += _lines(f"{word} {to_text(statement.test)}:", lead, statement)
        _add_lines(lines, statement.body, indent + 1, loops)
        match statement.otherwise:
            case ():
                return
            case (If() as inner,):
                statement, word = inner, "elif"
            case other:
                lines.append(Line(f"{lead}else:", None, statement.derivative))
                _add_lines(lines, other, indent + 1, loops)
                return


def _add_try_lines(lines: list[Line], statement: Try, indent: int, loops: int) -> None:
    lead = INDENT * indent
    lines.append(Line(f"{lead}try:", None, statement.derivative))
    _add_lines(lines, statement.body, indent + 1, loops)
    for handler in statement.handlers:
        name = f" as {handler.name}" if handler.name else ""
        lines.append(Line(f"{lead}except {ast.unparse(handler.classes)}{name}:", None, statement.derivative))
        _add_lines(lines, handler.body, indent + 1, loops)
    if statement.otherwise:
        lines.append(Line(f"{lead}else:", None, statement.derivative))
        _add_lines(lines, statement.otherwise, indent + 1, loops)


def mentions(statements: Sequence[Statement], *names: str) -> bool:
    """Whether one of the variables is read or written anywhere in the statements."""
    if not names:
        return False
    wanted = re.compile(rf"\b({'|'.join(names)})\b")
    return any(wanted.search(line.text) for line in to_lines(statements))


def to_text(code: ast.AST) -> str:
    """Python source of a simple statement or an expression; tuples outside have no parentheses."""
    match code:
        case ast.Assign(targets=[target], value=value):
            return f"{_bare(target)} = {_bare(value)}"
        case ast.Return(value=ast.Tuple() as value):
            return f"return {_bare(value)}"
        case _:
            return ast.unparse(code)


def _bare(expression: ast.expr) -> str:
    text = ast.unparse(expression)
    return text[1:-1] if isinstance(expression, ast.Tuple) and len(expression.elts) > 1 else text


def _too_deep(statements: Sequence[Statement]) -> InternalError:
    location = statements[0].location if statements else None
    return InternalError(
        Diagnostic(
            "GS930",
            "loops and branches are nested too deeply for Python",
            location,
            why=f"Python allows {MAX_LOOPS} loops inside one another",
            fix="move an inner loop into a recursive function, or use array operations for it",
        )
    )
