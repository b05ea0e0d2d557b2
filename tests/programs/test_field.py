"""Programs of many fields: values bit for bit, every derivative in both modes and to second order."""

from __future__ import annotations

import pytest

import gradscribe as gs
from tests.programs.field import FieldProgram, programs
from tests.programs.idiom_checks import check_value_and_gradient

over_programs = pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)


@over_programs
def test_value_is_the_functions_and_gradient_the_differences(program: FieldProgram) -> None:
    check_value_and_gradient(program)


@over_programs
def test_modes_agree_and_second_derivatives_are_differences_of_first(program: FieldProgram) -> None:
    gs.testing.check_grads(program.function, program.args, order=2, rtol=1e-5, atol=1e-5)
