"""A generated module that runs without gradscribe: to be saved, read, checked in and shipped.

In:  a program after all passes.   Out: the text of a module that imports NumPy (and SciPy where it is used).
Not here: the functions themselves (numpy_source.py).
"""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType

import numpy as np

from gradscribe.codegen.accepted import Demand
from gradscribe.codegen.described import kinks, types_of_parameters
from gradscribe.codegen.numpy_source import generate
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.extend import CustomFunction
from gradscribe.ir.graph import Program

WIDTH = 108
MAX_LITERAL = 1000
CONVENTION = "Ties of max, min, maximum, minimum and clip share the derivative equally."


def standalone(program: Program, demand: Demand) -> str:
    """The text of the module, whose main function checks its arguments.

    Raises:
        GS321: it refers to an object that a file cannot name, such as a local class.
    """
    generated = generate(program, demand=demand)
    names = generated.names
    functions = list(helpers(names.runtime))
    if any("np." in helper for helper in functions):
        names.modules.add("numpy")
    objects = [_object(name, value) for name, value in sorted(generated.namespace.items())]
    if any("np." in line for line in objects):
        names.modules.add("numpy")
    imports = [*names.imports(runtime=False), *(line for line in objects if line.startswith("from "))]
    constants = [line for line in objects if not line.startswith("from ")]
    annotations = ["from typing import Any"] if functions else []
    needs = sorted({line.split()[1].partition(".")[0] for line in imports} - {"numpy"})
    head = ["from __future__ import annotations", "", *annotations, *imports]
    parts = [_header(program, needs), "\n".join(head)]
    if constants:
        parts.append("\n".join(constants))
    body = "\n\n\n".join([*functions, generated.body.rstrip("\n")])
    return "\n\n".join(parts) + "\n\n\n" + body + "\n"


def _header(program: Program, needs: Sequence[str]) -> str:
    graph = program.entry
    lines = [graph.doc or f"`{graph.name}`", f"Types: {types_of_parameters(graph) or 'none'}."]
    needed = f"needs NumPy and {', '.join(needs)}" if needs else "needs only NumPy"
    lines += [f"Written by gradscribe; {needed}.", *kinks(program), CONVENTION]
    wrapped = [part for line in lines for part in textwrap.wrap(line, WIDTH)]
    return "\n".join(f"# {line}" for line in wrapped)


def helpers(runtime: Mapping[str, str]) -> Iterator[str]:
    """The sources of runtime functions, under their names in the module, each after the functions it calls."""
    written: set[Callable[..., object]] = set()
    for dotted, name in sorted(runtime.items()):
        module, _, original = dotted.rpartition(".")
        function = getattr(importlib.import_module(module), original)
        for called in _called_by(function):
            if called not in written:
                written.add(called)
                source = inspect.getsource(called).rstrip("\n")
                yield source if called is not function else source.replace(f"{original}(", f"{name}(")


def _called_by(function: FunctionType) -> Iterator[FunctionType]:
    """The functions of the same module that it needs, itself last."""
    for name in sorted(_names_in(function.__code__)):
        called = function.__globals__.get(name)
        if (
            isinstance(called, FunctionType)
            and called.__module__ == function.__module__
            and called is not function
        ):
            yield from _called_by(called)
    yield function


def _names_in(code: CodeType) -> set[str]:
    """The global names that a function reads, nested functions included."""
    inner = [_names_in(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)


def _object(name: str, value: object) -> str:
    """An import or a literal that defines an object of the user."""
    if isinstance(value, np.ndarray) and value.size <= MAX_LITERAL:
        return f"{name} = np.array({value.tolist()!r}, dtype=np.dtype({value.dtype.str!r}))"
    module, qualified = _home(value)
    if not module or module == "__main__" or not qualified.isidentifier():
        raise _unnameable(name, f"define `{qualified or name}` at the top level of an importable module")
    if isinstance(getattr(sys.modules.get(module), qualified, None), CustomFunction):
        fix = f"give the plain function a name of its own: `{qualified} = gs.primitive(plain_{qualified})`"
        raise _unnameable(name, fix)
    renamed = "" if qualified == name else f" as {name}"
    return f"from {module} import {qualified}{renamed}"


def _home(value: object) -> tuple[str, str]:
    """Module and name under which an object can be imported; ufuncs know only their name."""
    if isinstance(value, np.ufunc):
        names = ("numpy", "scipy.special")
        homes = (home for home in names if getattr(sys.modules.get(home), value.__name__, None) is value)
        return next(homes, ""), value.__name__
    return getattr(value, "__module__", None) or "", getattr(value, "__qualname__", "")


def _unnameable(name: str, fix: str) -> UsageError:
    why = "the saved module must be able to import everything that it uses, without gradscribe"
    return UsageError(Diagnostic("GS321", f"`{name}` cannot be named in a file", why=why, fix=fix))
