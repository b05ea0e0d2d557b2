"""Medical imaging: registration by a displacement field, bilinear interpolation and a smoothness penalty."""

import numpy as np


def bilinear(image, rows, cols):
    H, W = image.shape
    rows = np.clip(rows, 0.0, H - 1.001)
    cols = np.clip(cols, 0.0, W - 1.001)
    r0 = np.floor(rows).astype(int)
    c0 = np.floor(cols).astype(int)
    fr = rows - r0
    fc = cols - c0
    top = (1 - fc) * image[r0, c0] + fc * image[r0, c0 + 1]
    bottom = (1 - fc) * image[r0 + 1, c0] + fc * image[r0 + 1, c0 + 1]
    return (1 - fr) * top + fr * bottom


def registration(field, moving, fixed, weight):
    H, W = moving.shape
    rr, cc = np.meshgrid(np.arange(H), np.arange(W), indexing="ij")
    warped = bilinear(moving, rr + field[0], cc + field[1])
    similarity = np.mean((warped - fixed) ** 2)
    roughness = 0.0
    for component in field:
        roughness += np.sum(np.diff(component, axis=0) ** 2) + np.sum(np.diff(component, axis=1) ** 2)
    return similarity + weight * roughness


def arguments(rng, n):
    return 0.4 * rng.normal(size=(2, n, n)), rng.normal(size=(n, n)), rng.normal(size=(n, n)), 0.01


PROGRAM = registration
SIZES = (4, 64)
