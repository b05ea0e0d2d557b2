"""Text: f-strings, as messages of `print`, `raise` and `assert`.

In:  formatted strings.   Out: static text, or a template that is filled when the function runs.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from gradscribe.frontend.operands import present
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Static, Text

CONVERSIONS: dict[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}


def formatted(run: Lowering, node: cst.FormattedString | cst.ConcatenatedString) -> Abstract:
    """An f-string: text where everything in it is known now."""
    parts = list(_parts(run, node))
    if all(isinstance(part, str) for part in parts):
        return Static("".join(part for part in parts if isinstance(part, str)))
    return Text(tuple(parts))


def _parts(run: Lowering, node: cst.BaseExpression) -> list[str | tuple[Abstract, str, str]]:
    match node:
        case cst.SimpleString():
            return [str(node.evaluated_value)]
        case cst.ConcatenatedString(left=left, right=right):
            return [*_parts(run, left), *_parts(run, right)]
        case cst.FormattedString(parts=parts):
            return [part for content in parts for part in _content(run, content)]
        case _:
            return []


def _content(run: Lowering, content: cst.BaseFormattedStringContent) -> list[str | tuple[Abstract, str, str]]:
    if isinstance(content, cst.FormattedStringText):
        return [content.value.replace("{{", "{").replace("}}", "}")]
    assert isinstance(content, cst.FormattedStringExpression)
    value = present(run, run.evaluate(run, content.expression), content.expression)
    conversion = content.conversion or ""
    spec = "".join(_spec(run, part) for part in content.format_spec or ())
    if isinstance(value, Static):
        shown = CONVERSIONS[conversion](value.value) if conversion else value.value
        return [format(shown, spec)]
    return [(value, conversion, spec)]


def _spec(run: Lowering, part: cst.BaseFormattedStringContent) -> str:
    if isinstance(part, cst.FormattedStringText):
        return part.value
    assert isinstance(part, cst.FormattedStringExpression)
    value = run.evaluate(run, part.expression)
    if isinstance(value, Static):
        return str(value.value)
    raise run.refusal(
        part.expression,
        "GS127",
        "the format of an f-string is known at run time only",
        why="the text is written into the generated code",
        fix="use a literal format",
    )
