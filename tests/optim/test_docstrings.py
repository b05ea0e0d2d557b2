"""The examples in the docstrings of gs.optim are executed."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import gradscribe.optim


class Finder(doctest.DocTestFinder):
    """Finds the examples of decorated functions, too, whose globals are those of the decorator."""

    def _from_module(self, module, found):
        return getattr(found, "__module__", None) == module.__name__


MODULES = sorted(module.name for module in pkgutil.iter_modules(gradscribe.optim.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(f"gradscribe.optim.{name}")
    tests = Finder().find(module, extraglobs={"np": np})
    runner = doctest.DocTestRunner()
    for test in tests:
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0


def test_examples_of_decorated_functions_are_found():
    module = importlib.import_module("gradscribe.optim.adam")
    found = {test.name for test in Finder().find(module) if test.examples}
    assert {"gradscribe.optim.adam.adam", "gradscribe.optim.adam.scale_by_adam"} <= found
