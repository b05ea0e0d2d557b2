"""The arguments of a call, as the compiler sees them.

In:  a function and the arguments of a call of it.   Out: `Arguments`: parameters, their structure, leaves.
Not here: structure of one argument (structure.py), globals and closures (lowering), guards (compiler/).
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import Parameter as Formal
from types import BuiltinFunctionType, FunctionType, ModuleType, NoneType

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import StructureReader
from gradscribe.ir.signature import Parameter, Structure
from gradscribe.ir.types import Type, numpy_scalar, python_scalar

POSITIONAL = (Formal.POSITIONAL_ONLY, Formal.POSITIONAL_OR_KEYWORD)
UNCHANGING = (
    NoneType,
    int,
    float,
    complex,
    str,
    np.generic,
    type,
    ModuleType,
    FunctionType,
    BuiltinFunctionType,
)
PYTHON_NUMBERS: tuple[type, ...] = (int, float, complex)


@dataclass(frozen=True, slots=True, eq=False)
class Arguments:
    """What a function is compiled for.

    Attributes:
        parameters: the function's parameters, with the structure of what was passed.
        leaf_types: type of each leaf, in order.
        leaf_values: the leaves themselves, a `ShapeDtype` where one was only described; None when only types
            are known.
        kept: the arguments that are their parameters' defaults and can change: all calls share them.
    """

    parameters: tuple[Parameter, ...]
    leaf_types: tuple[Type, ...]
    leaf_values: tuple[object, ...] | None
    kept: Mapping[str, object]


def formals_of(function: Callable[..., object]) -> inspect.Signature:
    """The function's own parameters: a wrapper made with `functools.wraps` is not looked through."""
    return inspect.signature(function, follow_wrapped=False)


def read_arguments(
    function: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]
) -> Arguments:
    """Bind the arguments of a call and take them apart.

    Raises:
        GS301: the function cannot be called with these arguments.
        GS302: an argument that cannot be compiled for.
    """
    signature = formals_of(function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        name = getattr(function, "__name__", "function")
        title = f"`{name}` cannot be called so: {error}"
        raise UsageError(Diagnostic("GS301", title, fix=f"its parameters are {signature}")) from None
    bound.apply_defaults()
    reader = StructureReader()
    structures = {name: reader.read(value, name) for name, value in bound.arguments.items()}
    shared = shared_defaults(signature)
    kept = {
        name: value for name, value in bound.arguments.items() if name in shared and shared[name] is value
    }
    return Arguments(_parameters(signature, structures), tuple(reader.types), tuple(reader.values), kept)


def shared_defaults(signature: inspect.Signature) -> dict[str, object]:
    """The defaults that hold state, or may: a call that changes one of them changes what later calls find."""
    given = {name: formal.default for name, formal in signature.parameters.items()}
    return {name: value for name, value in given.items() if not isinstance(value, UNCHANGING)}


def arguments_from_annotations(function: Callable[..., object]) -> Arguments | None:
    """The arguments that annotations such as `x: float` describe; None where one says too little.

    Parameters without annotation count with their default.
    """
    signature = formals_of(function)
    try:
        hints = typing.get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return None
    reader = StructureReader()
    structures: dict[str, Structure] = {}
    for name, formal in signature.parameters.items():
        if formal.kind in (Formal.VAR_POSITIONAL, Formal.VAR_KEYWORD):
            return None
        type_ = _annotated_type(hints.get(name))
        if type_ is not None:
            structures[name] = reader.leaf(type_, None, name)
        elif formal.default is not Formal.empty and name not in hints:
            structures[name] = reader.read(formal.default, name)
        else:
            return None
    shared = shared_defaults(signature)
    kept = {name: shared[name] for name in shared if name not in hints}
    return Arguments(_parameters(signature, structures), tuple(reader.types), None, kept)


def _annotated_type(hint: object) -> Type | None:
    if hint in PYTHON_NUMBERS:
        assert isinstance(hint, type)
        return python_scalar(hint())
    if isinstance(hint, type) and issubclass(hint, np.number) and np.dtype(hint).type is hint:
        return numpy_scalar(hint)
    return None


def _parameters(signature: inspect.Signature, structures: Mapping[str, Structure]) -> tuple[Parameter, ...]:
    formals = list(signature.parameters.values())
    defaults = [default_source(formal.default) for formal in formals]
    seen_without = False
    for position in reversed(range(len(formals))):
        if formals[position].kind in POSITIONAL:
            # Python has no parameter without a default after one with a default.
            seen_without = seen_without or defaults[position] is None
            defaults[position] = None if seen_without else defaults[position]
    return tuple(
        Parameter(formal.name, formal.kind, structures[formal.name], default)
        for formal, default in zip(formals, defaults, strict=True)
    )


def default_source(value: object) -> str | None:
    """Source of a default value, where a literal can say it."""
    if value is None or type(value) in (bool, int, str):
        return repr(value)
    if type(value) is float:
        return repr(value) if np.isfinite(value) else None
    if type(value) is tuple:
        items = [default_source(item) for item in value]
        if all(item is not None for item in items):
            return repr(value)
    return None
