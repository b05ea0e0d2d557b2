"""Every construct: values bit for bit, derivatives by both modes to second order, against differences."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from tests.programs import idiom_checks as checks
from tests.programs.idioms import Idiom
from tests.programs.language import ALL
from tests.programs.language.asked_once import BEYOND
from tests.programs.language.mixed_rows import RAISING as RAISING_OF_ROWS
from tests.programs.language.numbers import LACKING
from tests.programs.language.optional import RAISING as RAISING_OF_NONE
from tests.programs.language.optional import RAISING_NUMBERS
from tests.programs.language.powers import COMPLEX
from tests.programs.language.powers import RAISING as RAISING_POWERS
from tests.programs.language.refused import RAISING, Refused
from tests.programs.language.refused_protocols import REFUSED
from tests.programs.language.refused_rows import RAISING as RAISING_ROWS
from tests.programs.language.refused_rows import REFUSED as REFUSED_ROWS
from tests.programs.language.same_items import UNKNOWN
from tests.programs.language.texts import RAISING as RAISING_TEXTS

PROGRAMS = [pytest.param(idiom, id=f"{subject}-{idiom.function.__name__}")
            for subject, programs in ALL.items() for idiom in programs]  # fmt: skip


def over(programs: list) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("idiom", programs)


@over(PROGRAMS)
def test_value_and_derivatives_by_both_modes_to_second_order(idiom: Idiom) -> None:
    checks.check_idiom(idiom)


@pytest.mark.parametrize("case", [*REFUSED, *REFUSED_ROWS], ids=lambda case: case.function.__name__)
def test_what_is_refused_says_why_and_what_to_write(case: Refused) -> None:
    with pytest.raises(gs.errors.GradscribeError, match=case.code) as raised:
        gs.grad(case.function)(*case.args)
    first = raised.value.diagnostics[0]
    assert first.why and first.fix and first.location is not None


@pytest.mark.parametrize(
    "program",
    [*RAISING, *RAISING_TEXTS, *RAISING_NUMBERS, *RAISING_OF_ROWS, *RAISING_ROWS],
    ids=lambda program: program.function.__name__,
)
def test_what_raises_in_python_raises_the_same(program: Idiom) -> None:
    with pytest.raises(Exception) as expected:
        program.function(*program.args)
    with pytest.raises(type(expected.value)) as raised:
        gs.grad(program.function)(*program.args)
    assert str(expected.value) == str(raised.value)


@pytest.mark.parametrize("program", BEYOND, ids=lambda program: program.function.__name__)
def test_the_run_says_that_python_would_compute_another_item(program: Idiom) -> None:
    with pytest.raises(NotImplementedError, match="asked for more items than are gone over"):
        gs.grad(program.function)(*program.args)


@pytest.mark.parametrize("program", RAISING_OF_NONE, ids=lambda program: program.function.__name__)
def test_none_that_is_used_raises_the_same_class(program: Idiom) -> None:
    with pytest.raises(Exception) as expected:
        program.function(*program.args)
    with pytest.raises(type(expected.value), match="None"):
        gs.grad(program.function)(*program.args)


def test_a_function_that_returned_none_says_so() -> None:
    def sometimes(x):
        if x > 0.0:
            return x**2

    assert 6.0 == gs.grad(sometimes)(3.0)
    with pytest.raises(TypeError, match="sometimes returned None"):
        gs.grad(sometimes)(-3.0)


@over(UNKNOWN)
def test_nan_that_may_be_another_nan_is_an_error(idiom: Idiom) -> None:
    idiom.function(*idiom.args)
    with pytest.raises(NotImplementedError, match="equal itself|is nan|by nan|makes no order"):
        gs.grad(idiom.function)(*idiom.args)


@over(LACKING)
def test_what_only_numbers_of_numpy_have_is_an_attribute_error(idiom: Idiom) -> None:
    for function in (idiom.function, gs.grad(idiom.function)):
        with pytest.raises(AttributeError, match="has no attribute"):
            function(*idiom.args)


@over(RAISING_POWERS)
def test_a_negative_exponent_where_an_int_is_needed_raises_the_same_class(idiom: Idiom) -> None:
    with pytest.raises(TypeError):
        idiom.function(*idiom.args)
    with pytest.raises(TypeError, match="negative exponent"):
        gs.grad(idiom.function)(*idiom.args)


@over(COMPLEX)
def test_a_part_of_a_complex_power_is_an_error(idiom: Idiom) -> None:
    assert np.isreal(idiom.function(*idiom.args))
    with pytest.raises(NotImplementedError, match="complex number"):
        gs.grad(idiom.function)(*idiom.args)
