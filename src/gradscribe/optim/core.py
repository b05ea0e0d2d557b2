"""What a gradient transformation is made of: its initial state, and how it changes an update.

A transformation works on vectors (vector.py), whose structure was read once. Four kinds:

    Elementwise    a rule in plain NumPy, the same for every number (elementwise.py); neighbours are fused
    Leafwise       a rule in plain NumPy for one leaf, which keeps its shape: norms of layers, matrices
    Core           anything else: it sees the whole vector
    Foreign        a pair of functions on trees that a user wrote

In:  nothing.   Out: these classes.
Not here: chains (chain.py), the public `GradientTransformation` (transformation.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from inspect import signature
from typing import Any, NamedTuple

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.layout import Layout
from gradscribe.optim.vector import Vector, vector_of

Extra = Mapping[str, Any]


class Step(NamedTuple):
    """What the numbers of a rule may depend on.

    Attributes:
        count: of this step, from 1 on.
        g: the updates as they arrive; for rules, only those that say they are `whole`.
        params: the parameters, if they were passed; for rules as `g`.
        extra: further keywords of `update`, such as `value`.
        state: of this transformation.
    """

    count: int  # type: ignore[assignment]
    g: Any
    params: Vector | None
    extra: Extra
    state: Any


class Core:
    """A transformation of vectors."""

    name: str

    def read(self, params: Vector, grads: Any) -> Vector:
        """The gradients that a user passed, as a vector.

        Raises:
            GS350, GS351: they do not fit the parameters.
        """
        return vector_of(params.layout, grads, "grads")

    def init(self, params: Vector) -> Any:
        """The state before the first step."""
        raise NotImplementedError

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """The changed updates and the state after this step."""
        raise NotImplementedError

    def step(self, g: Vector, state: Any, params: Vector, extra: Extra) -> tuple[Vector, Any]:
        """The parameters after this step, and the state."""
        updates, state = self.update(g, state, params, extra)
        return params.each(np.add, updates), state

    def sources(self) -> list[str]:
        """The text of generated functions that `step` calls."""
        return []

    def compiled(self, threads: int) -> Core:
        """The same, with its generated functions as machine code in so many threads, where it has any."""
        if not is_dataclass(self):
            return self
        return replace(
            self, **{one.name: compiled(getattr(self, one.name), threads) for one in fields(self) if one.init}
        )


def compiled(part: Any, threads: int) -> Any:
    """A core, or cores by name, compiled; anything else as it is."""
    if isinstance(part, Core):
        return part.compiled(threads)
    if isinstance(part, Mapping):
        return {name: compiled(one, threads) for name, one in part.items()}
    return part


@dataclass(frozen=True, eq=False)
class Leafwise(Core):
    """A rule for one leaf, in the shape of the leaf.

    Attributes:
        name: what the user called.
        rule: called as `rule(g, p, *fields, **numbers)`; returns the update, or a tuple of it and the new fields.
        state_type: a named tuple. Its field `count`, if it has one, counts steps; every other is a tuple with one
            entry for each leaf.
        start: the first values of the fields for one leaf.
        numbers: the numbers of this step, by name; a function, if they are not always the same.
        needs_params: without the parameters the rule means nothing.
        check: demands that the rule can be applied to each leaf.
    """

    name: str
    rule: Callable[..., Any]
    state_type: type[Any]
    start: Callable[[np.ndarray], tuple[Any, ...]] = lambda leaf: ()
    numbers: Callable[[Step], Mapping[str, Any]] | Mapping[str, Any] = field(default_factory=dict)
    needs_params: bool = False
    check: Callable[[Layout], None] = lambda layout: None

    def init(self, params: Vector) -> Any:
        """The first values of each leaf."""
        self.check(params.layout)
        starts = [self.start(leaf) for leaf in params.leaves]
        slots = {name: tuple(start[k] for start in starts) for k, name in enumerate(self._slots)}
        return self.state_type(**({"count": 0} if "count" in self.state_type._fields else {}), **slots)

    @property
    def _slots(self) -> list[str]:
        return [name for name in self.state_type._fields if name != "count"]

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """The rule, leaf by leaf."""
        if self.needs_params and params is None:
            raise needs_params(self.name)
        counts = "count" in state._fields
        count = state.count + 1 if counts else 0
        step = Step(count, g, params, extra, state)
        numbers = self.numbers(step) if callable(self.numbers) else self.numbers
        slots = [getattr(state, name) for name in self._slots]
        leaves = params.leaves if params is not None else [None] * len(g.layout.parts)
        updates, fields = [], []
        for leaf, p, *values in zip(g.leaves, leaves, *slots, strict=True):
            found = self.rule(leaf, p, *values, **numbers)
            update, *changed = found if isinstance(found, tuple) else (found,)
            updates.append(np.asarray(update, dtype=leaf.dtype))
            fields.append([_like(self.name, old, new) for old, new in zip(values, changed, strict=True)])
        columns = (
            [tuple(column) for column in zip(*fields, strict=True)] if slots and fields else [()] * len(slots)
        )
        new = state._replace(
            **dict(zip(self._slots, columns, strict=True)), **({"count": count} if counts else {})
        )
        return Vector(g.layout, buffers=g.layout.joined(updates)), new


def _like(name: str, old: Any, new: Any) -> Any:
    """`new` in the type of `old`: NumPy makes scalars of arrays without axes.

    Raises:
        GS353: they have different shapes.
    """
    if not isinstance(old, np.ndarray):
        return new
    if old.shape != np.shape(new):
        raise foreign_state(name, "was made for other parameters")
    return np.asarray(new, dtype=old.dtype)


@dataclass(frozen=True, eq=False)
class Foreign(Core):
    """A pair of functions on trees."""

    init_tree: Callable[[Any], Any]
    update_tree: Callable[..., tuple[Any, Any]]
    name: str = "a transformation"

    def init(self, params: Vector) -> Any:
        """The state that the user's function makes."""
        return self.init_tree(params.tree())

    def update(self, g: Vector, state: Any, params: Vector | None, extra: Extra) -> tuple[Vector, Any]:
        """The user's update."""
        keywords = extra if takes_extra(self.update_tree) else {}
        tree = None if params is None else params.tree()
        updates, state = self.update_tree(g.tree(), state, tree, **keywords)
        return vector_of(g.layout, updates, "updates"), state


def takes_extra(function: Callable[..., Any]) -> bool:
    """It accepts any keyword."""
    return any(p.kind is p.VAR_KEYWORD for p in signature(function).parameters.values())


def needs_params(name: str) -> UsageError:
    """The error of a transformation that cannot do without the parameters."""
    return UsageError(
        Diagnostic(
            "GS352",
            f"`{name}` needs the parameters",
            why="its update depends on where the parameters are",
            fix="call `opt.update(grads, state, params)`, or `opt.step(params, grads, state)`",
        )
    )


def needs_keyword(name: str, keyword: str, meaning: str) -> UsageError:
    """The error of a transformation that cannot do without a further keyword."""
    return UsageError(
        Diagnostic(
            "GS352",
            f"`{name}` needs `{keyword}`, {meaning}",
            why="its update depends on it",
            fix=f"call `opt.step(params, grads, state, {keyword}=...)`",
        )
    )


def foreign_state(name: str, what: str) -> UsageError:
    """The error of a state that another optimiser, or other parameters, made."""
    return UsageError(
        Diagnostic(
            "GS353",
            f"the state passed to `{name}` {what}",
            why="a state belongs to the optimiser and to the structure of parameters that it was made for",
            fix="make it with `state = opt.init(params)`, by the same optimiser",
        )
    )


def check_buffers(layout: Layout, buffers: Any, name: str) -> None:
    """Flat arrays of a state are as long as the parameters.

    Raises:
        GS353: they are not.
    """
    if len(buffers) == 1 and buffers[0].size == layout.sizes[0] and layout.only is not None:
        return
    if tuple(map(np.size, buffers)) != layout.sizes:
        raise foreign_state(name, "was made for other parameters")
