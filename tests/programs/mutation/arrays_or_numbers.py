"""Values that are an array without dimensions on some ways and a number on others, changed by `op=`.

The array is changed in place, as its other names see; the name of the number is bound to another one.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), what is refused (refused.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(-1.0)
@at(0.1)
@at(0.7)
def branches(x):
    p = 0.4 * x if x <= -0.3 else np.where(x > 0.2, np.sin(x), 0.4 * x)
    p /= 1.5
    return p * x


@at(-1.0)
@at(0.7)
def operand_of_another(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    q = p * 2.0
    q += x
    s = q
    s += p
    return s * q


@at(-1.0)
@at(0.1)
@at(0.7)
def loop_that_binds_first(x):
    p = 0.4 * x
    for _ in range(int(3.0 * abs(x)) + 1):
        q = p
        p = np.where(x > 0.2, p * 1.1, p)
        p += x * q
    return p * q


@at(-1.0)
@at(0.1)
@at(0.7)
def sum_of_a_loop(x):
    s = 0.0
    for k in range(4):
        if k * x > 0.5:
            s = np.where(x > 0.3, s + x, s)
        s += x * x
    return s


def _increased(p, x):
    p += x
    return p


@at(-1.0)
@at(0.7)
def helper_that_changes_its_argument(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    r = _increased(p, x)
    return r * x


@at(-1.0)
@at(0.7)
def array_on_every_way(x):
    p = np.array(np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0)
    q = p
    p += x
    return p * q


@at(-1.0)
@at(0.1)
@at(0.7)
def another_name_sees_the_array_change(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    q = p
    p += x
    return p * q


@at(-1.0)
@at(0.1)
def caller_sees_the_array_change(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    r = _increased(p, x)
    return r * p


@at(-1.0)
@at(0.1)
def entry_of_a_dict(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    held = {"p": p}
    held["p"] += x
    return held["p"] * p


class Held:
    pass


@at(-1.0)
@at(0.1)
def attribute(x):
    held = Held()
    held.p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    p = held.p
    held.p *= 1.0 + x
    return held.p * x + p


@at(-0.9)
@at(0.1)
@at(0.7)
def loop_that_changes_first(x):
    p = 0.4 * x
    for _ in range(int(3.0 * abs(x)) + 1):
        q = p
        p += x * q
        p = np.where(x > 0.2, p * 1.1, p)
    return p * q


@at(0.3)
@at(1.4)
def array_before_the_loop_and_a_number_in_it(x):
    p = np.where(x > 0.2, np.sin(x), x)
    total = 0.0
    for _ in range(int(3.0 * x) + 1):
        q = p
        p += x
        total += p * q
        p = 0.4 * p
    return total + p


@at(-1.0)
@at(0.1)
@at(0.7)
def loop_until_it_is_large(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    while p < 2.0:
        p += 0.5 + abs(x)
    return p * x


def _powers(n, x):
    if n == 0:
        return np.where(x > 0.0, x, 2.0 * x)
    return _powers(n - 1, x * 0.9) * 1.1


@at(-0.8)
@at(0.2)
@at(0.7)
def result_of_a_recursion(x):
    y = _powers(int(abs(3.0 * x)), x)
    z = y
    y += x
    return y * z


@at(-1.0)
@at(0.1)
def which_of_the_two_is_asked(x):
    p = np.where(x > 0.0, x, 2.0 * x) if x > -0.5 else x * 3.0
    return x**2 if isinstance(p, np.ndarray) else p * x**3
