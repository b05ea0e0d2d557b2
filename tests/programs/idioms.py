"""Programs as people write them, in small: one idiom each.

Each is checked for its value (bit for bit), first and second derivative, in reverse and forward mode.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

rng = np.random.default_rng(0)


@dataclass(frozen=True)
class Idiom:
    """A program with the arguments it is tested at."""

    function: Callable[..., Any]
    args: tuple[Any, ...]


def collecting(programs: list[Idiom]) -> Callable[..., Any]:
    """A decorator `at(*args)` that adds the program that follows to this list."""

    def at(*args):
        def register(function):
            programs.append(Idiom(function, args))
            return function

        return register

    return at


IDIOMS: list[Idiom] = []
at = collecting(IDIOMS)


@at(rng.normal(size=3), rng.normal(size=(5, 3)), rng.normal(size=5))
def loss(w, x, y):
    r = x @ w - y
    return np.mean(r**2)


@at(
    [(rng.normal(size=(4, 3)), rng.normal(size=4)), (rng.normal(size=(2, 4)), rng.normal(size=2))],
    rng.normal(size=(6, 3)),
    np.array([0, 1, 1, 0, 1, 0]),
)
def mlp(params, x, labels):
    h = x
    for W, b in params[:-1]:
        h = np.tanh(h @ W.T + b)
    W, b = params[-1]
    logits = h @ W.T + b
    m = logits.max(axis=1, keepdims=True)
    logz = m[:, 0] + np.log(np.exp(logits - m).sum(axis=1))
    return np.mean(logz - logits[np.arange(len(labels)), labels])


@at(1.7)
def newton(a):
    x = 1.0
    while abs(x * x - a) > 1e-10:
        x = 0.5 * (x + a / x)
    return x


@at(rng.normal(size=8), 0.1, 5)
def heat(u, k, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u**2)


@at(rng.normal(size=6), 3)
def gauss_seidel(b, sweeps):
    x = np.zeros(len(b))
    n = len(b)
    for s in range(sweeps):
        for i in range(n):
            left = x[i - 1] if i > 0 else 0.0
            right = x[i + 1] if i < n - 1 else 0.0
            x[i] = (b[i] + np.sin(left) + right) / 4.0
    return np.sum(x * x)


@at(2.0, 5)
def power(x, n):
    if n == 0:
        return 1.0
    return x * power(x, n - 1)


@at({"a": rng.normal(size=3), "b": {"c": 0.5}}, rng.normal(size=3))
def dicts(p, x):
    return np.sum(np.exp(-p["b"]["c"] * (p["a"] - x) ** 2))


@dataclass
class Model:
    w: np.ndarray
    b: float

    def __call__(self, x):
        return np.tanh(x @ self.w + self.b)


@at(Model(rng.normal(size=3), 0.3), rng.normal(size=(4, 3)))
def data(m, x):
    return np.sum(m(x) ** 2)


class Gaussian(NamedTuple):
    mean: float
    log_std: float


@at(Gaussian(0.3, -0.2), rng.normal(size=7))
def nll(g, x):
    z = (x - g.mean) * np.exp(-g.log_std)
    return 0.5 * np.sum(z**2) + x.size * g.log_std


@at(rng.normal(size=5))
def early(x):
    s = 0.0
    for v in x:
        if v > 0:
            s += v**2
        else:
            s -= math.sin(v)
    if s > 100:
        return s
    return math.exp(-s) * s


@at(rng.normal(size=(4, 3)), 0.5)
def listy(A, c):
    rows = []
    for i in range(A.shape[0]):
        r = A[i] * c
        if i % 2 == 0:
            r = np.sin(r)
        rows.append(r)
    M = np.stack(rows)
    return np.sum(M @ M.T)


@at(rng.normal(size=4), rng.normal(size=4))
def closures(x, y):
    scale = np.sum(y * y)

    def inner(z, k=2.0):
        return k * z * scale

    g = lambda t: inner(t) + inner(t, k=3.0)
    a, b = g(x), inner(x)
    a, b = b, a
    return np.dot(a, b)


@at(np.array([1.0, 2.0, 3.0]))
def alias(x):
    y = x * 2
    z = y
    z += x
    return np.sum(y * x)


@at(0.5, 1.2, 0.05, 20)
def lotka(a, b, dt, n):
    x, y = 1.0, 1.0
    for t in range(n):
        dx = a * x - b * x * y
        dy = b * x * y - y
        x, y = x + dt * dx, y + dt * dy
    return x * x + y


@at(rng.normal(size=(5,)), rng.normal(size=(3,)))
def conv(x, k):
    n = len(x) - len(k) + 1
    out = np.zeros(n)
    for i in range(n):
        for j in range(len(k)):
            out[i] += x[i + j] * k[j]
    return np.sum(np.maximum(out, 0.1) ** 2)


@at(rng.normal(size=(3, 3)))
def linalg(A):
    S = A @ A.T + 3 * np.eye(3)
    b = A[:, 0]
    return b @ np.linalg.solve(S, b) + np.log(np.linalg.det(S)) + np.linalg.norm(A)


@at(rng.normal(size=6))
def compre(x):
    vals = [v * v for v in x]
    return sum(vals) + sum(np.cos(v) for v in x)


@at(100.0, 105.0, 0.2, 1.0, 0.03)
def bs(S, K, sigma, T, r):
    d1 = (math.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * math.sqrt(T))
    d2 = d1 - sigma * math.sqrt(T)
    N = lambda z: 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
    return S * N(d1) - K * math.exp(-r * T) * N(d2)


@at(rng.normal(size=(4, 3)), rng.normal(size=(3,)))
def rnn(xs, h):
    for x in xs:
        h = np.tanh(0.5 * h + x)
    return h.sum() + (h**2).mean()


@at(rng.normal(size=4).astype(np.float32), rng.normal(size=(4,)).astype(np.float32))
def f32(x, y):
    return np.sum(np.where(x > 0, np.sqrt(np.abs(x)), x * y))


@at(rng.normal(size=5))
def cum(x):
    return np.sum(np.cumsum(np.sort(x)) * np.arange(5))


@at(rng.normal(size=(2, 3, 4)), rng.normal(size=(4, 2)))
def tens(A, B):
    return (
        np.einsum("ijk,kl->il", A, B).sum()
        + np.tensordot(A, B, axes=([2], [0])).sum()
        + A.reshape(6, 4).T.sum(axis=0)[2]
    )


@at(rng.normal(size=7), rng.normal(size=7))
def swap_inplace(x, y):
    acc = np.zeros_like(x)
    for i in range(len(x) - 1):
        acc[i] = x[i] * y[i + 1]
        acc[i + 1] *= 2.0
        acc[i + 1] += np.tanh(acc[i])
    acc[::2] *= 3.0
    return acc @ acc


@at(0.3, 4)
def trapz(a, n):
    f = lambda t: math.exp(-a * t * t)
    h = 1.0 / n
    s = 0.5 * (f(0.0) + f(1.0))
    for i in range(1, n):
        s += f(i * h)
    return s * h


@at(rng.normal(size=5))
def prefix(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] += np.sin(y[i - 1]) * y[i]
    return np.prod(1 + 0.1 * y)


@at(rng.normal(size=(4, 4)), rng.normal(size=4))
def forward_sub(L, b):
    n = len(b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / (2.0 + L[i, i] ** 2)
    return np.sum(np.exp(0.1 * x))


@at(rng.normal(size=(3, 3)))
def cholesky(A):
    S = A @ A.T + np.eye(3)
    n = S.shape[0]
    L = np.zeros((n, n))
    for j in range(n):
        s = S[j, j]
        for k in range(j):
            s = s - L[j, k] ** 2
        L[j, j] = np.sqrt(s)
        for i in range(j + 1, n):
            t = S[i, j]
            for k in range(j):
                t = t - L[i, k] * L[j, k]
            L[i, j] = t / L[j, j]
    return np.sum(np.log(np.diag(L)))


@at(np.array([1.0, 0.5]), np.array([0.1, -0.3]), 10)
def leapfrog(q, p, steps):
    q, p = q.copy(), p.copy()
    dt = 0.05
    for _ in range(steps):
        p -= 0.5 * dt * q**3
        q += dt * p
        p -= 0.5 * dt * q**3
    return 0.5 * p @ p + q.sum()


@at(rng.normal(size=6), rng.normal(size=5))
def dtw(a, b):
    n, m = len(a), len(b)
    D = np.full((n + 1, m + 1), 1e6)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            c = (a[i - 1] - b[j - 1]) ** 2
            D[i, j] = c + min(D[i - 1, j], D[i, j - 1], D[i - 1, j - 1])
    return D[n, m]


@at(100.0, 0.25, 6)
def binomial(S, sigma, n):
    dt = 1.0 / n
    u = math.exp(sigma * math.sqrt(dt))
    d = 1.0 / u
    p = (math.exp(0.02 * dt) - d) / (u - d)
    v = [max(S * u ** (n - 2 * k) - 95.0, 0.0) for k in range(n + 1)]
    for step in range(n):
        v = [math.exp(-0.02 * dt) * (p * v[k] + (1 - p) * v[k + 1]) for k in range(len(v) - 1)]
    return v[0]


@at(rng.normal(size=(3, 4)), rng.normal(size=4))
def broadcasting(A, b):
    c = A / (1.0 + b**2) - b[None, :] * A[:, :1]
    return (c * c).sum(axis=0).max() + np.abs(c).mean()


@at(2.0)
def whilebreak(x):
    s = 0.0
    k = 0
    while True:
        s += x**k / math.factorial(k) if k < 3 else math.sin(x) / k
        k += 1
        if k > 6:
            break
    return s


@at(rng.normal(size=6))
def cont(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] < 0:
            continue
        s += x[i] ** 3
        if s > 5:
            return s * 2
    return s


@at(rng.normal(size=4))
def dct(x):
    cache = {}
    for name, k in (("a", 1.0), ("b", 2.0)):
        cache[name] = np.sin(k * x)
    total = 0.0
    for key, val in cache.items():
        total = total + val.sum() * len(key)
    return total


class Layer:
    def __init__(self, W, act):
        self.W = W
        self.act = act

    def __call__(self, x):
        return self.act(self.W @ x)


@at([rng.normal(size=(3, 3)), rng.normal(size=(2, 3))], rng.normal(size=3))
def objs(Ws, x):
    layers = [Layer(W, np.tanh) for W in Ws]
    for layer in layers:
        x = layer(x)
    return np.linalg.norm(x)


@at(rng.normal(size=8))
def fftish(x):
    y = x.reshape(2, 4)
    z = np.concatenate([y[0], y[1][::-1]])
    return np.sum(np.diff(z) ** 2) + z[np.argsort(x)][:3].sum() + np.median(x)


@at(rng.normal(size=5), 0.7)
def gp(x, ell):
    K = np.exp(-0.5 * (x[:, None] - x[None, :]) ** 2 / ell**2) + 0.1 * np.eye(len(x))
    L = np.linalg.cholesky(K)
    al = np.linalg.solve(K, np.sin(x))
    return 0.5 * np.sin(x) @ al + np.log(np.diag(L)).sum()


@at(rng.normal(size=3))
def nested_def(x):
    def outer(a):
        def inner(b):
            return a * b + x[0]

        return inner

    return outer(x[1])(x[2]) * outer(2.0)(x[1])


@at(1.3, 2.2)
def tern(a, b):
    m = a if a > b else b
    k = (a > 0 and b > 0) or a < -5
    return m * a if k else m - b


@at(rng.normal(size=4))
def masked(x):
    y = np.where(x > 0, np.log(np.abs(x) + 1), x**2)
    m = x > 0
    return y.sum() + (x[m] ** 3).sum() + (y * m).sum()


@at(0.4, 3)
def rec2(x, n):
    def fib(k, v):
        if k < 2:
            return v * k + math.cos(v)
        return fib(k - 1, v) + 0.5 * fib(k - 2, v * v)

    return fib(n, x)


@at(rng.normal(size=5), 1)
def enumz(x, p):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, x[1:])):
        s += (i + 1) * a * b ** (p + 1)
    for v in reversed(x):
        s = s * 0.5 + v
    return s


@at(rng.normal(size=(6,)))
def histlist(x):
    hist = [x[0], x[1]]
    for t in range(2, len(x)):
        hist.append(hist[-1] * 0.5 + hist[t - 2] * x[t])
    return hist[-1] + sum(hist)


@at(rng.normal(size=3), rng.normal(size=3))
def cross(a, b):
    c = np.cross(a, b)
    return c @ c + np.trace(np.outer(a, b)) + np.hypot(a[0], b[0]) + np.arctan2(a[1], b[1])


@at(rng.normal(size=6), 3)
def shrink(x, k):
    s = 0.0
    for _ in range(k):
        x = x[1:] * np.sin(x[:-1])
        s += x[0]
    return s + x.sum()


@at(rng.normal(size=2), 3)
def grow(x, k):
    for _ in range(k):
        x = np.concatenate([x, np.tanh(x[-2:] * x[0])])
    return (x**2).sum()


@at(rng.normal(size=8))
def haar(x):
    out = 0.0
    while len(x) > 1:
        a = (x[::2] + x[1::2]) / 2.0
        d = (x[::2] - x[1::2]) / 2.0
        out = out + np.sum(d**4)
        x = a
    return out + x[0]


@at(rng.normal(size=4), 3)
def popper(x, n):
    st = []
    for i in range(n):
        st.append(x * (i + 1.0))
    s = 0.0
    while len(st) > 0:
        v = st.pop()
        s = s * 0.5 + np.sum(v**2)
    return s


@at(rng.normal(size=(3, 3)), rng.normal(size=3))
def power_iter(A, v):
    for _ in range(5):
        v = A @ v
        v = v / np.linalg.norm(v)
    return v @ A @ v


@at(rng.normal(size=(4,)), 2.0)
def inplace_alias(x, a):
    y = np.zeros((2, 4))
    r = y[0]
    y[0] = x * a
    y[1] = y[0] ** 2
    return np.sum(y) + np.sum(r)


@at(rng.normal(size=(5,)))
def swap_rows(x):
    y = x.copy()
    y[0], y[1] = y[1], y[0]
    y[[2, 3]] = y[[3, 2]] * 2.0
    return np.sum(y * np.arange(5.0))


@at(rng.normal(size=(3,)), rng.normal(size=3))
def prevvar(x, y):
    prev = None
    s = 0.0
    for v in x:
        if prev is not None:
            s += (v - prev) ** 2
        prev = v
    return s * y[0]


@at(rng.normal(size=(4, 3)))
def accrows(X):
    s = 0
    for row in X:
        s = s + row * row.sum()
    return np.sum(np.exp(-s))


@at(rng.normal(size=3), rng.normal(size=3))
def multi_assign(x, y):
    a = b = x * y
    a += 1.0
    return np.sum(b**2)


@at(0.3)
def deep(x):
    s = x
    for a in range(2):
        for b in range(2):
            for c in range(2):
                if c > 0:
                    for d in range(2):
                        s = s + 0.1 * math.sin(s) * (a + d)
                else:
                    s = s * 1.01
    return s


@at(rng.normal(size=(2, 3)), rng.normal(size=(3,)))
def attention(q, k):
    s = q @ k[:, None] * np.ones((1, 4))
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return (p * np.arange(4)).sum() + np.std(q) + np.var(k) + np.prod(k)


@at(rng.normal(size=5))
def ternary_arr(x):
    t = 0.0
    for i in range(5):
        t += x[i] if x[i] > 0 else -2 * x[i]
        t *= 1.1 if i % 2 else 0.9
    return t


@at(np.float64(1.3), np.float32(2.0))
def npscalars(a, b):
    return a * a * b + np.sin(a)


@at(rng.normal(size=(3, 3, 2)))
def highdim(A):
    B = np.swapaxes(A, 0, 2)
    C = B.reshape(2, -1)
    D = np.moveaxis(A, -1, 0)[1]
    return np.sum(C[:, ::2] ** 3) + np.trace(D) + A[1, :, 0] @ A[:, 1, 1] + A[..., 0].max()


@at(rng.normal(size=4))
def unused(x):
    try_ = np.exp(x)
    del try_
    np_ = x * 2
    d_x = np_ + 1
    return np.sum(d_x * np_)
