"""Transformations that do the same to every number, by a rule in plain NumPy.

In:  a rule, the fields of its state, the numbers of a step.   Out: a core that can be fused with its neighbours.
Not here: the fused sweep itself (sweep.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import signature
from typing import Any

import numpy as np

from gradscribe.optim.core import Core, Extra, Step
from gradscribe.optim.sweep import Sweep
from gradscribe.optim.vector import Buffers, Vector


@dataclass(frozen=True, slots=True)
class ByCount:
    """Numbers that depend on the count of the step alone, which a generated step asks for without a detour.

    Attributes:
        names: of the numbers.
        at: from the count to them, floats of Python.
    """

    names: tuple[str, ...]
    at: Callable[[int], tuple[float, ...]]

    def __call__(self, step: Step) -> Mapping[str, float]:
        """The numbers of a step, by name."""
        return dict(zip(self.names, self.at(step.count), strict=True))


@dataclass(frozen=True, eq=False)
class Elementwise(Core):
    """The same rule for every number.

    Attributes:
        name: what the user called.
        rule: a function of plain NumPy, at the top level of its module. Parameters go by name: `g` is the
            update, `p` the parameter, then the fields of the state, and numbers. It returns the update, or a tuple
            of the update and the new fields in their order.
        state_type: a named tuple. Its first field, if that is `count`, counts steps; every other is a vector.
        numbers: the numbers of this step, by name; a function, if they are not always the same.
        fixed: numbers that are always the same, where others are not.
        static: values that choose the code of the rule, by name.
        starts: first values of vectors that do not start at zero; "params" for a copy of the parameters.
        whole: the numbers depend on all updates together, so that nothing before can be fused with the rule.
        threads: that sweep in machine code at most; none, where NumPy's calls do.
    """

    name: str
    rule: Callable[..., Any]
    state_type: type[Any]
    numbers: Callable[[Step], Mapping[str, float]] | Mapping[str, float] = field(default_factory=dict)
    static: tuple[tuple[str, Any], ...] = ()
    starts: Mapping[str, float | str] = field(default_factory=dict)
    whole: bool = False
    fixed: Mapping[str, float] = field(default_factory=dict)
    threads: int = 0

    def __post_init__(self) -> None:
        fields = self.state_type._fields
        object.__setattr__(self, "counts", "count" in fields)
        object.__setattr__(self, "slots", tuple(name for name in fields if name != "count"))
        object.__setattr__(self, "reads_params", "p" in signature(self.rule).parameters)

    counts: bool = field(init=False)
    slots: tuple[str, ...] = field(init=False)
    reads_params: bool = field(init=False)

    @property
    def constants(self) -> Mapping[str, float]:
        """The numbers that are the same in each step."""
        return self.fixed if callable(self.numbers) else {**self.fixed, **self.numbers}

    def numbers_at(self, step: Step) -> Mapping[str, float]:
        """All numbers of a step."""
        return {**self.fixed, **(self.numbers(step) if callable(self.numbers) else self.numbers)}

    @cached_property
    def sweep(self) -> Sweep:
        """The sweep of this rule alone."""
        return Sweep((self,))

    def init(self, params: Vector) -> Any:
        """Zeros, but for `starts`."""
        slots = {name: _start(params, self.starts.get(name, 0.0)) for name in self.slots}
        return self.state_type(**({"count": 0} if self.counts else {}), **slots)

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """One sweep of this rule alone."""
        found, states = self.sweep.run(g, [state], params, extra, apply=False)
        return found, states[0]

    def step(self, g: Vector, state: Any, params: Vector, extra: Extra) -> tuple[Vector, Any]:
        """The parameters after one sweep of this rule alone."""
        found, states = self.sweep.run(g, [state], params, extra, apply=True)
        return found, states[0]

    def sources(self) -> list[str]:
        """The text of the sweep."""
        return [self.sweep.text(apply=True)]

    def compiled(self, threads: int) -> Elementwise:
        """The same rule in machine code."""
        return replace(self, threads=threads)


def _start(params: Vector, start: float | str) -> Buffers:
    if start == "params":
        return tuple(buffer.copy() for buffer in params.buffers)
    if start == 0.0:
        return params.layout.zeros()
    return tuple(np.full_like(buffer, start) for buffer in params.layout.empty())
