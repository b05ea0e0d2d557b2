import numpy as np


def loss_grad(w, b, x, y):
    """Gradient of `loss` with respect to `w`, `b`.

    For w: float64[:], b: float, x: float64[:, :], y: float64[:].
    """
    z = x @ w + b                                          # logistic.py:7
    t = -y                                                 # logistic.py:8
    d_z = np.exp(-np.logaddexp(0.0, -t * z)) * t / y.size  # logistic.py:8
    d_b = d_z.sum()                                        # logistic.py:7
    d_w = 0.2 * w + x.T @ d_z                              # logistic.py:7
    return d_w, float(d_b)
