"""Text that holds values of run time is compared when the function runs, as Python compares it."""

from textwrap import dedent

import pytest

import gradscribe as gs
from tests.programs.load import load_module

# Each is asked of `name = f"{x:.2f}"`; at 2.0 and at 3.25 the answers may differ.
QUESTIONS = [
    'name in {"2.00": 1}',
    'name == "2.00"',
    'name != "2.00"',
    '"2.00" == name',
    'name in ("2.00", "b")',
    'name not in ["2.00"]',
    'name < "3"',
    '"3" >= name',
    "not name",
    "name and True",
    "name.strip('2.0')",
    'name.strip() == "2.00"',
    'name + "a" == "2.00a"',
    'name * 2 == "2.002.00"',
    '"".join([name, "a"]) == "2.00a"',
    'str(x) == "2.0"',
    '"%.2f" % x == "2.00"',
    '"{:.2f}".format(x) == "2.00"',
    'format(x, ".2f") == "2.00"',
    'f"{name}" == "2.00"',
    'name == f"{x:.2f}"',
    'name.replace(".", "") == "200"',
    '["2.00", "a"].count(name) == 1',
    "isinstance(name, str)",
    "type(name) is str",
    "name is None",
    "name == 2.0",
    "len(name) == 4",
    "all([name])",
]


def loaded(source):
    return load_module(dedent(source)).chosen


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_python(question):
    function = loaded(
        f"""
        def chosen(x):
            name = f"{{x:.2f}}"
            if {question}:
                return 2.0 * x
            return 5.0 * x
        """
    )
    for x in (2.0, 3.25):
        assert gs.grad(function)(x) == function(x) / x


@pytest.mark.parametrize(
    "question",
    ['name[0] == "2"', 'name.startswith("2")', '"." in name'],
)
def test_other_questions_are_refused(question):
    function = loaded(
        f"""
        def chosen(x):
            name = f"{{x:.2f}}"
            return x if {question} else 2.0 * x
        """
    )
    with pytest.raises(gs.GradscribeError):
        gs.grad(function)(2.0)


def matched(x):
    match f"{x:.0f}":
        case "2":
            return x**2
        case "3" | "4":
            return x**3
        case _:
            return x


def test_text_is_matched_when_the_function_runs():
    assert [gs.grad(matched)(x) for x in (2.0, 3.0, 7.0)] == [4.0, 27.0, 1.0]
