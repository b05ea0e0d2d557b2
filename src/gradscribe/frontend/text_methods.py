"""Text made of values of run time by methods of texts, and by `str`, `repr` and `format`.

In:  texts and values.   Out: texts; None where another rule answers.
Not here: f-strings, and what a text is when the function runs (text.py), operators (text_operators.py).
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.folds import collect
from gradscribe.frontend.iteration import Items, iterable
from gradscribe.frontend.iterators import itself
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.text import Part, part_of_text, text_of
from gradscribe.frontend.text_operators import refused_text
from gradscribe.frontend.values import Abstract, ListCell, Static, is_text
from gradscribe.ir.graph import Value
from gradscribe.ir.types import TEXT, SequenceType
from gradscribe.ops.table import find_method

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def text_method(
    run: Lowering, node: cst.CSTNode, owner: Abstract, name: str, args: Args, kwargs: Kwargs
) -> Abstract | None:
    """`format`, `join`, and methods that make other text of a text."""
    if name == "format" and isinstance(owner, Static):
        return text_of(list(_formatted(run, node, str(owner.value), args, kwargs)))
    if name == "join" and len(args) == 1:
        return _joined(run, node, owner, args[0])
    if kwargs:
        return None
    return _called(run, node, name, [as_value(run, value, node) for value in (owner, *args)])


def _called(run: Lowering, node: cst.CSTNode, name: str, inputs: Sequence[Value]) -> Abstract | None:
    """A method when the function runs."""
    spec, spelling = find_method(name) or (None, None)
    if spec is None or spec.name != "text_method":
        return None
    return run.wrap(run.apply(node, spec, inputs, spelling=spelling)[0])


def _joined(run: Lowering, node: cst.CSTNode, separator: Abstract, texts: Abstract) -> Abstract | None:
    """`separator.join(texts)`."""
    found = iterable(run, node, texts)
    if isinstance(found, Items):
        if not all(map(is_text, found.items)):
            return None
        parts: list[Part] = []
        for number, item in enumerate(found.items):
            parts += [*part_of_text(run, node, separator)] * (number > 0) + [*part_of_text(run, node, item)]
        return text_of(parts)
    items = as_value(run, texts if isinstance(texts, ListCell) else collect(run, node, found, itself), node)
    if items.type != SequenceType(TEXT):
        return None
    return _called(run, node, "join", (as_value(run, separator, node), items))


def _formatted(run: Lowering, node: cst.CSTNode, layout: str, args: Args, kwargs: Kwargs) -> Iterator[Part]:
    """`layout.format(*args, **kwargs)`."""
    known = {**{str(number): value for number, value in enumerate(args)}, **kwargs}
    for number, (text, name, spec, conversion) in enumerate(string.Formatter().parse(layout)):
        yield text
        if name is None:
            continue
        value = known.get(name or str(number))
        if value is None or "{" in (spec or ""):
            raise refused_text(run, node, f"`{{{name}}}` of this text is not a value that `format` was given")
        yield from part_of_text(run, node, value, conversion or "", spec or "")


def written_as(conversion: str) -> Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]:
    """The handler of `str`, `repr` or `ascii` of a value of run time."""

    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        if len(args) != 1 or kwargs:
            return None
        if is_text(args[0]) and conversion == "s":
            return args[0]
        return text_of(part_of_text(run, node, args[0], conversion))

    return handler


def format_call(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`format(value, spec)`."""
    spec = args[1] if len(args) > 1 else Static("")
    if not isinstance(spec, Static) or kwargs:
        return None
    return text_of(part_of_text(run, node, args[0], "", str(spec.value)))
