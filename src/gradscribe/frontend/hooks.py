"""What a class may change of reading and storing attributes: descriptors, `__setattr__`, `__getattribute__`.

In:  objects, names and values.   Out: what the user's code makes of them; refusals of what cannot be followed.
Not here: attributes as Python keeps them (instances.py, targets.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import FunctionType

import libcst as cst

from gradscribe.frontend.instances import MISSING, find_in_class
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import write_mapping
from gradscribe.frontend.values import NOTHING, Abstract, InstanceCell, Static, TupleValue


def store_in_object(
    run: Lowering, node: cst.CSTNode, owner: InstanceCell, name: str, value: Abstract
) -> None:
    """`owner.name = value`, as the class of the object has it."""
    setter = find_in_class(owner.cls, "__setattr__")
    if isinstance(setter, FunctionType) and not is_frozen(owner.cls):
        run.call(run, node, Static(setter), (owner, Static(name), value), {})
    else:
        store_plainly(run, node, owner, name, value, checked=True)


def stores_what_is_there(owner: Abstract, name: str) -> bool:
    """A store of the object that the attribute is already does something: the class says what, or raises."""
    if not isinstance(owner, InstanceCell):
        return isinstance(owner, TupleValue)
    found = find_in_class(owner.cls, name)
    has_setter = isinstance(found, property) or (
        found is not MISSING and isinstance(find_in_class(type(found), "__set__"), FunctionType)
    )
    own = isinstance(find_in_class(owner.cls, "__setattr__"), FunctionType)
    return has_setter or own or is_frozen(owner.cls)


def is_frozen(cls: type) -> bool:
    """A frozen dataclass."""
    params = getattr(cls, "__dataclass_params__", None)
    return params is not None and bool(params.frozen)


def store_plainly(
    run: Lowering,
    node: cst.CSTNode,
    owner: InstanceCell,
    name: str,
    value: Abstract,
    *,
    checked: bool = False,
) -> None:
    """What `object.__setattr__` does: descriptors are asked, then the value is kept.

    Args:
        run: of the function.
        node: where.
        owner: the object.
        name: of the attribute.
        value: to be kept.
        checked: a frozen dataclass refuses, as it does outside of `object.__setattr__`.
    """
    found = find_in_class(owner.cls, name)
    if isinstance(found, property):
        if found.fset is None:
            raise _refused(run, node, f"the property `{name}` is assigned", "it has no setter", "define one")
        run.call(run, node, Static(found.fset), (owner, value), {})
        return
    setter = find_in_class(type(found), "__set__") if found is not MISSING else MISSING
    if isinstance(setter, FunctionType):
        run.call(run, node, Static(setter), (Static(found), owner, value), {})
        return
    if checked and is_frozen(owner.cls):
        title = f"`{name}` of a frozen dataclass is assigned"
        raise _refused(run, node, title, "this raises FrozenInstanceError", "make a new object")
    _refuse_without_slot(run, node, owner.cls, name)
    write_mapping(run, owner, name, value, node)


def _refuse_without_slot(run: Lowering, node: cst.CSTNode, cls: type, name: str) -> None:
    """A class all of whose bases have `__slots__` keeps no other attributes."""
    if cls.__dictoffset__ != 0 or inspect.ismemberdescriptor(find_in_class(cls, name)):
        return
    try:
        object.__setattr__(object.__new__(cls), name, None)
    except AttributeError as error:
        raise run.refusal(
            node,
            "GS140",
            f"this raises AttributeError: {error}",
            why="`__slots__` says which attributes there are",
            fix="assign the attributes that it names, or name this one there",
            raises=error,
        ) from None


def _refused(run: Lowering, node: cst.CSTNode, title: str, why: str, fix: str) -> Exception:
    return run.refusal(node, "GS140", title, why=why, fix=fix)


def set_attribute_of_object(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`object.__setattr__(owner, name, value)`."""
    owner, name, value = args
    if not isinstance(owner, InstanceCell) or not isinstance(name, Static):
        return None
    store_plainly(run, node, owner, str(name.value), value)
    return NOTHING
