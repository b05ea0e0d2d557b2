"""Numbers: literals, conversions, integer arithmetic, complex intermediates.

In:  nothing.   Out: `PROGRAMS`.
Not here: operations of the table (tests/rules).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(6)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(1.7)
def literals(x):
    return 1_000 * x + 0x10 * x**2 + 1e-3 * x + 0b11 + 0o7 * x - 2.5e0 + True * x


@at(rng.normal(size=3))
def float_is_differentiated(x):
    return float(x[0]) * x[1] + float(np.sum(x)) ** 2 + float(2) * x[2] + float("1.5") * x[0]


@at(1.7)
def conversions_between(x):
    y = np.float64(x) * x
    z = np.asarray(x) * 2.0
    w = np.array(x).item() * x
    return float(y) + float(z) + w


@at(7.3, 2.0)
def floor_division_and_modulo(x, y):
    q, r = divmod(x, y)
    return x // y * x + x % y * y + q * r


@at(7.3)
def rounding(x):
    return (
        round(x) * x + round(x, 1) * x + math.floor(x) * x + math.ceil(x) * x + int(x) * x + math.trunc(x) * x
    )


@at(1.3, 7)
def integers(x, n):
    a = n // 2
    b = n % 3
    c = pow(n, 3, 5)
    q, r = divmod(n, 4)
    d = (n << 1) ^ (n >> 1) | (n & 3)
    return x**a + b * x + c * x * x + q * r * x + d * x - ~n * x


@at(np.arange(1.0, 8.0), 3)
def powers_with_a_modulus(x, n):
    total = 0.0
    for i in range(5):
        total += x[pow(3, i + n, 5)] * pow(i, n, 7) + pow(n, -1, 7) * x[0] ** 2
    return total


@at(1.3, 5)
def int_arithmetic_stays_int(x, n):
    k = 0
    total = 0
    for i in range(n):
        k += i
        total = total * 2 + i
    values = np.arange(20.0) * x
    return values[k] + values[total % 7] * values[-k // 3]


@at(1.3, 6)
def int_accumulates_then_divides(x, n):
    factorial = 1
    s = 0.0
    for k in range(n):
        factorial = factorial * max(k, 1)
        s += x**k / factorial
    return s


@at(1.3)
def pow_of_two(x):
    return pow(x, 3) + pow(2, x) + pow(x, x) + x**-2 + (-x) ** 2 + 2**3 * x


@at(1.3)
def booleans(x):
    big = x > 1
    return x * big + (not big) * x + (big and x) + bool(x) * x + (x > 0) + (x < 0)


@at(rng.normal(size=8))
def spectrum(x):
    return np.sum(np.abs(np.fft.fft(x)) ** 2) + np.sum(np.abs(np.fft.rfft(x * x)))


@at(0.7, 1.3)
def complex_intermediates(x, y):
    z = x + 1j * y
    w = z * z.conjugate() + 2j * z
    return abs(w) + w.real * w.imag + abs(z) ** 2


@at(0.7, 1.3)
def complex_functions(x, y):
    z = x + 1j * y
    return np.exp(z).real + np.exp(1j * x).imag + np.angle(z) + abs(1 / z)


@at(rng.normal(size=4))
def complex_arrays(x):
    z = x[:2] + 1j * x[2:]
    w = np.exp(z) * np.conj(z)
    return np.sum(w.real) + np.sum(np.imag(z**2)) + np.abs(np.vdot(z, w))


@at(0.7, 3)
def complex_power_iteration(x, n):
    z = 0j
    c = x + complex(0.0, 0.2)
    for _ in range(n):
        z = z * z + c
    return abs(z)


@at(np.float64(1.4))
def numpy_scalars(x):
    return np.float64(2.0) * x + x.astype(float) ** 2 + x.item()


@at(rng.normal(size=3).astype(np.float32))
def single_precision(x):
    return np.sum(x * 2) + x[0] * 0.5


@at(rng.normal(size=3), np.array([2, 0, 1]))
def integer_arrays(x, k):
    return np.sum(x[k] * k) + x[k[0]] * int(k[1]) + k.sum() * x[1]


@at(1.3)
def infinities(x):
    best = math.inf
    worst = -np.inf
    for k in range(4):
        v = (x - k) ** 2
        best = min(best, v)
        worst = v if v > worst else worst
    return best * worst


@at(1.3)
def mathematical_constants(x):
    return math.pi * x + np.e * x**2 + math.tau + float("inf" == "x")


@at(1.3)
def comparisons_chained_and_mixed(x):
    k = 3
    if 1 <= k <= 3 and x != 2 and k is not None:
        return x * k
    return x


@at(1.3)
def formatted_text(x):
    name = f"{3:>4}-{'a'!r}"
    label = "%s" % "b"
    return x * len(name) * len(label) + len("{}{}".format(1, "z")) * x + len(str(12)) * x


@at(0.5)
def sums_of_mathematics(x):
    return math.fsum([x, x * x, 1.0]) + math.prod([x, 2.0, x]) + math.hypot(x, 2.0)


@at(0.5, 3)
def class_of_a_number_that_is_one_of_those_asked_for(x, n):
    s = 0
    for _ in range(n):
        s = s + x
    t = 0.0
    for _ in range(n):
        t = t + x
    return (s if isinstance(s, (int, float)) else 0.0) * (t if isinstance(t, float) else 1.0)


@at(np.array([0.3, 0.6, 0.9]), np.ones(3))
def shapes_compared(x, y):
    if x.shape == y.shape and y.shape != (4,):
        return np.sum(x * y)
    return np.sum(x**3)


@at(np.array([0.3, 0.6, 0.9]))
def named_entries_summed(x):
    parts = {f"w{i}": x[i] ** 2 for i in range(3)}
    return sum(parts[f"w{i}"] * i for i in range(3))


@at(np.array([0.5, 0.6, 0.1]))
def clamped_array_without_axes(x):
    inner = max(min(np.tensordot(x, x, axes=1), 1), -1)
    return np.arccos(inner) * np.cos(min(2, np.asarray(np.sum(x))))


@at(np.array([0.5, 0.6, 0.1]))
def larger_of_arrays_without_axes(x):
    a, b = np.asarray(np.sum(x)), np.asarray(np.prod(x))
    largest = max(a, b, 0)
    return np.sin(largest) * max([np.asarray(x[0]), 0, -1]) + min(b, np.asarray(3)) * max(True, b)


@at(np.array([7.0, 0.5, 2.0]))
def attributes_of_a_number_of_numpy_or_python(x):
    m = max(5.0, x[0])
    total = 0.0
    for v in x:
        total = total + v * m
    return total.item() * (m.ndim + 1) * x[1]


@at(np.array([2.0, 0.5, 2.0]))
def attribute_that_a_number_of_python_lacks(x):
    m = -max(5.0, x[0])
    try:
        return m.T * x[0]
    except AttributeError:
        return m * x[1] * x[2]


# They raise AttributeError.
LACKING: list[Idiom] = []
lacking = collecting(LACKING)
x3 = np.array([2.0, 0.5, 2.0])


@lacking(x3)
def dimensions_of_a_number_of_python(x):
    return x[1] * max(5.0, x[0]).ndim


@lacking(x3)
def item_of_a_sum_over_nothing(x):
    total = 0
    for v in x[3:]:
        total = total + v
    return total.item() * x[0]


@lacking(x3)
def mean_of_an_array_or_a_float(x):
    m = 5.0 if x[0] < 3.0 else np.array(2.0)
    return m.mean() * x[0]
