"""Annotations: those that Python evaluates when a function is made inside, and those that it leaves alone.

In:  nothing.   Out: `PROGRAMS`.
Not here: types that are taken from annotations (tests/api). With `from __future__ import annotations`, which is
not here, no annotation is evaluated.
"""

from typing import Annotated

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([0.8, 1.5, 0.6])


class Holder:
    pass


@at(x3)
def annotations_of_a_function_that_is_made_inside(x):
    notes = []

    def note(value):
        notes.append(value)
        return float

    def scaled(
        a: note(x[0]) = 1.0, /, b: note(x[1]) = 2.0, *c: note(2.0), d: note(x[2]) = note(4.0), **e: note(5.0)
    ) -> note(6.0):
        return a * b

    return scaled(x[1]) * sum(value * (i + 1) for i, value in enumerate(notes))


@at(x3)
def annotation_that_binds_a_name(x):
    total = 0.0
    for v in x:
        k = v * 2.0

        def scaled(a: (k := v**2)):
            return a * k  # noqa: B023

        total += scaled(v)
    return total


@at(x3)
def annotations_that_only_name_classes(x):
    def scaled(a: Annotated[float, "m"], b: "np.zeros(3)" = 2.0, c: np.ndarray | None = None) -> list[float]:
        return a * b

    return scaled(x[0]) * x[1]


@at(x3)
def annotated_assignments(x):
    notes, held, row = [], Holder(), [0.0]
    local: notes.append(1.0) = x[0]
    held.v: notes.append(2.0) = x[1] ** 2
    row[0]: notes.append(3.0) = local * held.v
    return row[0] * (1.0 + len(notes))


@at(x3)
def annotated_without_a_value(x):
    count = 0

    def counted(values):
        nonlocal count
        count += 1
        return values

    held = Holder()
    counted(held).v: float
    counted([x])[counted(0)]: float
    return x[0] ** 2 * count
