"""Log messages are written once, in the forward sweep; clocks and Python's own draws are read there."""

import logging
import random
import time
from types import ModuleType

import numpy as np
import pytest

import gradscribe as gs

LOGGER = logging.getLogger("tests.messages")


def logged(x, n):
    total = 0.0
    for i in range(n):
        total = total + x**2
        LOGGER.info("%d: %.1f", i, total)
    logging.warning("sum %s", total)
    return total


class Model:
    def __init__(self, w):
        self.w = w
        self.log = LOGGER

    def loss(self, x):
        self.log.info("loss of %s", x)
        return self.w * x**2


def test_messages_are_those_of_the_function(caplog):
    gradient = gs.grad(logged)
    gradient.compile(2.0, 2)
    with caplog.at_level(logging.INFO):
        caplog.clear()
        logged(2.0, 2)
        expected = [(one.name, one.levelno, one.getMessage()) for one in caplog.records]
        caplog.clear()
        assert gradient(2.0, 2) == 8.0
    assert [(one.name, one.levelno, one.getMessage()) for one in caplog.records] == expected
    assert "logging.getLogger('tests.messages').info('%d: %.1f', i, total)" in gradient.source


def test_logger_of_an_object(caplog):
    with caplog.at_level(logging.INFO):
        assert gs.grad(Model(3.0).loss)(2.0) == 12.0
    assert [one.getMessage() for one in caplog.records] == ["loss of 2.0"]


def test_logger_without_a_name_to_find_it_by_is_refused():
    unknown = logging.Logger("nowhere")

    def function(x):
        unknown.info("x")
        return x**2

    with pytest.raises(gs.GradscribeError):
        gs.grad(function)(2.0)


def test_clocks_are_read_when_the_derivative_runs():
    def timed(x):
        start = time.perf_counter()
        y = np.sum(x**2)
        return y * (time.perf_counter() - start)

    gradient = gs.grad(timed)
    gradient.compile(np.ones(2))
    first, second = (gradient(np.ones(2)) for _ in range(2))
    assert 0.0 < first[0] == first[1] != second[0] > 0.0


def test_draws_of_python_are_those_of_the_function():
    def drawn(x):
        return x * random.random() + random.randint(1, 6) * x + random.gauss(0.0, 1.0) * x

    random.seed(3)
    expected = random.random() + random.randint(1, 6) + random.gauss(0.0, 1.0)
    random.seed(3)
    assert gs.grad(drawn)(2.0) == pytest.approx(expected, rel=1e-15)


def test_display_of_progress_is_its_items():
    # Of the library only the names count, under which these are defined.
    library = ModuleType("tqdm.std")
    source = "class tqdm(list): pass\ndef trange(*args): return range(*args)"
    exec(source, library.__dict__)

    def shown(x):
        total = 0.0
        for i in library.tqdm(range(1, 4)):
            total += i * x
        for _ in library.trange(2):
            total += x
        return total

    assert gs.grad(shown)(2.0) == 8.0


def test_refused_import_is_one_error():
    def function(x):
        from no_such_module import helper

        return helper(x)

    with pytest.raises(gs.GradscribeError) as caught:
        gs.grad(function)(1.0)
    assert [one.code for one in caught.value.diagnostics] == ["GS110"]
