"""Transformations by a plain function, and measurements inside a chain, which their states show.

In:  functions of updates, as trees.   Out: transformations.
Not here: errors for updates that are not finite (clipping.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradscribe.optim.core import Core, Extra
from gradscribe.optim.scaling import EmptyState
from gradscribe.optim.settings import check_decays
from gradscribe.optim.transformation import GradientTransformation
from gradscribe.optim.vector import Vector, vector_of


class SnapshotState(NamedTuple):
    """The last measurement, by name."""

    measurement: dict[str, Any]


class MonitorState(NamedTuple):
    """The last measurements, by name, and what moving averages remember of those before."""

    measurements: dict[str, Any]
    measure_states: dict[str, Any]


class EmaState(NamedTuple):
    """Measurements so far, and their decaying mean, not corrected for starting at zero."""

    count: int  # type: ignore[assignment]
    ema: Any


@dataclass(frozen=True)
class MovingMeasure:
    """A measurement that is averaged over steps; for `monitor`."""

    measure: Callable[[Any], Any]
    decay: float
    debias: bool

    def next(self, updates: Any, state: EmaState) -> tuple[Any, EmaState]:
        """The mean after one more measurement, and the state."""
        count = state.count + 1
        mean = self.decay * state.ema + (1.0 - self.decay) * self.measure(updates)
        shown = mean / (1.0 - self.decay**count) if self.debias else mean
        return shown, EmaState(count, mean)


@dataclass(frozen=True, eq=False)
class _Stateless(Core):
    function: Callable[[Any, Any], Any]
    name = "stateless"

    def init(self, params: Vector) -> EmptyState:
        return EmptyState()

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        found = self.function(g.tree(), None if params is None else params.tree())
        return vector_of(g.layout, found, "updates"), state


def stateless(f: Callable[[Any, Any], Any]) -> GradientTransformation:
    """The transformation by `f(updates, params)`, which returns updates.

    Args:
        f: a function on trees; its `params` is None where they are not passed to `update`.

    Raises:
        GS350: by `update` and `step`: what `f` returns is not like the parameters.

    Example:
        >>> opt = stateless(lambda updates, params: [2.0 * u for u in updates])
        >>> opt.update([1.0], opt.init([0.0]))[0]
        [2.0]
    """
    return GradientTransformation.of(_Stateless(f))


@dataclass(frozen=True, eq=False)
class _Snapshot(Core):
    measure_name: str
    measure: Callable[[Any], Any]
    name = "snapshot"

    def init(self, params: Vector) -> SnapshotState:
        return SnapshotState({self.measure_name: self.measure(params.tree())})

    def update(
        self, g: Vector, state: Any, params: Vector | None, extra: Extra
    ) -> tuple[Vector, SnapshotState]:
        return g, SnapshotState({self.measure_name: self.measure(g.tree())})


def snapshot(measure_name: str, measure: Callable[[Any], Any]) -> GradientTransformation:
    """Keep `measure(updates)` in the state; updates pass unchanged.

    Args:
        measure_name: its name in `state.measurement`.
        measure: from updates to anything. For the first state it measures the parameters.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = optim.chain(snapshot("norm", optim.global_norm), optim.clip_by_global_norm(1.0))
        >>> updates, state = opt.update([3.0, 4.0], opt.init([0.0, 0.0]))
        >>> state[0].measurement
        {'norm': 5.0}
    """
    return GradientTransformation.of(_Snapshot(measure_name, measure))


@dataclass(frozen=True, eq=False)
class _Monitor(Core):
    measures: Mapping[str, Callable[[Any], Any] | MovingMeasure]
    name = "monitor"

    def init(self, params: Vector) -> MonitorState:
        tree = params.tree()
        found, states = {}, {}
        for name, one in self.measures.items():
            if isinstance(one, MovingMeasure):
                found[name] = 0.0 * one.measure(tree)
                states[name] = EmaState(0, found[name])
            else:
                found[name] = one(tree)
        return MonitorState(found, states)

    def update(
        self, g: Vector, state: MonitorState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MonitorState]:
        updates = g.tree()
        found, states = {}, {}
        for name, one in self.measures.items():
            if isinstance(one, MovingMeasure):
                found[name], states[name] = one.next(updates, state.measure_states[name])
            else:
                found[name] = one(updates)
        return g, MonitorState(found, states)


def monitor(measures: Mapping[str, Callable[[Any], Any] | MovingMeasure]) -> GradientTransformation:
    """Keep several measurements of the updates in the state, by name; updates pass unchanged.

    Args:
        measures: functions of updates, which for the first state measure the parameters;
            or `measure_with_ema(function, decay)` for the mean over steps.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = monitor({"norm": optim.global_norm, "mean": measure_with_ema(optim.global_norm, 0.5)})
        >>> updates, state = opt.update([2.0], opt.init([0.0]))
        >>> updates, state = opt.update([5.0], state)
        >>> state.measurements
        {'norm': 5.0, 'mean': 4.0}
    """
    return GradientTransformation.of(_Monitor(dict(measures)))


def measure_with_ema(measure: Callable[[Any], Any], decay: float, debias: bool = True) -> MovingMeasure:
    """For `monitor`: the exponential moving average of a measurement.

    Args:
        measure: from updates to a number or an array.
        decay: share of the mean that is kept at each step.
        debias: correct for starting at zero.

    Raises:
        GS356: the decay is not below 1.
    """
    check_decays("measure_with_ema", decay=decay)
    return MovingMeasure(measure, decay, debias)
