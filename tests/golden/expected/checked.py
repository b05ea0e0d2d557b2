def likelihood_grad(returns, decay, start):
    """Gradient of `likelihood` with respect to `decay`, `start`.

    For returns: float64[:], decay: float, start: float.
    """
    if not (0.0 < decay and decay < 1.0):                                         # checked.py:9
        raise ValueError('decay must lie between 0 and 1')                        # checked.py:10
    variance_saved, t_saved = [], []                                              # checked.py:13
    variance = start                                                              # checked.py:13
    for value in returns:                                                         # checked.py:13
        variance_saved.append(variance)                                           # checked.py:14
        variance = decay * variance + (1.0 - decay) * value * value               # checked.py:14
        if variance <= 0.0:                                                       # checked.py:15
            raise ArithmeticError('no variance is left')                          # checked.py:16
        t_saved.append(value * value / variance)                                  # checked.py:17
    d_total = 0.5 / len(returns)                                                  # checked.py:18
    d_variance = 0.0                                                              # checked.py:13
    d_decay = 0.0                                                                 # checked.py:13
    for value, variance_1, t in zip(reversed(returns), reversed(variance_saved), reversed(t_saved)):  # checked.py:13
        variance = decay * variance_1 + (1.0 - decay) * value * value             # checked.py:14
        d_variance = d_variance - d_total * t / variance + d_total / variance     # checked.py:17
        d_decay = d_decay - d_variance * value * value + d_variance * variance_1  # checked.py:14
        d_variance = d_variance * decay                                           # checked.py:14
    return float(d_decay), float(d_variance)
