"""Assignment: binding names, unpacking, storing at an index or in an attribute.

In:  targets and values.   Out: bindings; new contents of arrays and containers.
Not here: the versions of an array (storage.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import FunctionType

import libcst as cst

from gradscribe.frontend.alternatives import over_alternatives, version
from gradscribe.frontend.attributes import attribute_name, attribute_of
from gradscribe.frontend.choices import as_key, has_chosen, over_chosen_key
from gradscribe.frontend.dict_items import dict_key
from gradscribe.frontend.exchanges import exchanged
from gradscribe.frontend.hooks import store_in_object, stores_what_is_there
from gradscribe.frontend.indexing import (
    array_index,
    array_item,
    item_of,
    sequence_item,
    subscript_key,
)
from gradscribe.frontend.instances import MISSING, SPECIAL, find_in_class, is_not_implemented
from gradscribe.frontend.lacking import no_item_assignment
from gradscribe.frontend.list_copies import extend, repeat, replaced, store_slice
from gradscribe.frontend.lists import pop, refuse_iterated, store_item, take_over
from gradscribe.frontend.mixed import is_array_or_number
from gradscribe.frontend.operands import as_value, describe, present, resolved
from gradscribe.frontend.operators import BINARY, binary, refuse_object_in_place
from gradscribe.frontend.optional import any_either, array_of, over_array_or_number, over_optional
from gradscribe.frontend.optional_keys import has_optional, over_optional_key
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.rows_of_several import store_in_row
from gradscribe.frontend.scope import bind
from gradscribe.frontend.sets import change_known_set
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import (
    read_array,
    read_dict,
    read_list,
    remove_key,
    write_array,
    write_list,
    write_mapping,
)
from gradscribe.frontend.stores import WHOLE, check_cast, store_in_array, store_whole
from gradscribe.frontend.subset import refuse
from gradscribe.frontend.unpacking import unpacked
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    Alternatives,
    ArrayCell,
    Cell,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    Static,
    TupleValue,
    bare,
    is_slice,
    known_int,
)
from gradscribe.frontend.views import set_item
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, ScalarType, shape_of, type_text


def assign(run: Lowering, target: cst.BaseExpression, value: Abstract) -> None:
    """`target = value`."""
    match target:
        case cst.Name(value=name):
            bind(run, name, value)
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            _unpack(run, target, elements, value)
        case cst.Subscript():
            owner = run.evaluate(run, target.value)
            store(run, target, owner, subscript_key(run, target), value)
        case cst.Attribute():
            owner = run.evaluate(run, target.value)
            store_attribute(run, target, owner, attribute_name(run, target.attr), value)
        case _:
            raise refuse(run, target)


def _unpack(run: Lowering, node: cst.CSTNode, elements: Sequence[cst.BaseElement], value: Abstract) -> None:
    items = unpacked(run, node, elements, value)
    if exchanged(run, node, elements, items):
        return
    for element, item in zip(elements, items, strict=True):
        assign(run, element.value, resolved(run, item, node))


def store(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract, value: Abstract) -> None:
    """`owner[key] = value`."""
    if isinstance(owner, MaybeNone) and any_either((owner,)):
        owner = array_of(run, node, owner, no_item_assignment(owner.otherwise))
    if isinstance(owner, ArrayCell) and any_either((value,)):
        over_optional(run, node, (value,), lambda one: _stored(run, node, owner, key, one))
        return
    owner, key = present(run, owner, node), resolved(run, key, node)
    if has_optional(key):
        over_optional_key(run, node, key, lambda known: _stored(run, node, owner, known, value))
        return
    key = as_key(run, owner, key)
    if has_chosen(owner, key):
        over_chosen_key(run, node, owner, key, lambda a, b: _stored(run, node, a, b, value))
        return
    match owner:
        case ArrayCell():
            store_in_array(run, node, owner, array_index(run, node, key), value)
        case ListCell(chosen=Alternatives()):
            over_alternatives(run, node, owner, lambda one: _stored(run, node, one, key, value))
        case ListCell() if is_slice(key):
            store_slice(run, node, owner, key, value)
        case ListCell():
            store_item(run, node, owner, key, value)
        case DictCell():
            write_mapping(run, owner, dict_key(run, node, key, owner), value, node)
        case InstanceCell(cls=cls) if callable(find_in_class(cls, "__setitem__")):
            run.call(run, node, attribute_of(run, node, owner, "__setitem__"), (key, value), {})
        case _:
            raise run.refusal(
                node,
                "GS131",
                f"this stores into {describe(run, owner)}",
                why="it cannot be changed",
                fix="store into an array, a list or a dict",
                raises=no_item_assignment(owner),
            )


def _stored(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract, value: Abstract) -> Abstract:
    store(run, node, owner, key, value)
    return NOTHING


def store_attribute(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str, value: Abstract) -> None:
    """`owner.name = value`."""
    owner = present(run, owner, node, error=AttributeError)
    if isinstance(owner, InstanceCell):
        store_in_object(run, node, owner, name, value)
        return
    if isinstance(owner, Number) and class_referred_to(owner) is not None:
        store_in_row(run, node, owner, name, value)
        return
    if isinstance(owner, ArrayCell) and name in ("real", "imag", "flat"):
        part = attribute_of(run, node, owner, name)
        assert isinstance(part, ArrayCell)
        store_whole(run, node, part, value)
        return
    if isinstance(owner, ArrayCell):
        raise run.refusal(
            node,
            "GS131",
            f"the attribute `{name}` of an array is assigned",
            why="it changes the array in place",
            fix="use a function that returns a new array, such as `x.reshape(...)`",
        )
    raise run.refusal(
        node,
        "GS131",
        f"the attribute `{name}` of {describe(run, owner)} is assigned",
        why="a derivative does not change objects outside of the function",
        fix="return the value instead",
    )


def delete_item(run: Lowering, node: cst.CSTNode, owner: Abstract, key: Abstract) -> None:
    """`del owner[key]`."""
    owner, key = present(run, owner, node), present(run, key, node)
    if isinstance(owner, DictCell):
        remove_key(run, node, owner, dict_key(run, node, key, owner))
    elif isinstance(owner, ListCell) and not is_slice(key):
        pop(run, node, owner, key)
    elif isinstance(owner, ListCell):
        refuse_iterated(run, node, owner)
        content = read_list(run, owner, node)
        if isinstance(content, Value):
            take_over(run, node, owner, replaced(run, node, owner, key))
        else:
            dropped = sequence_item(run, node, tuple(map(Static, range(len(content)))), key, TupleValue)
            assert isinstance(dropped, TupleValue)
            gone = {known_int(position) for position in dropped.items}
            write_list(run, owner, tuple(item for k, item in enumerate(content) if k not in gone))
    elif isinstance(owner, InstanceCell) and callable(find_in_class(owner.cls, "__delitem__")):
        run.call(run, node, attribute_of(run, node, owner, "__delitem__"), (key,), {})
    else:
        raise run.refusal(
            node,
            "GS131",
            f"an item of {describe(run, owner)} is deleted",
            why="it cannot be changed",
            fix="delete items of lists and dicts only",
        )


# Augmented assignment


def augment(run: Lowering, node: cst.AugAssign) -> None:
    """`target op= value`: in place on arrays and lists, a new value otherwise."""
    operator = type(node.operator).__name__.removesuffix("Assign")
    target = node.target
    match target:
        case cst.Name():
            before = run.evaluate(run, target)
            _augment_name(run, node, operator, before, run.evaluate(run, node.value))
        case cst.Subscript():
            owner = present(run, run.evaluate(run, target.value), target)
            key = resolved(run, subscript_key(run, target), target)

            def augmented(known: Abstract) -> Abstract:
                return over_chosen_key(run, node, owner, known, augmented_item)

            def augmented_item(owner: Abstract, key: Abstract) -> Abstract:
                _augment_item(run, node, operator, owner, key)
                return NOTHING

            over_optional_key(run, node, key, augmented)
        case cst.Attribute(attr=attr):
            owner = run.evaluate(run, target.value)
            name = attribute_name(run, attr)
            before = attribute_of(run, target, owner, name)
            value, is_changed = _right_side(run, node, owner)

            def bound(after: Abstract) -> None:
                store_attribute(run, target, owner, name, after)

            is_bound = _augment_object(run, node, operator, before, value, bound)
            if not is_bound and (is_changed or stores_what_is_there(owner, name)):
                bound(before)
        case _:
            raise refuse(run, target)


def _right_side(run: Lowering, node: cst.AugAssign, *parts: Abstract) -> tuple[Abstract, bool]:
    """The value of the right side, and whether that changes an object that belongs to the target.

    What is changed in place then is the part that was there before, which Python stores there again.
    """
    cells = [cell for part in parts for cell in _cells_in(part)]
    before = [version(run, cell) for cell in cells]
    value = run.evaluate(run, node.value)
    return value, [version(run, cell) for cell in cells] != before


def _cells_in(part: Abstract) -> Iterator[Cell]:
    """The object that the target stands in, or the arrays of its index."""
    part = bare(part)
    if isinstance(part, TupleValue):
        for item in part.items:
            yield from _cells_in(item)
    elif isinstance(part, Cell):
        yield part


def _augment_name(
    run: Lowering, node: cst.AugAssign, operator: str, before: Abstract, value: Abstract
) -> Abstract:
    assert isinstance(node.target, cst.Name)
    if any_either((before,)):
        return over_optional(run, node, (before,), lambda one: _augment_name(run, node, operator, one, value))
    name = node.target.value
    if not _augment_object(run, node, operator, before, value, lambda after: bind(run, name, after)):
        bind(run, name, before)
    return NOTHING


def _augment_object(
    run: Lowering,
    node: cst.AugAssign,
    operator: str,
    before: Abstract,
    value: Abstract,
    bound: Callable[[Abstract], None],
) -> bool:
    """Change the object in place, or bind the target to another one; whether it is bound to another one."""
    if is_array_or_number(run, before):

        def changed(array: Abstract) -> Abstract:
            _in_place(run, node, operator, array, value)
            return array

        def another(number: Abstract) -> Abstract:
            return _augmented(run, node, operator, number, value)

        bound(over_array_or_number(run, node, before, changed, another))
        return True
    if _in_place(run, node, operator, before, value):
        return False
    bound(_augmented(run, node, operator, before, value))
    return True


def _augment_item(run: Lowering, node: cst.AugAssign, operator: str, owner: Abstract, key: Abstract) -> None:
    if not isinstance(owner, ArrayCell):
        before = item_of(run, node, owner, key)
        value, is_changed = _right_side(run, node, owner)

        def stored(after: Abstract) -> None:
            store(run, node, owner, key, after)

        is_taken_out = is_changed or is_slice(key) or isinstance(owner, TupleValue)
        is_taken_out = is_taken_out or (isinstance(owner, InstanceCell) and _stores_itself(owner))
        if not _augment_object(run, node, operator, before, value, stored) and is_taken_out:
            # What was changed in place may be another object than what stands there; tuples take no items.
            stored(before)
        return
    index = array_index(run, node, key)
    before = array_item(run, node, owner, index)
    value, is_changed = _right_side(run, node, key)
    if is_changed:
        # The index is an array or list that the right side changes: the store goes where it says then.
        index = array_index(run, node, key)
    result = as_value(run, binary(run, node, operator, before, value), node)
    if isinstance(before, ArrayCell):
        check_cast(run, node, result, read_array(run, owner, node), f"`{BINARY[operator][0]}=`")
    store_in_array(run, node, owner, index, run.wrap(result))


def _stores_itself(owner: InstanceCell) -> bool:
    """The user's class says what a store of an item does, or that there is none."""
    found = find_in_class(owner.cls, "__setitem__")
    if found is MISSING:
        return True
    return isinstance(found, FunctionType) and not found.__module__.startswith("gradscribe.")


def _augmented(
    run: Lowering, node: cst.AugAssign, operator: str, before: Abstract, value: Abstract
) -> Abstract:
    """The value after `op=`, which an object may define itself."""
    before = present(run, before, node)
    if isinstance(before, InstanceCell):
        direct, _ = SPECIAL[BINARY[operator][0]]
        found = find_in_class(before.cls, direct.replace("__", "__i", 1))
        if isinstance(found, FunctionType):
            result = run.call(run, node, Static(found), (before, value), {})
            if not is_not_implemented(result):
                return result
    return binary(run, node, operator, before, value)


def _makes_arrays(value: Abstract) -> bool:
    """A NumPy array or number makes an array of the list beside it."""
    if isinstance(value, Number) and isinstance(value.value.type, ScalarType):
        return not value.value.type.python
    return isinstance(value, ArrayCell)


def _in_place(run: Lowering, node: cst.AugAssign, operator: str, before: Abstract, value: Abstract) -> bool:
    """Whether the operator changes the object that the target is, as it does of arrays and lists."""
    before = present(run, before, node)
    if isinstance(before, ListCell) and _makes_arrays(value):
        return False
    if isinstance(before, ListCell) and operator == "Add":
        extend(run, node, before, value)
        return True
    if isinstance(before, ListCell) and operator == "Multiply":
        repeat(run, node, before, value)
        return True
    if isinstance(before, DictCell) and operator == "BitOr" and isinstance(value, DictCell):
        for key, item in read_dict(run, value).items():
            write_mapping(run, before, key, item, node)
        return True
    if isinstance(before, Static) and isinstance(before.value, set):
        change_known_set(run, node, before.value)
    if not isinstance(before, ArrayCell):
        return False
    refuse_object_in_place(run, node, BINARY[operator][0], value)
    result = as_value(run, binary(run, node, operator, before, value), node)
    content = read_array(run, before, node)
    if not isinstance(result.type, ArrayType) or len(shape_of(result.type)) != len(shape_of(content.type)):
        symbol = BINARY[operator][0]
        if operator != "MatrixMultiply" and not (
            shape_of(content.type) == () and shape_of(result.type) == ()
        ):
            raise run.refusal(
                node,
                "GS202",
                f"`{symbol}=` of a {type_text(content.type)} with a result of {type_text(result.type)}",
                why="the array keeps its shape, so NumPy refuses",
                fix=f"write `x = x {symbol} y`",
            )
    check_cast(run, node, result, content, f"`{BINARY[operator][0]}=`")
    stored = set_item(run, node, content, result, WHOLE)
    name_value(stored, content.hint)
    write_array(run, before, stored, node)
    return True
