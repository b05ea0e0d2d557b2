"""NumPy's functions of one operand, called with Python's and NumPy's numbers: emitted code of every mode runs."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.ops.spec import ConstantAlmostEverywhere, Domain, Refused
from gradscribe.ops.table import table

POINT = 0.6


def takes_a_number(spec):
    """An entry that NumPy evaluates at a number, to a number."""
    name = spec.spellings[0].name
    wanted = spec.backend in (Domain.ELEMENTWISE, Domain.REDUCTION) and len(spec.operands) == 1
    if (
        not wanted
        or not name.startswith("numpy.")
        or isinstance(spec.form, Refused | ConstantAlmostEverywhere)
    ):
        return False
    try:
        with np.errstate(all="ignore"):
            result = getattr(np, name.removeprefix("numpy."))(POINT)
    except (TypeError, ValueError, AttributeError, np.exceptions.AxisError):
        return False
    return np.isrealobj(result) and np.ndim(result) == 0 and np.isfinite(result)


NAMES = sorted(spec.spellings[0].name for spec in table().values() if takes_a_number(spec))


@pytest.fixture(scope="module")
def functions(tmp_path_factory):
    """One function for each name; their source must be found, so it is a file."""
    lines = ["import numpy", "", ""]
    for k, name in enumerate(NAMES):
        lines += [f"def call{k}(x):", f"    return 1.5 * numpy.sum({name}(x) * x)", "", ""]
    path = tmp_path_factory.mktemp("numbers") / "calls_of_numbers.py"
    path.write_text("\n".join(lines))
    spec = importlib.util.spec_from_file_location("calls_of_numbers", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["calls_of_numbers"] = module
    spec.loader.exec_module(module)
    yield {name: getattr(module, f"call{k}") for k, name in enumerate(NAMES)}
    del sys.modules["calls_of_numbers"]


def test_names_are_found():
    assert {"numpy.sum", "numpy.mean", "numpy.sin", "numpy.square", "numpy.max"} <= set(NAMES)


@pytest.mark.parametrize("kind", [float, np.float64], ids=["float", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_derivatives_at_a_number(functions, name, kind):
    function = functions[name]
    gs.testing.check_grads(function, (kind(POINT),), order=2)
