"""Lists that grow by what is computed from all of their items: histories of solvers, sums over them.

In:  nothing.   Out: `PROGRAMS`.
Not here: single items of a history, `hist[-1]` (tests/programs/mutation/lists.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x3 = np.array([1.3, 0.7, 2.1])
y3 = np.array([-0.4, 0.9, -0.8])


@dataclass
class Body:
    place: np.ndarray
    speed: np.ndarray


def _steps(x):
    """Three or two, which is known at run time only."""
    return 2 + int(x[0] > 0.0)


@at(x3)
@at(y3)
def sums_of_all_before(x):
    found = [x * 0.5]
    for _ in range(_steps(x)):
        found.append(np.sin(sum(found)))
    return np.sum(found[-1] * x)


@at(x3)
@at(y3)
def a_sum_from_zero_by_a_loop(x):
    found = [x * 0.5]
    for _ in range(_steps(x)):
        total = 0
        for item in found:
            total = total + item * x
        found.append(0.7 * total)
    return np.sum(found[-1])


@at(x3)
@at(y3)
def a_generator_over_all_before(x):
    found = [x * 0.5]
    for _ in range(_steps(x)):
        found.append(0.5 * sum(item * item for item in found))
    return np.sum(found[-1]) + len(found)


@at(x3)
@at(y3)
def adams_bashforth(x):
    weights = (1.9, -1.3, 0.4)
    state, slopes = x * 1.0, []
    for _ in range(2 + _steps(x)):
        slopes.append(-state * np.abs(state))
        state = state + 0.1 * sum(w * slope for w, slope in zip(weights, slopes[::-1], strict=False))
    return np.sum(state**2)


@at(x3)
@at(y3)
def one_way_on(x):
    found = [x * 0.5]
    for k in range(_steps(x)):
        if len(found) > k:
            total = 0.3 + found[0]
        else:
            raise ValueError("lost")
        found.append(total * found[-1])
    return np.sum(found[-1])


@at(x3)
@at(y3)
def one_way_on_after_a_change(x):
    found = [x * 0.5, x * x]
    for k in range(_steps(x)):
        if len(found) <= k:
            raise ValueError("lost")
        first = found[0]
        found.reverse()
        found.append(first * found[0])
        found[0] = found[0] * 0.3
    return np.sum(found[-1]) + np.sum(found[0] * x)


@at(x3)
@at(y3)
def the_list_grows_after_the_loop_over_it(x):
    found = [x * 0.5]
    best = None
    for _ in range(_steps(x)):
        for item in found:
            best = item if best is None else np.maximum(best, item)
        else:
            found.append(best * x)
    return np.sum(found[-1])


# Lists of a length that is known at run time only, whose items change


@at(x3)
@at(y3)
def arrays_made_by_a_comprehension(x):
    parts = [x[i : i + 2] * 1.0 for i in range(_steps(x) - 1)]
    for part in parts:
        part *= x[2]
    return parts[0][0] * parts[-1][1]


@at(x3)
@at(y3)
def objects_made_by_a_comprehension(x):
    bodies = [Body(x[i : i + 2] * 1.0, np.zeros(2)) for i in range(_steps(x) - 1)]
    for _ in range(3):
        for body in bodies:
            body.speed = body.speed - 0.1 * body.place
            body.place = body.place + 0.1 * body.speed
    return sum(np.sum(body.place**2) for body in bodies)
