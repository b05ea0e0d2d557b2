def huber_grad(residual, delta):
    """Gradient of `huber` with respect to `residual`, `delta`.

    For residual: float, delta: float.
    """
    size = abs(residual)                                                             # huber.py:5
    if size <= delta:                                                                # huber.py:6
        d_residual = residual                                                        # huber.py:6
        d_delta = 0.0                                                                # huber.py:6
        d_size = 0.0                                                                 # huber.py:6
    else:
        d_delta = size - delta                                                       # huber.py:8
        d_residual = 0.0                                                             # huber.py:6
        d_size = delta                                                               # huber.py:6
    d_residual += d_size * (1.0 if residual > 0 else -1.0 if residual < 0 else 0.0)  # huber.py:5
    return d_residual, d_delta
