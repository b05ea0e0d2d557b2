"""What lowering asks of the arguments, what it reads from outside, and the form of programs."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest
from numpy.linalg import norm

import gradscribe as gs
from gradscribe.errors import UnsupportedSyntaxError
from gradscribe.frontend.facts import KnownLength, SameLength, StaticInt
from gradscribe.ir.control import FOR, IF, WHILE
from gradscribe.ir.walk import walk
from tests.frontend.lowered import assert_same, lowered
from tests.programs.load import load_module

SCALE = 2.0
OFFSETS = {"a": np.ones(2), "b": 3.0}
COUNT = 2
NAME = "mode"


def names(found):
    return [node.op.name for node in walk(found.program.entry.body)]


def axis_sum(x, axis):
    return np.sum(x, axis=axis)


def shifted_axis(x, k):
    return np.sum(x, axis=k + 1)


def loop(x, n):
    for _ in range(n):
        x = x * 2.0
    return x


def test_an_int_used_as_an_axis_is_a_fact():
    assert (StaticInt(1, 1),) == lowered(axis_sum, np.ones((2, 3)), 1).facts


def test_an_axis_computed_from_an_int_argument_is_a_fact_of_the_argument():
    found = assert_same(shifted_axis, np.ones((2, 3)), 0)
    assert (StaticInt(1, 0),) == found.facts


def weighted_steps(u, k):
    return np.sum(k[1:] * (u[1:] - u[:-1]) ** 2)


def carried(w, h, n):
    for _ in range(n):
        h = np.tanh(w @ h)
    return np.sum(h[1:] * h[:-1])


def test_lengths_of_arguments_that_slices_meet_are_asked():
    (fact,) = lowered(weighted_steps, np.ones(4), np.ones(4)).facts
    assert isinstance(fact, SameLength)
    assert {(0, 0), (1, 0)} == {fact.one, fact.other}
    # k[1:] has length 1 here, and is repeated.
    assert () == lowered(weighted_steps, np.ones(4), np.ones(2)).facts


def test_equal_lengths_of_arguments_need_no_sums_at_run_time():
    u, k = np.array([1.0, 2.5, 3.0, -1.0]), np.array([0.5, 2.0, 1.0, 3.0])
    derivative = gs.grad(weighted_steps, argnums=(0, 1))
    for point in ((u, k), (u, k[:2]), (u[:2], k), (u[:3], k[:3])):
        gs.testing.check_grads(weighted_steps, point, order=2)
        ones = tuple(map(np.ones_like, point))
        wanted = gs.testing.differences(weighted_steps, point, ones, 1e-3)
        assert np.isclose(sum(np.sum(part) for part in derivative(*point)), wanted[0])
        assert [part.shape for part in point] == [part.shape for part in derivative(*point)]
    assert "unbroadcast" not in gs.grad(weighted_steps, argnums=(0, 1)).compile(u, k).source


def staggered(u, k, steps):
    for _ in range(steps):
        flux = k * (u[1:] - u[:-1])
        u = u.copy()
        u[1:-1] += 0.1 * (flux[1:] - flux[:-1])
    return np.sum(u**2)


def cell_centred(v, c):
    return np.sum((v[1:] - v[:-1]) * c[1:-1] * c[2:])


@pytest.mark.parametrize(
    ("function", "point", "longer"),
    [
        (staggered, (np.arange(5.0) ** 2, np.arange(1.0, 5.0), 3), (0, 1, 1)),
        (cell_centred, (np.arange(4.0), np.arange(5.0)), (1, 0, 1)),
    ],
)
def test_lengths_that_differ_by_what_slices_leave_out_are_a_fact(function, point, longer):
    one, other, by = longer
    assert lowered(function, *point).facts == (SameLength((one, 0), (other, 0), by),)
    derivative = gs.grad(function, argnums=(0, 1))
    assert "unbroadcast" not in derivative.compile(*point).source
    gs.testing.check_grads(function, point, order=2)


def test_a_call_without_the_difference_in_length_is_compiled_without_the_fact():
    derivative = gs.grad(staggered, argnums=(0, 1))
    derivative(np.arange(5.0), np.arange(1.0, 5.0), 2)
    u, k = np.array([0.3, 1.0, -2.0, 0.5, 4.0]), np.array([2.0])
    wanted = gs.testing.differences(staggered, (u, k, 2), (np.ones(5), np.ones(1), 0), 1e-3)
    assert np.isclose(sum(np.sum(part) for part in derivative(u, k, 2)), wanted[0])


def test_what_a_loop_carries_is_asked_for_its_length():
    w = np.array([[0.3, -0.2], [0.5, 0.1]])
    (fact,) = assert_same(carried, w, np.ones(2), 3).facts
    assert isinstance(fact, SameLength)
    assert {(0, 0), (1, 0)} == {fact.one, fact.other}
    gs.testing.check_grads(lambda w, h: carried(w, h, 3), (w, np.array([0.4, 0.9])), order=2)


def spread(x, y, z):
    return x * np.sin(y) + z**2


def spread_point(point):
    return spread(*point)


def spread_rows(points):
    return sum(spread(*point) for point in points)


def joined_with_functions(x):
    return sum(f(v) for v, f in zip(x, (np.sin, np.cos, np.exp), strict=True))


def joints(q):
    position, frames = np.zeros(2), []
    for angle, (length, name) in zip(q, [(0.5, "rigid"), (0.25, "free"), (1.0, "rigid")]):
        position = position + length * np.array([np.cos(angle), np.sin(angle)])
        if name == "rigid":
            frames.append(position)
    return frames[-1] @ frames[0] + len(frames)


def numbered(x):
    parts = [x[0], x[1:]]
    return sum(np.sum(parts[i % 2] ** (i + 1)) for i in range(len(x) - 1))


@pytest.mark.parametrize(
    ("function", "shape", "axis"),
    [
        (spread_point, (3,), 0),
        (spread_rows, (5, 3), 1),
        (joined_with_functions, (3,), 0),
        (joints, (3,), 0),
        (numbered, (4,), 0),
    ],
)
def test_a_length_that_decides_what_is_generated_is_a_fact(function, shape, axis):
    point = np.random.default_rng(3).uniform(0.5, 1.5, shape)
    assert KnownLength(0, axis, shape[axis]) in assert_same(function, point).facts
    gs.testing.check_grads(function, (point,), order=2)


def test_each_length_is_compiled_for():
    derivative = gs.grad(joints)
    for count in (4, 3, 2, 1, 3):
        point = np.linspace(0.1, 0.9, count)
        wanted = gs.testing.differences(joints, (point,), (np.ones(count),), 1e-3)
        assert np.isclose(np.sum(derivative(point)), wanted[0])


def test_what_python_refuses_for_another_length_is_an_error():
    derivative = gs.grad(spread_point)
    derivative(np.ones(3))
    with pytest.raises(UnsupportedSyntaxError, match="too many positional arguments"):
        derivative(np.ones(4))


def test_no_code_is_generated_for_each_of_many_items():
    with pytest.raises(UnsupportedSyntaxError, match="its length is known at run time only"):
        gs.grad(lambda x: np.hypot(*x))(np.ones(1000))


@pytest.mark.parametrize("axis", [np.int64(1), np.uint8(1)])
def test_a_numpy_int_used_as_an_axis_is_a_fact(axis):
    found = assert_same(axis_sum, np.ones((2, 3)), axis)
    assert (StaticInt(1, 1),) == found.facts
    assert (StaticInt(1, 0),) == assert_same(shifted_axis, np.ones((2, 3)), axis - axis).facts


def truncated_axis(x, k):
    return np.sum(x, axis=int(k))


@pytest.mark.parametrize(
    ("function", "axis", "message"),
    [
        (axis_sum, 1.0, "`axis` of `np.sum` must be an int"),
        (axis_sum, np.float32(1.0), "`axis` of `np.sum` must be an int"),
        (axis_sum, np.array(1), "`axis` of `np.sum` must be known before the function runs"),
        (truncated_axis, 1.0, "`axis` of `np.sum` must be known before the function runs"),
    ],
)
def test_an_axis_that_is_no_int_argument_is_refused(function, axis, message):
    with pytest.raises(UnsupportedSyntaxError, match=message) as caught:
        lowered(function, np.ones((2, 3)), axis)
    assert caught.value.code == "GS125"


def rounded(x, digits):
    return np.round(x, digits) * x


def test_digits_that_are_rounded_to_are_a_fact():
    assert (StaticInt(1, 2),) == assert_same(rounded, np.array([0.123, 4.567]), 2).facts


def test_a_loop_count_is_no_fact():
    assert () == lowered(loop, 1.0, 3).facts


def reads_outside(x):
    return np.sum(x * SCALE + OFFSETS["a"]) * OFFSETS["b"] ** COUNT + (1.0 if NAME == "mode" else 0.0)


def test_numbers_and_arrays_outside_are_hidden_arguments():
    found = assert_same(reads_outside, np.ones(2))
    hidden = found.program.entry.signature.hidden
    assert ["SCALE", "OFFSETS", "COUNT", "NAME"] == [entry.name for entry in hidden]
    assert 1 + 1 + 2 + 1 == len(found.program.entry.body.params)


def called(x):
    return x * 2.0


def calls(x):
    return called(x) + called(x)


def test_functions_lowered_in_place_are_guarded():
    (guard,) = lowered(calls, 1.0).guards
    assert ("called", called, called.__code__) == (guard.key, guard.function, guard.code)


def test_functions_of_other_modules_are_lowered_and_guarded():
    module = types.ModuleType("other_module")
    module.function = called
    sys.modules["other_module"] = module

    def through_module(x):
        return other.function(x)

    other = module
    found = assert_same(through_module, 2.0)
    assert {"function", None} == {guard.key for guard in found.guards}


def straight(x, unused):
    temporary = x * 2.0
    if x > 0.0:
        temporary = x * 3.0
        local = temporary + 1.0
        x = local * 2.0
    return x


def test_a_branch_hands_on_only_what_is_read_later():
    (branch,) = [node for node in walk(lowered(straight, 1.0, 2.0).program.entry.body) if node.op is IF]
    assert ["x"] == [value.hint for value in branch.outputs]


def loop_with_temporaries(x, n):
    h = x
    for i in range(n):
        h = np.sin(x)
        unused = h * 2.0
        x = x + h
    for i in range(n):
        h = np.cos(x)
        x = x + h
    return x


def test_a_loop_carries_only_what_an_iteration_or_later_code_reads():
    loops = [
        node for node in walk(lowered(loop_with_temporaries, 1.0, 2).program.entry.body) if node.op is FOR
    ]
    assert [["x"], ["x"]] == [[value.hint for value in node.outputs] for node in loops]


def unchanged_in_loop(x, y, n):
    for _ in range(n):
        if n > 100:
            y = y
        x = x + y
    return x


def test_what_a_loop_does_not_change_is_captured_not_carried():
    (node,) = [n for n in walk(lowered(unchanged_in_loop, 1.0, 2.0, 3).program.entry.body) if n.op is FOR]
    assert ["x"] == [value.hint for value in node.outputs]


def counted(x):
    n = x.shape[0]
    y = np.zeros(n)
    return y + x


def test_lengths_travel_with_ints():
    found = lowered(counted, np.ones(3))
    (result,) = found.program.entry.body.results
    assert found.program.entry.body.params[0].type == result.type


def user_names(x):
    first = x * 2.0
    second = first + 1.0
    return second


def test_values_have_the_names_of_the_users_variables():
    hints = [node.output.hint for node in lowered(user_names, 1.0).program.entry.body.nodes]
    assert ["first", "second"] == [hint for hint in hints if hint]


def spelled(x):
    return abs(x) + np.abs(x) + len(x) + x.shape[0]


def test_nodes_keep_the_users_spelling():
    nodes = lowered(spelled, np.ones(2)).program.entry.body.nodes
    found = [node.attrs["spelling"].name for node in nodes if "spelling" in node.attrs]
    assert ["builtins.abs", "builtins.len"] == found


def while_loop(x):
    while x < 10.0 and x > 0.0:
        x = x * 2.0
    return x


def test_cheap_conditions_are_not_branches():
    found = names(lowered(while_loop, 1.0))
    assert "bool_and" in found and "if" not in found
    assert WHILE.name in found


def guarded(x, i):
    while i < len(x) and x[i] > 0.0:
        i += 1
    return i


def test_what_may_raise_is_computed_only_where_python_does():
    assert "if" in names(assert_same(guarded, np.ones(2), 0))


@pytest.mark.parametrize("depth", [3, 6, 12])
def test_nesting_is_lowered_in_linear_time(depth):
    lines = ["import numpy as np", "def nested(x, n):", "    total = 0.0"]
    for k in range(depth):
        lines.append("    " * (k + 1) + f"for i{k} in range(n):")
        lines.append("    " * (k + 2) + f"a{k} = x[{k}] * 2.0")
    lines.append("    " * (depth + 1) + "total = total + " + " * ".join(f"a{k}" for k in range(depth)))
    lines.append("    return total")
    nested = load_module("\n".join(lines) + "\n").nested
    found = assert_same(nested, np.ones(20), 1)
    assert depth == sum(node.op is FOR for node in walk(found.program.entry.body))


def test_a_long_sum():
    text = "def long(x):\n    return " + " + ".join(["x"] * 900) + "\n"
    assert_same(load_module(text).long, 1.0)


def numbered(params, x, depth, first=0):
    for i in range(first, depth):
        x = np.tanh(x @ params[f"W{i}"])
    return np.sum(x)


def numbered_twice(params, x, n):
    for i in range(n - 1):
        for j in range(i, n - 1):
            x = np.tanh(x @ params[f"W{j}"]) + i
    return np.sum(x)


def numbered_up_to_a_global(params, x):
    for i in range(COUNT):
        x = x @ params[f"W{i}"]
    return np.sum(x)


def numbered_up_to_data(params, x, n):
    for i in range(n + int(np.sum(x) * 0.0)):
        x = x @ params[f"W{i}"]
    return np.sum(x)


WEIGHTS = {f"W{k}": np.eye(2) * (k + 1.0) for k in range(4)}


def test_an_int_that_bounds_a_loop_whose_index_must_be_known_is_a_fact():
    x = np.ones((3, 2))
    assert (StaticInt(5, 2),) == lowered(numbered, WEIGHTS, x, 2).facts[:1]
    derivative = gs.value_and_grad(numbered)
    for depth in (1, 3, 0, 3):
        value, slopes = derivative(WEIGHTS, x, depth)
        assert value == numbered(WEIGHTS, x, depth)
        assert [bool(np.any(d)) for d in slopes.values()] == [k < depth for k in range(4)]
    assert derivative(WEIGHTS, x, 3, 1)[0] == numbered(WEIGHTS, x, 3, 1)
    for function, arguments in ((numbered_twice, (4,)), (numbered_up_to_a_global, ())):
        assert gs.value_and_grad(function)(WEIGHTS, x, *arguments)[0] == function(WEIGHTS, x, *arguments)


def test_a_bound_that_depends_on_data_is_not_asked_for():
    with pytest.raises(UnsupportedSyntaxError, match="GS125"):
        gs.grad(numbered_up_to_data)(WEIGHTS, np.ones((3, 2)), 2)


def test_arguments_of_an_inner_derivative_are_not_those_of_the_function():
    def function(n, x):
        axis = n + 1
        inner = gs.grad(lambda z: z * z, create_graph=True)(x[0, 0])
        return np.sum(np.sum(x, axis=axis - 1)) * inner

    found = gs.grad(function, argnums=1)(0, np.array([[3.0, 1.0]]))
    np.testing.assert_array_equal(found, [[14.0, 6.0]])


def measured(x):
    return norm(x)


def test_a_numpy_function_under_a_name_of_its_own_is_no_argument():
    assert assert_same(measured, np.ones(4)).program.entry.signature.hidden == ()
    value, gradient = gs.value_and_grad(measured)(np.array([3.0, 4.0]))
    np.testing.assert_allclose((value, *gradient), (5.0, 0.6, 0.8), rtol=1e-15)
