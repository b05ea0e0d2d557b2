import numpy as np


def huber_grad(residual, delta):                             # huber.py:4
    """Gradient of `huber` with respect to `residual`, `delta`.

    For residual: float, delta: float.
    """
    size = abs(residual)                                     # huber.py:5
    if size <= delta:                                        # huber.py:8
        d_residual = 1.0 * residual                          # huber.py:7
        d_delta = 0.0                                        # huber.py:8
        d_size = 0.0                                         # huber.py:8
    else:
        d_size = 1.0 * delta                                 # huber.py:8
        d_delta = 1.0 * (size - 0.5 * delta) - 0.5 * d_size  # huber.py:8
        d_residual = 0.0                                     # huber.py:8
    d_residual += d_size * np.sign(residual)                 # huber.py:5
    return float(d_residual), d_delta                        # huber.py:8
