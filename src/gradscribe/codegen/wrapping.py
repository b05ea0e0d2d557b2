"""Long lines broken as a formatter would break them: inside the last brackets, or at the terms of a sum.

In:  the text of a statement or header on one line.   Out: one or more lines.
Not here: cutting expressions into statements (inline.py).
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator

WIDTH = 100
INDENT = "    "
PAIRS = {")": "(", "]": "[", "}": "{"}
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
CONFUSING = frozenset("()[]{},\\")


def wrapped(text: str, lead: str, code: ast.AST | None = None) -> list[str]:
    """The lines of `lead + text`, broken if that is too long and there is a good place.

    Args:
        text: a simple statement, or a header with its colon.
        lead: indentation.
        code: the statement, where it is an assignment or `return`.
    """
    if len(lead) + len(text) <= WIDTH:
        return [lead + text]
    inside = lead + INDENT
    if isinstance(code, ast.Return) and isinstance(code.value, ast.Tuple):
        items = [ast.unparse(item) for item in code.value.elts]
        if all(len(inside) + len(item) < WIDTH for item in items):
            return [f"{lead}return (", *_filled_or_listed(items, inside), f"{lead})"]
    if isinstance(code, ast.Return) and isinstance(code.value, ast.Tuple | ast.List | ast.Dict | ast.Call):
        return _nested(code.value, f"{lead}return ", lead, "")
    if isinstance(code, ast.Assign):
        many = _many(code, lead)
        if many:
            return many
    split = _last_brackets(text)
    if split is not None:
        head, body, tail = split
        if len(inside) + len(body) <= WIDTH:
            return [*_head(head, lead), inside + body, lead + tail]
    terms = _terms(code)
    if terms is not None:
        head, parts = terms
        return [f"{lead}{head}(", *(inside + part for part in parts), f"{lead})"]
    if split is not None:
        head, body, tail = split
        clauses = list(_clauses(body))
        if len(clauses) > 1:
            return [*_head(head, lead), *(inside + clause for clause in clauses), lead + tail]
        parts = list(_arguments(body))
        if len(parts) > 1:
            return [*_head(head, lead), *_listed(parts, inside), lead + tail]
    return [lead + text]


def _nested(value: ast.expr, head: str, lead: str, tail: str) -> list[str]:
    """`head + value + tail`, with the items of a container that is too long on lines of their own, and so on."""
    text = ast.unparse(value)
    if len(head) + len(text) + len(tail) <= WIDTH:
        return [head + text + tail]
    items: list[tuple[str, ast.expr]]
    match value:
        case ast.Tuple(elts=elements):
            opening, items, closing = "(", [("", item) for item in elements], ")"
        case ast.List(elts=elements):
            opening, items, closing = "[", [("", item) for item in elements], "]"
        case ast.Dict(keys=keys, values=values):
            named = zip(keys, values, strict=True)
            opening, closing = "{", "}"
            items = [(f"{ast.unparse(key)}: " if key is not None else "**", item) for key, item in named]
        case ast.Call(func=function, args=arguments, keywords=keywords):
            opening, closing = f"{ast.unparse(function)}(", ")"
            items = [("", item) for item in arguments]
            items += [(f"{keyword.arg}=" if keyword.arg else "**", keyword.value) for keyword in keywords]
        case _:
            return [head + text + tail]
    inside = lead + INDENT
    lines = [line for name, item in items for line in _nested(item, inside + name, inside, ",")]
    return [head + opening, *lines, lead + closing + tail]


def _head(head: str, lead: str) -> list[str]:
    """`for a, b, c in zip(`, with the targets on lines of their own where there are too many."""
    targets, separator, rest = head.removeprefix("for ").partition(" in ")
    if len(lead) + len(head) <= WIDTH or not head.startswith("for ") or not separator:
        return [lead + head]
    return [f"{lead}for (", *filled(targets, lead + INDENT), f"{lead}) in {rest}"]


def _many(code: ast.Assign, lead: str) -> list[str]:
    """A tuple packed or taken apart, in brackets; `a = b = None` as several assignments; else nothing."""
    value = ast.unparse(code.value)
    match code:
        case ast.Assign(targets=[ast.Name(name)], value=ast.Tuple()):
            items = value.removeprefix("(").removesuffix(")")
            return [f"{lead}{name} = (", *filled(items, lead + INDENT), f"{lead})"]
        case ast.Assign(targets=[ast.Tuple() as target], value=ast.Name()):
            names = ast.unparse(target).removeprefix("(").removesuffix(")")
            return [f"{lead}(", *filled(names, lead + INDENT), f"{lead}) = {value}"]
        case ast.Assign(targets=[_, _, *_] as targets, value=ast.Constant()):
            names = " ".join(f"{ast.unparse(target)}\N{NO-BREAK SPACE}=" for target in targets)
            lines = filled(names, lead, WIDTH - len(value) - 1)
            return [line.replace("\N{NO-BREAK SPACE}", " ") + f" {value}" for line in lines]
    return []


def filled(text: str, lead: str, width: int = WIDTH) -> list[str]:
    """The words of a text on as few lines as they fit on."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=lead,
        subsequent_indent=lead,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _filled_or_listed(items: list[str], lead: str) -> list[str]:
    """The items of a tuple: all on one line, or one a line; one alone has its comma."""
    line = lead + ", ".join(items)
    return [line] if len(line) <= WIDTH and len(items) > 1 else _listed(items, lead)


def _listed(items: list[str], lead: str) -> list[str]:
    return [f"{lead}{item}," for item in items]


def _last_brackets(text: str) -> tuple[str, str, str] | None:
    """Text up to the opening bracket of the last pair, what is inside, and the rest; None without such a pair."""
    end = len(text) - (2 if text.endswith(":") else 1)
    if text[end] not in PAIRS or any(map(_confuses, QUOTED.findall(text))):
        return None
    depth = 0
    for place in range(end, -1, -1):
        if text[place] in PAIRS:
            depth += 1
        elif text[place] in PAIRS.values():
            depth -= 1
        if depth == 0:
            body = text[place + 1 : end]
            return (text[: place + 1], body, text[end:]) if body else None
    return None


def _confuses(quoted: str) -> bool:
    """Text in quotes that would be taken for brackets, commas or the end of the quotes."""
    return not CONFUSING.isdisjoint(quoted)


def _arguments(body: str) -> Iterator[str]:
    """What stands between the commas that are in no brackets."""
    depth = start = 0
    for place, character in enumerate(body):
        if character in PAIRS.values():
            depth += 1
        elif character in PAIRS:
            depth -= 1
        elif character == "," and depth == 0:
            yield body[start:place].strip()
            start = place + 1
    if body[start:].strip():
        yield body[start:].strip()


def _clauses(body: str) -> Iterator[str]:
    """The element of a comprehension, then what begins with `for` or `if`; anything else is one piece."""
    places = [0, *(place for place in _outside_brackets(body) if body[place:].startswith(" for "))]
    if len(places) > 1:
        places += [place for place in _outside_brackets(body) if body[place:].startswith(" if ")]
    # A condition before the first `for` belongs to the element.
    places = [place for place in sorted(places) if place == 0 or place >= places[1]]
    for start, end in zip(places, [*places[1:], len(body)], strict=True):
        yield body[start:end].strip()


def _outside_brackets(body: str) -> Iterator[int]:
    """The places of a text that are in no brackets and no quotes."""
    depth = 0
    quoted = {place for found in QUOTED.finditer(body) for place in range(*found.span())}
    for place, character in enumerate(body):
        if place in quoted:
            continue
        depth += (character in PAIRS.values()) - (character in PAIRS)
        if depth == 0:
            yield place


def _terms(code: ast.AST | None) -> tuple[str, list[str]] | None:
    """The head of an assignment of a sum, and its terms with their signs."""
    match code:
        case ast.Assign(targets=[ast.Name() as target], value=ast.BinOp(op=ast.Add() | ast.Sub()) as value):
            return f"{target.id} = ", list(_signed_terms(value))
        case ast.AugAssign(target=target, op=op, value=ast.BinOp(op=ast.Add() | ast.Sub()) as value):
            sign = "-" if isinstance(op, ast.Sub) else "+"
            simple = isinstance(op, ast.Add | ast.Sub)
            return (f"{ast.unparse(target)} {sign}= ", list(_signed_terms(value))) if simple else None
        case ast.Return(value=ast.BinOp(op=ast.Add() | ast.Sub()) as value):
            return "return ", list(_signed_terms(value))
    return None


def _signed_terms(value: ast.expr) -> Iterator[str]:
    terms: list[str] = []
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add | ast.Sub):
        sign = "+" if isinstance(value.op, ast.Add) else "-"
        right = ast.unparse(value.right)
        inner = isinstance(value.right, ast.BinOp) and isinstance(value.right.op, ast.Add | ast.Sub)
        conditional = isinstance(value.right, ast.IfExp | ast.Compare | ast.BoolOp | ast.Lambda)
        terms.append(f"{sign} ({right})" if inner or conditional else f"{sign} {right}")
        value = value.left
    first = ast.unparse(value)
    yield f"({first})" if isinstance(value, ast.IfExp | ast.Compare | ast.BoolOp) else first
    yield from reversed(terms)
