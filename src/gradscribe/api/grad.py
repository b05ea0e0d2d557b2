"""Gradients: `grad` and `value_and_grad`.

In:  a function of a scalar result, and which arguments to differentiate.   Out: a `Derivative`.
Not here: differentiating programs (ad/transforms.py), what a derivative object can do (derivative.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

from gradscribe.api.derivative import Derivative, make_derivative
from gradscribe.api.selection import Selection, check_differentiable, restored, spread_out
from gradscribe.ir.graph import Program


@dataclass(frozen=True, slots=True)
class GradientTransformation:
    """Program of a scalar function -> program of its gradient.

    Attributes:
        selection: the arguments to differentiate.
        value: the value is returned, too.
        has_aux: the function returns (scalar, anything).
        create_graph: the gradient may be differentiated.
    """

    selection: Selection
    value: bool
    has_aux: bool
    create_graph: bool

    @property
    def suffix(self) -> str:
        """End of the derivative's name."""
        return "value_and_grad" if self.value else "grad"

    def title(self, name: str) -> str:
        """One line saying what is returned."""
        return f"{'value and gradient' if self.value else 'gradient'} of `{name}`"

    def spelling(self, name: str, create_graph: bool) -> str:
        """How the user makes it."""
        return f"{self.suffix}({name}{', create_graph=True' if create_graph else ''})"

    def apply(self, program: Program, name: str, skipped: int) -> Program:
        """The program of the gradient.

        Raises:
            GS303, GS310, GS311, GS312: the arguments or the result cannot be those of a gradient.
        """
        # Differentiation loads when the first function is compiled.
        from gradscribe.ad.transforms import gradient

        graph = program.entry
        spread = spread_out(program)
        parameters = spread.entry.signature.parameters
        wrt = self.selection.skipping(skipped).positions(graph.name, parameters)
        for position in wrt:
            check_differentiable(graph, parameters[position])
        result = gradient(
            spread,
            wrt,
            value=self.value,
            has_aux=self.has_aux,
            single=self.selection.single,
            name=name,
        )
        return restored(result, graph.signature.parameters)


Decorator = Callable[[Callable[..., Any]], Derivative]


@overload
def grad(
    function: Callable[..., Any],
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Derivative: ...


@overload
def grad(
    function: None = None,
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Decorator: ...


def grad(
    function: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Derivative | Decorator:
    """The gradient of a function with a scalar result.

    Works as a call, as `@grad`, and as `@grad(argnums=1)`.

    Args:
        function: takes numbers, arrays, and containers of them; returns a real scalar.
        argnums: the positional arguments to differentiate, one or several; the first by default.
        argnames: the same by name. With both, the gradients by number come first.
        has_aux: the function returns (scalar, anything); the gradient function returns (gradient, anything).
        create_graph: make the gradient itself differentiable.

    Returns:
        A function of the same arguments. It returns the gradient in the structure, shapes and dtypes of the
        argument; a tuple of gradients where `argnums` or `argnames` is a tuple.

    Raises:
        GS310: the result is not a real scalar (when called).
        GS312: an argument to differentiate is not made of floats (when called).

    Example:
        >>> @grad
        ... def cube(x):
        ...     return x**3
        >>> cube(2.0)
        12.0

    References:
        Griewank & Walther, Evaluating Derivatives, 2nd ed., chapter 3.
    """
    return _make(function, argnums, argnames, value=False, has_aux=has_aux, create_graph=create_graph)


@overload
def value_and_grad(
    function: Callable[..., Any],
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Derivative: ...


@overload
def value_and_grad(
    function: None = None,
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Decorator: ...


def value_and_grad(
    function: Callable[..., Any] | None = None,
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] | None = None,
    *,
    has_aux: bool = False,
    create_graph: bool = False,
) -> Derivative | Decorator:
    """The value of a function together with its gradient, for little more than the gradient alone.

    The value is bit for bit the function's own.

    Args:
        function: as for `grad`.
        argnums: as for `grad`.
        argnames: as for `grad`.
        has_aux: the function returns (scalar, anything), and so does the value.
        create_graph: as for `grad`.

    Returns:
        A function of the same arguments. It returns (value, gradient).

    Raises:
        GS310: the result is not a real scalar (when called).
        GS312: an argument to differentiate is not made of floats (when called).

    Example:
        >>> value_and_grad(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """
    return _make(function, argnums, argnames, value=True, has_aux=has_aux, create_graph=create_graph)


def _make(
    function: Callable[..., Any] | None,
    argnums: int | Sequence[int] | None,
    argnames: str | Sequence[str] | None,
    *,
    value: bool,
    has_aux: bool,
    create_graph: bool,
) -> Derivative | Decorator:
    selection = Selection.of(argnums, argnames)
    transformation = GradientTransformation(selection, value, has_aux, create_graph)

    def decorate(function: Callable[..., Any]) -> Derivative:
        return make_derivative(function, transformation)

    return decorate if function is None else decorate(function)
