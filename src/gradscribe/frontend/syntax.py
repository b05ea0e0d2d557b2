"""Walking LibCST trees: children that matter, statements in order, names that expressions read and bind.

In:  LibCST nodes.   Out: nodes and names.
Not here: which nodes are supported (subset.py), positions (positions.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache, lru_cache

import libcst as cst

# Fields that hold spelling only: layout, brackets, operators.
LAYOUT = frozenset(
    {
        "lpar",
        "rpar",
        "lbracket",
        "rbracket",
        "lbrace",
        "rbrace",
        "comma",
        "semicolon",
        "equal",
        "dot",
        "header",
        "footer",
        "indent",
        "colon",
        "first_colon",
        "second_colon",
        "encoding",
        "default_indent",
        "default_newline",
        "has_trailing_newline",
        "leading_lines",
        "lines_after_decorators",
        "asynchronous",
        "annotation",
        "returns",
        "type_parameters",
        "star",
        "posonly_ind",
    }
)

Statement = cst.BaseSmallStatement | cst.BaseCompoundStatement
FunctionSyntax = cst.FunctionDef | cst.Lambda


@cache
def _child_fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = (field.name for field in fields(kind))
    return tuple(name for name in names if name not in LAYOUT and "whitespace" not in name)


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Direct children that carry meaning, in source order."""
    for name in _child_fields(type(node)):
        child = getattr(node, name)
        if isinstance(child, cst.CSTNode):
            yield child
        elif isinstance(child, list | tuple):
            for item in child:
                if isinstance(item, cst.CSTNode):
                    yield item


def statements_of(suite: cst.BaseSuite | cst.Module) -> list[Statement]:
    """The statements of a block; several on one line count each."""
    found: list[Statement] = []
    for item in suite.body:
        if isinstance(item, cst.SimpleStatementLine):
            found.extend(item.body)
        elif isinstance(item, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            found.append(item)
    return found


def suppresses(statement: cst.With) -> bool:
    """`with contextlib.suppress(...)`, by its name: what stands inside may end anywhere."""
    return any(
        isinstance(item.item, cst.Call) and last_name(item.item.func) == "suppress"
        for item in statement.items
    )


def last_name(expression: cst.BaseExpression) -> str:
    """`c` of `a.b.c`, and a name itself."""
    if isinstance(expression, cst.Attribute):
        return expression.attr.value
    return expression.value if isinstance(expression, cst.Name) else ""


def body_of(function: FunctionSyntax) -> list[Statement]:
    """The statements of a function; a lambda is one `return`."""
    if isinstance(function, cst.Lambda):
        return [cst.Return(value=function.body)]
    return statements_of(function.body)


def parameters_of(function: FunctionSyntax) -> list[cst.Param]:
    """All parameters, in order of declaration."""
    params = function.params
    found = [*params.posonly_params, *params.params]
    if isinstance(params.star_arg, cst.Param):
        found.append(params.star_arg)
    found += params.kwonly_params
    if params.star_kwarg is not None:
        found.append(params.star_kwarg)
    return found


def annotations_of(function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """The annotations of a function, in the order in which Python evaluates them."""
    params = function.params
    # The parameters that are given by position alone come second.
    ordered = [
        *params.params,
        *params.posonly_params,
        params.star_arg,
        *params.kwonly_params,
        params.star_kwarg,
    ]
    annotations = [*(part.annotation for part in ordered if isinstance(part, cst.Param)), function.returns]
    return [part.annotation for part in annotations if part is not None]


def calls_something(annotation: cst.BaseExpression) -> bool:
    """Whether an annotation does more than name classes."""
    return any(isinstance(part, cst.Call | cst.NamedExpr) for part in walk(annotation))


def target_names(target: cst.BaseExpression) -> Iterator[str]:
    """Names that an assignment target binds (not the arrays it writes to)."""
    match target:
        case cst.Name(value=name):
            yield name
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from target_names(element.value)
        case cst.StarredElement(value=value):
            yield from target_names(value)


def pattern_names(pattern: cst.MatchPattern) -> Iterator[str]:
    """Names that a pattern of a `case` binds."""
    for node in walk(pattern):
        match node:
            case cst.MatchAs(name=cst.Name(value=name)) | cst.MatchStar(name=cst.Name(value=name)):
                yield name
            case cst.MatchMapping(rest=cst.Name(value=name)):
                yield name


def target_reads(target: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Expressions that an assignment target evaluates: `x` and `i` of `x[i] = ...`."""
    match target:
        case cst.Name():
            return
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from target_reads(element.value)
        case cst.StarredElement(value=value):
            yield from target_reads(value)
        case _:
            yield target


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and everything inside, nested functions included, in no particular order.

    Iterative: a sum of 900 terms is 900 deep.
    """
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))


def names_read(node: cst.CSTNode) -> Iterator[str]:
    """Names that occur in an expression, those that a lambda or a comprehension binds itself included."""
    for name in names_of(node):
        yield name.value


def names_of(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The places of the names that occur in an expression."""
    pending: list[cst.CSTNode] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, cst.Name):
            yield current
        elif isinstance(current, cst.Attribute):
            pending.append(current.value)
        elif isinstance(current, cst.Arg):
            pending.append(current.value)
        else:
            pending.extend(children(current))


@lru_cache(maxsize=128)
def is_generator(function: FunctionSyntax) -> bool:
    """The function has a `yield` of its own."""
    pending: list[cst.CSTNode] = [function.body]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Yield):
            return True
        if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            pending.extend(children(node))
    return False


def walrus_names(node: cst.CSTNode) -> Iterator[str]:
    """Names bound by `:=` inside an expression."""
    for current in walk(node):
        if isinstance(current, cst.NamedExpr) and isinstance(current.target, cst.Name):
            yield current.target.value


def has_jump(statements: Sequence[Statement], kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    """Some statement of these kinds is reached without entering a nested function.

    `break` and `continue` of a loop inside belong to that loop.
    """
    for statement in statements:
        if isinstance(statement, kinds):
            return True
        inner = kinds
        if isinstance(statement, cst.For | cst.While):
            inner = tuple(kind for kind in kinds if kind not in (cst.Break, cst.Continue))
        for block in blocks_of(statement):
            if inner and has_jump(block, inner):
                return True
        if inner is not kinds and statement.orelse is not None:  # type: ignore[union-attr]
            if has_jump(statements_of(statement.orelse.body), kinds):  # type: ignore[union-attr]
                return True
    return False


def blocks_of(statement: Statement) -> list[list[Statement]]:
    """The statement lists inside a compound statement; none of a function or class."""
    match statement:
        case cst.If(body=body, orelse=orelse):
            return [statements_of(body), *_else_block(orelse)]
        case cst.For(body=body, orelse=orelse) | cst.While(body=body, orelse=orelse):
            return [statements_of(body), *_else_block(orelse)]
        case cst.With(body=body):
            return [statements_of(body)]
        case cst.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            parts = [statements_of(body), *(statements_of(handler.body) for handler in handlers)]
            parts += _else_block(orelse)
            return [*parts, statements_of(finalbody.body)] if finalbody is not None else parts
        case cst.Match(cases=cases):
            return [statements_of(case.body) for case in cases]
        case _:
            return []


def _else_block(orelse: cst.If | cst.Else | None) -> list[list[Statement]]:
    return [else_block(orelse)] if orelse is not None else []


def else_block(orelse: cst.If | cst.Else | None) -> list[Statement]:
    """The statements of an `else`; an `elif` is one `if`."""
    if orelse is None:
        return []
    return [orelse] if isinstance(orelse, cst.If) else statements_of(orelse.body)


def always_leaves(statements: Sequence[Statement]) -> bool:
    """Control never reaches the end of these statements (a sufficient test)."""
    for statement in statements:
        match statement:
            case cst.Return() | cst.Raise() | cst.Break() | cst.Continue():
                return True
            case cst.If(body=body, orelse=orelse) if orelse is not None:
                if always_leaves(statements_of(body)) and always_leaves(else_block(orelse)):
                    return True
            case cst.With(body=body):
                if always_leaves(statements_of(body)):
                    return True
    return False
