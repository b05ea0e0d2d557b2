"""Solutions of initial value problems, and their adjoints.

In:  functions and arrays.   Out: arrays.
References: Chen, Rubanova, Bettencourt & Duvenaud, Neural ordinary differential equations, 2018, appendix B.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Solution(NamedTuple):
    """What is known of the result of `solve_ivp` inside a function that is compiled."""

    t: Any
    y: Any
    success: Any
    status: Any


def trajectory(
    fun: Any, t_span: Any, y0: Any, *, args: Any = (), strict: bool = False, **options: Any
) -> Any:
    """Times, states, success and status of `scipy.integrate.solve_ivp`; with `strict`, failure is an exception."""
    from scipy.integrate import solve_ivp

    solution = solve_ivp(fun, t_span, y0, args=args or None, **options)
    if strict and not solution.success:
        raise RuntimeError(f"solve_ivp failed on the equation of the derivative: {solution.message}")
    return solution.t, solution.y, solution.success, solution.status


def adjoint(
    pull: Any,
    fun: Any,
    t_span: Any,
    y0: Any,
    t: Any,
    d_y: Any,
    *,
    args: Any = (),
    method: str = "RK45",
    **options: Any,
) -> Any:
    """Cotangents of `y0` and of what the right-hand side reads, for the cotangent `d_y` of the states at `t`.

    The adjoint is integrated backwards, along the states that `fun` gives again, and jumps by `d_y` at each time.
    It is as accurate as the tolerances say, relative to the largest entry of `d_y`.

    Args:
        pull: `pull(t, y, cotangent, *args)` pulls a cotangent of `fun(t, y, *args)` back to y and what it reads.
        fun: right-hand side.
        t_span: where to begin and end.
        y0: state at the beginning.
        t: times.
        d_y: cotangent of the states, one column for each time.
        args: what `fun` reads.
        method: of solve_ivp.
        options: of solve_ivp.
    """
    from scipy.integrate import solve_ivp

    path = solve_ivp(fun, t_span, y0, method, dense_output=True, args=args or None, **options)
    if not path.success:
        raise RuntimeError("solve_ivp failed on the way to its derivative")
    n = len(y0)
    scale = np.max(np.abs(d_y), initial=0.0) or 1.0
    options = {key: value for key, value in options.items() if key != "first_step"}
    if "atol" in options:
        options["atol"] = np.min(options["atol"])

    def pulled(t: Any, z: Any) -> Any:
        found = pull(t, path.sol(t), z[:n], *args)
        return found if isinstance(found, tuple) else (found,)

    def backwards(t: Any, z: Any) -> Any:
        return -np.concatenate([np.ravel(part) for part in pulled(t, z)])

    shapes = [np.shape(part) for part in pulled(t_span[0], np.zeros(n))]
    ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
    z = np.zeros(ends[-1])
    for k in reversed(range(len(t))):
        z[:n] += d_y[:, k] / scale
        before = t[k - 1] if k else t_span[0]
        if before != t[k]:
            z = solve_ivp(backwards, (t[k], before), z, method, **options).y[:, -1]
    parts = np.split(scale * z, ends[:-1])
    return tuple(part.reshape(shape)[()] for part, shape in zip(parts, shapes, strict=True))
