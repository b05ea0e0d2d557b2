import numpy as np


def lookup_grad(queries, points, values):
    """Gradient of `lookup` with respect to `values`.

    For queries: float64[:], points: float64[:], values: float64[:].
    """
    i_saved, test_saved, t_saved = [], [], []                                             # lookup.py:8
    for q in queries:                                                                     # lookup.py:8
        i = 0                                                                             # lookup.py:10
        while i < len(points) - 2 and points[i + 1] < q:                                  # lookup.py:10
            i = i + 1                                                                     # lookup.py:11
        test = i > 0 and (not (q > points[-1] or points[i] == points[i + 1]))             # lookup.py:12
        test_saved.append(test)                                                           # lookup.py:12
        i_saved.append(i)                                                                 # lookup.py:12
        if test:                                                                          # lookup.py:12
            slope = (values[i + 1] - values[i]) / (points[i + 1] - points[i])             # lookup.py:13
            t_saved.append(values[i] + slope * (q - points[i]))                           # lookup.py:14
    d_values = np.zeros_like(values)                                                      # lookup.py:8
    for q, test, i_1 in zip(reversed(queries), reversed(test_saved), reversed(i_saved)):  # lookup.py:8
        if test:                                                                          # lookup.py:12
            t = t_saved.pop()                                                             # lookup.py:12
            t = 2.0 * t                                                                   # lookup.py:14
            d_slope = t * (q - points[i_1])                                               # lookup.py:14
            t_1 = d_slope / (points[i_1 + 1] - points[i_1])                               # lookup.py:13
            d_values[i_1 + 1] += t_1                                                      # lookup.py:13
            d_values[i_1] += t - t_1                                                      # lookup.py:14
    return d_values
