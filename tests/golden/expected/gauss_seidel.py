import numpy as np


def residual_grad(u, f, sweeps):
    """Gradient of `residual` with respect to `u`, `f`.

    For u: float64[:], f: float64[:], sweeps: int.
    """
    u = u.copy()                                          # gauss_seidel.py:7
    t_saved, t_saved_saved, t_saved_saved_1 = [], [], []  # gauss_seidel.py:8
    for _ in range(sweeps):                               # gauss_seidel.py:8
        t = len(u) - 1                                    # gauss_seidel.py:9
        t_saved_1, t_saved_2 = [], []                     # gauss_seidel.py:9
        for i in range(1, t):                             # gauss_seidel.py:9
            t_1 = u[i - 1]                                # gauss_seidel.py:10
            t_2 = u[i + 1]                                # gauss_seidel.py:10
            t_saved_1.append(t_2)                         # gauss_seidel.py:10
            t_saved_2.append(t_1)                         # gauss_seidel.py:10
            u[i] = 0.5 * (t_1 * t_2 + f[i])               # gauss_seidel.py:10
        t_saved.append(t)                                 # gauss_seidel.py:9
        t_saved_saved.append(t_saved_1)                   # gauss_seidel.py:9
        t_saved_saved_1.append(t_saved_2)                 # gauss_seidel.py:9
    d_u = 2.0 * u                                         # gauss_seidel.py:11
    d_f = np.zeros_like(f)                                # gauss_seidel.py:8
    for t, t_saved, t_saved_1 in zip(                     # gauss_seidel.py:8
        reversed(t_saved), reversed(t_saved_saved), reversed(t_saved_saved_1)
    ):
        for i, t, t_1 in zip(reversed(range(1, t)), reversed(t_saved), reversed(t_saved_1)):  # gauss_seidel.py:9
            t_2 = i - 1                                   # gauss_seidel.py:10
            d_u_i = d_u[i]                                # gauss_seidel.py:10
            d_u[i] = 0.0                                  # gauss_seidel.py:10
            t_3 = 0.5 * d_u_i                             # gauss_seidel.py:10
            d_u[t_2] += t_3 * t                           # gauss_seidel.py:10
            d_u[i + 1] += t_3 * t_1                       # gauss_seidel.py:10
            d_f[i] += t_3                                 # gauss_seidel.py:10
    return d_u, d_f                                       # gauss_seidel.py:8
