"""Checks of derivatives for the tests of users' own functions.

In:  a function and a point.   Out: nothing, or an `AssertionError` that says what differs from what.
Not here: tests of gradscribe itself (tests/).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gradscribe.api.grad import grad
from gradscribe.api.jvp import jvp
from gradscribe.api.vjp import vjp
from gradscribe.frontend.structure import StructureReader, part_of, rebuilt
from gradscribe.ir.signature import Container, Fixed, Leaf, Structure

STEPS = {8: 1e-3, 4: 3e-2, 2: 1e-1, 16: 1e-3}
TOLERANCES = {8: 1e-6, 4: 5e-3, 2: 1e-1, 16: 1e-6}


def check_grads(
    function: Callable[..., Any],
    args: Sequence[Any],
    order: int = 1,
    modes: Sequence[str] = ("forward", "reverse"),
    *,
    rtol: float | None = None,
    atol: float | None = None,
    seed: int = 0,
) -> None:
    """Compare derivatives at a point with central differences and with each other.

    Forward mode is compared with Richardson-extrapolated differences along a random direction; reverse mode with
    forward mode by the dot-product test ⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩, which needs no differences.

    Args:
        function: takes numbers, arrays, and containers of them.
        args: the point; keep it away from kinks.
        order: 1, or 2 to check the gradient's own derivative as well.
        modes: "forward", "reverse", or both.
        rtol: relative tolerance; by default one that suits the precision of the arguments.
        atol: absolute tolerance; the same by default.
        seed: of the random directions.

    Raises:
        AssertionError: a derivative differs.

    Example:
        >>> check_grads(lambda x: np.sum(np.sin(x)), (np.array([0.1, 0.2]),))
    """
    rng = np.random.default_rng(seed)
    tangents = tuple(_direction(argument, rng) for argument in args)
    itemsize = _itemsize(args)
    relative = TOLERANCES[itemsize] if rtol is None else rtol
    absolute = TOLERANCES[itemsize] if atol is None else atol
    value, tangent = jvp(function, args, tangents)
    if "forward" in modes:
        expected = differences(function, args, tangents, STEPS[itemsize])
        _compare("forward mode", expected, tangent, relative, absolute)
    if "reverse" in modes:
        _check_transpose(function, args, tangents, value, tangent, relative, absolute, rng)
    if order > 1:
        weighted = _weighted(function, value, rng)
        varied = tuple(number for number, direction in enumerate(tangents) if direction is not None)
        gradient = grad(weighted, varied, create_graph=order > 2)
        again = grad(weighted, varied, create_graph=True)
        expected = differences(gradient, args, tangents, STEPS[itemsize])
        _compare("second order", expected, jvp(again, args, tangents)[1], relative, absolute)


def differences(
    function: Callable[..., Any], args: Sequence[Any], tangents: Sequence[Any], step: float
) -> list[np.ndarray]:
    """The derivative in a direction by central differences, extrapolated to step 0 (error of order step⁴)."""

    def central(h: float) -> list[np.ndarray]:
        ahead = _leaves(function(*(_moved(a, t, h) for a, t in zip(args, tangents, strict=True))))
        behind = _leaves(function(*(_moved(a, t, -h) for a, t in zip(args, tangents, strict=True))))
        return [(a - b) / (2 * h) for a, b in zip(ahead, behind, strict=True)]

    wide, narrow = central(step), central(step / 2)
    return [(4 * n - w) / 3 for w, n in zip(wide, narrow, strict=True)]


def assert_matches_sympy(
    function: Callable[..., Any],
    expression: str,
    points: Sequence[Sequence[float]],
    *,
    order: int = 1,
    rtol: float = 1e-10,
) -> None:
    """Compare a scalar function and its derivatives with a SymPy expression.

    Args:
        function: takes numbers and returns one.
        expression: the same mathematics, as SymPy reads it, in the names of the function's parameters.
        points: where to compare.
        order: of the highest derivative with respect to the first argument.
        rtol: relative tolerance.

    Raises:
        AssertionError: a value or a derivative differs.

    Example:
        >>> assert_matches_sympy(lambda x, y: x**2 * y, "x**2 * y", [(2.0, 3.0)])
    """
    # SymPy takes half a second to load.
    import sympy

    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    symbols = {name: sympy.Symbol(name, real=True) for name in names}
    wanted = sympy.sympify(expression, locals=dict(symbols))
    first = symbols[names[0]]
    derivative: Callable[..., Any] = function
    for level in range(order + 1):
        for point in points:
            expected = float(wanted.subs(dict(zip(symbols.values(), point, strict=True))).evalf(30))
            got = derivative(*point)
            message = f"derivative {level} of `{expression}` at {tuple(point)}: {got}, SymPy says {expected}"
            assert np.isclose(got, expected, rtol=rtol, atol=rtol), message
        if level < order:
            wanted = sympy.diff(wanted, first)
            derivative = grad(derivative, create_graph=True)


def _check_transpose(
    function: Callable[..., Any],
    args: Sequence[Any],
    tangents: Sequence[Any],
    value: Any,
    tangent: Any,
    rtol: float,
    atol: float,
    rng: np.random.Generator,
) -> None:
    cotangent = _direction(value, rng)
    pulled = vjp(function, *args)[1](cotangent)
    forward = _dot(cotangent, tangent)
    backward = sum(_dot(t, p) for t, p in zip(tangents, pulled, strict=True) if t is not None)
    # Of what is not holomorphic only the real parts agree.
    _compare("reverse mode", [np.asarray(forward.real)], np.real(backward), rtol, atol)


def _compare(what: str, expected: list[np.ndarray], got: Any, rtol: float, atol: float) -> None:
    for wanted, found in zip(expected, _leaves(got), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=rtol, atol=atol, err_msg=f"{what} is wrong")


def _weighted(function: Callable[..., Any], value: Any, rng: np.random.Generator) -> Callable[..., Any]:
    """A scalar function that depends on every element of the result."""
    if not isinstance(value, np.ndarray):
        return function
    weights = np.asarray(rng.normal(size=value.shape)).astype(value.dtype)

    def weighted(*args: Any) -> Any:
        return np.sum(weights * function(*args))

    # It counts as the user's: functions of gradscribe itself are not lowered.
    weighted.__module__ = function.__module__
    return weighted


def _itemsize(args: Sequence[Any]) -> int:
    """Bytes of the least precise float among the arguments."""
    return min((leaf.dtype.itemsize for leaf in _leaves(args)), default=8)


def _leaves(value: Any) -> list[np.ndarray]:
    """The float leaves of nested containers, as arrays."""
    reader = StructureReader()
    reader.read(value, "value")
    arrays = [np.asarray(leaf) for leaf in reader.values]
    return [array for array in arrays if array.dtype.kind in "fc"]


def _direction(value: Any, rng: np.random.Generator) -> Any:
    """Random numbers in the structure of a value, None where it is not float."""

    def random(leaf: Any) -> Any:
        array = np.asarray(leaf)
        if array.dtype.kind not in "fc":
            return None
        made = np.asarray(rng.normal(size=array.shape)).astype(array.dtype)
        if array.dtype.kind == "c":
            made = made + np.asarray(1j * rng.normal(size=array.shape)).astype(array.dtype)
        return made if isinstance(leaf, np.ndarray) else made[()]

    return _mapped(random, value)


def _moved(value: Any, direction: Any, step: float) -> Any:
    """value + step * direction, of the kinds and dtypes of value."""

    def move(leaf: Any, along: Any) -> Any:
        if along is None:
            return leaf
        moved = np.asarray(leaf + np.asarray(along) * step).astype(np.asarray(leaf).dtype)
        return moved if isinstance(leaf, np.ndarray) else type(leaf)(moved[()])

    return _mapped(move, value, direction) if direction is not None else value


def _dot(left: Any, right: Any) -> Any:
    """Inner product over all leaves."""
    return sum(np.sum(a * b) for a, b in zip(_leaves(left), _leaves(right), strict=True))


def _mapped(function: Callable[..., Any], *values: Any) -> Any:
    structure = StructureReader().read(values[0], "value")
    return _mapped_parts(function, structure, values)


def _mapped_parts(function: Callable[..., Any], structure: Structure, values: Sequence[Any]) -> Any:
    match structure:
        case Leaf():
            return function(*values)
        case Fixed(value):
            return value
        case Container(kind, _, keys, children):
            parts = [
                _mapped_parts(function, child, [part_of(kind, value, position, key) for value in values])
                for position, (key, child) in enumerate(zip(keys, children, strict=True))
            ]
            return rebuilt(structure, parts)
