def cube_grad_grad(x):
    """Gradient of `cube_grad` with respect to `x`.

    For x: float.
    """
    return 6.0 * x  # cube.py:5
