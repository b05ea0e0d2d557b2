"""What random programs found stays right, in every check; equal texts in two modules are two functions."""

from __future__ import annotations

import pytest

import gradscribe as gs
from tests.programs.campaign import failure_of
from tests.programs.found import FOUND
from tests.programs.load import load_module


@pytest.mark.parametrize("name", FOUND)
def test_program_that_was_wrong_once(name):
    assert failure_of(FOUND[name], every=True) is None


def test_functions_of_one_text_in_two_modules_are_no_recursion():
    text = (
        "def step(x, n):\n    if n < 1:\n        return x * x * scale\n    return other(x, n - 1) * scale\n"
    )
    one, two = load_module(text, scale=2.0), load_module(text, scale=3.0)
    one.other, two.other = two.step, one.step
    derivative = gs.value_and_grad(one.step)
    assert [derivative(1.0, n) for n in range(4)] == [(2.0, 4.0), (6.0, 12.0), (12.0, 24.0), (36.0, 72.0)]


def test_error_names_the_file_of_the_function_among_two_of_one_text():
    text = "def f(x):\n    global kept\n    kept = x\n    return x * x\n"
    first, second = load_module(text), load_module(text)
    for module in (first, second):
        with pytest.raises(gs.errors.GradscribeError) as caught:
            gs.grad(module.f)(2.0)
        assert module.__name__ in str(caught.value)
