import numpy as np


def by_rank_grad(x):
    """Gradient of `by_rank` with respect to `x`.

    For x: float64[:].
    """
    a = x.copy()                                    # merge_sort.py:24
    n = len(a)                                      # merge_sort.py:25
    a, residuals = merge_sort_forward(a, 0, n)      # merge_sort.py:25
    d_a = 2.0 * np.arange(len(a)) * a               # merge_sort.py:26
    d_a = merge_sort_reverse(residuals, 0, n, d_a)  # merge_sort.py:25
    return d_a


def merge_sort_forward(a, low, high):
    """`merge_sort`, also returning what its derivative needs.

    For a: float64[:], low: int, high: int.
    """
    if high - low < 2:                                                                  # merge_sort.py:7
        right = left = test_saved = i_saved = j_saved = residuals = residuals_1 = None  # merge_sort.py:7
    else:
        middle = (low + high) // 2                                                      # merge_sort.py:9
        a, residuals_1 = merge_sort_forward(a, low, middle)                             # merge_sort.py:10
        a, residuals = merge_sort_forward(a, middle, high)                              # merge_sort.py:11
        left = a[low:middle].copy()                                                     # merge_sort.py:12
        right = a[middle:high].copy()                                                   # merge_sort.py:12
        i_saved, j_saved, test_saved = [], [], []                                       # merge_sort.py:14
        i = 0                                                                           # merge_sort.py:14
        j = 0                                                                           # merge_sort.py:14
        for k in range(low, high):                                                      # merge_sort.py:14
            test = j == len(right) or (i < len(left) and left[i] <= right[j])           # merge_sort.py:15
            test_saved.append(test)                                                     # merge_sort.py:15
            i_saved.append(i)                                                           # merge_sort.py:15
            j_saved.append(j)                                                           # merge_sort.py:15
            if test:                                                                    # merge_sort.py:15
                a[k] = left[i]                                                          # merge_sort.py:16
                i = i + 1                                                               # merge_sort.py:17
            else:
                a[k] = right[j]                                                         # merge_sort.py:19
                j = j + 1                                                               # merge_sort.py:20
    residuals = right, left, test_saved, i_saved, j_saved, residuals, residuals_1
    return a, residuals


def merge_sort_reverse(residuals, low, high, d_a):
    """Pull the cotangent of `merge_sort` back to its arguments.

    For residuals: tuple, low: int, high: int, d_a: float64[:].
    """
    right, left, test_saved, i_saved, j_saved, residuals, residuals_1 = residuals  # merge_sort.py:6
    if not high - low < 2:                                                         # merge_sort.py:7
        middle = (low + high) // 2                                                 # merge_sort.py:9
        d_right = np.zeros_like(right)                                             # merge_sort.py:14
        d_left = np.zeros_like(left)                                               # merge_sort.py:14
        for k, t, i, j in zip(                                                     # merge_sort.py:14
            reversed(range(low, high)), reversed(test_saved), reversed(i_saved), reversed(j_saved)
        ):
            if t:                                                                  # merge_sort.py:15
                d_a_k = d_a[k]                                                     # merge_sort.py:16
                d_a[k] = 0.0                                                       # merge_sort.py:16
                d_left[i] += d_a_k                                                 # merge_sort.py:16
            else:
                d_a_k = d_a[k]                                                     # merge_sort.py:19
                d_a[k] = 0.0                                                       # merge_sort.py:19
                d_right[j] += d_a_k                                                # merge_sort.py:19
        d_a[low:middle] += d_left                                                  # merge_sort.py:12
        d_a[middle:high] += d_right                                                # merge_sort.py:12
        d_a = merge_sort_reverse(residuals, middle, high, d_a)                     # merge_sort.py:11
        d_a = merge_sort_reverse(residuals_1, low, middle, d_a)                    # merge_sort.py:10
    return d_a
