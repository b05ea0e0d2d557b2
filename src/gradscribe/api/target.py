"""What users may hand to a transformation: functions, methods, partials, objects with `__call__`.

In:  any callable.   Out: `Target`: a plain function (or derivative) and the arguments that it is already given.
Not here: source of the function (frontend/capture.py).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType, MethodType

from gradscribe.api.library import LIBRARIES, library_function
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.extend import CustomFunction
from gradscribe.frontend.jitted import is_elementwise, python_of


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A function, and arguments that come before those of a call.

    Attributes:
        function: with source, or a derivative.
        args: such as `self` of a bound method.
        kwargs: such as the keywords of a partial.
    """

    function: Callable[..., object]
    args: tuple[object, ...] = ()
    kwargs: tuple[tuple[str, object], ...] = ()

    @property
    def name(self) -> str:
        """Name of the function, fit for an identifier."""
        name = getattr(self.function, "__name__", "function")
        return name if name.isidentifier() else "lambda_"

    def derived_name(self, suffix: str) -> str:
        """Name of something made of the function: `loss_grad`, `lambda_grad`."""
        return f"{self.name.removesuffix('_') if self.name == 'lambda_' else self.name}_{suffix}"


def target_of(function: object) -> Target:
    """Look through methods, partials and Numba's decorators to the function itself.

    Raises:
        GS317: it is not a function written in Python.
    """
    function = python_of(function)
    if hasattr(type(function), "__gradscribe_derivative__"):
        assert isinstance(function, functools.partial)
        return Target(function)
    known = library_function(function)
    if known is not None:
        return Target(known)
    if isinstance(function, FunctionType):
        return Target(function)
    if isinstance(function, CustomFunction) and isinstance(function.function, FunctionType):
        return Target(function)
    if isinstance(function, CustomFunction):
        raise not_a_function(function.function)
    if isinstance(function, MethodType):
        inner = target_of(function.__func__)
        return Target(inner.function, (*inner.args, function.__self__), inner.kwargs)
    if isinstance(function, functools.partial):
        inner = target_of(function.func)
        return Target(
            inner.function, (*inner.args, *function.args), (*inner.kwargs, *function.keywords.items())
        )
    call = inspect.getattr_static(type(function), "__call__", None)
    of_library = type(function).__module__.partition(".")[0] in LIBRARIES
    if (
        isinstance(call, FunctionType)
        and not is_elementwise(function)
        and not isinstance(function, type)
        and not of_library
    ):
        return Target(call, (function,))
    raise not_a_function(function)


def not_a_function(function: object) -> UsageError:
    """The error for something that has no Python source to differentiate."""
    shown = getattr(function, "__name__", None) or repr(function)
    if not callable(function):
        title, why = f"expected a function, but got {function!r}", ""
        fix = "pass the function itself, not its result: `grad(loss)(w)`, not `grad(loss(w))`"
    elif isinstance(function, type):
        title, why = f"`{shown}` is a class", "creating an object has no derivative"
        fix = "pass a function that makes the object and returns a number"
    else:
        title, why = f"`{shown}` is not written in Python", "there is no source to differentiate"
        fix = f"wrap it: `lambda x: {shown}(x)`"
    return UsageError(Diagnostic("GS317", title, why=why, fix=fix))
