import numpy as np


def loss_value_and_grad(params, x, y):
    """Value and gradient of `loss` with respect to `params`.

    For params: (float64[:, :], float64[:], float64[:, :], float64[:]), x: float64[:, :],
    y: float64[:, :].
    """
    (W, b), (W_1, b_1) = params                             # network.py:6
    t = x @ W + b                                           # network.py:9
    h = np.maximum(t, 0.0)                                  # network.py:9
    t_1 = h @ W_1                                           # network.py:11
    t_2 = t_1 + b_1 - y                                     # network.py:11
    t_1 = 2.0 * t_2 / t_1.size                              # network.py:11
    d_b_1 = t_1.sum(axis=0)                                 # network.py:11
    d_h = t_1 @ W_1.T                                       # network.py:11
    d_W_1 = h.T @ t_1                                       # network.py:11
    t = d_h * (0.5 + 0.5 * np.sign(t))                      # network.py:9
    d_b = t.sum(axis=0)                                     # network.py:9
    d_W = x.T @ t                                           # network.py:9
    return np.mean(t_2 ** 2), [(d_W, d_b), (d_W_1, d_b_1)]  # network.py:11
