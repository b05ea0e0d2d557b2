"""RAdam: Adam that waits until its mean of squares is known well enough.

In:  rates and decays.   Out: transformations.
Not here: Adam's own rule and state (adam.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from gradscribe.optim.adam import ScaleByAdamState, lead_of
from gradscribe.optim.chain import chain
from gradscribe.optim.core import Step
from gradscribe.optim.kinds import checked
from gradscribe.optim.scaling import ScalarOrSchedule, scale_by_learning_rate
from gradscribe.optim.settings import check_decays, described, refused
from gradscribe.optim.transformation import GradientTransformation, elementwise

# Of a variance that is known: below, it has no rectification.
MIN_THRESHOLD = 4.0


def radam_rule(
    g: Any,
    mu: Any,
    nu: Any,
    b1: Any,
    b2: Any,
    ahead: Any,
    now: Any,
    adapt: Any,
    under: Any,
    floor: Any,
    nesterov: bool,
) -> Any:
    """Adam's step, or that of the plain mean: `adapt` is 0 and `floor` 1 until the mean square is known well."""
    mu = b1 * mu + (1 - b1) * g
    nu = b2 * nu + (1 - b2) * g**2
    lead = ahead * mu + now * g if nesterov else ahead * mu
    return lead / (adapt * np.sqrt(nu + under) + floor), mu, nu


@checked
def scale_by_radam(
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    threshold: float = 5.0,
    *,
    nesterov: bool = False,
    eps_before_correction: bool = False,
) -> GradientTransformation:
    """Adam's direction times the rectification of its variance; the plain mean while that is unknown.

    References:
        Liu et al. 2020, On the variance of the adaptive learning rate and beyond, Algorithm 2.
        https://arxiv.org/abs/1908.03265

    Example:
        >>> opt = scale_by_radam()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.5 -1. ]
    """
    check_decays("scale_by_radam", b1=b1, b2=b2)
    if threshold < MIN_THRESHOLD:
        raise refused("scale_by_radam", described("threshold", threshold), "pass a number of at least 4")
    far = 2.0 / (1.0 - b2) - 1.0

    def numbers(step: Step) -> Mapping[str, float]:
        b2t = b2**step.count
        known = far - 2.0 * step.count * b2t / (1.0 - b2t)
        ahead, now = lead_of(step, b1, nesterov)
        found = {"b1": b1, "b2": b2, "ahead": ahead, "now": now, "adapt": 0.0, "under": 0.0, "floor": 1.0}
        if known >= threshold:
            r = math.sqrt((known - 4.0) * (known - 2.0) * far / ((far - 4.0) * (far - 2.0) * known))
            root = math.sqrt(1.0 - b2t)
            found |= {"ahead": r * ahead, "now": r * now, "adapt": 1.0 / root, "under": eps_root * root**2}
            found["floor"] = eps / root if eps_before_correction else eps
        return found

    return elementwise("scale_by_radam", radam_rule, ScaleByAdamState, numbers, (("nesterov", nesterov),))


@checked
def radam(
    learning_rate: ScalarOrSchedule,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    eps_root: float = 0.0,
    threshold: float = 5.0,
    *,
    nesterov: bool = False,
) -> GradientTransformation:
    """Rectified Adam: no warmup is needed, because early steps are those of momentum.

    Args:
        learning_rate: η.
        b1: as in `adam`.
        b2: as in `adam`.
        eps: as in `adam`.
        eps_root: as in `adam`.
        threshold: degrees of freedom of the mean square from which on it is used.
        nesterov: as in `adam`.

    References:
        Liu et al. 2020, On the variance of the adaptive learning rate and beyond. https://arxiv.org/abs/1908.03265

    Example:
        >>> opt = radam(0.1)
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.step(params, np.array([0.5, -1.0]), opt.init(params))[0])
        [0.95 2.1 ]
    """
    return chain(
        scale_by_radam(b1, b2, eps, eps_root, threshold, nesterov=nesterov),
        scale_by_learning_rate(learning_rate),
    )
