"""Errors of NumPy in derivative statements bear a note with the place; all others stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs

NOTHING = np.zeros((0, 2))


def notes(error):
    return [note for note in getattr(error, "__notes__", ()) if note.startswith("GS323")]


def median(x):
    return np.sum(np.nanmedian(x, axis=0))


@pytest.mark.filterwarnings("ignore:Mean of empty slice:RuntimeWarning")
def test_a_derivative_that_fails_where_the_value_does_not():
    assert np.isnan(median(NOTHING))
    with pytest.raises(IndexError, match="out of bounds") as caught:
        gs.grad(median)(NOTHING)
    (note,) = notes(caught.value)
    assert "test_explained.py:18:19" in note
    assert "| " + " " * 18 + "^" * len("np.nanmedian(x, axis=0)") + "\n" in note
    assert "why: IndexError" in note


def test_a_pullback_that_fails():
    def smallest(x):
        return np.linalg.norm(x, 2)

    x = np.zeros((2, 0))
    with pytest.raises(ValueError) as caught:
        value, pullback = gs.vjp(smallest, x)
        pullback(1.0)
    assert notes(caught.value)


def projected(x):
    y = x @ np.ones(3)
    return np.sum(y * y)


@gs.custom_vjp
def doubled(x):
    return 2.0 * x


def refuse(ct):
    raise ValueError("the rule of the user")


raising = gs.primitive(refuse)
raising.defvjp(lambda ct: (raising(ct), None), lambda _, ct: (ct,))
doubled.defvjp(lambda x: (2.0 * x, None), lambda _, ct: (raising(ct),))


@pytest.mark.parametrize(
    ("function", "args", "message"),
    [
        (projected, (np.ones((2, 2)),), "matmul"),
        (lambda x: np.sum(doubled(x)), (np.ones(2),), "the rule of the user"),
        (lambda x: np.linalg.eigh(x)[1][0, 0], (np.eye(2),), "eigenvalue"),
    ],
)
def test_errors_of_the_value_and_of_raise_statements_have_no_note(function, args, message):
    with pytest.raises(Exception, match=message) as caught:
        gs.grad(function)(*args)
    assert not notes(caught.value)


def test_a_power_that_is_complex():
    def root(x):
        return abs((-float(x[0])) ** 0.5)

    with pytest.raises(TypeError, match="complex") as caught:
        gs.grad(root)(np.array([2.0]))
    (note,) = notes(caught.value)
    assert "fix: a negative Python float to a fractional power is complex" in note


def test_a_complex_power_that_python_itself_compares():
    def size(x):
        return abs(x**0.5)

    assert gs.grad(size)(4.0) == 0.25
    with pytest.raises(TypeError, match="complex") as caught:
        gs.grad(size)(-2.0)
    (note,) = notes(caught.value)
    assert "fix: a negative Python float to a fractional power is complex" in note
