"""The structure of an argument: which parts are numbers and arrays, which are known at compile time.

In:  any Python object.   Out: a `Structure`, the types and values of its leaves; an error names the part.
Not here: binding of a call's arguments to parameters (arguments.py), guards (compiler/guard.py).
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import operator
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.jitted import is_compiled
from gradscribe.ir.lengths import ONE, fresh
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure
from gradscribe.ir.types import GENERATOR, RANDOM_STATE, ArrayType, Type, is_inexact, type_of
from gradscribe.runtime.objects import with_attributes

MAX_LEAVES = 10_000
MAX_CLASSES = 512
# Generated code puts trees together in one expression, with two brackets for an object; Python takes 200.
MAX_DEPTH = 80
TUPLE_METHODS = frozenset(
    {"__getitem__", "__len__", "__iter__", "__bool__", "__contains__", "__getattribute__"}
)
NUMERIC_KINDS = "biufc"
GENERATORS = {np.random.Generator: GENERATOR, np.random.RandomState: RANDOM_STATE}
GENERATOR_TYPES: dict[Type, type] = {type_: kind for kind, type_ in GENERATORS.items()}
STATIC_TYPES = (
    bool, str, bytes, slice, range, Enum, np.dtype, type, type(None), type(Ellipsis), type(NotImplemented),
    FunctionType, BuiltinFunctionType, MethodType, ModuleType, np.ufunc, functools.partial,
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class ShapeDtype:
    """Describes an array without holding one, for `.compile`.

    Only the dtype, the number of dimensions and which of them are 1 matter: compiled code serves all lengths.

    Raises:
        GS302: no array has this shape or dtype.

    >>> ShapeDtype((1797, 64))
    ShapeDtype(shape=(1797, 64), dtype=dtype('float64'))
    """

    shape: tuple[int, ...]
    dtype: np.dtype = dataclasses.field(default_factory=lambda: np.dtype(np.float64))

    def __post_init__(self) -> None:
        try:
            lengths = (self.shape,) if isinstance(self.shape, int) else tuple(map(operator.index, self.shape))
            dtype = np.dtype(self.dtype)
        except TypeError as error:
            raise _no_array(self.shape, self.dtype, str(error)) from None
        if min(lengths, default=0) < 0:
            raise _no_array(self.shape, self.dtype, "a length is negative")
        object.__setattr__(self, "shape", lengths)
        object.__setattr__(self, "dtype", dtype)

    @property
    def graph_type(self) -> ArrayType:
        """The type of the arrays described."""
        return ArrayType(self.dtype, tuple(ONE if n == 1 else fresh(not_one=True) for n in self.shape))


def _no_array(shape: object, dtype: object, why: str) -> UsageError:
    title = f"no array has shape {shape!r} and dtype {dtype!r}"
    fix = "the shape is a tuple of ints, the dtype one of NumPy's"
    return UsageError(Diagnostic("GS302", title, why=why, fix=fix))


class DeeplyNestedError(UsageError):
    """Containers stand in containers to a depth that no generated expression can have."""


class StructureReader:
    """Takes arguments apart, one after the other; leaves are numbered through.

    Attributes:
        types: type of each leaf.
        values: the leaves themselves (a `ShapeDtype` where only described).
    """

    def __init__(self) -> None:
        self.types: list[Type] = []
        self.values: list[object] = []
        self._open: set[int] = set()

    def read(self, value: object, path: str) -> Structure:
        """The structure of `value`.

        Raises:
            GS302: a part is neither a number, an array, a container, nor a plain static object, or it stands too
                deep.
        """
        if isinstance(value, np.ndarray | np.generic | ShapeDtype):
            return self._read_numeric(value, path)
        if is_static(value):
            return Fixed(value)
        if isinstance(value, int | float | complex):
            return self._read_number(value, path)
        if type(value) in GENERATORS:
            return self.leaf(GENERATORS[type(value)], value, path)
        if id(value) in self._open:
            raise _unsupported(value, path, "it contains itself", "pass the arrays that the function needs")
        if len(self._open) >= MAX_DEPTH:
            raise _too_deep(path)
        self._open.add(id(value))
        try:
            return self._read_container(value, path)
        finally:
            self._open.discard(id(value))

    def leaf(self, type_: Type, value: object, path: str) -> Leaf:
        """A new leaf of this type."""
        if len(self.types) >= MAX_LEAVES:
            root = path.partition("[")[0]
            raise UsageError(
                Diagnostic(
                    "GS302",
                    f"argument `{root}` has more than {MAX_LEAVES} numbers and arrays",
                    why="each of them would become a variable of the generated function",
                    fix=f"pass an array: `np.array({root})`",
                )
            )
        self.types.append(type_)
        self.values.append(value)
        return Leaf(len(self.types) - 1)

    def _read_numeric(self, value: np.ndarray | np.generic | ShapeDtype, path: str) -> Leaf:
        if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
            why = "subclasses of np.ndarray change what operators mean"
            raise _unsupported(value, path, why, f"pass `np.asarray({path})`")
        if value.dtype.kind not in NUMERIC_KINDS:
            why = f"its dtype is {value.dtype.name}, which is not numeric"
            fix = f"pass `{path}.astype(float)`" if value.dtype.kind == "O" else "pass numbers"
            raise _unsupported(value, path, why, fix)
        if not value.dtype.isnative:
            why = "its bytes are in the order of another machine, which only some results of NumPy keep"
            raise _unsupported(value, path, why, f"pass `{path}.astype({path}.dtype.newbyteorder('='))`")
        type_ = value.graph_type if isinstance(value, ShapeDtype) else type_of(value)
        return self.leaf(type_, value, path)

    def _read_number(self, value: int | float | complex, path: str) -> Leaf:
        kind = next(kind for kind in (int, float, complex) if isinstance(value, kind))
        if type(value) is not kind:
            why = f"its class extends {kind.__name__} and may change what operators mean"
            raise _unsupported(value, path, why, f"pass `{kind.__name__}({path})`")
        return self.leaf(type_of(value), value, path)

    def _read_container(self, value: object, path: str) -> Structure:
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            for name in changed_methods(type(value)):
                why = f"its class defines `{name}`, which changes what a tuple is"
                raise _unsupported(value, path, why, "leave it to the tuple, or use a dataclass")
            fields = zip(value._fields, value, strict=True)
            return self._parts(ContainerKind.NAMED_TUPLE, value, fields, path)
        if type(value) in (tuple, list):
            assert isinstance(value, tuple | list)
            kind = ContainerKind.TUPLE if type(value) is tuple else ContainerKind.LIST
            return self._parts(kind, value, enumerate(value), path)
        if type(value) is dict:
            return self._parts(ContainerKind.DICT, value, value.items(), path)
        if isinstance(value, set | frozenset):
            return _read_set(value, path)
        if isinstance(value, tuple | list | dict):
            base = next(base for base in (tuple, list, dict) if isinstance(value, base))
            why = f"its class extends {base.__name__}, and could not be rebuilt for the gradient"
            raise _unsupported(value, path, why, f"pass `{base.__name__}({path})`")
        if is_plain_dataclass(value):
            return self._parts(ContainerKind.DATACLASS, value, object_parts(value).items(), path)
        # Asked of the class: an object may have a `__getattr__` that finds everything.
        if hasattr(type(value), "__array__"):
            to_numpy = f"{path}.to_numpy()" if hasattr(type(value), "to_numpy") else f"np.asarray({path})"
            raise _unsupported(value, path, "it is not a NumPy array", f"pass `{to_numpy}`")
        return self._read_object(value, path)

    def _parts(
        self, kind: ContainerKind, value: object, parts: Iterable[tuple[object, object]], path: str
    ) -> Container:
        keys, children = [], []
        for key, part in parts:
            keys.append(key)
            children.append(self.read(part, part_path(kind, path, key)))
        return Container(kind, type(value), tuple(keys), tuple(children))

    def _read_object(self, value: object, path: str) -> Structure:
        """A plain object that holds floats or arrays is a container of its attributes; any other is static.

        Attributes that cannot be taken apart are static too: the function may never look at them.
        """
        start = len(self.types)
        keys, children = [], []
        for name, part in attributes(value).items():
            before = len(self.types)
            try:
                child = self.read(part, f"{path}.{name}")
            except DeeplyNestedError:
                raise
            except UsageError:
                self._forget(before)
                child = Fixed(part)
            keys.append(name)
            children.append(child)
        if not any(is_inexact(type_) for type_ in self.types[start:]):
            self._forget(start)
            return Fixed(value)
        return Container(ContainerKind.OBJECT, type(value), tuple(keys), tuple(children))

    def _forget(self, start: int) -> None:
        del self.types[start:], self.values[start:]


def _too_deep(path: str) -> DeeplyNestedError:
    root = re.split(r"[.\[]", path, maxsplit=1)[0]
    title = f"`{root}` holds containers inside of one another, more than {MAX_DEPTH} deep"
    why = "its gradient would be written as one expression as deep as that"
    return DeeplyNestedError(
        Diagnostic("GS302", title, why=why, fix="hold the parts in one list, one after another")
    )


def is_static(value: object) -> bool:
    """A function, a module, text: known while lowering, and never taken apart."""
    known = isinstance(value, STATIC_TYPES) or is_compiled(value)
    return known or hasattr(type(value), "__gradscribe_derivative__")


def is_plain_dataclass(value: object) -> bool:
    """A dataclass whose fields all have values, and that has no other attributes."""
    if not dataclasses.is_dataclass(value):
        return False
    names = {field.name for field in dataclasses.fields(value)}
    return attributes(value).keys() <= names and all(hasattr(value, name) for name in names)


def changed_methods(cls: type) -> list[str]:
    """The special methods by which a class of named tuples is no longer taken apart as a tuple is."""
    defined = [
        name for base in cls.__mro__ for name in base.__dict__ if base is not tuple and base is not object
    ]
    return [name for name in defined if name in TUPLE_METHODS]


def object_parts(value: object) -> dict[str, object]:
    """What an object of a user's class is taken apart into: fields of a dataclass, attributes of another one."""
    if is_plain_dataclass(value):
        assert dataclasses.is_dataclass(value)
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return attributes(value)


def attributes(value: object) -> dict[str, object]:
    """The instance attributes of a plain object, by name.

    A cached property is no attribute, even when its value is there: it would hide what it was computed from.
    """
    cls: Any = type(value)
    computed = computed_attributes(cls)
    held = getattr(value, "__dict__", None)
    # An object that answers for every name, as handles of compiled libraries do, has no attributes to read.
    named = held.items() if isinstance(held, dict) else ()
    found = {name: part for name, part in named if name not in computed}
    for name in slots_of(cls):
        if hasattr(value, name):
            found[name] = getattr(value, name)
    return found


@functools.lru_cache(maxsize=MAX_CLASSES)
def computed_attributes(cls: type) -> frozenset[str]:
    """The attributes that a class computes: properties, cached or not, and other descriptors with `__set__`."""
    found = {name: value for base in reversed(cls.__mro__) for name, value in base.__dict__.items()}
    return frozenset(
        name
        for name, value in found.items()
        if isinstance(value, functools.cached_property)
        or (hasattr(type(value), "__set__") and not inspect.ismemberdescriptor(value))
    )


@functools.lru_cache(maxsize=MAX_CLASSES)
def slots_of(cls: type) -> tuple[str, ...]:
    """The attributes that a class keeps in slots."""
    return tuple(
        name
        for base in cls.__mro__
        for name, found in base.__dict__.items()
        if inspect.ismemberdescriptor(found) and "__slots__" in base.__dict__
    )


def leaf_paths(structure: Structure, path: str) -> Iterator[tuple[int, str]]:
    """The position of each leaf and how the user would write it: `params['layers'][2].W`."""
    match structure:
        case Leaf(index):
            yield index, path
        case Container(kind, _, keys, children):
            for key, child in zip(keys, children, strict=True):
                yield from leaf_paths(child, part_path(kind, path, key))


def part_path(kind: ContainerKind, path: str, key: object) -> str:
    """How the user would write one part of a container."""
    named = kind in (ContainerKind.NAMED_TUPLE, ContainerKind.DATACLASS, ContainerKind.OBJECT)
    return f"{path}.{key}" if named else f"{path}[{key!r}]"


def containers_in(structure: Structure, path: str) -> Iterator[tuple[Container, str]]:
    """The containers of an argument that can be changed, each with how the user would write it."""
    if not isinstance(structure, Container):
        return
    if structure.kind not in (ContainerKind.TUPLE, ContainerKind.NAMED_TUPLE):
        yield structure, path
    for key, child in zip(structure.keys, structure.children, strict=True):
        yield from containers_in(child, part_path(structure.kind, path, key))


def part_of(kind: ContainerKind, container: object, position: int, key: object) -> object:
    """One part of a container."""
    match kind:
        case ContainerKind.TUPLE | ContainerKind.LIST | ContainerKind.NAMED_TUPLE:
            assert isinstance(container, tuple | list)
            return container[position]
        case ContainerKind.DICT:
            assert isinstance(container, dict)
            return container[key]
        case ContainerKind.DATACLASS | ContainerKind.OBJECT:
            return getattr(container, str(key))


def rebuilt(container: Container, parts: list[object]) -> object:
    """A container of these parts."""
    match container.kind:
        case ContainerKind.TUPLE:
            return tuple(parts)
        case ContainerKind.LIST:
            return parts
        case ContainerKind.DICT:
            return dict(zip(container.keys, parts, strict=True))
        case ContainerKind.NAMED_TUPLE:
            return container.type(*parts)
        case ContainerKind.DATACLASS | ContainerKind.OBJECT:
            return with_attributes(container.type, dict(zip(map(str, container.keys), parts, strict=True)))


def _read_set(value: set[object] | frozenset[object], path: str) -> Fixed:
    """A set is known while lowering. It is the very object: items of a copy may come in another order."""
    if type(value) not in (set, frozenset):
        base = "set" if isinstance(value, set) else "frozenset"
        why = f"its class extends {base}, and may change what operators mean"
        raise _unsupported(value, path, why, f"pass `{base}({path})`")
    if not all(map(_is_known_item, value)):
        why = "a set may hold text, ints and tuples of these"
        raise _unsupported(value, path, why, f"pass `tuple(sorted({path}))`")
    return Fixed(value)


def _is_known_item(item: object) -> bool:
    return type(item) in (str, int) or (isinstance(item, tuple) and all(map(_is_known_item, item)))


def _unsupported(value: object, path: str, why: str, fix: str) -> UsageError:
    module = type(value).__module__.partition(".")[0]
    name = type(value).__qualname__
    kind = name if module == "builtins" else f"{module}.{name}"
    return UsageError(Diagnostic("GS302", f"argument `{path}` is of type `{kind}`", why=why, fix=fix))
