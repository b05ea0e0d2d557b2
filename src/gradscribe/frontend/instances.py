"""Objects of user classes: making them, reading attributes, calling methods.

In:  classes and instances.   Out: abstract values; methods are lowered in place like functions.
Not here: dataclass arguments (scope.py makes instances of them), calls of functions (functions.py).
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from types import FunctionType, SimpleNamespace

import libcst as cst

from gradscribe.extend import CustomFunction
from gradscribe.frontend.defaults import given_before
from gradscribe.frontend.operands import as_value, describe, type_of
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.relied_on import rely_on_class, rely_on_function
from gradscribe.frontend.scope import outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_instance, write_mapping
from gradscribe.frontend.structure import changed_methods
from gradscribe.frontend.values import (
    Abstract,
    BoundMethod,
    InstanceCell,
    Number,
    PartialCall,
    Static,
    TupleValue,
)
from gradscribe.frontend.written_out import STANDS_FOR
from gradscribe.ir.types import BOOL

SPECIAL = {
    "+": ("__add__", "__radd__"), "-": ("__sub__", "__rsub__"), "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"), "//": ("__floordiv__", "__rfloordiv__"), "%": ("__mod__", "__rmod__"),
    "**": ("__pow__", "__rpow__"), "@": ("__matmul__", "__rmatmul__"), "<": ("__lt__", "__gt__"),
    "<=": ("__le__", "__ge__"), ">": ("__gt__", "__lt__"), ">=": ("__ge__", "__le__"), "==": ("__eq__", "__eq__"),
    "!=": ("__ne__", "__ne__"), "&": ("__and__", "__rand__"), "|": ("__or__", "__ror__"),
    "^": ("__xor__", "__rxor__"), "<<": ("__lshift__", "__rlshift__"), ">>": ("__rshift__", "__rrshift__"),
    "-x": ("__neg__", ""), "+x": ("__pos__", ""), "~x": ("__invert__", ""),
    "divmod": ("__divmod__", "__rdivmod__"),
}  # fmt: skip


def instance_attribute(
    run: Lowering, node: cst.CSTNode, owner: InstanceCell | TupleValue, name: str
) -> Abstract:
    """An attribute of an object: its own, or one that its class defines."""
    _refuse_own_lookup(run, node, owner.cls)
    if isinstance(owner, InstanceCell):
        content = read_instance(run, owner, node)
        if name in content:
            return content[name]
    found = find_in_class(owner.cls, name)
    if found is MISSING:
        fallback = find_in_class(owner.cls, "__getattr__")
        if isinstance(fallback, FunctionType):
            return run.call(run, node, Static(fallback), (owner, Static(name)), {})
    return class_attribute(run, node, owner, owner.cls, found, name)


def class_attribute(
    run: Lowering, node: cst.CSTNode, owner: Abstract, cls: type, found: object, name: str
) -> Abstract:
    """What an object makes of something that its class defines."""
    match found:
        case property(fget=FunctionType() as getter):
            return run.call(run, node, Static(getter), (owner,), {})
        case functools.cached_property(func=FunctionType() as getter) if isinstance(owner, InstanceCell):
            value = run.call(run, node, Static(getter), (owner,), {})
            write_mapping(run, owner, name, value, node)
            return value
        case staticmethod():
            rely_on_function(run, cls, name)
            return Static(found.__func__)
        case classmethod():
            return BoundMethod(Static(found.__func__), Static(cls))
        case FunctionType() | CustomFunction() | functools._lru_cache_wrapper():
            return BoundMethod(Static(found), owner)
        case functools.partialmethod(func=FunctionType() as method, args=args, keywords=keywords):
            given = {name: given_before(run, node, name, value) for name, value in keywords.items()}
            before = (given_before(run, node, f"arg{k}", value) for k, value in enumerate(args))
            return PartialCall(Static(method), (owner, *before), given)
    reader = find_in_class(type(found), "__get__") if found is not MISSING else MISSING
    if isinstance(reader, FunctionType):
        return run.call(run, node, Static(reader), (Static(found), owner, Static(cls)), {})
    if name == "__class__":
        return Static(cls)
    if found is object.__init__:
        return PartialCall(Static(no_initialiser), (owner,), {})
    if found is object.__setattr__:
        return PartialCall(Static(found), (owner,), {})
    if isinstance(found, property) or inspect.ismemberdescriptor(found) or found is MISSING:
        raise _no_attribute(run, node, owner, name)
    holder = next(base for base in cls.__mro__ if name in base.__dict__)
    rely_on_class(run, cls, name, holder)
    return outside(run, found, holder, name, name, node)


def no_initialiser(owner: object) -> None:
    """What `object.__init__` does; only its name is used."""


def _refuse_own_lookup(run: Lowering, node: cst.CSTNode, cls: type) -> None:
    if isinstance(find_in_class(cls, "__getattribute__"), FunctionType):
        raise run.refusal(
            node,
            "GS142",
            f"`{cls.__name__}` defines `__getattribute__`",
            why="every attribute may then be something else",
            fix="define `__getattr__` or properties",
        )


MISSING = object()


def find_in_class(cls: type, name: str) -> object:
    """What the class or one of its bases binds to a name, unbound; `MISSING` if nothing."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return MISSING


def _no_attribute(run: Lowering, node: cst.CSTNode, owner: Abstract, name: str) -> Exception:
    if isinstance(owner, InstanceCell) and owner.cls in STANDS_FOR:
        return run.refusal(
            node,
            "GS205",
            f"`.{name}` of {describe(run, owner)} is not supported",
            why="the class is written out in Python, without it",
            fix="use a function of its module, on what the object holds",
        )
    cls = class_referred_to(owner) or owner.cls  # type: ignore[union-attr]
    fields = getattr(cls, "_fields", ()) if isinstance(owner, TupleValue) else ()
    return run.refusal(
        node,
        "GS205",
        f"{describe(run, owner)} has no attribute `{name}` here",
        why="it is not set on the way to this line, and its class has none of this name",
        fix=f"its fields are {', '.join(fields)}" if fields else "check the name, or set it before this line",
        raises=AttributeError(f"'{cls.__name__}' object has no attribute '{name}'"),
    )


def construct(
    run: Lowering, node: cst.CSTNode, cls: type, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """A new object of a user class."""
    if cls is SimpleNamespace and not args:
        return InstanceCell(cls, dict(kwargs))
    if issubclass(cls, Enum) and len(args) == 1 and isinstance(args[0], Static):
        return Static(cls(args[0].value))
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return _named_tuple(run, node, cls, args, kwargs)
    if inspect.isabstract(cls):
        raise _is_abstract(run, node, cls)
    if issubclass(cls, BaseException) or find_in_class(cls, "__new__") is not object.__new__:
        raise run.refusal(
            node,
            "GS142",
            f"objects of `{cls.__name__}` are not made inside a lowered function",
            why="its way of making objects is not Python's ordinary one",
            fix="pass the object as an argument",
        )
    if isinstance(find_in_class(type(cls), "__call__"), FunctionType):
        raise run.refusal(
            node,
            "GS142",
            f"objects of `{cls.__name__}` are made by its metaclass `{type(cls).__name__}`",
            why="it defines what a call of the class does",
            fix="pass the object as an argument",
        )
    initialiser = find_in_class(cls, "__init__")
    cell = InstanceCell(cls, {})
    if dataclasses.is_dataclass(cls) and is_generated(initialiser):
        fill_dataclass(run, node, cls, cell, args, kwargs)
    elif isinstance(initialiser, FunctionType):
        run.call(run, node, Static(initialiser), (cell, *args), kwargs)
    elif args or kwargs:
        raise bad_call(run, node, f"{cls.__name__}() takes no arguments")
    return cell


def _is_abstract(run: Lowering, node: cst.CSTNode, cls: type) -> Exception:
    try:
        object.__new__(cls)
    except TypeError as error:
        return run.refusal(
            node,
            "GS141",
            f"this raises TypeError: {error}",
            why="the class is abstract",
            fix="define the methods in a subclass, and make an object of that",
            raises=error,
        )
    raise AssertionError(cls)


def is_generated(initialiser: object) -> bool:
    """A method that the dataclass decorator wrote, or took from its own module (`__replace__`)."""
    written = ("<string>", dataclasses.__file__)
    return isinstance(initialiser, FunctionType) and initialiser.__code__.co_filename in written


def _bind_fields(
    run: Lowering,
    node: cst.CSTNode,
    cls: type,
    names: Sequence[str],
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> dict[str, Abstract]:
    if len(args) > len(names):
        raise bad_call(run, node, f"{cls.__name__}() takes {len(names)} arguments, {len(args)} were given")
    given = dict(zip(names, args, strict=False))
    for name, value in kwargs.items():
        if name not in names or name in given:
            raise bad_call(run, node, f"{cls.__name__}() got an unexpected or repeated argument '{name}'")
        given[name] = value
    return given


def _named_tuple(
    run: Lowering, node: cst.CSTNode, cls: type, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    changed = changed_methods(cls)
    if changed:
        title = f"`{cls.__name__}` defines `{changed[0]}`"
        why, fix = "it changes what a tuple is", "leave it to the tuple, or use a dataclass"
        raise run.refusal(node, "GS142", title, why=why, fix=fix)
    names: tuple[str, ...] = cls._fields  # type: ignore[attr-defined]
    defaults: Mapping[str, object] = cls._field_defaults  # type: ignore[attr-defined]
    given = _bind_fields(run, node, cls, names, args, kwargs)
    items: list[Abstract] = []
    for name in names:
        if name not in given and name not in defaults:
            raise bad_call(run, node, f"{cls.__name__}() misses the argument '{name}'")
        items.append(given[name] if name in given else Static(defaults[name]))
    return TupleValue(tuple(items), cls, names)


def fill_dataclass(
    run: Lowering,
    node: cst.CSTNode,
    cls: type,
    cell: InstanceCell,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> None:
    """What the generated `__init__` of a dataclass does."""
    parameters = list(inspect.signature(cls).parameters.values())
    given = _bind_fields(run, node, cls, [parameter.name for parameter in parameters], args, kwargs)
    for field in dataclasses.fields(cls):
        if field.name in given:
            write_mapping(run, cell, field.name, given[field.name])
        elif field.default is not dataclasses.MISSING:
            write_mapping(run, cell, field.name, Static(field.default))
        elif field.default_factory is not dataclasses.MISSING:
            write_mapping(run, cell, field.name, run.call(run, node, Static(field.default_factory), (), {}))
        elif field.init:
            raise bad_call(run, node, f"{cls.__name__}() misses the argument '{field.name}'")
    after = find_in_class(cell.cls, "__post_init__")
    if isinstance(after, FunctionType):
        run.call(run, node, Static(after), (cell, *_handed_on(run, node, cls, parameters, given)), {})


def _handed_on(
    run: Lowering,
    node: cst.CSTNode,
    cls: type,
    parameters: Iterable[inspect.Parameter],
    given: Mapping[str, Abstract],
) -> Iterator[Abstract]:
    """What a dataclass does not keep, and hands to `__post_init__`: `InitVar`, in the order of definition."""
    kept = {field.name for field in dataclasses.fields(cls)}
    defaults = {parameter.name: parameter.default for parameter in parameters if parameter.name not in kept}
    for name in (name for name in cls.__dataclass_fields__ if name in defaults):  # type: ignore[attr-defined]
        if name not in given and defaults[name] is inspect.Parameter.empty:
            raise bad_call(run, node, f"{cls.__name__}() misses the argument '{name}'")
        yield given[name] if name in given else Static(defaults[name])


def bad_call(run: Lowering, node: cst.CSTNode, text: str) -> Exception:
    """The refusal of a call that Python would refuse."""
    return run.refusal(
        node, "GS140", text, why="the call raises TypeError", fix="pass what the parameters ask for"
    )


COMPARING = frozenset({"__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"})


def own_operator(value: Abstract | None, name: str) -> FunctionType | None:
    """The method of this name that the class of an object or of a named tuple defines."""
    cls = value.cls if isinstance(value, InstanceCell | TupleValue) else class_referred_to(value)
    found = find_in_class(cls, name) if cls is not None else None
    return found if isinstance(found, FunctionType) else None


def defines_operator(symbol: str, left: Abstract, right: Abstract | None = None) -> bool:
    """True where a class of one of the operands says what the operator means."""
    direct, reflected = SPECIAL.get(symbol, ("", ""))
    return own_operator(left, direct) is not None or own_operator(right, reflected) is not None


def is_not_implemented(found: Abstract) -> bool:
    """What a method returns that leaves an operator to the other operand."""
    return isinstance(found, Static) and found.value is NotImplemented


def _methods(
    left: Abstract, right: Abstract | None, direct: str, reflected: str
) -> list[tuple[FunctionType, tuple[Abstract, ...]]]:
    """What Python asks, in its order: that of a subclass goes first if it is its own."""
    mine, other = own_operator(left, direct), own_operator(right, reflected)
    found: list[tuple[FunctionType, tuple[Abstract, ...]]] = []
    if mine is not None:
        found.append((mine, (left,) if right is None else (left, right)))
    if other is not None and right is not None:
        cls, base = getattr(right, "cls", None), getattr(left, "cls", None)
        inherits = cls is not None and base is not None and cls is not base and issubclass(cls, base)
        first = inherits and other is not own_operator(left, reflected)
        # Of two operands of one class the second is not asked.
        if cls is not base or direct in COMPARING:
            found.insert(0 if first else len(found), (other, (right, left)))
    return found


def _may_be_one(left: Abstract, right: Abstract) -> bool:
    """Two operands may be one object."""
    return isinstance(left, InstanceCell) and isinstance(right, InstanceCell) and left.cls is right.cls


def operator_method(
    run: Lowering, node: cst.CSTNode, symbol: str, left: Abstract, right: Abstract | None
) -> Abstract:
    """An operator on an object: `__add__` or, of the right one, `__radd__`, the first that is implemented."""
    direct, reflected = SPECIAL.get(symbol, ("", ""))
    for method, args in _methods(left, right, direct, reflected):
        found = run.call(run, node, Static(method), args, {})
        if not is_not_implemented(found):
            return found
    if symbol in ("==", "!=") and right is not None and not _may_be_one(left, right):
        return Static(symbol == "!=")
    operands = " and ".join(describe(run, part) for part in (left, right) if part is not None)
    raise run.refusal(
        node,
        "GS202",
        f"the operator `{symbol.strip('x')}` is not defined for {operands}",
        why="the class has no such method",
        fix=f"define `{direct}` in the class",
    )


def contains_method(
    run: Lowering, node: cst.CSTNode, item: Abstract, container: InstanceCell, wanted: bool
) -> Abstract:
    """`item in object`."""
    found = find_in_class(container.cls, "__contains__")
    if not isinstance(found, FunctionType):
        raise run.refusal(
            node,
            "GS202",
            f"{describe(run, container)} has no `__contains__`",
            why="`in` needs it",
            fix="look into one of its attributes",
        )
    result = run.call(run, node, Static(found), (container, item), {})
    if isinstance(result, Static):
        return Static(bool(result.value) is wanted)
    if type_of(run, result) != BOOL:
        result = run.call(run, node, Static(bool), (result,), {})
    return result if wanted else Number(run.apply(node, "bool_not", (as_value(run, result, node),))[0])
