"""Complex parameters as pairs of real ones.

In:  an optimiser of real numbers.   Out: one that takes trees with complex leaves.
Not here: how the compiler defines gradients of complex numbers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from gradscribe.optim import tree
from gradscribe.optim.core import foreign_state
from gradscribe.optim.transformation import GradientTransformation, core_of


class SplitRealAndImaginaryArrays(NamedTuple):
    """The two parts of a complex leaf."""

    real: Any
    imaginary: Any


class SplitRealAndImaginaryState(NamedTuple):
    """The state of the inner transformation, for the parts."""

    inner_state: Any


class _Split(GradientTransformation):
    """The inner transformation on split trees; it is the outermost, since only it reads complex leaves."""

    __slots__ = ("inner",)

    def __init__(self, inner: GradientTransformation) -> None:
        self._start(core_of(inner))
        self.inner = inner
        self.init = self._init
        self.update = self._update

    def _init(self, params: Any) -> SplitRealAndImaginaryState:
        return SplitRealAndImaginaryState(self.inner.init(split(params)))

    def _update(self, grads: Any, state: Any, params: Any = None, **extra: Any) -> tuple[Any, Any]:
        found, inner = self.inner.update(split(grads), _inner(state), split(params), **extra)
        return joined(grads if params is None else params, found), SplitRealAndImaginaryState(inner)

    def step(self, params: Any, grads: Any, state: Any, **extra: Any) -> tuple[Any, Any]:
        """The parameters after one update, and the next state; see `GradientTransformation.step`."""
        found, inner = self.inner.step(split(params), split(grads), _inner(state), **extra)
        return joined(params, found), SplitRealAndImaginaryState(inner)


def _inner(state: Any) -> Any:
    if type(state) is not SplitRealAndImaginaryState:
        raise foreign_state("split_real_and_imaginary", f"is a {type(state).__name__}")
    return state.inner_state


def split(nested: Any) -> Any:
    """A tree with two real leaves in place of each complex one."""

    def parts(leaf: Any) -> Any:
        return SplitRealAndImaginaryArrays(leaf.real, leaf.imag) if np.iscomplexobj(leaf) else leaf

    return tree.map(parts, nested)


def joined(like: Any, nested: Any) -> Any:
    """The inverse of `split`, in the kinds and dtypes of another tree."""
    leaves = iter(tree.leaves(nested))

    def whole(leaf: Any) -> Any:
        real = next(leaves)
        if not np.iscomplexobj(leaf):
            return real
        value = real + 1j * next(leaves)
        if isinstance(leaf, complex) and not isinstance(leaf, np.generic):
            return complex(value)
        return np.asarray(value, leaf.dtype) if isinstance(leaf, np.ndarray) else leaf.dtype.type(value)

    return tree.map(whole, like)


def split_real_and_imaginary(inner: GradientTransformation) -> GradientTransformation:
    """Optimise complex parameters as pairs of real ones; real parameters are optimised as they are.

    The gradient of a real loss by a complex number is ∂f/∂x - i ∂f/∂y, here as in JAX: downhill is against its
    conjugate, which is what `step` and `update` take. It is to be the outermost, around `chain`.

    Args:
        inner: an optimiser of real parameters.

    Example:
        >>> import gradscribe as gs
        >>> import gradscribe.optim as optim
        >>> def loss(p):
        ...     return np.abs(p["z"] - (1.0 + 2.0j)) ** 2
        >>> opt, params = split_real_and_imaginary(optim.sgd(0.25)), {"z": 0.0j}
        >>> state = opt.init(params)
        >>> for _ in range(60):
        ...     params, state = opt.step(params, optim.tree.conj(gs.grad(loss)(params)), state)
        >>> params
        {'z': (1+2j)}
    """
    return _Split(inner)
