"""Forward mode: `jvp` evaluates a function and its derivative in a direction.

In:  a function, a point and a direction.   Out: (value, tangent).
Not here: rules (the operation table), differentiating programs (ad/transforms.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from inspect import Parameter as Formal
from typing import Any

from gradscribe.api.selection import (
    POSITIONAL,
    has_floats,
    restored,
    spread_out,
)
from gradscribe.api.states import specialisations_of
from gradscribe.api.target import Target, target_of
from gradscribe.api.trees import TANGENT, fitted
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.arguments import formals_of
from gradscribe.ir.graph import Graph, Program
from gradscribe.ir.signature import Parameter


def jvp(function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """Evaluate `function` and its derivative in the direction `tangents`.

    For y = f(x) and a direction ẋ the tangent is ẏ = J ẋ, computed along with y.

    Args:
        function: takes numbers, arrays, and containers of them; the result may have any structure.
        primals: the arguments, in a tuple or list.
        tangents: the direction, one tangent for each argument, in its structure and shapes; None for an argument
            that is held.

    Returns:
        y and ẏ; ẏ has the structure, shapes and dtypes of y.

    Raises:
        GS316: a tangent does not fit its argument.

    Example:
        >>> jvp(lambda x, y: x * y, (3.0, 4.0), (1.0, 0.0))
        (12.0, 4.0)

    References:
        Griewank & Walther, Evaluating Derivatives, 2nd ed., section 3.1.
    """
    target = target_of(function)
    return push(target, primals, tangents, target.derived_name("jvp"))


def push(
    target: Target,
    primals: Sequence[Any],
    tangents: Sequence[Any],
    name: str,
    before: Callable[[Program], Program] | None = None,
) -> tuple[Any, Any]:
    """Value and tangent of a function, or of what `before` makes of its program.

    Args:
        target: the function.
        primals: its arguments.
        tangents: the direction.
        name: of what is generated; different for each kind of `before`.
        before: a transformation of the function's program.
    """
    _check_lengths(primals, tangents)
    skipped = len(target.args)
    directions = (*(None for _ in target.args), *tangents)
    varied = tuple(position for position, tangent in enumerate(directions) if tangent is not None)
    transformation = PushforwardTransformation(name, varied, before)
    # Whether there is one argument decides the structure of what `before` makes.
    key = (name, varied, skipped, len(primals))
    specialisations = specialisations_of(target.function, key, transformation, name)
    arguments = (*target.args, *primals)
    compiled, args, kwargs, hidden = specialisations.entry(*arguments, **dict(target.kwargs))
    graph = spread_out(compiled.lowered.program).entry
    seeds = []
    for number, position in zip(varied, transformation.positions(graph), strict=True):
        parameter = graph.signature.parameters[position]
        path = f"tangents[{number - skipped}]"
        seed = fitted(parameter.structure, arguments[number], directions[number], TANGENT, path)
        if has_floats(graph, parameter):
            seeds.append(seed)
    bound = formals_of(target.function).bind(*args, **kwargs)
    bound.apply_defaults()
    result = compiled.run(name, *bound.arguments.values(), *seeds, **hidden)
    assert isinstance(result, tuple)
    return result


@dataclass(frozen=True, slots=True)
class PushforwardTransformation:
    """Program of a function -> program (primals, tangents) -> (value, tangent).

    Attributes:
        name: of the graph.
        varied: the positional arguments that have a tangent.
        before: applied to the program first.
    """

    name: str
    varied: tuple[int, ...]
    before: Callable[[Program], Program] | None = None

    def __call__(self, program: Program) -> Program:
        """The program of the pushforward; all its parameters are positional, tangents come last."""
        # Differentiation loads when the first function is compiled.
        from gradscribe.ad.transforms import pushforward

        if self.before is not None:
            program = self.before(program)
        spread = spread_out(program)
        parameters = spread.entry.signature.parameters
        wrt = [i for i in self.positions(spread.entry) if has_floats(spread.entry, parameters[i])]
        result = pushforward(spread, wrt, name=self.name)
        tangents = result.entry.signature.parameters[len(parameters) :]
        plain = [
            replace(parameter, kind=Formal.POSITIONAL_OR_KEYWORD, default=None)
            for parameter in program.entry.signature.parameters
        ]
        return restored(result, [*plain, *named_apart(tangents, plain)])

    def positions(self, graph: Graph) -> tuple[int, ...]:
        """Positions of the varied arguments among parameters that are spread out."""
        counted = [
            i for i, parameter in enumerate(graph.signature.parameters) if parameter.kind in POSITIONAL
        ]
        return tuple(counted[number] for number in self.varied)


def named_apart(parameters: Sequence[Parameter], taken: Sequence[Parameter]) -> list[Parameter]:
    """The parameters under names that are identifiers, and not those of others."""
    names = {parameter.name for parameter in taken}
    renamed = []
    for parameter in parameters:
        name = "".join(c if c.isalnum() else "_" for c in parameter.name)
        while name in names:
            name += "_"
        names.add(name)
        renamed.append(replace(parameter, name=name))
    return renamed


def _check_lengths(primals: Sequence[Any], tangents: Sequence[Any]) -> None:
    for name, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, tuple | list):
            fix = f"write `({name},)` for a single one"
            raise UsageError(Diagnostic("GS316", f"{name} must be a tuple or list of arguments", fix=fix))
    if len(primals) != len(tangents):
        title = f"there are {len(primals)} primals, but {len(tangents)} tangents"
        raise UsageError(Diagnostic("GS316", title, fix="pass None for an argument that is held"))
