"""Optimisers as their papers state them, leaf by leaf, one number after the other where that is clearer.

Written from the papers and from the documented defaults, without a look at the package: what both have in common
is the mathematics. Each takes the parameters, the gradients, a dict that it may write to, the number of the step
from 1 on, and the loss; it returns the new parameters.
"""

from __future__ import annotations

import numpy as np

from tests.optim.problems import EXAMPLES

PUBLISHED = {}


def published(function):
    PUBLISHED[function.__name__] = function
    return function


def by_leaf(function):
    """From the update of one leaf, `function(p, g, s, t)`, to that of a list of leaves."""

    def step(params, grads, memory, t, value):
        states = memory.setdefault("leaves", [{} for _ in params])
        return [np.asarray(p + function(p, g, s, t)) for p, g, s in zip(params, grads, states)]

    PUBLISHED[function.__name__] = step
    return step


def old(s, name, like, value=0.0):
    return s.setdefault(name, np.full(np.shape(like), value))


def moments(s, g, b1, b2):
    s["m"] = b1 * old(s, "m", g) + (1 - b1) * g
    s["v"] = b2 * old(s, "v", g) + (1 - b2) * g**2
    return s["m"], s["v"]


@by_leaf
def sgd(p, g, s, t):
    return -0.05 * g


@by_leaf
def sgd_momentum(p, g, s, t):
    s["b"] = 0.9 * old(s, "b", g) + g
    return -0.05 * s["b"]


@by_leaf
def sgd_nesterov(p, g, s, t):
    s["b"] = 0.9 * old(s, "b", g) + g
    return -0.05 * (g + 0.9 * s["b"])


@by_leaf
def sign_sgd(p, g, s, t):
    return -0.05 * np.sign(g)


@by_leaf
def signum(p, g, s, t):
    s["m"] = 0.9 * old(s, "m", g) + (1 - 0.9) * g
    return -0.05 * np.sign(s["m"])


@by_leaf
def optimistic_gradient_descent(p, g, s, t):
    before = s.get("g", g)
    s["g"] = g
    return -0.05 * (2 * g - before)


@by_leaf
def adam(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    return -0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


@by_leaf
def adam_rooted(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    return -0.05 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t) + 1e-3) + 1e-8)


@by_leaf
def adamw(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    return -0.05 * ((m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) + 1e-4 * p)


def ahead(m, g, t, b1):
    return b1 * m / (1 - b1 ** (t + 1)) + (1 - b1) * g / (1 - b1**t)


@by_leaf
def nadam(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    return -0.05 * ahead(m, g, t, 0.9) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


@by_leaf
def nadamw(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    return -0.05 * (ahead(m, g, t, 0.9) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) + 1e-4 * p)


@by_leaf
def amsgrad(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    s["max"] = np.maximum(old(s, "max", g), v / (1 - 0.999**t))
    return -0.05 * (m / (1 - 0.9**t)) / (np.sqrt(s["max"]) + 1e-8)


def infinity(s, g):
    s["m"] = 0.9 * old(s, "m", g) + 0.1 * g
    s["u"] = np.maximum(0.999 * old(s, "u", g), np.abs(g) + 1e-8)
    return s["m"], s["u"]


@by_leaf
def adamax(p, g, s, t):
    m, u = infinity(s, g)
    return -0.05 / (1 - 0.9**t) * m / u


@by_leaf
def adamaxw(p, g, s, t):
    m, u = infinity(s, g)
    return -0.05 * (m / (1 - 0.9**t) / u + 1e-4 * p)


@by_leaf
def radam(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    m_hat = m / (1 - 0.9**t)
    rho_inf = 2 / (1 - 0.999) - 1
    rho = rho_inf - 2 * t * 0.999**t / (1 - 0.999**t)
    if rho < 5:
        return -0.05 * m_hat
    r = np.sqrt((rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho))
    return -0.05 * r * m_hat / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)


@by_leaf
def adabelief(p, g, s, t):
    s["m"] = 0.9 * old(s, "m", g) + 0.1 * g
    s["v"] = 0.999 * old(s, "v", g) + 0.001 * (g - s["m"]) ** 2 + 1e-16
    return -0.05 * (s["m"] / (1 - 0.9**t)) / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-16)


@by_leaf
def yogi(p, g, s, t):
    s["m"] = 0.9 * old(s, "m", g, 1e-6) + 0.1 * g
    v = old(s, "v", g, 1e-6)
    s["v"] = v - 0.001 * np.sign(v - g**2) * g**2
    return -0.05 * (s["m"] / (1 - 0.9**t)) / (np.sqrt(s["v"] / (1 - 0.999**t)) + 1e-3)


@by_leaf
def adan(p, g, s, t):
    d = g - s.get("g", g)
    s["g"] = g
    s["m"] = 0.98 * old(s, "m", g) + 0.02 * g
    s["v"] = 0.92 * old(s, "v", g) + 0.08 * d
    s["n"] = 0.99 * old(s, "n", g) + 0.01 * (g + 0.08 * d) ** 2
    up = s["m"] / (1 - 0.98**t) + 0.08 * s["v"] / (1 - 0.92**t)
    return -0.05 * up / (np.sqrt(s["n"] / (1 - 0.99**t) + 1e-8) + 1e-8)


@by_leaf
def lion(p, g, s, t):
    c = 0.9 * old(s, "m", g) + 0.1 * g
    s["m"] = 0.99 * s["m"] + 0.01 * g
    return -0.05 * (np.sign(c) + 1e-3 * p)


def extrapolated(s, d, now, before):
    last = s.get("d")
    s["d"] = d
    return now * d if last is None else (now + before) * d - before * last


@by_leaf
def optimistic_adam(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    d = ahead(m, g, t, 0.9) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return -extrapolated(s, d, 0.05, 0.05)


@by_leaf
def optimistic_adam_v2(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    d = ahead(m, g, t, 0.9) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return -0.05 * extrapolated(s, d, 1.0, 1.0)


@by_leaf
def rmsprop(p, g, s, t):
    s["v"] = 0.9 * old(s, "v", g) + 0.1 * g**2
    return -0.05 * g / np.sqrt(s["v"] + 1e-8)


@by_leaf
def rmsprop_centered(p, g, s, t):
    s["m"] = 0.9 * old(s, "m", g) + 0.1 * g
    s["v"] = 0.9 * old(s, "v", g) + 0.1 * g**2
    s["b"] = 0.5 * old(s, "b", g) - 0.01 * g / (np.sqrt(s["v"] - s["m"] ** 2 + 1e-3))
    return s["b"]


@by_leaf
def adagrad(p, g, s, t):
    s["s"] = old(s, "s", g, 0.1) + g**2
    return -0.05 * g / np.sqrt(s["s"] + 1e-7)


@by_leaf
def adadelta(p, g, s, t):
    s["e"] = 0.9 * old(s, "e", g) + 0.1 * g**2
    d = np.sqrt(old(s, "x", g) + 1e-6) / np.sqrt(s["e"] + 1e-6) * g
    s["x"] = 0.9 * s["x"] + 0.1 * d**2
    return -d


@by_leaf
def rprop(p, g, s, t):
    size, last = np.copy(old(s, "size", g, 0.01)), np.copy(old(s, "last", g))
    moved = np.zeros(np.shape(g))
    for i in np.ndindex(np.shape(g)):
        if g[i] * last[i] > 0:
            size[i] = min(size[i] * 1.2, 50.0)
        elif g[i] * last[i] < 0:
            size[i] = max(size[i] * 0.5, 1e-6)
        moved[i] = 0.0 if g[i] * last[i] < 0 else -size[i] * np.sign(g[i])
    s["size"], s["last"] = size, -moved
    return moved


def ratio(p, u, least=0.0):
    a, b = max(np.sqrt(np.sum(p**2)), least), max(np.sqrt(np.sum(u**2)), least)
    return a / b if a > 0 and b > 0 else 1.0


@by_leaf
def lars(p, g, s, t):
    s["b"] = 0.9 * old(s, "b", g) - 5.0 * 0.001 * ratio(p, g) * g
    if np.all(p == 0):
        s["b"] = s["b"] / 0.001
    return s["b"]


@by_leaf
def lamb(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    u = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-6)
    return -0.05 * ratio(p, u) * u


@by_leaf
def fromage(p, g, s, t):
    return (p - 0.05 * ratio(p, g, 1e-6) * g) / np.sqrt(1 + 0.05**2) - p


@by_leaf
def novograd(p, g, s, t):
    square = np.sum(g**2)
    s["v"] = square if t == 1 else 0.25 * s["v"] + 0.75 * square
    d = g / (np.sqrt(s["v"]) + 1e-6)
    s["m"] = d if t == 1 else 0.9 * s["m"] + d
    return -0.05 * s["m"]


@by_leaf
def adafactor(p, g, s, t):
    decay = 1 - t**-0.8
    if g.ndim == 2:
        s["r"] = decay * s.get("r", 0.0) + (1 - decay) * np.mean(g**2 + 1e-30, axis=1)
        s["c"] = decay * s.get("c", 0.0) + (1 - decay) * np.mean(g**2 + 1e-30, axis=0)
        v = np.outer(s["r"], s["c"]) / np.mean(s["r"])
    else:
        s["v"] = decay * s.get("v", 0.0) + (1 - decay) * (g**2 + 1e-30)
        v = s["v"]
    u = g / np.sqrt(v)
    u = u / max(1.0, np.sqrt(np.mean(u**2)))
    return -0.05 * max(1e-3, np.sqrt(np.mean(p**2))) * u


@by_leaf
def sm3(p, g, s, t):
    if g.ndim == 2:
        rows, columns = s.setdefault("r", np.zeros(g.shape[0])), s.setdefault("c", np.zeros(g.shape[1]))
        v = np.minimum(rows[:, None], columns[None, :]) + g**2
        s["r"], s["c"] = v.max(axis=1), v.max(axis=0)
    elif g.ndim == 1:
        v = s["v"] = old(s, "v", g) + g**2
    else:
        v = g**2
    s["m"] = 0.9 * old(s, "m", g) + 0.1 * np.where(v > 0, g / np.sqrt(v + 1e-8), 0.0)
    return -0.05 * s["m"]


@by_leaf
def muon(p, g, s, t):
    if g.ndim != 2:
        m, v = moments(s, g, 0.9, 0.999)
        return -0.05 * ahead(m, g, t, 0.9) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    s["m"] = 0.95 * old(s, "m", g) + 0.05 * g
    # The iteration acts on singular values alone: x ← a x + b x³ + c x⁵.
    u, x, vt = np.linalg.svd(ahead(s["m"], g, t, 0.95), full_matrices=False)
    x = x / (np.sqrt(np.sum(x**2)) + 1e-8)
    for _ in range(5):
        x = 3.4445 * x - 4.7750 * x**3 + 2.0315 * x**5
    return -0.05 * np.sqrt(max(1, g.shape[1] / g.shape[0])) * (u * x) @ vt


@published
def polyak_sgd(params, grads, memory, t, value):
    square = sum(np.sum(g**2) for g in grads)
    rate = min(value / square, 1.0) if square > 2.3e-16 else 0.0
    return [p - rate * g for p, g in zip(params, grads)]


@published
def clipped_sgd(params, grads, memory, t, value):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [p - 0.05 * g * min(1.0, 0.5 / norm) for p, g in zip(params, grads)]


@by_leaf
def clipped_leaves(p, g, s, t):
    return -0.05 * g * min(1.0, 0.5 / np.sqrt(np.sum(g**2)))


@by_leaf
def distance_over_gradients(p, g, s, t):
    start = s.setdefault("start", p)
    far = s["far"] = max(s.get("far", 0.1 * (1 + np.sqrt(np.sum(p**2)))), np.sqrt(np.sum((p - start) ** 2)))
    s["squares"] = s.get("squares", 0.0) + np.sum(g**2)
    return -far / np.sqrt(s["squares"] + 1e-8) * g


@by_leaf
def held_back(p, g, s, t):
    s.setdefault("kept", []).append(-0.05 * g)
    return sum(s.pop("kept")) if t % 3 == 0 else 0.0


@by_leaf
def momentum_at_times(p, g, s, t):
    if t % 2 == 0:
        return -0.05 * g
    s["b"] = 0.9 * old(s, "b", g) + g
    return -0.05 * s["b"]


@by_leaf
def steps_at_times(p, g, s, t):
    if t % 2 == 0:
        return 0.0
    s["b"] = 0.9 * old(s, "b", g) + g
    return -0.05 * s["b"]


@by_leaf
def watched(p, g, s, t):
    return -0.05 * g


@published
def prodigy(params, grads, s, t, value):
    if t == 1:
        s.update(
            d=1e-6, r=0.0, x0=params, m=[0.0] * len(params), v=[0.0] * len(params), s=[0.0] * len(params)
        )
    d, b3 = s["d"], np.sqrt(0.999)
    rate = d * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    s["r"] = b3 * s["r"] + rate * d / 1e-6 * sum(
        np.sum(g * (x0 - p)) for g, x0, p in zip(grads, s["x0"], params)
    )
    s["s"] = [b3 * a + rate * d / 1e-6 * g for a, g in zip(s["s"], grads)]
    s["m"] = [0.9 * m + 0.1 * d * g for m, g in zip(s["m"], grads)]
    s["v"] = [0.999 * v + 0.001 * (d * g) ** 2 for v, g in zip(s["v"], grads)]
    s["d"] = max(d, s["r"] / sum(np.sum(np.abs(a)) for a in s["s"]))
    return [p - rate * m / (np.sqrt(v) + s["d"] * 1e-8) for p, m, v in zip(params, s["m"], s["v"])]


def weighted_mean(params, moves, s, weight):
    """z moves, x is the weighted mean of all z, y lies between."""
    if "x" not in s:
        s.update(x=params, z=params, total=0.0)
    s["total"] += weight
    c = weight / s["total"]
    s["z"] = [z + move for z, move in zip(s["z"], moves)]
    s["x"] = [(1 - c) * x + c * z for x, z in zip(s["x"], s["z"])]
    return [0.9 * x + 0.1 * z for x, z in zip(s["x"], s["z"])]


@published
def schedule_free_sgd(params, grads, s, t, value):
    return weighted_mean(params, [-0.05 * g for g in grads], s, 0.05**2)


@published
def schedule_free_adamw(params, grads, s, t, value):
    s["v"] = [0.999 * v + 0.001 * g**2 for v, g in zip(s.get("v", [0.0] * len(grads)), grads)]
    moves = [-0.05 * g / (np.sqrt(v / (1 - 0.999**t)) + 1e-8) for g, v in zip(grads, s["v"])]
    return weighted_mean(params, moves, s, 0.05**2)


@by_leaf
def ademamix(p, g, s, t):
    m, v = moments(s, g, 0.9, 0.999)
    s["slow"] = 0.99 * old(s, "slow", g) + 0.01 * g
    u = (m / (1 - 0.9**t) + 5.0 * s["slow"]) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return -0.05 * (u + 0.01 * p)


@by_leaf
def ademamix_scheduled(p, g, s, t):
    """The slow decay and its weight rise in time."""
    b3, alpha = 0.9 + 0.0009 * (t - 1), 0.05 * (t - 1)
    m, v = moments(s, g, 0.9, 0.999)
    s["slow"] = b3 * old(s, "slow", g) + (1 - b3) * g
    return -0.05 * (m / (1 - 0.9**t) + alpha * s["slow"]) / (np.sqrt(v / (1 - 0.999**t) + 1e-3) + 1e-8)


@by_leaf
def simplified_ademamix(p, g, s, t):
    s["m"] = 0.99 * old(s, "m", g) + g
    s["v"] = 0.95 * old(s, "v", g) + 0.05 * g**2
    return -0.005 * (s["m"] + 2.0 * g) / (np.sqrt(s["v"] / (1 - 0.95**t)) + 1e-8)


@by_leaf
def adopt(p, g, s, t):
    if t == 1:
        s["v"], s["m"] = g**2, 0.0 * g
        return 0.0 * g
    bound = (t - 1) ** 0.25
    s["m"] = 0.9 * s["m"] + 0.1 * np.clip(g / np.maximum(np.sqrt(s["v"]), 1e-6), -bound, bound)
    s["v"] = 0.9999 * s["v"] + 0.0001 * g**2
    return -0.05 * s["m"]


@by_leaf
def adopt_nesterov(p, g, s, t):
    if t == 1:
        s["v"], s["m"] = g**2, 0.0 * g
        return 0.0 * g
    scaled = g / np.maximum(np.sqrt(s["v"]), 1e-6)
    s["m"] = 0.9 * s["m"] + 0.1 * scaled
    s["v"] = 0.9999 * s["v"] + 0.0001 * g**2
    return -0.05 * (0.9 * s["m"] + 0.1 * scaled)


@by_leaf
def acprop(p, g, s, t):
    known = old(s, "v", g) / (1 - 0.999 ** (t - 1)) if t > 1 else 1.0
    s["v"] = 0.999 * old(s, "v", g) + 0.001 * (g - old(s, "m", g)) ** 2 + 1e-16
    s["m"] = 0.9 * s["m"] + 0.1 * g
    return -0.005 * g / (np.sqrt(known) + 1e-16)


@by_leaf
def madgrad(p, g, s, t):
    start = s.setdefault("x0", p)
    weight = (0.05 + 1e-6) * np.sqrt(t)
    s["v"] = old(s, "v", g) + weight * g**2
    s["s"] = old(s, "s", g) + weight * g
    z = start - s["s"] / (np.cbrt(s["v"]) + 1e-6)
    return 0.9 * p + 0.1 * z - p


@by_leaf
def cocob(p, g, s, t):
    """Each number is a gambler of its own."""
    start = s.setdefault("x0", p)
    s["L"] = np.maximum(old(s, "L", g, 1e-8), np.abs(g))
    s["G"] = old(s, "G", g) + np.abs(g)
    s["reward"] = np.maximum(old(s, "reward", g) - g * (p - start), 0)
    s["sum"] = old(s, "sum", g) - g
    bet = s["sum"] / (s["L"] * np.maximum(s["G"] + s["L"], 100 * s["L"]))
    return start + bet * (s["L"] + s["reward"]) - p


def distance(params, start):
    return np.sqrt(sum(np.sum((p - q) ** 2) for p, q in zip(params, start)))


@published
def dog(params, grads, s, t, value):
    s.setdefault("x0", params)
    first = 1e-3 * (1 + distance(s["x0"], [0.0] * len(params)))
    s["far"] = max(s.get("far", first), distance(params, s["x0"]))
    s["sum"] = s.get("sum", 0.0) + sum(np.sum(g**2) for g in grads)
    return [p - s["far"] / np.sqrt(s["sum"] + 1e-8) * g for p, g in zip(params, grads)]


@published
def dog_first_rate(params, grads, s, t, value):
    s.setdefault("x0", params)
    s["far"] = max(s.get("far", 0.0), distance(params, s["x0"]))
    s["sum"] = s.get("sum", 0.0) + sum(np.sum(g**2) for g in grads)
    rate = 1e-3 if t == 1 else s["far"] / np.sqrt(s["sum"] + 1e-8)
    return [p - rate * g for p, g in zip(params, grads)]


@published
def dowg(params, grads, s, t, value):
    s.setdefault("x0", params)
    s["far"] = max(s.get("far", 1e-4), distance(params, s["x0"]) ** 2)
    s["sum"] = s.get("sum", 0.0) + s["far"] * sum(np.sum(g**2) for g in grads)
    return [p - s["far"] / (np.sqrt(s["sum"]) + 1e-4) * g for p, g in zip(params, grads)]


def inner(xs, ys):
    return sum(np.sum(x * y) for x, y in zip(xs, ys))


@published
def momo(params, grads, s, t, value):
    """Algorithm 1 with the optional estimate of the lower bound; proximal weight decay."""
    b = 0.9 if t > 1 else 0.0
    s["d"] = [b * d + (1 - b) * g for d, g in zip(s.get("d", [0.0] * len(grads)), grads)]
    s["f"] = b * s.get("f", 0.0) + (1 - b) * value
    s["c"] = b * s.get("c", 0.0) + (1 - b) * inner(grads, params)
    grow = 1 + 0.5 * 0.01
    h = s["f"] + inner(s["d"], params) - s["c"]
    top = grow * (s["f"] - s["c"]) + inner(s["d"], params)
    bound = s.get("lb", -1.0)
    if top < grow * bound:
        bound = max(top / (2 * grow), -1.0)
    size = inner(s["d"], s["d"])
    tau = min(0.5, max(top - grow * bound, 0.0) / size)
    s["lb"] = max(h - tau / 2 * size, -1.0)
    return [p / grow - tau * d for p, d in zip(params, s["d"])]


@published
def momo_adam(params, grads, s, t, value):
    zeros = [0.0] * len(grads)
    s["d"] = [0.9 * d + 0.1 * g for d, g in zip(s.get("d", zeros), grads)]
    s["v"] = [0.999 * v + 0.001 * g**2 for v, g in zip(s.get("v", zeros), grads)]
    metric = [1e-8 + np.sqrt(v / (1 - 0.999**t)) for v in s["v"]]
    s["f"] = 0.9 * s.get("f", 0.0) + 0.1 * value
    s["c"] = 0.9 * s.get("c", 0.0) + 0.1 * inner(grads, params)
    size = inner(s["d"], [d / w for d, w in zip(s["d"], metric)])
    h = s["f"] + inner(s["d"], params) - s["c"]
    tau = min(0.05 / (1 - 0.9**t), max(h, 0.0) / size)
    return [p - tau * d / w for p, d, w in zip(params, s["d"], metric)]


@published
def plateau(params, grads, s, t, value):
    """After three means of two losses without a better one by 1 %, a third; then one mean is not judged."""
    s.setdefault("losses", []).append(value)
    if len(s["losses"]) == 2:
        mean = sum(s.pop("losses")) / 2
        better = mean < 0.99 * s.get("best", np.inf)
        s["best"] = mean if better else s["best"]
        s["bad"] = 0 if better else s.get("bad", 0) + 1
        if s.get("rest", 0):
            s["rest"], s["bad"] = s["rest"] - 1, 0
        elif s["bad"] == 3:
            s.update(bad=0, rest=1, scale=s.get("scale", 1.0) / 3)
    return [p - 0.05 * s.get("scale", 1.0) * g for p, g in zip(params, grads)]


@published
def quasi_newton(params, grads, s, t, value):
    """BFGS of the last three pairs as a matrix, in place of the two loops."""
    x, g = (np.concatenate([np.ravel(leaf) for leaf in leaves]) for leaves in (params, grads))
    pairs, scale = s.setdefault("pairs", []), min(1.0, 1.0 / np.sqrt(g @ g))
    if t > 1:
        step, change = x - s["x"], g - s["g"]
        pairs.append((step, change))
        scale = step @ change / (change @ change)
    del pairs[:-3]
    inverse = scale * np.eye(x.size)
    for step, change in pairs:
        left = np.eye(x.size) - np.outer(step, change) / (step @ change)
        inverse = left @ inverse @ left.T + np.outer(step, step) / (step @ change)
    s["x"], s["g"] = x, g
    moved = np.split(x - 0.3 * (inverse @ g), np.cumsum([np.size(p) for p in params])[:-1])
    return [np.reshape(part, np.shape(p)) for part, p in zip(moved, params)]


@published
def averaged(params, grads, s, t, value):
    """The average does not act on the parameters."""
    return [p - 0.05 * g for p, g in zip(params, grads)]


@published
def sam(params, grads, s, t, value):
    """Uphill by 0.01 along the gradient, then down from where that began, by momentum."""
    if t % 2:
        s["home"] = params
        size = np.sqrt(inner(grads, grads))
        return [p + 0.01 * g / size for p, g in zip(params, grads)]
    s["b"] = [0.5 * b + g for b, g in zip(s.get("b", [0.0] * len(grads)), grads)]
    return [h - 0.05 * b for h, b in zip(s["home"], s["b"])]


@published
def dadapt_adamw(params, grads, s, t, value):
    """Algorithm 5: D-Adaptation of Adam."""
    zeros = [np.zeros(np.shape(g)) for g in grads]
    for name in ("m", "v", "s"):
        s.setdefault(name, zeros)
    b3, d = np.sqrt(0.999), s.get("d", 1e-3)
    rate = d * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    along = inner(grads, [a / (np.sqrt(v) + 1e-8) for a, v in zip(s["s"], s["v"])])
    s["m"] = [0.9 * m + 0.1 * rate * g for m, g in zip(s["m"], grads)]
    s["v"] = [0.999 * v + 0.001 * g**2 for v, g in zip(s["v"], grads)]
    s["s"] = [b3 * a + (1 - b3) * rate * g for a, g in zip(s["s"], grads)]
    s["r"] = b3 * s.get("r", 0.0) + (1 - b3) * rate * along
    s["d"] = max(d, s["r"] / ((1 - b3) * sum(np.sum(np.abs(a)) for a in s["s"])))
    return [p - 0.01 * rate * p - m / (np.sqrt(v) + 1e-8) for p, m, v in zip(params, s["m"], s["v"])]


@published
def lookahead(params, grads, s, t, value):
    s.setdefault("slow", params)
    fast = [p - 0.05 * g for p, g in zip(params, grads)]
    if t % 5:
        return fast
    s["slow"] = [a + 0.5 * (f - a) for a, f in zip(s["slow"], fast)]
    return s["slow"]


@published
def accumulated_sgd(params, grads, s, t, value):
    s.setdefault("seen", []).append(grads)
    if t % 3:
        return params
    seen = s.pop("seen")
    return [p - 0.05 * sum(gs[k] for gs in seen) / 3 for k, p in enumerate(params)]


# Random numbers of step t come from Philox with the seed as key and the number of the step as counter.
def generator(seed, step):
    return np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, step]))


@published
def noisy_sgd(params, grads, s, t, value):
    rng = generator(0, t)
    noise = [rng.standard_normal(np.shape(g)) for g in grads]
    return [p - 0.05 * (g + np.sqrt(0.01 / t**0.55) * n) for p, g, n in zip(params, grads, noise)]


@published
def sophia(params, grads, s, t, value):
    """Algorithm 3 with Hutchinson's estimator, Algorithm 1; H z is a difference of gradients."""
    m, h = (s.setdefault(name, [np.zeros(np.shape(p)) for p in params]) for name in "mh")
    m = s["m"] = [0.965 * a + 0.035 * g for a, g in zip(m, grads)]
    steps = [np.clip(a / (1 - 0.965**t) / np.maximum(0.01 * b, 1e-8), -1, 1) for a, b in zip(m, h)]
    if t % 10 == 1:
        rng = generator(0, t // 10)
        z = [2.0 * rng.integers(0, 2, np.shape(p)) - 1.0 for p in params]
        s["h"] = [0.99 * b + 0.01 * a * c for b, a, c in zip(h, z, s["curvature"](params, z))]
    return [p - 0.05 * (u + 1e-4 * p) for p, u in zip(params, steps)]


@published
def mechanize(params, grads, s, t, value):
    """Algorithm 1 around momentum, with the bound on products that the authors' program has."""
    n, lam, eps = 3, 0.01, 1e-8
    betas = 1 - 0.1 ** np.arange(1, n + 1)
    start = s.setdefault("x", params)
    r, m, v, scale = s.get("learned", (np.zeros(n), np.zeros(n), np.zeros(n), np.full(n, 1e-3)))
    sums = [(p - x) / (np.sum(scale) + eps) for p, x in zip(params, start)]
    s["b"] = [0.9 * b + g for b, g in zip(s.get("b", [0.0] * len(grads)), grads)]
    pull = lam * np.sum(scale) * np.sqrt(inner(grads, grads)) / (np.sqrt(inner(params, params)) + eps)
    h = inner([g + pull * p for g, p in zip(grads, params)], sums)
    r = betas * r - np.clip(h, -m, m) * scale
    m = np.maximum(betas * m, np.abs(h) + eps)
    v = betas**2 * v + h**2
    scale = (1e-3 / n * m + np.maximum(0, r)) / (np.sqrt(v) + eps)
    s["learned"] = r, m, v, scale
    return [x + np.sum(scale) * (d - 0.05 * b) for x, d, b in zip(start, sums, s["b"])]


@by_leaf
def galore(p, g, s, t):
    """Algorithm 2: Adam of a gradient of rank 2, whose row space is found anew every 30 steps."""
    if np.ndim(g) == 2:
        if t % 30 == 1:
            s["P"] = np.linalg.svd(g)[2][:2].T
        m, v = moments(s, g @ s["P"], 0.9, 0.999)
    else:
        m, v = moments(s, g, 0.9, 0.999)
    step = (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    whole = 0.5 * step @ s["P"].T if np.ndim(g) == 2 else step
    return -0.05 * (whole + 0.01 * p)


def clipped_examples(grads):
    sums = [0.0] * len(grads)
    for share in EXAMPLES:
        one = [share * g for g in grads]
        shrink = max(1.0, np.sqrt(inner(one, one)) / 0.5)
        sums = [a + g / shrink for a, g in zip(sums, one)]
    return sums


@published
def dpsgd_without_noise(params, grads, s, t, value):
    return [p - 0.5 * a / 3 for p, a in zip(params, clipped_examples(grads))]


@published
def dpsgd(params, grads, s, t, value):
    """Algorithm 1, one example after the other, and momentum."""
    sums = clipped_examples(grads)
    rng = generator(3, t)
    noisy = [(a + 0.5 * 0.1 * rng.standard_normal(np.shape(g))) / 3 for a, g in zip(sums, grads)]
    s["b"] = [0.9 * b + g for b, g in zip(s.get("b", [0.0] * len(grads)), noisy)]
    return [p - 0.05 * b for p, b in zip(params, s["b"])]
