"""Names: what they refer to, and binding them.

Numbers and arrays found outside of the function (globals, closure variables, attributes of objects) are read
afresh at each call: they become hidden arguments. Everything else found there is static, and part of the
guard where a user could replace it.

In:  names.   Out: abstract values; hidden arguments and guards.
Not here: attributes of values (attributes.py).
"""

from __future__ import annotations

import builtins
import logging
import random
from types import CellType, FunctionType, MethodType, ModuleType

import libcst as cst
import numpy as np

from gradscribe.errors import UsageError
from gradscribe.extend import CustomFunction
from gradscribe.frontend.distributions import is_frozen
from gradscribe.frontend.facts import MISSING, Callee
from gradscribe.frontend.jitted import is_compiled
from gradscribe.frontend.keyed import given_dict
from gradscribe.frontend.operands import raise_unless, resolved
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Frame, Lowering
from gradscribe.frontend.storage import read_instance, write_mapping
from gradscribe.frontend.structure import StructureReader
from gradscribe.frontend.surroundings import contents_of
from gradscribe.frontend.values import (
    PASSED_WHOLE,
    UNKNOWN,
    Abstract,
    ArrayCell,
    Choice,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    MaybeUnbound,
    Number,
    Static,
    TupleValue,
    put_first,
)
from gradscribe.frontend.written_out import CLASSES, PARTS, SERIES
from gradscribe.ir.build import name_value
from gradscribe.ir.graph import Value
from gradscribe.ir.signature import (
    Container,
    ContainerKind,
    Fixed,
    Hidden,
    Leaf,
    Structure,
    key_text,
    renumber,
)
from gradscribe.ir.types import ArrayType
from gradscribe.naming import numbered
from gradscribe.ops.sparse import is_sparse
from gradscribe.ops.written.keyed import KeyedDict
from gradscribe.ops.written.partly_filled import PartlyFilled

TRUSTED_MODULES = (
    "numpy",
    "scipy",
    "math",
    "builtins",
    "operator",
    "functools",
    "itertools",
    "gradscribe",
    "cmath",
    # About the machine and its files, not about numbers: what is refused of them stands in the user's code.
    *("gc", "inspect", "io", "json", "os", "pathlib", "platform", "posixpath", "re", "sys", "threading", "time",
      "traceback", "weakref"),
)  # fmt: skip
# Losses, schedules and the like, and functions of NumPy in Python: they are read as a user's functions are.
READ_PACKAGES = ("gradscribe.optim", "gradscribe.ops.written")

# What the structure of a value may hold besides data: what a recursive function is given as it is.
KNOWN_NOW = (*PASSED_WHOLE, ArrayCell, ListCell, DictCell, InstanceCell)

# What NumPy's functions are, which dispatch on the types of their arguments; it has no public name.
NUMPY_FUNCTION = type(np.sum)


def is_trusted(module: str | None) -> bool:
    """A module whose attributes nobody replaces."""
    if module is None or module.partition(".")[0] not in TRUSTED_MODULES:
        return False
    return not any(module == package or module.startswith(f"{package}.") for package in READ_PACKAGES)


# Reading


def read_name(run: Lowering, node: cst.Name) -> Abstract:
    """The value of a name, found as Python finds it."""
    name = node.value
    frame: Frame | None = run.frame
    while frame is not None:
        if name in frame.names:
            value = resolved(run, frame.names[name], node, name)
            if frame is run.frame and isinstance(frame.names[name], MaybeUnbound):
                # It was there: what follows on this way need not ask again.
                frame.names[name] = value
            return value
        box = frame.box if name in frame.liveness.rebound else None
        if box is not None and name in read_instance(run, box):
            return resolved(run, read_instance(run, box)[name], node, name)
        if name in frame.liveness.local:
            raise _unbound(run, node, name)
        if frame.parent is None:
            break
        frame = frame.parent
    assert frame is not None
    return read_outer(run, node, frame.function, name)


def read_outer(run: Lowering, node: cst.CSTNode, function: FunctionType, name: str) -> Abstract:
    """A closure variable, global or builtin of a function."""
    if name in function.__code__.co_freevars:
        assert function.__closure__ is not None
        cell = function.__closure__[function.__code__.co_freevars.index(name)]
        try:
            return outside(run, cell.cell_contents, cell, None, name, node)
        except ValueError:
            raise _unbound(run, node, name) from None
    if name in function.__globals__:
        return outside(run, function.__globals__[name], function.__globals__, name, name, node)
    found = getattr(builtins, name, MISSING)
    if found is not MISSING:
        _guard(run, function.__globals__, name, MISSING)
        return Static(found)
    raise run.refusal(
        node,
        "GS120",
        f"the name `{name}` is not defined",
        why="neither the function nor its module binds it",
        fix=_similar(run, name),
    )


def _similar(run: Lowering, name: str) -> str:
    import difflib

    known = [*run.frame.names, *run.frame.function.__globals__]
    close = difflib.get_close_matches(name, known, 1)
    return f"did you mean `{close[0]}`?" if close else "define it before"


def _unbound(run: Lowering, node: cst.CSTNode, name: str) -> Refusal:
    return run.refusal(
        node,
        "GS121",
        f"`{name}` has no value here",
        why="it is bound later, or only on a way that does not lead here",
        fix=f"assign `{name}` before",
    )


def outside(
    run: Lowering, value: object, scope: object, key: str | None, name: str, node: cst.CSTNode | None
) -> Abstract:
    """Something found outside of the function: in a dictionary of globals, a cell, or an object."""
    known = (id(scope), key)
    if known in run.hidden_values:
        return run.hidden_values[known]
    if is_constant_of_library(scope, key):
        found: Abstract = Static(value)
    else:
        found = _outside(run, value, scope, key, name, node)
    run.hidden_values[known] = found
    run.hidden_contents[known] = contents_of(run, found)
    for cell, _ in run.hidden_contents[known]:
        put_first(cell)
    return found


def is_constant_of_library(scope: object, key: str | None) -> bool:
    """`np.pi`, `math.inf` and the like."""
    return isinstance(scope, ModuleType) and is_trusted(scope.__name__)


def _outside(
    run: Lowering, value: object, scope: object, key: str | None, name: str, node: cst.CSTNode | None
) -> Abstract:
    if isinstance(value, ModuleType):
        _guard(run, scope, key, value)
        return Static(value)
    if (
        isinstance(value, FunctionType | type)
        or is_compiled(value)
        or (callable(value) and _is_opaque(value))
    ):
        # Nobody replaces what a library holds; a name of the user's may come to mean another function of it.
        if not (isinstance(scope, dict) and is_trusted(scope.get("__name__"))):
            _guard(run, scope, key, value)
        return Static(value)
    if type(value) in PARTS:
        _guard(run, scope, key, value)
        names = PARTS[type(value)]
        parts = {part: outside(run, getattr(value, part), value, part, part, node) for part in names}
        if type(value) in SERIES:
            parts["plain"] = Static(False)
        return InstanceCell(CLASSES[type(value)], parts)
    if (
        is_sparse(value)
        or is_frozen(value)
        or hasattr(type(value), "__gradscribe_derivative__")
        or (callable(value) and not _is_data(value))
        or isinstance(value, logging.Logger)
    ):
        _guard(run, scope, key, value)
        return Static(value)
    return _hidden(run, value, scope, key, name, node)


def _is_opaque(value: object) -> bool:
    """A callable whose attributes are no data of the user: compiled code, a distribution of SciPy."""
    if isinstance(value, CustomFunction | NUMPY_FUNCTION):
        return True
    if isinstance(value, MethodType) and isinstance(value.__self__, random.Random | logging.Logger):
        return True
    return not hasattr(value, "__dict__") or is_of_scipy(value)


def is_of_scipy(value: object) -> bool:
    """An object of a class of SciPy: a distribution, a spline."""
    return type(value).__module__.partition(".")[0] == "scipy"


def _is_data(value: object) -> bool:
    """An object that a function reads attributes of, not one that only is called."""
    return not isinstance(value, np.ufunc | np.vectorize) and hasattr(value, "__dict__")


def _guard(run: Lowering, scope: object, key: str | None, value: object) -> None:
    code = getattr(value, "__code__", None)
    if isinstance(scope, dict | CellType | ModuleType) or key is not None:
        run.guards.setdefault((id(scope), key), Callee(scope, key, value, code))


def _hidden(
    run: Lowering, value: object, scope: object, key: str | None, name: str, node: cst.CSTNode | None
) -> Abstract:
    reader = StructureReader()
    try:
        structure = reader.read(value, name)
    except UsageError as error:
        raise run.refusal(
            node,
            "GS302",
            f"`{name}`, defined outside of the function, is a {type(value).__name__}",
            why=error.diagnostics[0].why,
            fix=error.diagnostics[0].fix,
        ) from None
    start = len(run.params)
    structure, _ = renumber(structure, start)
    for type_, leaf in zip(reader.types, reader.values, strict=True):
        run.params.append(Value(type_, ""))
        if run.leaf_values is not None:
            run.leaf_values.append(leaf)
    note_leaf_origins(run, start)
    run.hidden.append(Hidden(_free_name(run, name), structure, scope, key))
    name_leaves(structure, name, run.params)
    root = ("outside", id(scope), key)
    run.learnt.outside[root] = (value, scope, key, name)
    return abstract_of(run, structure, run.params, value, root)


def note_leaf_origins(run: Lowering, start: int) -> None:
    """Remember which leaf an int parameter is, for facts."""
    for position, value in enumerate(run.params[start:], start):
        if not isinstance(value.type, ArrayType):
            run.origins[value] = frozenset([position])


def _free_name(run: Lowering, name: str) -> str:
    taken = {hidden.name for hidden in run.hidden} | run.parameter_names
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def name_leaves(structure: Structure, name: str, params: list[Value]) -> None:
    """Give each leaf a readable name: `W`, `layers_0_W`."""
    match structure:
        case Leaf(index):
            name_value(params[index], name)
        case Container(keys=keys, children=children):
            for key, child in zip(keys, children, strict=True):
                text = "".join(c if c.isalnum() or c == "_" else "_" for c in key_text(key))
                name_leaves(child, f"{name}_{text}", params)
        case Fixed():
            return


def abstract_of(
    run: Lowering,
    structure: Structure,
    values: list[Value],
    origin: object = None,
    site: object = None,
) -> Abstract:
    """The abstract value of an argument with this structure; `site` says where the argument comes from."""
    # Leaves of other lists (the arguments of an inner derivative) are numbered on their own.
    is_argument = values is run.params
    match structure:
        case Leaf(index):
            value = values[index]
            if isinstance(value.type, ArrayType):
                return ArrayCell(value, argument=index if is_argument else None)
            if is_argument and index in run.learnt.static_leaves and run.leaf_values is not None:
                return Static(run.leaf_values[index])
            return run.wrap(value)
        case Fixed(value=fixed):
            return fixed if isinstance(fixed, KNOWN_NOW) else Static(fixed)
        case Container(type=cls, children=(Leaf(flag), inner, other)) if cls is MaybeNone:
            return run.optional(
                abstract_of(run, inner, values), values[flag], abstract_of(run, other, values)
            )
        case Container(type=cls, keys=(_, *labels), children=(Leaf(flag), *children)) if cls is Choice:
            things = [abstract_of(run, child, values) for child in children]
            return Choice(values[flag], dict(zip(map(str, labels), things, strict=True)))
        case Container(kind, type_, keys, children):
            origins = [_part(origin, kind, key) for key in keys]
            sites = [(site, key) if site is not None else None for key in keys]
            parts = zip(children, origins, sites, strict=True)
            items = [abstract_of(run, child, values, part, place) for child, part, place in parts]
            if kind is ContainerKind.DICT:
                made = given_dict(run, site, dict(zip(keys, items, strict=True)))
            else:
                made = container_of(kind, type_, keys, items, origin)
            if is_argument:
                run.given.note(structure, contents_of(run, made))
            return made


def container_of(
    kind: ContainerKind, type_: type, keys: tuple[object, ...], items: list[Abstract], origin: object = None
) -> Abstract:
    """A container of abstract values."""
    match kind:
        case ContainerKind.TUPLE:
            return TupleValue(tuple(items))
        case ContainerKind.NAMED_TUPLE:
            return TupleValue(tuple(items), type_, tuple(map(str, keys)))
        case ContainerKind.LIST:
            return ListCell(tuple(items))
        case ContainerKind.DICT:
            return DictCell(dict(zip(keys, items, strict=True)))
        case ContainerKind.DATACLASS | ContainerKind.OBJECT:
            return InstanceCell(type_, dict(zip(map(str, keys), items, strict=True)), origin)


def _part(origin: object, kind: ContainerKind, key: object) -> object:
    if origin is None:
        return None
    if kind in (ContainerKind.DATACLASS, ContainerKind.OBJECT, ContainerKind.NAMED_TUPLE):
        return getattr(origin, str(key), None)
    return origin[key]  # type: ignore[index]


# Binding


def bind(run: Lowering, name: str, value: Abstract) -> None:
    """Bind a local name; a value without a name gets it."""
    if isinstance(value, Number):
        call_it(run, value.value, name)
    elif isinstance(value, ArrayCell):
        content = run.heap.get(value, value.initial)
        if isinstance(content, tuple):
            content = content[1]
        if isinstance(content, Value):
            call_it(run, content, name)
    elif isinstance(value, ListCell):
        _call_list(run, value, name)
    elif isinstance(value, InstanceCell) and issubclass(value.cls, KeyedDict | PartlyFilled):
        # The list of the values of a dict is called as the dict is.
        held = read_instance(run, value)["held"]
        assert isinstance(held, ListCell)
        _call_list(run, held, name)
        places = read_instance(run, value)["places"]
        if isinstance(places, ListCell):
            _call_list(run, places, "places")
    box = run.frame.boxed(name) if name in run.frame.liveness.outer | run.frame.liveness.rebound else None
    if box is not None:
        write_mapping(run, box, name, value)
    else:
        run.frame.names[name] = value


def _call_list(run: Lowering, cell: ListCell, name: str) -> None:
    cell.name = cell.name or name
    content = run.heap.get(cell, cell.initial)
    if isinstance(content, Value):
        call_it(run, content, name)


def unbind(run: Lowering, node: cst.CSTNode, name: str) -> None:
    """`del name`."""
    if run.frame.boxed(name) is not None:
        raise run.refusal(
            node,
            "GS110",
            f"`del` of `{name}`, which a nested function rebinds",
            why="whether it has a value would depend on calls",
            fix="leave the `del` out",
        )
    value = run.frame.names.pop(name, None)
    if value is None:
        raise _unbound(run, node, name)
    if isinstance(value, MaybeUnbound):
        raise_unless(run, value.defined, node, name)


def call_it(run: Lowering, value: Value, name: str) -> None:
    """Name a value after the variable it is bound to.

    Parts of arguments get names of their own (`W`, `W_1` for the layers of a list), and so do their cotangents.
    """
    if value.hint:
        return
    if any(value is param for param in run.params):
        taken = {param.hint for param in run.params}
        name = next(candidate for candidate in numbered(name) if candidate not in taken)
    name_value(value, name)


def forget(run: Lowering, names: list[str]) -> None:
    """After an error: nothing is known of these names."""
    for name in names:
        run.frame.names[name] = UNKNOWN
