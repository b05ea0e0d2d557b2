"""What lies outside of the function: replaced methods, defaults and builtins are seen; changes are told of."""

from __future__ import annotations

import copy
import warnings
from types import FunctionType

import numpy as np
import pytest

import gradscribe as gs
from tests.references import difference

X = np.array([1.5, -0.5])


class Gain:
    scale = 2.0

    def __init__(self):
        self.size = 2.5

    def apply(self, v):
        return v * self.scale

    @staticmethod
    def fixed(v):
        return v * 3.0

    @classmethod
    def shared(cls, v):
        return v * cls.scale

    @property
    def level(self):
        return 4.0

    def __mul__(self, v):
        return v * 5.0

    def __iter__(self):
        return iter((7.0, 8.0))


class Inner(Gain):
    pass


class Called:
    def __init__(self):
        self.factor = 6.0

    def __call__(self, v):
        return v * self.factor


class Made:
    def __init__(self, v):
        self.v = v * 9.0

    def get(self):
        return self.v


def with_default(v, k=2.0):
    return v * k


def with_keyword(v, *, k=2.0):
    return v * k


gain = Inner()
called = Called()
FUNCTIONS = {
    "method": (lambda x: gain.apply(x[0]), Gain, "apply", lambda self, v: v * 10.0),
    "method of a subclass": (lambda x: gain.apply(x[0]), Inner, "apply", lambda self, v: v * 11.0),
    "staticmethod": (lambda x: gain.fixed(x[0]), Gain, "fixed", staticmethod(lambda v: v * 12.0)),
    "staticmethod of the class": (
        lambda x: Gain.fixed(x[0]),
        Gain,
        "fixed",
        staticmethod(lambda v: v * 13.0),
    ),
    "classmethod": (lambda x: gain.shared(x[0]), Gain, "shared", classmethod(lambda cls, v: v * 14.0)),
    "property": (lambda x: gain.level * x[0], Gain, "level", property(lambda self: 15.0)),
    "operator": (lambda x: gain * x[0], Gain, "__mul__", lambda self, v: v * 16.0),
    "call": (lambda x: called(x[0]), Called, "__call__", lambda self, v: v * 17.0),
    "iteration": (lambda x: sum(k * x[0] for k in gain), Gain, "__iter__", lambda self: iter((1.0, 2.0))),
    "attribute": (lambda x: gain.scale * x[0], Inner, "scale", 18.0),
    "initialiser": (lambda x: Made(x[0]).v, Made, "__init__", lambda self, v: setattr(self, "v", v * 19.0)),
    "method of what is made": (lambda x: Made(x[0]).get(), Made, "get", lambda self: self.v * 20.0),
    "default": (lambda x: with_default(x[0]), with_default, "__defaults__", (21.0,)),
    "keyword default": (lambda x: with_keyword(x[0]), with_keyword, "__kwdefaults__", {"k": 22.0}),
    "code": (
        lambda x: with_default(x[0]),
        with_default,
        "__code__",
        (lambda v, k=1.0: v * 23.0 + 0.0 * k).__code__,
    ),
}


@pytest.mark.parametrize("case", FUNCTIONS)
def test_what_is_replaced_is_seen_by_the_next_call(case, monkeypatch):
    function, holder, name, other = FUNCTIONS[case]
    derivative = gs.grad(function)
    before = function(X) / X[0]
    assert derivative(X)[0] == pytest.approx(before, rel=1e-14)
    if isinstance(holder, FunctionType):
        held = getattr(holder, name)
        setattr(holder, name, other)
    else:
        monkeypatch.setattr(holder, name, other, raising=False)
    try:
        after = function(X) / X[0]
        assert before != after
        assert derivative(X)[0] == pytest.approx(after, rel=1e-14)
    finally:
        if isinstance(holder, FunctionType):
            setattr(holder, name, held)
    monkeypatch.undo()
    assert derivative(X)[0] == pytest.approx(before, rel=1e-14)


def test_a_global_that_hides_a_builtin_is_seen(monkeypatch):
    def size(x):
        return abs(x[1])

    derivative = gs.grad(size)
    assert derivative(X).tolist() == [0.0, -1.0]
    monkeypatch.setitem(globals(), "abs", lambda v: 3.0 * v)
    assert derivative(X).tolist() == [0.0, 3.0]


COUNTS = [0]
TABLE = np.ones(3)
RECORD = {"calls": 0.0}


class Shared:
    seen: list = []  # noqa: RUF012 (the case)


def counts(x):
    COUNTS[0] += 1
    return x[0] ** 2


def fills(x):
    TABLE[1] = x[0]
    return TABLE[1] ** 2


def adds_at(x):
    np.add.at(TABLE, [0, 0], x[0])
    return TABLE[0] ** 2


def records(x):
    for i in range(3):
        RECORD["calls"] += x[0] * i
    return RECORD["calls"] ** 2


def appends(x):
    Shared.seen.append(x[0])
    return Shared.seen[-1] ** 2


def through_a_name(x):
    mine = COUNTS
    mine.append(2)
    return x[0] ** 2


def sometimes(x):
    if x[0] > 0.0:
        RECORD["calls"] = x[0]
    return RECORD["calls"] ** 2


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (counts, "COUNTS"),
        (fills, "TABLE"),
        (adds_at, "TABLE"),
        (records, "RECORD"),
        (appends, "seen"),
        (through_a_name, "COUNTS"),
        (sometimes, "RECORD"),
    ],
)
def test_changes_outside_are_told_of_and_made_on_a_copy(function, name):
    held = (list(COUNTS), TABLE.copy(), dict(RECORD), list(Shared.seen))
    derivative = gs.grad(function)
    with pytest.warns(
        gs.SideEffectWarning, match=f"`{function.__name__}` changes `{name}` outside of it"
    ) as told:
        first = derivative(X)
    assert told[0].filename == __file__ and told[0].lineno == function.__code__.co_firstlineno
    assert derivative(X).tolist() == first.tolist()
    now = (list(COUNTS), TABLE.copy(), dict(RECORD), list(Shared.seen))
    assert all(
        np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in zip(held, now, strict=True)
    )


class Held:
    shared = [0.5]  # noqa: RUF012 (the case)

    def __init__(self):
        self.v = 0.5
        self.w = np.ones(2)


def entry(d):
    def f(x):
        if x[0] > 0.0:
            d["c"] = x[0]
        return d["c"] ** 2

    return f, {"c": 0.5}


def item(k):
    def f(x):
        for i in range(len(x)):
            k[0] = k[0] + x[i] * i
        return k[0] ** 2

    return f, [0.5, 1.0]


def growing(k):
    def f(x):
        i = 0
        while i < len(x):
            k.append(k[-1] * x[i])
            i += 1
        return k[-1] ** 2 + len(k)

    return f, [0.5, 1.0]


def work_array(a):
    def f(x):
        for i in range(len(x)):
            for j in range(i + 1):
                a[j] += x[i] * a[j]
        return np.sum(a**2)

    return f, np.ones(3)


def attributes(o):
    def f(x):
        for i in range(len(x)):
            if x[i] > 0.5:
                o.v = o.v * x[i]
                o.w[1] = o.v
        return o.v * o.w[1]

    return f, Held()


def by_a_function(o):
    def step(v):
        o.w[0] += v
        return o.w[0]

    def f(x):
        total = 0.0
        for v in x:
            total = total + step(v)
        return total * o.w[0]

    return f, Held()


def under_another_name(k):
    def f(x):
        own = [0.0]
        chosen = k if x[0] > 0.0 else own
        chosen[0] = x[1]
        return k[0] * x[0]

    return f, [0.5]


def in_a_handler(d):
    def f(x):
        try:
            d["c"] = d["c"] * x[0]
        finally:
            d["e"] = x[1]
        return d["c"] * d["e"]

    return f, {"c": 0.5, "e": 0.1}


def in_a_recursion(a):
    def amplified(v, m):
        return v if m <= 0 else amplified(a[0] * np.sin(v), m - 1)

    def f(x):
        a[0] = 1.0
        first = amplified(x[0], len(x))
        a[0] = x[1]
        return first + 2.0 * amplified(x[0], len(x) + 2) + amplified(x[2], len(x))

    return f, np.ones(2)


FIRST_READ = [
    entry,
    item,
    growing,
    work_array,
    attributes,
    by_a_function,
    under_another_name,
    in_a_handler,
    in_a_recursion,
]


@pytest.mark.filterwarnings("ignore::gradscribe.SideEffectWarning")
@pytest.mark.parametrize("make", FIRST_READ)
@pytest.mark.parametrize("x", [[0.7, 0.2, 1.1], [-0.7, 0.2, 1.1]])
def test_what_is_first_read_in_a_block_is_changed_for_what_follows(make, x):
    x = np.array(x)
    held = make(None)[1]

    def afresh(x):
        return make(copy.deepcopy(held))[0](x)

    function = make(held)[0]
    value, gradient = gs.value_and_grad(function)(x)
    assert value == pytest.approx(afresh(x), rel=1e-14)
    slopes = [difference(lambda t, axis=axis: afresh(x + t * axis)) for axis in np.eye(3)]
    assert gradient == pytest.approx(np.array(slopes), rel=1e-8, abs=1e-9)
    direction = np.array([0.3, -1.0, 0.7])
    assert gs.jvp(function, (x,), (direction,))[1] == pytest.approx(gradient @ direction, rel=1e-12)
    gradient_of = gs.grad(function)
    bend = difference(lambda t: gradient_of(x + t * direction))
    assert gs.hvp(function, (x,), (direction,)) == pytest.approx(bend, rel=1e-7, abs=1e-9)


def test_the_closure_of_a_function_is_outside_of_it():
    def make():
        known = {}

        def cached(x):
            if "square" not in known:
                known["square"] = x[0] ** 2
            return known["square"] * x[1]

        return cached

    with pytest.warns(gs.SideEffectWarning, match="`cached` changes `known`"):
        gradient = gs.grad(make())(X)
    assert gradient.tolist() == [2.0 * X[0] * X[1], X[0] ** 2]


def test_what_is_only_read_or_copied_is_not_told_of():
    def reads(x):
        own = TABLE.copy()
        own[0] = x[0]
        mine = [*COUNTS]
        mine.append(1)
        total = 0.0
        for i in range(len(TABLE)):
            total = total + own[i] * TABLE[i] + len(mine) + RECORD["calls"]
        return total * x[0]

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gs.grad(reads)(X)
