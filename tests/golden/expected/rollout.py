import numpy as np


def rollout_grad(theta, x0, n):
    """Gradient of `rollout` with respect to `theta`.

    For theta: float64[:, :], x0: float64[:], n: int.
    """
    h_saved, x_saved = [], []                                                            # rollout.py:8
    x = x0                                                                               # rollout.py:8
    for _ in range(n):                                                                   # rollout.py:8
        h = np.tanh(theta @ x)                                                           # rollout.py:9
        h_saved.append(h)                                                                # rollout.py:9
        x_saved.append(x)                                                                # rollout.py:9
        x = x + 0.01 * h                                                                 # rollout.py:10
    d_x = 2.0 * x                                                                        # rollout.py:11
    t_saved = []                                                                         # rollout.py:8
    for h in reversed(h_saved):                                                          # rollout.py:8
        d_h = 0.01 * d_x                                                                 # rollout.py:10
        t = d_h * (1.0 - h * h)                                                          # rollout.py:9
        t_saved.append(t)                                                                # rollout.py:9
        d_x += theta.T @ t                                                               # rollout.py:9
    t_saved.reverse()                                                                    # rollout.py:8
    return np.array(t_saved).T @ np.array(x_saved) if t_saved else np.zeros_like(theta)  # rollout.py:9
