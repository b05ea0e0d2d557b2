"""Objects of user classes that stand in lists of run-time length, and that are changed there.

An object in such a list is held by value, so that of two lists that hold it only one could be changed. Where that
is refused, lowering starts again, and gives each class of which loops make objects a table: a list for each
attribute. An object is then a row of it, wherever it stands:

    alive = [p for p in particles if p.v > 0]       rows of particles in a list
    alive[0].v = 2.0                                a store into the list of all `v`

In:  new objects, attributes of them.   Out: references, values, new contents of the lists.
Not here: what tells references from other values (references.py), when there are tables (table_restarts.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType

import libcst as cst

from gradscribe.frontend.entries import is_referred_to
from gradscribe.frontend.indexing import item_of
from gradscribe.frontend.instances import class_attribute, find_in_class, is_generated
from gradscribe.frontend.lists import append, store_item
from gradscribe.frontend.operands import resolved
from gradscribe.frontend.references import class_referred_to, family_of, number_of, refer, widened
from gradscribe.frontend.refusal import Restart
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_instance, read_list
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    Static,
    is_none,
    put_first,
)
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.types import NONE, SequenceType
from gradscribe.ops.table import lookup
from gradscribe.ops.written.partly_filled import PartlyFilled

ORDINARY = frozenset(
    {"__init__", "__post_init__", "__call__", "__repr__", "__str__", "__class_getitem__", "__init_subclass__"}
)
OPERATORS = frozenset(
    f"__{prefix}{name}__"
    for prefix in ("", "r")
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
) | {"__neg__", "__pos__"}
"""What a class may define whose objects are followed as rows: nothing that says what the object itself is."""

GENERATED = frozenset({"__eq__", "__hash__", "__replace__"})
"""What the dataclass decorator defines; two objects whose class says what is equal are not compared."""

OF_THE_OBJECT = ("__dict__", "__weakref__")
"""What a row of a table has not."""

NUMBERED = ("kind", "row")
"""What there is of each object where those of several classes are numbered together."""


@dataclass(frozen=True, eq=False)
class ObjectTable:
    """The objects of one class: a list for each attribute."""

    cls: type
    columns: dict[str, ListCell | InstanceCell]


def open_tables(run: Lowering) -> None:
    """At the start of the function all tables are empty."""
    for cls, columns in run.learnt.tables.items():
        lists: dict[str, ListCell | InstanceCell] = {}
        for name, kind in columns.items():
            hint = f"{cls.__name__.strip('_').lower()}_{name.strip('_')}"
            if kind is PartlyFilled:
                parts: dict[str, Abstract] = {
                    part: _empty_list(run, f"{hint}_{part}") for part in ("places", "held")
                }
                lists[name] = InstanceCell(PartlyFilled, parts)
                put_first(lists[name])
            else:
                lists[name] = _empty_list(run, hint)
        run.tables[cls] = ObjectTable(cls, lists)
    joint = run.learnt.joint
    if joint is not None:
        hint = joint.__name__.replace(" or ", "_").lower()
        run.tables[joint] = ObjectTable(
            joint, {part: _empty_list(run, f"{hint}_{part}") for part in NUMBERED}
        )


def _empty_list(run: Lowering, name: str) -> ListCell:
    content = run.builder.emit(lookup("list_new"), (), (SequenceType(NONE),))[0]
    run.makers[content] = run.builder.nodes[-1]
    name_value(content, name)
    made = ListCell(content, name)
    put_first(made)
    return made


def entered(run: Lowering, node: cst.CSTNode, cell: InstanceCell) -> Abstract:
    """A new object, as the row of its table where its class has one."""
    table = run.tables.get(cell.cls)
    if table is None:
        _note_made(run, cell)
        return cell
    content = dict(read_instance(run, cell, node))
    # A run-time list that it was put into holds what it was then.
    is_known = is_referred_to(run, cell) or bool(run.sharers.get(cell))
    if content.keys() != table.columns.keys() or is_known:
        raise _refused(run, node, cell.cls)
    # Nothing else refers to what it holds, but what did so before.
    cell.initial = {}
    run.heap.pop(cell, None)
    row = _length(run, node, table)
    name_value(row, "row")
    for name, column in table.columns.items():
        entry = _as_entry(run, node, table, name, content[name])
        if isinstance(column, InstanceCell):
            run.call(run, node, Static(PartlyFilled.append), (column, entry), {})
        else:
            append(run, node, column, entry)
    return _numbered(run, node, cell.cls, row)


def _numbered(run: Lowering, node: cst.CSTNode, cls: type, row: Value) -> Number:
    """The new object in this row, with a number among those of several classes where there are such."""
    joint = run.learnt.joint
    if joint is None:
        return refer(run, node, row, cls)
    table = run.tables[joint]
    number = _length(run, node, table)
    name_value(number, "number")
    append(run, node, table.columns["kind"], Static(joint.classes.index(cls)))
    append(run, node, table.columns["row"], Number(row))
    return refer(run, node, number, joint)


def row_of(run: Lowering, node: cst.CSTNode, owner: Number) -> Abstract:
    """Where the object stands in the table of its class."""
    cls, family = class_referred_to(owner), family_of(owner)
    number = number_of(run, node, owner)
    return number if family is cls else item_of(run, node, run.tables[family].columns["row"], number)


def _length(run: Lowering, node: cst.CSTNode, table: ObjectTable) -> Value:
    """How many objects there are, which is the row of the next one."""
    column = next(iter(table.columns.values()))
    if isinstance(column, InstanceCell):
        column = read_instance(run, column)["places"]  # type: ignore[assignment]
    assert isinstance(column, ListCell)
    content = read_list(run, column, node)
    assert isinstance(content, Value)
    return run.op(node, "list_length", content)


def _note_made(run: Lowering, cell: InstanceCell) -> None:
    """Whether the objects of this class could be rows, with these attributes."""
    learnt, cls = run.learnt, cell.cls
    content = run.heap.get(cell, cell.initial)
    names = tuple(content) if isinstance(content, dict) and _may_be_rows(cls) else ()
    if set(learnt.made.setdefault(cls, names)) != set(names):
        learnt.made[cls] = ()
    if run.loops:
        learnt.made_in_loops.add(cls)


def _may_be_rows(cls: type) -> bool:
    """The class leaves to Python what its objects are."""
    if cls.__module__.startswith("gradscribe.") or cls.__dictoffset__ == 0:
        return False
    for base in cls.__mro__[:-1]:
        for name, found in base.__dict__.items():
            if not isinstance(found, FunctionType | property | staticmethod | classmethod):
                if hasattr(type(found), "__get__") and name not in OF_THE_OBJECT:
                    return False
                continue
            is_special = name.startswith("__") and name.endswith("__")
            if is_special and name not in ORDINARY | OPERATORS:
                if name not in GENERATED or not is_generated(found):
                    return False
    return True


def attribute_of_row(run: Lowering, node: cst.CSTNode, owner: Number, name: str) -> Abstract:
    """`owner.name` of an object that is a row."""
    table = _table_of(run, node, owner)
    if name in table.columns:
        found = item_of(run, node, table.columns[name], row_of(run, node, owner))
        referred = run.learnt.tables[table.cls][name]
        return found if referred in (None, PartlyFilled) else _or_none(run, node, referred, found)
    if name in OF_THE_OBJECT:
        raise _refused(run, node, table.cls)
    return class_attribute(run, node, owner, table.cls, find_in_class(table.cls, name), name)


def copy_of_row(run: Lowering, node: cst.CSTNode, owner: Number) -> Abstract:
    """Another object of the same class, that holds the same."""
    table = _table_of(run, node, owner)
    fields = {name: attribute_of_row(run, node, owner, name) for name in table.columns}
    return entered(run, node, InstanceCell(table.cls, fields))


def store_in_row(run: Lowering, node: cst.CSTNode, owner: Number, name: str, value: Abstract) -> None:
    """`owner.name = value` of an object that is a row."""
    table = _table_of(run, node, owner)
    found = find_in_class(table.cls, name)
    if isinstance(found, property) and isinstance(found.fset, FunctionType):
        run.call(run, node, Static(found.fset), (owner, value), {})
        return
    if name not in table.columns:
        raise _refused(run, node, table.cls)
    entry = _as_entry(run, node, table, name, value)
    column, row = table.columns[name], row_of(run, node, owner)
    if isinstance(column, InstanceCell):
        run.call(run, node, Static(PartlyFilled.__setitem__), (column, row, entry), {})
    else:
        store_item(run, node, column, row, entry)


def _table_of(run: Lowering, node: cst.CSTNode, owner: Number) -> ObjectTable:
    cls = class_referred_to(owner)
    assert cls is not None
    found: ObjectTable = run.tables[cls]
    return found


def _or_none(run: Lowering, node: cst.CSTNode, referred: type, found: Abstract) -> Abstract:
    """What an attribute refers to that is None where the row is negative."""
    if referred is object:
        return NOTHING
    assert isinstance(found, Number)
    there = run.op(node, "ge", found.value, run.constant(0, node))
    return run.optional(refer(run, node, found.value, referred), there)


def _as_entry(run: Lowering, node: cst.CSTNode, table: ObjectTable, name: str, value: Abstract) -> Abstract:
    """A value as it stands in the list of an attribute: of what may be None, the row, or -1."""
    kinds = run.learnt.tables[table.cls]
    value = widened(run, node, resolved(run, value, node))
    kind = _kind_of(value)
    if kinds[name] is None and not is_none(value) and not isinstance(value, MaybeNone):
        return value
    if kinds[name] in (None, object) and kinds[name] is not kind:
        kinds[name] = kind
        run.learnt.loops.clear()
        raise Restart(None)
    if kinds[name] is PartlyFilled and kind in (PartlyFilled, object):
        return value
    if is_none(value):
        return Static(-1)
    if kind is not kinds[name]:
        raise _refused(run, node, table.cls)
    if isinstance(value, MaybeNone):
        inner = value.value
        assert isinstance(inner, Number)
        return run.choose(run, node, value.given, lambda: number_of(run, node, inner), lambda: Static(-1))
    assert isinstance(value, Number)
    return number_of(run, node, value)


def _kind_of(value: Abstract) -> type:
    """What an attribute refers to that holds this and may be None; `object` where that is not known yet."""
    if is_none(value):
        return object
    family = family_of(value.value if isinstance(value, MaybeNone) else value)
    return family if family is not object else PartlyFilled


def _refused(run: Lowering, node: cst.CSTNode, cls: type) -> Exception:
    """What is not said of rows: what was refused without them is reported."""
    return run.refusal(
        node,
        "GS127",
        f"this use of a {cls.__name__} is not followed",
        why="its class has a table of its objects, as others of them were not followed either",
        fix="keep what the objects hold in lists of their own",
    )


def not_followed(run: Lowering, node: cst.CSTNode, owner: Number) -> Exception:
    """The refusal of what is not said of rows."""
    return _refused(run, node, class_referred_to(owner) or object)
