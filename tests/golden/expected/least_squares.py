def loss_grad(w, x, y):
    """Gradient of `loss` with respect to `w`.

    For w: float64[:], x: float64[:, :], y: float64[:].
    """
    r = x @ w - y           # least_squares.py:7
    d_r = 2.0 * r / r.size  # least_squares.py:8
    return x.T @ d_r        # least_squares.py:7
