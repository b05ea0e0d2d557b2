"""`GradientTransformation`: the pair of functions `init` and `update` that every optimiser is.

In:  parameters, gradients and states as trees.   Out: updates, parameters and states.
Not here: what a transformation computes (core.py and the modules of optimisers).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from gradscribe.errors import Diagnostic, UsageError
from gradscribe.optim.core import Core, Foreign, Leafwise, check_buffers
from gradscribe.optim.direct import DirectStep, direct_step
from gradscribe.optim.elementwise import Elementwise
from gradscribe.optim.followed import INNER_STEP, not_followed
from gradscribe.optim.foreign import RAISED, blamed
from gradscribe.optim.layout import MAX_LAYOUTS, Layout, layout_of
from gradscribe.optim.vector import Vector, vector_of


class GradientTransformation:
    """Turns gradients into updates: `init(params)` makes a state, `update(grads, state, params)` renews it.

    Both are pure: arguments are never modified and results share no memory with them. The updates are added to the
    parameters by `apply_updates`; `step` does both at once, in one pass where it can. A state is a nested tuple of
    numbers and arrays. Vectors in it are flat, one array for each dtype, in the order of the parameters' leaves;
    `unflatten` shows them in the structure of the parameters.

    A pair of functions of your own, on trees, is a transformation too: `GradientTransformation(init, update)`.

    Args:
        init: from parameters to a state.
        update: from gradients, state and parameters (or None) to updates and the next state. It may take `**extra`
            for keywords of `step`, such as `value=`.

    Example:
        >>> import numpy as np
        >>> import gradscribe.optim as optim
        >>> opt = optim.adam(0.1)
        >>> params = {"w": np.array([1.0, -2.0]), "b": 0.5}
        >>> state = opt.init(params)
        >>> params, state = opt.step(params, {"w": np.array([1.0, 1.0]), "b": -1.0}, state)
        >>> params
        {'w': array([ 0.9, -2.1]), 'b': 0.599999999}
    """

    __slots__ = ("_direct", "_known", "_last", "core", "init", "update")

    init: Callable[[Any], Any]
    update: Callable[..., tuple[Any, Any]]

    def __init__(self, init: Callable[[Any], Any], update: Callable[..., tuple[Any, Any]]) -> None:
        self._start(Foreign(init, update))
        self.init = init
        self.update = update

    def _start(self, core: Core) -> None:
        self.core: Core = core
        self._last: Layout | None = None
        self._direct: DirectStep | None = None
        self._known: dict[Layout, DirectStep | None] = {}

    @staticmethod
    def of(core: Core) -> GradientTransformation:
        """The transformation of trees that does to their vectors what `core` does."""
        made: GradientTransformation = object.__new__(GradientTransformation)
        made._start(core)
        made.init = made._init
        made.update = made._update
        return made

    def __iter__(self) -> Iterator[Callable[..., Any]]:
        """`init, update = opt`."""
        return iter((self.init, self.update))

    @property
    def source(self) -> str:
        """The generated functions behind `step`, one for each run of elementwise rules."""
        return "\n".join(self.core.sources())

    @not_followed("opt.init", INNER_STEP)
    def _init(self, params: Any) -> Any:
        return self.core.init(self._read(params).at_work())

    @not_followed("opt.update", INNER_STEP)
    def _update(self, grads: Any, state: Any, params: Any = None, **extra: Any) -> tuple[Any, Any]:
        given = grads if params is None else params
        read = self._read(given)
        vector = read.at_work()
        g = vector if params is None else self.core.read(vector, grads)
        try:
            updates, after = self.core.update(g, state, None if params is None else vector, extra)
        except RAISED as error:
            self._blame(error, state, vector)
            raise
        return updates.cast(read.layout).tree(), after

    @not_followed("opt.step", INNER_STEP)
    def step(self, params: Any, grads: Any, state: Any, **extra: Any) -> tuple[Any, Any]:
        """The parameters after one update, and the next state.

        Args:
            params: nested parameters.
            grads: gradients in the same structure, as `gs.grad` returns them.
            state: from `init`, or from the step before.
            extra: what some transformations need besides, such as `value=` of the loss.

        Raises:
            GS350: a part of `grads` is missing or has another shape.
            GS351: a part is not a float.
            GS353: the state is of another optimiser, or of other parameters.
        """
        if self._direct is not None:
            done = self._direct(params, grads, state, extra)
            if done is not None:
                return done
        read = self._read(params)
        # A pair of functions of the user's, alone, is called with the parameters as they are.
        p = read if isinstance(self.core, Foreign) else read.at_work()
        g = self.core.read(p, grads)
        try:
            found, after = self.core.step(g, state, p, extra)
        except RAISED as error:
            self._blame(error, state, p)
            raise
        if p.layout is not read.layout:
            return found.cast(read.layout).tree(), after
        self._direct = self._direct_for(p.layout)
        return found.tree(), after

    def _blame(self, error: Exception, state: Any, params: Vector) -> None:
        """Say that the state is another one's, if that is why the step failed."""
        found = blamed(self.core, state, params)
        if found is not None:
            raise found from error

    def _direct_for(self, layout: Layout) -> DirectStep | None:
        """The generated step for this layout, made when it is first met."""
        if layout not in self._known:
            if len(self._known) >= MAX_LAYOUTS:
                self._known.clear()
            self._known[layout] = direct_step(self.core, layout)
        return self._known[layout]

    def _read(self, params: Any) -> Vector:
        """The parameters as a vector; their layout is that of the last call, as a rule."""
        layout = self._last
        if layout is not None:
            leaves = layout.read(params)
            if leaves is not None:
                return Vector(layout, leaves=leaves)
        layout = self._last = layout_of(params)
        leaves = layout.read(params)
        assert leaves is not None
        return Vector(layout, leaves=leaves)


def elementwise(*arguments: Any, **keywords: Any) -> GradientTransformation:
    """The transformation by a rule for every number, described as `Elementwise` is."""
    return GradientTransformation.of(Elementwise(*arguments, **keywords))


def leafwise(*arguments: Any, **keywords: Any) -> GradientTransformation:
    """The transformation by a rule for every leaf, described as `Leafwise` is."""
    return GradientTransformation.of(Leafwise(*arguments, **keywords))


def core_of(transformation: Any) -> Core:
    """What a transformation does to vectors.

    Raises:
        GS354: it is not a transformation.
    """
    if isinstance(transformation, GradientTransformation):
        return transformation.core
    raise UsageError(
        Diagnostic(
            "GS354",
            f"a {type(transformation).__name__} is not a gradient transformation",
            why="optimisers are made of transformations, which are pairs of `init` and `update`",
            fix="call what makes it, as `adam(1e-3)`, or write `GradientTransformation(init, update)`",
        )
    )


@not_followed("optim.apply_updates", "write `optim.tree.add(params, updates)`")
def apply_updates(params: Any, updates: Any) -> Any:
    """The parameters plus the updates, in the structure and dtypes of the parameters.

    Raises:
        GS350: a part of `updates` is missing or has another shape.

    Example:
        >>> apply_updates({"w": 1.0}, {"w": -0.25})
        {'w': 0.75}
    """
    layout = layout_of(params)
    leaves = layout.read(params)
    moved = Vector(layout, leaves=leaves).each(np.add, vector_of(layout, updates, "updates"))
    return moved.tree()


@not_followed("optim.global_norm", "write `optim.tree.norm(tree)`")
def global_norm(tree: Any) -> float:
    """The Euclidean norm of all numbers of a tree together.

    >>> global_norm({"a": 3.0, "b": [4.0]})
    5.0
    """
    layout = layout_of(tree)
    return Vector(layout, leaves=layout.read(tree)).norm()


@not_followed("optim.flatten", "write `vector, unravel = optim.tree.ravel(tree)`")
def flatten(tree: Any) -> tuple[Any, ...]:
    """The flat arrays of a tree, one for each dtype, as states hold them.

    >>> flatten({"a": 3.0, "b": [4.0]})
    (array([3., 4.]),)
    """
    if isinstance(tree, GradientTransformation):
        title = "`flatten` was given an optimiser"
        why = "optimisers run over flat arrays as they are"
        raise UsageError(Diagnostic("GS354", title, why=why, fix="use the optimiser itself"))
    layout = layout_of(tree)
    return Vector(layout, leaves=layout.read(tree)).buffers


@not_followed("optim.unflatten", "write `vector, unravel = optim.tree.ravel(tree)`")
def unflatten(buffers: tuple[Any, ...], params: Any) -> Any:
    """Flat arrays of a state in the structure of the parameters; the leaves are copies.

    Raises:
        GS353: they were made for other parameters.

    Example:
        >>> unflatten(flatten({"a": 3.0, "b": [4.0]}), {"a": 0.0, "b": [0.0]})
        {'a': 3.0, 'b': [4.0]}
    """
    layout = layout_of(params)
    if tuple(map(np.size, buffers)) != layout.sizes or any(
        one.dtype != dtype for one, dtype in zip(buffers, layout.dtypes, strict=True)
    ):
        layout = layout.working
    check_buffers(layout, buffers, "unflatten")
    return layout.rebuild(tuple(buffer.copy() for buffer in buffers))
