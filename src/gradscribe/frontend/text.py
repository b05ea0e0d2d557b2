"""Text: f-strings, and others that hold values of run time.

In:  formatted strings.   Out: static text, or a template that is filled when the function runs.
Not here: operators and methods (text_operators.py, text_methods.py), `print` and `raise` (effects.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst

from gradscribe.frontend.indexing import shape_items
from gradscribe.frontend.operands import as_value, describe, present, resolved
from gradscribe.frontend.optional import over_optional
from gradscribe.frontend.references import holds_objects
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array, read_dict, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    Choice,
    DictCell,
    ListCell,
    MaybeNone,
    Number,
    ShapeValue,
    Static,
    Text,
    TupleValue,
    is_text,
)
from gradscribe.ir.graph import Value

CONVERSIONS: dict[str, Callable[[object], str]] = {"r": repr, "s": str, "a": ascii}
Part = str | tuple[Abstract, str, str]
Formatted = tuple[Value, str, str]


def formatted(run: Lowering, node: cst.FormattedString | cst.ConcatenatedString) -> Abstract:
    """An f-string: text where everything in it is known now."""
    return text_of(_parts(run, node))


def text_of(parts: Sequence[Part]) -> Abstract:
    """The text that consists of these parts."""
    if all(isinstance(part, str) for part in parts):
        return Static("".join(part for part in parts if isinstance(part, str)))
    return Text(tuple(parts))


def is_never_empty(text: Text) -> bool:
    """It has letters of its own, or the digits of a number."""
    return any(part if isinstance(part, str) else not is_text(part[0]) for part in text.parts)


def part_of_text(
    run: Lowering, node: cst.CSTNode, value: Abstract, conversion: str = "", spec: str = ""
) -> Sequence[Part]:
    """What a value becomes in a text, as it is now: a later write to an array does not change the text."""
    value = resolved(run, value, node)
    if isinstance(value, MaybeNone):
        return [
            (over_optional(run, node, (value,), lambda one: _text(run, node, one, conversion, spec)), "", "")
        ]
    if isinstance(value, Static):
        shown = CONVERSIONS[conversion](value.value) if conversion else value.value
        return [_format(run, node, shown, spec)]
    if isinstance(value, Text) and not conversion and not spec:
        return value.parts
    return [(_as_it_is(run, node, value), conversion, spec)]


def _text(run: Lowering, node: cst.CSTNode, value: Abstract, conversion: str, spec: str) -> Abstract:
    parts = part_of_text(run, node, value, conversion, spec)
    return Number(run.text_value(run, Text(tuple(parts)), node))


def _format(run: Lowering, node: cst.CSTNode, shown: object, spec: str) -> str:
    try:
        return format(shown, spec)
    except (TypeError, ValueError) as error:
        raise run.refusal(
            node,
            "GS141",
            f"{shown!r} cannot be formatted with {spec!r}",
            why=f"this raises {type(error).__name__}",
            fix="correct the format",
        ) from None


def _as_it_is(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    match value:
        case ArrayCell():
            return ArrayCell(read_array(run, value, node))
        case TupleValue(items=items):
            return replace(value, items=tuple(_as_it_is(run, node, item) for item in items))
        case ListCell():
            content = read_list(run, value, node)
            return ListCell(
                tuple(_as_it_is(run, node, item) for item in content)
                if isinstance(content, tuple)
                else content
            )
        case DictCell():
            return DictCell({key: _as_it_is(run, node, item) for key, item in read_dict(run, value).items()})
        case _:
            return value


def _parts(run: Lowering, node: cst.BaseExpression) -> list[Part]:
    match node:
        case cst.SimpleString():
            return [str(node.evaluated_value)]
        case cst.ConcatenatedString(left=left, right=right):
            return [*_parts(run, left), *_parts(run, right)]
        case cst.FormattedString(parts=parts):
            return [part for content in parts for part in _content(run, content)]
        case _:
            return []


def _content(run: Lowering, content: cst.BaseFormattedStringContent) -> Sequence[Part]:
    if isinstance(content, cst.FormattedStringText):
        return [content.value.replace("{{", "{").replace("}}", "}")]
    assert isinstance(content, cst.FormattedStringExpression)
    value = run.evaluate(run, content.expression)
    spec = "".join(_spec(run, part) for part in content.format_spec or ())
    return part_of_text(run, content.expression, value, content.conversion or "", spec)


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


# At run time


def text_value(run: Lowering, text: Text, node: cst.CSTNode | None) -> Value:
    """The text as a graph value: a layout that is filled."""
    layout, values = "", []
    for part in text.parts:
        for piece in (part,) if isinstance(part, str) else _pieces(run, node, *part):
            if isinstance(piece, str):
                layout += piece.replace("{", "{{").replace("}", "}}")
                continue
            value, conversion, spec = piece
            layout += "{" + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "") + "}"
            values.append(value)
    return run.apply(node, "format_text", [as_value(run, Static(layout), node), *values])[0]


def _pieces(
    run: Lowering, node: cst.CSTNode | None, value: Abstract, conversion: str, spec: str
) -> list[str | Formatted]:
    """One value of a text: containers are written out as Python writes them."""
    value = present(run, value, node)
    match value:
        case Number() | ArrayCell() | Text() | Choice() if not _has_no_text(run, value):
            return [(as_value(run, value, node), conversion, spec)]
        case Static(value=found):
            return [format(CONVERSIONS[conversion](found) if conversion else found, spec)]
        case TupleValue(items=items, cls=cls, names=names) if not spec:
            labels = [f"{name}=" for name in names] if names else [""] * len(items)
            end = ",)" if len(items) == 1 and not names else ")"
            return _listed(run, node, (f"{cls.__name__}(" if names else "(", end), labels, items)
        case ShapeValue() if not spec:
            items = tuple(shape_items(run, node, value))
            return _listed(run, node, ("(", ",)" if len(items) == 1 else ")"), [""] * len(items), items)
        case ListCell() if not spec:
            content = read_list(run, value, node)
            if isinstance(content, Value) and holds_objects(content.type):
                raise not_shown(run, node, value)
            if isinstance(content, Value):
                return [(content, conversion, "")]
            return _listed(run, node, ("[", "]"), [""] * len(content), content)
        case DictCell() if not spec:
            entries = read_dict(run, value)
            labels = [f"{key!r}: " for key in entries]
            return _listed(run, node, ("{", "}"), labels, tuple(entries.values()))
    raise not_shown(run, node, value)


def _has_no_text(run: Lowering, value: Abstract) -> bool:
    return isinstance(value, Number) and holds_objects(value.value.type)


def _listed(
    run: Lowering,
    node: cst.CSTNode | None,
    ends: tuple[str, str],
    labels: Sequence[str],
    items: Sequence[Abstract],
) -> list[str | Formatted]:
    found: list[str | Formatted] = [ends[0]]
    for position, (label, item) in enumerate(zip(labels, items, strict=True)):
        found += [", " * (position > 0) + label, *_pieces(run, node, item, "r", "")]
    return [*found, ends[1]]


def not_shown(run: Lowering, node: cst.CSTNode | None, value: Abstract) -> Refusal:
    """The refusal of a value that has no text."""
    return run.refusal(
        node,
        "GS127",
        f"{describe(run, value)} is printed or raised",
        why="it does not exist when the derivative runs",
        fix="print the numbers it holds",
    )
