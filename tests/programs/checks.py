"""What must hold for the derivative of any program.

Each check takes a `Subject` and raises `Mismatch` where something is wrong; errors of gradscribe pass through.

In:  a program.   Out: nothing, or an exception.
Not here: the programs (generate.py), running many (campaign.py), the references (tests/references.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import gradscribe as gs
from gradscribe.ad.transforms import gradient as gradient_program
from gradscribe.codegen.numpy_source import generate as generate_source
from gradscribe.compiler.load import load
from gradscribe.compiler.pipeline import lower_function
from gradscribe.frontend.arguments import read_arguments
from gradscribe.ir.evaluate import evaluate
from gradscribe.ir.graph import Program as GraphProgram
from gradscribe.ir.verify import verify
from gradscribe.ops.execute import execute
from gradscribe.passes.pipelines import optimise
from tests import references
from tests.programs.generate import NAME, Program
from tests.programs.load import load_module
from tests.references import dot, is_float, leaves, random_like, rebuilt

TOLERANCE = {"float64": 1e-9, "float32": 2e-3}


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

    @cached_property
    def reference(self) -> Callable[..., Any]:
        """The function for complex numbers."""
        return references.complex_function(self.program.source, NAME)

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
        return TOLERANCE[self.program.dtype]

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
    assert_same_bits(value, subject.function(*subject.arguments()), "value")


def check_gradient(subject: Subject) -> None:
    """The gradient is that of the complex step, in the kinds and dtypes of the arguments."""
    arguments = subject.arguments()
    _, gradient = subject.value_and_grad(*arguments)
    assert_kinds(gradient, arguments)
    expected = references.gradient(subject.reference, subject.arguments())
    assert_close(gradient, expected, subject.tolerance, "gradient")


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
    plain = subject.function(*arguments)
    assert_same_bits(value, plain, "value of jvp")
    expected = references.directional(subject.reference, subject.arguments(), direction)
    assert_close(tangent, expected, subject.tolerance, "jvp")
    value, pullback = gs.vjp(subject.function, *arguments)
    assert_same_bits(value, plain, "value of vjp")
    seed = random_like(rng, plain)
    pulled = pullback(seed)
    forward, backward = dot(seed, tangent), dot(list(pulled), direction)
    size = sum(float(np.sum(np.abs(leaf))) for leaf in _listed(tangent) if is_float(leaf))
    if not abs(forward - backward) <= subject.tolerance * (1.0 + abs(forward) + size):
        raise Mismatch(f"⟨ȳ, jvp ẋ⟩ = {forward!r}, ⟨vjp ȳ, ẋ⟩ = {backward!r}")


def check_second_order(subject: Subject) -> None:
    """The gradient of ⟨gradient, direction⟩ is the Hessian in that direction."""
    arguments = subject.arguments()
    direction = random_like(subject.rng, list(arguments))
    inner = gs.grad(subject.function, argnums=subject.positions, create_graph=True)
    module = load_module(_directional_source(len(arguments)), direction=direction, inner=inner)
    outer = gs.grad(module.along, argnums=subject.positions)
    expected = references.hessian_vector(subject.reference, subject.arguments(), direction)
    # Differences lose digits where the function bends sharply; the tolerance is theirs.
    tolerance = 100 * subject.tolerance if subject.program.dtype == "float32" else 1e-6
    assert_close(outer(*arguments), expected, tolerance, "second order")


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


def check_evaluator(subject: Subject) -> None:
    """What is emitted computes what the graph means, with passes and without."""
    arguments = subject.arguments()
    read = read_arguments(subject.function, arguments, {})
    lowered = lower_function(subject.function, read)
    assert read.leaf_values is not None
    raw = gradient_program(lowered.program, subject.positions, value=True, name="derivative")
    expected: Sequence[object] | None = None
    for program in (raw, optimise(raw)):
        verify(program)
        meant = evaluate(program, read.leaf_values, execute)
        emitted = _run_emitted(program, subject.arguments())
        assert_close(emitted, list(meant), subject.tolerance, "emitted against evaluator")
        assert_same_bits(emitted[0], meant[0], "value emitted against evaluator")
        if expected is not None:
            assert_close(list(meant), list(expected), subject.tolerance, "passes on against off")
        expected = meant


def _run_emitted(program: GraphProgram, arguments: Sequence[Any]) -> list[Any]:
    generated = generate_source(program)
    loaded = load(
        generated.text, "emitted", generated.functions, generated.namespace, generated.derivative_lines
    )
    return _listed(loaded.functions[program.main](*arguments))


def check_arguments(subject: Subject) -> None:
    """Read-only, Fortran-ordered and strided arguments give the same, and are left as they were."""
    derivative = subject.value_and_grad
    _, expected = derivative(*subject.arguments())
    for arrange in (_read_only, _fortran, _strided):
        arguments = rebuilt(subject.arguments(), [arrange(leaf) for leaf in leaves(subject.arguments())])
        value, gradient = derivative(*arguments)
        assert_same_bits(value, subject.function(*arguments), f"value of {arrange.__name__[1:]} arguments")
        assert_close(gradient, expected, subject.tolerance, f"{arrange.__name__[1:]} arguments")
        assert_same_bits(
            list(arguments), list(subject.arguments()), f"{arrange.__name__[1:]} arguments after"
        )
        _check_apart(arguments, gradient)


def _read_only(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray):
        leaf.flags.writeable = False
    return leaf


def _fortran(leaf: Any) -> Any:
    return np.asfortranarray(leaf) if isinstance(leaf, np.ndarray) else leaf


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


NUMBER_CHECKS: tuple[Callable[[Subject], None], ...] = (
    check_value,
    check_gradient,
    check_modes,
    check_arguments,
    check_evaluator,
    check_second_order,
)
VALUES_CHECKS: tuple[Callable[[Subject], None], ...] = (check_modes,)


def checks_for(program: Program) -> tuple[Callable[[Subject], None], ...]:
    """The checks that apply."""
    return NUMBER_CHECKS if program.returns == "number" else VALUES_CHECKS


def check_program(program: Program, checks: Sequence[Callable[[Subject], None]] | None = None) -> None:
    """All checks, or these."""
    subject = Subject(program)
    for check in checks_for(program) if checks is None else checks:
        check(subject)
