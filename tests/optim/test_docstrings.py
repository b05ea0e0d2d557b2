"""The examples in the docstrings of gs.optim are executed."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import numpy as np
import pytest

import gradscribe.optim

MODULES = sorted(module.name for module in pkgutil.iter_modules(gradscribe.optim.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(f"gradscribe.optim.{name}")
    found = doctest.testmod(module, extraglobs={"np": np})
    assert found.failed == 0
