"""Conditions whose right side is computed only where Python would: a search in a table, then a line."""

import numpy as np


def lookup(queries, points, values):
    total = 0.0
    for q in queries:
        i = 0
        while i < len(points) - 2 and points[i + 1] < q:
            i += 1
        if i > 0 and not (q > points[-1] or points[i] == points[i + 1]):
            slope = (values[i + 1] - values[i]) / (points[i + 1] - points[i])
            total += (values[i] + slope * (q - points[i])) ** 2
    return total


def by_hand(queries, points, values):
    d_values = np.zeros_like(values)
    for q in queries:
        i = 0
        while i < len(points) - 2 and points[i + 1] < q:
            i += 1
        if i > 0 and not (q > points[-1] or points[i] == points[i + 1]):
            weight = (q - points[i]) / (points[i + 1] - points[i])
            d_line = 2.0 * (values[i] + weight * (values[i + 1] - values[i]))
            d_values[i] += d_line * (1.0 - weight)
            d_values[i + 1] += d_line * weight
    return d_values


def arguments(rng):
    return rng.uniform(size=6), np.sort(rng.uniform(size=5)), rng.normal(size=5)


PROGRAM, ARGNUMS = lookup, 2
