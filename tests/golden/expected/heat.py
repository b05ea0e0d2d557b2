def heat_grad(u, k, steps):
    """Gradient of `heat` with respect to `u`.

    For u: float64[:], k: float, steps: int.
    """
    u = u.copy()                                         # heat.py:7
    for _ in range(steps):                               # heat.py:8
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])  # heat.py:9
    d_u = 2.0 * u                                        # heat.py:10
    for _ in range(steps):                               # heat.py:8
        t = k * d_u[1:-1]                                # heat.py:9
        d_u[2:] += t                                     # heat.py:9
        d_u[1:-1] -= 2.0 * t                             # heat.py:9
        d_u[:-2] += t                                    # heat.py:9
    return d_u
