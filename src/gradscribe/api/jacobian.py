"""Whole Jacobians and Hessians, column by column or row by row, and products with the Hessian.

In:  a function of numbers, arrays and containers of them.   Out: functions that return dense arrays, held as the
result and the argument are.
Not here: the derivatives they are made of (vjp.py, jvp.py, grad.py), structures (parts.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradscribe.api.grad import GradientTransformation, grad
from gradscribe.api.jvp import jvp, push
from gradscribe.api.parts import Parts
from gradscribe.api.selection import Selection
from gradscribe.api.target import target_of
from gradscribe.api.vjp import vjp
from gradscribe.errors import Diagnostic, UsageError

Function = Callable[..., Any]
Args = tuple[Any, ...]
Kwargs = dict[str, Any]
Matrices = dict[int, np.ndarray]
"""For one part of the result, the array of each part of the argument."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """A Jacobian in parts.

    Attributes:
        result: the parts of the result.
        points: those of each argument.
        matrices: for each argument and each part of the result.
    """

    result: Parts
    points: Sequence[Parts]
    matrices: Sequence[Sequence[Matrices]]

    def nested(self, together: Callable[[list[Any]], Any]) -> Any:
        """The structure of the result outside, that of the arguments inside."""
        return self.result.holding([
            together([
                point.holding([of_argument[row].get(leaf) for leaf in range(len(point.leaves))])
                for point, of_argument in zip(self.points, self.matrices, strict=True)
            ])
            for row in range(len(self.result.leaves))
        ])  # fmt: skip


def jacfwd(function: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The Jacobian, one column for each number of the argument: for functions of few inputs.

    Args:
        function: maps numbers, arrays and containers of them to the like.
        argnums: the positional arguments to differentiate, one or several.

    Returns:
        A function of the same arguments. For an array result and an array argument it returns an array of shape
        (*result shape, *argument shape). Otherwise it returns the structure of the result; in place of each number
        or array stands the structure of the argument, which holds these arrays, or a tuple of such where `argnums`
        is a tuple. A count in the result has zeros; a count in an object that is the argument has None.

    Raises:
        GS312: the argument holds no float, or counts outside of objects (when called).
        GS319: the result or an argument cannot be taken apart into numbers and arrays (when called).

    Example:
        >>> jacfwd(lambda x: x * x)(np.array([1.0, 2.0]))
        array([[2., 0.],
               [0., 4.]])
        >>> jacfwd(lambda p: p["scale"] * p["x"])({"scale": 3.0, "x": np.array([1.0, 2.0])})
        {'scale': array([1., 2.]), 'x': array([[3., 0.],
               [0., 3.]])}
    """

    def blocks(numbers: Sequence[int], args: Args, kwargs: Kwargs) -> Blocks:
        bound = functools.partial(function, **kwargs) if kwargs else function
        points = [_point(args, number) for number in numbers]
        result: Parts | None = None
        found: list[list[Matrices]] = []
        for number, point in zip(numbers, points, strict=True):
            tangents: list[Any] = [None] * len(args)
            columns: dict[int, list[Any]] = {}
            for leaf in point.floats:
                columns[leaf] = []
                for tangents[number] in point.units(leaf):
                    value, tangent = jvp(bound, args, tangents)
                    result = result or _parts(value, "the result")
                    columns[leaf].append(result.at_leaves(tangent))
            if result is None:
                tangents[number] = point.zero()
                result = _parts(jvp(bound, args, tangents)[0], "the result")
            found.append(
                [
                    {leaf: _side_by_side(columns[leaf], row, result, point.leaves[leaf]) for leaf in columns}
                    for row in range(len(result.leaves))
                ]
            )
        assert result is not None
        return Blocks(result, points, found)

    return _of_arguments(function, argnums, blocks, "jacobian")


def _side_by_side(columns: Sequence[Sequence[Any]], row: int, result: Parts, leaf: Any) -> np.ndarray:
    """The columns of one part of the result, put together."""
    shape = (*np.shape(result.leaves[row]), *np.shape(leaf))
    if not columns:
        return np.zeros(shape, np.asarray(result.leaves[row]).dtype)
    return np.stack([np.asarray(column[row]) for column in columns], axis=-1).reshape(shape)


def jacrev(function: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The Jacobian, one row for each number of the result: for functions of few outputs.

    Args:
        function: maps numbers, arrays and containers of them to the like.
        argnums: the positional arguments to differentiate, one or several.

    Returns:
        As `jacfwd`.

    Raises:
        GS312: the argument holds no float, or counts outside of objects (when called).
        GS319: the result or an argument cannot be taken apart into numbers and arrays (when called).

    Example:
        >>> jacrev(lambda x: x * x)(np.array([1.0, 2.0]))
        array([[2., 0.],
               [0., 4.]])
        >>> jacrev(lambda x, y: {"sum": x + y, "product": x * y}, argnums=(0, 1))(3.0, 4.0)
        {'sum': (array(1.), array(1.)), 'product': (array(4.), array(3.))}
    """

    def blocks(numbers: Sequence[int], args: Args, kwargs: Kwargs) -> Blocks:
        bound = functools.partial(function, **kwargs) if kwargs else function
        points = [_point(args, number) for number in numbers]
        value, pullback = vjp(bound, *args)
        result = _parts(value, "the result")
        found: list[list[Matrices]] = [[] for _ in numbers]
        for row, leaf in enumerate(result.leaves):
            units = result.units(row) if row in result.floats else ()
            gradients = [pullback(unit, retain_graph=True) for unit in units]
            for number, point, matrices in zip(numbers, points, found, strict=True):
                rows = [point.at_leaves(gradient[number]) for gradient in gradients]
                matrices.append({k: _above_each_other(rows, k, leaf, point.leaves[k]) for k in point.floats})
        return Blocks(result, points, found)

    return _of_arguments(function, argnums, blocks, "jacobian")


def _above_each_other(rows: Sequence[Sequence[Any]], column: int, result: Any, leaf: Any) -> np.ndarray:
    """The rows of one part of the argument, put together."""
    shape = (*np.shape(result), *np.shape(leaf))
    if not rows:
        return np.zeros(shape, np.asarray(leaf).dtype)
    return np.stack([np.asarray(row[column]) for row in rows]).reshape(shape)


jacobian = jacrev


def hessian(function: Function, argnums: int | Sequence[int] = 0) -> Function:
    """The matrix of second derivatives of a function with a scalar result.

    Forward mode over reverse mode: one column for each number of the argument.

    Args:
        function: maps numbers, arrays and containers of them to a real scalar.
        argnums: the positional arguments to differentiate, one or several.

    Returns:
        A function of the same arguments. It returns an array of shape (*argument shape, *argument shape); for a
        container the structure of the argument, which holds it once more in place of each number and array. Where
        `argnums` is a tuple, the arguments are a tuple, outside and inside.

    Example:
        >>> hessian(lambda x: (x**3).sum())(np.array([1.0, 2.0]))
        array([[ 6.,  0.],
               [ 0., 12.]])
        >>> hessian(lambda p: p["a"] * p["b"] ** 2)({"a": 2.0, "b": 3.0})
        {'a': {'a': array(0.), 'b': array(6.)}, 'b': {'a': array(6.), 'b': array(4.)}}
    """
    return jacfwd(grad(function, argnums, create_graph=True), argnums)


def hvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> Any:
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
    function: Function,
    argnums: int | Sequence[int],
    blocks_of: Callable[[Sequence[int], Args, Kwargs], Blocks],
    suffix: str,
) -> Function:
    @functools.wraps(function)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, int):
            return blocks_of((argnums,), args, kwargs).nested(lambda parts: parts[0])
        return blocks_of(argnums, args, kwargs).nested(tuple)

    differentiated.__name__ = f"{getattr(function, '__name__', 'function')}_{suffix}"
    return differentiated


def _point(args: Args, number: int) -> Parts:
    """The argument to differentiate."""
    if not -len(args) <= number < len(args):
        title = f"there is no argument {number}: the function was given {len(args)}"
        raise UsageError(Diagnostic("GS303", title, fix="choose another by `argnums`"))
    name = f"args[{number}]"
    point = _parts(args[number], name)
    whole = next(point.counts(name), None)
    if whole is not None or not point.floats:
        path, kind = whole or (name, "empty")
        title = f"cannot differentiate with respect to `{path}`, which is {kind}"
        fix = f"pass `{path}.astype(float)` or `float({path})`"
        raise UsageError(Diagnostic("GS312", title, why="only floats have derivatives", fix=fix))
    return point


def _parts(value: object, what: str) -> Parts:
    try:
        return Parts.of(value, what)
    except UsageError as error:
        title = f"a Jacobian is made of arrays, but {what} is of type {type(value).__name__}"
        why = error.diagnostics[0].why
        raise UsageError(
            Diagnostic("GS319", title, why=why, fix="return arrays, or use vjp or jvp")
        ) from None
