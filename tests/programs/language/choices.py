"""Functions, text and members of enums that a run-time condition chooses: called, compared, looked up, carried.

In:  nothing.   Out: `PROGRAMS`.
Not here: running them (tests/programs/test_language.py).
"""

from __future__ import annotations

import enum

import numpy as np

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)
x4 = np.array([0.7, 1.3, -0.4, 2.1])


class Mode(enum.Enum):
    A = 1
    B = 2


class Phase(enum.IntEnum):
    SOLID = 0
    LIQ = 1
    GAS = 2


def phase(T):
    if T < 0:
        return Phase.SOLID
    if T < 1:
        return Phase.LIQ
    return Phase.GAS


def relu(z):
    return np.maximum(z, 0)


def sq(z):
    return z * z


@at(x4)
def enum_choice(x):
    m = Mode.A if x.sum() > 0 else Mode.B
    if m is Mode.A:
        return np.sum(x**2)
    return np.sum(x)


@at(x4)
def enum_choice_eq(x):
    m = Mode.A if x.sum() > 0 else Mode.B
    y = x * 2
    if m == Mode.B:
        y = y + 1
    return np.sum(y**2)


@at(x4)
def fn_choice(x):
    f = np.tanh if x.sum() > 0 else np.sin
    return np.sum(f(x))


@at(x4)
def fn_choice2(x):
    if x.sum() > 0:
        f = relu
    else:
        f = sq
    y = f(x)
    return np.sum(f(y) * x)


@at(x4)
def lambda_choice(x):
    f = (lambda v: v**2) if x[0] > 0 else (lambda v: v**3)
    return f(x[1]) + f(x[2])


@at(x4)
def str_choice(x):
    s = "pos" if x.sum() > 0 else "neg"
    if s == "pos":
        return np.sum(x**2)
    else:
        return np.sum(x**3)


@at(x4)
def str_if(x):
    if x[0] > 1:
        regime = "high"
    elif x[0] > 0.5:
        regime = "mid"
    else:
        regime = "low"
    rate = {"high": 3.0, "mid": 2.0, "low": 1.0}[regime]
    return rate * np.sum(x**2)


@at(x4)
def str_loop(x):
    state = "idle"
    s = 0.0
    for v in x:
        if state == "idle":
            if v > 1:
                state = "run"
            s += v
        else:
            s += v**2
            if v < 0:
                state = "idle"
    return s


@at(x4)
def dtype_choice(x):
    ax = 0 if x[0] > 0 else None
    return np.sum(x**2)


@at(x4)
def mode_match(x):
    m = "a" if x[0] > 0 else "b"
    match m:
        case "a":
            return x[1] ** 2
        case "b":
            return x[2] ** 2
    return 0.0


@at(x4)
def phases(x):
    tot = 0.0
    for T in x:
        p = phase(T)
        if p == Phase.SOLID:
            tot += 2 * T**2
        elif p == Phase.LIQ:
            tot += T**3
        else:
            tot += T
    return tot


@at(x4)
def phase_tab(x):
    cp = [2.0, 4.0, 1.0]
    tot = 0.0
    for T in x:
        tot += cp[phase(T)] * T**2
    return tot


@at(x4)
def fn_from_dict(x):
    acts = {"relu": relu, "sq": sq}
    k = "relu" if x[0] > 0 else "sq"
    return np.sum(acts[k](x))


@at(x4)
def fn_list(x):
    fs = [relu, sq, np.sin]
    i = 0 if x[0] > 0 else 2
    return np.sum(fs[i](x))


@at(x4)
def ret_str(x):
    def cls(v):
        if v > 1:
            return "big"
        return "small"

    s = 0.0
    for v in x:
        if cls(v) == "big":
            s += v**2
        else:
            s += v
    return s


@at(x4)
def tuple_tag(x):
    def bracket(v):
        if v > 1:
            return ("hi", 0.3)
        return ("lo", 0.1)

    s = 0.0
    for v in x:
        nm, r = bracket(v)
        s += r * v**2
        if nm == "hi":
            s += v
    return s


@at(x4)
@at(-x4)
def slices_chosen(x):
    part = slice(0, 2) if x[0] > 0 else slice(1, 4, 2)
    y = np.zeros((4, 4))
    y[part, part] = np.array(((np.cos(x[1]), -x[2]), (x[3], x[0] * x[2])))
    y[part, 0] += x[2:]
    y[part] *= x[0]
    z = x.copy()
    z[part] = z[part] ** 2
    return np.sum(y @ z * x)


@at(x4, 1)
@at(-x4, 2)
def slices_with_bounds_of_the_run(x, i):
    part = slice(i, i + 2) if x[0] > 0 else slice(0, i)
    if x[1] > 0:
        rest = slice(i, None)
    else:
        rest = slice(0, 2)
    y = x * 1.0
    y[rest] = y[rest] * x[1]
    corner = (slice(i, i + 1), 0) if x[2] > 0 else (slice(0, 2), i)
    return np.sum(x[part] ** 2) * x[1] + np.sum(y**2) + np.sum(np.outer(x, x)[corner])


@at(x4, 0)
@at(x4, 3)
@at(-x4, 3)
def ranges_with_bounds_of_the_run(x, n):
    steps = range(n) if x[0] > 0 else range(1, 3)
    total = 0.0
    for k in steps:
        total += x[k] ** 2 * (k + 1)
    if x[1] > 1.0:
        steps = range(n - 1, -1, -1)
    for k in steps:
        total = total * x[k] + x[k]
    return total


class Quote:
    def __init__(self, price, currency):
        self.price, self.currency = price, currency

    def __lt__(self, other):
        return self.price < other.price

    def in_euros(self, rate):
        return self.price * (rate if self.currency == "usd" else 1.0)


def converted(quote, currency):
    return Quote(quote.price * (1.2 if quote.currency != currency else 1.0), currency)


@at(1.3, 2.1)
@at(2.1, 1.4)
def objects_that_hold_chosen_text(a, b):
    best = min([Quote(a, "usd"), Quote(b, "eur")])
    return best.in_euros(0.9 * b) ** 2 + converted(best, "usd").price * a


def shrunk(mode, v):
    if v < 0.3:
        return v * 3.0 if mode is Mode.A else v * v
    return shrunk(mode, v * (0.5 if mode is Mode.A else 0.25))


def squared(v):
    return v * v


def applied(function, v, n):
    return v if n == 0 else function(applied(function, 0.9 * v, n - 1))


@at(0.7, 0.4, 3)
@at(0.4, 0.7, 2)
def chosen_things_given_to_recursive_functions(a, b, n):
    mode = Mode.A if a > b else Mode.B
    function = squared if a > b else np.sin
    return shrunk(mode, a + b) * applied(function, a * b + 0.5, n)
