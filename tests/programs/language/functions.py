"""Functions: how they are called, made, passed, wrapped.

In:  nothing.   Out: `PROGRAMS`.
Not here: methods (objects.py).
"""

from __future__ import annotations

import functools
import math
import operator
from typing import NamedTuple

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(3)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

SCALE = 1.5
WEIGHTS = np.array([1.0, 2.0, 3.0])


@at(rng.normal(size=3))
def globals_are_read(x):
    return SCALE * np.sum(WEIGHTS * x**2)


def _keyword_only(x, *, power=2, scale):
    return scale * x**power


def _positional_only(x, y, /, z=2.0):
    return x * y + z


def _everything(a, /, b, *rest, c=1.0, **named):
    total = a * b * c
    for v in rest:
        total += v * v
    for key, v in named.items():
        total += v * len(key)
    return total


@at(0.7, 1.2)
def parameter_kinds(x, y):
    return _keyword_only(x, scale=y) + _keyword_only(y, scale=2.0, power=3) + _positional_only(x, y, z=x)


@at(0.7, 1.2)
def star_arguments(x, y):
    args, named = (x, y), {"cc": x * y, "d": 2.0}
    return (
        _everything(*args)
        + _everything(x, *[y, x, y], c=y)
        + _everything(x, b=y, **named)
        + _everything(*args, x, **{"c": x, **named})
    )


@at(0.7, 1.2)
def parameters_collected(x, y):
    def total(*values, **named):
        return sum(values) + sum(named.values()) * len(values)

    return total(x, y, x * y) * total(x, a=y, b=2.0)


@at(0.7)
def defaults_that_read_outside(x):
    scale = x * 2.0

    def inner(v, k=scale, *, j=x):
        return v * k + j

    scale = 100.0
    return inner(x) + inner(x, 1.0, j=scale)


@at(rng.normal(size=3))
def functions_passed_and_returned(x):
    def twice(f):
        return lambda v: f(f(v))

    def compose(*fs):
        def composed(v):
            for f in fs:
                v = f(v)
            return v

        return composed

    return np.sum(compose(np.sin, twice(np.tanh), lambda v: v * 2.0)(x))


@at(0.3)
def functions_in_containers(x):
    table = {"sin": math.sin, "square": lambda v: v * v}
    steps = [math.exp, table["square"]]
    for f in steps:
        x = f(x)
    return table["sin"](x)


@at(0.3, 1.1)
def partials(a, b):
    power = functools.partial(pow, 2.0)
    add = functools.partial(_everything, a, c=b)
    scaled = functools.partial(_keyword_only, scale=a)
    return power(a) + add(b, a, d=1.0) + scaled(b) + functools.partial(operator.mul, a)(b)


def _logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs) * 2.0

    return wrapper


def _repeated(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(v):
            for _ in range(times):
                v = function(v)
            return v

        return wrapper

    return decorate


@_logged
def _doubled_square(x):
    return x * x


@_repeated(3)
@_logged
def _thrice(x):
    return math.sin(x)


@at(0.4)
def decorated_helpers(x):
    return _doubled_square(x) + _thrice(x)


@at(0.4)
def decorated_nested_function(x):
    def plus_one(function):
        def wrapper(v):
            return function(v) + 1.0

        return wrapper

    @plus_one
    @plus_one
    def square(v):
        return v * v * x

    return square(x)


@at(0.4)
@_logged
def decorated_at_the_top(x):
    return x**3


@functools.lru_cache(maxsize=None)
def _binomial(n, k):
    return 1 if k in (0, n) else _binomial(n - 1, k - 1) + _binomial(n - 1, k)


@functools.cache
def _weights(n):
    return tuple(1.0 / (k + 1) for k in range(n))


@at(0.4)
def cached_pure_helpers(x):
    s = 0.0
    for k in range(4):
        s += _binomial(3, k) * x**k
    for w, p in zip(_weights(3), (1, 2, 3)):
        s += w * x**p
    return s


def _tree_sum(tree):
    if isinstance(tree, tuple):
        left, right = tree
        return _tree_sum(left) * 0.5 + _tree_sum(right)
    return np.sum(tree**2)


@at((rng.normal(size=2), (rng.normal(size=3), rng.normal(size=2))))
def recursion_over_a_structure(tree):
    return _tree_sum(tree)


def _evaluate(expression, x):
    if isinstance(expression, str):
        return x
    if isinstance(expression, float):
        return expression
    name, *operands = expression
    values = [_evaluate(operand, x) for operand in operands]
    return {"+": operator.add, "*": operator.mul}[name](*values)


@at(0.7)
def interpreter_of_expressions(x):
    return _evaluate(("+", ("*", "x", ("*", "x", 3.0)), "x"), x)


@at(1.1, 6)
def mutual_recursion(x, n):
    def even(v, k):
        return v if k == 0 else odd(v * 1.5, k - 1)

    def odd(v, k):
        return v * v if k == 0 else even(v + 0.1, k - 1)

    return even(x, 4) + _countdown(x, n)


def _countdown(x, n):
    if n <= 0:
        return x
    return _countdown(math.sin(x) + 0.1 * n, n - 1)


def _bisect(f, low, high, depth):
    middle = 0.5 * (low + high)
    if depth == 0:
        return middle
    return _bisect(f, low, middle, depth - 1) if f(middle) > 0 else _bisect(f, middle, high, depth - 1)


@at(0.2, 2.1)
def recursion_with_a_function(low, high):
    return _bisect(lambda v: v * v - 2.0, low, high, 4)


@at(rng.normal(size=5))
def nonlocal_accumulator(x):
    total = 0.0
    count = 0

    def add(v):
        nonlocal total, count
        total += v * v
        count += 1

    for v in x:
        add(v)
    add(x[0])
    return total * count


@at(0.4)
def nonlocal_counter_returned(x):
    def counter(start):
        value = start

        def step(by):
            nonlocal value
            value = value * by
            return value

        return step

    one, two = counter(x), counter(2.0)
    one(x)
    two(x)
    return one(3.0) * two(x)


@at(0.4)
def closures_see_later_values(x):
    k = 1.0

    def f(v):
        return v * k

    a = f(x)
    k = x
    return a + f(x)


@at(0.4)
def closures_made_in_a_loop(x):
    early = [lambda v, i=i: v * i for i in range(3)]
    inside = [(lambda v: v * i)(x) for i in range(3)]
    late = []
    for k in range(3):
        late.append(lambda v: v * k)
    return late[0](x) * early[1](x) + early[2](x) + inside[1]


@at(0.4)
def lambdas_and_conditionals(x):
    f = (lambda v: v * v) if SCALE is not None else (lambda v: v)
    return f(x) * (lambda a, b=2.0, *c, **d: a * b + len(c) + len(d))(x, 3.0, 1, k=2)


@at(0.4)
def function_attributes_and_names(x):
    return len(_keyword_only.__name__) * x + (1.0 if callable(math.sin) else 0.0) * x * x


@at(rng.normal(size=3))
def operator_functions(x):
    first = operator.itemgetter(0)
    s = operator.add(x[0], x[1]) * operator.neg(x[2]) + operator.truediv(x[0], 2.0)
    return s + first([x[1], x[2]]) + operator.attrgetter("T")(x)[0] + operator.pow(x[0], 2)


@at(0.4)
def several_results(x):
    def pair(v):
        return v * v, {"twice": 2.0 * v, "rest": [v, v**3]}

    square, more = pair(x)
    return square * more["twice"] + more["rest"][-1]


@at(0.5)
def walrus_in_places(x):
    y = [z := x * x, z * 2.0]
    return sum(y) + z + (w := x * 3.0) * w


@at(rng.uniform(size=(2, 3)))
def recursion_with_literal_arguments(cost):
    def best(i, j):
        if i == 0 and j == 0:
            return cost[0, 0]
        if i == 0:
            return cost[0, j] + best(0, j - 1)
        if j == 0:
            return cost[i, 0] + best(i - 1, 0)
        return cost[i, j] + min(best(i - 1, j), best(i, j - 1))

    return best(cost.shape[0] - 1, cost.shape[1] - 1)


@at(rng.uniform(size=4))
def nested_function_with_a_cache(x):
    @functools.lru_cache(maxsize=None)
    def power(i):
        return 1.0 if i == 0 else x[i - 1] * power(i - 1)

    @functools.cache
    def square(v):
        return v * v

    return power(len(x)) + square(x[0]) * square(x[1])


def _tree(x, depth):
    if depth == 0:
        return math.sin(x)
    return _tree(0.5 * x, depth - 1) * 0.7 + _tree(x + 0.1, depth - 1) ** 2 + 0.01 * depth


@at(0.3)
def recursion_that_branches_to_a_known_depth(x):
    return _tree(x, 8)


@at(0.7, 2.0)
def adaptive_quadrature(k, high):
    def f(x):
        return math.exp(-k * x) * math.sin(3 * x)

    def simpson(a, b):
        return (b - a) / 6 * (f(a) + 4 * f(0.5 * (a + b)) + f(b))

    def refined(a, b, whole, tolerance, depth):
        c = 0.5 * (a + b)
        left, right = simpson(a, c), simpson(c, b)
        if depth <= 0 or abs(left + right - whole) < 15 * tolerance:
            return left + right + (left + right - whole) / 15
        return refined(a, c, left, tolerance / 2, depth - 1) + refined(c, b, right, tolerance / 2, depth - 1)

    return refined(0.0, high, simpson(0.0, high), 1e-6, 12)


@at(np.array([0.7, 1.3, -0.4, 2.1]), 3)
@at(np.array([0.7, 1.3, -0.4, 2.1]), 0)
def pair_from_a_recursion_unpacked(x, n):
    def pair(value, depth):
        if depth <= 0:
            return np.array([value, value * x[1]])
        return pair(value * x[2] + 1, depth - 1) * 0.9

    row = pair(x[0], n)
    first, second = row
    return np.hypot(*row) + first * second


@at(np.array([0.7, 1.3, -0.4, 2.1]), 4)
def recursion_whose_result_grows(x, n):
    def powers(depth):
        if depth <= 0:
            return np.array([x[0], x[1]])
        return np.concatenate([powers(depth - 1) * x[2], [x[3]]])

    return np.sum(powers(n) ** 2)


def _part(x, part):
    return np.sum(x[part] ** 2)


@at(np.array([0.7, 1.3, -0.4, 2.1]), 3)
def slices_as_arguments(x, n):
    return _part(x, slice(1, n)) + 2.0 * _part(x, slice(None, None, -2)) + _part(x[::-1], slice(0, n - 1))


# Operators as functions


@at(np.array([1.5, 2.0, 0.7]))
def operators_that_join_lists(x):
    joined = operator.add([x[0]], [x[1] ** 2])
    repeated = operator.mul((x[2],), 3)
    together = functools.reduce(operator.add, [[x[0]], [x[1] ** 2], [x[2]]])
    pairs = list(map(operator.add, [[x[0]], [x[1]]], [[x[2]], [x[0]]]))
    counts = len(joined) * len(repeated) * len(together) * len(pairs[1])
    return counts * (sum(joined) + sum(repeated) + sum(together) + sum(pairs[0]) * sum(pairs[1]))


@at(np.array([1.5, 2.0, 0.7]))
def operators_that_compare_tuples(x):
    total = x[2] ** 3
    if operator.lt((x[0], x[1]), (x[0] + 1.0, 0.0)):
        total += x[0] ** 2
    if operator.truth(x[1]) and not operator.not_((x[0] * 0.0,)):
        total += x[1] ** 2
    return total


class Scales(NamedTuple):
    first: float
    others: np.ndarray


def _weighted(weights, scales, x, *, table):
    return np.sum(weights * x) * scales.first + np.sum(scales.others * x) * table["a"] * len(scales)


WEIGHTED = functools.partial(
    _weighted, WEIGHTS, Scales(2.0, np.array([0.5, 1.0, 2.0])), table={"a": np.array(3.0)}
)


@at(rng.normal(size=3))
def partials_that_hold_arrays(x):
    return WEIGHTED(x**2) + {"again": WEIGHTED}["again"](np.sin(x))


@at(0.7)
def defaults_with_names(x):
    def inner(v, scales=Scales(2.0, np.array([1.0, 3.0]))):
        return v * scales.first + np.sum(scales.others * v)

    return inner(x) + _default_with_names(x**2)


def _default_with_names(x, scales=Scales(0.5, WEIGHTS), weights=WEIGHTS):
    return np.sum(x * scales.others) * scales.first * weights[1]


def _remembered(function):
    cache = {}

    @functools.wraps(function)
    def remembered(*args):
        if args not in cache:
            cache[args] = function(*args)
        return cache[args]

    return remembered


@at(0.7, 1.3)
def decorators_of_local_functions(a, b):
    @_remembered
    def element(j, m):
        if j == 0:
            return a
        lower = element(j - 1, max(m - 1, 0))
        return np.cos(b) * lower if m == 0 else np.sin(b) * lower + 0.1 * element(j - 1, 0)

    def square(v):
        return v * v * b

    return element(4, 2) + functools.update_wrapper(lambda v: square(v) + a, square)(a)
