"""Whole Jacobians and Hessians, column by column or row by row, and products with the Hessian.

In:  a function of arrays with an array result.   Out: functions that return dense arrays.
Not here: the derivatives they are made of (vjp.py, jvp.py, grad.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradscribe.api.grad import GradientTransformation, grad
from gradscribe.api.jvp import jvp, push
from gradscribe.api.selection import Selection
from gradscribe.api.target import target_of
from gradscribe.api.vjp import vjp
from gradscribe.errors import Diagnostic, UsageError

ArrayFunction = Callable[..., Any]


def jacfwd(function: ArrayFunction, argnums: int | Sequence[int] = 0) -> ArrayFunction:
    """The Jacobian, one column for each element of the argument: for functions of few inputs.

    Args:
        function: maps numbers and arrays to a number or an array.
        argnums: the positional arguments to differentiate, one or several.

    Returns:
        A function of the same arguments. It returns an array of shape (*result shape, *argument shape); a tuple of
        arrays where `argnums` is a tuple.

    Raises:
        GS319: the result or an argument to differentiate is neither a number nor an array (when called).

    Example:
        >>> jacfwd(lambda x: x * x)(np.array([1.0, 2.0]))
        array([[2., 0.],
               [0., 4.]])
    """

    def columns(number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> np.ndarray:
        bound = functools.partial(function, **kwargs) if kwargs else function
        point = _point(args, number)
        tangents: list[Any] = [None] * len(args)
        found = []
        for basis in _basis(args[number], point):
            tangents[number] = basis
            found.append(_leaf(jvp(bound, args, tangents)[1], "the result"))
        if not found:
            value = _leaf(jvp(bound, args, _one_tangent(args, number))[0], "the result")
            return np.zeros((*value.shape, *point.shape), value.dtype)
        return np.stack(found, axis=-1).reshape(found[0].shape + point.shape)

    return _of_arguments(function, argnums, columns, "jacobian")


def jacrev(function: ArrayFunction, argnums: int | Sequence[int] = 0) -> ArrayFunction:
    """The Jacobian, one row for each element of the result: for functions of few outputs.

    Args:
        function: maps numbers and arrays to a number or an array.
        argnums: the positional arguments to differentiate, one or several.

    Returns:
        As `jacfwd`.

    Raises:
        GS319: the result or an argument to differentiate is neither a number nor an array (when called).

    Example:
        >>> jacrev(lambda x: x * x)(np.array([1.0, 2.0]))
        array([[2., 0.],
               [0., 4.]])
    """

    def rows(number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> np.ndarray:
        bound = functools.partial(function, **kwargs) if kwargs else function
        point = _point(args, number)
        value, pullback = vjp(bound, *args)
        result = _leaf(value, "the result")
        found = [np.asarray(pullback(basis, retain_graph=True)[number]) for basis in _basis(value, result)]
        if not found:
            return np.zeros((*result.shape, *point.shape), point.dtype)
        return np.stack(found).reshape(result.shape + point.shape)

    return _of_arguments(function, argnums, rows, "jacobian")


jacobian = jacrev


def hessian(function: ArrayFunction, argnums: int = 0) -> ArrayFunction:
    """The matrix of second derivatives of a function with a scalar result.

    Forward mode over reverse mode: one column for each element of the argument.

    Args:
        function: maps numbers and arrays to a real scalar.
        argnums: the positional argument to differentiate.

    Returns:
        A function of the same arguments. It returns an array of shape (*argument shape, *argument shape).

    Example:
        >>> hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
        array([[ 6.,  0.],
               [ 0., 12.]])
    """
    return jacfwd(grad(function, argnums, create_graph=True), argnums)


def hvp(function: ArrayFunction, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
    """The product of the Hessian with a vector, without forming the Hessian.

    Forward mode over reverse mode costs a small multiple of the function.

    Args:
        function: takes numbers, arrays, and containers of them; returns a real scalar.
        primals: the arguments, in a tuple or list.
        tangents: the vector, one part for each argument; None for an argument that is held.

    Returns:
        H v, in the structure of the argument; a tuple where there are several arguments.

    Example:
        >>> hvp(lambda x: (x**3).sum(), (np.array([1.0, 2.0]),), (np.array([1.0, 1.0]),))
        array([ 6., 12.])

    References:
        Pearlmutter, Fast exact multiplication by the Hessian, Neural Computation 6 (1994).
    """
    target = target_of(function)
    skipped = len(target.args)
    varied = tuple(i for i, tangent in enumerate(tangents) if tangent is not None)
    selection = Selection(varied, (), single=len(primals) == 1, skipped=skipped)
    gradient = GradientTransformation(selection, value=False, has_aux=False, create_graph=True)
    gradient_name = target.derived_name("grad")
    before = functools.partial(gradient.apply, name=gradient_name, skipped=0)
    return push(target, primals, tangents, target.derived_name("hvp"), before)[1]


def _of_arguments(
    function: ArrayFunction,
    argnums: int | Sequence[int],
    jacobian_of: Callable[[int, tuple[Any, ...], dict[str, Any]], np.ndarray],
    suffix: str,
) -> ArrayFunction:
    @functools.wraps(function)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, int):
            return jacobian_of(argnums, args, kwargs)
        return tuple(jacobian_of(number, args, kwargs) for number in argnums)

    differentiated.__name__ = f"{getattr(function, '__name__', 'function')}_{suffix}"
    return differentiated


def _point(args: tuple[Any, ...], number: int) -> np.ndarray:
    """The argument to differentiate."""
    if not -len(args) <= number < len(args):
        title = f"there is no argument {number}: the function was given {len(args)}"
        raise UsageError(Diagnostic("GS303", title, fix="choose another by `argnums`"))
    point = _leaf(args[number], f"argument {number}")
    if point.dtype.kind not in "fc":
        title = f"cannot differentiate with respect to argument {number}, which is {point.dtype.name}"
        fix = "pass `x.astype(float)` or `float(x)`"
        raise UsageError(Diagnostic("GS312", title, why="only floats have derivatives", fix=fix))
    return point


def _leaf(value: object, what: str) -> np.ndarray:
    if isinstance(value, np.ndarray | np.generic | float | int | complex):
        return np.asarray(value)
    title = f"a Jacobian is an array, but {what} is of type {type(value).__name__}"
    raise UsageError(Diagnostic("GS319", title, fix="make it an array, or use vjp or jvp"))


def _basis(value: object, array: np.ndarray) -> Sequence[Any]:
    """The unit vectors of the space of a number or array."""
    if array.ndim == 0:
        return [np.ones_like(array) if isinstance(value, np.ndarray) else 1.0]
    return list(np.eye(array.size, dtype=array.dtype).reshape(array.size, *array.shape))


def _one_tangent(args: tuple[Any, ...], number: int) -> list[Any]:
    tangents: list[Any] = [None] * len(args)
    tangents[number] = args[number]
    return tangents
