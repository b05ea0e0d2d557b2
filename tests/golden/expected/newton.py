def root_grad(a):
    """Gradient of `root` with respect to `a`.

    For a: float.
    """
    x_saved, t_saved = [], []                               # newton.py:6
    x = a                                                   # newton.py:6
    while abs(x * x - a) > 1e-12 * a:                       # newton.py:6
        t = a / x                                           # newton.py:7
        x_saved.append(x)                                   # newton.py:7
        t_saved.append(t)                                   # newton.py:7
        x = 0.5 * (x + t)                                   # newton.py:7
    d_x = 1.0                                               # newton.py:6
    d_a = 0.0                                               # newton.py:6
    for x, t in zip(reversed(x_saved), reversed(t_saved)):  # newton.py:6
        t_1 = 0.5 * d_x                                     # newton.py:7
        d_a += t_1 / x                                      # newton.py:7
        d_x = t_1 - t_1 * t / x                             # newton.py:7
    return d_a + d_x                                        # newton.py:6
