"""Artificial life: a neural cellular automaton, perception by shifted differences and a shared update network."""

import numpy as np


def perceive(grid):
    left = np.roll(grid, 1, axis=1)
    right = np.roll(grid, -1, axis=1)
    above = np.roll(grid, 1, axis=0)
    below = np.roll(grid, -1, axis=0)
    laplacian = left + right + above + below - 4 * grid
    return np.concatenate([grid, right - left, below - above, laplacian], axis=-1)


def step(grid, W1, b1, W2):
    hidden = np.maximum(perceive(grid) @ W1 + b1, 0)
    grid = grid + hidden @ W2
    alive = grid[..., :1] > 0.1
    return grid * alive


def growth_loss(W1, b1, W2, seed, target, steps):
    grid = seed
    for _ in range(steps):
        grid = step(grid, W1, b1, W2)
    return np.mean((grid[..., :1] - target) ** 2)


def arguments(rng, n):
    seed = rng.uniform(0.2, 1.0, size=(n, n, 2))
    return (
        0.3 * rng.normal(size=(8, 5)),
        0.1 * rng.normal(size=5),
        0.3 * rng.normal(size=(5, 2)),
        seed,
        rng.uniform(size=(n, n, 1)),
        4,
    )


PROGRAM = growth_loss
SIZES = (3, 24)
