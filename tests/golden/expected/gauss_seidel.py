import numpy as np


def residual_grad(u, f, sweeps):
    """Gradient of `residual` with respect to `u`, `f`.

    For u: float64[:], f: float64[:], sweeps: int.
    """
    u = u.copy()                                                               # gauss_seidel.py:7
    u_old_saved_rows, t_saved = [], []                                         # gauss_seidel.py:8
    for _ in range(sweeps):                                                    # gauss_seidel.py:8
        t = len(u) - 1                                                         # gauss_seidel.py:9
        u_old_saved = []                                                       # gauss_seidel.py:9
        for i in range(1, t):                                                  # gauss_seidel.py:9
            u_old = u[i]                                                       # gauss_seidel.py:10
            u_old_saved.append(u_old)                                          # gauss_seidel.py:10
            u[i] = 0.5 * (u[i - 1] * u[i + 1] + f[i])                          # gauss_seidel.py:10
        t_saved.append(t)                                                      # gauss_seidel.py:9
        u_old_saved_rows.append(u_old_saved)                                   # gauss_seidel.py:9
    d_u = 2.0 * u                                                              # gauss_seidel.py:11
    d_f = np.zeros_like(f)                                                     # gauss_seidel.py:8
    for t, u_old_saved in zip(reversed(t_saved), reversed(u_old_saved_rows)):  # gauss_seidel.py:8
        for i, u_old in zip(reversed(range(1, t)), reversed(u_old_saved)):     # gauss_seidel.py:9
            t = i - 1                                                          # gauss_seidel.py:10
            t_1 = i + 1                                                        # gauss_seidel.py:10
            u[i] = u_old                                                       # gauss_seidel.py:10
            d_u_i = d_u[i]                                                     # gauss_seidel.py:10
            d_u[i] = 0.0                                                       # gauss_seidel.py:10
            t_2 = 0.5 * d_u_i                                                  # gauss_seidel.py:10
            d_u[t] += t_2 * u[t_1]                                             # gauss_seidel.py:10
            d_u[t_1] += t_2 * u[t]                                             # gauss_seidel.py:10
            d_f[i] += t_2                                                      # gauss_seidel.py:10
    return d_u, d_f
