import numpy as np


def negative_log_likelihood_grad(scale, C, y):
    """Gradient of `negative_log_likelihood` with respect to `scale`.

    For scale: float, C: float64[:, :], y: float64[:].
    """
    K = scale * C                                         # jitter.py:7
    try:
        L = np.linalg.cholesky(K)                         # jitter.py:9
        completed = True                                  # jitter.py:8
    except np.linalg.LinAlgError:
        L = np.linalg.cholesky(K + 0.1 * np.eye(len(y)))  # jitter.py:11
        completed = False                                 # jitter.py:8
    a = np.linalg.solve(L, y)                             # jitter.py:12
    diag_L = np.diag(L)                                   # jitter.py:13
    arange_n = np.arange(diag_L.shape[0])                 # jitter.py:13
    d_L = -np.outer(np.linalg.solve(L.T, a), a)           # jitter.py:12
    d_L[arange_n, arange_n] += 1.0 / diag_L               # jitter.py:13
    if completed:                                         # jitter.py:8
        t = L.T                                           # jitter.py:9
        t_1 = t @ d_L                                     # jitter.py:9
        t = np.linalg.solve(t, np.linalg.solve(t, 0.5 * (np.tril(t_1) + np.tril(t_1, k=-1))).T).T  # jitter.py:9
        d_K = np.tril(t) + np.triu(t, k=1).T              # jitter.py:9
    else:
        t = L.T                                           # jitter.py:11
        t_1 = t @ d_L                                     # jitter.py:11
        t = np.linalg.solve(t, np.linalg.solve(t, 0.5 * (np.tril(t_1) + np.tril(t_1, k=-1))).T).T  # jitter.py:11
        d_K = np.tril(t) + np.triu(t, k=1).T              # jitter.py:11
    d_scale = np.vdot(d_K, C)                             # jitter.py:7
    return float(d_scale)
