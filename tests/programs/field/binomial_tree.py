"""Finance: an American put on a Cox-Ross-Rubinstein tree, rolled back level by level."""

import numpy as np


def american_put(spot, strike, rate, sigma, maturity, steps):
    dt = maturity / steps
    up = np.exp(sigma * np.sqrt(dt))
    down = 1.0 / up
    p = (np.exp(rate * dt) - down) / (up - down)
    discount = np.exp(-rate * dt)

    j = np.arange(steps + 1)
    prices = spot * up ** (steps - j) * down**j
    values = np.maximum(strike - prices, 0.0)
    for level in range(steps - 1, -1, -1):
        prices = prices[:-1] * down
        values = discount * (p * values[:-1] + (1.0 - p) * values[1:])
        values = np.maximum(values, strike - prices)
    return values[0]


def arguments(rng, steps):
    return 100.0, 103.7, 0.05, 0.25, 1.0, steps


PROGRAM = american_put
SIZES = (7, 100)
