"""Operations of the user: functions whose derivative their author states.

    custom_vjp, custom_jvp    Python that could be differentiated, with rules of its own
    primitive                 a function that cannot be read (compiled code), with its rules
    nondifferentiable         a function whose result counts as constant

In:  functions.   Out: `CustomFunction`, which is called as the function itself.
Not here: lowering a call of one (frontend/custom_calls.py), applying its rules (ad/custom_rules.py).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FunctionType, MethodType
from typing import Any, TypeVar

from gradscribe.errors import Diagnostic, UsageError

Rule = TypeVar("Rule", bound=Callable[..., Any])


class CustomFunction:
    """A function with rules. Calling it calls the function.

    Attributes:
        function: what it computes.
        like: for a function that cannot be read: an expression with the type and shape of its result; None: it is
            like the first argument.
        is_opaque: it is called as it stands, never read.
        is_constant: its result counts as constant.
        static: positions of arguments that the rules get first, and have no derivative.
        forward, backward: the two halves of the vjp rule.
        pushforward: the jvp rule.
    """

    __gradscribe_custom__ = True

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        like: Callable[..., Any] | None = None,
        is_opaque: bool = False,
        is_constant: bool = False,
        static: Sequence[int] = (),
    ) -> None:
        if not callable(function):
            raise _not_a_rule("the function", function)
        functools.update_wrapper(self, function)
        with suppress(TypeError, ValueError):
            # What has __get__ would count as a method of unknown parameters.
            self.__signature__ = inspect.signature(function)
        self.function = function
        self.like = like if like is None else _python(like, "`like`")
        self.is_opaque = is_opaque
        self.is_constant = is_constant
        self.static = _positions(function, static)
        self.forward: FunctionType | None = None
        self.backward: FunctionType | None = None
        self.pushforward: FunctionType | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function."""
        return self.function(*args, **kwargs)

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """In a class it is a method, as a function is."""
        return self if instance is None else MethodType(self, instance)

    def __repr__(self) -> str:
        return f"<{self.name} with rules of its own>"

    @property
    def name(self) -> str:
        """Name of the function."""
        return str(getattr(self.function, "__name__", "function"))

    @property
    def has_rule(self) -> bool:
        """Whether a derivative was stated."""
        return self.backward is not None or self.pushforward is not None

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """State the derivative as a pullback, in two halves.

        Args:
            forward: takes the arguments of the function; returns (result, residuals). When the function is
                differentiated, it computes the value.
            backward: takes (residuals, cotangent of the result); returns a tuple with the cotangent of each
                argument, None for zero. Arguments named by `nondiff_argnums` come first, and get none.

        Raises:
            GS322: one of them is not a Python function.
        """
        self.forward, self.backward = _python(forward, "the rule"), _python(backward, "the rule")

    def defjvp(self, rule: Rule) -> Rule:
        """State the derivative as a pushforward; works as a decorator.

        Args:
            rule: takes (arguments, tangents), two tuples; returns (result, tangent of the result). An argument
                that is no float has the tangent None.

        Raises:
            GS322: it is not a Python function.
        """
        self.pushforward = _python(rule, "the rule")
        return rule


def custom_vjp(function: Any = None, *, nondiff_argnums: Sequence[int] = ()) -> Any:
    """`function`, whose derivative is stated by `defvjp`. Works as a decorator, with or without arguments.

    Forward mode follows from the rule, by transposing it; it must be linear in the cotangent for that.

    Args:
        function: takes numbers, arrays, and containers of them.
        nondiff_argnums: positions of arguments such as functions and options: `backward` gets them first.

    Example:
        >>> import numpy as np, gradscribe as gs
        >>> @gs.custom_vjp
        ... def reversed_gradient(x):
        ...     return 1.0 * x
        >>> reversed_gradient.defvjp(lambda x: (1.0 * x, None), lambda _, ct: (-ct,))
        >>> reversed_gradient(3.0)
        3.0

    References:
        The conventions are those of jax.custom_vjp.
    """
    if function is None:
        return functools.partial(custom_vjp, nondiff_argnums=nondiff_argnums)
    return CustomFunction(function, static=nondiff_argnums)


def custom_jvp(function: Any = None, *, nondiff_argnums: Sequence[int] = ()) -> Any:
    """`function`, whose derivative is stated by `defjvp`. Works as a decorator, with or without arguments.

    Reverse mode follows from the rule, by transposing it; it must be linear in the tangents for that.

    Args:
        function: takes numbers, arrays, and containers of them.
        nondiff_argnums: positions of arguments such as functions and options: the rule gets them first.

    Example:
        >>> import gradscribe as gs
        >>> @gs.custom_jvp
        ... def cube(x):
        ...     return x * x * x
        >>> rule = cube.defjvp(lambda primals, tangents: (cube(primals[0]), 3.0 * primals[0] ** 2 * tangents[0]))
        >>> cube(2.0)
        8.0

    References:
        The conventions are those of jax.custom_jvp.
    """
    if function is None:
        return functools.partial(custom_jvp, nondiff_argnums=nondiff_argnums)
    return CustomFunction(function, static=nondiff_argnums)


def primitive(
    function: Any = None, *, like: Callable[..., Any] | None = None, nondiff_argnums: Sequence[int] = ()
) -> Any:
    """An operation that is called as it stands, such as compiled code, with rules given by `defvjp` or `defjvp`.

    The function must be pure: it may be called more often or less often than is written, must not write into its
    arguments, and must not return one of them or a view of one. What it returns is checked in every call; that it
    wrote to nothing, in the first call for each set of types.

    Args:
        function: takes numbers and arrays; returns a number, an array, or a tuple of them.
        like: an expression of the same arguments whose type and shape are those of the result, such as
            `lambda a, b: a @ b`. It is never evaluated. Unless given, the result is like the first argument.
        nondiff_argnums: positions of arguments that the rules get first, and that have no derivative.

    Example:
        >>> import math, gradscribe as gs
        >>> sine = gs.primitive(math.sin)
        >>> rule = sine.defjvp(lambda x, x_dot: (sine(x[0]), math.cos(x[0]) * x_dot[0]))
        >>> sine(0.0)
        0.0
    """
    if function is None:
        return functools.partial(primitive, like=like, nondiff_argnums=nondiff_argnums)
    return CustomFunction(function, like=like, is_opaque=True, static=nondiff_argnums)


def nondifferentiable(function: Any = None, *, like: Callable[..., Any] | None = None) -> Any:
    """`function`, whose result counts as constant. Works as a decorator, with or without arguments.

    Args:
        function: any function; it is read, and may use operations that have no derivative.
        like: for a function that cannot be read, as in `primitive`.

    Example:
        >>> import numpy as np, gradscribe as gs
        >>> @gs.nondifferentiable
        ... def scale(x):
        ...     return np.max(np.abs(x))
        >>> gs.grad(lambda x: np.sum(x / scale(x)))(np.array([1.0, -4.0]))
        array([0.25, 0.25])
    """
    if function is None:
        return functools.partial(nondifferentiable, like=like)
    return CustomFunction(function, like=like, is_opaque=like is not None, is_constant=True)


def _positions(function: Callable[..., Any], given: Sequence[int]) -> tuple[int, ...]:
    """Positions of arguments, if there are such."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    open_ended = not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters)
    for position in given:
        is_position = isinstance(position, int) and not isinstance(position, bool) and position >= 0
        if not is_position or not (open_ended or position < len(parameters)):
            name = getattr(function, "__name__", "function")
            raise UsageError(
                Diagnostic(
                    "GS322",
                    f"`nondiff_argnums` of `{name}` names argument {position!r}, which it does not have",
                    why="rules get the arguments at these positions first, counted from 0",
                    fix="pass positions such as nondiff_argnums=(0,)",
                )
            )
    return tuple(given)


def _python(rule: object, what: str) -> FunctionType:
    if not isinstance(rule, FunctionType):
        raise _not_a_rule(what, rule)
    return rule


def _not_a_rule(what: str, found: object) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS322",
            f"{what} must be a function, not {found!r}",
            why="a rule is read and differentiated like any other function",
            fix="write it with `def` or `lambda`",
        )
    )
