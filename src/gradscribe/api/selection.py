"""Which arguments to differentiate: `argnums` and `argnames`.

In:  what the user wrote, and the parameters of a program.   Out: positions, checked to hold floats only.
Not here: differentiating (ad/transforms.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from inspect import Parameter as Formal
from typing import Any

from gradscribe.ad.result_structures import held_apart
from gradscribe.errors import Diagnostic, UsageError
from gradscribe.frontend.structure import part_path
from gradscribe.ir.graph import Graph, Program
from gradscribe.ir.signature import (
    Container,
    ContainerKind,
    Fixed,
    Leaf,
    Parameter,
    Signature,
    Structure,
    leaves,
)
from gradscribe.ir.types import ArrayType, ScalarType, Type, is_inexact, type_text

POSITIONAL = (Formal.POSITIONAL_ONLY, Formal.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Selection:
    """Arguments chosen by position and by name.

    Attributes:
        argnums: positions among the positional arguments; negative ones count from the end.
        argnames: names of parameters, or of keywords that `**kwargs` takes.
        single: the gradient is that of the one argument, not a tuple.
        skipped: leading arguments that the user does not count (`self` of a bound method).
    """

    argnums: tuple[int, ...]
    argnames: tuple[str, ...]
    single: bool
    skipped: int = 0

    @staticmethod
    def of(argnums: int | Sequence[int] | None, argnames: str | Sequence[str] | None) -> Selection:
        """What the user asked for; the first argument, when nothing.

        Raises:
            GS303: neither numbers nor names.
        """
        if argnums is None and argnames is None:
            argnums = 0
        positions = _as_tuple(argnums)
        names = _as_tuple(argnames)
        well_typed = all(type(n) is int for n in positions) and all(type(name) is str for name in names)
        if not well_typed or not (positions or names):
            title = f"cannot select arguments by argnums={argnums!r}, argnames={argnames!r}"
            fix = "argnums is an int or a tuple of ints, argnames a name or a tuple of names"
            raise UsageError(Diagnostic("GS303", title, fix=fix))
        both = argnums is not None and argnames is not None
        plural = isinstance(argnums, tuple | list) or isinstance(argnames, tuple | list)
        return Selection(positions, names, single=not both and not plural)

    def skipping(self, count: int) -> Selection:
        """The same arguments, counted after `count` more leading ones."""
        return replace(self, skipped=self.skipped + count)

    def positions(self, name: str, parameters: Sequence[Parameter]) -> tuple[int, ...]:
        """Positions among `parameters`, which are spread out.

        Raises:
            GS303: there is no such argument.
        """
        positional = [i for i, parameter in enumerate(parameters) if parameter.kind in POSITIONAL]
        by_name = {parameter.name: i for i, parameter in enumerate(parameters)}
        found: list[int] = []
        for number in self.argnums:
            counted = positional[self.skipped :] if self.skipped >= 0 else [-1] * -self.skipped + positional
            if not -len(counted) <= number < len(counted) or counted[number] < 0:
                raise _no_such_argument(name, f"positional argument {number}", parameters)
            found.append(counted[number])
        for argname in self.argnames:
            if argname not in by_name:
                raise _no_such_argument(name, f"argument `{argname}`", parameters)
            found.append(by_name[argname])
        return tuple(found)


def _as_tuple(chosen: object) -> tuple[Any, ...]:
    if chosen is None:
        return ()
    return tuple(chosen) if isinstance(chosen, tuple | list) else (chosen,)


def _no_such_argument(name: str, what: str, parameters: Sequence[Parameter]) -> UsageError:
    listed = ", ".join(f"`{parameter.name}`" for parameter in parameters) or "none"
    return UsageError(
        Diagnostic("GS303", f"`{name}` was not given {what}", fix=f"its arguments are {listed}")
    )


def spread_out(program: Program) -> Program:
    """The program with each part of `*args` and `**kwargs` as a parameter of its own.

    Only for differentiation, which asks of a parameter nothing but its structure: `restored` undoes it.
    """
    parameters: list[Parameter] = []
    for parameter in program.entry.signature.parameters:
        structure = parameter.structure
        if parameter.kind is Formal.VAR_POSITIONAL and isinstance(structure, Container):
            for key, child in zip(structure.keys, structure.children, strict=True):
                name = part_path(ContainerKind.TUPLE, parameter.name, key)
                parameters.append(Parameter(name, Formal.POSITIONAL_ONLY, child))
        elif parameter.kind is Formal.VAR_KEYWORD and isinstance(structure, Container):
            for key, child in zip(structure.keys, structure.children, strict=True):
                parameters.append(Parameter(str(key), Formal.KEYWORD_ONLY, child))
        else:
            parameters.append(parameter)
    return _with_parameters(program, parameters)


def restored(program: Program, parameters: Sequence[Parameter]) -> Program:
    """The program with the parameters as the user wrote them."""
    return _with_parameters(program, parameters)


def _with_parameters(program: Program, parameters: Sequence[Parameter]) -> Program:
    graph = program.entry
    signature = Signature(tuple(parameters), graph.signature.result, graph.signature.hidden)
    return program.with_graph(replace(graph, signature=signature))


def has_floats(graph: Graph, parameter: Parameter) -> bool:
    """True when some part of the parameter has a derivative."""
    return any(is_inexact(graph.body.params[leaf.index].type) for leaf in leaves(parameter.structure))


def check_differentiable(graph: Graph, parameter: Parameter) -> None:
    """Demand that a parameter is made of floats.

    Raises:
        GS312: it holds no float, or a part of it that no object holds is an integer or a bool.
    """
    if isinstance(parameter.structure, Fixed) and not isinstance(
        parameter.structure.value, int | float | complex | None
    ):
        kind = type(parameter.structure.value).__name__
        what = f"an {kind}" if kind[0] in "aeioAEIO" else f"a {kind}"
        raise _refused(graph, parameter.name, what, "choose other arguments by `argnums` or `argnames`")
    types = [value.type for value in graph.body.params]
    structure = parameter.structure
    if has_floats(graph, parameter):
        structure = held_apart(structure, graph.body.params)
    _check_part(graph, structure, parameter.name, types)


def _check_part(graph: Graph, structure: Structure, path: str, types: Sequence[Type]) -> None:
    match structure:
        case Leaf(index) if not is_inexact(types[index]):
            raise _not_float(graph, path, types[index])
        case Fixed(value) if isinstance(value, int):
            kind = "a bool" if isinstance(value, bool) else "an integer"
            raise _refused(graph, path, kind, f"pass `float({path})`")
        case Container(kind, _, keys, children):
            for key, child in zip(keys, children, strict=True):
                _check_part(graph, child, part_path(kind, path, key), types)


def _not_float(graph: Graph, path: str, type_: Type) -> UsageError:
    match type_:
        case ArrayType(dtype):
            return _refused(graph, path, f"an array of {dtype.name}", f"pass `{path}.astype(float)`")
        case ScalarType(dtype):
            kind = "a bool" if dtype.kind == "b" else "an integer"
            return _refused(graph, path, kind, f"pass `float({path})`")
        case _:
            return _refused(graph, path, type_text(type_), "pass floats")


def _refused(graph: Graph, path: str, what: str, fix: str) -> UsageError:
    title = f"cannot differentiate `{graph.name}` with respect to `{path}`, which is {what}"
    return UsageError(Diagnostic("GS312", title, graph.location, why="only floats have derivatives", fix=fix))
