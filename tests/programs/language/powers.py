"""Powers of ints: an int where the exponent is not negative, else a float.

In:  nothing.   Out: `PROGRAMS`, `RAISING`.
Not here: powers of floats and arrays (tests/rules).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
RAISING: list[Idiom] = []
at = collecting(PROGRAMS)
raising = collecting(RAISING)
x4 = np.array([0.7, 1.3, 0.4, 0.9])


@at(x4, 4)
def grids_that_are_halved(x, n):
    total = 0.0
    for k in range(n):
        t = np.linspace(0.0, 1.0, 2**k + 1)
        total = total + np.sum(np.sin(t * x[0])) / 2**k
    return total


@at(x4, 4)
def romberg(x, n):
    a, b = x[0], x[1]
    table = np.zeros((n, n))
    table[0, 0] = 0.5 * (b - a) * (np.exp(a) + np.exp(b))
    for i in range(1, n):
        h = (b - a) / 2**i
        inner = 0.0
        for k in range(1, 2 ** (i - 1) + 1):
            inner += np.exp(a + (2 * k - 1) * h)
        table[i, 0] = 0.5 * table[i - 1, 0] + h * inner
        for j in range(1, i + 1):
            table[i, j] = table[i, j - 1] + (table[i, j - 1] - table[i - 1, j - 1]) / (4**j - 1)
    return table[n - 1, n - 1]


@at(x4, 3)
@at(x4, 2)
def from_the_largest_to_the_smallest(x, n):
    total = 0.0
    for k in range(n, 0, -1):
        total = total + np.sum(x[: 2 ** (n - k)]) * 2 ** (k - 1) + x[2 ** (k - 1) - 1]
    for lowest in range(-(n // 2), n):
        total = total + x[lowest] * 2**lowest
    return total * x[2 ** (n - 2)]


@at(x4, 3)
def exponent_that_only_the_run_knows(x, n):
    k, total = 0, 0.0
    while k < n:
        total = total + x[2**k // 2] * len(range(2 ** (k * k - k)))
        k = k + 1
    return total


@at(x4, 3)
@at(x4, -3)
def exponent_of_either_sign(x, n):
    return x[0] ** 2 * 2**n + x[1] * 3 ** (-n)


@raising(x4, -1)
def negative_exponent_where_an_int_is_needed(x, n):
    k = 0
    while k > n:
        k = k - 1
    return np.sum(np.ones(2**k)) * x[0]


# They are complex.
COMPLEX: list[Idiom] = []
complex_ = collecting(COMPLEX)


@complex_(-2.0)
def imaginary_part_of_a_root(x):
    return (x**0.5).imag


@complex_(-2.0, 0.3)
def real_part_of_a_power(x, p):
    y = 0.0
    for _ in range(3):
        y = y.real + (x**p).conjugate()
    return y.real


@complex_(-2.0)
def imaginary_part_of_an_array(x):
    return np.sum(np.array([x**0.5, x]).imag)


@complex_(-2.0)
def sine_of_a_root(x):
    return np.sin(x**0.5).real


@at(2.0)
@at(-2.0)
def parts_of_real_powers(x):
    return (x**2.0).real * (x**3).conjugate() + (abs(x) ** 0.5).real + (x**2.0).imag
