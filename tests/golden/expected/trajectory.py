import numpy as np
from gradscribe.runtime.unbroadcast import broadcast_like, unbroadcast_like


def mismatch_grad(x, a, target):
    """Gradient of `mismatch` with respect to `x`, `a`.

    For x: float64[:], a: float64[:, :], target: float64[:, :].
    """
    x_saved, x_saved_1, sin_x_saved, t = [], [], [], []     # trajectory.py:8
    x_1 = x                                                 # trajectory.py:8
    for _ in range(len(target)):                            # trajectory.py:8
        sin_x = np.sin(x_1)                                 # trajectory.py:9
        x_saved_1.append(x_1)                               # trajectory.py:9
        x_1 = a @ sin_x                                     # trajectory.py:9
        x_saved.append(x_1)                                 # trajectory.py:9
        sin_x_saved.append(sin_x)                           # trajectory.py:9
        t.append(x_1)                                       # trajectory.py:10
    path = np.stack(t)                                      # trajectory.py:11
    d_path = unbroadcast_like(2.0 * (path - target), path)  # trajectory.py:12
    t = list(d_path)                                        # trajectory.py:8
    d_x = np.zeros_like(x_1)                                # trajectory.py:8
    d_a = np.zeros_like(a)                                  # trajectory.py:8
    for x_1, sin_x, x_2 in zip(reversed(x_saved), reversed(sin_x_saved), reversed(x_saved_1)):  # trajectory.py:8
        t_1 = t.pop()                                       # trajectory.py:10
        d_x_1 = unbroadcast_like(d_x, x_1) + t_1            # trajectory.py:10
        d_a += unbroadcast_like(np.outer(d_x_1, sin_x), a)  # trajectory.py:9
        d_x = broadcast_like(unbroadcast_like(a.T @ d_x_1, sin_x) * np.cos(x_2), d_x)
    d_x = unbroadcast_like(d_x, x)                          # trajectory.py:8
    return d_x, d_a                                         # trajectory.py:8
