"""Complex parameters as pairs of real ones.

In:  an optimiser of real numbers.   Out: one that takes trees with complex leaves.
Not here: how the compiler defines gradients of complex numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
        further = _split_extra(grads if params is None else params, extra)
        found, inner = self.inner.update(split(grads), _inner(state), split(params), **further)
        return joined(grads if params is None else params, found), SplitRealAndImaginaryState(inner)

    def step(self, params: Any, grads: Any, state: Any, **extra: Any) -> tuple[Any, Any]:
        """The parameters after one update, and the next state; see `GradientTransformation.step`."""
        further = _split_extra(params, extra)
        found, inner = self.inner.step(split(params), split(grads), _inner(state), **further)
        return joined(params, found), SplitRealAndImaginaryState(inner)


def _split_extra(like: Any, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The keywords of a step for the parts: their gradients, and functions of them."""
    found = dict(extra)
    if "grad" in extra:
        found["grad"] = split(extra["grad"])
    for name in extra.keys() & {"value_fn", "obj_fn"}:
        found[name] = _of_parts(extra[name], like)
    if "value_and_grad" in extra:

        def value_and_grad(parts: Any) -> tuple[Any, Any]:
            value, grads = extra["value_and_grad"](joined(like, parts))
            return value, split(grads)

        found["value_and_grad"] = value_and_grad
    return found


def _of_parts(function: Callable[[Any], Any], like: Any) -> Callable[[Any], Any]:
    join = joiner(like)
    return lambda parts: function(join(parts))


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
    return joiner(like)(nested)


def joiner(like: Any) -> Callable[[Any], Any]:
    """The inverse of `split`, in the kinds and dtypes of a tree: plain Python, which the compiler follows."""
    kinds = [kind_of(leaf) for leaf in tree.leaves(like)]

    def join(nested: Any) -> Any:
        leaves, position, number = tree.leaves(nested), 0, 0

        def whole(leaf: Any) -> Any:
            nonlocal position, number
            kind, real = kinds[number], leaves[position]
            position, number = position + 1, number + 1
            if kind is None:
                return real
            value = real + 1j * leaves[position]
            position += 1
            if kind is complex:
                return complex(value)
            made = np.asarray(value, kind)
            return made if isinstance(leaf, np.ndarray) else made[()]

        return tree.map(whole, like)

    return join


def kind_of(leaf: Any) -> Any:
    """The dtype of a complex leaf, `complex` for a number of Python; None for a real one."""
    if not np.iscomplexobj(leaf):
        return None
    return leaf.dtype if isinstance(leaf, (np.ndarray, np.generic)) else complex


def is_complex(nested: Any) -> bool:
    """Some leaf of the tree is complex."""
    return any(np.iscomplexobj(leaf) for leaf in tree.leaves(nested))


def split_if_complex(optimizer: GradientTransformation, params: Any) -> GradientTransformation:
    """The optimiser for these parameters: of pairs of real ones, if some are complex and it is not one already."""
    if isinstance(optimizer, _Split) or not is_complex(params):
        return optimizer
    return _Split(optimizer)


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
