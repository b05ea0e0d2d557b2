"""Transformations one after the other.

In:  transformations.   Out: one transformation.
Not here: what the chain does to vectors (links.py).
"""

from __future__ import annotations

from gradscribe.optim.labels import repeated_name
from gradscribe.optim.links import Chain
from gradscribe.optim.transformation import GradientTransformation, core_of


def chain(*transformations: GradientTransformation) -> GradientTransformation:
    """Apply transformations one after the other; the state is the tuple of their states.

    Elementwise neighbours, most of them, are fused into one pass over the parameters.

    Example:
        >>> import numpy as np
        >>> import gradscribe.optim as optim
        >>> opt = optim.chain(optim.scale(0.2), optim.sgd(0.1))
        >>> params = {"w": np.array([1.0, 1.0])}
        >>> state = opt.init(params)
        >>> updates, state = opt.update({"w": np.array([3.0, 4.0])}, state, params)
        >>> updates["w"]
        array([-0.06, -0.08])
    """
    return GradientTransformation.of(Chain([core_of(one) for one in transformations]))


def named_chain(*transformations: tuple[str, GradientTransformation]) -> GradientTransformation:
    """Like `chain`, of pairs of a name and a transformation; the state is a dict by these names.

    Raises:
        GS355: a name stands twice.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = named_chain(("clip", optim.clip(1.0)), ("descent", optim.sgd(0.5)))
        >>> state = opt.init([1.0])
        >>> list(state), opt.step([1.0], [9.0], state)[0]
        (['clip', 'descent'], [0.5])
    """
    names = tuple(name for name, _ in transformations)
    if len(set(names)) < len(names):
        raise repeated_name(names)
    return GradientTransformation.of(Chain([core_of(one) for _, one in transformations], names))
