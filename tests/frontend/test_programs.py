"""Idiomatic programs: what is lowered computes exactly what the function computes."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from tests.frontend.lowered import assert_same, lowered, value_of

rng = np.random.default_rng(0)
GRAVITY = 9.81
WEIGHTS = rng.normal(size=3)
LAYERS = [rng.normal(size=(3, 3)), rng.normal(size=3)]
MODE = "train"


class Point(NamedTuple):
    x: Any
    y: Any


@dataclass
class Params:
    w: Any
    b: Any
    rate: float = 0.5

    def predict(self, x):
        return np.tanh(x @ self.w + self.b)


class Model:
    scale = 2.0

    def __init__(self, w):
        self.w = w
        self.count = 0

    @property
    def doubled(self):
        return 2.0 * self.w

    def __call__(self, x):
        self.count += 1
        return self.scale * np.sum(self.doubled * x) * self.count

    @staticmethod
    def shift(x):
        return x + 1.0

    def __add__(self, other):
        return Model(self.w + other.w)


def mlp(params, x):
    h = x
    for w, b in params[:-1]:
        h = np.tanh(h @ w + b)
    w, b = params[-1]
    return np.sum((h @ w + b) ** 2)


def layers_by_index(params, x):
    h = x
    for i in range(len(params)):
        w, b = params[i]
        h = h @ w + b
        if i < len(params) - 1:
            h = np.maximum(h, 0.0)
    return h


def rnn(w, u, h0, xs):
    h = h0
    total = 0.0
    for x in xs:
        h = np.tanh(w @ h + u @ x)
        total += h @ h
    return total


def newton(a, tolerance):
    x = a
    n = 0
    while abs(x * x - a) > tolerance and n < 50:
        x = 0.5 * (x + a / x)
        n += 1
    return x, n


def heat(u, k, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u


def gauss_seidel(u, f, sweeps):
    u = u.copy()
    n = len(u)
    for _ in range(sweeps):
        for i in range(1, n - 1):
            u[i] = 0.5 * (u[i - 1] + u[i + 1] + f[i])
    return u


def dict_params(p, x):
    total = 0.0
    for name, value in p.items():
        if name.startswith("w"):
            total = total + np.sum(value * x)
    return total + p["b"] * p.get("missing", 2.0)


def dataclass_params(p: Params, x):
    q = Params(p.w * 2.0, b=p.b)
    return p.predict(x) + q.predict(x) * q.rate


def tuple_params(p: Point):
    moved = p._replace(x=p.x + 1.0)
    return Point(moved.x * moved.y, y=p[0])


def power(x, n):
    if n == 0:
        return 1.0
    if n % 2 == 1:
        return x * power(x, n - 1)
    half = power(x, n // 2)
    return half * half


def horner(coefficients, x):
    if not coefficients:
        return 0.0
    return coefficients[0] + x * horner(coefficients[1:], x)


def clipped(x, low=-1.0, *, high=1.0):
    if x < low:
        return low
    elif x > high:
        return high
    return x


def nested(x, scale=3.0):
    def inner(y, factor=scale):
        return y * factor + offset

    offset = x * 0.5
    square = lambda z: z * z  # noqa: E731
    return inner(x) + square(inner(x, factor=2.0))


def comprehension(x, n):
    values = [x[i] * i for i in range(n)]
    pairs = [a * b for a, b in zip(values, values)]
    return np.array(values) * 2.0, sum(v for v in values), len(pairs)


def nested_comprehension(x):
    return np.array([[a * b for a in x] for b in x])


def filtered(x, n):
    return sum([x[i] for i in range(n) if i % 2 == 0])


def history(x, n):
    states = [x]
    for _ in range(n):
        states.append(np.sin(states[-1]) + 0.1)
    return np.stack(states)


def leapfrog(q, p, dt, steps):
    trajectory = []
    for _ in range(steps):
        p = p - 0.5 * dt * q
        q = q + dt * p
        p = p - 0.5 * dt * q
        trajectory.append(q)
    return np.array(trajectory), q, p


def rk4(y, t, dt, n, k):
    def slope(y, t):
        return -k * y + np.sin(t)

    for _ in range(n):
        a = slope(y, t)
        b = slope(y + 0.5 * dt * a, t + 0.5 * dt)
        c = slope(y + 0.5 * dt * b, t + 0.5 * dt)
        d = slope(y + dt * c, t + dt)
        y = y + dt / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        t += dt
    return y


def swap_buffers(u, n):
    new = np.zeros_like(u)
    old = u.copy()
    for _ in range(n):
        new[1:-1] = 0.5 * (old[2:] + old[:-2])
        old, new = new, old
    return old


def cholesky(a):
    n = a.shape[0]
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s = s - factor[i, k] * factor[j, k]
            if i == j:
                factor[i, j] = np.sqrt(s)
            else:
                factor[i, j] = s / factor[j, j]
    return factor


def forward_substitution(low, b):
    x = np.zeros_like(b)
    for i in range(len(b)):
        x[i] = (b[i] - low[i, :i] @ x[:i]) / low[i, i]
    return x


def thomas(a, b, c, d):
    n = len(d)
    c, d = c.copy(), d.copy()
    c[0] /= b[0]
    d[0] /= b[0]
    for i in range(1, n):
        m = b[i] - a[i] * c[i - 1]
        c[i] /= m
        d[i] = (d[i] - a[i] * d[i - 1]) / m
    for i in reversed(range(n - 1)):
        d[i] -= c[i] * d[i + 1]
    return d


def dynamic_time_warping(x, y):
    n, m = len(x), len(y)
    cost = np.full((n + 1, m + 1), 1e9)
    cost[0, 0] = 0.0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            d = (x[i - 1] - y[j - 1]) ** 2
            cost[i, j] = d + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return cost[n, m]


def binomial_tree(spot, strike, rate, sigma, steps):
    dt = 1.0 / steps
    up = math.exp(sigma * math.sqrt(dt))
    p = (math.exp(rate * dt) - 1.0 / up) / (up - 1.0 / up)
    values = np.zeros(steps + 1)
    for i in range(steps + 1):
        values[i] = max(spot * up ** (2 * i - steps) - strike, 0.0)
    for step in range(steps):
        n = steps - step
        values = math.exp(-rate * dt) * (p * values[1 : n + 1] + (1.0 - p) * values[:n])
    return values[0]


def kalman(observations, q, r):
    x, p = 0.0, 1.0
    likelihood = 0.0
    for z in observations:
        p = p + q
        gain = p / (p + r)
        innovation = z - x
        likelihood += -0.5 * innovation**2 / (p + r) - 0.5 * np.log(p + r)
        x = x + gain * innovation
        p = (1.0 - gain) * p
    return likelihood


def hmm(start, transition, emission, observed):
    alpha = start * emission[:, observed[0]]
    for o in observed[1:]:
        alpha = (alpha @ transition) * emission[:, o]
    return np.log(np.sum(alpha))


def find_first(x, threshold):
    for i in range(len(x)):
        if x[i] > threshold:
            return x[i] * i
    return -1.0


def with_break(x, limit):
    total = 0.0
    for value in x:
        if total > limit:
            break
        if value < 0.0:
            continue
        total = total + value
    return total


def with_else(x, wanted):
    for i in range(len(x)):
        if x[i] > wanted:
            found = x[i]
            break
    else:
        found = wanted * 2.0
    return found


def while_true(x):
    n = 0
    while True:
        x = x * 0.5
        n += 1
        if x < 0.01:
            break
    return x, n


def loop_variable_afterwards(x, n):
    for i in range(n):
        y = x * i
    return y + i


def maybe_bound(x):
    if x > 0.0:
        y = x * 2.0
    if x > 1.0:
        return y
    return x


def enumerated(x, y):
    total = 0.0
    for i, (a, b) in enumerate(zip(x, y), start=1):
        total += i * a * b
    for i, a in enumerate(reversed(x)):
        total += i * a
    return total


def aliases(x):
    y = x * 1.0
    z = y
    z += x
    y[0] = 5.0
    v = y[1:]
    y[1] = x[0] * 3.0
    return z * v[0] + np.sum(v)


def view_write(x):
    y = x * 1.0
    v = y[0:2]
    v[0] = x[2]
    row = y[1:]
    row *= 2.0
    return y


def rows(a):
    a = a.copy()
    for i in range(len(a)):
        row = a[i]
        row[0] = row[1] * 2.0
        a[i][1] += 1.0
    return a


def helper_writes(x, n):
    def fill(target, value):
        target[1:] = value

    y = np.zeros(4)
    for i in range(n):
        fill(y, x[i])
    return y


def accumulate(x, index):
    y = np.zeros(3)
    np.add.at(y, index, x)
    return y


def keyword_and_star(x, *rest, scale=1.0, **options):
    total = x * scale
    for r in rest:
        total = total + r
    arguments = (x, 2.0)
    return total + options["bias"] + clipped(*arguments, **{"high": 3.0})


def uses_globals(x):
    return GRAVITY * x + np.sum(WEIGHTS) + np.sum(LAYERS[0] @ LAYERS[1]) + (1.0 if MODE == "train" else 0.0)


def axis_argument(x, axis):
    return np.sum(x, axis=axis)


def effects(x, n):
    assert n > 0, "n must be positive"
    for i in range(n):
        if x[i] > 100.0:
            raise ValueError(f"too large: {i}")
    return np.sum(x)


def uses_class(w, x):
    model = Model(w)
    other = model + Model(w * 0.5)
    return model(x) + model(Model.shift(x)) + other(x)


def conditional_chain(x, y):
    a = x if 0.0 < x < y else y
    b = x and y
    c = (x > 0.0 or y > 0.0) and not (x > y)
    return a + b + (1.0 if c else 2.0)


def guarded_index(x, i):
    return x[i] if i < len(x) and x[i] > 0.0 else 0.0


def walrus(x):
    if (y := x * 2.0) > 1.0:
        return y
    return y - 1.0


def starred(x):
    first, *middle, last = [x, x * 2.0, x * 3.0, x * 4.0]
    return first + sum(middle) * last


def matrix_rows(a):
    total = 0.0
    for row in a:
        for value in row:
            total += value * value
    return total


def zero_dimensional(x):
    y = np.array(2.0) * x
    return y.sum() + float(x)


def reduced(x):
    return functools.reduce(lambda a, b: a * b, [x, x + 1.0, 2.0]) + functools.partial(clipped, low=0.0)(x)


def mapped(x, n):
    return list(map(lambda i: x * i, range(n)))


def attention(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[-1])
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v


def convolution(image, kernel):
    n, m = image.shape
    k = kernel.shape[0]
    out = np.zeros((n - k + 1, m - k + 1))
    for i in range(n - k + 1):
        for j in range(m - k + 1):
            out[i, j] = np.sum(image[i : i + k, j : j + k] * kernel)
    return out


def sir(beta, gamma, s, i, r, n):
    history = []
    for _ in range(n):
        infected, recovered = beta * s * i, gamma * i
        s, i, r = s - infected, i + infected - recovered, r + recovered
        history.append([s, i, r])
    return np.array(history)


def conditional_append(x, n):
    found = []
    for i in range(n):
        if x[i] > 0.0:
            found.append(x[i])
    return sum(found), len(found)


def list_assignment(x, n):
    state = [x, x * 2.0]
    for _ in range(n):
        state[0], state[1] = state[1], state[0] + state[1]
    return state[0] + 2.0 * state[1]


def container_state(p: Point, n):
    state = {"point": p, "count": 0}
    for _ in range(n):
        q = state["point"]
        state = {"point": Point(q.y, q.x * 0.5), "count": state["count"] + 1}
    return state["point"].x, state["count"]


def last_defined(x, n):
    for i in range(n):
        if i > 0:
            x = x + previous  # noqa: F821
        previous = x * 0.5
    return x


def early_in_loop_of_loops(a, limit):
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            if a[i, j] > limit:
                return a[i, j] + i * 10 + j
    return 0.0


def with_errstate(x):
    with np.errstate(divide="ignore"):
        y = np.log(x)
    return y.sum()


def sum_of_rows(a):
    s = 0
    for row in a:
        s = s + row
    return s


def differences(x):
    previous = None
    total = 0.0
    for value in x:
        if previous is not None:
            total += (value - previous) ** 2
        previous = value
    return total


def best(x):
    found = None
    for i in range(len(x)):
        if found is None or x[i] > found:
            found = x[i]
    return found * 2.0


def fixed_number_of_rows(a):
    s = 0
    for i in range(3):
        s += a[i]
    return np.sum(s * s)


def list_of_arrays(x):
    buffers = [np.zeros(2) for _ in range(3)]
    for i in range(3):
        buffers[i][0] = x * i
    return sum(np.sum(buffer) for buffer in buffers)


def list_of_pairs(ws, x):
    layers = []
    for i in range(2):
        layers.append((ws[i], i + 1.0))
    for w, scale in layers:
        x = np.sin(x @ w) * scale
    return x


def nested_lists(x, n):
    table = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append(x * i * j)
        table.append(row)
    return np.array(table)


def tree_product(tree, x):
    if isinstance(tree, tuple):
        return tree_product(tree[0], x) * tree_product(tree[1], x)
    return tree * x


def chosen_layer(x, i):
    functions = [np.sin, np.cos, np.tanh]
    return functions[i](x)


def nested_recursion(x, n):
    def multiply(y, n):
        if n <= 0:
            return y
        return multiply(y * x, n - 1)

    return multiply(x, n)


def recursion_on_arrays(x, n):
    if n == 0:
        return np.zeros_like(x), 0.0
    y, total = recursion_on_arrays(0.5 * x, n - 1)
    return x + y, total + np.sum(x * GRAVITY)


def growing_list(x, n):
    xs = [x]
    while len(xs) < n:
        xs.append(xs[-1] * x)
    return sum(xs)


def fibonacci_power(x, n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return x**a


def assertion(x):
    assert x.ndim == 1 and x.shape[0] == 3, f"bad shape {x.shape}"
    a, b, c = x
    return a * b + c


def skipped_diagonal(a):
    s = 0.0
    for i, row in enumerate(a):
        for j, value in enumerate(row):
            if i == j:
                continue
            s += value**2
    return s


def closure_factory(scale):
    def scaled(x):
        return scale * x + np.sum(offset)

    offset = np.array([1.0, 2.0])
    return scaled


def reads_method(x):
    return MODEL(x) + MODEL.w @ x


MODEL = Model(np.array([1.0, 2.0, 3.0]))
double, triple = closure_factory(2.0), closure_factory(3.0)

x3, x4 = rng.normal(size=3), rng.normal(size=4)
m33 = rng.normal(size=(3, 3))
spd = m33 @ m33.T + 3.0 * np.eye(3)

CASES: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
    (mlp, ([(m33, x3), (m33 * 0.5, x3)], x3), {}),
    (layers_by_index, ([(m33, x3), (rng.normal(size=(3, 2)), rng.normal(size=2))], x3), {}),
    (rnn, (m33, m33, x3, rng.normal(size=(5, 3))), {}),
    (newton, (2.0, 1e-12), {}),
    (heat, (rng.normal(size=7), 0.1, 3), {}),
    (gauss_seidel, (rng.normal(size=6), rng.normal(size=6), 3), {}),
    (dict_params, ({"w1": x3, "w2": x3 * 2.0, "b": 1.5}, x3), {}),
    (dataclass_params, (Params(m33, x3), x3), {}),
    (tuple_params, (Point(1.5, 2.5),), {}),
    (power, (1.1, 13), {}),
    (horner, ([1.0, 2.0, 3.0], 0.5), {}),
    (clipped, (0.5,), {}),
    (clipped, (-2.0, -1.5), {"high": 2.0}),
    (nested, (1.5,), {}),
    (comprehension, (x4, 4), {}),
    (comprehension, (x4, 0), {}),
    (nested_comprehension, (x3,), {}),
    (filtered, (x4, 4), {}),
    (history, (x3, 4), {}),
    (history, (0.5, 0), {}),
    (leapfrog, (x3, x3 * 0.5, 0.1, 4), {}),
    (rk4, (1.0, 0.0, 0.1, 4, 0.3), {}),
    (swap_buffers, (rng.normal(size=6), 3), {}),
    (cholesky, (spd,), {}),
    (forward_substitution, (np.tril(spd), x3), {}),
    (thomas, (x4, 4.0 + x4**2, x4, rng.normal(size=4)), {}),
    (dynamic_time_warping, (x4, x3), {}),
    (binomial_tree, (100.0, 95.0, 0.05, 0.2, 5), {}),
    (kalman, (x4, 0.1, 0.2), {}),
    (hmm, (np.array([0.4, 0.6]), np.array([[0.7, 0.3], [0.2, 0.8]]), np.array([[0.5, 0.5], [0.1, 0.9]]),
           np.array([0, 1, 1, 0])), {}),
    (find_first, (np.array([0.1, 0.5, 2.0]), 0.4), {}),
    (find_first, (np.array([0.1, 0.5, 2.0]), 9.0), {}),
    (with_break, (np.array([1.0, -2.0, 3.0, 4.0]), 2.0), {}),
    (with_else, (np.array([1.0, 2.0]), 1.5), {}),
    (with_else, (np.array([1.0, 2.0]), 5.0), {}),
    (while_true, (3.0,), {}),
    (loop_variable_afterwards, (1.5, 3), {}),
    (maybe_bound, (2.0,), {}),
    (maybe_bound, (-2.0,), {}),
    (enumerated, (x3, x3 * 2.0), {}),
    (aliases, (x3,), {}),
    (view_write, (x3,), {}),
    (rows, (m33,), {}),
    (helper_writes, (x3, 3), {}),
    (accumulate, (x4, np.array([0, 1, 1, 2])), {}),
    (keyword_and_star, (1.0, 2.0, 3.0), {"scale": 2.0, "bias": 0.5}),
    (uses_globals, (2.0,), {}),
    (axis_argument, (m33, 1), {}),
    (effects, (x3, 3), {}),
    (uses_class, (x3, x3 * 2.0), {}),
    (conditional_chain, (0.5, 1.5), {}),
    (conditional_chain, (2.5, 1.5), {}),
    (guarded_index, (x3, 7), {}),
    (guarded_index, (np.abs(x3), 1), {}),
    (walrus, (0.7,), {}),
    (starred, (1.5,), {}),
    (matrix_rows, (m33,), {}),
    (zero_dimensional, (1.5,), {}),
    (reduced, (0.5,), {}),
    (mapped, (1.5, 3), {}),
    (attention, (m33, m33 * 2.0, m33 + 1.0), {}),
    (convolution, (rng.normal(size=(5, 4)), rng.normal(size=(2, 2))), {}),
    (sir, (0.4, 0.1, 0.9, 0.1, 0.0, 4), {}),
    (conditional_append, (x4, 4), {}),
    (list_assignment, (1.5, 4), {}),
    (container_state, (Point(1.0, 2.0), 3), {}),
    (last_defined, (1.0, 4), {}),
    (early_in_loop_of_loops, (m33, 0.5), {}),
    (early_in_loop_of_loops, (m33, 50.0), {}),
    (with_errstate, (np.abs(x3),), {}),
    (sum_of_rows, (m33,), {}),
    (differences, (x4,), {}),
    (differences, (np.zeros(0),), {}),
    (best, (x4,), {}),
    (fixed_number_of_rows, (m33,), {}),
    (list_of_arrays, (1.5,), {}),
    (list_of_pairs, ([m33, m33 * 0.5], x3), {}),
    (nested_lists, (1.5, 3), {}),
    (tree_product, (((1.0, 2.0), 3.0), 2.0), {}),
    (chosen_layer, (0.3, 1), {}),
    (nested_recursion, (1.1, 3), {}),
    (recursion_on_arrays, (x3, 3), {}),
    (growing_list, (1.5, 4), {}),
    (fibonacci_power, (1.1, 6), {}),
    (assertion, (x3,), {}),
    (skipped_diagonal, (m33,), {}),
    (double, (1.5,), {}),
    (triple, (1.5,), {}),
    (uses_class, (x3, x3 * 2.0), {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("function", "args", "kwargs"), CASES, ids=[f"{case[0].__name__}-{k}" for k, case in enumerate(CASES)]
)
def test_program_computes_what_the_function_computes(function, args, kwargs):
    assert_same(function, *args, **kwargs)


def test_a_first_iteration_of_another_kind_that_never_runs_is_an_error_when_it_happens():
    empty = np.zeros((0, 3))
    found = lowered(sum_of_rows, empty)
    with pytest.raises(ValueError, match="did not run"):
        value_of(found, sum_of_rows, empty)
