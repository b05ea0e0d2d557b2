"""What is refused, with its code; and what raises at run time, as Python does.

In:  nothing.   Out: `REFUSED`, `RAISING`.
Not here: programs that work (the other files of this folder).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import gradscribe as gs
from tests.programs.idioms import Idiom, collecting


@dataclass(frozen=True)
class Refused:
    """A program, its arguments, and the code of the error that refuses it."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    code: str


REFUSED: list[Refused] = []
RAISING: list[Idiom] = []
raising = collecting(RAISING)
X = np.array([0.5, -1.5, 2.0])


def refused(code, *args):
    def register(function):
        REFUSED.append(Refused(function, args, code))
        return function

    return register


def _accumulating(x, seen=[]):  # noqa: B006 (that is what is refused)
    seen.append(x)
    return sum(seen)


def _halved(x, n):
    yield x
    if n:
        yield from _halved(0.5 * x, n - 1)


@refused("GS150", 2.0, 3)
def generator_that_goes_over_itself_as_deep_as_the_run_says(x, n):
    return sum(v * v for v in _halved(x, n))


@refused("GS127", 2.0, 3)
def class_of_a_number_that_changes_class_in_a_loop(x, n):
    s = 0
    for _ in range(n):
        s = s + x
    return x * 3.0 if isinstance(s * 2, int) else s * x


@refused("GS127", 2.0, -3)
def class_of_a_power_of_ints(x, n):
    return x * 3.0 if isinstance(2**n, int) else x


@refused("GS127", -2.0)
def class_of_a_root(x):
    return x * 3.0 if isinstance(x**0.5 * 2.0, complex) else x


class _Held:
    def __init__(self, v):
        self.v = v


@refused("GS127", 2.0)
def dict_of_an_object_is_compared(x):
    held = _Held(x)
    found = held.__dict__
    return held.v * (2.0 if found is held.__dict__ else 1.0)


@refused("GS110", X)
def sum_of_what_may_be_nothing_in_a_try(x):
    try:
        total = sum([x * v for v in x[3:]]) + x
    except ValueError:
        total = x * 2.0
    return np.sum(total)


@refused("GS110", X)
def search_for_what_may_be_nan_in_a_try(x):
    items = []
    for v in x:
        items.append(v)
    try:
        return x[1] * items.index(items[len(items) - 1])
    except Exception:  # noqa: BLE001
        return x[0]


@refused("GS127", 2.0, 3)
def class_pattern_for_a_number_of_either_class(x, n):
    match 1 if n > 2 else x:
        case int():
            return x * 3.0
        case _:
            return x


class _Unequal:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return False

    __hash__ = None


@refused("GS127", X)
def list_searched_for_what_does_not_equal_itself(x):
    items = [_Unequal(v) for v in x]
    return x[0] * items.index(items[len(items) - 1])


class _Counting:
    def __init__(self, v):
        self.v = v
        self.asked = 0

    def __eq__(self, other):
        print("asked")
        return self.v == other.v

    __hash__ = None


@refused("GS127", X)
def list_searched_for_what_counts_comparisons(x):
    items = [_Counting(v) for v in x]
    return x[0] * items.index(items[len(items) - 1]) * items[0].asked


@refused("GS140", 1.0)
def mutable_default(x):
    return _accumulating(x)


def _remembering(x, seen={}):  # noqa: B006
    seen["last"] = x
    return x * x


@refused("GS140", 1.0)
def list_default_of_its_own(x, seen=[]):  # noqa: B006
    seen.append(x)
    return x * len(seen)


@refused("GS140", 1.0)
def item_of_a_default_of_its_own(x, *, table={"a": 1.0}):  # noqa: B006
    kept = table
    kept["a"] = kept["a"] * x
    return x * kept["a"]


@refused("GS140", 1.0)
def inner_list_of_a_default_of_its_own(x, parts=([1.0], 2.0)):  # noqa: B006
    parts[0][0] += x
    return x * parts[0][0]


@refused("GS140", 1.0)
def default_of_its_own_that_a_callee_changes(x, seen=[]):  # noqa: B006
    _append(seen, x)
    return x * len(seen)


def _append(seen, x):
    seen.append(x)


@refused("GS140", 1.0)
def view_of_an_array_default(x, a=np.ones(3)):  # noqa: B008
    part = a[1:]
    part[:] = x
    return np.sum(a) * x


@refused("GS140", 1.0, 3)
def mutable_default_in_a_loop(x, n):
    for _ in range(n):
        x = _remembering(x)
    return x


def _filling(x, table=[np.zeros(2)]):  # noqa: B006, B008
    if x > 0:
        table[0][1] = x
    return x * table[0][1]


@refused("GS140", 1.0)
def array_of_a_default_written_in_a_branch(x):
    return _filling(x)


def _handed_out(seen=[]):  # noqa: B006
    return seen


@refused("GS140", 1.0)
def default_that_is_changed_by_others(x):
    seen = _handed_out()
    seen.append(x)
    return x * len(seen)


@refused("GS127", X)
def iterator_used_twice(x):
    pairs = zip(x, x)
    total = sum(a * b for a, b in pairs)
    for a, _ in pairs:
        total += a
    return total


@refused("GS127", X)
def iterator_used_in_a_loop_around_it(x):
    items = map(lambda v: v * v, x)
    total = 0.0
    for _ in range(len(x)):
        total += sum(items)
    return total


@refused("GS102", X)
def generator_itself(x):
    yield x.sum()


@refused("GS127", 0.5)
def functions_that_outlive_a_generator(x):
    return sum(f(x) for f in (lambda v: v * i for i in (1, 2, 3)))


@refused("GS127", X)
def functions_that_outlive_a_comprehension_of_a_branch(x):
    if x[0] > 0.5:
        late = [lambda v: v * i * x[1] for i in (1, 2, 3)]
    else:
        late = [lambda v: v + i for i in (1, 2, 3)]
    return late[0](x[0])


@refused("GS110", X)
def list_that_a_body_fills_while_it_makes_another(x):
    log = []
    try:
        roots = [log.append(v) or math.sqrt(v) for v in x]
    except ValueError:
        roots = []
    return sum(roots) + sum(log)


@refused("GS110", X)
def inner_body_of_which_a_handler_outside_sees_half(x):
    a = x.copy()
    try:
        try:
            a[0] = math.sqrt(a[0])
            a[1] = math.sqrt(a[1])
        except ValueError:
            a[2] *= a[0]
            raise
    except ValueError:
        a[1] *= 5.0
    return a @ a


@refused("GS110", X, 4)
def put_that_writes_until_a_position_does_not_exist(x, k):
    y = x.copy()
    try:
        y.put([0, k], x[1:])
    except IndexError:
        pass
    return y @ x


@refused("GS110", X, 0)
def range_with_a_step_of_zero(x, step):
    s = x[2]
    try:
        for i in range(0, 3, step):
            s = s * x[i]
    except ValueError:
        s = x[1] * 3
    return s * x[0]


@refused("GS110", 4.0)
def exceptions_known_at_run_time_only(x):
    kinds = {"log": ValueError}
    try:
        y = math.log(x)
    except [kinds["log"]]:
        y = 0.0
    return y


@refused("GS110", 4.0)
def derivative_in_a_body(x):
    try:
        y = gs.grad(lambda v: math.sqrt(v), create_graph=True)(x)
    except ZeroDivisionError:
        y = 0.0
    return y


@refused("GS110", X, 1e-3)
def errstate_that_raises(x, low):
    try:
        with np.errstate(divide="raise"):
            y = np.sum(x / low)
    except FloatingPointError:
        y = 0.0
    return y


@refused("GS110", 4.0)
def return_in_finally(x):
    try:
        y = x * x
    finally:
        return x  # noqa: B012, SIM107 (that is what is refused)
    return y


@refused("GS110", 4.0)
def global_declaration(x):
    global CALLS
    CALLS = 1
    return x


@refused("GS110", 4.0)
def class_inside(x):
    class Inner:
        value = 2.0

    return x * Inner.value


@refused("GS110", 4.0)
def other_context_manager(x):
    with open("nowhere"):
        return x


@refused("GS110", 4.0)
def warnings_that_raise(x):
    with np.errstate(divide="raise"):
        return 1.0 / x


@refused("GS140", 4.0)
def float_as_a_count(x):
    total = 0.0
    for _ in range(x):
        total += x
    return total


@refused("GS140", 4.0)
def keyword_given_twice(x):
    def scaled(v, k=1.0):
        return v * k

    return scaled(x, k=2.0, **{"k": 3.0})


@refused("GS127", 4.0, 3)
def numbers_compared_by_identity(x, n):
    return x if n is x else x * x


@refused("GS204", 4.0, 3)
def power_of_a_float_with_a_modulus(x, n):
    return x * pow(x, n, 7)


class Ordered:
    def __init__(self, size):
        self.size = size

    def __lt__(self, other):
        return self.size < other.size


@refused("GS202", np.array([4.0, 3.0]))
def collected_objects_sorted_by_their_own_order(x):
    return sorted([Ordered(v) for v in x])[0].size


@refused("GS152", X, 3)
def list_of_one_way_that_a_recursion_rebinds(x, n):
    if n > 2:
        items = []

    def visit(m):
        nonlocal items
        if m > 0:
            items = [*items, x[0] * m]
            visit(m - 1)

    visit(n)
    return sum(items)


@refused("GS152", 4.0, 3)
def iterator_given_to_a_recursive_function(x, n):
    def taken(items, v, m):
        v = v * next(items)
        return v if m <= 0 else taken(items, v, m - 1)

    return taken(iter([x, 2.0, 3.0]), x, n)


@refused("GS201", 4.0)
def exception_as_a_value(x):
    error = ValueError("no")
    return x * len(error.args)


@refused("GS125", X, 2)
def order_known_at_run_time_only(x, n):
    return sorted(x, reverse=n > x[0])[0]


@raising(X, 0)
def deleted_loop_variable_of_no_iteration(x, n):
    s = x[0]
    for i in range(n):
        s = s * x[i]
    del i
    return s


@raising(X, 0)
def loop_variable_of_no_trip(x, n):
    for i in range(n):
        y = x[i] * 2.0
    return y


@raising(0.5)
def name_of_a_branch_not_taken(x):
    if x > 1.0:
        y = x * x
    return y * 2.0


@raising(0.5)
def deleted(x):
    y = x * x
    if x > 0.0:
        del y
    return y


@raising(np.zeros(0))
def reduction_of_nothing(x):
    return functools.reduce(lambda a, b: a * b, x)


@raising(X, X[:2])
def zip_of_different_lengths(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


@raising(np.zeros(0))
def next_of_nothing(x):
    return next(v * v for v in x)


@raising(np.zeros(0))
def largest_of_nothing(x):
    return max(x, key=lambda v: v * v)


@raising(np.zeros(0))
def least_of_nothing(x):
    return min(v * v for v in x)


@raising(X)
def assertion_about_the_data(x):
    assert x.min() > 0.0, f"negative: {x.min():.2f} of shape {x.shape} in {[x.size, (1,)]}"
    return x.sum()


@raising(X, 3)
def exception_of_a_match(x, n):
    match n:
        case 1 | 2:
            return x[0]
        case _:
            raise KeyError(n)


@raising(X)
def exception_through_finally(x):
    y = x.sum()
    try:
        for a, b in itertools.pairwise(x):
            if a > b:
                raise ValueError(f"not sorted: {a} > {b}")
    finally:
        y = y * 2.0
    return y


@raising(-4.0)
def exception_from_another(x):
    try:
        y = math.log(x)
    except ValueError as e:
        raise RuntimeError(f"{x} is not positive: {e}") from e
    return y


@raising(-4.0)
def exception_raised_again(x):
    try:
        y = math.log(x)
    except ZeroDivisionError:
        y = x
    except ValueError:
        if x < -3.0:
            raise
        y = x * x
    return y


@raising(-4.0)
def exception_that_nobody_catches(x):
    try:
        y = math.log(x)
    except ZeroDivisionError:
        y = x
    return y


@raising(-4.0)
def exception_of_a_handler(x):
    try:
        y = math.log(x)
    except ValueError:
        y = math.sqrt(x)
    return y


@raising(1.0)
def exception_of_an_else(x):
    try:
        y = math.log(x)
    except (ZeroDivisionError, ValueError):
        y = x
    else:
        y = 1.0 / y
    return y


@raising(X, 2)
def index_outside_of_a_range(x, n):
    return x[range(n)[2]]


@raising(X, np.array([0, 2, 0]))
def entry_made_by_a_loop_over_a_dict(x, labels):
    sums = {}
    for v, k in zip(x, labels):
        sums[k] = sums.get(k, 0.0) + v
    for k in sums:
        sums[k + 10] = 2.0 * sums[k]
    return sum(sums.values())


@raising(X, np.array([0, 2, 0]))
def key_that_is_missing_at_run_time(x, labels):
    held = {}
    for v, k in zip(x, labels):
        held[k] = v
    return held[99]


@raising(X)
def index_out_of_range_in_a_branch(x):
    items, total = [x[0], x[1]], 0.0
    if x[2] > 1.0:
        total += items[5]
    return total


@raising(X)
def key_that_is_missing_in_a_branch(x):
    found = {"a": x[0]}
    if x[2] > 1.0:
        return found["b"]
    return found["a"]


@raising(X)
def text_and_number_in_a_branch(x):
    label, total = "a", x[0]
    if x[2] > 1.0:
        total = total * (label + 1)
    return total


@raising(X)
def pop_of_an_empty_list_in_a_branch(x):
    items = []
    if x[2] > 1.0:
        return items.pop()
    return x[0]


@raising(X)
def store_into_a_number_in_a_branch(x):
    total = x[0] * 2.0
    if x[2] > 1.0:
        total[0] = 1.0
    return total


@raising(X)
def length_of_a_number_in_a_branch(x):
    total = x[0]
    if x[2] > 1.0:
        total = total * len(x[0])
    return total


@raising(X)
def item_of_a_number_of_numpy_in_a_branch(x):
    if x[2] > 1.0:
        return x[0][1]
    return x[0]


@raising(X)
def loop_over_a_number_in_a_branch(x):
    total = float(x[0])
    if x[2] > 1.0:
        for part in total:
            total += part
    return total


@refused("GS205", 1.3)
def name_that_a_function_made_inside_was_given(x):
    def twice(v):
        return 2.0 * v

    def thrice(v):
        return 3.0 * v

    functools.update_wrapper(twice, thrice)
    return twice(x) * (2.0 if twice.__name__ == "thrice" else 5.0)


@refused("GS127", 1.3)
def class_of_a_caught_exception(x):
    try:
        raise KeyError("k")
    except (ValueError, KeyError) as error:
        return x * (2.0 if isinstance(error, KeyError) else 3.0)


@refused("GS102", 1.3)
def what_a_generator_returns(x):
    def inner():
        yield x
        return 1

    def outer():
        found = yield from inner()
        if found:
            yield x**2

    return sum(outer())


@refused("GS131", np.array([1.3, 0.4]))
def array_in_a_tuple_changed_and_stored(x):
    held = (x.copy(),)
    held[0] += 1.0
    return np.sum(held[0])


@refused("GS127", X, 100)
def identity_of_what_a_long_loop_replaces(x, n):
    a = x * 1.0
    q, s = a, 0.0
    for _ in range(n):
        if q is a:
            s += q[0]
        a = a * 0.5
    return s


@refused("GS127", X)
def identity_of_chosen_tuples(x):
    t, u = (x[0], x[1]), (x[1], x[2])
    a = t if x[0] > 0.4 else u
    return x[0] if a is t else x[1]


@raising(X)
def mask_of_the_target_changed_by_the_right_side(x):
    a, mask = x * 1.0, x > 0.0

    def change():
        mask[1] = True
        return x[0]

    a[mask] += change()
    return a.sum()


def counting():
    calls = 0

    def counted(x):
        nonlocal calls
        calls += 1
        return x * calls

    return counted


refused("GS110", 4.0)(counting())


class Ring:
    def __init__(self, value):
        self.value = value
        self.next = self


def around_and_around(ring, k):
    return ring.value if k <= 0.0 else ring.value * around_and_around(ring.next, k - 1.0)


@refused("GS127", 4.0)
def recursion_to_a_depth_of_run_time_over_what_holds_itself(x):
    return around_and_around(Ring(x), x)


@refused("GS127", 4.0)
def what_holds_itself_is_returned(x):
    return Ring(x)


@refused("GS126", X)
def objects_that_hold_themselves_in_order(x):
    return sorted([Ring(x[0]), Ring(x[1])], key=lambda ring: ring.value)[0].value


class Part:
    def __init__(self, k):
        self.k = k


@refused("GS131", X)
def attributes_stored_by_vars(x):
    a = Part(x[0])
    vars(a)["k"] = x[1] * 2.0
    return a.k


@refused("GS130", X)
def attributes_read_by_vars_before_a_change(x):
    a = Part(x[0])
    d = vars(a)
    a.k = x[2] * 3.0
    return d["k"] * x[1]


@refused("GS127", X)
def replaced_while_pairs_are_chosen(x):
    arrays = []
    for v in x:
        arrays.append(v * np.ones(2))
    total = 0.0
    for a, b in itertools.combinations(arrays, 2):
        total = total + np.sum(a * b**2)
        arrays[-1] = arrays[-1] * 1.5
    return total


@refused("GS127", X)
def replaced_while_all_pairs_are_gone_over(x):
    arrays = []
    for v in x:
        arrays.append(v * np.ones(2))
    total = 0.0
    for a, b in itertools.product(arrays, arrays):
        total = total + np.sum(a * b**2)
        arrays[-1] = arrays[-1] * 1.5
    return total


@refused("GS102", X)
def next_between_the_sums_of_what_asks_next(x):
    it, total = iter([x[0], x[1], x[0], x[1]]), 0.0
    for v in itertools.accumulate(next(it) for _ in (1, 2)):
        total = total * 2 + v * next(it)
    return total


@refused("GS102", X, 3)
def draws_beside_fewer_without_end(x, n):
    rng = np.random.default_rng(0)
    pairs = zip((rng.random() for _ in itertools.count()), [x[0] * k for k in range(n)])
    return sum(a * b for a, b in pairs) * rng.random()


@refused("GS102", X)
def loop_over_some_numbers_without_end(x):
    total = 0.0
    for k in (k for k in itertools.count(1) if k * x[1] < 20.0):
        total += k * x[0]
        if k > 5:
            break
    return total


@refused("GS127", X)
def next_of_what_has_no_end_twice(x):
    numbers = (k for k in itertools.count(1) if k * x[0] > 2.0)
    return x[0] * next(numbers) + next(numbers)


@refused("GS102", X, 3)
def some_of_the_draws(x, n):
    rng = np.random.default_rng(0)
    return sum(itertools.islice((rng.random() for _ in range(n)), 1, None)) * x[0] * rng.random()


@refused("GS102", X, 3)
def few_draws_beside_a_list(x, n):
    rng = np.random.default_rng(0)
    return sum(a * b for a, b in zip((rng.random() for _ in (1, 2)), [x[0] * k for k in range(n)]))


@refused("GS127", X, 3)
def array_that_a_recursive_function_is_given_compared_with_one_around_it(x, n):
    b = x * 2.0

    def go(m, w):
        if m <= 0:
            return np.sum(w)
        return (2.0 if w is b else x[1]) * go(m - 1, b)

    return go(n, x * 1.0)


@refused("GS127", X, 3)
def lists_that_a_recursive_function_is_given_compared(x, n):
    def go(m, one, other):
        if m <= 0:
            return one[0]
        return (2.0 if one is other else x[1]) * go(m - 1, other, other)

    return go(n, [x[0]], [x[1]])


@refused("GS110", -0.5)
def what_finally_binds_is_read_after_an_exception(x):
    c = 0
    try:
        try:
            if x < 0.0:
                raise ValueError("negative")
            r = x * x
        finally:
            c = c + 1
    except ValueError:
        r = x * 3.0
    return r * c


@refused("GS110", -0.5)
def what_finally_puts_into_a_list_is_read_after_an_exception(x):
    seen = []
    for v in (x, -x):
        try:
            try:
                r = math.log(v)
            finally:
                seen.append(v)
        except ValueError:
            r = v * 3.0
    return r + sum(seen)


@refused("GS130", np.array([0.95, 0.18, -0.32]))
def a_dict_that_a_recursive_function_hands_on_or_makes(x):
    def f(k, d):
        if k <= 0:
            d["v"] = x[0]
            return d
        e = f(k - 1, {"v": x[1]} if k % 2 else d)
        e["v"] *= x[0]
        return e

    return f(len(x), {"v": x[2]})["v"]


@refused("GS152", np.array([0.95, 0.18, -0.32]), 3)
def a_key_that_two_recursive_functions_put_in_and_a_third_one_finds_or_not(x, n):
    known = {"a": 0.3}

    def first(k):
        s = third(k)
        return 0.6

    def second(k):
        if k <= 0:
            return x[k]
        known["k"] = 0.8
        return third(k)

    def third(k):
        known["k"] = 0.2
        return second(k - 1)

    total = 0.0
    for i in range(n):
        total += first(i)
        total += second(i)
    return total


@refused("GS150", 2.0)
def recursion_in_two_branches_with_a_longer_tuple_at_each_level(x):
    def values(v, seen):
        if v < 0.1:
            return v
        return values(v * 0.5, (*seen, v)) + values(v * 0.3, (*seen, v))

    return values(x, ())


@refused("GS150", 2.0)
def recursion_in_two_branches_with_longer_text_at_each_level(x):
    def values(v, way):
        if v < 0.1:
            return v
        left = values(v * 0.5, way + "l")
        return left * values(v * 0.3, way + "r")

    return values(x, "")


@refused("GS150", 2.0)
def two_functions_that_call_each_other_with_another_function_at_each_level(x):
    def first(v, inner):
        if v < 0.1:
            return inner(v)
        return second(v * 0.5, lambda u: inner(u) + 1.0) + second(v * 0.3, lambda u: inner(u) * 2.0)

    def second(v, inner):
        return first(v * 0.9, inner) * first(v * 0.8, lambda u: inner(inner(u)))

    return first(x, lambda u: u)


@refused("GS150", 2.0)
def recursion_in_two_branches_to_a_depth_known_now(x):
    def values(v, way):
        if len(way) == 20:
            return v
        return values(v * 0.5, way + "l") + values(v * 0.3, way + "r")

    return values(x, "")


@refused("GS125", X)
def order_of_differences_that_only_the_run_knows(x):
    return np.sum(np.diff(x * 1.0, n=len([v for v in x if v > 0.0])) ** 2)


@refused("GS141", X)
def array_sorted_in_place_along_no_axis(x):
    y = x * 2.0
    y.sort(axis=None)
    return y[0]


@refused("GS110", X, 2)
def strict_zip_in_a_try_that_sees_what_was_added_before(x, n):
    total = 0.0
    try:
        for a, b in zip(x[:n], x, strict=True):
            total += a * b
    except ValueError:
        pass
    return total


@raising(X, 3)
def strict_zip_of_other_lengths_on_one_way(x, n):
    total = 0.0
    if n > 2:
        for a, b in zip([x[0], x[1]], [x[1], x[2], x[0]], strict=True):
            total += a * b
    return total


@refused("GS110", X)
def generator_unpacked_in_a_try_that_sees_how_many_there_are(x):
    kept = [i for i in range(len(x)) if x[i] > 0.0]
    try:
        a, b = (x[i] for i in kept)
    except ValueError:
        return x[0]
    return a * b
