"""The cotangent of a list that was summed up is one number, and is read as such."""

from __future__ import annotations

import math

import numpy as np
import pytest

import gradscribe as gs

X = np.array([0.4, 0.9, 1.6])


def summed(x):
    roots = []
    for v in x:
        roots.append(math.sqrt(v))
    return sum(roots) * x[0]


def summed_twice(x):
    roots = []
    for v in x:
        roots.append(math.sqrt(v))
    return sum(roots) * sum(roots)


def partly_read(x):
    roots = []
    for v in x:
        roots.append(math.sqrt(v))
    return sum(roots) + roots[1] * x[0]


def filled_in_branches(x):
    roots = []
    for v in x:
        if v > 0.5:
            roots.append(math.sqrt(v))
    return sum(roots) * x[2]


@pytest.mark.parametrize("program", [summed, summed_twice, partly_read, filled_in_branches])
def test_derivatives_are_those_of_differences(program):
    gs.testing.check_grads(program, (X,), order=2)


def test_a_loop_reads_the_number_of_which_the_list_is_made():
    source = gs.grad(summed).compile(X).source
    assert ".pop()" not in source
    assert "] * " not in source


def test_a_list_that_is_read_elsewhere_stays():
    source = gs.grad(partly_read).compile(X).source
    assert ".pop()" in source
