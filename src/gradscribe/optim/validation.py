"""What a validation measures after an epoch, and whether it can decide which parameters are best.

In:  the data held out, or a function of the parameters.   Out: numbers by name.
Not here: what follows from them (fit.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.misfit import shown
from gradscribe.optim.settings import check_takes, is_number, refused


def measure_of(loss: Callable[..., Any], validation: Any) -> Callable[[Any], dict[str, float]]:
    """A function of the parameters that returns the measures of the validation by name."""
    if validation is None:
        return lambda params: {}
    if isinstance(validation, tuple):
        check_takes("fit", "loss", loss, None, *validation)
        return lambda params: {"validation": float(loss(params, *validation))}

    def measure(params: Any) -> dict[str, float]:
        return _by_name(validation(params))

    return measure


def _by_name(found: Any) -> dict[str, float]:
    """What a validation measured, by name.

    Raises:
        GS356: it is not a number, or numbers by name.
    """
    named = found if isinstance(found, Mapping) else {"validation": found}
    for name, value in named.items():
        if not is_number(value):
            what = f"`validation` returned {shown(value)} as {name!r}"
            raise refused(
                "fit", what, "return one real number, or a dict of numbers, the first being what counts"
            )
    if not named:
        raise refused("fit", "`validation` returned an empty dict", "return at least one number")
    return {name: float(value) for name, value in named.items()}


def check_measured(measured: Mapping[str, float], epoch: int) -> None:
    """Demand that what decides on the best parameters is a number.

    Raises:
        GS332: it is nan.
    """
    name = next(iter(measured), "")
    if name and math.isnan(measured[name]):
        title = f"the validation {name!r} is nan, after epoch {epoch}"
        why = "nothing is better or worse than that: the best parameters are chosen by it"
        raise UsageError(
            Diagnostic("GS332", title, why=why, fix="look at what it does with these parameters")
        )
