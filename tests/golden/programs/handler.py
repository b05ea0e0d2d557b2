"""`try` in a loop, and the `else` of a loop: what the body saves is saved where it completed."""

import math

import numpy as np


def fit(x, scale):
    cost = 0.0
    for i in range(len(x)):
        try:
            y = math.log(scale * x[i])
            cost = cost + math.sin(y) * y
        except ValueError:
            cost = cost + x[i] ** 2
        if cost > 50.0:
            break
    else:
        cost = cost / len(x)
    return cost


def by_hand(x, scale):
    d_x = np.zeros_like(x)
    d_scale = 0.0
    for i in range(len(x)):
        if scale * x[i] > 0.0:
            y = math.log(scale * x[i])
            d_y = (math.sin(y) + y * math.cos(y)) / len(x)
            d_x[i] = d_y / x[i]
            d_scale += d_y / scale
        else:
            d_x[i] = 2.0 * x[i] / len(x)
    return d_x, d_scale


def arguments(rng):
    return rng.normal(size=8) + 0.3, 1.3


PROGRAM, ARGNUMS = fit, (0, 1)
