"""Every keyword of every NumPy function in the table works, or is refused by its name; nothing lies between."""

from __future__ import annotations

import ast
import inspect
import warnings
import zlib

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from gradscribe.frontend.library_arguments import library_parameters, renamed_parameters
from gradscribe.ops.spec import Refused, SpellingKind, written
from gradscribe.ops.table import table
from tests.rules.numpy_calls import CALLS, X, function_of, keywords_of
from tools.keywords import UNDECLARED, keywords

SPELLED = {
    spelling: spec
    for spec in reversed(table().values())
    for spelling in spec.spellings
    if spelling.kind is SpellingKind.METHOD or spelling.name.startswith("numpy.")
}
KEYWORDS = [
    (spec, spelling, name, reason)
    for spelling, spec in SPELLED.items()
    for name, reason in keywords(spec, spelling).items()
]
ONE_EACH = list(
    {keywords_of(call)[0]: call for call in CALLS if "out=" not in call and "dtype" not in call}.values()
)
"""For each function, its last call."""

# Handled alike for all functions, and tested with writes to arrays. Draws are tested in test_random_draws.py.
EVERYWHERE = {"out"}
REFUSED = [(spec, spelling, name) for spec, spelling, name, reason in KEYWORDS if reason is not None]


def leaves(value):
    """The arrays and numbers of nested tuples and lists."""
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in leaves(item)]
    return [] if value is None else [value]


def is_inexact(value):
    return np.asarray(value).dtype.kind in "fc"


def cotangent_of(value, rng):
    """A random cotangent of the kind of a value; None for ints and bools."""
    if isinstance(value, tuple | list):
        parts = [cotangent_of(item, rng) for item in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if value is None or not is_inexact(value):
        return None
    drawn = rng.uniform(-1.0, 1.0, np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.uniform(-1.0, 1.0, np.shape(value))
    return drawn.astype(value.dtype) if isinstance(value, np.ndarray) else type(value)(drawn)


def inner(value, ct):
    pairs = zip([leaf for leaf in leaves(value) if is_inexact(leaf)], leaves(ct), strict=True)
    return float(sum(np.sum(np.asarray(a) * np.asarray(b)).real for a, b in pairs))


def slope(function, h):
    """The derivative at 0, by central differences extrapolated twice."""
    coarse, fine, finest = ((function(s) - function(-s)) / (2 * s) for s in (h, h / 2, h / 4))
    once, again = (4 * fine - coarse) / 3, (4 * finest - fine) / 3
    return (16 * again - once) / 15


@pytest.mark.parametrize("call", CALLS)
def test_calls_have_the_value_of_numpy_and_the_right_derivatives(call, tmp_path):
    f = function_of(call, tmp_path / "call.py")
    rng = np.random.default_rng(zlib.crc32(call.encode()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        expected = f(X.copy())
        value, pullback = gs.vjp(f, X)
        for found, wanted in zip(leaves(value), leaves(expected), strict=True):
            assert np.asarray(found).dtype == np.asarray(wanted).dtype
            np.testing.assert_array_equal(found, wanted)
        if not any(map(is_inexact, leaves(expected))):
            return
        ct, direction = cotangent_of(value, rng), rng.uniform(-1.0, 1.0, X.shape)
        (gradient,) = pullback(ct)
        assert gradient.dtype == X.dtype
        assert gradient.shape == X.shape
        tangent = gs.jvp(f, (X,), (direction,))[1]
        is_single = any(np.asarray(leaf).dtype in (np.float32, np.complex64) for leaf in leaves(expected))
        is_single = is_single or "float32" in call
        step, tolerance = (3e-2, 3e-3) if is_single else (4e-4, 2e-6)
        numeric = slope(lambda h: inner(f(X + h * direction), ct), step)
    close = {"rtol": tolerance, "atol": tolerance}
    assert np.isclose(np.sum(gradient * direction), numeric, **close)
    assert np.isclose(inner(tangent, ct), numeric, **close)


@pytest.mark.parametrize("call", ONE_EACH)
def test_float32_arguments_have_float32_gradients(call, tmp_path):
    f = function_of(call, tmp_path / "call.py")
    x = X.astype(np.float32)
    rng = np.random.default_rng(zlib.crc32(call.encode()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        expected = f(x.copy())
        value, pullback = gs.vjp(f, x)
        for found, wanted in zip(leaves(value), leaves(expected), strict=True):
            assert np.asarray(found).dtype == np.asarray(wanted).dtype
            np.testing.assert_array_equal(found, wanted)
        if not any(map(is_inexact, leaves(expected))):
            return
        ct, direction = cotangent_of(value, rng), rng.uniform(-1.0, 1.0, X.shape).astype(np.float32)
        (gradient,) = pullback(ct)
        tangent = gs.jvp(f, (x,), (direction,))[1]
    assert gradient.dtype == np.float32
    assert gradient.shape == x.shape
    assert np.isclose(np.sum(gradient * direction), inner(tangent, ct), rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("call", ONE_EACH)
def test_second_derivatives_agree_with_differences_of_first_ones(call, tmp_path):
    f = function_of(call, tmp_path / "call.py")
    result = f(X.copy())
    if not isinstance(result, np.ndarray | np.floating) or result.dtype != np.float64 or "float32" in call:
        return
    rng = np.random.default_rng(zlib.crc32(call.encode()))
    ct, direction = rng.uniform(-1.0, 1.0, np.shape(result)), rng.uniform(-1.0, 1.0, X.shape)

    def loss(x):
        return np.sum((np.real(f(x)) * ct) ** 2)

    second = gs.hvp(loss, (X,), (direction,))
    first = gs.grad(loss)
    numeric = slope(lambda h: first(X + h * direction), 4e-4)
    np.testing.assert_allclose(second, numeric, rtol=1e-5, atol=1e-5)


def test_every_keyword_is_thought_of():
    """A keyword of a new version of NumPy, or of a new entry, works or has a reason."""
    missing = [(spelling.name, name) for _, spelling, name, reason in KEYWORDS if reason == UNDECLARED]
    assert missing == [], missing


@pytest.mark.parametrize(("spec", "spelling", "name"), REFUSED, ids=lambda part: getattr(part, "name", part))
def test_refused_keywords_are_refused_by_name(spec, spelling, name, tmp_path):
    called = f"x.{spelling.name}(" if spelling.kind is SpellingKind.METHOD else f"{spelling.name}(x, "
    path = tmp_path / "call.py"
    f = function_of(f"{called}{name}=w2)".replace("numpy.", "np."), path)
    with pytest.raises(GradscribeError) as caught:
        gs.vjp(f, X)
    text = str(caught.value)
    assert f"`{name}`" in text, text
    assert written(spec, spelling) in text, text


def entries_of(spec):
    """The entries that answer one after the other for a function."""
    found = [spec]
    while found[-1].otherwise:
        found.append(table()[found[-1].otherwise])
    return {entry.name for entry in found}


def called_with():
    """(entry, keyword) of every call that is tested here or with the entry itself."""
    for call in CALLS:
        spelled, given = keywords_of(call)
        spelling = next((s for s in SPELLED if spelled in (written(SPELLED[s], s), f"x.{s.name}")), None)
        if spelling is not None:
            for name in entries_of(SPELLED[spelling]):
                yield from ((name, keyword) for keyword in given)
    for spec in table().values():
        for sample in spec.samples:
            arguments = ast.parse(f"f({sample})", mode="eval").body
            bound = spec.parameters.bind(*arguments.args, **{k.arg: k.value for k in arguments.keywords})
            yield from ((spec.name, name) for name in bound.arguments)


def test_every_keyword_that_works_is_tested():
    tested = set(called_with())
    missing = []
    for spec, spelling, name, reason in KEYWORDS:
        parameters = library_parameters(spelling)
        word = renamed_parameters(parameters, spec).get(name, name)
        is_refused = isinstance(spec.form, Refused) and spec.written is None
        if reason is not None or is_refused or name in EVERYWHERE or spelling.name.startswith("numpy.random"):
            continue
        is_operand = parameters[name].default is inspect.Parameter.empty or (word,) == spec.operands[:1]
        if not is_operand and not any(
            (entry, known) in tested for entry in entries_of(spec) for known in (word, name)
        ):
            missing.append((spelling.name, name))
    assert missing == [], missing
