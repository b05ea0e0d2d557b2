"""Control flow: how loops end, what names mean after them, exceptions.

In:  nothing.   Out: `PROGRAMS`.
Not here: what loops run over (iteration.py), `match` (patterns.py).
"""

from __future__ import annotations

import math

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(1)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)


@at(rng.normal(size=6) + 1.0)
def break_on_data(x):
    s = 0.0
    for v in x:
        s += v * v
        if s > 2.0:
            break
        s += math.sin(v)
    return s


@at(rng.normal(size=6))
def continue_then_more(x):
    s = 1.0
    for i in range(len(x)):
        if x[i] < 0.0:
            s = s * 1.5
            continue
        s = s + x[i] ** 2
    return s * s


@at(0.7, 8)
def return_inside_nested_loops(a, n):
    total = 0.0
    for i in range(n):
        for j in range(i):
            total += a ** (i + j + 1)
            if total > 0.9:
                return total * a
    return total


@at(np.array([1.0, -2.0, 0.5]))
def for_else_without_break(x):
    s = 0.0
    for v in x:
        if v > 100.0:
            s = -1.0
            break
        s += v**3
    else:
        s = s * x[0]
    return s


@at(np.array([1.0, 200.0, 0.5]))
def for_else_with_break(x):
    s = 0.0
    for v in x:
        if v > 100.0:
            s += 3.0 * v
            break
        s += v**3
    else:
        s = s * x[0]
    return s


@at(0.4)
def while_else(a):
    x, k = 1.0, 0
    while k < 20:
        if x < 0.1:
            break
        x = x * a
        k += 1
    else:
        x = -x
    return x * k


@at(0.3)
def while_else_taken(a):
    x, k = 1.0, 0
    while k < 3:
        if x < 1e-9:
            break
        x = x * a + a
        k += 1
    else:
        x = x * a
    return x


@at(1.8)
def while_with_walrus(a):
    x = a
    while (r := x * x - 2.0) > 1e-6:
        x = x - r / (2.0 * x)
    return x + r


@at(5.0)
def walrus_over_data(a):
    total = 0.0
    while (a := a / 2.0) > 0.3:
        total += a * a
    return total + a


@at(rng.normal(size=3))
def trip_count_of_the_data(x):
    s = x.sum()
    n = 0
    while s * s < 50.0:
        s = s * 1.7 + x[0] * 0.1
        n += 1
    return s * n


@at(2.0, 0)
def zero_trips_over_a_range(x, n):
    y = x * x
    for _ in range(n):
        y = y * x
    return y


@at(2.0, np.zeros(0))
def zero_trips_over_an_array(x, empty):
    y = x
    for v in empty:
        y = y * v
    return y * x


@at(3.0)
def zero_trips_of_a_while(x):
    y = x
    while y < 1.0:
        y = y * 2.0
    return y * y


@at(rng.normal(size=4))
def loop_variable_afterwards(x):
    s = 0.0
    for i in range(len(x)):
        s += x[i]
    return s * x[i] * i


@at(rng.normal(size=4))
def row_variable_afterwards(x):
    for v in x:
        t = v * v
    return t * v


@at(rng.normal(size=4), 3)
def found_index_afterwards(x, n):
    for k in range(n):
        w = x[k] * 2.0
        if w > 10.0:
            break
    return w * x[k + 1]


@at(rng.normal(size=5))
def two_breaks(x):
    s = 0.0
    for i in range(len(x)):
        if x[i] > 5.0:
            s += 100.0 * x[i]
            break
        s += x[i]
        if s < -3.0:
            s = s * 2.0
            break
        s = s * 1.1
    return s


@at(rng.normal(size=(4, 3)))
def break_of_the_inner_loop_only(A):
    s = 0.0
    for row in A:
        for v in row:
            if v < -0.5:
                break
            s += v * v
    return s


@at(rng.normal(size=(4, 3)))
def continue_of_the_outer_loop(A):
    s = 0.0
    for row in A:
        if row[0] < 0.0:
            continue
        for v in row:
            s += v**2 * row[0]
    return s


@at(1.5)
def while_true_with_return(x):
    k = 0
    while True:
        x = x * 0.9 + 0.01 * x * x
        k += 1
        if x < 0.5:
            return x * k


@at(1.2)
def nested_whiles(x):
    s, i = 0.0, 0
    while i < 3:
        t, j = x, 0
        while t < 4.0 and j < 5:
            t = t * x
            j += 1
        s += t
        i += 1
    return s


@at(2.0, -1.0)
def early_returns(x, y):
    if x < 0:
        return y
    if y < 0:
        if x > 1:
            return x * x * y
        return x
    return x + y


@at(0.3, 0.8)
def chained_comparison(x, y):
    return x * y if 0.0 < x < y < 1.0 else x + y


@at(0.3, 0.8)
def short_circuits(x, y):
    z = (x > 1.0 and 1.0 / (x - 0.3)) or y * y
    return z * x


@at(np.array([4.0, 1.0, 9.0]))
def errstate_and_where(x):
    with np.errstate(invalid="ignore", divide="ignore"):
        y = np.where(x > 0, np.sqrt(x), 0.0)
    return np.sum(y * y * y)


@at(np.array([4.0, 1.0, 9.0]))
def errstate_around_a_return(x):
    with np.errstate(all="ignore"):
        for v in x:
            if v > 5.0:
                return v * v
    return x[0]


@at(1.5)
def finally_that_always_runs(x):
    y = x
    try:
        y = x * x
    finally:
        z = y * 3.0
    return z * y


@at(1.5)
def try_whose_body_cannot_raise(x):
    try:
        y = 2.0
    except ValueError:
        y = x
    return y * x


@at(1.5, 3)
def deleted_name(x, n):
    t = x * x
    for _ in range(n):
        u = t * x
        t = u
        del u
    y = t
    del t
    return y


@at(1.5)
def assert_with_a_message(x):
    y = np.ones(3) * x
    assert y.shape == (3,), f"bad {y.shape}"
    assert x > 0, f"bad {x} {y.shape}"
    return y.sum()


@at(rng.normal(size=3))
def assert_about_a_shape(x):
    assert len(x) == 3, f"bad {x.shape}"
    assert x.ndim == 1 and x.shape[0] > 1, f"bad shape {x.shape}, sum {x.sum():.3f}, {x!r}"
    return np.sum(x**2)


@at(2.0)
def raise_on_a_way_not_taken(x):
    if x < 0:
        raise ValueError(f"negative: {x:.3f}")
    return math.sqrt(x)


@at(rng.normal(size=5))
def flags(x):
    found = False
    s = 0.0
    for v in x:
        if v > 0.5 and not found:
            found = True
            s += 10.0 * v
        s += v
    return s if found else -s


@at(0.9, 4)
def state_machine(x, n):
    state = "up"
    for k in range(4):
        if state == "up":
            x = x * 1.5
            state = "down"
        else:
            x = x - 0.2 * x * x
            state = "up"
    return x * n


@at(rng.normal(size=4))
def previous_value_is_none_at_first(x):
    prev = None
    s = 0.0
    for v in x:
        if prev is not None:
            s += (v - prev) ** 2
        prev = v
    return s


@at(rng.normal(size=4))
def int_sum_becomes_float(x):
    s = 0
    for v in x:
        s += v * v
    return s


@at(1.3, 2)
def name_bound_on_both_ways(x, n):
    if n > 1:
        y = x * x
    else:
        y = x
    while n > 0:
        y = y * x
        n -= 1
    return y


@at(np.array([0.711, -1.293, 0.387]))
def names_of_one_value_in_branches_of_a_loop(x):
    a = x[0] * 1.0
    b = a
    c = x[2] * x[2]
    for _ in range(len(x)):
        if c > 0.2:
            b = b
        else:
            c = b if a > 0.2 else b
    return c


@at(0.5)
@at(2.5)
def conditions_on_what_is_no_number(x, name="abc", nothing=(), table=None, function=len):
    kept, d = [], {}
    r = x
    if x > 1.0 and name and function:
        r = r * 2.0
    if x > 1.0 and nothing or x > 2.0 and not table:
        r = r * 3.0
    for k in range(3):
        if x > 1.0 and d:
            r = r * 1.5
        if x > k:
            d[k] = r
    while x > 1.0 and len(kept) < 3 and not (kept and nothing):
        kept.append(r)
    title = "large" if x > 2.0 else ""
    if x > 1.0 and title:
        r = r + 3.0 * x
    return r + sum(kept) + len(d)
