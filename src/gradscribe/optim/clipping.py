"""Clipping and cleaning of gradients.

In:  bounds.   Out: transformations.
Not here: steps scaled by norms on purpose (layers.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.core import Core, Extra, Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.layers import rms_of
from gradscribe.optim.scaling import EmptyState, scale_rule
from gradscribe.optim.settings import check_not_negative, check_positive
from gradscribe.optim.transformation import GradientTransformation, elementwise, leafwise
from gradscribe.optim.vector import Vector


class ZeroNansState(NamedTuple):
    """Whether the last update of each leaf had a NaN."""

    found_nan: tuple[bool, ...]


def clip_rule(g: Any, low: Any, high: Any) -> Any:
    """Each number on its own."""
    return np.minimum(np.maximum(g, low), high)


@checked
def clip(max_delta: float) -> GradientTransformation:
    """Clip each number to [-max_delta, max_delta]; `clip_grad_value_` of PyTorch.

    Example:
        >>> opt = clip(1.0)
        >>> opt.update([3.0, -0.5], opt.init([0.0, 0.0]))[0]
        [1.0, -0.5]
    """
    check_not_negative("clip", max_delta=max_delta)
    return elementwise("clip", clip_rule, EmptyState, {"low": -max_delta, "high": max_delta})


@checked
def clip_by_global_norm(max_norm: float) -> GradientTransformation:
    """Scale all numbers together so that their Euclidean norm is at most `max_norm`; `clip_grad_norm_` of PyTorch.

    References:
        Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks.
        https://arxiv.org/abs/1211.5063

    Example:
        >>> opt = clip_by_global_norm(1.0)
        >>> opt.update([3.0, 4.0], opt.init([0.0, 0.0]))[0]
        [0.6000000000000001, 0.8]
    """
    check_not_negative("clip_by_global_norm", max_norm=max_norm)

    def numbers(step: Step) -> Mapping[str, float]:
        norm = step.g.norm()
        return {"factor": 1.0 if norm <= max_norm else max_norm / norm}

    return elementwise("clip_by_global_norm", scale_rule, EmptyState, numbers, whole=True)


@checked
def normalize_by_update_norm(scale_factor: float = 1.0, eps: float = 1e-6) -> GradientTransformation:
    """Scale all numbers together to a Euclidean norm of `scale_factor`: g s / (|g| + ε).

    Example:
        >>> opt = normalize_by_update_norm()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.4472132  -0.89442639]
    """

    def numbers(step: Step) -> Mapping[str, float]:
        size = step.g.norm() + eps
        # Zero has no direction, and stays.
        return {"factor": 0.0 if size == 0.0 else scale_factor / size}

    return elementwise("normalize_by_update_norm", scale_rule, EmptyState, numbers, whole=True)


def _norm_rule(g: Any, p: Any, *, max_norm: float) -> Any:
    norm = Vector.norm_of([g])
    return g if norm <= max_norm else g * (max_norm / norm)


@checked
def clip_by_norm(max_norm: float) -> GradientTransformation:
    """Scale each leaf so that its Euclidean norm is at most `max_norm`.

    Example:
        >>> opt = clip_by_norm(1.0)
        >>> opt.update([4.0, 0.5], opt.init([0.0, 0.0]))[0]
        [1.0, 0.5]

    References:
        Pascanu, Mikolov & Bengio 2013, On the difficulty of training recurrent neural networks, §3.2.
        https://arxiv.org/abs/1211.5063
    """
    check_not_negative("clip_by_norm", max_norm=max_norm)
    return leafwise("clip_by_norm", _norm_rule, EmptyState, numbers={"max_norm": max_norm})


def _block_rms_rule(g: Any, p: Any, *, threshold: float) -> Any:
    return g / max(1.0, rms_of(g) / threshold)


@checked
def clip_by_block_rms(threshold: float) -> GradientTransformation:
    """Scale each leaf so that the root of its mean square is at most `threshold`.

    References:
        Shazeer & Stern 2018, Adafactor, §6. https://arxiv.org/abs/1804.04235

    Example:
        >>> opt = clip_by_block_rms(1.0)
        >>> opt.update([4.0, 0.5], opt.init([0.0, 0.0]))[0]
        [1.0, 0.5]
    """
    check_positive("clip_by_block_rms", threshold=threshold)
    return leafwise("clip_by_block_rms", _block_rms_rule, EmptyState, numbers={"threshold": threshold})


def unitwise_norm(leaf: np.ndarray, axis: int | tuple[int, ...] | None = None) -> np.ndarray:
    """The norm of the weights into each unit: over `axis`, or all axes but the last; of a vector, the whole norm.

    Raises:
        GS357: the leaf has more than 5 axes, whose meaning is not known, or not those that are given.
    """
    given = () if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if any(not -leaf.ndim <= one < leaf.ndim for one in given):
        raise _units_unknown(f"a parameter of {leaf.ndim} axes has no axis {axis}")
    norm: np.ndarray = np.sqrt(
        np.sum(leaf**2, axis=_unit_axes(leaf) if axis is None else axis, keepdims=True)
    )
    return norm


def _unit_axes(leaf: np.ndarray) -> tuple[int, ...] | None:
    if np.squeeze(leaf).ndim <= 1:
        return None
    if leaf.ndim <= 3:
        return (0,)
    if leaf.ndim <= 5:
        return tuple(range(leaf.ndim - 1))
    raise _units_unknown(f"a parameter of {leaf.ndim} axes has no known units")


def _units_unknown(title: str) -> UsageError:
    return UsageError(
        Diagnostic(
            "GS357",
            title,
            why="adaptive clipping needs to know which axes are inputs of a unit",
            fix="pass other `axis=`, or mask it: `masked(adaptive_grad_clip(...), mask)`",
        )
    )


def _adaptive_rule(g: Any, p: Any, *, clipping: float, eps: float, axis: Any) -> Any:
    norm, longest = unitwise_norm(g, axis), clipping * np.maximum(unitwise_norm(p, axis), eps)
    return np.where(norm < longest, g, g * (longest / np.maximum(norm, 1e-6)))


@checked
def adaptive_grad_clip(
    clipping: float, eps: float = 1e-3, axis: int | tuple[int, ...] | None = None
) -> GradientTransformation:
    """Clip the gradient of each unit to a share of the norm of its weights.

    Args:
        clipping: the share.
        eps: least norm of weights, so that units at zero can move.
        axis: the axes of the weights into a unit, of all leaves alike; by default the first of a matrix, all but
            the last of a kernel, and the whole of a vector.

    References:
        Brock et al. 2021, High-performance large-scale image recognition without normalization, §4.1.
        https://arxiv.org/abs/2102.06171

    Example:
        >>> opt = adaptive_grad_clip(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.1 -0.2]
    """
    check_not_negative("adaptive_grad_clip", clipping=clipping)
    numbers = {"clipping": clipping, "eps": eps, "axis": axis}
    return leafwise("adaptive_grad_clip", _adaptive_rule, EmptyState, numbers=numbers, needs_params=True)


def _centralize_rule(g: Any, p: Any) -> Any:
    return g - g.mean(axis=tuple(range(1, g.ndim)), keepdims=True) if g.ndim > 1 else g


def centralize() -> GradientTransformation:
    """Subtract from each row of a matrix (each index of the first axis) its mean; vectors pass unchanged.

    References:
        Yong et al. 2020, Gradient centralization. https://arxiv.org/abs/2004.01461

    Example:
        >>> opt = centralize()
        >>> params = np.ones((2, 2))
        >>> print(opt.update(np.array([[1.0, 2.0], [0.5, 0.0]]), opt.init(params), params)[0])
        [[-0.5   0.5 ]
         [ 0.25 -0.25]]
    """
    return leafwise("centralize", _centralize_rule, EmptyState)


class _ZeroNans(Core):
    """Counts leaves with NaN, and cleans them."""

    name = "zero_nans"

    def init(self, params: Vector) -> ZeroNansState:
        """No NaN yet."""
        return ZeroNansState((False,) * len(params.layout.parts))

    def update(
        self, g: Vector, state: Any, params: Vector | None, extra: Extra
    ) -> tuple[Vector, ZeroNansState]:
        """Zero for NaN."""
        found = tuple(bool(np.any(np.isnan(leaf))) for leaf in g.leaves)
        return g.each_leaf(lambda leaf: np.where(np.isnan(leaf), 0.0, leaf)), ZeroNansState(found)


def zero_nans() -> GradientTransformation:
    """Replace NaN by zero; the state says in which leaves there were some.

    Example:
        >>> opt = zero_nans()
        >>> opt.update([float("nan"), 2.0], opt.init([0.0, 0.0]))
        ([0.0, 2.0], ZeroNansState(found_nan=(True, False)))
    """
    return GradientTransformation.of(_ZeroNans())


@dataclass(frozen=True)
class _RefuseNotFinite(Core):
    """Raises, with the path of the leaf."""

    test: Callable[[Any], Any] = np.isfinite
    name = "refuse_not_finite"

    def init(self, params: Vector) -> EmptyState:
        """Nothing to remember."""
        return EmptyState()

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """The updates, if all are finite."""
        for part, leaf in zip(g.layout.parts, g.leaves, strict=True):
            bad = np.argwhere(~self.test(leaf))
            if len(bad):
                place = tuple(int(i) for i in bad[0])
                where = f" at {list(place)}" if place else ""
                name = part.path.replace("params", "grads", 1)
                raise UsageError(
                    Diagnostic(
                        "GS358",
                        f"`{name}` is {leaf[place]}{where}",
                        why=f"{len(bad)} of its {leaf.size} numbers are not finite; a step would spread them",
                        fix="find the operation with `np.seterr(all='raise')`, or skip it: `apply_if_finite`",
                    )
                )
        return g, state


def refuse_not_finite() -> GradientTransformation:
    """Raise an error that names the parameter where an update is NaN or infinite. First in a chain.

    Raises:
        GS358: by `update` and `step`.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = optim.chain(refuse_not_finite(), optim.sgd(0.5))
        >>> opt.step([1.0], [2.0], opt.init([1.0]))[0]
        [0.0]
    """
    return GradientTransformation.of(_RefuseNotFinite())


def keep_nonnegative_rule(g: Any, p: Any) -> Any:
    """No further than to zero."""
    return np.maximum(g, -p)


def keep_params_nonnegative() -> GradientTransformation:
    """Shorten updates so that parameters that are not negative do not become so. Last in a chain.

    Example:
        >>> opt = keep_params_nonnegative()
        >>> opt.step([1.0, 1.0], [-3.0, -0.5], opt.init([1.0, 1.0]))[0]
        [0.0, 0.5]
    """
    return elementwise("keep_params_nonnegative", keep_nonnegative_rule, EmptyState)
