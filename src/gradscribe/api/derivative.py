"""The object that `grad` and `value_and_grad` return.

In:  a function and the transformation of its programs.   Out: `Derivative`, called like the function.
Not here: finding the compiled function for a call's arguments (compiler/).
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import os
import sys
from collections.abc import Callable
from inspect import Signature
from types import MethodType
from typing import TYPE_CHECKING, Any, Protocol

from gradscribe.api.library import called_by, library_function
from gradscribe.api.target import target_of
from gradscribe.compiler.cache import Specialisations
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.arguments import arguments_from_annotations, formals_of, read_arguments
from gradscribe.ir.graph import Program

if TYPE_CHECKING:
    from gradscribe.compiler.pipeline import Compiled


class Transformation(Protocol):
    """What a derivative does to the program of its primal."""

    @property
    def suffix(self) -> str:
        """End of the derivative's name: `grad`."""
        ...

    @property
    def create_graph(self) -> bool:
        """Whether the derivative may be differentiated itself."""
        ...

    def title(self, name: str) -> str:
        """One line saying what the derivative of `name` returns."""
        ...

    def spelling(self, name: str, create_graph: bool) -> str:
        """How the user makes this derivative of `name`."""
        ...

    def apply(self, program: Program, name: str, skipped: int) -> Program:
        """The program of the derivative; `skipped` leading parameters were bound before."""
        ...


class Derivative(functools.partial[Any]):
    """The derivative of a function, called with the function's own arguments.

    It is compiled when it is first called with arguments of new types; each compiled function serves all array
    lengths. (A partial, because calling one costs a tenth of a microsecond, a `__call__` in Python a quarter.)

    Attributes:
        primal: the function that it is the derivative of.
    """

    __gradscribe_derivative__ = True
    _specialisations: Specialisations
    _transformation: Transformation
    _is_method = False
    primal: Callable[..., object]
    __name__: str
    __qualname__: str

    @property
    def source(self) -> str:
        """Source of what runs: that of the function compiled last.

        Raises:
            GS318: nothing was compiled yet, and annotations do not say for which types to.
        """
        return self._compiled().loaded.text

    @property
    def graph(self) -> str:
        """The program that the source was printed from, as text."""
        # The text form of graphs is not needed to call a derivative.
        from gradscribe.ir.text import to_text

        return to_text(self._compiled().program)

    def compile(self, *args: object, **kwargs: object) -> Derivative:
        """Compile for arguments like these, without running anything, and return the derivative itself.

        Args:
            *args: examples, or a `ShapeDtype` in place of any array.
            **kwargs: the same, by name.
        """
        arguments = read_arguments(
            self._specialisations.function, (*self.args, *args), {**self.keywords, **kwargs}
        )
        self._specialisations.compile(arguments)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a module with the function compiled last; it needs NumPy, and not gradscribe.

        The function raises TypeError for arguments of other types than those it was compiled for, and where
        something else that decided its text differs: an int that is an axis, say. The file appears whole or not
        at all.
        """
        from gradscribe.codegen.accepted import Demand
        from gradscribe.codegen.standalone import standalone

        compiled = self._compiled()
        lowered = compiled.lowered
        demand = Demand(lowered.facts, lowered.memory_of_their_own, lowered.apart.containers)
        text = standalone(compiled.program, demand)
        draft = f"{os.fspath(path)}.{os.getpid()}.new"
        try:
            with open(draft, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(draft, path)
        except OSError as error:
            with contextlib.suppress(FileNotFoundError):
                os.remove(draft)
            raise type(error)(error.errno, error.strerror, os.fspath(path)) from None

    def transform(self, program: Program) -> Program:
        """The derivative's program, given that of `primal`: how it is differentiated, or called inside a function.

        Raises:
            GS313: the derivative was made without `create_graph=True`.
        """
        self.check_create_graph()
        # A decorated method counts `self` among its arguments; the method of an instance does not have it.
        skipped = -1 if self._is_method else 0
        return self._transformation.apply(program, name=self._specialisations.name, skipped=skipped)

    def check_create_graph(self) -> None:
        """Demand that the derivative may be differentiated.

        Raises:
            GS313: the derivative was made without `create_graph=True`.
        """
        if self._transformation.create_graph:
            return
        name = getattr(self.primal, "__name__", "function")
        raise UsageError(
            Diagnostic(
                "GS313",
                f"cannot differentiate `{self.__name__}`, a derivative made without create_graph=True",
                why="a derivative is differentiable only when it is made to be",
                fix=f"make it by `{self._transformation.spelling(name, create_graph=True)}`",
            )
        )

    def _compiled(self) -> Compiled:
        specialisations = self._specialisations
        if specialisations.latest is None:
            arguments = arguments_from_annotations(specialisations.function)
            if arguments is None:
                raise _not_compiled(specialisations.name)
            specialisations.compile(arguments)
        assert specialisations.latest is not None
        return specialisations.latest

    @property
    def __wrapped__(self) -> Callable[..., object]:
        """The generated function: `inspect.getsource` and profilers look here."""
        latest = self._specialisations.latest
        if latest is None:
            raise AttributeError("not compiled yet")
        return latest.main

    @property
    def __signature__(self) -> Signature:
        formals = list(formals_of(self._specialisations.function).parameters.values())
        kept = [formal for formal in formals[len(self.args) :] if formal.name not in self.keywords]
        return Signature(kept)

    def __get__(self, instance: object, owner: type | None = None) -> Derivative:
        if instance is None or self.args:
            return self
        method = Derivative(self.func, instance, **self.keywords)
        method.__dict__.update(self.__dict__)
        method.primal = MethodType(self.primal, instance)
        method._is_method = True
        return method

    def __reduce__(self) -> Any:
        """A decorated function or method is pickled by its name, any other derivative by its primal."""
        if self._is_method:
            instance, name = self.args[0], getattr(self.primal, "__name__", "")
            if (
                getattr(getattr(type(instance), name, None), "_specialisations", None)
                is self._specialisations
            ):
                return getattr, (instance, name)
        module, name = sys.modules.get(self.primal.__module__), self.primal.__qualname__
        owner: object = module
        for part in name.split("."):
            owner = getattr(owner, part, None)
        if owner is self:
            return name
        return make_derivative, (called_by(self.primal), self._transformation)

    def __repr__(self) -> str:
        return f"<{self._transformation.title(getattr(self.primal, '__qualname__', 'function'))}>"


def make_derivative(primal: Callable[..., object], transformation: Transformation) -> Derivative:
    """The derivative of `primal`, not compiled yet.

    Raises:
        GS313: `primal` is a derivative that was made without `create_graph=True`.
        GS317: `primal` is not a function written in Python.
    """
    primal = library_function(primal) or primal
    target = target_of(primal)
    if isinstance(target.function, Derivative):
        target.function.check_create_graph()
    name = target.derived_name(transformation.suffix)
    transform = functools.partial(transformation.apply, name=name, skipped=len(target.args))
    specialisations = Specialisations(target.function, transform, name)
    return _bind(specialisations, transformation, primal, target.args, dict(target.kwargs))


def _bind(
    specialisations: Specialisations,
    transformation: Transformation,
    primal: Callable[..., object],
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> Derivative:
    derivative = Derivative(specialisations.entry, *args, **kwargs)
    derivative._specialisations = specialisations
    derivative._transformation = transformation
    derivative.primal = primal
    derivative.__name__ = specialisations.name
    derivative.__module__ = primal.__module__
    qualifier = getattr(primal, "__qualname__", "").rpartition(".")[0]
    derivative.__qualname__ = f"{qualifier}.{specialisations.name}".lstrip(".")
    title = transformation.title(getattr(primal, "__name__", "function"))
    derivative.__doc__ = f"{title}\n\n{inspect.cleandoc(primal.__doc__ or '')}".rstrip()
    return derivative


def _not_compiled(name: str) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS318",
            f"`{name}` has no source yet",
            why="what is generated depends on the types of the arguments",
            fix=f"call `{name}.compile(...)` with example arguments, or call `{name}` itself",
        )
    )
