"""Programs that some system of the field differentiates wrongly without a word, each with the right answer.

In:  nothing.   Out: `CASES`.
Not here: running them (test_silent_wrong.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

CASES: list[Case] = []


@dataclass(frozen=True)
class Case:
    """A function, a point, and its gradient there.

    Attributes:
        expected: gradient with respect to the first argument, or a tuple for all of them.
        may_refuse: a clear error is right too; a wrong number never is.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    expected: Any
    may_refuse: bool


def case(*arguments: Any, expected: Any, may_refuse: bool = False) -> Callable[[Any], Any]:
    """Add the decorated function to the cases."""

    def add(function: Any) -> Any:
        CASES.append(Case(function, arguments, expected, may_refuse))
        return function

    return add


def A(*values: float) -> np.ndarray:
    """A float array."""
    return np.array(values, dtype=float)


# --- reading and writing by index ----------------------------------------------------------------------------


@case(A(1, 2, 3), expected=A(4, 4, 0))
def duplicate_index_read(x):
    y = x[[0, 0, 1]]
    return np.sum(y * y)


@case(A(1, 2, 3), expected=A(4, 4, 0))
def duplicate_index_read_by_array(x):
    y = x[np.array([0, 0, 1])]
    return (y * y).sum()


@case(A(3, 5), expected=A(0, 10), may_refuse=True)
def duplicate_index_write(x):
    y = np.zeros(2)
    y[[0, 0]] = x
    return np.sum(y * y)


@case(A(1, 2, 3), A(7, 11), expected=(A(0, 28, 11), A(4, 3)))
def store_then_read(x, y):
    z = x.copy()
    z[0] = x[1] * x[1]
    return z[0] * y[0] + z[2] * y[1]


@case(A(1, 2, 3), expected=A(8, 16, 24), may_refuse=True)
def alias_then_whole_update(x):
    y = x.copy()
    z = y
    z += x
    return np.sum(y * y)


@case(A(1, 2, 3), expected=A(0, 4, 6), may_refuse=True)
def alias_then_element_store(x):
    y = x.copy()
    z = y
    z[0] = 5.0
    return np.sum(y * y)


@case(A(1, 2, 3), 2.0, expected=(A(0, 4, 6), 36.0), may_refuse=True)
def write_through_a_view(x, b):
    y = x.copy()
    v = y[0:2]
    v[0] = 3.0 * b
    return np.sum(y * y)


@case(A(1, 2, 3), expected=A(14, 46, 34))
def element_read_modify_write(x):
    y = x * 1.0
    y[0] += y[1] * x[2]
    return np.sum(y * y)


@case(A(1, 2, 3), expected=A(0, 0, 6))
def overwritten_slice(x):
    y = x.copy()
    y[:2] = 4.0
    return np.sum(y * y)


@case(A(1, 2, 3), expected=A(8, 40, 30))
def subscript_overwrite_in_a_loop(x):
    y = x.copy()
    for i in range(2):
        y[i] = y[i] * y[i + 1]
    return np.sum(y * y)


@case(A(1, 2, 3), A(10, 20, 30), expected=(A(30, 30, 0), A(1, 1, 2)))
def shifted_copy(x, y):
    z = x.copy()
    z[1:] = z[:-1]
    return z @ y


@case(A(1, 2, 3), expected=A(13, 0, 0))
def element_loop_shifts(x):
    z = x.copy()
    for i in range(2):
        z[i + 1] = z[i] * 3.0
    return z[0] + z[1] + z[2]


@case(A(1, 2, 3), expected=A(2, 4, 0))
def masked_store(x):
    z = x.copy()
    z[z > 2.5] = 0.0
    return np.sum(z * z)


@case(A(2, -3), expected=A(2, 0))
def masked_read(x):
    return np.sum(x[x > 0.0] * 2.0)


@case(A(2, 5), A(1, 3), expected=(A(4, 0), A(2, 2)))
def length_one_at_run_time(x, y, k=1):
    return np.sum(x[:k] * y)


# --- loops and branches --------------------------------------------------------------------------------------


@case(2.0, 3.0, expected=(40.0, 68.0))
def overwritten_variable_in_a_loop(x, y):
    total = 0.0
    for _ in range(4):
        t = x
        x = x * y
        total = total + t
    return total


@case(2.0, 3.0, expected=(340.5, 258.0))
def two_overwritten_variables_in_a_loop(x, y):
    for _ in range(2):
        t = x
        x = x * y
        y = t + y
    return x * y - 0.5 * x


@case(1.5, expected=2.0, may_refuse=True)
def break_in_a_loop(u):
    s = 0.0
    for i in range(5):
        s += i * u + u / 2.0
        if i == 1:
            break
    return s


@case(1.5, expected=8.0, may_refuse=True)
def continue_in_a_loop(u):
    s = 0.0
    for i in range(5):
        if i == 2:
            continue
        s += i * u
    return s


@case(2.0, expected=3.0, may_refuse=True)
def return_in_a_loop(u):
    for i in range(5):
        if i * u > 5.0:
            return i * u
    return 0.0


@case(1.5, 0.5, expected=(2.0, 6.0))
def loop_local_temporary(x, y):
    s = 0.0
    for i in range(2):
        t = 0.0
        for j in range(2):
            t = t + x * y + j
        s = s + t
    return s


@case(2.0, expected=4.0, may_refuse=True)
def walrus_in_a_condition(x):
    s = 0.0
    while (s := s + x) < 7.0:
        pass
    return s


@case(2.0, expected=5.0)
def loop_variable_after_the_loop(x):
    for i in range(3):
        y = x * i
    return y * i + x


@case(A(1, 2, 3), expected=A(2, 2, 2))
def array_that_each_iteration_replaces(x):
    y = x * 1.0
    for i in range(3):
        y = x * i
    return np.sum(y)


@case(A(1, 2, 3), expected=A(2, 4, 6))
def loop_over_an_array(x):
    s = 0.0
    for a in x:
        s = s + a * a
    return s


@case(A(1, 2, 3), A(4, 5, 6), expected=(A(4, 10, 18), A(1, 4, 9)))
def loop_over_zip_and_enumerate(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y)):
        s = s + (i + 1) * a * b
    return s


@case(A(2, 3, 5), expected=A(15, 10, 6))
def loop_over_reversed(x):
    p = 1.0
    for a in reversed(x):
        p = p * a
    return p


@case(np.array([[1.0, 2.0], [3.0, 4.0]]), expected=np.array([[1.0, 1.0], [2.0, 2.0]]))
def loop_over_rows(x):
    s, k = 0.0, 1.0
    for row in x:
        s = s + k * np.sum(row)
        k = k + 1.0
    return s


@case(np.array([[1.0, 2.0], [3.0, 4.0]]), expected=np.array([[1.0, 2.0], [1.0, 2.0]]))
def loop_over_columns(x):
    s, k = 0.0, 1.0
    for column in x.T:
        s = s + k * np.sum(column)
        k = k + 1.0
    return s


@case(3.0, 4.0, expected=(24.0, 30.0))
def swap(x, y):
    x, y = y, x
    x, y = x * y, x
    return x * y + x * 2.0


@case(2.0, expected=12.0)
def shadowing(x):
    f = x * x
    x = f * 2.0
    f = x + f
    return f


@case(2.0, 5.0, expected=(20.0, 4.0))
def read_before_the_branch_overwrites(x, y):
    t = x
    if y > 1.0:
        x = x * y
    return x * t


# --- arguments and calls -------------------------------------------------------------------------------------


@case(A(1, 2), A(3, 4), expected=(A(2, 4), A(0, 0)))
def unused_argument(x, y):
    return np.sum(x * x)


@case(2.0, 3.0, expected=(4.0, 0.0))
def unused_number(x, y):
    return x * x


@case(2.0, expected=4.0)
def float_of_a_number(x):
    return float(x) * x


@case(np.float64(2.0), expected=4.0)
def float_of_a_numpy_number(x):
    return float(x) * x


@case(0.5, expected=math.exp(0.5))
def math_function(x):
    return math.exp(x)


@case(A(1, 2), expected=A(2, 4))
def asarray_keeps_the_value_active(x):
    y = np.asarray(x)
    return np.sum(y * y)


@case(A(1, 2), 3.0, expected=(A(0, 0), 2.0))
def full_like_depends_on_its_value(x, a):
    return np.sum(np.full_like(x, a))


@case(3.0, expected=4.0)
def full_depends_on_its_value(a):
    return np.sum(np.full(4, a))


@case(A(3, 1, 3, 2), expected=A(1, 1, 0, 1), may_refuse=True)
def set_of_values(x):
    return np.unique(x).sum()


@case(A(1, 2), np.array([[1.0, 2.0], [3.0, 4.0]]), expected=(A(3, 7), np.array([[1.0, 1.0], [2.0, 2.0]])))
def method_dot(w, x):
    return w.T.dot(x).sum()


@case(2.5, expected=2.0)
def floor_is_constant(x):
    return np.floor(x) * x


@case(2.5, expected=2.0)
def floor_division_is_constant(x):
    return (x // 1.0) * x


@case(7.5, expected=3.0)
def remainder(x):
    return x % 3.0 + 2.0 * x


@case(2.7, expected=3.0)
def rounding_is_constant(x):
    return np.round(x) * x


@case(A(3, 5, 4), expected=A(0, 5, 0))
def argmax_is_constant(x):
    k = np.argmax(x)
    return x[k] * 5.0


@case(2.5, expected=2.0)
def int_is_constant(x):
    return int(x) * x


@case(2.0, expected=5.0)
def user_names_of_generated_variables(x):
    d_x = x * 2.0
    d_d_x = d_x + x
    x_dot = d_d_x - x
    x_saved = x_dot + 0.5 * d_x
    d_total = x_saved + 2.0 * x
    return d_total


@case(A(1, 2), expected=A(5, 5))
def user_name_of_a_function(x):
    np_, sum_, zeros_like = x, 2.0, 3.0
    grad, out, result, value, saved, trips, index = 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0
    return np.sum(np_) * (sum_ + zeros_like) * grad * out * result * value * saved * trips * index


@case(2.0, expected=12.0)
def lambda_as_a_name(x):
    _ = x * x
    __ = _ * x
    return __


@case((A(1, 2), {"b": 3.0, "w": [A(4.0), 5.0]}), expected=(A(2, 4), {"b": 6.0, "w": [A(1.0), 1.0]}))
def nested_containers(p):
    x, rest = p
    return np.sum(x * x) + rest["b"] ** 2 + np.sum(rest["w"][0]) + rest["w"][1]


# --- numbers -------------------------------------------------------------------------------------------------


@case(A(0.0, 2.0, -3.0), expected=A(0, 1, -1))
def abs_at_zero(x):
    return np.sum(np.abs(x))


@case(0.0, expected=0.0)
def builtin_abs_at_zero(x):
    return abs(x)


@case(A(0.0, 0.0), expected=A(0, 0))
def norm_at_zero(x):
    return np.linalg.norm(x)


@case(0.0, expected=math.inf)
def sqrt_at_zero_number(x):
    return math.sqrt(x)


@case(A(0.0, 4.0), expected=A(math.inf, 0.25))
def sqrt_at_zero(x):
    return np.sum(np.sqrt(x))


@case(A(-1.0, 4.0), expected=A(0, 0.25))
def where_sqrt(x):
    return np.sum(np.where(x > 0.0, np.sqrt(np.where(x > 0.0, x, 1.0)), 0.0))


@case(A(-1.0, 4.0), expected=A(0, 0.25))
def where_sqrt_unguarded(x):
    return np.sum(np.where(x > 0.0, np.sqrt(x), 0.0))


@case(A(0.0, 2.0), expected=A(0, 0.5))
def where_log_unguarded(x):
    return np.sum(np.where(x > 0.0, np.log(x), 0.0))


@case(A(0.0, 1.0), expected=A(0, math.cos(1.0) - math.sin(1.0)))
def where_quotient_unguarded(x):
    return np.sum(np.where(x != 0.0, np.sin(x) / x, 1.0))


@case(0.0, expected=0.0)
def power_zero(x):
    return x**0


@case(A(0.0, -2.0), expected=A(0, -4))
def square_of_nonpositive(x):
    return np.sum(x**2)


@case(A(0.0, -2.0), expected=A(0, 12))
def cube_of_nonpositive(x):
    return np.sum(x**3)


@case(-2.0, expected=-4.0)
def float_exponent_of_a_negative_number(x):
    return x**2.0


@case(0.0, expected=1.0)
def power_one(x):
    return x**1


@case(A(0, 2, 3), expected=A(6, 0, 0))
def product_with_one_zero(x):
    return np.prod(x)


@case(A(0, 0, 3), expected=A(0, 0, 0))
def product_with_two_zeros(x):
    return np.prod(x)


@case(A(2, 0, 3), expected=A(1, 8, 0), may_refuse=True)
def cumulative_product_with_a_zero(x):
    return np.sum(np.cumprod(x))


@case(A(1, 3, 3), expected=A(0, 0.5, 0.5))
def maximum_of_ties(x):
    return np.max(x)


@case(A(1, 1, 3), expected=A(0.5, 0.5, 0))
def minimum_of_ties(x):
    return x.min()


@case(2.0, 2.0, expected=(0.5, 0.5))
def maximum_tie(x, y):
    return np.maximum(x, y)


@case(A(1.0, 0.0, 0.5, 2.0), expected=A(0.5, 0.5, 1, 0))
def clip_at_the_bounds(x):
    return np.sum(np.clip(x, 0.0, 1.0))


@case(np.array([[1.0, 2.0], [2.0, 4.0]]), expected=np.array([[4.0, -2.0], [-2.0, 1.0]]), may_refuse=True)
def determinant_of_a_singular_matrix(x):
    return np.linalg.det(x)


@case(1000.0, expected=1.0, may_refuse=True)
def softplus_far_out(x):
    return np.logaddexp(0.0, x)


@case(A(2.0, 3.0), expected=A(4.0, 6.0))
def self_product(x):
    return x @ x


@case(2.0, expected=0.0)
def difference_with_itself(x):
    return x - x


@case(0.0, 2.0, expected=(0.0, 0.0))
def zero_to_a_power(x, y):
    return x**y


@case(1.0, expected=1.0)
def perturbation_confusion_free(x):
    def inner(y):
        return x + y

    return x * (inner(1.0) - inner(0.0))


@case(2.0, 3.0, expected=(1.0 + 3.0, 2.0))
def shared_subexpression(a, b):
    shared = a * b
    return shared + a


@case(A(2.0, 3.0), expected=A(5.0, 5.0))
def one_value_twice_in_a_list(x):
    parts = [x, x * 2.0, x, x]
    return np.sum(parts[0] + parts[1] + parts[2] + parts[3])


# --- sums that start as another kind of number ---------------------------------------------------------------


@case(A(1.5, 2.0), expected=A(5.0, 1.5))
def sum_of_floats_from_an_int(x):
    total = 0
    for v in x:
        total += v
    return total * x[0]


@case(A(1.5, 2.0), expected=A(5.0, 1.5))
def sum_of_a_list_by_python(x):
    items = []
    for v in x:
        items.append(v)
    return sum(items) * items[0]


@case(A(1.5, 2.0), expected=A(175.0, 175.0))
def sum_of_complex_numbers_from_a_float(x):
    total = 0.0
    for v in x:
        total = total + v * (3.0 + 4.0j)
    return np.abs(total) ** 2


@case(A(1.5, 2.0), expected=A(525.0, 525.0))
def sum_of_complex_arrays_from_a_float_array(x):
    total = np.zeros(3)
    for v in x:
        total = total + v * (3.0 + 4.0j)
    return np.sum(np.abs(total) ** 2)
