"""Each golden: its text is the stored one, and it runs: against the hand-written derivative and differences."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import gradscribe as gs
from tests.golden.cases import EXPECTED, NAMES, golden, leaves, moved

ROOT = Path(__file__).parents[2]


def differentiated(case, arguments):
    """The arguments with respect to which the golden differentiates, as one tuple."""
    argnums = (case.argnums,) if isinstance(case.argnums, int) else case.argnums
    return tuple(arguments[position] for position in argnums)


def gradient_of(case, result):
    """The gradient part of what the derivative returned."""
    return result[1] if case.mode == "value_and_grad" else result


def assert_same_leaves(actual, expected, rtol):
    actual, expected = list(leaves(actual)), list(leaves(expected))
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(one, other, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name", NAMES)
def test_source_is_the_stored_text(name, update_golden):
    path = EXPECTED / f"{name}.py"
    text = golden(name).source()
    if update_golden:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_every_stored_text_has_a_program():
    assert sorted(path.stem for path in EXPECTED.glob("*.py")) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if golden(name).by_hand])
def test_derivative_is_the_hand_written_one(name):
    case = golden(name)
    for seed in range(3):
        result = case.derivative()(*case.arguments(seed))
        assert_same_leaves(result, case.by_hand(*case.arguments(seed)), rtol=1e-11)


@pytest.mark.parametrize("name", [name for name in NAMES if golden(name).order == 1])
def test_derivative_agrees_with_differences_in_a_random_direction(name):
    case = golden(name)
    arguments = case.arguments()
    gradient = list(leaves(gradient_of(case, case.derivative()(*arguments))))
    rng = np.random.default_rng(1)
    direction = [rng.normal(size=np.shape(leaf)) for leaf in leaves(differentiated(case, arguments))]
    expected = directional_difference(case, arguments, direction)
    actual = sum(np.sum(d * v) for d, v in zip(gradient, direction, strict=True))
    np.testing.assert_allclose(actual, expected, rtol=1e-7, atol=1e-8)


def directional_difference(case, arguments, direction):
    """Fourth-order central difference of the program along the direction."""
    argnums = (case.argnums,) if isinstance(case.argnums, int) else case.argnums

    def value(step):
        at = list(arguments)
        for position, argument in zip(argnums, moved(differentiated(case, arguments), direction, step)):
            at[position] = argument
        return case.program(*at)

    h = 1e-3 / max(1.0, max(np.max(np.abs(d)) for d in direction))
    return (8.0 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12.0 * h)


@pytest.mark.parametrize("name", NAMES)
def test_value_is_bit_for_bit_the_function_s(name):
    case = golden(name)
    value, _ = gs.value_and_grad(case.program, argnums=case.argnums)(*case.arguments())
    expected = case.program(*case.arguments())
    assert type(value) is type(expected)
    assert np.asarray(value).tobytes() == np.asarray(expected).tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_arguments_may_be_read_only_and_are_left_alone(name):
    case = golden(name)
    arguments = case.arguments()
    for leaf in leaves(arguments):
        if isinstance(leaf, np.ndarray):
            leaf.flags.writeable = False
    frozen = case.derivative()(*arguments)
    free = case.derivative()(*case.arguments())
    assert_same_leaves(frozen, free, rtol=0.0)
    for before, after in zip(leaves(case.arguments()), leaves(arguments)):
        assert np.array_equal(before, after)


@pytest.mark.parametrize("name", NAMES)
def test_saved_module_runs_without_gradscribe(name, tmp_path):
    case = golden(name)
    derivative = case.derivative()
    expected = derivative(*case.arguments())
    path = tmp_path / f"saved_{name}.py"
    derivative.save(path)
    assert "import gradscribe" not in path.read_text()
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    function = getattr(module, entry_name(derivative))
    actual = function(*case.arguments())
    for one, other in zip(leaves(actual), leaves(expected), strict=True):
        assert np.asarray(one).tobytes() == np.asarray(other).tobytes()


def entry_name(derivative):
    """Name of the function that the derivative object runs."""
    return derivative.__name__


def sources_under(seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run(
        [sys.executable, "-m", "tests.golden.cases"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=True,
    )
    return run.stdout


def test_sources_are_the_same_bytes_under_any_hash_seed():
    first = sources_under("1")
    assert first.count(b"### ") == len(NAMES)
    assert first == sources_under("4242")
