"""How a few things are written that a person would write so."""

from __future__ import annotations

import numpy as np

import gradscribe as gs


def steps(x, n):
    return np.sum(np.arange(1.0, 5.0, 2.0) * x) + np.sum(np.arange(0.5, n)) * x[0]


def test_bounds_of_ranges_stand_by_position():
    source = gs.value_and_grad(steps).compile(np.ones(2), 3).source
    assert "np.arange(1.0, 5.0, 2.0)" in source
    assert "np.arange(0.5, n)" in source


def pairs(x):
    found = [(v, v * v) for v in x]
    return sum(a * b for a, b in found)


def test_what_is_taken_out_of_a_list_is_taken_apart_at_once():
    source = gs.grad(pairs).compile(np.ones(3)).source
    (line,) = [line for line in source.splitlines() if ".pop()" in line]
    assert line.split("=")[0].count(",") == 1
