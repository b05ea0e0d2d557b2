"""Reverse mode in two halves: `vjp` evaluates a function and returns its pullback.

In:  a function and a point.   Out: (value, `Pullback`).
Not here: what is saved between the halves (ad/residuals.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gradscribe.api.selection import (
    POSITIONAL,
    has_floats,
    restored,
    spread_out,
)
from gradscribe.api.states import specialisations_of
from gradscribe.api.target import target_of
from gradscribe.api.trees import GRADIENT, fitted
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import STATIC_TYPES, attributes
from gradscribe.ir.graph import Graph, Program
from gradscribe.ir.signature import Container, Leaf, Structure
from gradscribe.ir.types import is_inexact, shape_of, type_text

if TYPE_CHECKING:
    from gradscribe.compiler.pipeline import Compiled


def vjp(function: Callable[..., Any], *primals: Any) -> tuple[Any, Pullback]:
    """Evaluate `function` and return the transpose of its Jacobian at `primals`.

    For y = f(x) the pullback maps a cotangent ȳ to x̄ = Jᵀ ȳ without forming J.

    Args:
        function: takes numbers, arrays, and containers of them; the result may have any structure.
        *primals: the point of evaluation.

    Returns:
        y, and the pullback.

    Raises:
        GS203: the call reaches an operation that has no derivative.

    Example:
        >>> def square(x):
        ...     return x * x
        >>> y, pullback = vjp(square, 3.0)
        >>> y, pullback()
        (9.0, (6.0,))

    References:
        Griewank & Walther, Evaluating Derivatives, 2nd ed., section 3.2.
    """
    target = target_of(function)
    name, skipped = target.derived_name("vjp"), len(target.args)
    transformation = PullbackTransformation(name, skipped)
    specialisations = specialisations_of(target.function, ("vjp", skipped), transformation, name)
    compiled, args, kwargs, hidden = specialisations.entry(*target.args, *primals, **dict(target.kwargs))
    value, saved = compiled.run(compiled.program.main, *args, **kwargs, **hidden)
    # The caller may change its arrays in place before the pullback is called.
    saved = owned(saved, list(arrays_in([args, kwargs, hidden, value])))
    return value, Pullback(compiled, name, skipped, len(primals), value, saved)


@dataclass(frozen=True, slots=True)
class PullbackTransformation:
    """Program of a function -> program of `name`_forward and `name`_pullback.

    Attributes:
        name: start of both names.
        skipped: leading arguments that are bound: not differentiated.
    """

    name: str
    skipped: int

    def __call__(self, program: Program) -> Program:
        """The program of both halves."""
        # Differentiation loads when the first function is compiled.
        from gradscribe.ad.transforms import split_vjp
        from gradscribe.passes.pipelines import optimise

        spread = spread_out(program)
        result = split_vjp(
            spread, differentiated(spread.entry, self.skipped), name=self.name, simplify=optimise
        )
        return restored(result, program.entry.signature.parameters)


def differentiated(graph: Graph, skipped: int) -> tuple[int, ...]:
    """Positions of the positional parameters that hold floats."""
    parameters = graph.signature.parameters
    found = []
    counted = [i for i, parameter in enumerate(parameters) if parameter.kind in POSITIONAL][skipped:]
    for position in counted:
        if has_floats(graph, parameters[position]):
            found.append(position)
    return tuple(found)


def arrays_in(value: object) -> Iterator[np.ndarray]:
    """Every array in nested containers, which may contain themselves."""
    seen: set[int] = set()
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, np.ndarray):
            yield part
        elif id(part) not in seen and not isinstance(part, STATIC_TYPES):
            seen.add(id(part))
            items = (
                part if isinstance(part, tuple | list) else part.values() if isinstance(part, dict) else ()
            )
            pending.extend(items or attributes(part).values())


def owned(saved: object, foreign: Sequence[np.ndarray]) -> object:
    """Saved values with copies in place of arrays that may share memory with a foreign one."""
    match saved:
        case np.ndarray() if any(np.may_share_memory(saved, array) for array in foreign):
            return saved.copy(order="K")
        case tuple():
            return tuple(owned(part, foreign) for part in saved)
        case list():
            return [owned(part, foreign) for part in saved]
    return saved


class Pullback:
    """Maps a cotangent of a function's value to cotangents of its arguments, at one point.

    What it needs of the evaluation is saved, and freed by the first call.
    """

    def __init__(
        self, compiled: Compiled, name: str, skipped: int, count: int, value: object, saved: object
    ) -> None:
        self._compiled = compiled
        self._name = name
        self._skipped = skipped
        self._count = count
        self._value = value
        self._saved = saved

    @property
    def source(self) -> str:
        """Source of both halves, as they run."""
        return self._compiled.loaded.text

    def __call__(self, gradient: Any = None, retain_graph: bool = False) -> tuple[Any, ...]:
        """Pull a cotangent back.

        Args:
            gradient: the cotangent, in the structure and shapes of the value. 1 by default, for a scalar value.
            retain_graph: keep what is saved, for further calls.

        Returns:
            One cotangent for each argument; None for those without floats.

        Raises:
            GS314: the value is not a scalar, so there is no default cotangent.
            GS315: it was called before, without `retain_graph=True`.
            GS316: the cotangent does not fit the value.
        """
        if self._saved is None:
            raise _freed()
        structure = self._compiled.lowered.program.entry.signature.result
        if gradient is None:
            gradient = self._default_gradient(structure)
        seed = fitted(structure, self._value, gradient, GRADIENT, "gradient")
        pulled = self._compiled.run(f"{self._name}_pullback", self._saved, seed)
        if not retain_graph:
            self._saved = self._value = None
        return self._in_order(pulled)

    def _default_gradient(self, structure: Structure) -> float:
        graph = self._compiled.lowered.program.entry
        shown = structure.type.__name__ if isinstance(structure, Container) else "static"
        if isinstance(structure, Leaf):
            type_ = graph.body.results[structure.index].type
            shown = type_text(type_)
            if is_inexact(type_) and shape_of(type_) == ():
                return 1.0
        raise UsageError(
            Diagnostic(
                "GS314",
                f"the pullback of `{graph.name}` needs a gradient, because the value is {shown}",
                why="only a scalar has a default cotangent, 1",
                fix="pass one with the shape of the value, such as `pullback(np.ones_like(value))`",
            )
        )

    def _in_order(self, pulled: object) -> tuple[Any, ...]:
        """One entry an argument, None for those that were not differentiated."""
        assert isinstance(pulled, tuple)
        graph = spread_out(self._compiled.lowered.program).entry
        parameters = graph.signature.parameters
        counted = [i for i, parameter in enumerate(parameters) if parameter.kind in POSITIONAL]
        found = dict(zip(differentiated(graph, self._skipped), pulled, strict=True))
        wanted = counted[self._skipped : self._skipped + self._count]
        return tuple(found.get(position) for position in wanted)


def _freed() -> UsageError:
    return UsageError(
        Diagnostic(
            "GS315",
            "the pullback was called before, and what it had saved is freed",
            why="saved values may be large",
            fix="call it with `retain_graph=True` each time but the last",
        )
    )
