import numpy as np


def rosenbrock_grad(x):
    """Gradient of `rosenbrock` with respect to `x`.

    For x: float64[:].
    """
    t = len(x) - 1                                           # rosenbrock.py:8
    t_saved = []                                             # rosenbrock.py:8
    for i in range(t):                                       # rosenbrock.py:8
        t_saved.append(x[i + 1] - x[i] ** 2)                 # rosenbrock.py:9
    d_x = np.zeros_like(x)                                   # rosenbrock.py:8
    for i, t in zip(reversed(range(t)), reversed(t_saved)):  # rosenbrock.py:8
        t_1 = i + 1                                          # rosenbrock.py:9
        x_i = x[i]                                           # rosenbrock.py:9
        d_x[t_1] += 200.0 * t                                # rosenbrock.py:9
        d_x[i] -= 400.0 * t * x_i + 2.0 * (1.0 - x[i])       # rosenbrock.py:9
    return d_x
