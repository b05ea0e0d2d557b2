import numpy as np


def loss_grad(logits, labels):
    """Gradient of `loss` with respect to `logits`.

    For logits: float64[:, :], labels: int64[:].
    """
    max_logits = np.max(logits, axis=1, keepdims=True)                             # cross_entropy.py:7
    shifted = logits - max_logits                                                  # cross_entropy.py:7
    exp_shifted = np.exp(shifted)                                                  # cross_entropy.py:8
    sum_exp_shifted = np.sum(exp_shifted, axis=1, keepdims=True)                   # cross_entropy.py:8
    log_p = shifted - np.log(sum_exp_shifted)                                      # cross_entropy.py:8
    arange_n = np.arange(len(labels))                                              # cross_entropy.py:9
    d_log_p = np.zeros_like(log_p)                                                 # cross_entropy.py:8
    np.add.at(d_log_p, (arange_n, labels), -1.0 / log_p[arange_n, labels].size)    # cross_entropy.py:9
    d_log_p -= d_log_p.sum(axis=1, keepdims=True) / sum_exp_shifted * exp_shifted  # cross_entropy.py:8
    test = logits == max_logits                                                    # cross_entropy.py:7
    d_log_p += np.where(                                                           # cross_entropy.py:7
        test,
        -d_log_p.sum(axis=1, keepdims=True) / np.count_nonzero(test, axis=1, keepdims=True),
        0.0,
    )
    return d_log_p
