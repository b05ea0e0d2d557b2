"""Objects that are rows, of one of several classes: `shapes.append(Circle(r) if r > 0 else Square(r))`.

They are numbered together; a list says of which class each one is. What is done with one is done for each class
that it may be of, where that is known.

In:  references, what is done with them.   Out: results; stores for each class.
Not here: objects of one class (object_tables.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import libcst as cst

from gradscribe.frontend import object_tables as tables
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.operands import raise_if
from gradscribe.frontend.references import class_referred_to, classes_of, family_of, number_of, refer
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import NOTHING, Abstract, BoundMethod, Method, Number, Static
from gradscribe.ir.graph import Value
from gradscribe.ops.references import OneOf

Use = Callable[[Number], Abstract]


def is_of_several(value: Abstract) -> bool:
    """An object of which only the run knows the class."""
    cls = class_referred_to(value)
    return cls is not None and issubclass(cls, OneOf)


def attribute_of_row(run: Lowering, node: cst.CSTNode, owner: Number, name: str) -> Abstract:
    """`owner.name` of an object that is a row."""
    if not is_of_several(owner):
        return tables.attribute_of_row(run, node, owner, name)
    found = {cls: find_in_class(cls, name) for cls in _with_attribute(run, owner, name)}
    if found and all(callable(function) for function in found.values()):
        if len(set(map(id, found.values()))) == 1 and len(found) == len(classes_of(owner)):
            return BoundMethod(Static(next(iter(found.values()))), owner)
        return Method(owner, name)
    return _over(run, node, owner, name, lambda one: tables.attribute_of_row(run, node, one, name))


def call_method_of_row(
    run: Lowering,
    node: cst.CSTNode,
    owner: Number,
    name: str,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """`owner.name(*args, **kwargs)` of an object of which only the run knows the class."""

    def called(one: Number) -> Abstract:
        return run.call(run, node, tables.attribute_of_row(run, node, one, name), args, kwargs)

    return _over(run, node, owner, name, called)


def store_in_row(run: Lowering, node: cst.CSTNode, owner: Number, name: str, value: Abstract) -> None:
    """`owner.name = value` of an object that is a row."""

    def stored(one: Number) -> Abstract:
        tables.store_in_row(run, node, one, name, value)
        return NOTHING

    if is_of_several(owner):
        _each(run, node, owner, classes_of(owner), stored)
    else:
        stored(owner)


def copy_of_row(run: Lowering, node: cst.CSTNode, owner: Number) -> Abstract:
    """Another object of the same class, that holds the same."""
    return _each(run, node, owner, classes_of(owner), lambda one: tables.copy_of_row(run, node, one))


def has_attribute(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str) -> bool | None:
    """Whether an object that is a row has an attribute; None for what is no row."""
    if class_referred_to(owner) is None:
        return None
    having = _with_attribute(run, owner, name)
    if having and len(having) < len(classes_of(owner)):
        raise run.refusal(
            node,
            "GS127",
            f"whether this object has the attribute `{name}` is known at run time only",
            why="it is of one of several classes, which decides",
            fix="ask for its class: `isinstance(...)`",
        )
    return bool(having)


def is_one_of(run: Lowering, node: cst.CSTNode, owner: Number, wanted: tuple[type, ...]) -> Abstract:
    """`isinstance(owner, wanted)`."""
    classes = classes_of(owner)
    found = [cls for cls in classes if issubclass(cls, wanted)]
    if len(found) in (0, len(classes)):
        return Static(bool(found))
    return Number(_is_any(run, node, owner, found))


def _with_attribute(run: Lowering, owner: Abstract, name: str) -> list[type]:
    return [
        cls
        for cls in classes_of(owner)
        if name in run.tables[cls].columns or find_in_class(cls, name) is not MISSING
    ]


def _over(run: Lowering, node: cst.CSTNode, owner: Number, name: str, use: Use) -> Abstract:
    """`use` for each class that has an attribute; of another one, it raises."""
    having = _with_attribute(run, owner, name)
    lacking = [cls for cls in classes_of(owner) if cls not in having]
    if lacking and having and name.startswith("__"):
        raise tables.not_followed(run, node, owner)
    if not having:
        return use(refer(run, node, number_of(run, node, owner).value, lacking[0], family_of(owner)))
    for cls in lacking:
        text = f"'{cls.__name__}' object has no attribute '{name}'"
        raise_if(run, node, _is_any(run, node, owner, [cls]), AttributeError, (text,))
    return _each(run, node, owner, having, use)


def _each(run: Lowering, node: cst.CSTNode, owner: Number, classes: Sequence[type], use: Use) -> Abstract:
    if not is_of_several(owner):
        return use(owner)
    first, *others = classes

    def with_first() -> Abstract:
        return use(refer(run, node, number_of(run, node, owner).value, first, family_of(owner)))

    if not others:
        return with_first()
    return run.choose(
        run,
        node,
        _is_any(run, node, owner, [first]),
        with_first,
        lambda: _each(run, node, owner, others, use),
    )


def _is_any(run: Lowering, node: cst.CSTNode, owner: Number, wanted: Sequence[type]) -> Value:
    family = family_of(owner)
    kind = item_of(run, node, run.tables[family].columns["kind"], number_of(run, node, owner))
    assert isinstance(kind, Number)
    numbers = [run.constant(classes_of(owner).index(cls), node) for cls in wanted]
    return reduce(
        lambda one, two: run.op(node, "bool_or", one, two),
        (run.op(node, "eq", kind.value, number) for number in numbers),
    )
