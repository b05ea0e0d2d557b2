"""What must hold for the derivative of any program.

Each check takes a `Subject` and raises `Mismatch` where something is wrong; errors of gradscribe pass through.

In:  a program.   Out: nothing, or an exception.
Not here: the programs (generate.py), emitted text (emitted.py), higher orders (higher_orders.py), which program
gets which check (campaign.py), the references (tests/references.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import numpy as np
import pytest

import gradscribe as gs
from tests import references
from tests.programs.generate import NAME, Program
from tests.programs.load import load_module
from tests.references import dot, is_float, leaves, random_like, rebuilt

TOLERANCE = {"float64": 1e-9, "float32": 2e-3}


Arrange = Callable[[Any], Any]


class Mismatch(AssertionError):
    """The derivative of a program is not what it must be."""


@dataclass
class Subject:
    """A program, loaded, and its derivative objects."""

    program: Program

    @cached_property
    def module(self) -> Any:
        """The module of the program."""
        return load_module(self.program.source)

    @property
    def function(self) -> Callable[..., Any]:
        """The function to differentiate."""
        return getattr(self.module, NAME)  # type: ignore[no-any-return]

    @property
    def plain(self) -> Callable[..., Any]:
        """The function to call for the value."""
        return getattr(self.module, self.program.plain)  # type: ignore[no-any-return]

    @cached_property
    def reference(self) -> Callable[..., Any]:
        """The function for complex numbers."""
        return references.complex_function(self.program.source, self.program.plain)

    def expected_tangent(self, direction: Sequence[Any], arrange: Arrange = list) -> Any:
        """By the complex step; by differences where the program has complex numbers itself.

        Args:
            direction: one number or array for each argument.
            arrange: of the memory of the arguments, on which depends what is a view.
        """
        if self.program.complex_numbers:
            # A short step seldom crosses a kink.
            return references.real_directional(
                lambda *args: self.plain(*arrange(args)), self.arguments(), direction, step=2e-5
            )
        return references.directional(
            lambda *args: self.reference(*arrange(args)), self.arguments(), direction
        )

    def gradient_of(self, arrange: Arrange) -> list[Any]:
        """The gradient, likewise."""
        made = [np.zeros(shape) for shape in self.program.shapes]
        for position, index, unit in references.unit_directions(self.arguments()):
            made[position][index] = self.expected_tangent(unit, arrange)
        return made

    @cached_property
    def expected_gradient(self) -> list[Any]:
        """For arguments in one piece each."""
        return self.gradient_of(list)

    @cached_property
    def positions(self) -> tuple[int, ...]:
        """Positions of the arguments to differentiate."""
        return tuple(range(len(self.program.shapes)))

    @cached_property
    def value_and_grad(self) -> Any:
        """The derivative object."""
        return gs.value_and_grad(self.function, argnums=self.positions)

    def arguments(self) -> tuple[Any, ...]:
        """Fresh arguments."""
        return self.program.arguments()

    @property
    def tolerance(self) -> float:
        """Relative to the largest number compared."""
        return 1e-6 if self.program.complex_numbers else TOLERANCE[self.program.dtype]

    @property
    def rng(self) -> np.random.Generator:
        """The same numbers for the same program."""
        return np.random.default_rng(self.program.seed + 1)


# --- comparing -----------------------------------------------------------------------------------------------


def assert_same_bits(actual: Any, expected: Any, what: str) -> None:
    """Same kinds, shapes, dtypes and bits, leaf by leaf."""
    for one, other in zip(_listed(actual), _listed(expected), strict=True):
        same_kind = type(one) is type(other) and np.shape(one) == np.shape(other)
        if not same_kind or np.asarray(one).tobytes() != np.asarray(other).tobytes():
            raise Mismatch(
                f"{what}: {one!r} ({type(one).__name__}), expected {other!r} ({type(other).__name__})"
            )


def assert_close(actual: Any, expected: Any, tolerance: float, what: str) -> None:
    """The same shapes, and numbers within the tolerance of the largest one."""
    ones, others = _listed(actual), _listed(expected)
    scale = max(
        (float(np.max(np.abs(other), initial=0.0)) for other in others if other is not None), default=0.0
    )
    for position, (one, other) in enumerate(zip(ones, others, strict=True)):
        if other is None:
            continue
        if np.shape(one) != np.shape(other):
            raise Mismatch(f"{what}: leaf {position} has shape {np.shape(one)}, expected {np.shape(other)}")
        error = float(np.max(np.abs(np.asarray(one, float) - other), initial=0.0))
        if not error <= tolerance * (1.0 + scale):
            raise Mismatch(f"{what}: leaf {position} is {one!r}, expected {other!r}")


def _listed(value: Any) -> list[Any]:
    return list(leaves(value))


# --- checks --------------------------------------------------------------------------------------------------


def check_value(subject: Subject) -> None:
    """The value is bit for bit the function's."""
    value, _ = subject.value_and_grad(*subject.arguments())
    assert_same_bits(value, subject.plain(*subject.arguments()), "value")


def check_gradient(subject: Subject) -> None:
    """The gradient is that of the complex step, in the kinds and dtypes of the arguments."""
    arguments = subject.arguments()
    _, gradient = subject.value_and_grad(*arguments)
    assert_kinds(gradient, arguments)
    assert_close(gradient, subject.expected_gradient, subject.tolerance, "gradient")


def assert_kinds(gradient: Any, arguments: Any) -> None:
    """A cotangent has the shape and dtype of its argument."""
    for one, argument in zip(_listed(gradient), _listed(arguments), strict=True):
        if np.shape(one) != np.shape(argument):
            raise Mismatch(
                f"a cotangent of shape {np.shape(one)} for an argument of shape {np.shape(argument)}"
            )
        if isinstance(argument, np.ndarray):
            if not isinstance(one, np.ndarray) or one.dtype != argument.dtype:
                raise Mismatch(f"a cotangent {type(one).__name__} for an array of {argument.dtype}: {one!r}")
        elif not isinstance(one, float):
            raise Mismatch(f"a cotangent {type(one).__name__} for a number")


def check_modes(subject: Subject) -> None:
    """⟨ȳ, jvp ẋ⟩ = ⟨vjp ȳ, ẋ⟩, and the jvp is that of the complex step."""
    arguments, rng = subject.arguments(), subject.rng
    direction = random_like(rng, list(arguments))
    value, tangent = gs.jvp(subject.function, arguments, tuple(direction))
    plain = subject.plain(*subject.arguments())
    assert_same_bits(value, plain, "value of jvp")
    assert_close(tangent, subject.expected_tangent(direction), subject.tolerance, "jvp")
    value, pullback = gs.vjp(subject.function, *arguments)
    assert_same_bits(value, plain, "value of vjp")
    seed = random_like(rng, plain)
    pulled = pullback(seed)
    forward, backward = dot(seed, tangent), dot(list(pulled), direction)
    size = sum(float(np.sum(np.abs(leaf))) for leaf in _listed(tangent) if is_float(leaf))
    if not abs(forward - backward) <= subject.tolerance * (1.0 + abs(forward) + size):
        raise Mismatch(f"⟨ȳ, jvp ẋ⟩ = {forward!r}, ⟨vjp ȳ, ẋ⟩ = {backward!r}")


def check_forward(subject: Subject) -> None:
    """The jvp is the complex step's and ⟨gradient, ẋ⟩."""
    arguments = subject.arguments()
    direction = random_like(subject.rng, list(arguments))
    value, tangent = gs.jvp(subject.function, arguments, tuple(direction))
    assert_same_bits(value, subject.plain(*subject.arguments()), "value of jvp")
    assert_same_bits(list(arguments), list(subject.arguments()), "arguments after jvp")
    assert_close(tangent, subject.expected_tangent(direction), subject.tolerance, "jvp")
    _, gradient = subject.value_and_grad(*subject.arguments())
    backward = dot(list(gradient), direction)
    assert_close(tangent, backward, TOLERANCE[subject.program.dtype], "jvp against ⟨gradient, ẋ⟩")


def check_arguments(subject: Subject) -> None:
    """Arguments of any layout, read-only or sharing a buffer, give the same, and are left as they were."""
    derivative = subject.value_and_grad
    usual, usual_gradient = derivative(*subject.arguments())
    for arrange in (_read_only, _fortran, _strided, _neighbours):
        what = f"{arrange.__name__[1:]} arguments"
        arguments = arrange(subject.arguments())
        value, gradient = derivative(*arguments)
        assert_same_bits(list(arguments), list(subject.arguments()), f"{what} after")
        # A function that writes its arguments needs writable ones.
        plain = (lambda given: given) if arrange is _read_only else arrange
        assert_same_bits(value, subject.plain(*plain(subject.arguments())), f"value of {what}")
        # Where the layout decides what is a view, the program is another one.
        expected = usual_gradient if value == usual else subject.gradient_of(arrange)
        assert_close(gradient, expected, subject.tolerance, what)
        _check_apart(arguments, gradient)


def check_one_array_twice(subject: Subject) -> None:
    """One array as two arguments: the same partial derivatives as for two equal ones."""
    shapes = subject.program.shapes
    if subject.program.writes_arguments or len(shapes) < 2 or shapes[0] != shapes[1] or not shapes[0]:
        return
    first, _, *rest = subject.arguments()
    try:
        plain = subject.plain(first.copy(), first.copy(), *rest)
    except Exception as error:
        with pytest.raises(type(error)):
            subject.value_and_grad(first, first, *rest)
        return
    value, gradient = subject.value_and_grad(first, first, *rest)
    assert_same_bits(value, plain, "value for one array twice")
    _, expected = subject.value_and_grad(first.copy(), first.copy(), *rest)
    assert_close(gradient, expected, subject.tolerance, "one array twice")
    _check_apart((first, *rest), gradient)


def _each(arrange: Arrange) -> Arrange:
    """Arrange every leaf of the arguments."""

    @wraps(arrange)
    def arranged(arguments: Any) -> Any:
        return rebuilt(arguments, [arrange(leaf) for leaf in leaves(arguments)])

    return arranged


def _neighbours(arguments: Any) -> Any:
    """All arrays are parts of one buffer."""
    arrays = [leaf for leaf in leaves(arguments) if isinstance(leaf, np.ndarray)]
    if not arrays:
        return arguments
    buffer = np.concatenate([array.ravel() for array in arrays])
    parts = iter(np.split(buffer, np.cumsum([array.size for array in arrays])[:-1]))
    made = [
        next(parts).reshape(leaf.shape) if isinstance(leaf, np.ndarray) else leaf
        for leaf in leaves(arguments)
    ]
    return rebuilt(arguments, made)


@_each
def _read_only(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        leaf.flags.writeable = False
    return leaf


@_each
def _fortran(leaf: Any) -> Any:
    return np.asfortranarray(leaf) if isinstance(leaf, np.ndarray) else leaf


@_each
def _strided(leaf: Any) -> Any:
    if not isinstance(leaf, np.ndarray):
        return leaf
    wide = np.zeros((*leaf.shape[:-1], 2 * leaf.shape[-1]), leaf.dtype)
    wide[..., ::2] = leaf
    return wide[..., ::2]


def _check_apart(arguments: Any, gradient: Any) -> None:
    arrays = [leaf for leaf in _listed(gradient) if isinstance(leaf, np.ndarray)]
    taken = [leaf for leaf in _listed(arguments) if isinstance(leaf, np.ndarray)]
    for position, array in enumerate(arrays):
        for other in (*taken, *arrays[:position]):
            if np.shares_memory(array, other):
                raise Mismatch("a cotangent shares memory with an argument or another cotangent")
