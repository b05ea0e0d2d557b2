"""The decaying means of a step, moved together: where parameters are few, calls cost more than what they compute.

    new_mu = b1 * mu + (1 - b1) * g          moments = [b1, b2] * [mu, nu] + [1 - b1, 1 - b2] * [g, g²]
    new_nu = b2 * nu + (1 - b2) * g²         new_mu, new_nu = moments

Each number is made of the same operations as before, so that no bit of it differs.

In:  the graph of a step.   Out: its means, and what is left of the graph when they are known.
Not here: the step that is generated from it (direct.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gradscribe.optim.trace import Call


@dataclass(frozen=True)
class Mean:
    """One output that is `decay * slot + share * term`.

    Attributes:
        slot: the name of the vector of the state.
        decay: the number it is multiplied by, as the kernel writes it.
        term: what is averaged.
        share: the number that is multiplied by.
    """

    slot: str
    decay: str
    term: Call
    share: str


def means_of(outputs: Mapping[str, Call]) -> dict[str, Mean]:
    """The means among the outputs that do not need each other, by name."""
    found: dict[str, Mean] = {}
    for name, call in outputs.items():
        mean = _mean(name, call)
        if mean is not None and not any(_reads(mean.term, outputs[other]) for other in found):
            found[name] = mean
    return found


def _mean(name: str, call: Call) -> Mean | None:
    if call.function is not np.add or not all(_is_scaled(operand) for operand in call.operands):
        return None
    old, new = call.operands
    assert isinstance(old, Call) and isinstance(new, Call)
    (slot, decay), (term, share) = old.operands, new.operands
    assert isinstance(slot, Call) and isinstance(term, Call)
    if slot.name == "" or f"new_{slot.name}" != name:
        return None
    return Mean(slot.name, str(decay), term, str(share))


def _is_scaled(operand: Call | str) -> bool:
    return (
        isinstance(operand, Call)
        and operand.function is np.multiply
        and isinstance(operand.operands[0], Call)
        and isinstance(operand.operands[1], str)
    )


def _reads(call: Call, other: Call) -> bool:
    return call is other or any(isinstance(one, Call) and _reads(one, other) for one in call.operands)


def reads_input(calls: Mapping[str, Call], name: str) -> bool:
    """One of these calls needs the input of this name."""

    def reads(call: Call) -> bool:
        return call.name == name or any(isinstance(one, Call) and reads(one) for one in call.operands)

    return any(map(reads, calls.values()))


def without(outputs: Mapping[str, Call], means: Mapping[str, Mean]) -> dict[str, Call]:
    """The other outputs, where means are inputs of their own names."""
    known = {id(outputs[name]): Call(None, name=name) for name in means}

    def replaced(call: Call) -> Call:
        if id(call) not in known:
            operands = tuple(replaced(one) if isinstance(one, Call) else one for one in call.operands)
            known[id(call)] = Call(call.function, operands, call.name)
        return known[id(call)]

    return {name: replaced(call) for name, call in outputs.items() if name not in means}
