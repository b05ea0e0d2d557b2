def power_grad(x, n):                    # recursion.py:4
    """Gradient of `power_main` with respect to `x`.

    For x: float, n: int.
    """
    _, residuals = power_forward(x, n)   # recursion.py:4
    d_x = power_reverse(residuals, 1.0)  # recursion.py:4
    return d_x                           # recursion.py:4


def power(x, n):                 # recursion.py:4
    if n == 0:                   # recursion.py:10
        return_1 = 1.0           # recursion.py:10
    elif n % 2 == 1:             # recursion.py:10
        t = power(x, n - 1)      # recursion.py:8
        return_1 = x * t         # recursion.py:8
    else:
        half = power(x, n // 2)  # recursion.py:9
        return_1 = half * half   # recursion.py:10
    return return_1              # recursion.py:10


def power_forward(x, n):                                  # recursion.py:4
    """`power`, also returning what its derivative needs.

    For x: float, n: int.
    """
    test = n == 0                                         # recursion.py:5
    if test:                                              # recursion.py:10
        return_1 = 1.0                                    # recursion.py:10
        t = None                                          # recursion.py:10
        t_1 = None                                        # recursion.py:10
        residuals = None                                  # recursion.py:10
        half = None                                       # recursion.py:10
        residuals_1 = None                                # recursion.py:10
    else:
        t = n % 2 == 1                                    # recursion.py:7
        if t:                                             # recursion.py:10
            t_1, residuals = power_forward(x, n - 1)      # recursion.py:8
            return_1 = x * t_1                            # recursion.py:8
            half = None                                   # recursion.py:10
            residuals_1 = None                            # recursion.py:10
        else:
            half, residuals_1 = power_forward(x, n // 2)  # recursion.py:9
            return_1 = half * half                        # recursion.py:10
            t_1 = None                                    # recursion.py:10
            residuals = None                              # recursion.py:10
    residuals = test, t, t_1, residuals, half, residuals_1, x
    return return_1, residuals                            # recursion.py:10


def power_reverse(residuals, d_out):                          # recursion.py:4
    """Pull the cotangent of `power` back to its arguments.

    For residuals: Residuals[power_reverse], d_out: float.
    """
    t, t_1, t_2, residuals, half, residuals_1, x = residuals  # recursion.py:4
    if t:                                                     # recursion.py:10
        d_x = 0.0                                             # recursion.py:10
    elif t_1:                                                 # recursion.py:10
        d_x = power_reverse(residuals, d_out * x)             # recursion.py:8
        d_x = d_out * t_2 + d_x                               # recursion.py:8
    else:
        d_half = 2.0 * d_out * half                           # recursion.py:10
        d_x = power_reverse(residuals_1, d_half)              # recursion.py:9
    return d_x                                                # recursion.py:10
