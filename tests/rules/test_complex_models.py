"""Entries with a model, called with complex numbers: right, or refused; the library's own refusals aside."""

from __future__ import annotations

import numpy as np
import pytest

import gradscribe as gs
from gradscribe.errors import GradscribeError
from tests.rules.test_modelled import CALLS, ENTRIES, Sample

STEP = 1e-5


def is_inexact(value):
    return np.asarray(value).dtype.kind in "fc"


def with_imaginary_parts(value, rng):
    real = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value + 1j * rng.uniform(-0.3, 0.3, value.shape) if real else value


def drawn_like(value, rng):
    """A random direction or cotangent; None for what has none."""
    if not is_inexact(value):
        return None
    drawn = rng.uniform(-1.0, 1.0, np.shape(value))
    if np.iscomplexobj(value):
        drawn = drawn + 1j * rng.uniform(-1.0, 1.0, np.shape(value))
    return drawn if isinstance(value, np.ndarray) else type(value)(drawn)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "text"), CALLS)
def test_complex_operands_are_right_or_refused(name, text):
    sample = Sample(ENTRIES[name], text)
    rng = np.random.default_rng(0)
    args = tuple(with_imaginary_parts(value, rng) for value in sample.values)
    direction = tuple(drawn_like(value, rng) for value in args)

    def at(step):
        moved = [x if d is None else x + step * d for x, d in zip(args, direction, strict=True)]
        return [np.asarray(part) for part in function(*moved)]

    sample.is_complex = True
    function = sample.parts
    try:
        expected = [(one - other) / (2 * STEP) for one, other in zip(at(STEP), at(-STEP), strict=True)]
    except (TypeError, ValueError, np.linalg.LinAlgError):
        return
    try:
        value, tangent = gs.jvp(function, args, direction)
        _, pullback = gs.vjp(function, *args)
    except GradscribeError:
        return
    cts = [drawn_like(part, rng) for part in value]
    pulled = pullback(cts)
    for found, wanted in zip(tangent, expected, strict=True):
        if found is not None:
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-6)
    forward = sum(np.sum(ct * t) for ct, t in zip(cts, tangent, strict=True) if ct is not None)
    reverse = sum(np.sum(np.real(g * d)) for g, d in zip(pulled, direction, strict=True) if d is not None)
    np.testing.assert_allclose(forward, reverse, rtol=1e-8, atol=1e-9)
