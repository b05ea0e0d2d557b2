"""`dataclasses.asdict` and `astuple`: the fields of an object, and of the objects within, as containers.

In:  objects of dataclasses.   Out: dicts and tuples of copies.
Not here: making objects (instances.py).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    ListCell,
    Method,
    TupleValue,
)
from gradscribe.ir.graph import Value

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
        case ListCell():
            content_ = read_list(run, value, node)
            if not isinstance(content_, Value):
                return ListCell(tuple(map(copy, content_)))
            return run.call(run, node, Method(value, "copy"), (), {})
        case ArrayCell():
            return run.call(run, node, Method(value, "copy"), (), {})
        case _:
            return value
