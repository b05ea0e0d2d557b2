import numpy as np
from gradscribe.runtime.unbroadcast import unbroadcast_like


def mismatch_grad(x, a, target):
    """Gradient of `mismatch` with respect to `x`, `a`.

    For x: float64[:], a: float64[:, :], target: float64[:, :].
    """
    x_saved, sin_x_saved, states = [], [], []               # trajectory.py:8
    x_1 = x                                                 # trajectory.py:8
    for _ in range(len(target)):                            # trajectory.py:8
        sin_x = np.sin(x_1)                                 # trajectory.py:9
        sin_x_saved.append(sin_x)                           # trajectory.py:9
        x_saved.append(x_1)                                 # trajectory.py:9
        x_1 = a @ sin_x                                     # trajectory.py:9
        states.append(x_1)                                  # trajectory.py:10
    path = np.stack(states)                                 # trajectory.py:11
    d_path = unbroadcast_like(2.0 * (path - target), path)  # trajectory.py:12
    d_states = list(d_path)                                 # trajectory.py:11
    d_x_saved = []                                          # trajectory.py:8
    d_x = np.zeros_like(x)                                  # trajectory.py:8
    for x in reversed(x_saved):                             # trajectory.py:8
        t = d_states.pop()                                  # trajectory.py:10
        d_x += t                                            # trajectory.py:10
        d_x_saved.append(d_x)                               # trajectory.py:10
        d_x = a.T @ d_x * np.cos(x)                         # trajectory.py:9
    d_x_saved.reverse()                                     # trajectory.py:8
    d_a = np.array(d_x_saved).T @ np.array(sin_x_saved) if d_x_saved else np.zeros_like(a)  # trajectory.py:9
    return d_x, d_a
