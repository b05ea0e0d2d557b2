"""Options that choose what is computed: a declared value is what the library means by it, others are refused."""

from __future__ import annotations

import ast
import zlib

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import UnsupportedOperationError
from gradscribe.ops.composite import is_modelled
from gradscribe.ops.interpolators import OPERATIONS as CLASSES
from gradscribe.ops.options import Kind, in_words, is_listed
from gradscribe.ops.spec import written
from gradscribe.ops.table import resolve, table
from tests.programs.load import load_module
from tests.rules.samples import Namespace
from tests.rules.test_modelled import PROGRAM, Sample

# What takes functions of the user's is called in test_fits.py.
TAKING_FUNCTIONS = {"least_squares"}
OPTIONS = [
    (spec, name) for spec in table().values() for name in spec.options if spec.name not in TAKING_FUNCTIONS
]
MODELLED = [
    (spec, name, value)
    for spec, name in OPTIONS
    if is_modelled(spec)
    for value in spec.options[name]
    if not isinstance(value, Kind)
]
WRONG = ("no such value", 99, None, len)


def arguments(spec, text):
    """What a sample passes."""
    names = Namespace(np.random.default_rng(zlib.crc32(text.encode()))).names()
    args, kwargs = eval(f"(lambda *args, **kwargs: (args, kwargs))({text})", names)
    return spec.parameters.bind(*(getattr(item, "value", item) for item in args), **kwargs)


def flat(value):
    return tuple(value) if isinstance(value, tuple) else (value,)


def id_of(part):
    return part.name if hasattr(part, "spellings") else repr(part)


@pytest.mark.parametrize(("spec", "name", "value"), MODELLED, ids=id_of)
def test_models_compute_what_the_library_does_for_every_declared_value(spec, name, value):
    library, model = resolve(spec.spellings[0].name), spec.form.model
    compared = 0
    for text in spec.samples:
        bound = arguments(spec, text)
        bound.arguments[name] = value
        try:
            expected = library(*bound.args, **bound.kwargs)
        except (TypeError, ValueError):
            # Some options exclude each other.
            continue
        compared += 1
        for one, other in zip(flat(model(*bound.args, **bound.kwargs)), flat(expected), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-10)
    assert compared


@pytest.mark.parametrize(("spec", "name"), OPTIONS, ids=id_of)
def test_other_values_are_refused_by_name(spec, name):
    if spec in CLASSES:
        is_density = spec.name == "gaussian_kde"
        samples = ["a(7)" if is_density else "constant([0.0, 0.6, 1.1, 2.0, 2.7, 3.3]), a(6)"]
    else:
        samples = spec.samples
    values = spec.options[name]
    refused = [wrong for wrong in WRONG if not is_listed(wrong, values)]
    default = spec.parameters.parameters[name].default
    for wrong in refused:
        if wrong is None and default is None:
            continue
        call = with_option(spec, name, wrong, samples[0])
        with pytest.raises(UnsupportedOperationError) as caught:
            gs.vjp(*call)
        (diagnostic,) = caught.value.diagnostics
        shown = getattr(wrong, "__name__", repr(wrong))
        assert diagnostic.code == "GS204"
        assert diagnostic.title == f"`{name}={shown}` of `{written(spec)}` has no derivative rule"
        assert in_words(values) in diagnostic.fix


def with_option(spec, name, value, text):
    """A program that makes a sample call with this option, and its arguments."""
    sample = Sample(spec, text)
    call = ast.parse(f"f({sample.fields['arguments']})", mode="eval").body
    bound = spec.parameters.bind(*call.args, **{keyword.arg: keyword.value for keyword in call.keywords})
    given = [f"{other}={ast.unparse(node)}" for other, node in bound.arguments.items() if other != name]
    shown = getattr(value, "__name__", repr(value))
    fields = {**sample.fields, "arguments": ", ".join([*given, f"{name}={shown}"])}
    return load_module(PROGRAM.format(**fields, real="item")).call, *sample.values


AT_RUN_TIME = """
import scipy.interpolate, scipy.spatial.distance

def chosen(x, flag):
    return scipy.spatial.distance.cdist(x, x[:2] - 1.0, metric="cosine" if flag > 0.0 else "cityblock")

def cosines(x):
    return scipy.spatial.distance.cdist(x, x[:2] - 1.0, metric="cosine")

def slope(x, y, order):
    return scipy.interpolate.Akima1DInterpolator(x, y)(0.7, order)
"""


def test_an_option_that_a_condition_chooses_is_followed_on_both_ways():
    module = load_module(AT_RUN_TIME)
    x = np.random.default_rng(0).uniform(0.2, 1.0, (3, 4))
    ct = np.random.default_rng(1).uniform(-1.0, 1.0, (3, 2))
    found, expected = gs.vjp(module.chosen, x, 1.0)[1](ct)[0], gs.vjp(module.cosines, x)[1](ct)[0]
    np.testing.assert_array_equal(found, expected)
    assert not np.allclose(gs.vjp(module.chosen, x, -1.0)[1](ct)[0], expected)


def test_a_whole_number_that_is_an_argument_becomes_a_fact():
    module = load_module(AT_RUN_TIME)
    x, y = np.linspace(0.0, 2.0, 7), np.sin(np.arange(7.0))
    slopes = [gs.value_and_grad(module.slope, 1)(x, y, order) for order in (0, 1, 2)]
    for order, (value, gradient) in enumerate(slopes):
        assert value == module.slope(x, y, order)
        numeric = [
            (module.slope(x, y + d, order) - module.slope(x, y - d, order)) / 2e-6 for d in 1e-6 * np.eye(7)
        ]
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-6)
    with pytest.raises(UnsupportedOperationError, match="`nu=9` of `scipy.interpolate.Akima1DInterpolator`"):
        gs.grad(module.slope, 1)(x, y, 9)
