import math
import numpy as np


def fit_grad(x, scale):
    """Gradient of `fit` with respect to `x`, `scale`.

    For x: float64[:], scale: float.
    """
    y_saved, completed_saved = [], []                                            # handler.py:10
    cost = 0.0                                                                   # handler.py:10
    t = False                                                                    # handler.py:10
    sin_y_saved = []                                                             # handler.py:10
    trips = 0                                                                    # handler.py:10
    for i in range(len(x)):                                                      # handler.py:10
        try:
            y = math.log(scale * x[i])                                           # handler.py:12
            sin_y = math.sin(y)                                                  # handler.py:13
            cost = cost + sin_y * y                                              # handler.py:13
            completed = True                                                     # handler.py:11
        except ValueError:
            cost = cost + x[i] ** 2                                              # handler.py:15
            completed = False                                                    # handler.py:11
        else:
            y_saved.append(y)                                                    # handler.py:11
            sin_y_saved.append(sin_y)                                            # handler.py:11
        completed_saved.append(completed)                                        # handler.py:11
        if cost > 50.0:                                                          # handler.py:16
            flag = True                                                          # handler.py:16
        else:
            flag = False                                                         # handler.py:16
        trips += 1                                                               # handler.py:10
        t = flag                                                                 # handler.py:10
        if flag:                                                                 # handler.py:10
            break                                                                # handler.py:10
    if t:                                                                        # handler.py:10
        d_cost = 1.0                                                             # handler.py:8
    else:
        d_cost = 1.0 / len(x)                                                    # handler.py:19
    d_x = np.zeros_like(x)                                                       # handler.py:10
    d_scale = 0.0                                                                # handler.py:10
    for i, completed in zip(reversed(range(trips)), reversed(completed_saved)):  # handler.py:10
        if completed:                                                            # handler.py:11
            y = y_saved.pop()                                                    # handler.py:11
            sin_y = sin_y_saved.pop()                                            # handler.py:11
            d_y = d_cost * sin_y + d_cost * y * math.cos(y)                      # handler.py:13
            d_scale += d_y / scale                                               # handler.py:12
            d_x[i] += d_y / x[i]                                                 # handler.py:12
        else:
            d_x[i] += 2.0 * d_cost * x[i]                                        # handler.py:15
    return d_x, float(d_scale)
