"""Images that are scaled and turned, also by right angles, against differences."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage

import gradscribe as gs
from tests.references import difference

IMAGE = np.random.default_rng(0).normal(size=(5, 6))
WEIGHTS = np.random.default_rng(1).normal(size=(20, 20))
WAYS = [(1, "constant"), (3, "constant"), (3, "nearest"), (1, "mirror"), (2, "reflect")]


def weighed(image):
    rows, columns = image.shape
    return np.sum(WEIGHTS[:rows, :columns] * image * image)


@pytest.mark.parametrize(("order", "mode"), WAYS)
@pytest.mark.parametrize("angle", [0.0, 20.0, 90.0, 135.0, -33.0, 180.0])
@pytest.mark.parametrize("reshape", [True, False])
def test_turns(angle, reshape, order, mode):
    def turned(x):
        return weighed(scipy.ndimage.rotate(x, angle, reshape=reshape, order=order, mode=mode))

    value, gradient = gs.value_and_grad(turned)(IMAGE)
    assert value == turned(IMAGE)
    direction = np.cos(np.arange(30.0)).reshape(5, 6)
    assert np.isclose(
        np.sum(gradient * direction), difference(lambda h: turned(IMAGE + h * direction)), rtol=1e-8
    )


@pytest.mark.parametrize("reshape", [True, False])
@pytest.mark.parametrize("angle", [20.0, 135.0, -33.0])
def test_turns_by_the_angle(angle, reshape):
    def turned(angle):
        return weighed(scipy.ndimage.rotate(IMAGE, angle, reshape=reshape, mode="nearest"))

    assert np.isclose(gs.grad(turned)(angle), difference(lambda h: turned(angle + h)), rtol=1e-5)


@pytest.mark.parametrize(("order", "mode"), WAYS)
@pytest.mark.parametrize("factor", [2.0, 0.5, 1.3, (2, 0.5), 1.0, (0.2, 3.0)])
def test_scales(factor, order, mode):
    def scaled(x):
        return weighed(scipy.ndimage.zoom(x, factor, order=order, mode=mode))

    value, gradient = gs.value_and_grad(scaled)(IMAGE)
    assert value == scaled(IMAGE)
    direction = np.cos(np.arange(30.0)).reshape(5, 6)
    assert np.isclose(
        np.sum(gradient * direction), difference(lambda h: scaled(IMAGE + h * direction)), rtol=1e-8
    )


def test_the_nearest_pixel_is_refused():
    with pytest.raises(gs.GradscribeError, match="order"):
        gs.grad(lambda x: np.sum(scipy.ndimage.rotate(x, 20.0, order=0)))(IMAGE)
