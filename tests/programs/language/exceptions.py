"""Exceptions that are caught: which handler runs, and what it sees.

In:  nothing.   Out: `PROGRAMS`.
Not here: exceptions that leave the function (refused.py).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.linalg import LinAlgError

from tests.programs.idioms import Idiom, collecting

PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


class Bad(Exception):
    pass


def helper(x):
    if x < 0.0:
        raise ValueError("negative")
    return math.sqrt(x) * x


def checked(x, y):
    z = x * y
    if z > 3.0:
        raise Bad(z)
    return z * z


@at(2.0)
@at(-1.0)
def explicit(x):
    try:
        r = helper(x) * 3.0
    except ValueError:
        r = x * x
    return r * x


@at(2.0, 1.0)
@at(2.0, 5.0)
def user_class(x, y):
    try:
        r = checked(x, y)
    except Bad:
        r = x + y
    return r * x


@at(2.0, 3.0)
@at(-1.0, 2.0)
def nested(x, y):
    try:
        try:
            a = math.log(x)
        except ZeroDivisionError:
            a = 100.0
        b = a / y
    except ValueError:
        try:
            b = y / x
        except ZeroDivisionError:
            b = y * y
    return b * y


@at(2.0, 3.0)
@at(-2.0, 3.0)
def returns(x, y):
    try:
        return math.log(x) * y
    except ValueError:
        return x * y * y


@at(2.0, 3.0)
@at(-2.0, 3.0)
def returns_in_handler(x, y):
    try:
        r = math.log(x)
    except ValueError:
        return x * y
    return r * y * x


@at(2.0, 3.0)
@at(-2.0, 3.0)
def reraise(x, y):
    try:
        r = math.log(x)
    except ValueError:
        try:
            r = math.sqrt(-x)
        except ValueError as e:
            raise RuntimeError("no") from e
    return r * y


@at(np.array([1.0, -2.0, 3.0, 0.5]))
def loop_store(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        try:
            out[i] = math.log(x[i])
        except ValueError:
            out[i] = x[i] * 3.0
    return np.sum(out * out)


@at(np.array([1.0, -2.0, 3.0, 0.5]))
def loop_accumulate(x):
    s = 0.0
    for v in x:
        try:
            s = s + math.log(v) * s + v
        except ValueError:
            s = s - v * v
    return s * s


@at(np.array([1.0, 2.0, -3.0, 0.5]))
@at(np.array([1.0, 2.0, 3.0, 0.5]))
def loop_break(x):
    s = 1.0
    for v in x:
        try:
            t = math.log(v)
        except ValueError:
            break
        s = s * (t + v)
    return s


@at(np.array([1.0, 2.0, -3.0, 0.5]))
@at(np.array([-1.0, -2.0, -3.0]))
def loop_continue_else(x):
    s = 1.0
    for v in x:
        try:
            t = math.log(v)
        except ValueError:
            continue
        else:
            s = s * (t + v)
        s = s + 1.0
    return s


@at(np.array([1.0, 2.0, -3.0, 0.5]))
@at(np.array([1.0, 2.0]))
def whole_loop_in_try(x):
    try:
        s = 0.0
        for v in x:
            s = s + math.log(v) * v
    except ValueError:
        s = np.sum(x * x)
    return s * 2.0


@at(np.array([1.0, 2.0, -3.0, 0.5]))
@at(np.array([1.0, 2.0]))
def local_array(x):
    try:
        out = np.zeros(len(x))
        for i in range(len(x)):
            out[i] = math.log(x[i])
        r = out @ out
    except ValueError:
        r = x @ x
    return r


@at(np.array([[2.0, 0.3], [0.3, 1.0]]), np.array([1.0, 2.0]))
@at(np.array([[1.0, 1.3], [1.3, 1.0]]), np.array([1.0, 2.0]))
def gp(M, y):
    K = M + M.T
    n = len(y)
    eps = 1e-3
    while True:
        try:
            L = np.linalg.cholesky(K + eps * np.eye(n))
            break
        except LinAlgError:
            eps *= 10.0
    a = np.linalg.solve(L, y)
    return 0.5 * a @ a + np.sum(np.log(np.diag(L)))


@at(2.0, 3.0)
@at(-2.0, 3.0)
def three(x, y):
    try:
        r = math.sqrt(x) / y
    except ZeroDivisionError:
        r = x * 3.0
    except (ValueError, OverflowError) as e:
        print(f"{e}: {x}")
        r = y * x
    finally:
        q = x * 2.0
    return r * q


@at(2.0, 3.0)
@at(800.0, 3.0)
def overflow(x, y):
    try:
        r = math.exp(x) * y
    except OverflowError:
        r = x * y * y
    return math.log(r)


@at(2.0, 3.0)
@at(-2.0, 3.0)
def bare(x, y):
    try:
        r = math.log(x) * y
    except:  # noqa: E722 (all of them)
        r = x * y
    return r * r


@at(2.0, 3.0)
@at(-2.0, 3.0)
def base_sees_old(x, y):
    r = x * y
    try:
        r = math.log(x) * r
    except ValueError:
        r = r + y
    return r * r


@at(2.0, 3.0)
@at(-2.0, 3.0)
@at(2.0, -1.0)
def old_alias(x, y):
    z = x * y
    w = z
    try:
        z = z * math.sqrt(x)
        v = math.log(y) * z
    except ValueError:
        v = w * w * y
    return v + w


@at(np.array([3.0, 4.0]))
@at(np.array([-1.0, 4.0]))
def lists(x):
    vals = []
    for v in x:
        try:
            vals.append(math.log(v))
        except ValueError:
            vals.append(v * v)
    return vals[0] * vals[1]


@at(2.0, 3)
@at(-2.0, 3)
@at(0.5, 0)
def recursion(x, n):
    if n == 0:
        return math.log(x)
    try:
        return recursion(x - 1.0, n - 1) * x
    except ValueError:
        return x * x * x


@at(np.array([1.0, 2.0]), np.array([1.0, 2.0]))
@at(np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
def shapes(x, y):
    try:
        r = np.sum(x * y)
    except ValueError:
        r = np.sum(x) * np.sum(y)
    return r * r


@at(np.array([1.0, 2.0]), 1)
@at(np.array([1.0, 2.0]), 5)
def index(x, i):
    try:
        r = x[i] * 2.0
    except IndexError:
        r = np.sum(x * x)
    return r


@at(2.0)
@at(-2.0)
def else_conflict(x):
    try:
        r = math.log(x)
    except ValueError:
        q = x * 2.0
    else:
        q = r * x
    return q * q


@at(2.0, 3.0)
@at(-2.0, 3.0)
def else_raises(x, y):
    try:
        try:
            r = math.sqrt(x)
        except ValueError:
            r = 0.5 * x * x
        else:
            r = r / (y - 1.0)
    except ZeroDivisionError:
        r = y * x
    return r * x


@at(np.array([2.0, 1.0, -4.0]))
def matrix_inverse(v):
    s = 0.0
    for k in range(3):
        A = np.array([[v[0], 1.0], [1.0, v[k]]])
        try:
            B = np.linalg.inv(A)
        except LinAlgError:
            B = A * 0.5
        s = s + np.sum(B * B)
    return s


@at(2.0, 3.0)
@at(-2.0, 3.0)
def dead_value(x, y):
    try:
        math.log(x)
        r = y * x
    except ValueError:
        r = y * y * x
    return r


@at(2.0)
@at(-2.0)
def store_lead(x):
    a = np.array([x, 2.0 * x])
    try:
        a[0] = a[0] * 3.0
        r = math.log(x) * a[0]
    except ValueError:
        r = a[0] * a[1]
    return r + a[0]


@at(np.array([1.5, 2.0, 3.0]), 4)
@at(np.array([-1.5, 2.0, 3.0]), 4)
def in_while(x, n):
    i = 0
    s = x[0]
    while i < n:
        try:
            s = math.sqrt(s) * x[1]
        except ValueError:
            s = s * s * x[2]
        i += 1
    return s


class Model:
    def __init__(self, w):
        self.w = w

    def f(self, x):
        try:
            self.r = math.log(x) * self.w
        except ValueError:
            self.r = self.w * x
        return self.r


@at(2.0, 3.0)
@at(-2.0, 3.0)
def objects(x, w):
    m = Model(w)
    return m.f(x) * m.r + m.w


@at(2.0, 1.0)
@at(-2.0, 1.0)
def assertion(x, y):
    try:
        assert x > 0.0, "positive"
        r = x * x * y
    except AssertionError as e:
        r = x * y
    return r * y


@at(2.0, 1.0)
@at(-2.0, 1.0)
def unwind(x, y):
    total = y
    try:
        for k in range(3):
            if x * k < -3.0:
                raise Bad("x")
            total = total + x * k
        done = total * 1.0
    except Bad:
        done = y * x
    return done * done


BOUNDS = [0.0, 1.0, 2.0, 3.0]
VALUES = [1.0, 3.0, 2.0, 5.0]


@at(1.3)
@at(2.5)
def index_that_the_last_iteration_would_not_find(x):
    for i in range(len(BOUNDS)):
        if x < BOUNDS[i + 1]:
            break
    t = (x - BOUNDS[i]) / (BOUNDS[i + 1] - BOUNDS[i])
    return VALUES[i] * (1 - t) + VALUES[i + 1] * t * t


@at(0.7)
@at(-0.7)
def key_that_is_asked_for_elsewhere(x):
    found = {"a": x**2}
    if x < -5.0:
        return found["b"]
    return found["a"] * x


@at(0.7)
def key_that_is_missing_and_caught(x):
    found = {"a": x**2}
    try:
        value = found["b"]
    except KeyError:
        value = found["a"] * 2.0
    return value**2


@at(0.7, 0.3)
@at(-0.7, 0.3)
def none_that_is_used_and_caught(x, y):
    nothing, total = None, x * 1.0
    if y > 0.0:
        total = total * y
    try:
        total = total + nothing * 2.0
    except TypeError:
        total = total + y**2
    return total**2


@at(0.5, np.ones(2))
@at(np.float64(1e-4), np.ones(2))
def stores_into_numbers_are_caught(e, x):
    total = 0.0
    try:
        e[abs(e) < 1e-3] = 0.0
    except TypeError:
        if abs(e) < 1e-3:
            total = 3.0 * e
    pair = (e, 2.0 * e)
    try:
        pair[0] = 1.0
    except TypeError:
        pair = (3.0 * e, e)
    return e * np.sum(x) + total + pair[0] * x[0]


@at(0.5, np.ones(2))
@at(np.float64(0.7), np.ones(2))
def numbers_where_arrays_may_be(e, x):
    try:
        n = len(e)
    except TypeError:
        n = 3
    try:
        total = sum(v**2 for v in e)
    except TypeError:
        total = e**2
    try:
        first = e[0]
    except (TypeError, IndexError):
        first = 2.0 * e
    return first * total * n + np.sum(x * e)


@at(0.5, np.ones(2))
@at(np.float64(0.7), np.ones(2))
def attributes_that_are_missing(e, x):
    total = np.sum(x * e)
    try:
        eps = np.finfo(total.type).eps
    except (AttributeError, ValueError):
        eps = 0.25
    try:
        middle = e.mean()
    except AttributeError:
        middle = 2.0 * e
    try:
        y = x.unknown
    except AttributeError:
        y = x * e
    return total * eps + middle + np.sum(y)


@at(np.array([0.7, 1.2, 0.4, 1.9]))
@at(np.array([0.7, 1.2, -0.4, 1.9]))
def a_list_made_where_it_may_raise(x):
    try:
        roots = [math.sqrt(v) for v in x]
    except ValueError:
        roots = [x[0]]
    roots.append(x[1])
    again = roots
    again[0] *= 3.0
    return sum(roots) + x[0]


@at(np.array([0.7, 1.2, 0.4, 1.9]))
@at(np.array([0.7, 1.2, -0.4, 1.9]))
def an_array_filled_where_it_may_raise(x):
    def filled():
        out = np.zeros(4)
        for i in range(len(x)):
            out[i] = math.sqrt(x[i])
        return out

    try:
        y = filled()
    except ValueError:
        y = x * 2.0
    y[0] *= 2.0
    return y @ y + x[0]


@at(1.3)
@at(-0.5)
def finally_that_matters_only_without_exception(x):
    c, last = 1.0, 0.0
    try:
        try:
            r = math.log(x)
            c = r * x
        finally:
            last = x
    except ValueError:
        r = x * c
    del last
    return r + c


@at(np.array([1.0, 2.0, 0.5]))
@at(np.array([1.0, -2.0, 0.5]))
def list_that_a_handler_makes_anew(x):
    roots = []
    try:
        for v in x:
            roots.append(math.sqrt(v))
    except ValueError:
        roots = [v * v for v in x]
    return sum(roots) * x[0]


@at(np.array([1.0, 2.0, 0.5]))
@at(np.array([1.0, -2.0, 0.5]))
@at(np.array([1.0, 2.0, -0.5]))
def array_that_a_handler_replaces(x):
    y = np.zeros(3)
    z = y[::-1]
    try:
        for i in range(3):
            y[i] = math.sqrt(x[i])
            z[i] += x[0]
    except ValueError:
        y, z = x * x, x
    return y @ x + z @ z


class Particle:
    def __init__(self, speed):
        self.speed, self.steps = speed, 0


@at(np.array([1.0, 2.0, 1.5]))
@at(np.array([1.0, -2.0, 0.5]))
@at(np.array([1.0, 2.0, -0.5]))
def object_that_a_handler_makes_anew(x):
    p = Particle(x[0])
    try:
        p.speed = math.sqrt(x[1])
        p.steps += 1
        p.speed *= math.log(x[2])
    except ValueError:
        p = Particle(x[2] ** 2)
    return p.speed * x[0] + p.steps
