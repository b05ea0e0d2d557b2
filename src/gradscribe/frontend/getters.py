"""Functions that take something out of objects, or make them of it: `operator.itemgetter` and its kin, `vars`.

In:  abstract arguments.   Out: functions that are not called yet; items, attributes, results of methods.
Not here: items (indexing.py), attributes (attributes.py).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.errors import Diagnostic
from gradscribe.frontend.attributes import attribute_of
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.sharers import share
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_instance
from gradscribe.frontend.values import Abstract, DictCell, InstanceCell, PartialCall, Static, TupleValue

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def take_items(keys: object, owner: object) -> None:
    """What `operator.itemgetter(*keys)` does; only its name is used."""


def _itemgetter(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return PartialCall(Static(take_items), (TupleValue(tuple(args)),), {})


def _take_items(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    keys, owner = args
    assert isinstance(keys, TupleValue)
    items = tuple(item_of(run, node, owner, key) for key in keys.items)
    return items[0] if len(items) == 1 else TupleValue(items)


def take_attributes(names: object, owner: object) -> None:
    """What `operator.attrgetter(*names)` does; only its name is used."""


def _attrgetter(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    return PartialCall(Static(take_attributes), (TupleValue(tuple(args)),), {})


def _take_attributes(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    names, owner = args
    assert isinstance(names, TupleValue)
    found: list[Abstract] = []
    for dotted in names.items:
        assert isinstance(dotted, Static), dotted
        value = owner
        for name in str(dotted.value).split("."):
            value = attribute_of(run, node, value, name)
        found.append(value)
    return found[0] if len(found) == 1 else TupleValue(tuple(found))


def call_named(name: object, args: object, kwargs: object, owner: object) -> None:
    """What `operator.methodcaller(name, *args, **kwargs)` does; only its name is used."""


def _methodcaller(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    name, *given = args
    return PartialCall(
        Static(call_named),
        (name, TupleValue(tuple(given)), DictCell(dict[object, Abstract](kwargs.items()))),
        {},
    )


def _call_named(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    name, given, named, owner = args
    assert isinstance(name, Static) and isinstance(given, TupleValue) and isinstance(named, DictCell)
    method = attribute_of(run, node, owner, str(name.value))
    keywords = {str(key): value for key, value in read_dict(run, named).items()}
    return run.call(run, node, method, given.items, keywords)


STORED = Diagnostic(
    "GS131",
    "this changes `vars(...)` of an object",
    why="it is only read here",
    fix="change the object: `obj.name = value`, `setattr(obj, name, value)`",
)


def attributes_of(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`vars(object)`: its attributes, to be read."""
    if len(args) != 1 or not isinstance(args[0], InstanceCell):
        return None
    found = DictCell(dict[object, Abstract](read_instance(run, args[0]).items()), read_only=STORED)
    # What is stored in the object later is not read from here.
    found.roots |= args[0].roots
    share(run, found)
    return found


def object_of(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`with_attributes(cls, attributes)`, by which trees of objects are put together again."""
    cls, given = args
    if not isinstance(cls, Static) or not isinstance(given, DictCell):
        return None
    return InstanceCell(cls.value, {str(name): part for name, part in read_dict(run, given).items()})  # type: ignore[arg-type]


GETTERS: Mapping[object, Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]] = {
    operator.itemgetter: _itemgetter,
    operator.attrgetter: _attrgetter,
    operator.methodcaller: _methodcaller,
    take_items: _take_items,
    take_attributes: _take_attributes,
    call_named: _call_named,
}
