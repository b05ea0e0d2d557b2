"""What cannot be lowered: code, place, caret, reason and fix; all refusals of a function at once."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest

from gradscribe.errors import GradscribeError, UnsupportedOperationError, UnsupportedSyntaxError
from tests.frontend.lowered import lowered, value_of


def line_of(function, text):
    lines, first = inspect.getsourcelines(function)
    return first + next(k for k, line in enumerate(lines) if text in line)


def refusals(function, *args):
    with pytest.raises(GradscribeError) as caught:
        lowered(function, *args)
    return caught.value


def several(x):
    try:
        y = math.log(x)
        y = math.log(y)
    except ValueError:
        y = 2.0 * y
    z = np.unknown_function(x)
    global written
    with open("file") as f:
        pass
    return x + missing_name  # noqa: F821


def test_all_refusals_of_a_function_are_reported_in_order():
    error = refusals(several, 1.0)
    assert ["GS121", "GS205", "GS110", "GS110", "GS120"] == [found.code for found in error.diagnostics]
    lines = [found.location.line for found in error.diagnostics]
    assert sorted(lines) == lines
    assert isinstance(error, UnsupportedSyntaxError)


def caret(x):
    return 1.0 + np.unknown_function(
        x,
    )


def test_the_caret_stands_under_the_expression():
    (found,) = refusals(caret, 1.0).diagnostics
    line = line_of(caret, "unknown_function")
    assert (line, 17) == (found.location.line, found.location.column)
    text = found.to_text()
    assert "np.unknown_function(" in text
    assert "^^^^^^^^^^^^^^^^^^^" in text


class Holder:
    def method(self, x):
        """An indented function with a string
        that spans lines."""
        return x.unknown


def test_places_are_right_in_an_indented_function():
    (found,) = refusals(Holder().method, np.ones(2)).diagnostics
    assert line_of(Holder.method, "x.unknown") == found.location.line
    assert 15 == found.location.column


unknown = lambda x: np.sin(x) + x.nothing  # noqa: E731


def test_places_are_right_in_a_lambda():
    (found,) = refusals(unknown, np.ones(2)).diagnostics
    source = inspect.getsource(unknown)
    assert source.index("x.nothing") == found.location.column


def no_entry(x):
    return sorted(x)[0] + hash_of(x)


def hash_of(x):
    return np.frombuffer(x)[0]


def test_an_error_in_a_called_function_is_reported_there():
    error = refusals(no_entry, np.ones(2))
    assert all(isinstance(found.location.line, int) for found in error.diagnostics)
    assert isinstance(error, UnsupportedOperationError)


def kinds(x, flag):
    if flag > 0.0:
        y = (x, x)
    else:
        y = x
    return y * 2.0


def test_branches_that_leave_different_kinds_are_an_error_where_the_value_is_read():
    (found,) = refusals(kinds, 1.0, 1.0).diagnostics
    assert "GS122" == found.code
    assert line_of(kinds, "y * 2.0") == found.location.line


def kinds_not_read(x, flag):
    if flag > 0.0:
        y = (x, x)
    else:
        y = x
    return x


def test_branches_may_leave_different_kinds_that_nobody_reads():
    assert 2.0 == value_of(lowered(kinds_not_read, 2.0, 1.0), kinds_not_read, 2.0, 1.0)


def returns_a_function_sometimes(x):
    if x > 0.0:
        return np.sin


def calls_what_is_returned(x):
    return returns_a_function_sometimes(x)(x)


def test_a_function_that_returns_a_function_only_sometimes():
    (found,) = refusals(calls_what_is_returned, 1.0).diagnostics
    assert "GS122" == found.code


def listed_or_none(x):
    return [v if v > 0.0 else None for v in x]


def test_what_may_be_none_is_no_entry_of_a_list_of_run_time_length():
    (found,) = refusals(listed_or_none, np.ones(3)).diagnostics
    assert "GS127" == found.code
    assert "np.nan" in found.fix


def axis_more_in_each_round(x, n):
    s = np.zeros(3)
    while n > 0:
        s = s[None] + x
        n -= 1
    return np.sum(s)


def test_a_carried_value_that_changes_its_kind_names_the_variable_and_the_fix():
    (found,) = refusals(axis_more_in_each_round, np.ones(3), 2).diagnostics
    assert "GS123" == found.code
    assert "`s`" in found.title
    assert "np.zeros" in found.fix


def stale_after_branch(x, flag):
    y = x * 1.0
    z = x * 2.0
    if flag > 0.0:
        w = np.broadcast_arrays(y, z)[0]
    else:
        w = z
    w[0] = 5.0
    return np.sum(y) + np.sum(w)


def test_a_write_through_what_may_be_a_view_makes_the_array_unreadable():
    (found,) = refusals(stale_after_branch, np.ones(2), 1.0).diagnostics
    assert "GS130" == found.code
    assert line_of(stale_after_branch, "return") == found.location.line


def list_of_one_array(x, n):
    history = []
    u = x * 1.0
    for i in range(n):
        u[0] += 1.0
        history.append(u)
    return np.stack(history)


def test_a_list_of_one_array_that_is_written_again_is_refused():
    found, *_ = refusals(list_of_one_array, np.ones(2), 100).diagnostics
    assert "GS130" == found.code
    assert "copy" in found.fix


def twins(x, n):
    u = x * 1.0
    v = u
    while u[0] < n:
        u[0] = 2.0 * v[0]
        v[1] = 1.0
        v = u
        u = u * 1.5
    return np.sum(u) + np.sum(v)


def test_variables_that_may_be_the_same_array_around_a_loop():
    error = refusals(twins, np.ones(2), 100)
    assert {"GS130"} == {found.code for found in error.diagnostics}


def through_reshape(x):
    y = x * 1.0
    v = y[:, 1:].reshape(-1)
    y[0, 1] = 5.0
    return np.sum(v)


def test_reading_what_may_be_a_view_after_a_write_is_refused():
    (found,) = refusals(through_reshape, np.ones((2, 3))).diagnostics
    assert "GS130" == found.code


def int_store(x):
    x[1:] *= 0.5
    return x.sum()


def test_augmented_stores_that_numpy_refuses():
    (found,) = refusals(int_store, np.arange(3)).diagnostics
    assert "GS202" == found.code
    assert "astype" in found.fix


def overlapping(x, y):
    x[0] = 2.0
    return np.sum(x * y)


def test_writing_into_an_argument_that_overlaps_another():
    base = np.ones(4)
    (found,) = refusals(overlapping, base[1:], base[:-1]).diagnostics
    assert "GS133" == found.code
    assert "`x`" in found.title


def test_writing_into_an_argument_leaves_the_callers_array():
    x = np.ones(2)
    found = lowered(overlapping, x, np.ones(2))
    assert (0,) == found.written
    assert 3.0 == value_of(found, overlapping, x, np.ones(2))
    assert 1.0 == x[0]


def mutable_default_of_its_own(x, seen=np.zeros(2)):  # noqa: B008
    seen[0] += x
    return seen[0] * x


def test_default_of_the_function_itself():
    (found,) = refusals(
        mutable_default_of_its_own, 2.0, mutable_default_of_its_own.__defaults__[0]
    ).diagnostics
    assert "GS140" == found.code
    assert "`mutable_default_of_its_own` changes the default of `seen`, a ndarray" == found.title
    assert "seen=None" in found.fix


def test_none_in_places_that_are_filled_later():
    def filled(x):
        places = [None for _ in range(int(x))]
        for i in range(int(x)):
            places[i] = x * i
        return sum(places)

    found = refusals(filled, 3.0).diagnostics[0]
    assert "GS126" == found.code
    assert "[0.0] * n" in found.fix


def mutable_default(x, seen=[]):
    seen.append(x)
    return x


def calls_mutable_default(x):
    return mutable_default(x)


def test_mutable_default_arguments_of_callees():
    (found,) = refusals(calls_mutable_default, 1.0).diagnostics
    assert "GS140" == found.code
    assert "`mutable_default` changes the default of `seen`, a list" == found.title
    assert "seen=None" in found.fix


def wrong_call(x):
    return two_parameters(x)


def two_parameters(x, y):
    return x


def test_a_call_that_python_refuses():
    (found,) = refusals(wrong_call, 1.0).diagnostics
    assert "GS140" == found.code
    assert "two_parameters" in found.title


def runs_away(x, depth):
    return runs_away((x, x), depth)


def test_recursion_without_end():
    (found,) = refusals(runs_away, 1.0, 1).diagnostics
    assert "GS128" == found.code


def never_returns(x):
    return never_returns(x * 2.0)


def test_recursion_without_a_base_case():
    (found,) = refusals(never_returns, 1.0).diagnostics
    assert "GS151" == found.code


def run_time_axis(x, k):
    return np.sum(x, axis=np.argmax(k))


def test_an_axis_computed_from_arrays():
    (found,) = refusals(run_time_axis, np.ones((2, 2)), np.ones(2)).diagnostics
    assert "GS125" == found.code


def unrolled_too_long(x):
    for name in "a" * 2000:
        x = x + 1.0
    return x


def test_unrolling_stops():
    (found,) = refusals(unrolled_too_long, 1.0).diagnostics
    assert "GS124" == found.code


def places_changed_too_often(x, y, n=5):
    a, held = x * 1.0, [np.cos(y), x * 0.9]
    d, s = {"u": x * 0.9}, Held(y * -0.4, held[1])
    for _ in range(n):
        for _ in range(n):
            if x[2] > 0.1:
                a, s.q = s.q, a
            else:
                held = [d["u"], s.p]
            if x[1] > 0.1:
                s.q, held[1] = held[1], s.q
            held[1][2] = 0.7 * a[2]
        s.p = held[1][::-1]
        d["u"][0] = np.sin(a[2])
        s.q, s.p = s.p, s.q
    return np.sum(a) + np.sum(s.p * s.q) + np.sum(held[0] * held[1] * d["u"])


class Held:
    def __init__(self, p, q):
        self.p, self.q = p, q


def test_deciding_which_object_stops():
    found = refusals(places_changed_too_often, np.ones(3), np.ones(3)).diagnostics
    assert {"GS124"} == {one.code for one in found}


def unbound(x, n):
    for i in range(n):
        y = x * i
    return y


def test_a_name_that_no_iteration_bound_raises_as_in_python():
    found = lowered(unbound, 1.0, 2)
    assert 1.0 == value_of(found, unbound, 1.0, 2)
    with pytest.raises(UnboundLocalError, match="'y'"):
        value_of(found, unbound, 1.0, 0)


def raises(x, n):
    if n > 3:
        raise ValueError(f"n is {n}", x)
    assert x > 0.0, f"x is {x:.2f}"
    return x


def test_exceptions_of_the_function_are_raised():
    found = lowered(raises, 1.0, 1)
    with pytest.raises(ValueError, match="n is 4") as caught:
        value_of(found, raises, 1.0, 4)
    assert ("n is 4", 1.0) == caught.value.args
    with pytest.raises(AssertionError, match=r"x is -1\.00"):
        value_of(found, raises, -1.0, 1)


def prints(x, n):
    for i in range(n):
        print(f"{i}: {x * i:.1f}", x, end=";")
    return x


def test_print_runs_in_order(capsys):
    value_of(lowered(prints, 1.5, 2), prints, 1.5, 2)
    assert "0: 0.0 1.5;1: 1.5 1.5;" == capsys.readouterr().out


def folded(x):
    return np.hypot.reduceat(x, [0, 2])


def test_methods_of_ufuncs_are_named_as_they_are_written():
    (found,) = refusals(folded, np.ones(3)).diagnostics
    assert ("GS201", "`np.hypot.reduceat` has no entry in the table of operations") == (
        found.code,
        found.title,
    )
    assert found.why.startswith("`numpy.hypot.reduceat` is not Python")
    assert "gs.primitive(np.hypot.reduceat)" in found.fix


def test_keys_of_a_dict_of_several_kinds_that_depend_on_a_branch():
    def count(x):
        d = {}
        if x[0] > 0:
            d["k"] = x[0]
        else:
            d.setdefault("rest", []).append(x[1])
        return len(d) * x[0]

    with pytest.raises(UnsupportedSyntaxError, match="GS122: `k` is missing in one branch") as error:
        lowered(count, np.array([1.0, 2.0]))
    assert "fix: keep things of several kinds in several dicts" in str(error.value)
