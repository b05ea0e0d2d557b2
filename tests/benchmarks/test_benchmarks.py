"""The benchmarks measure what they say: ratios within a turn, functions of so many lines, the bare function."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from benchmarks.__main__ import print_table
from benchmarks.calls import nested, saved
from benchmarks.compiling import written
from benchmarks.field import measured
from benchmarks.measure import Timings, in_turns
from benchmarks.peers import FUNCTIONS
from benchmarks.programs import PROGRAMS
from tests.programs.field import programs


def test_ratios_are_taken_within_a_turn():
    timings = Timings({"a": [2.0, 20.0, 6.0], "b": [1.0, 10.0, 2.0]})
    assert timings.ratio("a", "b") == 2.0
    assert timings.difference("a", "b") == 4.0
    assert timings.seconds("a") == 6.0


def test_each_function_is_called_in_every_turn():
    timings = in_turns({"one": lambda: None, "other": lambda: None}, seconds=0.0, turns=3)
    assert {name: len(samples) for name, samples in timings.samples.items()} == {"one": 3, "other": 3}


@pytest.mark.parametrize("lines", [30, 100])
def test_compiled_functions_have_so_many_lines(tmp_path, lines):
    function = written(tmp_path, f"lines_{lines}", lines)
    assert function.__code__.co_firstlineno == 2
    assert len((tmp_path / f"lines_{lines}.py").read_text().splitlines()) == lines + 1
    gs.testing.check_grads(function, (np.eye(3), np.ones(3), np.zeros(3)))


def test_the_bare_function_is_the_generated_one():
    a = np.linspace(0.5, 1.0, 10)
    arguments = ([(a, a + 1.0), (a + 2.0, a + 3.0), a + 4.0],)
    derivative = gs.grad(nested)
    expected = derivative(*arguments)
    actual = saved(derivative)(*arguments)
    assert np.array_equal(actual[0][0], expected[0][0])


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_peers_compute_the_function_of_the_golden(program):
    arguments = program.arguments(100)
    value = FUNCTIONS[program.name](np, *arguments)
    np.testing.assert_allclose(value, program.function(*arguments), rtol=1e-12)


def test_tables_show_every_row(capsys):
    print_table("title", [{"name": "a", "µs": 1234.5}, {"name": "b", "µs": 0.123456}])
    shown = capsys.readouterr().out
    assert "title" in shown
    assert "1,234" in shown
    assert "0.123" in shown


def test_field_programs_are_measured_with_the_size_for_benchmarks():
    program = next(program for program in programs() if program.name == "variational_elbo")
    row = measured(program, seconds=0.0)
    assert row["program"] == "variational_elbo"
    assert len(program.larger[3]) > len(program.args[3])
    assert row["gradient µs"] > row["primal µs"] > 0.0
