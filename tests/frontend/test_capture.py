"""Finding the source of functions."""

from __future__ import annotations

import linecache

import numpy as np
import pytest

from gradscribe.errors import UnsupportedSyntaxError
from gradscribe.frontend.capture import capture
from tests.frontend.lowered import assert_same

first, second = (lambda x: x + 1.0), (lambda x: x * 2.0)
spanning = lambda x: (  # noqa: E731
    x + 1.0
)


def make(scale):
    def inner(x):
        """Doc
        with odd indentation."""
        return scale * x

    return inner


def identity_decorator(function):
    return function


@identity_decorator
@identity_decorator
def decorated(x):
    return x * 3.0


def defined(text, name, file):
    lines = text.splitlines(keepends=True)
    linecache.cache[file] = (len(text), None, lines, file)
    namespace = {"np": np}
    exec(compile(text, file, "exec"), namespace)
    return namespace[name]


def test_lambdas_of_one_line_are_told_apart():
    assert_same(first, 3.0)
    assert_same(second, 3.0)


def test_a_lambda_may_span_lines():
    assert_same(spanning, 3.0)
    assert capture(spanning).line + 1 == next(iter(capture(spanning).lines.values()))


def test_a_nested_function_with_odd_indentation():
    assert_same(make(2.0), 3.0)


def test_decorators_of_the_function_are_not_part_of_it():
    assert_same(decorated, 2.0)
    assert decorated.__code__.co_firstlineno == capture(decorated).line


def test_a_function_of_a_notebook_cell():
    assert_same(defined("def f(x):\n    y = x\n    return y * 2.0\n", "f", "<ipython-input-1>"), 2.0)


def test_lines_are_those_of_the_file():
    function = defined("# one\n\ndef f(x):\n    y = x; z = y\n    return z\n", "f", "<lines>")
    captured = capture(function)
    assert [4, 4, 5] == [captured.lines[id(statement)] for statement in captured.body]


def test_no_source():
    namespace = {}
    exec("def f(x):\n    return x\n", namespace)
    with pytest.raises(UnsupportedSyntaxError, match="GS101"):
        capture(namespace["f"])


def test_a_coroutine_is_refused():
    async def coroutine(x):
        return x

    with pytest.raises(UnsupportedSyntaxError, match="GS102"):
        capture(coroutine)


def test_a_file_that_changed_since_is_refused():
    function = defined("def f(x):\n    return x * 2.0\n", "f", "<changing>")
    linecache.cache["<changing>"] = (1, None, ["def f(x):\n", "    return x * 3.0 + x\n"], "<changing>")
    with pytest.raises(UnsupportedSyntaxError, match="GS103"):
        capture(function)
