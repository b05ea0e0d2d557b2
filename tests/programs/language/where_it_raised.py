"""Exceptions that are caught, where what the handler, or what follows, reads depends on which statement raised.

In:  nothing.   Out: `PROGRAMS`.
Not here: bodies of which it does not depend on that (exceptions.py).
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass

import numpy as np
from numpy.linalg import LinAlgError

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

X = np.array([0.5, 0.8, 1.7])
ONE_NEGATIVE = np.array([0.5, -0.8, 1.7])
FIRST_NEGATIVE = np.array([-0.5, 0.8, 1.7])
LARGE = np.array([1.5, 2.8, 3.7])


def limited(values):
    if np.sum(values) > 5.0:
        raise ValueError("too far")
    return values


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_variable(x):
    y = x[0] * 3.0
    z = x[1]
    try:
        y = math.log(x[0] + 1.0) * x[2]
        z = math.log(x[1]) + y
        y = y * z
    except ValueError:
        z = y * y
    return z * y


@at(np.array(9.0))
@at(np.array(0.5))
@at(np.array(-2.0))
def a_variable_read_in_the_handler(x):
    y = x
    try:
        y = math.log(y)
        z = math.log(y)
    except ValueError:
        z = y * y
    return z


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def an_array(x):
    a = np.zeros(3)
    try:
        a[0] = math.log(x[0])
        a[1] = math.log(x[1])
    except ValueError:
        a[2] = x[2]
    return a @ a


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_view(x):
    a = x.copy()
    b = a[::-1]
    try:
        a[0] = math.log(x[0])
        b[0] *= math.log(x[1])
    except ValueError:
        return b @ b
    return a @ b


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_dict_in_a_loop(x):
    sums = {"a": 0.0, "b": 1.0}
    for v in x:
        try:
            sums["a"] += math.sqrt(v)
            sums["b"] *= math.log(v)
        except ValueError:
            pass
    return sums["a"] * sums["b"]


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def an_argument(x):
    try:
        x *= math.log(x[0])
        y = math.log(x[1])
    except ValueError:
        y = x[2]
    return y


@at(X)
@at(LARGE)
def steps_halved_until_they_are_good(x):
    step = 8.0
    while True:
        try:
            trial = x * step
            limited(trial)
        except ValueError:
            step *= 0.5
        else:
            break
    return np.sum(trial**2) * step


@at(X)
@at(LARGE)
def steps_halved_with_a_break_in_the_body(x):
    step = 8.0
    for _ in range(9):
        try:
            trial = x * step
            limited(trial)
            break
        except ValueError:
            step *= 0.5
    return np.sum(trial**2)


@at(X)
@at(X * 0.1)
def jitter_until_it_is_definite(x):
    jitter = 1e-3
    for _ in range(8):
        try:
            lower = np.linalg.cholesky(np.outer(x, x) - 0.04 * np.eye(3) + jitter * np.eye(3))
            z = np.linalg.solve(lower, x)
            break
        except LinAlgError:
            jitter *= 10
    return np.sum(np.log(np.diag(lower))) + z @ z


@at(X)
@at(LARGE)
def a_handler_that_returns(x):
    a = x.copy()
    try:
        a *= 2
        limited(a)
        a[0] = 3 * a[1]
    except ValueError:
        return np.sum(x)
    a[1] += 1
    return np.sum(a**2)


@at(X)
@at(LARGE)
def a_handler_that_leaves_the_loop(x):
    out = []
    for s in (1.0, 2.0, 4.0, 8.0):
        t = x * s
        try:
            t[0] = t[1] ** 2
            limited(t)
        except ValueError:
            break
        out.append(np.sum(t))
    return sum(out) + np.sum(t)


def scaled(a, s):
    try:
        a *= s
        limited(a)
        a += 1
    except ValueError:
        return False
    return True


@at(X)
@at(X * 0.1)
@at(LARGE)
def a_helper_that_changes_half(x):
    a = x.copy()
    if scaled(a, 2.0):
        return np.sum(a**2)
    return np.sum(a * x)


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def suppressed(x):
    a = x.copy()
    with contextlib.suppress(ValueError):
        a[0] = math.sqrt(a[0]) + a[1]
        a[1] = math.sqrt(a[1]) * a[0]
        a[2] = 0.3
    return a @ a + a[0] * a[2]


@dataclass
class Account:
    cash: float
    shares: float
    log: list

    def spend(self, amount):
        self.cash = self.cash - amount
        if self.cash < 0.0:
            raise ValueError("no cash")


@at(X)
@at(LARGE)
def an_object_and_a_list(x):
    account = Account(4.0, x[0], [])
    for v in x:
        try:
            account.log.append(v)
            account.spend(v * v)
            account.shares += v
            account.log.append(account.shares)
        except ValueError:
            account.cash += v * v * 0.5
    return account.cash * account.shares + sum(account.log)


@at(X, 2)
@at(ONE_NEGATIVE, 2)
@at(X, 0)
def two_handlers_and_finally(x, d):
    a = x.copy()
    s = 0.0
    try:
        a[0] = a[1] * (1.0 / d)
        s = a[0] * 2.0
        a[1] = math.sqrt(x[1])
        s = s + a[1]
    except ZeroDivisionError:
        s = s + a[0]
    except ValueError:
        s = s * a[0]
    else:
        s = s * a[2]
    finally:
        s = s + a[1]
    return s * a[0]


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def inner_and_outer(x):
    a = x.copy()
    try:
        a[2] *= 2.0
        try:
            a[0] = math.sqrt(a[0])
            a[1] = 1.0 / math.sqrt(a[1])
        except ValueError:
            a[2] *= a[0]
        a[0] *= math.sqrt(a[0] + 0.2)
        a[1] *= math.sqrt(a[1])
    except ValueError:
        a[1] *= 5.0
    return a @ a * a[2]


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def what_was_raised_is_asked(x):
    reached = 0
    y = x[2]
    try:
        y = y * math.sqrt(x[0])
        reached = 1
        y = y * math.sqrt(x[1])
        reached = 2
    except ValueError:
        y = y + 10.0
    return y * (reached + 1)


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_return_between(x):
    y = x[2] * x[2]
    try:
        y = y * math.sqrt(x[0])
        if y < 2.0:
            return y * 3.0
        y = y * math.sqrt(x[1])
    except ValueError:
        return y
    return y + 1.0


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_nonlocal_variable(x):
    total = 0.0

    def add(v):
        nonlocal total
        try:
            total = total + v
            total = total * math.sqrt(v)
        except ValueError:
            total = total + 1.0

    for v in x:
        add(v)
    return total


@at(X)
@at(ONE_NEGATIVE)
@at(FIRST_NEGATIVE)
def a_recursive_function(x):
    a = x.copy()

    def down(k):
        if k >= len(a):
            return
        try:
            a[k] += a[k - 1]
            a[k] *= math.sqrt(x[k])
        except ValueError:
            a[k - 1] *= 0.5
        down(k + 1)

    down(0)
    return a @ a


def retrying(times, exception):
    def decorate(function):
        def inner(*args):
            for attempt in range(times):
                try:
                    return function(*args, 0.5**attempt)
                except exception as error:
                    last = error
            raise last

        return inner

    return decorate


@retrying(4, ValueError)
def limited_at(values, scale):
    return limited(values * scale)


@at(X)
@at(LARGE)
def retried_until_the_last_exception_is_raised(x):
    return np.sum(limited_at(x) ** 2)


@at(X)
@at(ONE_NEGATIVE)
def caught_exception_raised_again_by_its_name(x):
    total = 0.0
    for v in x:
        try:
            try:
                total += math.log(v)
            except ValueError as error:
                raise error
        except ValueError:
            total -= v
    return total


@at(X)
@at(LARGE)
@at(FIRST_NEGATIVE)
def accounts_after_transfers_some_of_which_fail(x):
    accounts = {"a": x[0], "b": x[1], "c": x[2]}
    done = []

    def transfer(source, target, amount):
        if accounts[source] < amount:
            raise ValueError(f"{source} has only {accounts[source]:.2f}")
        accounts[source] -= amount
        accounts[target] += 0.9 * amount
        done.append(amount)

    failed = 0
    for source, target, k in (("a", "b", 1), ("b", "c", 0), ("c", "a", 1), ("a", "c", 2)):
        try:
            transfer(source, target, 0.4 * x[k])
        except ValueError:
            failed += 1
    return sum(v**2 for v in accounts.values()) + sum(done) * failed


@at(X, "a")
@at(X, "c")
def a_key_that_may_not_be_there_is_taken_out(x, key):
    weights = {"a": x[0], "b": x[1]}
    try:
        y = weights.pop(key)
    except KeyError:
        y = 2.0 * x[2]
    return y**2 + sum(weights.values())


@at(X, ((1.0, 2.0), (3.0, 4.0)))
@at(X, ((1.0, 2.0), (3.0, 4.0, 5.0)))
@at(X, ((1.0, 2.0), (3.0,)))
def rows_one_of_which_is_too_long_or_too_short(x, rows):
    total = 0.0
    for row in rows:
        try:
            a, b = row
            total += x[0] * a + x[1] * b
        except ValueError as error:
            total = total * x[2]
            print(error)
    return total


class Countdown:
    """Changes itself before it says that it has come to its end."""

    def __init__(self, start):
        self.left = start

    def __iter__(self):
        return self

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left


@at(1.3, 4)
@at(1.3, 0)
def an_iterator_that_changes_before_its_end(x, n):
    steps = Countdown(n)
    total = 0.5
    for k in steps:
        total = total * x + k
    return total + steps.left * x
