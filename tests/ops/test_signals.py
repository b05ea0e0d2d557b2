"""Filters and structured systems in whole functions; the table tests check every entry."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import scipy.signal

import gradscribe as gs

X = np.array([0.3, -1.2, 0.7, 2.0, -0.4])


def test_a_filter_is_fitted_by_its_coefficients():
    def loss(p, x):
        y = scipy.signal.lfilter(p[:2], np.array([1.0, 0.0]) + p[2:] * np.array([0.0, 1.0]), x)
        return np.sum(y**2)

    p = np.array([0.5, 0.2, 0.7, -0.3])
    gs.testing.check_grads(loss, (p, X), order=2)


def test_sections_of_a_filter_are_constants():
    sos = scipy.signal.butter(2, 0.3, output="sos")
    gs.testing.check_grads(lambda x: np.sum(scipy.signal.sosfilt(sos, x) ** 2), (X,), order=2)
    for derivative in (
        gs.grad(lambda s: np.sum(scipy.signal.sosfilt(s, X))),
        lambda s: gs.jvp(lambda s: np.sum(scipy.signal.sosfilt(s, X)), (s,), (s,)),
    ):
        with pytest.raises(gs.GradscribeError) as caught:
            derivative(sos)
        assert caught.value.code == "GS203"


def test_banded_systems_to_second_order():
    def loss(d, b):
        zero = np.zeros(1)
        ab = np.stack([np.concatenate((zero, d[1:])), 4.0 + d**2, np.concatenate((d[:-1], zero))])
        return np.sum(scipy.linalg.solve_banded((1, 1), ab, b) ** 3)

    gs.testing.check_grads(loss, (X, X + 1.0), order=2)


def test_the_other_triangle_has_no_part_in_it():
    a = np.tril(np.outer(X, X)) + 3.0 * np.eye(5)
    found = gs.grad(lambda a: np.sum(scipy.linalg.solve_triangular(a, X, lower=True)))(a)
    assert not np.triu(found, 1).any()
    gs.testing.check_grads(
        lambda a, b: np.sum(scipy.linalg.solve_triangular(a, b, trans=1, lower=True) ** 2), (a, X), order=2
    )


def test_convolution_of_images_to_second_order():
    def loss(image, kernel):
        return np.sum(scipy.signal.fftconvolve(image, kernel, mode="same") ** 2)

    gs.testing.check_grads(loss, (np.outer(X, X[:4]), np.outer(X[:3], X[:2])), order=2)


def test_the_angles_of_a_spectrogram_are_refused():
    with pytest.raises(gs.GradscribeError):
        gs.grad(lambda x: np.sum(scipy.signal.spectrogram(x, nperseg=8, mode="angle")[2]))(np.ones(20))
