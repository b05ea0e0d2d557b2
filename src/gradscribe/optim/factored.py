"""Second moments in little memory: Adafactor keeps rows and columns, SM3 one number for each row of each axis.

In:  rates and decays.   Out: transformations.
Not here: full second moments (adam.py, rms.py).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from gradscribe.optim.adding import add_decayed_weights
from gradscribe.optim.chain import chain
from gradscribe.optim.clipping import clip_by_block_rms
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.layers import scale_by_param_block_rms
from gradscribe.optim.masking import Mask
from gradscribe.optim.scaling import ScalarOrSchedule, scale, scale_by_learning_rate
from gradscribe.optim.settings import refused
from gradscribe.optim.sgd import ema
from gradscribe.optim.transformation import GradientTransformation, leafwise


class FactoredState(NamedTuple):
    """Steps done; for each leaf the mean squares by rows and by columns, or in full."""

    count: int  # type: ignore[assignment]
    v_row: tuple[np.ndarray, ...]
    v_col: tuple[np.ndarray, ...]
    v: tuple[np.ndarray, ...]


class ScaleBySM3State(NamedTuple):
    """For each leaf the largest accumulator along each axis, and the mean update."""

    mu: tuple[tuple[np.ndarray, ...], ...]
    nu: tuple[np.ndarray, ...]


def factored_axes(shape: tuple[int, ...], least: int | None) -> tuple[int, int] | None:
    """The second largest and the largest axis of a leaf whose both are at least `least` long."""
    if least is None or len(shape) < 2:
        return None
    *_, second, first = (int(axis) for axis in np.argsort(shape, kind="stable"))
    return (second, first) if shape[second] >= least else None


def _factored_start(leaf: np.ndarray, least: int | None) -> tuple[np.ndarray, ...]:
    axes = factored_axes(leaf.shape, least)
    none = np.zeros(1, leaf.dtype)
    if axes is None:
        return none, none, np.zeros_like(leaf)
    second, first = axes
    return np.zeros_like(leaf.sum(axis=first)), np.zeros_like(leaf.sum(axis=second)), none


def _factored_rule(
    g: Any, p: Any, v_row: Any, v_col: Any, v: Any, *, decay: float, eps: float, least: int | None
) -> Any:
    square = g**2 + eps
    axes = factored_axes(g.shape, least)
    if axes is None:
        v = decay * v + (1.0 - decay) * square
        return g / np.sqrt(v), v_row, v_col, v
    second, first = axes
    v_row = decay * v_row + (1.0 - decay) * square.mean(axis=first)
    v_col = decay * v_col + (1.0 - decay) * square.mean(axis=second)
    mean = v_row.mean(axis=second - 1 if second > first else second, keepdims=True)
    rows = np.expand_dims(np.sqrt(v_row / mean), first)
    return g / (rows * np.expand_dims(np.sqrt(v_col), second)), v_row, v_col, v


@checked
def scale_by_factored_rms(
    factored: bool = True,
    decay_rate: float = 0.8,
    step_offset: int = 0,
    min_dim_size_to_factor: int = 128,
    epsilon: float = 1e-30,
) -> GradientTransformation:
    """The gradient over the root of a mean square whose decay is 1 - t^-c, kept by rows and columns.

    References:
        Shazeer & Stern 2018, Adafactor, §3 and §7. https://arxiv.org/abs/1804.04235

    Example:
        >>> opt = scale_by_factored_rms(min_dim_size_to_factor=2)
        >>> params = np.ones((2, 2))
        >>> print(opt.update(np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params), params)[0])
        [[0.91651514 1.02469508]
         [2.04939015 0.        ]]

    Raises:
        GS356: the state has not counted `step_offset` steps yet.
    """
    least = min_dim_size_to_factor if factored else None

    def numbers(step: Step) -> Mapping[str, Any]:
        if step.count <= step_offset:
            what = f"step {step.count} is not after the offset of {step_offset} steps"
            fix = "pass 0, or go on from a state that has counted as many steps"
            raise refused("scale_by_factored_rms", what, fix)
        decay = 1.0 - float(step.count - step_offset) ** -decay_rate
        return {"decay": decay, "eps": epsilon, "least": least}

    return leafwise(
        "scale_by_factored_rms",
        _factored_rule,
        FactoredState,
        lambda leaf: _factored_start(leaf, least),
        numbers,
    )


@checked
def adafactor(
    learning_rate: ScalarOrSchedule | None = None,
    min_dim_size_to_factor: int = 128,
    decay_rate: float = 0.8,
    decay_offset: int = 0,
    multiply_by_parameter_scale: bool = True,
    clipping_threshold: float | None = 1.0,
    momentum: float | None = None,
    dtype_momentum: DTypeLike | None = None,
    weight_decay_rate: ScalarOrSchedule | None = None,
    eps: float = 1e-30,
    factored: bool = True,
    weight_decay_mask: Mask | None = None,
) -> GradientTransformation:
    """Adam's second moment in the memory of rows and columns, steps relative to the size of the parameters.

    Args:
        learning_rate: η; without one, steps are as large as the other factors make them.
        min_dim_size_to_factor: matrices with shorter sides are kept in full.
        decay_rate: c; the decay at step t is 1 - t^-c.
        decay_offset: subtracted from t; for going on, with its state, from a run of as many steps.
        multiply_by_parameter_scale: each leaf moves in proportion to its root mean square.
        clipping_threshold: the largest root mean square of a leaf's step before scaling.
        momentum: decay of a mean of steps; None keeps none.
        dtype_momentum: in which that mean is kept; by default that of the parameters.
        weight_decay_rate: λ.
        eps: added to squares.
        factored: False keeps all second moments in full.
        weight_decay_mask: which parameters decay, as in `masked`.

    References:
        Shazeer & Stern 2018, Adafactor: adaptive learning rates with sublinear memory cost.
        https://arxiv.org/abs/1804.04235

    Example:
        >>> opt = adafactor(0.1, min_dim_size_to_factor=2)
        >>> params = np.ones((2, 2))
        >>> print(opt.step(params, np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params))[0])
        [[0.92572186 0.91695452]
         [0.83390904 1.        ]]
    """
    links = [scale_by_factored_rms(factored, decay_rate, decay_offset, min_dim_size_to_factor, eps)]
    if clipping_threshold is not None:
        links.append(clip_by_block_rms(clipping_threshold))
    if learning_rate is not None:
        links.append(scale_by_learning_rate(learning_rate, flip_sign=False))
    if multiply_by_parameter_scale:
        links.append(scale_by_param_block_rms())
    if momentum is not None:
        links.append(ema(momentum, debias=False, accumulator_dtype=dtype_momentum))
    if weight_decay_rate is not None:
        links.append(add_decayed_weights(weight_decay_rate, weight_decay_mask))
    return chain(*links, scale(-1.0))


def _sm3_start(leaf: np.ndarray) -> tuple[Any, ...]:
    return tuple(np.zeros(length, leaf.dtype) for length in leaf.shape), np.zeros_like(leaf)


def _sm3_rule(g: Any, p: Any, mu: Any, nu: Any, *, b1: float, b2: float, eps: float) -> Any:
    shapes = [[-1 if axis == k else 1 for axis in range(g.ndim)] for k in range(g.ndim)]
    along = [part.reshape(shape) for part, shape in zip(mu, shapes, strict=True)]
    before = functools.reduce(np.minimum, along) if along else nu * 0.0
    total = (1.0 if b2 == 1.0 else 1.0 - b2) * g**2 + b2 * before
    scaled = np.where(total > 0, g / np.sqrt(np.where(total > 0, total + eps, 1.0)), 0.0)
    nu = b1 * nu + (1.0 - b1) * scaled
    others = [tuple(axis for axis in range(g.ndim) if axis != k) for k in range(g.ndim)]
    return nu, tuple(total.max(axis=axes, initial=0.0) for axes in others), nu


@checked
def scale_by_sm3(b1: float = 0.9, b2: float = 1.0, eps: float = 1e-8) -> GradientTransformation:
    """Adagrad's step from the least of one accumulator for each axis; see `sm3`.

    Example:
        >>> opt = scale_by_sm3()
        >>> params = np.ones((2, 2))
        >>> print(opt.update(np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params), params)[0])
        [[0.1 0.1]
         [0.1 0. ]]
    """
    numbers = {"b1": b1, "b2": b2, "eps": eps}
    return leafwise("scale_by_sm3", _sm3_rule, ScaleBySM3State, _sm3_start, numbers)


@checked
def sm3(learning_rate: float, momentum: float = 0.9) -> GradientTransformation:
    """Adagrad in the memory of one number for each row of each axis; a scalar has no axis and no memory.

    References:
        Anil et al. 2019, Memory-efficient adaptive optimization (SM3-II). https://arxiv.org/abs/1901.11150

    Example:
        >>> opt = sm3(0.1)
        >>> params = np.ones((2, 2))
        >>> print(opt.step(params, np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params))[0])
        [[0.99 0.99]
         [0.99 1.  ]]
    """
    return chain(scale_by_sm3(momentum), scale(-learning_rate))
