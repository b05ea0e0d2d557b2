import numpy as np


def energy_grad(x, k):                                                                   # branches.py:6
    """Gradient of `energy` with respect to `x`, `k`.

    For x: float64[:], k: float.
    """
    n = len(x)                                                                           # branches.py:8
    test_saved, t_saved = [], []                                                         # branches.py:8
    for i in range(n):                                                                   # branches.py:8
        v = x[i]                                                                         # branches.py:9
        test = v > 0.0                                                                   # branches.py:10
        test_saved.append(test)                                                          # branches.py:13
        t_saved.append(v ** 2 if test else None)                                         # branches.py:13
    d_x = np.zeros_like(x)                                                               # branches.py:8
    d_k = 0.0                                                                            # branches.py:8
    for i, test, t in zip(reversed(range(n)), reversed(test_saved), reversed(t_saved)):  # branches.py:8
        v = x[i]                                                                         # branches.py:9
        if test:                                                                         # branches.py:13
            d_k += 1.0 * t                                                               # branches.py:11
            d_v = 2.0 * 1.0 * k * v                                                      # branches.py:11
        else:
            d_v = -1.0 * np.cos(v)                                                       # branches.py:13
        d_x[i] += d_v
        d_k = float(d_k)
    return d_x, d_k                                                                      # branches.py:8
