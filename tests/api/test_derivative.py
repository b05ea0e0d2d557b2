"""What a derivative object can do: inspection, compiling ahead, saving, pickling, differentiating again."""

from __future__ import annotations

import copy
import dataclasses
import functools
import inspect
import linecache
import math
import pickle
import runpy
import subprocess
import sys
import threading
import traceback

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UsageError


def cube(x):
    """The third power."""
    return x**3


@gs.grad
def decorated(x):
    return x * x


def count_compilations(monkeypatch):
    from gradscribe.compiler import pipeline

    calls = []
    original = pipeline.compile_function
    monkeypatch.setattr(pipeline, "compile_function", lambda *args: calls.append(args) or original(*args))
    return calls


def test_names_and_documentation():
    df = gs.grad(cube)
    assert df.primal is cube
    assert (df.__name__, df.__qualname__, df.__module__) == ("cube_grad", "cube_grad", __name__)
    assert df.__doc__ == "gradient of `cube`\n\nThe third power."
    assert "gradient of `cube`" in repr(df)
    assert gs.value_and_grad(cube).__name__ == "cube_value_and_grad"
    assert gs.grad(lambda x: x).__name__ == "lambda_grad"
    assert str(inspect.signature(df)) == "(x)"


def test_source_before_compiling_is_an_error_that_says_so():
    with pytest.raises(UsageError, match=r"cube_grad.compile\(...\)") as caught:
        gs.grad(cube).source
    assert caught.value.code == "GS318"


def test_annotations_are_enough_for_source():
    def f(x: float, n=2):
        return x * x

    assert "def f_grad(x, n=2):" in gs.grad(f).source


def test_source_is_what_runs():
    df = gs.grad(cube).compile(1.0)
    assert df.source.count("def cube_grad(x):") == 1
    namespace = {}
    exec(df.source, namespace)
    assert namespace["cube_grad"](2.0) == df(2.0) == 12.0


def test_graph_is_text():
    assert "cube_grad" in gs.grad(cube).compile(1.0).graph


def test_compile_runs_nothing_and_returns_the_derivative(monkeypatch):
    calls = count_compilations(monkeypatch)

    def f(x, y):
        print("running")
        return np.sum(x * y)

    df = gs.grad(f)
    assert df.compile(gs.ShapeDtype((5,), np.float32), y=np.ones(5)) is df
    assert len(calls) == 1
    df(np.ones(3, np.float32), np.ones(3))
    assert len(calls) == 1


def test_one_compilation_serves_five_sizes(monkeypatch):
    calls = count_compilations(monkeypatch)
    df = gs.grad(lambda x: np.sum(x[1:] * x[:-1]))
    for n in (5, 2, 0, 100, 7):
        x = np.arange(float(n))
        expected = np.zeros(n)
        expected[1:] += x[:-1]
        expected[:-1] += x[1:]
        assert np.array_equal(df(x), expected)
    assert len(calls) == 1


def test_linecache_shows_generated_code():
    df = gs.grad(cube).compile(1.0)
    generated = df.__wrapped__
    assert generated.__code__.co_filename.startswith("<gradscribe cube_grad ")
    assert inspect.getsource(generated) in df.source
    assert inspect.getsource(df) == inspect.getsource(generated)
    linecache.checkcache()
    assert linecache.getline(generated.__code__.co_filename, generated.__code__.co_firstlineno)


def test_tracebacks_show_generated_lines():
    df = gs.grad(lambda x, y: np.sum(x @ y))
    with pytest.raises(ValueError) as caught:
        df(np.ones((2, 3)), np.ones((2, 3)))
    text = "".join(traceback.format_exception(caught.value))
    assert "<gradscribe lambda_grad" in text
    assert "x @ y" in text


def test_dropped_derivatives_leave_nothing_in_linecache():
    df = gs.grad(lambda x: x * x).compile(1.0)
    filename = df.__wrapped__.__code__.co_filename
    assert filename in linecache.cache
    del df
    import gc

    gc.collect()
    assert filename not in linecache.cache


def test_saved_modules_need_numpy_alone(tmp_path):
    def f(w, x):
        r = x @ w - 1.0
        return np.mean(r**2)

    df = gs.grad(f)
    w, x = np.arange(3.0), np.arange(6.0).reshape(2, 3)
    expected = df(w, x)
    path = tmp_path / "saved.py"
    df.save(path)
    assert list(tmp_path.iterdir()) == [path]
    code = (
        "import sys, numpy as np, saved\n"
        "g = saved.f_grad(np.arange(3.0), np.arange(6.0).reshape(2, 3))\n"
        "assert not any(name.startswith('gradscribe') for name in sys.modules)\n"
        "print(g.tolist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(expected.tolist())
    assert "f" in path.read_text()


@dataclasses.dataclass
class Rates:
    decay: np.ndarray
    scale: float = 0.5

    def __post_init__(self):
        self.norm = np.sum(self.decay**2)


def test_saved_functions_that_replace_fields_take_the_arguments_alone(tmp_path):
    def f(w):
        rates = dataclasses.replace(Rates(w * 2.0), decay=w**2)
        return np.sum(rates.decay) * rates.scale + dataclasses.replace(rates, scale=3.0).norm

    df = gs.grad(f)
    w = np.arange(3.0)
    np.testing.assert_allclose(df(w), w + 4.0 * w**3)
    df.save(tmp_path / "saved.py")
    namespace = runpy.run_path(str(tmp_path / "saved.py"))
    np.testing.assert_array_equal(namespace["f_grad"](w), df(w))


def test_a_failed_save_leaves_nothing(tmp_path):
    df = gs.grad(cube).compile(1.0)
    target = tmp_path / "folder"
    target.mkdir()
    with pytest.raises(OSError):
        df.save(target)
    assert list(tmp_path.iterdir()) == [target]


def test_pickle_and_copy():
    df = gs.grad(cube)
    assert df(2.0) == 12.0
    assert pickle.loads(pickle.dumps(df))(2.0) == 12.0
    assert copy.deepcopy(df)(2.0) == 12.0


def test_a_decorated_function_is_pickled_by_name(monkeypatch):
    # Tests are imported under a name of pytest's.
    monkeypatch.setitem(sys.modules, decorated.primal.__module__, sys.modules[__name__])
    monkeypatch.setattr(decorated.primal, "__qualname__", "decorated")
    assert decorated.__reduce__() == "decorated"
    assert copy.deepcopy(decorated) is decorated


class Power:
    def __init__(self, exponent):
        self.exponent = exponent

    @gs.grad(argnums=1)
    def slope(self, x):
        return x**self.exponent


def test_the_derivative_of_a_decorated_method_is_pickled(monkeypatch):
    monkeypatch.setitem(sys.modules, Power.__module__, sys.modules[__name__])
    slope = Power(3.0).slope
    assert copy.deepcopy(slope)(2.0) == slope(2.0) == 12.0
    assert slope.__reduce__() == (getattr, (slope.args[0], "slope"))


def test_saving_where_nothing_can_be_written_names_the_path(tmp_path):
    missing = tmp_path / "missing" / "cube_grad.py"
    with pytest.raises(FileNotFoundError) as caught:
        gs.grad(cube).compile(2.0).save(missing)
    assert caught.value.filename == str(missing)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_every_order(order):
    def f(x):
        return x**5 + math.sin(x)

    derivative = f
    for _ in range(order):
        derivative = gs.grad(derivative, create_graph=True)
    x = 0.7
    expected = {
        1: 5 * x**4 + math.cos(x),
        2: 20 * x**3 - math.sin(x),
        3: 60 * x**2 - math.cos(x),
        4: 120 * x + math.sin(x),
    }
    assert derivative(x) == pytest.approx(expected[order], rel=1e-13)


def test_the_outermost_derivative_needs_no_create_graph():
    assert gs.grad(gs.grad(cube, create_graph=True))(2.0) == 12.0


def test_differentiating_a_derivative_without_create_graph_is_an_error():
    with pytest.raises(UsageError, match=r"grad\(cube, create_graph=True\)") as caught:
        gs.grad(gs.grad(cube))
    assert caught.value.code == "GS313"
    with pytest.raises(UsageError, match="create_graph=True"):
        gs.vjp(gs.grad(cube), 2.0)


def test_a_derivative_called_inside_a_differentiated_function():
    inner = gs.grad(lambda w, x: np.sum(np.tanh(w * x)), argnums=1, create_graph=True)

    def penalty(w, x):
        slope = inner(w, x)
        return np.sum(slope**2)

    w, x, h = np.array([0.3, -0.2]), np.array([0.5, 0.8]), 1e-6
    got = gs.grad(penalty)(w, x)
    for i in range(2):
        e = np.eye(2)[i] * h
        assert got[i] == pytest.approx((penalty(w + e, x) - penalty(w - e, x)) / (2 * h), rel=1e-6)


def test_a_derivative_made_inside_a_differentiated_function():
    def f(x):
        slope = gs.grad(cube, create_graph=True)(x)
        return slope * slope

    assert gs.grad(f)(2.0) == pytest.approx(2 * 12.0 * 12.0)


def test_a_derivative_without_create_graph_inside_is_an_error():
    inner = gs.grad(cube)
    with pytest.raises(UsageError, match="create_graph=True"):
        gs.grad(lambda x: inner(x) * x)(2.0)


def test_perturbations_are_not_confused():
    assert gs.grad(lambda x: x * gs.grad(lambda y: x + y, create_graph=True)(1.0))(1.0) == 1.0


def test_threads():
    df = gs.grad(lambda x: np.sum(x**2))
    results = []

    def work(dtype):
        results.append(df(np.ones(3, dtype)).dtype == dtype)

    threads = [threading.Thread(target=work, args=(d,)) for d in (np.float32, np.float64) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 8


def test_wraps_copies_no_compiled_code():
    @functools.wraps(cube)
    def double(x):
        return 2.0 * cube(x)

    gs.vjp(cube, 2.0)
    assert gs.vjp(double, 2.0)[1]() == (24.0,)
    assert gs.jvp(cube, (2.0,), (1.0,)) == (8.0, 12.0)
    assert gs.jvp(double, (2.0,), (1.0,)) == (16.0, 24.0)
