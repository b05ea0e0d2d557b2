"""Transformations of some parameters only, and different ones for different parameters.

In:  a mask or labels: a tree like the parameters, or the top of one, or a function that makes it from them.
Out: transformations whose inner ones see only their part.
Not here: what they do to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.core import Core, Extra
from gradscribe.optim.labels import labels_of
from gradscribe.optim.layout import Layout, layout_of
from gradscribe.optim.scaling import EmptyState
from gradscribe.optim.structure import mapped
from gradscribe.optim.transformation import GradientTransformation, core_of
from gradscribe.optim.vector import Vector, vector_of

Mask = Any | Callable[[Any], Any]


class MaskedState(NamedTuple):
    """The state of the inner transformation, for its part of the parameters."""

    inner_state: Any


class PartitionState(NamedTuple):
    """The states of the inner transformations, by label."""

    inner_states: dict[Any, Any]


@dataclass(frozen=True)
class Selection:
    """Some of the leaves, as parameters of their own: a dict by their paths."""

    numbers: tuple[int, ...]
    layout: Layout

    def of(self, vector: Vector) -> Vector:
        """These leaves."""
        leaves = vector.leaves
        return Vector(self.layout, leaves=[leaves[number] for number in self.numbers])

    def paths(self, layout: Layout) -> tuple[str | None, ...]:
        """The path of each leaf, None for those that are not selected."""
        chosen = {layout.parts[number].path for number in self.numbers}
        return tuple(part.path if part.path in chosen else None for part in layout.parts)


def selection(layout: Layout, numbers: list[int]) -> Selection:
    """The leaves of these numbers."""
    parts = [layout.parts[number] for number in numbers]
    sample = {part.path: np.zeros(part.shape, layout.dtypes[part.group]) for part in parts}
    return Selection(tuple(numbers), layout_of(sample))


def held(loss: Callable[[Any], Any], params: Any, paths: tuple[str | None, ...]) -> Callable[[Any], Any]:
    """`loss` as a function of some leaves, a dict by their paths, in plain Python, which the compiler follows.

    Args:
        loss: a function of the parameters.
        params: where the other leaves are held.
        paths: of each leaf in order; None for one that is held.
    """

    def of_part(part: Any) -> Any:
        number = -1

        def chosen(leaf: Any) -> Any:
            nonlocal number
            number += 1
            path = paths[number]
            if path is None:
                return leaf
            # What was a number is an array without axes in a selection.
            return part[path][()] if isinstance(leaf, (float, np.floating)) else part[path]

        return loss(mapped(chosen, [params], "params"))

    return of_part


def merged(vector: Vector, found: list[tuple[Selection, Vector]]) -> Vector:
    """`vector`, with the selected leaves replaced."""
    leaves = vector.leaves
    for chosen, part in found:
        for number, leaf in zip(chosen.numbers, part.leaves, strict=True):
            leaves[number] = leaf
    return Vector(vector.layout, leaves=leaves)


def restricted(extra: Extra, chosen: Selection, params: Vector) -> Extra:
    """The keywords of a step for some of the leaves: their gradient, and functions of them alone.

    The other leaves are held where they are.
    """
    if not extra.keys() & {"grad", "value_fn", "value_and_grad", "obj_fn"}:
        return extra
    found = dict(extra)

    def whole(part: Any) -> Any:
        return merged(params, [(chosen, vector_of(chosen.layout, part, "params"))]).tree()

    def share(grads: Any) -> Any:
        return chosen.of(vector_of(params.layout, grads, "grads")).tree()

    def value_and_share(part: Any) -> tuple[Any, Any]:
        value, grads = extra["value_and_grad"](whole(part))
        return value, share(grads)

    if "grad" in extra:
        found["grad"] = share(extra["grad"])
    if "value_fn" in extra:
        found["value_fn"] = lambda part: extra["value_fn"](whole(part))
    if "obj_fn" in extra:
        found["obj_fn"] = held(extra["obj_fn"], params.tree(), chosen.paths(params.layout))
    if "value_and_grad" in extra:
        found["value_and_grad"] = value_and_share
    return found


@dataclass(frozen=True, eq=False)
class Partition(Core):
    """Each leaf goes to the transformation of its label.

    Attributes:
        cores: by label.
        labels: a tree, the top of one, or a function from the parameters to it. A function is called once for each
            structure of parameters.
        name: what the user called.
    """

    cores: Mapping[Any, Core]
    labels: Any
    name: str = "partition"
    known: dict[Layout, dict[Any, Selection]] = field(default_factory=dict)

    def selections(self, vector: Vector) -> dict[Any, Selection]:
        """The leaves of each label."""
        layout = vector.layout
        if layout not in self.known:
            labels = self.labels(vector.tree()) if callable(self.labels) else self.labels
            found = labels_of(layout, labels, tuple(self.cores), self.name)
            self.known[layout] = {
                label: selection(layout, [k for k, one in enumerate(found) if one == label])
                for label in self.cores
            }
        return self.known[layout]

    def init(self, params: Vector) -> Any:
        """The states of all labels."""
        chosen = self.selections(params)
        return PartitionState(
            {label: core.init(chosen[label].of(params)) for label, core in self.cores.items()}
        )

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """Each transformation on its leaves."""
        found, states = [], {}
        for label, chosen in self.selections(params or g).items():
            part = None if params is None else chosen.of(params)
            keywords = extra if params is None else restricted(extra, chosen, params)
            update, states[label] = self.cores[label].update(
                chosen.of(g), state.inner_states[label], part, keywords
            )
            found.append((chosen, update))
        return merged(g, found), PartitionState(states)


@dataclass(frozen=True, eq=False)
class Masked(Core):
    """Leaves that are not selected pass unchanged."""

    both: Partition
    name: str = "masked"

    def init(self, params: Vector) -> MaskedState:
        """The state of the inner transformation."""
        return MaskedState(self.both.init(params).inner_states[True])

    def update(
        self, g: Vector, state: MaskedState, params: Vector | None, extra: Extra
    ) -> tuple[Vector, MaskedState]:
        """The inner transformation on its leaves."""
        found, after = self.both.update(
            g, PartitionState({True: state.inner_state, False: EmptyState()}), params, extra
        )
        return found, MaskedState(after.inner_states[True])


class _Identity(Core):
    """Changes nothing."""

    name = "identity"

    def init(self, params: Vector) -> EmptyState:
        return EmptyState()

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        return g, state


class _Zero(_Identity):
    """All updates are zero."""

    name = "set_to_zero"

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        return Vector(g.layout, buffers=g.layout.zeros()), state


def identity() -> GradientTransformation:
    """Updates as they are.

    Example:
        >>> opt = identity()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [ 0.5 -1. ]
    """
    return GradientTransformation.of(_Identity())


def set_to_zero() -> GradientTransformation:
    """Zero updates: the parameters stay.

    Example:
        >>> opt = set_to_zero()
        >>> params = np.array([1.0, 2.0])
        >>> print(opt.update(np.array([0.5, -1.0]), opt.init(params), params)[0])
        [0. 0.]
    """
    return GradientTransformation.of(_Zero())


def partition(transforms: Mapping[Any, GradientTransformation], param_labels: Mask) -> GradientTransformation:
    """Different transformations for different parameters.

    Args:
        transforms: by label.
        param_labels: the label of each parameter: a tree like the parameters, or its top, where a label stands for
            everything below it; or a function from parameters to such a tree, called once for each structure.

    Raises:
        GS355: a label has no transformation.
        GS350: the labels do not fit the parameters.

    Example:
        >>> import gradscribe.optim as optim
        >>> params = {"generator": [1.0, 2.0], "critic": [3.0]}
        >>> rates = {"slow": optim.sgd(0.1), "fast": optim.sgd(1.0)}
        >>> opt = partition(rates, {"generator": "slow", "critic": "fast"})
        >>> opt.step(params, {"generator": [1.0, 1.0], "critic": [1.0]}, opt.init(params))[0]
        {'generator': [0.9, 1.9], 'critic': [2.0]}
    """
    if not isinstance(transforms, Mapping):
        raise UsageError(
            Diagnostic("GS355", "`transforms` is not a dict", fix='pass {"label": transformation, ...}')
        )
    return GradientTransformation.of(Partition({k: core_of(v) for k, v in transforms.items()}, param_labels))


def masked(inner: GradientTransformation, mask: Mask) -> GradientTransformation:
    """Apply `inner` to some parameters; updates of the others pass unchanged.

    Args:
        inner: a transformation.
        mask: True where it applies: a tree of bools like the parameters, or its top, or a function that makes it.

    Raises:
        GS350: the mask does not fit the parameters.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = masked(optim.scale(10.0), {"w": True, "b": False})
        >>> opt.update({"w": 1.0, "b": 1.0}, opt.init({"w": 0.0, "b": 0.0}))[0]
        {'w': 10.0, 'b': 1.0}
    """
    cores = {True: core_of(inner), False: _Identity()}
    return GradientTransformation.of(Masked(Partition(cores, mask, "masked")))


def selective_transform(optimizer: GradientTransformation, *, freeze_mask: Mask) -> GradientTransformation:
    """Optimise the parameters where the mask is False; the others stay, and no state is kept for them.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = selective_transform(optim.sgd(0.1), freeze_mask={"w": False, "b": True})
        >>> opt.step({"w": 1.0, "b": 1.0}, {"w": 1.0, "b": 1.0}, opt.init({"w": 1.0, "b": 1.0}))[0]
        {'w': 0.9, 'b': 1.0}
    """
    cores = {False: core_of(optimizer), True: _Zero()}
    return GradientTransformation.of(Partition(cores, freeze_mask, "selective_transform"))


def freeze(mask: Mask) -> GradientTransformation:
    """Zero the updates where `mask` is True: these parameters stay as they are. Last in a chain.

    Example:
        >>> import gradscribe.optim as optim
        >>> opt = optim.chain(optim.sgd(0.1), freeze({"w": False, "b": True}))
        >>> opt.step({"w": 1.0, "b": 1.0}, {"w": 1.0, "b": 1.0}, opt.init({"w": 1.0, "b": 1.0}))[0]
        {'w': 0.9, 'b': 1.0}
    """
    return masked(set_to_zero(), mask)
