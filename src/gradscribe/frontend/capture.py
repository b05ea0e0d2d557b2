"""From a function object to the syntax of that function.

Only the function's own lines are parsed. A lambda is found among the lambdas of its line by the columns that
its code object remembers.

In:  a Python function.   Out: `Captured`: its LibCST node, and what is needed to say where a node stands.
Not here: columns (positions.py), what the syntax means (lower.py).
"""

from __future__ import annotations
import __future__

import ast
import inspect
import linecache
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType, FunctionType

import libcst as cst

from gradscribe.errors import Diagnostic, UnsupportedSyntaxError
from gradscribe.frontend.syntax import FunctionSyntax, Statement, blocks_of, body_of, statements_of
from gradscribe.location import Location


@dataclass(frozen=True, eq=False)
class Captured:
    """The source of one function.

    Attributes:
        name: of the function.
        file: as tracebacks show it.
        module: the parsed text; `function` is a node of it.
        function: the function itself.
        line_offset: line of the file = line of the parsed text + this.
        column_offset: column of the file = column in the first line of the parsed text + this.
        lines: line of the file of each statement, by identity of its node.
        code: what Python compiled.
    """

    name: str
    file: str
    module: cst.Module
    function: FunctionSyntax
    line_offset: int
    column_offset: int
    code: CodeType
    lines: dict[int, int] = field(default_factory=dict)
    body: tuple[Statement, ...] = ()

    @property
    def line(self) -> int:
        """First line of the function."""
        return self.code.co_firstlineno

    @property
    def location(self) -> Location:
        """The place of the function."""
        return Location(self.file, self.line)


_cache: dict[tuple[CodeType, str], Captured] = {}


def capture(function: FunctionType) -> Captured:
    """The syntax of a function.

    Raises:
        GS101: its source cannot be found.
        GS102: it is a coroutine.
        GS103: the file has changed since the function was defined.
    """
    code = function.__code__
    # Code objects of one text are equal, in whichever file they are.
    key = code, code.co_filename
    found = _cache.get(key)
    if found is None:
        found = _cache[key] = _capture(code)
    return found


def _capture(code: CodeType) -> Captured:
    if code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise suspended(code, "coroutine")
    return _capture_lambda(code) if code.co_name == "<lambda>" else _capture_def(code)


def suspended(code: CodeType, kind: str) -> UnsupportedSyntaxError:
    """The refusal of a function that has no single value."""
    return UnsupportedSyntaxError(
        Diagnostic(
            "GS102",
            f"`{code.co_name}` is a {kind}",
            Location(code.co_filename, code.co_firstlineno),
            why="a function that is suspended and resumed has no single value",
            fix="collect the values in a list and return it",
        )
    )


def _capture_def(code: CodeType) -> Captured:
    try:
        lines, first = inspect.getsourcelines(code)
    except (OSError, TypeError, IndentationError, SyntaxError):
        raise _no_source(code) from None
    text = "".join(lines)
    indented = text[:1] in (" ", "\t")
    # An indented function stays as it is, under an `if`: dedenting would change its multi-line strings.
    text = f"if 1:\n{text}" if indented else text
    offset = first - 1 - indented
    try:
        tree, module = ast.parse(text), cst.parse_module(text)
    except (SyntaxError, cst.ParserSyntaxError):
        raise _no_source(code) from None
    statement, pair = statements_of(module)[0], tree.body[0]
    if isinstance(statement, cst.If) and isinstance(pair, ast.If):
        statement, pair = statements_of(statement.body)[0], pair.body[0]
    if not isinstance(statement, cst.FunctionDef) or not isinstance(pair, ast.FunctionDef):
        raise _no_source(code)
    _check_unchanged(code, tree)
    lines_of = {id(node): line + offset for node, line in _pair([statement], [pair])}
    return Captured(
        code.co_name,
        code.co_filename,
        module,
        statement,
        offset,
        0,
        code,
        lines_of,
        tuple(body_of(statement)),
    )


def _capture_lambda(code: CodeType) -> Captured:
    source = "".join(linecache.getlines(code.co_filename))
    try:
        tree = ast.parse(source)
    except SyntaxError:
        raise _no_source(code) from None
    candidates = [
        node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno
    ]
    chosen = [node for node in candidates if _is_compiled_from(code, node)]
    if not chosen:
        # A lambda that returns a literal has one instruction, which Python 3.12 gives no place.
        chosen = [node for node in candidates if _is_compiled_alike(code, node)][:1]
    if not chosen:
        raise _no_source(code)
    # The instructions of a lambda inside a lambda stand within both.
    node = max(chosen, key=lambda node: (node.body.lineno, node.body.col_offset))
    text = ast.get_source_segment(source, node)
    assert text is not None
    # Parentheses let it span several lines; the body then stands where it stood, but for the first line.
    module = cst.parse_module(f"({text})\n")
    (statement,) = statements_of(module)
    assert isinstance(statement, cst.Expr)
    function = statement.value
    assert isinstance(function, cst.Lambda)
    body = tuple(body_of(function))
    offset = node.lineno - 1
    lines_of = {id(body[0]): node.body.lineno, id(function): node.lineno}
    return Captured(
        "<lambda>", code.co_filename, module, function, offset, node.col_offset - 1, code, lines_of, body
    )


def _is_compiled_from(code: CodeType, node: ast.Lambda) -> bool:
    """The instructions of the code stand within the body of this lambda."""
    body = node.body
    start, end = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    places = [
        (line, column)
        for line, _, column, _ in code.co_positions()
        if line is not None and column is not None and (line, column) > (code.co_firstlineno, node.col_offset)
    ]
    return bool(places) and all(start <= place <= end for place in places)


def _is_compiled_alike(code: CodeType, node: ast.Lambda) -> bool:
    """The lambda has these instructions, literals and parameters."""
    made = compile(ast.Expression(node), "", "eval").co_consts
    # Those of lambdas in its defaults come before it.
    twin = [const for const in made if isinstance(const, CodeType)][-1]
    parts = [(one.co_code, repr(one.co_consts), one.co_varnames, one.co_argcount) for one in (code, twin)]
    return parts[0] == parts[1]


def _pair(concrete: Sequence[Statement], abstract: Sequence[ast.stmt]) -> Iterator[tuple[Statement, int]]:
    """Each statement with its line: both trees list the same statements in the same order."""
    for node, twin in zip(concrete, abstract, strict=True):
        yield node, twin.lineno
        inner = (
            [statements_of(node.body)]
            if isinstance(node, cst.FunctionDef | cst.ClassDef)
            else blocks_of(node)
        )
        for block, twins in zip(inner, _ast_blocks(twin), strict=True):
            yield from _pair(block, twins)


def _ast_blocks(node: ast.stmt) -> list[list[ast.stmt]]:
    blocks: list[list[ast.stmt]] = [node.body] if hasattr(node, "body") else []
    if isinstance(node, ast.Try):
        blocks += [handler.body for handler in node.handlers]
    if isinstance(node, ast.Match):
        blocks = [case.body for case in node.cases]
    for name in ("orelse", "finalbody"):
        if getattr(node, name, None):
            blocks.append(getattr(node, name))
    return blocks


def _check_unchanged(code: CodeType, tree: ast.Module) -> None:
    """The text may be newer than the function; names and numbers of both must agree.

    Others may have added instructions (assertion rewriting, coverage), so only what is missing counts.
    """
    # Not with the `from __future__ import annotations` of this module, but with that of the function.
    flags = code.co_flags & __future__.annotations.compiler_flag
    module = compile(_enclosed(tree, code), code.co_filename, "exec", flags, dont_inherit=True)
    compiled = _find_code(module, code.co_name)
    if compiled is None or not _covers(code, compiled):
        raise UnsupportedSyntaxError(
            Diagnostic(
                "GS103",
                f"the source of `{code.co_name}` has changed since it was defined",
                Location(code.co_filename, code.co_firstlineno),
                why="the file does not contain the function that is running",
                fix="import or define the function again",
            )
        )


def _enclosed(tree: ast.Module, code: CodeType) -> ast.Module:
    """The tree, inside of a function that binds what it rebinds by `nonlocal`: alone it is no valid module."""
    if not any(isinstance(node, ast.Nonlocal) for node in ast.walk(tree)):
        return tree
    enclosing = ast.parse(f"def enclosing({', '.join(code.co_freevars)}): pass")
    (function,) = enclosing.body
    assert isinstance(function, ast.FunctionDef)
    function.body = tree.body
    return enclosing


def _find_code(code: CodeType, name: str) -> CodeType | None:
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for constant in inner:
        if constant.co_name == name:
            return constant
    return next((found for constant in inner if (found := _find_code(constant, name)) is not None), None)


def _covers(running: CodeType, read: CodeType) -> bool:
    arguments = read.co_argcount + read.co_kwonlyargcount
    if running.co_varnames[:arguments] != read.co_varnames[:arguments]:
        return False
    known = {name.lstrip("_") for name in _names(running)}
    # A private name in a class body is mangled to _Class__name when compiled there.
    if any(name.lstrip("_") not in known and not name.startswith("__") for name in _names(read)):
        return False
    return _numbers(read) <= _numbers(running)


def _names(code: CodeType) -> set[str]:
    return {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}


def _numbers(code: CodeType) -> set[str]:
    return {repr(item) for item in code.co_consts if isinstance(item, int | float | complex)}


def _no_source(code: CodeType) -> UnsupportedSyntaxError:
    return UnsupportedSyntaxError(
        Diagnostic(
            "GS101",
            f"the source of `{code.co_name}` cannot be found",
            Location(code.co_filename, code.co_firstlineno),
            why=textwrap.shorten(
                "gradscribe reads the text of the function; it is not there for code made with exec, typed into a "
                "plain interactive prompt, or for a lambda that shares its place with another one",
                400,
            ),
            fix="define the function with `def` in a file or a notebook cell",
        )
    )
