"""Images, distances and quadrature in whole functions; the table tests check every entry."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate
import scipy.ndimage
import scipy.spatial.distance

import gradscribe as gs

X = np.array([0.3, -1.2, 0.7, 2.0, -0.4])
IMAGE = np.outer(X, X[:4]) + X[:, None]


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum(scipy.ndimage.gaussian_filter(x, 0.9) ** 2),
        lambda x: np.sum(scipy.ndimage.convolve(x, x[:3, :2], mode="mirror") ** 2),
        lambda x: np.sum(scipy.spatial.distance.cdist(x, x[:2] + 1.0) ** 2),
        lambda x: np.sum(np.exp(-scipy.spatial.distance.pdist(x, "sqeuclidean"))),
        lambda x: np.sum(scipy.integrate.simpson(x, dx=0.1, axis=0) ** 2),
        lambda x: np.sum(scipy.integrate.cumulative_trapezoid(x, axis=0, initial=0) ** 2),
        lambda x: np.sum(
            scipy.ndimage.map_coordinates(x, np.stack([1.4 + x[0] / 9.0, 1.3 + x[1] / 9.0]), order=1) ** 2
        ),
    ],
)
def test_derivatives_in_both_modes_and_to_second_order(function):
    gs.testing.check_grads(function, (IMAGE,), order=2)


NEIGHBOURS = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 1.0]])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"metric": "minkowski", "p": 1.5},
        {"metric": "minkowski", "p": 3.0, "w": np.array([0.5, 2.0])},
        {"metric": "mahalanobis", "VI": np.array([[2.0, 0.3], [0.3, 1.0]])},
        {"metric": "seuclidean", "V": np.array([0.5, 2.0])},
    ],
)
def test_a_distance_of_zero_has_the_derivative_of_a_norm(options):
    def total(points):
        return np.sum(scipy.spatial.distance.pdist(points, **options))

    def apart(points):
        """The sum without the distance of zero."""
        return np.sum(scipy.spatial.distance.pdist(points, **options)[1:])

    np.testing.assert_array_equal(gs.grad(total)(NEIGHBOURS), gs.grad(apart)(NEIGHBOURS))
    assert gs.jvp(total, (NEIGHBOURS,), (NEIGHBOURS,))[1] == gs.jvp(apart, (NEIGHBOURS,), (NEIGHBOURS,))[1]


def test_equal_distributions_have_the_derivative_of_a_norm():
    p = np.array([0.2, 0.3, 0.5])
    found = gs.grad(lambda q: scipy.spatial.distance.jensenshannon(q, p))(p)
    np.testing.assert_array_equal(found, np.zeros(3))


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum(scipy.ndimage.map_coordinates(x, np.ones((2, 3)), order=4)),
        lambda x: np.sum(scipy.ndimage.gaussian_filter(x, 1.0, mode="mirrored")),
        lambda x: np.sum(scipy.spatial.distance.cdist(x, x, "russellrao")),
        lambda x: np.sum(scipy.spatial.distance.pdist(x, "jensenshannon")),
    ],
)
def test_what_is_not_supported_is_refused(function):
    with pytest.raises(gs.GradscribeError) as caught:
        gs.grad(function)(IMAGE)
    assert caught.value.code in ("GS202", "GS203", "GS204")


def registration(shift, image, order, mode):
    moved = scipy.ndimage.shift(image, shift, order=order, mode=mode)
    return np.sum((moved - np.roll(image, 1, 0)) ** 2)


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("mode", ["nearest", "mirror", "grid-wrap", "grid-constant"])
def test_images_are_moved_smoothly_from_where_they_are(order, mode):
    image = np.random.default_rng(0).normal(size=(12, 11))
    gs.testing.check_grads(lambda s: registration(s, image, order, mode), (np.zeros(2),), order=2, rtol=1e-4)


def test_at_a_pixel_a_linear_image_has_the_slope_of_the_cell_that_begins_there():
    image = np.random.default_rng(0).normal(size=7)

    def read(place):
        return scipy.ndimage.map_coordinates(image, place[None], order=1, mode="mirror")[0]

    for k in range(6):
        assert gs.grad(read)(np.array([float(k)])) == pytest.approx(image[k + 1] - image[k])


def test_the_width_of_a_blur_has_a_derivative():
    image = np.random.default_rng(0).normal(size=(8, 9))

    def sharpness(sigma):
        return np.sum(scipy.ndimage.gaussian_filter(image, sigma) ** 2)

    gs.testing.check_grads(sharpness, (1.3,), order=2)
