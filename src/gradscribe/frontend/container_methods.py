"""Methods of lists, dicts, tuples, text, and of arrays by way of the table.

In:  a method and abstract arguments.   Out: abstract results; new contents.
Not here: methods of user classes (instances.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import libcst as cst

from gradscribe.frontend import sparse
from gradscribe.frontend.alternatives import over_alternatives
from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.dict_items import dict_key, known_key
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.inplace_calls import METHODS as IN_PLACE_METHODS
from gradscribe.frontend.instances import find_in_class
from gradscribe.frontend.interleaving import held
from gradscribe.frontend.iteration import Counted, items_of, iterable, length_unknown
from gradscribe.frontend.keyed import learn_keyed, new_dict
from gradscribe.frontend.library_arguments import in_words_of
from gradscribe.frontend.list_copies import extend, sliced
from gradscribe.frontend.lists import append, insert, pop, refuse_iterated, take_over
from gradscribe.frontend.operands import describe
from gradscribe.frontend.operators import binary, raises, static_result
from gradscribe.frontend.ordering import sort
from gradscribe.frontend.out_arguments import with_out
from gradscribe.frontend.rows_of_several import call_method_of_row, is_of_several
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import (
    read_dict,
    read_entry,
    read_list,
    remove_key,
    view_of,
    write_list,
    write_mapping,
)
from gradscribe.frontend.successive import as_items
from gradscribe.frontend.table_calls import apply_operation
from gradscribe.frontend.text_methods import text_method
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    DictCell,
    InstanceCell,
    Iterated,
    ListCell,
    Method,
    Number,
    Static,
    TupleValue,
    is_text,
)
from gradscribe.ir.graph import Value
from gradscribe.ops.sparse import is_constant_matrix
from gradscribe.ops.table import find_method
from gradscribe.ops.written import lists, searching

Args = Sequence[Abstract]


def call_method(
    run: Lowering, node: cst.CSTNode, method: Method, args: Args, kwargs: Mapping[str, Abstract]
) -> Abstract:
    """`owner.name(*args, **kwargs)`."""
    owner, name = method.owner, method.name
    if isinstance(owner, Number) and is_of_several(owner):
        return call_method_of_row(run, node, owner, name, args, kwargs)
    if name == "bit_length" and isinstance(owner, Number):
        return Static(run.static_int(node, owner, "an int whose bits are counted").bit_length())
    if name == "is_integer" and isinstance(owner, Number):
        return binary(run, node, "Equal", binary(run, node, "Modulo", owner, Static(1)), Static(0))
    if isinstance(owner, ArrayCell) and name in IN_PLACE_METHODS:
        IN_PLACE_METHODS[name](run, node, owner, args, kwargs)
        return NOTHING
    if isinstance(owner, ArrayCell) and name == "tolist" and not args and not kwargs:
        return run.call(run, node, Static(searching.to_list), (owner,), {})
    if isinstance(owner, ArrayCell | Number):
        found = find_method(name)
        if found is not None:
            spec, spelling = found
            given, kwargs = in_words_of(run, spec, spelling, [owner, *args], kwargs)

            def compute(args: Args, kwargs: Mapping[str, Abstract]) -> Abstract:
                return apply_operation(run, node, spec, spelling, args, kwargs)

            stored = with_out(run, node, None, given, kwargs, compute)
            return stored if stored is not None else compute(given, kwargs)
    if isinstance(owner, ListCell) and owner.chosen is not None and name in CHANGING:
        return over_alternatives(
            run, node, owner, lambda one: call_method(run, node, Method(one, name), args, kwargs)
        )
    if isinstance(owner, ListCell) and name == "sort" and not args:
        return _sort_by(run, node, owner, kwargs)
    if isinstance(owner, ListCell) and name in LIST_METHODS and not kwargs:
        return LIST_METHODS[name](run, node, owner, args)
    if isinstance(owner, DictCell) and name == "update":
        return _update(run, node, owner, args, kwargs)
    if isinstance(owner, DictCell) and name in DICT_METHODS and not kwargs:
        return DICT_METHODS[name](run, node, owner, args)
    if isinstance(owner, Static) and is_constant_matrix(owner.value):
        found_product = sparse.method(run, node, owner, name, args, kwargs)
        if found_product is not None:
            return found_product
    elif isinstance(owner, Static) and all(isinstance(arg, Static) for arg in args):
        values = [arg.value for arg in args if isinstance(arg, Static)]
        return static_result(run, node, getattr(owner.value, name), *values)
    if isinstance(owner, TupleValue) and name == "_replace":
        items = [kwargs.get(field, item) for field, item in zip(owner.names, owner.items, strict=True)]
        return TupleValue(tuple(items), owner.cls, owner.names)
    if isinstance(owner, TupleValue) and name == "_asdict":
        return DictCell(dict(zip(owner.names, owner.items, strict=True)))
    text = text_method(run, node, owner, name, args, kwargs) if is_text(owner) else None
    if text is not None:
        return text
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
    extend(run, node, owner, args[0])
    return NOTHING


def _pop(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    return pop(run, node, owner, args[0] if args else None)


def _insert(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    insert(run, node, owner, args[0], args[1])
    return NOTHING


def _reverse(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    content = read_list(run, owner, node)
    if isinstance(content, Value):
        run.prefer_static(owner)
        backwards = sliced(run, node, owner, Static(slice(None, None, -1)))
        take_over(run, node, owner, backwards)
    else:
        write_list(run, owner, content[::-1])
    return NOTHING


def _clear(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    refuse_iterated(run, node, owner)
    write_list(run, owner, ())
    return NOTHING


def _copy_list(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    content = read_list(run, owner, node)
    return ListCell(content) if isinstance(content, tuple) else sliced(run, node, owner, Static(slice(None)))


def _sort_list(run: Lowering, node: cst.CSTNode, owner: ListCell, args: Args) -> Abstract:
    if args:
        raise raises(run, node, TypeError("sort() takes no positional arguments"))
    return _sort_by(run, node, owner, {})


def _sort_by(run: Lowering, node: cst.CSTNode, owner: ListCell, kwargs: Mapping[str, Abstract]) -> Abstract:
    found = sort(run, node, (owner,), kwargs)
    assert isinstance(found, ListCell)
    take_over(run, node, owner, found)
    return NOTHING


def _written(function: Callable[..., Any]) -> Callable[[Lowering, cst.CSTNode, ListCell, Args], Abstract]:
    """A method that is a function in Python."""
    return lambda run, node, owner, args: run.call(run, node, Static(function), (owner, *args), {})


LIST_METHODS = {
    "append": _append, "extend": _extend, "pop": _pop, "insert": _insert, "reverse": _reverse, "clear": _clear,
    "copy": _copy_list, "index": _written(lists.index), "count": _written(lists.count),
    "remove": _written(lists.remove),
    "sort": _sort_list,
}  # fmt: skip


CHANGING = frozenset(LIST_METHODS) - {"copy", "index", "count"}


def _view(method: str) -> Callable[[Lowering, cst.CSTNode, DictCell, Args], Abstract]:
    def made(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
        return view_of(run, owner, method)

    return made


def _get(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    default = args[1] if len(args) > 1 else NOTHING
    found = read_entry(run, owner, dict_key(run, node, args[0], owner), node)
    return default if found is None else found


def _copy_dict(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    return new_dict(run, node, read_dict(run, owner, node).items())


def _update(
    run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args, kwargs: Mapping[str, Abstract]
) -> Abstract:
    for other in args:
        if isinstance(other, Iterated):
            _update_by_turns(run, node, owner, other)
            continue
        for key, value in pairs_of(run, node, other):
            write_mapping(run, owner, key, value, node)
    for name, value in kwargs.items():
        write_mapping(run, owner, name, value, node)
    return NOTHING


def _update_by_turns(run: Lowering, node: cst.CSTNode, owner: DictCell, pairs: Iterated) -> None:
    """Of an iterator, a pair is asked for after the entry of the one before was made."""
    found = iterable(run, node, pairs)
    if isinstance(found, Counted) and found.static_range is None:
        run.prefer_known(found.start, found.stop, found.step)
        learn_keyed(run, owner.made_at)
        raise length_unknown(run, node, pairs)
    with held(run, found):
        for pair in as_items(found):
            key, value = items_of(run, node, pair)
            write_mapping(run, owner, dict_key(run, node, key, owner), value, node)


def pairs_of(run: Lowering, node: cst.CSTNode, other: Abstract) -> list[tuple[object, Abstract]]:
    """The entries of a dict, of an object with keys, or of a list of pairs."""
    if isinstance(other, DictCell):
        return list(read_dict(run, other, node).items())
    if isinstance(other, InstanceCell) and isinstance(find_in_class(other.cls, "keys"), FunctionType):
        keys = run.call(run, node, attribute_of(run, node, other, "keys"), (), {})
        return [
            (known_key(run, node, key), item_of(run, node, other, key)) for key in items_of(run, node, keys)
        ]
    pairs = [items_of(run, node, pair) for pair in items_of(run, node, other)]
    return [(known_key(run, node, key), value) for key, value in pairs]


def _setdefault(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    key = dict_key(run, node, args[0], owner)
    found = read_entry(run, owner, key, node)
    if found is None:
        found = args[1] if len(args) > 1 else NOTHING
        write_mapping(run, owner, key, found, node)
    return found


def _pop_item(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    """The entry that was made last."""
    content = read_dict(run, owner, node)
    if not content:
        raise run.refusal(
            node,
            "GS141",
            "`popitem` of an empty dict",
            why="this raises KeyError",
            fix="check its length before",
            raises=KeyError("popitem(): dictionary is empty"),
        )
    *_, key = content
    return TupleValue((Static(key), remove_key(run, node, owner, key)))


def _pop_key(run: Lowering, node: cst.CSTNode, owner: DictCell, args: Args) -> Abstract:
    key = dict_key(run, node, args[0], owner)
    if len(args) > 1 and read_entry(run, owner, key, node) is None:
        return args[1]
    return remove_key(run, node, owner, key)


DICT_METHODS = {
    "items": _view("items"), "keys": _view("keys"), "values": _view("values"), "get": _get, "copy": _copy_dict,
    "setdefault": _setdefault, "pop": _pop_key, "popitem": _pop_item,
}  # fmt: skip
