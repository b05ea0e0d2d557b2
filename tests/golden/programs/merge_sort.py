"""A sort in place by a function that calls itself twice on parts of one array."""

import numpy as np


def merge_sort(a, low, high):
    if high - low < 2:
        return
    middle = (low + high) // 2
    merge_sort(a, low, middle)
    merge_sort(a, middle, high)
    left, right = a[low:middle].copy(), a[middle:high].copy()
    i = j = 0
    for k in range(low, high):
        if j == len(right) or (i < len(left) and left[i] <= right[j]):
            a[k] = left[i]
            i += 1
        else:
            a[k] = right[j]
            j += 1


def by_rank(x):
    a = x.copy()
    merge_sort(a, 0, len(a))
    return a**2 @ np.arange(len(a))


def by_hand(x):
    order = np.argsort(x)
    d_x = np.empty_like(x)
    d_x[order] = 2.0 * x[order] * np.arange(len(x))
    return d_x


def arguments(rng):
    return (rng.normal(size=9),)


PROGRAM = by_rank
