import numpy as np


def loss_value_and_grad(params, x, y):
    """Value and gradient of `loss` with respect to `params`.

    For params: (float64[:, :], float64[:], float64[:, :], float64[:]), x: float64[:, :], y: float64[:, :].
    """
    (params_0_0, params_0_1), (params_1_0, params_1_1) = params  # network.py:6
    t = x @ params_0_0 + params_0_1                              # network.py:9
    h = np.maximum(t, 0.0)                                       # network.py:9
    t_1 = h @ params_1_0                                         # network.py:11
    t_2 = t_1 + params_1_1 - y                                   # network.py:11
    t_1 = 2.0 * t_2 / t_1.size                                   # network.py:11
    d_params_1_1 = t_1.sum(axis=0)                               # network.py:11
    d_h = t_1 @ params_1_0.T                                     # network.py:11
    d_params_1_0 = h.T @ t_1                                     # network.py:11
    t = d_h * np.heaviside(t, 0.5)                               # network.py:9
    d_params_0_1 = t.sum(axis=0)                                 # network.py:9
    d_params_0_0 = x.T @ t                                       # network.py:9
    return np.mean(t_2 ** 2), [(d_params_0_0, d_params_0_1), (d_params_1_0, d_params_1_1)]  # network.py:11
