"""Filters that take one pixel of a window: the models are SciPy's filters, the derivatives those of the pixel."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal

import gradscribe as gs
from gradscribe.ops.written import rank_filters as model
from gradscribe.ops.written.images import NAMES

IMAGE = np.random.default_rng(3).permutation(35).reshape(5, 7) + 0.25
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 0, 1]], bool)
FILTERS = {
    "minimum_filter": (),
    "maximum_filter": (),
    "median_filter": (),
    "rank_filter": (-2,),
    "percentile_filter": (35.0,),
}
SHAPES = [{"size": 3}, {"size": (2, 4)}, {"footprint": CROSS}, {"footprint": CROSS[:2]}]


@pytest.mark.parametrize("mode", NAMES)
@pytest.mark.parametrize("name", FILTERS)
def test_models_are_the_filters(name, mode):
    for shape, origin in itertools.product(SHAPES, (0, (-1, 0), (0, 1))):
        sizes = shape["footprint"].shape if "footprint" in shape else shape["size"]
        if sizes == (2, 3) and origin == (0, 1):
            continue
        options = {**shape, "mode": mode, "cval": 11.5, "origin": origin}
        expected = getattr(scipy.ndimage, name)(IMAGE, *FILTERS[name], **options)
        np.testing.assert_array_equal(getattr(model, name)(IMAGE, *FILTERS[name], **options), expected)


@pytest.mark.parametrize("percentile", [0, 10.0, 50, 99.9, 100, -30.0])
def test_percentiles(percentile):
    expected = scipy.ndimage.percentile_filter(IMAGE, percentile, 3)
    np.testing.assert_array_equal(model.percentile_filter(IMAGE, percentile, 3), expected)


@pytest.mark.parametrize("size", [1, 2, 3, 5])
@pytest.mark.parametrize("axis", [0, -1])
def test_models_along_an_axis(size, axis):
    for name, mode in itertools.product(("minimum_filter1d", "maximum_filter1d"), ("reflect", "constant")):
        expected = getattr(scipy.ndimage, name)(IMAGE, size, axis, mode=mode, cval=9.0)
        np.testing.assert_array_equal(getattr(model, name)(IMAGE, size, axis, mode, 9.0), expected)


PROGRAMS = [
    lambda x: np.sum(np.sin(scipy.ndimage.median_filter(x, 3)) * x),
    lambda x: np.sum(scipy.ndimage.maximum_filter(x, footprint=CROSS, mode="wrap") ** 2),
    lambda x: np.sum(scipy.ndimage.minimum_filter(x, size=(3, 2), mode="constant", cval=8.0) * x),
    lambda x: np.sum(scipy.ndimage.rank_filter(x, 1, size=2, origin=-1) ** 3),
    lambda x: np.sum(scipy.ndimage.percentile_filter(x, 70, 3, mode="mirror") * x),
    lambda x: np.sum(scipy.signal.medfilt(x, (3, 5)) * x),
    lambda x: np.sum(scipy.ndimage.maximum_filter1d(x, 3, 0) - scipy.ndimage.minimum_filter1d(x, 3)),
]


@pytest.mark.parametrize("function", PROGRAMS)
def test_derivatives(function):
    gs.testing.check_grads(function, (IMAGE,), order=2)
    value, _ = gs.value_and_grad(function)(IMAGE)
    assert value == function(IMAGE)


def test_equal_pixels_and_single_precision():
    ones = np.ones((3, 4))
    for name in ("maximum_filter", "median_filter"):
        pixels = getattr(scipy.ndimage, name)
        assert np.isclose(np.sum(gs.grad(lambda x, pixels=pixels: np.sum(pixels(x, 3)))(ones)), 12.0)
    single = IMAGE.astype(np.float32)
    value, moved = gs.jvp(lambda x: scipy.ndimage.median_filter(x, 3), (single,), (single,))
    assert value.dtype == moved.dtype == np.float32
    np.testing.assert_array_equal(value, moved)
