import numpy as np
from gradscribe.runtime.lists import zeros_like


def alignment_grad(x, y, gap):
    """Gradient of `alignment` with respect to `x`, `y`, `gap`.

    For x: float64[:], y: float64[:], gap: float.
    """
    n = len(x)                                                                      # table.py:7
    m = len(y)                                                                      # table.py:7
    t = n + 1                                                                       # table.py:8
    table = [[0.0 for _ in range(m + 1)] for _ in range(t)]                         # table.py:8
    match_saved_rows, t_saved_rows, t_saved_rows_1 = [], [], []                     # table.py:9
    maximum_match_saved_rows, t_saved_rows_2 = [], []                               # table.py:9
    for i in range(1, n + 1):                                                       # table.py:9
        match_saved, t_saved, t_saved_1, maximum_match_saved = [], [], [], []       # table.py:10
        t_saved_2 = []                                                              # table.py:10
        for j in range(1, m + 1):                                                   # table.py:10
            match_1 = table[i - 1][j - 1] + x[i - 1] * y[j - 1]                     # table.py:11
            t_1 = table[i - 1][j] - gap                                             # table.py:12
            t_2 = table[i][j - 1] - gap                                             # table.py:12
            maximum_match = max(match_1, t_1)                                       # table.py:12
            t_3 = max(maximum_match, t_2)                                           # table.py:12
            t_saved.append(t_3)                                                     # table.py:12
            t_saved_1.append(t_2)                                                   # table.py:12
            maximum_match_saved.append(maximum_match)                               # table.py:12
            t_saved_2.append(t_1)                                                   # table.py:12
            match_saved.append(match_1)                                             # table.py:12
            table[i][j] = max(t_3, 0.0)                                             # table.py:12
        t_saved_rows.append(t_saved)                                                # table.py:10
        t_saved_rows_1.append(t_saved_1)                                            # table.py:10
        maximum_match_saved_rows.append(maximum_match_saved)                        # table.py:10
        t_saved_rows_2.append(t_saved_2)                                            # table.py:10
        match_saved_rows.append(match_saved)                                        # table.py:10
    d_table = zeros_like(table)                                                     # table.py:9
    d_table[n][m] += 1.0                                                            # table.py:13
    d_x = np.zeros_like(x)                                                          # table.py:9
    d_y = np.zeros_like(y)                                                          # table.py:9
    d_gap = 0.0                                                                     # table.py:9
    for i, t_saved, t_saved_1, maximum_match_saved, t_saved_2, match_saved in zip(  # table.py:9
        reversed(range(1, t)),
        reversed(t_saved_rows),
        reversed(t_saved_rows_1),
        reversed(maximum_match_saved_rows),
        reversed(t_saved_rows_2),
        reversed(match_saved_rows),
    ):
        d_gap = float(d_gap)                                                        # table.py:10
        for j, t, t_1, maximum_match, t_2, match_1 in zip(                          # table.py:10
            reversed(range(1, m + 1)),
            reversed(t_saved),
            reversed(t_saved_1),
            reversed(maximum_match_saved),
            reversed(t_saved_2),
            reversed(match_saved),
        ):
            t_3 = i - 1                                                             # table.py:11
            t_4 = j - 1                                                             # table.py:11
            t_5 = x[i - 1]                                                          # table.py:11
            t_6 = d_table[i][j]                                                     # table.py:12
            d_table[i][j] = np.float64(0.0)                                         # table.py:12
            t = t_6 * (0.0 if 0.0 > t else 0.5 if 0.0 == t else 1.0)                # table.py:12
            test = t_1 > maximum_match                                              # table.py:12
            test_1 = t_1 == maximum_match                                           # table.py:12
            t_1 = t * (0.0 if test else 0.5 if test_1 else 1.0)                     # table.py:12
            t = t * (1.0 if test else 0.5 if test_1 else 0.0)                       # table.py:12
            test = t_2 > match_1                                                    # table.py:12
            test_1 = t_2 == match_1                                                 # table.py:12
            d_match = t_1 * (0.0 if test else 0.5 if test_1 else 1.0)               # table.py:12
            t_1 = t_1 * (1.0 if test else 0.5 if test_1 else 0.0)                   # table.py:12
            d_gap = d_gap - t - t_1                                                 # table.py:12
            d_table[t_3][t_4] += d_match                                            # table.py:11
            d_table[t_3][j] += t_1                                                  # table.py:12
            d_table[i][t_4] += t                                                    # table.py:12
            d_x[t_3] += d_match * y[j - 1]                                          # table.py:11
            d_y[t_4] += d_match * t_5                                               # table.py:11
    return d_x, d_y, float(d_gap)
