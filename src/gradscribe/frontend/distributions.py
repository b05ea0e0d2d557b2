"""Frozen distributions of scipy.stats: `norm(mu, sd).logpdf(x)` is `norm.logpdf(x, mu, sd)`, to the bit.

In:  distributions and their parameters.   Out: their methods, bound to the parameters.
Not here: the methods, which are operations (ops/densities.py).
"""

from __future__ import annotations

import sys
from typing import Any

import libcst as cst

from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import PartialCall, Static


def is_distribution(target: object) -> bool:
    """A distribution, such as `scipy.stats.norm`, which is called with parameters to be frozen."""
    in_stats = type(target).__module__.startswith("scipy.stats.")
    return in_stats and not is_frozen(target) and (hasattr(target, "logpdf") or hasattr(target, "logpmf"))


def is_frozen(target: object) -> bool:
    """A frozen distribution of one variable that was made outside of the function."""
    return (
        type(target).__module__.startswith("scipy.stats.")
        and hasattr(target, "dist")
        and hasattr(target, "kwds")
    )


def frozen_method(
    run: Lowering, node: cst.CSTNode, owner: PartialCall, distribution: object, name: str
) -> PartialCall:
    """A method of a distribution with these parameters."""
    method = getattr(distribution, name, None)
    if not callable(method):
        raise run.refusal(
            node,
            "GS205",
            f"a frozen distribution has no method `{name}` here",
            why="its methods are those of the distribution, with the parameters put last",
            fix="use the parameters that it was made of",
        )
    return PartialCall(Static(method), owner.args, owner.kwargs, last=True)


def frozen_outside(run: Lowering, node: cst.CSTNode, target: Any, name: str) -> PartialCall | None:
    """A method of a frozen distribution that was made outside, of numbers; None for other parameters."""
    values = [*target.args, *target.kwds.values()]
    distribution = getattr(sys.modules["scipy.stats"], target.dist.name, None)
    if distribution is None or not all(isinstance(value, bool | int | float) for value in values):
        return None
    named = {key: Static(value) for key, value in target.kwds.items()}
    owner = PartialCall(Static(distribution), tuple(Static(value) for value in target.args), named)
    return frozen_method(run, node, owner, distribution, name)
