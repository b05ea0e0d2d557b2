"""Optics: phase retrieval; squared error of diffraction magnitudes of an object seen through masks."""

import numpy as np


def diffraction_error(phase, amplitude, masks, intensities):
    field = amplitude * np.exp(1j * phase)
    error = 0.0
    for mask, measured in zip(masks, intensities):
        spectrum = np.fft.fft2(mask * field) / np.sqrt(field.size)
        modelled = np.abs(spectrum) ** 2
        error += np.sum((modelled - measured) ** 2)
    return error / masks.shape[0]


def objective(phase, amplitude, masks, intensities, weight):
    smooth = np.sum(np.abs(np.exp(1j * np.diff(phase, axis=0)) - 1) ** 2)
    return diffraction_error(phase, amplitude, masks, intensities) + weight * smooth


def arguments(rng, n):
    return (
        rng.normal(size=(n, n)),
        rng.uniform(0.5, 1.5, (n, n)),
        rng.uniform(0, 1, (2, n, n)),
        rng.uniform(size=(2, n, n)),
        0.1,
    )


PROGRAM = objective
SIZES = (3, 64)
