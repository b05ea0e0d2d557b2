"""The whole compiler as named steps: start reading here.

In:  a function, the arguments of a call, the transformation wanted.   Out: `Compiled`.
Not here: the steps (frontend/, ad/, passes/, codegen/), finding a compiled function again (dispatch.py, cache.py).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Protocol, runtime_checkable

import numpy as np

from gradscribe.codegen.numpy_source import generate, needs_fallback
from gradscribe.compiler.explained import explain
from gradscribe.compiler.load import ARITHMETIC_ERRORS, Loaded, load
from gradscribe.compiler.watched import watch
from gradscribe.errors import Diagnostic, GradscribeError, InternalError, UnsupportedOperationError
from gradscribe.frontend.arguments import Arguments
from gradscribe.frontend.lower import Lowered, lower
from gradscribe.frontend.positions import with_place
from gradscribe.frontend.structure import part_of, rebuilt
from gradscribe.ir.graph import Program, Value
from gradscribe.ir.signature import Container, Leaf, Structure
from gradscribe.ir.types import ScalarType
from gradscribe.ir.walk import walk
from gradscribe.ops.effects import has_lasting_effect
from gradscribe.ops.spec import Unsupported
from gradscribe.passes.checks import unnest_checks
from gradscribe.passes.pipelines import optimise

Transform = Callable[[Program], Program]


class SideEffectWarning(UserWarning):
    """A function changes what is defined outside of it; its derivative does not."""


@runtime_checkable
class DerivativeLike(Protocol):
    """What api makes of a function: it knows the function and how its program becomes that of the derivative."""

    __gradscribe_derivative__: bool
    primal: Callable[..., object]

    def transform(self, program: Program) -> Program:
        """The program of the derivative; an error where it was not made to be differentiated."""
        ...


class Careful:
    """The functions of a program whose derivative statements follow NumPy, generated when first needed."""

    def __init__(self, program: Program, name: str) -> None:
        self._program = program
        self._name = name
        self._lock = Lock()
        self._loaded: Loaded | None = None

    @property
    def loaded(self) -> Loaded:
        """The functions, loaded."""
        with self._lock:
            if self._loaded is None:
                self._loaded = _generated(self._program, self._name, fallback=True)
            return self._loaded


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One function, compiled for one set of types and facts.

    Attributes:
        arguments: what it was compiled for.
        lowered: the primal, with the facts it depends on.
        program: what was generated from, after all passes.
        loaded: the functions that run.
        careful: the same functions, whose derivative statements follow NumPy where `math` raises; None if they
            are the same, or if they run at once.
    """

    arguments: Arguments
    lowered: Lowered
    program: Program
    loaded: Loaded
    careful: Careful | None

    @property
    def main(self) -> Callable[..., object]:
        """The function of the main graph."""
        return self.loaded.functions[self.program.main]

    def run(self, graph: str, /, *args: object, **kwargs: object) -> Any:
        """Call the function of one graph, as the dispatcher does for the main one."""
        try:
            return self.loaded.functions[graph](*args, **kwargs)
        except Exception as error:
            if not self.should_run_carefully(error):
                raise
        return self.run_carefully(graph, *args, **kwargs)

    def should_run_carefully(self, error: Exception) -> bool:
        """True when a derivative statement failed where NumPy gives inf or nan; else the error is explained."""
        if self.careful is not None and isinstance(error, ARITHMETIC_ERRORS):
            if self.loaded.failed_in_derivative(error):
                return True
        explain(error, self.loaded)
        return False

    def run_carefully(self, graph: str, /, *args: object, **kwargs: object) -> Any:
        """Call the second form of a function; its results are of the kinds that the first form gives."""
        assert self.careful is not None
        try:
            result = self.careful.loaded.functions[graph](*args, **kwargs)
        except Exception as error:
            explain(error, self.careful.loaded)
            raise
        made = self.program.graphs[graph]
        return with_python_numbers(made.signature.result, made.body.results, result)


def with_python_numbers(structure: Structure, results: Sequence[Value], value: object) -> object:
    """The value with Python numbers where its type says so."""
    match structure:
        case Leaf(index):
            type_ = results[index].type
            if isinstance(type_, ScalarType) and type_.python and isinstance(value, np.generic):
                return value.item()
        case Container(kind, _, keys, children):
            parts = [
                with_python_numbers(child, results, part_of(kind, value, position, key))
                for position, (key, child) in enumerate(zip(keys, children, strict=True))
            ]
            return rebuilt(structure, parts)
    return value


def compile_function(
    function: Callable[..., object], arguments: Arguments, transform: Transform, name: str
) -> Compiled:
    """Compile the transform of `function` for these arguments.

    Raises:
        GradscribeError: the function cannot be compiled; all refusals at once.
    """
    with step("lower"):
        lowered = lower_function(function, arguments)
    _warn_of_changes(lowered)
    with step("differentiate"):
        program = transform(lowered.program)
    with step("optimise"):
        program = optimise(program)
    differs = needs_fallback(program)
    runs_once = _runs_once(program)
    loaded = _generated(program, name, fallback=differs and runs_once)
    careful = Careful(program, name) if differs and not runs_once else None
    return Compiled(arguments, lowered, program, loaded, careful)


def _runs_once(program: Program) -> bool:
    """Whether its effects are such that would be seen twice if it was run again."""
    nodes = (node for graph in program.graphs.values() for node in walk(graph.body))
    return any(has_lasting_effect(node.op) for node in nodes)


def _warn_of_changes(lowered: Lowered) -> None:
    """Say what of the primal's effects a call of the derivative does not have."""
    if not lowered.changed:
        return
    entry = lowered.program.entry
    names = ", ".join(f"`{name}`" for name in lowered.changed)
    text = (
        f"`{entry.name}` changes {names} outside of it, its derivative a copy that is made at each call; "
        "what later calls need is better an argument and a result"
    )
    file, line = (entry.location.file, entry.location.line) if entry.location is not None else ("", 0)
    warnings.warn_explicit(text, SideEffectWarning, file, line)


def lower_function(function: Callable[..., object], arguments: Arguments) -> Lowered:
    """The program of a function; that of a derivative is its primal's, transformed."""
    if not isinstance(function, DerivativeLike):
        lowered = lower(function, arguments)
        return replace(lowered, program=unnest_checks(lowered.program))
    lowered = lower_function(function.primal, arguments)
    return replace(lowered, program=function.transform(lowered.program))


def _generated(program: Program, name: str, *, fallback: bool) -> Loaded:
    with step("generate"):
        made = generate(program, fallback=fallback)
    with step("load"):
        lines = made.derivative_lines
        loaded = load(made.text, name, made.functions, made.namespace, lines, made.line_map)
        watch(next(iter(loaded.functions.values())), made.names.opaque)
        return loaded


@contextmanager
def step(name: str) -> Iterator[None]:
    """Errors of one step, as users meet them: with columns, and never a bare exception of our own."""
    try:
        yield
    except GradscribeError as error:
        raise type(error)([with_place(diagnostic) for diagnostic in error.diagnostics]) from error.__cause__
    except Unsupported as refusal:
        diagnostic = Diagnostic("GS203", str(refusal), why=refusal.why, fix=refusal.fix)
        raise UnsupportedOperationError(diagnostic) from None
    except Exception as fault:
        title = f"internal error in step `{name}`: {type(fault).__name__}: {fault}"
        why = "this is a bug of gradscribe, not of your function"
        fix = "please report it with the function and the traceback above"
        raise InternalError(Diagnostic("GS900", title, why=why, fix=fix)) from fault
