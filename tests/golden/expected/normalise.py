import numpy as np


def loss_grad(x, gain, shift):
    """Gradient of `loss` with respect to `x`, `gain`, `shift`.

    For x: float64[:, :], gain: float64[:], shift: float64[:].
    """
    centred = x - x.mean(axis=1, keepdims=True)                            # normalise.py:7
    scale = np.sqrt((centred ** 2).mean(axis=1, keepdims=True) + 1e-06)    # normalise.py:8
    t = gain * centred / scale                                             # normalise.py:9
    t_1 = (t + shift) ** 2                                                 # normalise.py:9
    t_2 = 3.0 * t_1                                                        # normalise.py:9
    d_shift = t_2.sum(axis=0)                                              # normalise.py:9
    t_2 = t_2 / scale                                                      # normalise.py:9
    d_scale = -3.0 * (t_1 * t / scale).sum(axis=1, keepdims=True)          # normalise.py:9
    d_gain = (t_2 * centred).sum(axis=0)                                   # normalise.py:9
    d_centred = gain * t_2 + d_scale / scale / centred.shape[1] * centred  # normalise.py:8
    d_x = d_centred - d_centred.sum(axis=1, keepdims=True) / x.shape[1]    # normalise.py:7
    return d_x, d_gain, d_shift
