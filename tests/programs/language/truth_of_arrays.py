"""Arrays asked for their truth inside of a `try`: those of several elements have none, which the handler sees.

In:  nothing.   Out: `PROGRAMS`.
Not here: other exceptions that are caught (exceptions.py).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

ONE = np.array([0.7])
ONE_NEGATIVE = np.array([-0.7])
SEVERAL = np.array([0.5, -0.8, 1.7])


@at(ONE)
@at(ONE_NEGATIVE)
@at(SEVERAL)
def after_if(x):
    try:
        if x > 0:
            y = x * 2.0
        else:
            y = x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def after_if_of_the_array_itself(x):
    try:
        y = np.sin(x) if x else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(ONE_NEGATIVE)
@at(SEVERAL)
def after_elif(x):
    y = x
    try:
        if np.sum(x) > 100.0:
            y = x * 2.0
        elif x < 0:
            y = x * 3.0
    except (TypeError, ValueError):
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def after_while(x):
    y = x
    try:
        while y < 5.0:
            y = y * 2.0
    except Exception:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(ONE_NEGATIVE)
@at(SEVERAL)
def conditional_expression(x):
    try:
        y = x * 2.0 if x > 0 else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(ONE_NEGATIVE)
@at(SEVERAL)
def asserted(x):
    try:
        assert x > 0
        y = x * 2.0
    except AssertionError:
        y = x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def negated(x):
    try:
        y = x * 2.0 if not x > 1.0 else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def one_of_two_conditions(x):
    try:
        if x.size > 7 or x > 0.6:
            y = x * 2.0
        else:
            y = x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def not_asked_on_this_way(x):
    try:
        y = x * 2.0 if x[0] > 0.6 or x > 0.0 else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def between_two_numbers(x):
    try:
        y = x * 2.0 if 0.0 < x < 1.0 else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def any_of_a_list(x):
    try:
        y = x * 2.0 if any([x > 1.0, x > 0.5]) else x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)


@at(ONE)
@at(SEVERAL)
def asked_inside_of_a_function(x):
    def leaky(v):
        if v > 0:
            return v
        return 0.1 * v

    try:
        y = leaky(x)
    except ValueError:
        y = np.where(x > 0, x, 0.1 * x)
    return np.sum(y * x)


@at(ONE, 9.0)
@at(SEVERAL, 9.0)
@at(SEVERAL, -2.0)
def state_half_changed(x, w):
    y = x * 1.0
    try:
        y[0] = math.log(w)
        if y > 0:
            y[0] *= 2.0
    except ValueError:
        y[0] *= 5.0
    return np.sum(y * w)


@at(ONE)
@at(SEVERAL)
def handled_outside_of_the_inner_try(x):
    y = x
    try:
        try:
            if x > 0:
                y = x * 2.0
        except KeyError:
            y = x * 3.0
    except ValueError:
        y = x**2
    return np.sum(y)
