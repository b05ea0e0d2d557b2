"""Operators of texts that hold values of run time: comparisons, `+`, `*`, and `%`, which fills a layout.

In:  texts and values.   Out: texts; None where another rule answers.
Not here: f-strings, and what a text is when the function runs (text.py), methods (text_methods.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.operands import as_value, type_of
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict
from gradscribe.frontend.text import Part, part_of_text, text_of
from gradscribe.frontend.values import (
    Abstract,
    DictCell,
    Number,
    Static,
    Text,
    TupleValue,
    is_text,
    known_int,
)
from gradscribe.ir.types import is_inexact
from gradscribe.ops.effects import COMPARED
from gradscribe.ops.spec import operator

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
# %[(name)][flags][width][.precision]type
PLACE = re.compile(
    r"%(?:\((?P<name>\w+)\))?(?P<flags>[-+ #0]*)(?P<width>\d*)(?P<precision>\.\d+)?(?P<type>.)"
)


def text_operator(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract
) -> Abstract | None:
    """Comparisons, `+`, `*` and `%` of texts."""
    if symbol in COMPARED and is_text(left) and is_text(right):
        return compared_texts(run, node, symbol, left, right)
    plain = all(isinstance(operand, Number | Static | Text) for operand in (left, right))
    if symbol in ("==", "!=") and plain and is_text(left) != is_text(right):
        return Static(symbol == "!=")
    if symbol == "+" and is_text(left) and is_text(right):
        return text_of([*part_of_text(run, node, left), *part_of_text(run, node, right)])
    if symbol == "*":
        text, times = (left, right) if is_text(left) else (right, left)
        count = known_int(times)
        return (
            text_of([*part_of_text(run, node, text)] * count) if is_text(text) and count is not None else None
        )
    if symbol == "%" and isinstance(left, Static) and isinstance(left.value, str):
        return text_of(list(_filled(run, node, left.value, right)))
    return None


def compared_texts(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract
) -> Abstract:
    """A comparison of texts, of which one is known at run time only."""
    inputs = [as_value(run, operand, node) for operand in (left, right)]
    return run.wrap(run.apply(node, "compare_texts", inputs, spelling=operator(symbol))[0])


def _filled(run: Lowering, node: cst.CSTNode, layout: str, values: Abstract) -> Iterator[Part]:
    """`layout % values`, in the words of `format`."""
    given = list(values.items) if isinstance(values, TupleValue) else [values]
    named = read_dict(run, values) if isinstance(values, DictCell) else {}
    end = 0
    for place in PLACE.finditer(layout):
        yield layout[end : place.start()]
        end = place.end()
        if place["type"] == "%":
            yield "%"
            continue
        if place["name"] is not None and place["name"] in named:
            value = named[place["name"]]
        elif place["name"] is None and given:
            value = given.pop(0)
        else:
            raise refused_text(run, node, "the values do not fit the places of this text")
        yield from _at_place(run, node, place, value)
    if given and not named:
        raise refused_text(run, node, "the values do not fit the places of this text")
    yield layout[end:]


def _at_place(run: Lowering, node: cst.CSTNode, place: re.Match[str], value: Abstract) -> Sequence[Part]:
    flags, width, precision, kind = place["flags"], place["width"], place["precision"] or "", place["type"]
    if isinstance(value, Static):
        return [f"%{flags}{width}{precision}{kind}" % (value.value,)]
    left = "<" if "-" in flags else ""
    if kind in "sra" and set(flags) <= {"-"}:
        align = left or (">" if width else "")
        return part_of_text(run, node, value, kind, f"{align}{width}{precision}")
    type_ = type_of(run, value)
    is_real = type_ is not None and not (is_inexact(type_) and type_.dtype.kind == "c")  # type: ignore[union-attr]
    sign = "+" if "+" in flags else " " if " " in flags else ""
    more = ("#" if "#" in flags else "") + ("0" if "0" in flags and not left else "")
    if kind in "eEfFgG" and is_real:
        return part_of_text(run, node, value, "", f"{left}{sign}{more}{width}{precision}{kind}")
    if kind in "diu" and is_real and not precision:
        whole = run.call(run, node, Static(int), (value,), {})
        return part_of_text(run, node, whole, "", f"{left}{sign}{more}{width}d")
    raise refused_text(run, node, f"`{place.group()}` of a value that is known at run time only")


def refused_text(run: Lowering, node: cst.CSTNode, title: str) -> Refusal:
    """The refusal of a text that cannot be filled when the function runs."""
    return run.refusal(
        node,
        "GS127",
        title,
        why="the text is filled when the derivative runs",
        fix="write an f-string",
    )
