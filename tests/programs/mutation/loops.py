"""Reading, changing and writing elements in loops.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_mutation.py).
"""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
rng = np.random.default_rng(13)


@at(rng.normal(size=(4, 5)), 2)
def stencil_in_two_dimensions(u, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1, 1:-1] = 0.25 * (u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2])
        u[0] = u[1] * 0.5
    return np.sum(u**2)


@at(rng.normal(size=(4, 4)), 2)
def red_black(u, sweeps):
    u = u.copy()
    n = u.shape[0]
    for _ in range(sweeps):
        for color in range(2):
            for i in range(1, n - 1):
                for j in range(1, n - 1):
                    if (i + j) % 2 == color:
                        u[i, j] = np.sin(u[i - 1, j] + u[i + 1, j] + u[i, j - 1]) * u[i, j + 1]
    return np.sum(u**2)


@at(rng.normal(size=7))
def prefix_recurrence(x):
    y = x.copy()
    for i in range(1, len(x)):
        y[i] += 0.5 * np.sin(y[i - 1]) * y[i]
    return np.sum(y**2)


@at(rng.normal(size=7))
def backward_recurrence(x):
    y = np.zeros(len(x) + 1)
    for i in range(len(x) - 1, -1, -1):
        y[i] = x[i] * y[i + 1] + x[i]
    return np.sum(y**2)


@at(rng.normal(size=(4, 4)), rng.normal(size=4))
def forward_substitution(a, b):
    n = len(b)
    y = np.zeros(n)
    for i in range(n):
        y[i] = (b[i] - a[i, :i] @ y[:i]) / (a[i, i] + 3.0)
    return np.sum(y**2)


@at(rng.normal(size=(4, 4)), rng.normal(size=4))
def backward_substitution_in_place(a, b):
    x = b.copy()
    for i in range(3, -1, -1):
        for j in range(i + 1, 4):
            x[i] -= a[i, j] * x[j]
        x[i] /= a[i, i] + 3.0
    return np.sum(x**2)


@at(rng.normal(size=(4, 4)) + 4.0 * np.eye(4))
def lu_in_place(a):
    u = a.copy()
    n = u.shape[0]
    for k in range(n):
        u[k + 1 :, k] /= u[k, k]
        u[k + 1 :, k + 1 :] -= np.outer(u[k + 1 :, k], u[k, k + 1 :])
    return np.sum(np.log(np.abs(np.diag(u)))) + np.sum(u**2)


@at(rng.normal(size=(3, 3)) @ rng.normal(size=(3, 3)) * 0.1 + 3.0 * np.eye(3))
def cholesky_by_hand(a):
    n = a.shape[0]
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j] - np.dot(lower[i, :j], lower[j, :j])
            if i == j:
                lower[i, i] = np.sqrt(s)
            else:
                lower[i, j] = s / lower[j, j]
    return np.sum(lower**3)


@at(rng.normal(size=4), rng.normal(size=5) + 5.0, rng.normal(size=4), rng.normal(size=5))
def thomas(lower, diagonal, upper, right):
    n = len(diagonal)
    d = diagonal.copy()
    r = right.copy()
    for i in range(1, n):
        w = lower[i - 1] / d[i - 1]
        d[i] -= w * upper[i - 1]
        r[i] -= w * r[i - 1]
    x = np.zeros(n)
    x[-1] = r[-1] / d[-1]
    for i in range(n - 2, -1, -1):
        x[i] = (r[i] - upper[i] * x[i + 1]) / d[i]
    return np.sum(x**2)


@at(rng.normal(size=4), rng.normal(size=5))
def dynamic_time_warping(a, b):
    n, m = len(a), len(b)
    table = np.full((n + 1, m + 1), 1e3)
    table[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            cost = (a[i - 1] - b[j - 1]) ** 2
            table[i, j] = cost + min(table[i - 1, j], table[i, j - 1], table[i - 1, j - 1])
    return table[n, m]


@at(rng.normal(size=8), rng.normal(size=8))
def fft_butterflies(x, y):
    w = x + 1j * y
    n = len(w)
    half = n // 2
    while half >= 1:
        for start in range(0, n, 2 * half):
            for k in range(half):
                turn = np.exp(-1j * np.pi * k / half)
                a = w[start + k]
                b = w[start + k + half]
                w[start + k] = a + b
                w[start + k + half] = (a - b) * turn
        half //= 2
    return np.sum(np.abs(w) ** 2 * np.arange(8.0))


@at(rng.normal(size=8))
def haar_in_place(x):
    y = x.copy()
    n = len(y)
    while n > 1:
        half = n // 2
        even = y[0:n:2].copy()
        odd = y[1:n:2].copy()
        y[:half] = (even + odd) * 0.5
        y[half:n] = even - odd
        n = half
    return np.sum(y**3)


@at(rng.normal(size=6))
def bubble_sort(x):
    y = x.copy()
    for i in range(len(y)):
        for j in range(len(y) - 1 - i):
            if y[j] > y[j + 1]:
                y[j], y[j + 1] = y[j + 1], y[j]
    return np.sum(y**2 * np.arange(6.0))


@at(rng.normal(size=5), np.array([2, 0, 2, 1, 2]))
def histogram_by_hand(x, bins):
    counts = np.zeros(3)
    for i in range(len(x)):
        counts[bins[i]] += x[i] ** 2
        counts[bins[i] - 1] *= 0.9
    return np.sum(counts**2)


@at(rng.normal(size=(3, 4)), rng.normal(size=(3, 4)))
def table_of_best(a, b):
    n, m = a.shape
    best = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            left = best[i, j - 1] if j > 0 else 0.0
            up = best[i - 1, j] if i > 0 else 0.0
            best[i, j] = max(left + a[i, j], up + b[i, j])
    return best[-1, -1] + np.sum(best) * 0.1


@at(rng.normal(size=5), 4)
def ring_buffer(x, n):
    ring = np.zeros(3)
    total = 0.0
    for t in range(n):
        ring[t % 3] = x[t] + ring[(t + 1) % 3] * 0.5
        total += np.sum(ring**2)
    return total


@at(rng.normal(size=4), 3)
def state_kept_in_columns(x, n):
    history = np.zeros((4, n + 1))
    history[:, 0] = x
    for t in range(n):
        now = history[:, t]
        history[:, t + 1] = now + 0.1 * np.sin(now[::-1])
        now[0] = 0.0
    return np.sum(history**2)


@at(rng.normal(size=5))
def store_then_leave(x):
    y = x.copy()
    for i in range(5):
        y[i] = y[i] ** 2 + y[i - 1]
        if y[i] > 0.8:
            y[0] = x[1]
            break
        y[i] *= 0.5
    return np.sum(y**2)


@at(rng.normal(size=5), 0)
def loop_without_iterations(x, n):
    y = x * 1.0
    for i in range(n):
        y[i] = y[i] ** 2
    v = y[1:]
    for i in range(n):
        v[i] = 0.0
    return np.sum(y**2)


@at(rng.normal(size=(3, 3)), 3)
def outer_view_written_inside(x, n):
    y = x * 1.0
    total = 0.0
    for i in range(n):
        row = y[i]
        for j in range(n):
            row[j] = row[j - 1] * 0.5 + x[j, i]
        total += np.sum(y)
    return total * np.sum(y**2)


@at(rng.normal(size=(4, 3)))
def columns_normalised(x):
    y = x.copy()
    for j in range(y.shape[1]):
        for k in range(j):
            y[:, j] -= (y[:, k] @ y[:, j]) * y[:, k]
        y[:, j] /= np.sqrt(np.sum(y[:, j] ** 2))
    return np.sum(y**3)


@at(rng.normal(size=(3, 2)), 3)
def leapfrog(start, steps):
    q = start.copy()
    p = np.zeros_like(q)
    f = np.empty_like(q)
    for _ in range(steps):
        f[...] = 0.0
        for i in range(3):
            for j in range(3):
                if i != j:
                    d = q[j] - q[i]
                    f[i] += d / (np.sum(d**2) + 0.1) ** 1.5
        p += 0.1 * f
        q += 0.1 * p
    return np.sum(q**2) + np.sum(p**2)


@at(rng.normal(size=8))
def butterflies_on_views(x):
    y = x.copy()
    step = 1
    while step < 8:
        m = y.reshape(-1, 2, step)
        a = m[:, 0] + m[:, 1]
        b = m[:, 0] - m[:, 1]
        m[:, 0] = a
        m[:, 1] = b * np.sin(a)
        step *= 2
    return np.sum(y**2)


@at(rng.normal(size=5), 3)
def temporaries_reused(x, n):
    work = np.empty(5)
    y = x * 1.0
    for _ in range(n):
        np.multiply(y, 0.5, out=work)
        work += x
        np.sin(work, out=work)
        y[1:] += work[:-1]
        y[0] = work[4]
    return np.sum(y**2) + np.sum(work)
