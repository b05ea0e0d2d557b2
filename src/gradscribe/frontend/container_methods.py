"""Methods of lists, dicts, tuples, text, and of arrays by way of the table.

In:  a method and abstract arguments.   Out: abstract results; new contents.
Not here: methods of user classes (instances.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from gradscribe.frontend.indexing import dict_key
from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.lists import append, pop
from gradscribe.frontend.operands import describe
from gradscribe.frontend.operators import static_result
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_list, write_list, write_mapping
from gradscribe.frontend.table_calls import apply_operation
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    DictCell,
    ListCell,
    Method,
    Number,
    Static,
    TupleValue,
)
from gradscribe.ir.graph import Value
from gradscribe.ops.table import find_method

Args = Sequence[Abstract]


def call_method(
    run: Lowering, node: cst.CSTNode, method: Method, args: Args, kwargs: Mapping[str, Abstract]
) -> Abstract:
    """`owner.name(*args, **kwargs)`."""
    owner, name = method.owner, method.name
    if isinstance(owner, ArrayCell | Number):
        found = find_method(name)
        if found is not None:
            return apply_operation(run, node, *found, [owner, *args], kwargs)
    if isinstance(owner, ListCell) and name in LIST_METHODS:
        return LIST_METHODS[name](run, node, owner, args)
    if isinstance(owner, DictCell) and name in DICT_METHODS:
        return DICT_METHODS[name](run, node, owner, args)
    if isinstance(owner, Static) and all(isinstance(arg, Static) for arg in args):
        values = [arg.value for arg in args if isinstance(arg, Static)]
        return static_result(run, node, getattr(owner.value, name), *values)
    if isinstance(owner, TupleValue) and name == "_replace":
        items = [kwargs.get(field, item) for field, item in zip(owner.names, owner.items, strict=True)]
        return TupleValue(tuple(items), owner.cls, owner.names)
    raise run.refusal(
        node,
        "GS205",
        f"the method `{name}` of {describe(run, owner)} is not supported",
        why="there is no rule for it",
        fix="use a loop, or a NumPy function",
    )


def _append(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    append(run, node, owner, args[0])
    return NOTHING


def _extend(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    for item in items_of(run, node, args[0]):
        append(run, node, owner, item)
    return NOTHING


def _pop(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    return pop(run, node, owner, args[0] if args else None)


def _known_items(run: Lowering, node: cst.CSTNode, owner: ListCell, name: str) -> tuple[Abstract, ...]:
    content = read_list(run, owner, node)
    if isinstance(content, Value):
        run.prefer_static(owner)
        raise run.refusal(
            node,
            "GS127",
            f"`{name}` of a list whose length is known at run time only",
            why="it is not supported yet",
            fix="build the list with `append` alone",
        )
    return content


def _insert(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    items = list(_known_items(run, node, owner, "insert"))
    items.insert(run.static_int(node, args[0], "the index into this list"), args[1])
    write_list(run, owner, tuple(items))
    return NOTHING


def _reverse(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    write_list(run, owner, _known_items(run, node, owner, "reverse")[::-1])
    return NOTHING


def _clear(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    write_list(run, owner, ())
    return NOTHING


def _copy_list(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    return ListCell(read_list(run, owner, node))


LIST_METHODS = {
    "append": _append, "extend": _extend, "pop": _pop, "insert": _insert, "reverse": _reverse, "clear": _clear,
    "copy": _copy_list,
}  # fmt: skip


def _items(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    pairs = (TupleValue((Static(key), value)) for key, value in read_dict(run, owner).items())
    return TupleValue(tuple(pairs))


def _keys(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    return TupleValue(tuple(Static(key) for key in read_dict(run, owner)))


def _values(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    return TupleValue(tuple(read_dict(run, owner).values()))


def _get(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    default = args[1] if len(args) > 1 else NOTHING
    return read_dict(run, owner).get(dict_key(run, node, args[0]), default)


def _copy_dict(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    return DictCell(dict(read_dict(run, owner)))


def _update(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    for other in args:
        if not isinstance(other, DictCell):
            raise run.refusal(
                node,
                "GS140",
                f"`update` with {describe(run, other)}",
                why="it needs a dict",
                fix="pass a dict",
            )
        for key, value in read_dict(run, other).items():
            write_mapping(run, owner, key, value)
    return NOTHING


DICT_METHODS = {
    "items": _items, "keys": _keys, "values": _values, "get": _get, "copy": _copy_dict, "update": _update,
}  # fmt: skip
