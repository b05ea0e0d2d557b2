"""Bioinformatics: smoothed local alignment with affine-free gaps, substitution scores learned as a matrix."""

import numpy as np


def soft_max(values, temperature):
    values = np.array(values)
    top = values.max()
    return top + temperature * np.log(np.exp((values - top) / temperature).sum())


def alignment_score(substitution, gap, query, reference, temperature):
    rows, cols = len(query) + 1, len(reference) + 1
    H = np.zeros((rows, cols))
    for i in range(1, rows):
        for j in range(1, cols):
            H[i, j] = soft_max(
                [
                    0.0,
                    H[i - 1, j - 1] + substitution[query[i - 1], reference[j - 1]],
                    H[i - 1, j] - gap,
                    H[i, j - 1] - gap,
                ],
                temperature,
            )
    flat = H.ravel()
    return soft_max(flat, temperature)


def arguments(rng, n):
    return rng.normal(size=(4, 4)) + 2 * np.eye(4), 0.6, rng.integers(0, 4, n), rng.integers(0, 4, n + 1), 0.5


PROGRAM = alignment_score
SIZES = (4, 15)
