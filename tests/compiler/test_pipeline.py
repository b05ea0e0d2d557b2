"""The compiler as a whole: what its errors look like, what it loads when, what it leaves behind."""

from __future__ import annotations

import gc
import math
import subprocess
import sys

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.compiler import pipeline
from gradscribe.compiler.load import load
from gradscribe.errors import GradscribeError, InternalError


def test_a_fault_of_the_compiler_is_an_internal_error(monkeypatch):
    def broken(program):
        raise ZeroDivisionError("in a pass")

    monkeypatch.setattr(pipeline, "optimise", broken)
    with pytest.raises(InternalError, match="step `optimise`: ZeroDivisionError: in a pass") as caught:
        gs.grad(lambda x: x * x)(1.0)
    assert caught.value.code == "GS900"
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_errors_point_at_the_expression():
    def f(x):
        return x * np.argsort(x)[0] + np.sum(np.searchsorted(x, x.nosuch))

    with pytest.raises(GradscribeError) as caught:
        gs.grad(f)(np.ones(3))
    assert "x.nosuch" in str(caught.value)
    assert "^^^^^^^^" in str(caught.value)
    assert "test_pipeline.py" in str(caught.value)


def test_a_failed_compilation_is_tried_again():
    helper = None

    def f(x):
        return helper(x)

    df = gs.grad(f)
    with pytest.raises(GradscribeError):
        df(2.0)
    helper = lambda x: x * x
    assert df(2.0) == 4.0


def test_each_module_has_a_file_name_of_its_own():
    first, second = (load("def f(x):\n    return x\n", "f", {"f": "f"}, {}) for _ in range(2))
    assert first.filename != second.filename
    assert first.functions["f"](3) == 3


def test_derivative_lines_tell_whose_error_it_is():
    text = "def f(x):\n    y = 1 / x\n    return 2 / (x - 1)\n"
    loaded = load(text, "f", {"f": "f"}, {}, {3})
    for value, derivative in ((0, False), (1, True)):
        with pytest.raises(ZeroDivisionError) as caught:
            loaded.functions["f"](value)
        assert loaded.failed_in_derivative(caught.value) is derivative


def run_fresh(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_heavy_libraries_load_when_needed():
    code = (
        "import sys, gradscribe as gs\n"
        "heavy = ('libcst', 'sympy', 'scipy')\n"
        "print([m for m in heavy if m in sys.modules])\n"
        "gs.grad(lambda x: x), gs.vjp, gs.jvp, gs.hessian, gs.ShapeDtype, gs.errors\n"
        "print([m for m in heavy if m in sys.modules])\n"
        "print('gradscribe.frontend.lower' in sys.modules)\n"
    )
    assert run_fresh(code) == ["[]", "[]", "False"]


def test_every_public_name_exists():
    for name in gs.__all__:
        assert getattr(gs, name) is not None
    assert set(gs.__all__) <= set(dir(gs))
    with pytest.raises(AttributeError, match="no attribute 'gard'"):
        gs.gard


def test_stop_gradient():
    assert gs.grad(lambda x: gs.stop_gradient(x) * x)(3.0) == 3.0
    x = np.array([1.0, 2.0])
    assert np.array_equal(gs.grad(lambda x: np.sum(gs.stop_gradient(x) * x))(x), x)
    assert gs.stop_gradient(2.0) == 2.0
    copied = gs.stop_gradient(x)
    assert np.array_equal(copied, x) and not np.shares_memory(copied, x)


def test_the_garbage_collector_is_as_it_was_before_compiling():
    for on in (True, False):
        (gc.enable if on else gc.disable)()
        try:
            gs.grad(lambda x: x * x * (2.0 if on else 3.0))(1.5)
            assert gc.isenabled() is on
        finally:
            gc.enable()


def test_compiling_imports_no_part_of_a_library_that_the_function_does_not_use(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, scipy, numpy as np, gradscribe as gs\n"
        "def square(x): return x * x\n"
        "def f(x): return square(np.sin(x))\n"
        "def g(x): return scipy.special.expit(x)\n"
        "gs.grad(f)(0.5)\n"
        "assert not {'scipy.stats', 'scipy.optimize', 'scipy.special'} & set(sys.modules)\n"
        "print(gs.grad(g)(0.5) == gs.grad(scipy.special.expit)(0.5), 'scipy.stats' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"


def test_the_form_that_follows_numpy_is_generated_when_it_is_needed(monkeypatch):
    asked = []
    generate = pipeline.generate

    def noting(program, *, fallback=False):
        asked.append(fallback)
        return generate(program, fallback=fallback)

    monkeypatch.setattr(pipeline, "generate", noting)

    def f(x):
        return math.sqrt(x)

    derivative = gs.grad(f)
    assert derivative(4.0) == 0.25
    assert asked == [False]
    with np.errstate(divide="ignore"):
        assert [derivative(0.0), derivative(0.0)] == [np.inf, np.inf]
    assert asked == [False, True]


def test_a_function_with_effects_follows_numpy_at_once(capsys):
    def f(x):
        print("called")
        return math.sqrt(x)

    with np.errstate(divide="ignore"):
        assert gs.grad(f)(0.0) == np.inf
    assert capsys.readouterr().out == "called\n"


def test_a_function_that_only_raises_may_run_again():
    def f(x):
        if x < 0.0:
            raise ValueError("negative")
        return math.sqrt(x)

    derivative = gs.grad(f)
    assert derivative(4.0) == 0.25
    assert "math.sqrt" in derivative.source
    with np.errstate(divide="ignore"):
        assert derivative(0.0) == np.inf
    with pytest.raises(ValueError, match="negative"):
        derivative(-1.0)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.complex64])
@pytest.mark.parametrize("zero", [False, True])
def test_following_numpy_changes_no_dtype(capsys, dtype, zero):
    def quiet(a, y):
        return np.mean(np.abs(y)) * 2.0 + np.sum(np.abs(y) / np.abs(y)) + np.sum(y.real) / a

    def loud(a, y):
        print(a)
        return quiet(a, y)

    a, y = 0.0 if zero else 2.0, np.array([1.0, 2.0], dtype)
    with np.errstate(all="ignore"):
        for function in (quiet, loud):
            value = function(a, y)
            d_a, d_y = gs.grad(function, argnums=(0, 1))(a, y)
            assert type(d_a) is float and d_y.dtype == dtype, function
            assert np.isfinite(d_y).all() == np.isfinite(value) == (not zero)
            tangent = gs.jvp(function, (a, y), (0.5, np.ones_like(y)))[1]
            assert tangent.dtype == value.dtype


def test_what_follows_a_check_in_a_loop_is_undone_step_by_step():
    def f(sizes, wanted):
        left, sold, k = list(sizes), 0.0, 0
        while wanted > 1e-9:
            if k == len(left):
                raise RuntimeError("nothing is left")
            taken = min(wanted, left[k])
            left[k] -= taken
            wanted -= taken
            sold += taken * taken
            if left[k] <= 1e-9:
                k += 1
        return sold

    derivative = gs.grad(f)
    assert np.array_equal(derivative(np.array([0.5, 2.0, 1.0]), 1.5), [-1.0, 0.0, 0.0])
    assert ".copy()" not in derivative.source
    with pytest.raises(RuntimeError, match="nothing is left"):
        derivative(np.array([0.5]), 1.5)


def test_saved_values_of_a_branch_that_was_not_taken_are_none(capsys):
    def f(x):
        r = math.sqrt(x) * x if x > 1 else x**1.5
        print("called")
        return r * x

    for x in (1.3, 0.7):
        value, pullback = gs.vjp(gs.grad(f, create_graph=True), x)
        assert np.allclose([value, pullback(1.0)[0]], [2.5 * x**1.5, 3.75 * x**0.5])
    assert capsys.readouterr().out == "called\n" * 2


def test_finally_prints_before_a_handler_around_it(capsys):
    def f(x):
        try:
            try:
                r = math.log(x)
            finally:
                print("last")
        except ValueError:
            print("handled")
            r = x * x
        return r

    assert gs.value_and_grad(f)(-2.0) == (4.0, -4.0)
    assert capsys.readouterr().out == "last\nhandled\n"
