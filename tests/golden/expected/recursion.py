def power_grad(x, n):
    """Gradient of `power` with respect to `x`.

    For x: float, n: int.
    """
    _, residuals = power_recursive_forward(x, n)         # recursion.py:4
    d_x = power_recursive_reverse(residuals, x, n, 1.0)  # recursion.py:4
    return d_x


def power_recursive_forward(x, n):
    """`power_recursive`, also returning what its derivative needs.

    For x: float, n: int.
    """
    if n == 0:                                                  # recursion.py:5
        result = 1.0                                            # recursion.py:5
        t = residuals = half = residuals_1 = None               # recursion.py:5
    elif n % 2 == 1:                                            # recursion.py:7
        t, residuals = power_recursive_forward(x, n - 1)        # recursion.py:8
        result = x * t                                          # recursion.py:8
        half = residuals_1 = None                               # recursion.py:7
    else:
        half, residuals_1 = power_recursive_forward(x, n // 2)  # recursion.py:9
        result = half * half                                    # recursion.py:10
        t = residuals = None                                    # recursion.py:7
    residuals = t, residuals, half, residuals_1
    return result, residuals


def power_recursive_reverse(residuals, x, n, d_out):
    """Pull the cotangent of `power_recursive` back to its arguments.

    For residuals: tuple, x: float, n: int, d_out: float.
    """
    t, residuals, half, residuals_1 = residuals                        # recursion.py:4
    if n == 0:                                                         # recursion.py:5
        d_x = 0.0                                                      # recursion.py:5
    elif n % 2 == 1:                                                   # recursion.py:7
        d_x = power_recursive_reverse(residuals, x, n - 1, d_out * x)  # recursion.py:8
        d_x = d_out * t + d_x                                          # recursion.py:8
    else:
        d_half = 2.0 * d_out * half                                    # recursion.py:10
        d_x = power_recursive_reverse(residuals_1, x, n // 2, d_half)  # recursion.py:9
    return d_x
