import numpy as np


def energy_grad(x, k):
    """Gradient of `energy` with respect to `x`, `k`.

    For x: float64[:], k: float.
    """
    n = len(x)                      # branches.py:8
    t_saved = []                    # branches.py:8
    for v in x:                     # branches.py:8
        if v > 0.0:                 # branches.py:10
            t_saved.append(v ** 2)  # branches.py:11
    d_x = np.zeros_like(x)          # branches.py:8
    d_k = 0.0                       # branches.py:8
    for i in reversed(range(n)):    # branches.py:8
        v = x[i]                    # branches.py:9
        if v > 0.0:                 # branches.py:10
            t = t_saved.pop()       # branches.py:10
            d_k += t                # branches.py:11
            d_v = 2.0 * k * v       # branches.py:11
        else:
            d_v = -np.cos(v)        # branches.py:13
        d_x[i] += d_v               # branches.py:9
    return d_x, float(d_k)
