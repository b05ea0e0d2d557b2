"""Values that are checked on the way: branches that raise, which were not taken.

In:  nothing.   Out: `PROGRAMS`.
Not here: exceptions that are caught (exceptions.py).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

Y = np.array([0.3, 0.4, 0.5])


@at(1.3, Y)
def one_branch_of_three_does_not_raise(x, y):
    t = y.copy()
    for i in range(len(t)):
        if t[i] > 50.0:
            raise ValueError("large")
        elif x > 10.0:
            if y[0] > 0.0:
                raise KeyError("positive")
            raise TypeError("negative")
        t[i] *= x
        if i and t[i - 1] < -50.0:
            raise ValueError("small")
        t[i] += np.sin(t[i - 1])
    return np.sum(t * t)


@at(1.3, Y)
def handler_that_raises(x, y):
    s = x
    for v in y:
        try:
            s = s * math.log(v + x)
        except ValueError as error:
            raise RuntimeError("no logarithm") from error
        finally:
            s = s + v
    return s


@at(1.3, Y)
def raises_in_a_recursive_function(x, y):
    def go(k, v):
        if k < 0:
            raise ValueError("k")
        if k == 0:
            return v * x
        if v > 1e9:
            raise OverflowError("v")
        return go(k - 1, np.sin(v) * x + y[k % 3])

    return go(3, x) + go(2, y[0])


@at(1.3, Y)
def search_that_finds(x, y):
    for v in y:
        if v > 0.35:
            found = v * x
            break
    else:
        raise LookupError("nothing found")
    return found**2


@at(1.3, Y)
def array_written_where_nothing_comes_of_it(x, y):
    a = y[:2]
    if x > 100.0:
        a[0] = 5.0
        raise ValueError(f"{x} is too large")
    a[1] *= x
    if not np.all(np.isfinite(a)):
        raise FloatingPointError("not finite")
    return np.sum(y**2) * a[1]


@at(1.3, Y)
@at(0.9, -10.0 * Y)
def raises_in_one_of_two_loops(x, y):
    s = 0.0
    for i in range(3):
        if i == 2 and x > 50.0:
            raise ValueError("i")
        for j in range(2):
            if y[i] < -1.0:
                if x > 1.0:
                    raise ValueError("j")
                s += 100.0 * x
            else:
                s += y[i] * x**j
            if s < -100.0:
                raise ValueError("s")
    return s * s


@at(1.3, Y)
def caught_outside_of_the_branch(x, y):
    s = x
    for v in y:
        try:
            if v < 0.35:
                raise ValueError("small")
            s = s * v + math.sin(v)
        except ValueError:
            s = s + v * x
    return s


@at(1.3, Y)
def generator_that_raises(x, y):
    def scaled():
        for v in y:
            if v < 0.0:
                raise ValueError("negative")
            yield v * x

    return sum(scaled()) + max(v * v for v in scaled())


@at(Y, 4)
def table_filled_behind_checks(y, n):
    table = [y[0]] * n
    state = np.array(y)
    for i in range(n):
        if table[i] > 1e6:
            raise OverflowError("table")
        state[i % 3] = state[i % 3] * table[i]
        if not state[0] < 1e6:
            raise OverflowError("state")
        elif state[1] < -1e6:
            raise ArithmeticError("state")
        table[(i + 1) % n] = table[i] * state[(i + 1) % 3] + 1.0
    return np.sum(state) + sum(table)


@at(Y, 3)
def while_that_must_converge(y, n):
    x, steps = y.copy(), []
    while True:
        x = 0.5 * (x + y / x)
        steps.append(x[0])
        if len(steps) >= n:
            break
        if len(steps) > 100:
            raise RuntimeError("no convergence")
    return np.sum(x) * steps[-1] + steps[0]


@at(1.3)
@at(0.4)
def rebound_by_a_nested_function_that_checks_it(x):
    k = x

    def double():
        nonlocal k
        k = k * 2
        if k < 0.0:
            raise ValueError("negative")
        t = k
        return t * 1.0

    s = 0.0
    for _ in range(3):
        s += double()
    return s * k


@at(1.3)
def rebound_behind_the_check_and_asked_in_a_loop(x):
    k = x

    def step():
        nonlocal k
        if k < 0.0:
            raise ValueError("negative")
        elif k > 100.0:
            return k * x
        k = k * 2
        return k * x

    step()
    s = 0.0
    while s < 50.0:
        s += step() * x
        if s < -5.0:
            raise KeyError("small")
    return s * k
