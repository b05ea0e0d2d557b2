def heat_grad(u, k, steps):                              # heat.py:6
    """Gradient of `heat` with respect to `u`.

    For u: float64[:], k: float, steps: int.
    """
    u = u.copy()                                         # heat.py:7
    for _ in range(steps):                               # heat.py:8
        u[1:-1] += k * (u[2:] - 2.0 * u[1:-1] + u[:-2])  # heat.py:9
    d_u = 2.0 * u                                        # heat.py:10
    for _ in range(steps):                               # heat.py:8
        t = d_u[1:-1].copy()                             # heat.py:9
        d_u[1:-1] = 0.0                                  # heat.py:9
        t_1 = k * t                                      # heat.py:9
        d_u[:-2] += t_1
        d_u[1:-1] -= 2.0 * t_1
        d_u[2:] += t_1
        d_u[1:-1] += t
    return d_u                                           # heat.py:8
