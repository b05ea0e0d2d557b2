"""The dispatcher: guards that hold exactly when the compiled function fits, the slow path, warnings, threads."""

from __future__ import annotations

import collections
import dataclasses
import sys
import threading
import types
import warnings

import numpy as np
import pytest

from gradscribe.compiler.cache import RecompilationWarning
from gradscribe.errors import UsageError
from gradscribe.frontend.arguments import read_arguments
from gradscribe.frontend.facts import Callee, StaticInt
from gradscribe.frontend.structure import ShapeDtype
from gradscribe.ir.signature import Hidden, Leaf
from gradscribe.ir.types import FLOAT
from tests.compiler.fakes import FakePipeline, specialisations

Point = collections.namedtuple("Point", "x y")


@dataclasses.dataclass
class Layer:
    W: object
    b: object


class Model:
    def __init__(self, **attributes):
        vars(self).update(attributes)


class Slotted:
    __slots__ = ("W", "b")

    def __init__(self, W, *rest):
        self.W = W
        for value in rest:
            self.b = value


@pytest.fixture
def pipeline(monkeypatch):
    fake = FakePipeline()
    module = types.ModuleType("gradscribe.compiler.pipeline")
    module.compile_function = lambda *args: fake.compile_function(*args)
    monkeypatch.setitem(sys.modules, "gradscribe.compiler.pipeline", module)
    return fake


def identity(x):
    return x


def other(x):
    return x


def shrunk(*kept):
    """A set that had room for more: it gives its items in another order than a copy."""
    items = {*kept, *range(100, 200)}
    items.difference_update(range(100, 200))
    return items


VALUES = [
    0.5, 1, 2j, np.float64(1), np.float32(1), np.int64(1),
    np.zeros(3), np.zeros(1), np.zeros(()), np.zeros((2, 3)), np.zeros((1, 3)), np.zeros((2, 1)), np.zeros((1, 1)),
    np.zeros(3, np.float32), np.zeros(3, int), np.zeros(3, bool),
    None, True, False, "a", "b", np.dtype(float), np.dtype(np.float32), np.sin, np.cos, identity, other, len,
    float, slice(1), slice(2), range(2), range(3), [1, 2].append,
    frozenset("a"), frozenset(), set(), {"a"}, {"a", "b"}, {1}, {2}, {1, 2}, {(1, 2)}, {("a", 1)},
    {8, 1}, shrunk(8, 1),
    (), (1.0,), [1.0], (1.0, 2.0), (1.0, 2), (1.0, (2.0,)), [np.zeros(3), 1.0], [np.zeros(3), 1],
    {}, {"a": 1.0}, {"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}, {1: 1.0}, {True: 1.0}, {"a": None},
    Point(1.0, 2.0), Point(1.0, 2), Layer(1.0, 2.0), Layer(1.0, None),
    Model(W=1.0), Model(W=np.zeros(2)), Model(W=1.0, b=2.0), Model(V=1.0),
    Slotted(1.0), Slotted(np.zeros(2)), Slotted(None, 1.0),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::gradscribe.compiler.cache.RecompilationWarning")
def test_every_value_is_served_by_the_function_compiled_for_it_and_no_other(pipeline):
    state = specialisations(identity)
    for value in VALUES:
        assert state.entry(value) is value
    assert len(pipeline.seen) == len(VALUES)
    for value in VALUES:
        assert state.entry(value) is value
    assert len(pipeline.seen) == len(VALUES)


def test_arrays_in_another_byte_order_are_not_taken_for_native_ones(pipeline):
    state = specialisations(identity)
    state.entry(np.zeros(3))
    with pytest.raises(UsageError, match="order of another machine"):
        state.entry(np.zeros(3, np.dtype(float).newbyteorder()))


def test_one_compilation_serves_all_lengths(pipeline):
    state = specialisations(identity)
    for n in (0, 2, 3, 1000, 5):
        state.entry(np.zeros((n, 4)))
    assert len(pipeline.seen) == 1


def test_containers_with_other_content_fit_no_guard_without_raising(pipeline):
    state = specialisations(identity)
    state.entry({"a": [np.zeros(3)], "b": Model(W=1.0)})
    assert state.entry({}) == {}
    assert state.entry({"a": [], "b": Model()})["a"] == []
    assert state.entry([1.0]) == [1.0]
    assert len(pipeline.seen) == 4


def test_parameters_of_all_kinds_are_passed_on(pipeline):
    def f(a, /, b=2.0, *rest, c, d=4.0, **more):
        return a, b, rest, c, d, more

    state = specialisations(f)
    expected = (1.0, 2.0, (), 3.0, 4.0, {})
    assert state.entry(1.0, c=3.0) == state.entry(1.0, c=3.0) == expected
    assert state.entry(1.0, 5.0, 6.0, c=7.0, e=8.0) == (1.0, 5.0, (6.0,), 7.0, 4.0, {"e": 8.0})
    assert len(pipeline.seen) == 2
    with pytest.raises(TypeError, match=r"f_grad\(\) missing 1 required keyword-only argument"):
        state.entry(1.0)


def test_parameters_may_have_any_name(pipeline):
    def f(type, len, ndarray, _miss, __0, getattr):
        return type, len, ndarray, _miss, __0, getattr

    state = specialisations(f)
    args = (np.zeros(3), np.zeros((1, 2)), [1.0], 2.0, 3.0, Model(W=1.0))
    for _ in range(2):
        assert all(a is b for a, b in zip(state.entry(*args), args))
    assert len(pipeline.seen) == 1


def test_functions_without_parameters(pipeline):
    state = specialisations(lambda: 7)
    assert (state.entry(), state.entry()) == (7, 7)
    assert len(pipeline.seen) == 1


def test_the_entry_has_the_signature_and_keeps_its_identity(pipeline):
    import inspect

    def f(x: float, y=2):
        return x

    state = specialisations(f)
    entry = state.entry
    entry(1.0)
    assert state.entry is entry
    assert str(inspect.signature(entry)) == str(inspect.signature(f))


def test_descriptions_compile_for_the_arrays_described(pipeline):
    state = specialisations(identity)
    state.compile(read_arguments(identity, (ShapeDtype((3, 1), np.float32),), {}))
    state.entry(np.zeros((9, 1), np.float32))
    assert len(pipeline.seen) == 1


def test_hidden_values_are_read_at_each_call_and_guarded(pipeline):
    scope = {"k": 2.0}
    pipeline.hidden = (Hidden("k", Leaf(1), scope, "k"),)
    pipeline.hidden_types = (FLOAT,)

    def f(x, k=None):
        return x * k

    def primal(x):
        return f(x)

    state = specialisations(primal)
    pipeline_main = lambda x, k: x * k
    original = pipeline.compile_function

    def compile_function(*args):
        compiled = original(*args)
        compiled.main = pipeline_main
        return compiled

    pipeline.compile_function = compile_function
    assert state.entry(3.0) == 6.0
    scope["k"] = 5.0
    assert state.entry(3.0) == 15.0
    assert len(pipeline.seen) == 1


def test_a_cell_that_is_not_bound_fits_no_guard(pipeline):
    cell = types.CellType()
    pipeline.guards = (Callee(cell, None, other, other.__code__),)
    state = specialisations(identity)
    cell.cell_contents = other
    state.entry(1.0)
    del cell.cell_contents
    pipeline.guards = ()
    state.entry(1.0)
    assert len(pipeline.seen) == 2


@pytest.mark.parametrize("kind", ["global", "attribute"])
def test_a_callee_that_was_replaced_is_compiled_again(pipeline, kind):
    def helper(x):
        return x

    replaced = types.FunctionType(helper.__code__.replace(), globals())
    scope = {"helper": helper} if kind == "global" else types.SimpleNamespace(helper=helper)
    pipeline.guards = (Callee(scope, "helper", helper, helper.__code__),)
    state = specialisations(identity)
    state.entry(1.0)
    state.entry(1.0)
    assert len(pipeline.seen) == 1
    if kind == "global":
        scope["helper"] = replaced
    else:
        scope.helper = replaced
    pipeline.guards = (Callee(scope, "helper", replaced, replaced.__code__),)
    state.entry(1.0)
    assert len(pipeline.seen) == 2


def test_a_callee_whose_code_was_replaced_in_place_is_compiled_again(pipeline):
    def helper(x):
        return x

    pipeline.guards = (Callee({"helper": helper}, "helper", helper, helper.__code__),)
    scope = pipeline.guards[0].scope
    state = specialisations(identity)
    state.entry(1.0)
    helper.__code__ = other.__code__
    pipeline.guards = (Callee(scope, "helper", helper, helper.__code__),)
    state.entry(1.0)
    assert len(pipeline.seen) == 2


def test_facts_are_guarded(pipeline):
    pipeline.facts = (StaticInt(1, 3),)
    state = specialisations(lambda x, n: n)
    state.entry(1.0, 3)
    state.entry(2.0, 3)
    pipeline.facts = (StaticInt(1, 4),)
    assert state.entry(1.0, 4) == 4
    assert state.entry(1.0, 3) == 3
    assert len(pipeline.seen) == 2


def test_arguments_that_overlap_one_that_is_written_are_refused(pipeline):
    pipeline.written = (0,)
    state = specialisations(lambda x, y, n: x)
    base = np.zeros(4)
    state.entry(base[:2], base[2:], 1.0)
    with pytest.raises(UsageError, match="share memory") as caught:
        state.entry(base[:3], base[1:], 1.0)
    assert caught.value.code == "GS320"


def test_a_derivative_statement_that_math_refuses_runs_the_careful_function(pipeline):
    pipeline.careful = lambda graph, x: "careful"
    pipeline.should_run_carefully = lambda error: "derivative" in str(error)

    def primal(x):
        raise ValueError(f"in the {'primal' if x > 0 else 'derivative'}")

    state = specialisations(primal)
    assert state.entry(-1.0) == "careful"
    with pytest.raises(ValueError, match="in the primal"):
        state.entry(1.0)


def test_other_errors_of_the_primal_pass_unchanged(pipeline):
    def primal(x):
        return x["no such key"]

    with pytest.raises(IndexError):
        specialisations(primal).entry(np.zeros(3))


def test_a_warning_after_eight_values(pipeline):
    state = specialisations(lambda x, mode: x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for number in range(8):
            state.entry(1.0, f"mode {number}")
    with pytest.warns(RecompilationWarning, match=r"compiled 9 times .*`mode`") as caught:
        state.entry(1.0, "mode 9")
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state.entry(1.0, "mode 10")


def test_eight_types_are_no_reason_to_warn(pipeline):
    state = specialisations(identity)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for ndim in range(12):
            state.entry(np.zeros((2,) * ndim))


def test_threads_compile_once(pipeline):
    state = specialisations(identity)
    barrier = threading.Barrier(8)
    results = []

    def work():
        barrier.wait()
        results.append(state.entry(1.0))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [1.0] * 8
    assert len(pipeline.seen) == 1
