"""Stores through parts of arrays: `flat`, real and imaginary parts, what `split` gives; lists repeated in place.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py), slices and other views (views.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


@at(x4)
def flat_store(x):
    A = np.outer(x, x)
    A.flat[2] = x[0]
    A.flat[1:3] = x[1] * 2
    return np.sum(A**2)


@at(x4)
def flat_slice(x):
    A = np.outer(x, x)
    A.flat[::5] = 1.0
    return np.sum(A**2)


@at(x4)
def flat_iter(x):
    A = np.outer(x, x * 2)
    s = 0.0
    for v in A.flat:
        s += v**2
    return s


@at(x4)
def flat_read(x):
    A = np.outer(x, x * 2)
    return A.flat[3] * A.flat[-1] + np.sum(A.flat[1:5])


@at(x4)
def flat_enum(x):
    A = np.outer(x, x * 2)
    s = 0.0
    for k, v in enumerate(A.flat):
        s += k * v
    return s


@at(x4)
def real_store(x):
    z = x + 1j * x**2
    z.real[...] = x**3
    z.imag[0] = x[1]
    return np.sum(np.abs(z) ** 2)


@at(x4)
def imag_aug(x):
    z = x * (1 + 1j)
    z.imag += x**2
    return np.sum(z.real * z.imag)


@at(x4)
def real_assign(x):
    z = x * (1 + 1j)
    z.real = x**2
    z.imag = 0.0
    return np.sum(np.abs(z) ** 2)


@at(x4)
def real_view(x):
    z = x * (1 + 1j)
    r = z.real
    r *= 2.0
    return np.sum(np.abs(z) ** 2)


@at(x4)
def partition(x):
    y = x * 2
    y.partition(2)
    return y[2] ** 2


@at(x4)
def split_store(x):
    y = x * 1.0
    a, b = np.split(y, 2)
    a[0] = 5.0 * x[1]
    b *= 2
    return np.sum(y**2)


@at(x4)
def array_split(x):
    y = x * 1.0
    for p in np.array_split(y, 2):
        p *= p[0]
    return np.sum(y**3)


@at(x4)
def hsplit(x):
    A = np.outer(x, x)
    left, r = np.hsplit(A, 2)
    left[:] = r
    r += 1
    return np.sum(A**2)


@at(x4)
def vsplit(x):
    A = np.outer(x, x)
    left, r = np.vsplit(A, 2)
    left[0] = r[1] * 2
    return np.sum(A**2)


@at(x4)
def filldiag_wrap(x):
    A = np.outer(np.concatenate([x, x * 2, x]), x)
    np.fill_diagonal(A, x[0] ** 2, wrap=True)
    return np.sum(A**2)


@at(x4)
def filldiag_tall(x):
    A = np.outer(np.concatenate([x, x]), x)
    np.fill_diagonal(A, 0.0)
    return np.sum(A**2)


@at(x4)
def flat_view(x):
    A = np.outer(x, x)
    B = A[1:3]
    B.flat[0] = x[2] * 3
    return np.sum(A**2)


@at(x4)
def list_del(x):
    left = [v for v in x]
    del left[1]
    left *= 2
    return sum(a * k for k, a in enumerate(left))


@at(x4)
def list_mul(x):
    left = [x[0], x[1]]
    m = left
    left *= 2
    return sum(m) * left[3]


@at(x4)
def flat_copy_semantics(x):
    A = np.outer(x, x)
    b = A.flat[1:5]
    b[0] = 9.0
    b *= 2
    return np.sum(A**2) + b[1]


@at(x4)
def flat_alias(x):
    A = np.outer(x, x)
    f = A.flat
    f[0] = x[1]
    A[0, 1] = 7.0 * x[2]
    return f[1] * f[0] + np.sum(A)


@at(x4)
def flat_aug(x):
    A = np.outer(x, x)
    A.flat[::5] += x
    A.flat[1] *= 3.0
    return np.sum(A**2)


@at(x4)
def flat_T(x):
    A = np.outer(x, x**2)
    A.T.flat[1] = x[0] * 4
    A.T.flat[5:8] = 0.5
    return np.sum(A**2)


@at(x4)
def flat_arg(x):
    A = x.reshape(2, 2).T
    y = A.copy()
    y.flat[1] = x[0]
    return np.sum(y**2) + A.flat[1]


@at(x4)
def flat_set(x):
    A = np.outer(x, x)
    A.flat = 2.0
    A.flat[3] = x[0]
    return np.sum(A**2)


@at(x4)
def flat_loop_store(x):
    A = np.outer(x, x)
    for k in range(A.size):
        A.flat[k] = A.flat[k] * k + x[0]
    return np.sum(A**2)


@at(np.outer(x4[:3], x4))
def flat_repeats_what_is_too_short(A):
    B = A.copy()
    B.flat = A[0]
    B.flat[3:] = 2.0 * A[1, :2]
    B.flat[[1, 3, 5]] = [A[0, 0], 1.5]
    B.flat[::5] += A[0, :3]
    short = np.zeros(5)
    short.flat = A * A
    short.flat[1:3] = A[0, 0]
    B.T.flat[:3] = short
    return np.sum(B**2 * A) + np.sum(short**3)
