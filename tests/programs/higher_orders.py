"""Second and third derivatives of any program, against differences of the complex step.

In:  a subject.   Out: nothing, or `Mismatch`.
Not here: first derivatives (checks.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import gradscribe as gs
from tests import references
from tests.programs.checks import Mismatch, Subject, assert_close
from tests.programs.load import load_module
from tests.references import moved_by, random_like


def check_second_order(subject: Subject) -> None:
    """The gradient of ⟨gradient, direction⟩ is the Hessian in that direction."""
    arguments, direction = subject.arguments(), _direction(subject)
    outer = gs.grad(_along(subject, subject.function, direction), argnums=subject.positions)
    found = outer(*arguments)
    # Differences lose digits where the function bends sharply; the tolerance is theirs.
    tolerance = 100 * subject.tolerance if subject.program.dtype == "float32" else 1e-6
    if subject.program.complex_numbers:
        # The gradient has been checked; it is what is differentiated.
        expected = _moved_gradient(subject, lambda point: subject.value_and_grad(*point)[1])
        assert_close(found, expected, tolerance, "second order")
        return
    try:
        expected = references.hessian_vector(subject.reference, subject.arguments(), direction)
        assert_close(found, expected, tolerance, "second order")
    except Mismatch:
        # A kink may be nearer than the step.
        expected = references.hessian_vector(subject.reference, subject.arguments(), direction, step=1e-6)
        assert_close(found, expected, tolerance, "second order")


def check_third_order(subject: Subject) -> None:
    """The gradient of ⟨Hessian direction, direction⟩, against second differences of the first gradient."""
    if subject.program.complex_numbers or subject.program.dtype == "float32":
        return
    direction = _direction(subject)
    second = _along(subject, subject.function, direction)
    outer = gs.grad(_along(subject, second, direction), argnums=subject.positions)
    found = outer(*subject.arguments())
    rough, fine = (_second_difference(subject, direction, step) for step in (2e-3, 1e-3))
    # Where the two differ, a kink is near, and neither says anything.
    if all(np.allclose(one, other, rtol=1e-4, atol=1e-4) for one, other in zip(rough, fine, strict=True)):
        assert_close(found, fine, 1e-3, "third order")


def _second_difference(subject: Subject, direction: Any, step: float) -> list[Any]:
    points = (moved_by(subject.arguments(), direction, k * step) for k in (-1, 0, 1))
    before, here, after = (references.gradient(subject.reference, point) for point in points)
    return [(a - 2.0 * b + c) / step**2 for a, b, c in zip(before, here, after, strict=True)]


def _moved_gradient(subject: Subject, gradient: Callable[[Any], Any]) -> list[Any]:
    """Differences of a gradient along the direction, leaf by leaf."""
    direction = _direction(subject)

    def leaf(number: int) -> Any:
        return references.difference(
            lambda t: gradient(moved_by(subject.arguments(), direction, t))[number], step=4e-5
        )

    return [leaf(number) for number in range(len(subject.positions))]


def _direction(subject: Subject) -> list[Any]:
    return random_like(subject.rng, list(subject.arguments()))  # type: ignore[no-any-return]


def _along(subject: Subject, function: Callable[..., Any], direction: Any) -> Callable[..., Any]:
    """The derivative of a function along a direction, as a function that can be differentiated."""
    inner = gs.grad(function, argnums=subject.positions, create_graph=True)
    module = load_module(_directional_source(len(direction)), direction=direction, inner=inner)
    return module.along  # type: ignore[no-any-return]


def _directional_source(count: int) -> str:
    names = [f"a{i}" for i in range(count)]
    terms = " + ".join(f"np.sum(d{i} * g{i})" for i in range(count))
    unpack = "".join(f"d{i}, " for i in range(count))
    gradients = "".join(f"g{i}, " for i in range(count))
    return (
        "import numpy as np\n\n\n"
        f"def along({', '.join(names)}):\n"
        f"    {gradients.rstrip()} = inner({', '.join(names)})\n"
        f"    {unpack.rstrip()} = direction\n"
        f"    return {terms}\n"
    )
