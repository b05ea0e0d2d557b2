import numpy as np
from gradscribe.runtime.unbroadcast import unbroadcast_like
from gradscribe.runtime.windows import sum_windows


def roughness_grad(x, kernel):
    """Gradient of `roughness` with respect to `x`, `kernel`.

    For x: float64[:], kernel: float64[:].
    """
    t = np.lib.stride_tricks.sliding_window_view(x, 3)   # window.py:8
    smooth = t @ kernel                                  # window.py:8
    t_1 = x[1:-1]                                        # window.py:9
    t_2 = smooth - t_1                                   # window.py:9
    d_smooth = unbroadcast_like(2.0 * t_2, smooth)       # window.py:9
    d_kernel = t.T @ d_smooth                            # window.py:8
    d_x = sum_windows(np.outer(d_smooth, kernel), x, 3)  # window.py:8
    d_x[1:-1] += unbroadcast_like(-2.0 * t_2, t_1)       # window.py:9
    return d_x, d_kernel
