"""Cores one after the other, as one core.

In:  cores.   Out: `Chain`, which fuses neighbours that are elementwise, also across inner chains.
Not here: the public `chain` (chain.py), the fused sweep (sweep.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from gradscribe.optim.core import Core, Extra, foreign_state
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.sweep import Sweep
from gradscribe.optim.vector import Vector


class Chain(Core):
    """Cores in order. The state is the tuple of theirs, by name if they have names."""

    name = "chain"

    def __init__(self, cores: Sequence[Core], names: tuple[str, ...] | None = None) -> None:
        self.cores = tuple(cores)
        self.names = names
        self.runs = _runs(self.stages())
        self.is_flat = not any(isinstance(core, Chain) for core in self.cores)

    def stages(self) -> list[Core]:
        """The cores of this chain and of inner chains, in order."""
        found: list[Core] = []
        for core in self.cores:
            found += core.stages() if isinstance(core, Chain) else [core]
        return found

    def read(self, params: Vector, grads: Any) -> Vector:
        """As the first core reads them."""
        return self.cores[0].read(params, grads) if self.cores else super().read(params, grads)

    def init(self, params: Vector) -> Any:
        """The states of all."""
        return self._named([core.init(params) for core in self.cores])

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """The updates after all of them."""
        return self._run(g, state, params, extra, apply=False)

    def step(self, g: Vector, state: Any, params: Vector, extra: Extra) -> tuple[Vector, Any]:
        """The parameters after all of them; the last sweep moves them."""
        return self._run(g, state, params, extra, apply=True)

    def sources(self) -> list[str]:
        """The texts of its sweeps; the last one moves the parameters."""
        found: list[str] = []
        for run in self.runs:
            last = run is self.runs[-1]
            if isinstance(run, Sweep):
                found.append(run.text(apply=last))
            else:
                found += run.sources()
        return found

    def compiled(self, threads: int) -> Chain:
        """The chain of the compiled cores."""
        return Chain([core.compiled(threads) for core in self.cores], self.names)

    def _run(
        self, g: Vector, state: Any, params: Vector | None, extra: Extra, *, apply: bool
    ) -> tuple[Vector, Any]:
        states = self._flat(state)
        found: list[Any] = []
        applied = False
        for run in self.runs:
            if isinstance(run, Sweep):
                old = states[len(found) : len(found) + len(run.stages)]
                applied = apply and run is self.runs[-1]
                g, new = run.run(g, old, params, extra, apply=applied)
                found += new
            else:
                g, one = run.update(g, states[len(found)], params, extra)
                found.append(one)
        if apply and not applied:
            assert params is not None
            g = params.each(np.add, g)
        return g, self._nested(iter(found))

    def _parts(self, state: Any) -> list[Any]:
        if self.names is not None:
            if not isinstance(state, Mapping) or tuple(state) != self.names:
                raise foreign_state("named_chain", f"has not the parts {', '.join(self.names)}")
            return list(state.values())
        if type(state) is not tuple or len(state) != len(self.cores):
            raise foreign_state("chain", f"is not a tuple of {len(self.cores)}")
        return list(state)

    def _flat(self, state: Any) -> list[Any]:
        if self.is_flat:
            return self._parts(state)
        found: list[Any] = []
        for core, part in zip(self.cores, self._parts(state), strict=True):
            found += core._flat(part) if isinstance(core, Chain) else [part]
        return found

    def _nested(self, states: Any) -> Any:
        if self.is_flat:
            return self._named(list(islice(states, len(self.cores))))
        return self._named(
            [core._nested(states) if isinstance(core, Chain) else next(states) for core in self.cores]
        )

    def _named(self, states: list[Any]) -> Any:
        return tuple(states) if self.names is None else dict(zip(self.names, states, strict=True))


def _runs(stages: Sequence[Core]) -> list[Sweep | Core]:
    """Neighbours that are elementwise together, unless one must see what the other made of all parameters."""
    found: list[list[Core]] = []
    for stage in stages:
        fused = (
            found
            and isinstance(stage, Elementwise)
            and not stage.whole
            and isinstance(found[-1][0], Elementwise)
        )
        if fused:
            found[-1].append(stage)
        else:
            found.append([stage])
    return [
        Sweep(tuple(s for s in run if isinstance(s, Elementwise)))
        if isinstance(run[0], Elementwise)
        else run[0]
        for run in found
    ]
