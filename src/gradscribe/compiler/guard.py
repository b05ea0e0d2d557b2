"""Guards: the conditions under which a compiled function may be called, as Python source.

In:  structures of parameters and the types of their leaves.   Out: conditions that walk them by fixed indices.
Not here: the function that tests guards (dispatch.py), what is kept (cache.py).
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from types import (
    BuiltinFunctionType,
    CellType,
    EllipsisType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
    NoneType,
)

import numpy as np

from gradscribe.frontend.facts import MISSING, Callee, Fact
from gradscribe.frontend.structure import GENERATOR_TYPES, computed_attributes, slots_of
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure
from gradscribe.ir.types import ArrayType, OpaqueType, ScalarType, Type

SINGLETONS = (NoneType, bool, EllipsisType, type, ModuleType, Enum, np.ufunc)
COMPARED_BY_VALUE = (str, bytes, slice, range, np.dtype)
FIELDS = "__dataclass_fields__"


def read_cell(cell: CellType) -> object:
    """The content of a closure variable; `MISSING` while it is unbound."""
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


class Names:
    """The objects that a generated function refers to, under names that no parameter of it has.

    Attributes:
        namespace: object by name; it only ever grows, since an older version of the function may be running.
    """

    def __init__(self, taken: Collection[str]) -> None:
        self.prefix = "_"
        while any(name.startswith(self.prefix) for name in taken):
            self.prefix += "_"
        self.namespace: dict[str, object] = {}
        self._known: dict[int, str] = {}
        self._temporaries = 0

    def of(self, value: object, hint: str) -> str:
        """The name of this very object."""
        name = self._known.get(id(value))
        if name is None:
            name = self._known[id(value)] = self._unused(hint)
            self.namespace[name] = value
        return name

    def temporary(self) -> str:
        """A name for a part of an argument."""
        self._temporaries += 1
        return f"{self.prefix}{self._temporaries}"

    def _unused(self, hint: str) -> str:
        stem = "".join(c if c.isalnum() else "_" for c in hint)
        name, number = f"{self.prefix}{stem}", 1
        while name in self.namespace:
            number += 1
            name = f"{self.prefix}{stem}_{number}"
        return name


class GuardWriter:
    """Collects the conditions of one guard, to be joined by `and` in this order.

    Attributes:
        conditions: expressions; a part of a container is bound to a name on its way.
        leaves: the expression of each leaf, valid after the conditions.
        containers: likewise of containers, by the identity of their structure.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.conditions: list[str] = []
        self.leaves: dict[int, str] = {}
        self.containers: dict[int, str] = {}

    def structure(self, structure: Structure, expression: str, types: Sequence[Type]) -> str:
        """Demand that `expression` is what the structure says; a name for it, valid after the conditions."""
        match structure:
            case Leaf(index):
                name = self.leaves[index] = self._leaf(expression, types[index])
            case Fixed(value):
                expression, name = self._named(expression)
                self.fixed(value, expression)
            case Container():
                name = self._container(structure, expression, types)
        return name

    def other(self, value: object, expression: str) -> None:
        """Demand another object than this one."""
        self.conditions.append(f"{expression} is not {self.names.of(value, 'default')}")

    def read(self, scope: object, key: str | None) -> str:
        """The expression that reads a global, a closure variable or an attribute afresh."""
        missing = self.names.of(MISSING, "missing")
        match scope:
            case dict() | MappingProxyType():
                return f"{self.names.of(scope, 'globals')}.get({key!r}, {missing})"
            case CellType():
                return f"{self.names.of(read_cell, 'read_cell')}({self.names.of(scope, 'cell')})"
            case _:
                assert key is not None
                return self._attribute(self.names.of(scope, "owner"), key)

    def callee(self, callee: Callee) -> None:
        """Demand that a function lowered in place is still found where it was found."""
        expression = self.read(callee.scope, callee.key)
        if callee.function is MISSING:
            self.conditions.append(f"{expression} is {self.names.of(MISSING, 'missing')}")
        elif isinstance(callee.function, FunctionType):
            self.function(callee.function, expression)
        else:
            self.fixed(callee.function, expression)

    def fact(self, fact: Fact) -> None:
        """Demand what was asked for beyond types."""
        self.conditions.append(fact.condition(self.leaves))

    def fixed(self, value: object, expression: str) -> None:
        """Demand the value known at compile time: by value where values cannot change, else by identity."""
        if isinstance(value, SINGLETONS):
            is_plain = value is None or isinstance(value, bool) or value is Ellipsis
            shown = repr(value) if is_plain else self.names.of(value, "value")
            self.conditions.append(f"{expression} is {shown}")
        elif isinstance(value, COMPARED_BY_VALUE):
            binding, name = self._named(expression)
            self._type_is(binding, type(value))
            self.conditions.append(f"{name} == {self.names.of(value, 'value')}")
        elif isinstance(value, set | frozenset):
            self._set(value, expression)
        elif isinstance(value, FunctionType):
            self.function(value, expression)
        elif isinstance(value, MethodType):
            binding, method = self._named(expression)
            self._type_is(binding, MethodType)
            self.conditions.append(f"{method}.__self__ is {self.names.of(value.__self__, 'owner')}")
            self.fixed(value.__func__, f"{method}.__func__")
        elif isinstance(value, BuiltinFunctionType):
            # Bound methods of builtin objects are made anew at each access.
            binding, name = self._named(expression)
            self._type_is(binding, type(value))
            self.conditions.append(f"{name} == {self.names.of(value, value.__name__)}")
        else:
            self.conditions.append(f"{expression} is {self.names.of(value, type(value).__name__)}")

    def _set(self, value: set[object] | frozenset[object], expression: str) -> None:
        """Demand a set of these items, of these classes, in this order: loops may go over them."""
        binding, name = self._named(expression)
        self._type_is(binding, type(value))
        every, each, text = (
            self.names.of(list, "list"),
            self.names.of(map, "map"),
            self.names.of(repr, "repr"),
        )
        items = self.names.of([*map(repr, value)], "items")
        self.conditions.append(f"{every}({each}({text}, {name})) == {items}")

    def function(self, function: FunctionType, expression: str) -> None:
        """Demand this function with this code and defaults: editors that reload replace them in place."""
        name = self.names.of(function, function.__name__)
        code = self.names.of(function.__code__, f"{function.__name__}_code")
        self.conditions.append(f"{expression} is {name}")
        self.conditions.append(f"{name}.__code__ is {code}")
        self.defaults(function)

    def defaults(self, function: FunctionType) -> None:
        """Demand these defaults; those that are given by name stand in a dict, which may be changed in place."""
        name = self.names.of(function, function.__name__)
        for defaults in ("__defaults__", "__kwdefaults__"):
            if (held := getattr(function, defaults)) is not None:
                found = self.names.of(held, f"{name}{defaults}")
                self.conditions.append(f"{name}.{defaults} is {found}")
                if isinstance(held, dict):
                    self._items_are(found, held)

    def _items_are(self, expression: str, held: Mapping[str, object]) -> None:
        """Demand a dict with these keys in this order, and these very values."""
        keys, values = (
            self.names.of(part, hint)
            for part, hint in ((tuple(held), "keys"), (tuple(held.values()), "values"))
        )
        as_tuple, same = self.names.of(tuple, "tuple"), self.names.of(operator.is_, "is_same")
        every, each = self.names.of(all, "all"), self.names.of(map, "map")
        self.conditions.append(f"{as_tuple}({expression}) == {keys}")
        self.conditions.append(f"{every}({each}({same}, {expression}.values(), {values}))")

    def _named(self, expression: str) -> tuple[str, str]:
        """The expression, bound to a name where it is not one already; and the name."""
        if expression.isidentifier():
            return expression, expression
        name = self.names.temporary()
        return f"({name} := {expression})", name

    def _type_is(self, expression: str, type_: type) -> None:
        # Bound under its own name: a parameter of the user's function may be called `type`.
        name = self.names.of(type_, type_.__name__)
        self.conditions.append(f"{self.names.of(type, 'type')}({expression}) is {name}")

    def _leaf(self, expression: str, type_: Type) -> str:
        binding, name = self._named(expression)
        match type_:
            case ArrayType(dtype, shape):
                self._type_is(binding, np.ndarray)
                self._dtype_is(name, dtype)
                self._shape_is(name, [length.is_one for length in shape])
            case ScalarType(dtype, python=True):
                self._type_is(binding, {"b": bool, "i": int, "f": float, "c": complex}[dtype.kind])
            case ScalarType(dtype):
                self._type_is(binding, dtype.type)
            case OpaqueType() if type_ in GENERATOR_TYPES:
                self._type_is(binding, GENERATOR_TYPES[type_])
            case _:
                raise TypeError(f"an argument of type {type_}")
        return name

    def _dtype_is(self, name: str, dtype: np.dtype) -> None:
        # NumPy keeps one object for each native dtype; other byte orders are made anew.
        relation = "is" if np.dtype(dtype.char) is dtype else "=="
        self.conditions.append(f"{name}.dtype {relation} {self.names.of(dtype, dtype.name)}")

    def _shape_is(self, name: str, ones: Sequence[bool]) -> None:
        if all(ones):
            self.conditions.append(f"{name}.shape == {(1,) * len(ones)}")
            return
        shape = f"{self.names.prefix}0"
        self.conditions.append(f"{self.names.of(len, 'len')}({shape} := {name}.shape) == {len(ones)}")
        if not any(ones):
            self.conditions.append(f"1 not in {shape}")
            return
        for axis, is_one in enumerate(ones):
            self.conditions.append(f"{shape}[{axis}] {'==' if is_one else '!='} 1")

    def _container(self, container: Container, expression: str, types: Sequence[Type]) -> str:
        binding, name = self._named(expression)
        self.containers[id(container)] = name
        self._type_is(binding, container.type)
        match container.kind:
            case ContainerKind.TUPLE | ContainerKind.LIST:
                self.conditions.append(f"{self.names.of(len, 'len')}({name}) == {len(container.keys)}")
                parts = [f"{name}[{position}]" for position in range(len(container.keys))]
            case ContainerKind.NAMED_TUPLE:
                parts = [f"{name}[{position}]" for position in range(len(container.keys))]
            case ContainerKind.DICT:
                self._keys_are(name, container.keys)
                parts = [f"{name}[{self._literal(key)}]" for key in container.keys]
            case ContainerKind.DATACLASS:
                self._no_other_attributes(name, container)
                parts = [f"{name}.{key}" for key in container.keys]
            case ContainerKind.OBJECT:
                self._no_other_attributes(name, container)
                parts = [self._attribute(name, str(key)) for key in container.keys]
        for part, child in zip(parts, container.children, strict=True):
            self.structure(child, part, types)
        return name

    def _attribute(self, name: str, key: str) -> str:
        get, missing = self.names.of(getattr, "getattr"), self.names.of(MISSING, "missing")
        return f"{get}({name}, {key!r}, {missing})"

    def _no_other_attributes(self, name: str, container: Container) -> None:
        """An attribute that was added may hide one of the class."""
        slots, computed = slots_of(container.type), computed_attributes(container.type)
        for slot in slots:
            if slot not in container.keys:
                missing = self.names.of(MISSING, "missing")
                self.conditions.append(f"{self._attribute(name, slot)} is {missing}")
        if not container.type.__dictoffset__:
            return
        if computed or not all(field.init for field in getattr(container.type, FIELDS, {}).values()):
            # The values of cached properties come and go; a field with a default may stay in the class.
            known = self.names.of(frozenset(map(str, container.keys)) | computed, "attributes")
            self.conditions.append(f"{name}.__dict__.keys() <= {known}")
        else:
            count = sum(key not in slots for key in container.keys)
            self.conditions.append(f"{self.names.of(len, 'len')}({name}.__dict__) == {count}")

    def _keys_are(self, name: str, keys: tuple[object, ...]) -> None:
        """The order of keys counts, since it is the order in which the function goes over them."""
        as_tuple = self.names.of(tuple, "tuple")
        self.conditions.append(f"{as_tuple}({name}) == {self.names.of(keys, 'keys')}")
        if not all(type(key) is str for key in keys):
            types = self.names.of(tuple(map(type, keys)), "key_types")
            kinds = f"{self.names.of(map, 'map')}({self.names.of(type, 'type')}, {name})"
            self.conditions.append(f"{as_tuple}({kinds}) == {types}")

    def _literal(self, key: object) -> str:
        return repr(key) if type(key) in (str, int) else self.names.of(key, "key")
