"""`dataclasses.asdict`, `astuple` and `replace`: the fields of an object, of objects within, and of a new one.

In:  objects of dataclasses.   Out: dicts and tuples of copies; new objects.
Not here: making objects (instances.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TypeGuard

import libcst as cst

from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.copies import deep
from gradscribe.frontend.entries import classes_in
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.operands import describe
from gradscribe.frontend.optional import over_optional
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    Abstract,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Static,
    TupleValue,
)
from gradscribe.ir.graph import Value
from gradscribe.ops.written.containers import Counter, Entries
from gradscribe.ops.written.keyed import KeyedDict

Gather = Callable[[dict[object, Abstract]], Abstract]


def as_dict(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`dataclasses.asdict(object)`."""
    return _copied(run, node, _only(run, node, args, kwargs), DictCell)


def as_tuple(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`dataclasses.astuple(object)`."""
    return _copied(
        run, node, _only(run, node, args, kwargs), lambda fields: TupleValue(tuple(fields.values()))
    )


def replaced(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`dataclasses.replace(object, **changes)`; None where the code of the library is followed."""
    if len(args) != 1 or not isinstance(args[0], InstanceCell) or not _is_dataclass(args[0]):
        return None
    cls = args[0].cls
    fields = dataclasses.fields(cls)
    has_others = len(fields) < len(cls.__dataclass_fields__)  # type: ignore[attr-defined]
    if has_others or any(field.name in kwargs for field in fields if not field.init):
        return None
    kept = [field.name for field in fields if field.init and field.name not in kwargs]
    return run.call(
        run,
        node,
        Static(cls),
        (),
        {**kwargs, **{name: attribute_of(run, node, args[0], name) for name in kept}},
    )


def _only(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> InstanceCell:
    if len(args) == 1 and not kwargs and isinstance(args[0], InstanceCell) and _is_dataclass(args[0]):
        return args[0]
    raise bad_call(run, node, "one object of a dataclass is taken apart, without a factory")


def _is_dataclass(value: InstanceCell) -> bool:
    return dataclasses.is_dataclass(value.cls)


def _copied(run: Lowering, node: cst.CSTNode, value: Abstract, gather: Gather) -> Abstract:
    """A copy of the value, with each object of a dataclass in it gathered."""

    def copy(part: Abstract) -> Abstract:
        return _copied(run, node, part, gather)

    match value:
        case InstanceCell(cls=cls) if dataclasses.is_dataclass(cls):
            content = read_instance(run, value)
            return gather({field.name: copy(content[field.name]) for field in dataclasses.fields(cls)})
        case TupleValue(items=items, cls=cls, names=names):
            return TupleValue(tuple(map(copy, items)), cls, names)
        case DictCell():
            return DictCell({key: copy(part) for key, part in read_dict(run, value).items()})
        case ListCell() if isinstance(parts := read_list(run, value, node), tuple):
            return ListCell(tuple(map(copy, parts)))
        case InstanceCell(cls=cls) if issubclass(cls, Entries) and not issubclass(cls, Counter):
            attributes = read_instance(run, value)
            return InstanceCell(cls, {**attributes, "entries": copy(attributes["entries"])})
        case MaybeNone():
            return over_optional(run, node, (value,), copy)
        case _:
            _refuse_objects_within(run, node, value)
            return deep(run, node, (value,), {})


def _refuse_objects_within(run: Lowering, node: cst.CSTNode, value: Abstract) -> None:
    """Of containers that are asked at run time, the parts are copied as they are: no object may become a dict."""
    held = read_instance(run, value)["held"] if _is_keyed(value) else value
    content = read_list(run, held, node) if isinstance(held, ListCell) else None
    is_counter = isinstance(value, InstanceCell) and issubclass(value.cls, Counter)
    if is_counter or (
        isinstance(content, Value) and any(map(dataclasses.is_dataclass, classes_in(content.type)))
    ):
        raise run.refusal(
            node,
            "GS127",
            f"{describe(run, value)} is taken apart with the object that holds it",
            why="a counter would count pairs"
            if is_counter
            else "the objects in it would become dicts, one by one",
            fix="make the dict that is needed of its items",
        )


def _is_keyed(value: Abstract) -> TypeGuard[InstanceCell]:
    return isinstance(value, InstanceCell) and issubclass(value.cls, KeyedDict)
