"""Derivatives inside a function that is lowered: `grad(f)(x)` as part of a loss.

The call of a derivative object lowers its primal on the abstract arguments into a closed program, lets the
object transform it, and puts the nodes of the result in place.

In:  derivative objects and abstract arguments.   Out: abstract results.
Not here: differentiation itself (ad/, reached through the object).
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from inspect import Parameter as InspectParameter
from types import FunctionType

import libcst as cst

from gradscribe.errors import GradscribeError
from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.functions import signature_of_syntax
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.operands import as_value, raise_if_none
from gradscribe.frontend.refusal import Unresolved
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.scope import abstract_of, name_leaves
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.surroundings import contents_of, objects_in
from gradscribe.frontend.suspended import Suspended
from gradscribe.frontend.values import (
    Abstract,
    BoundMethod,
    Closure,
    DictCell,
    MaybeNone,
    PartialCall,
    Static,
    TupleValue,
    is_none,
    serial_mark,
)
from gradscribe.frontend.working_copies import working_copies
from gradscribe.ir.graph import Graph, Program, Value
from gradscribe.ir.signature import Hidden, Leaf, Parameter, Signature, Structure
from gradscribe.ir.walk import clone_nodes

CLOSURE = "__gradscribe_closure__"
# The transformations whose derivatives are lowered inside other functions.
LOWERED = "gradscribe.api.grad"


def is_derivative(target: object) -> bool:
    """An object that the interface made of a function."""
    return bool(getattr(target, "__gradscribe_derivative__", False)) and not isinstance(target, type)


def make_derivative(
    run: Lowering, node: cst.CSTNode, target: object, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract | None:
    """`grad(f, ...)` inside a function: the derivative object; None if `target` is nothing of that kind."""
    module = getattr(target, "__module__", None) or ""
    if not module.startswith("gradscribe.api.") or not isinstance(target, FunctionType):
        return None
    if module != LOWERED:
        raise run.refusal(
            node,
            "GS201",
            f"`gs.{target.__name__}` is called inside a function that is compiled",
            why="only `gs.grad` and `gs.value_and_grad` are read there",
            fix="use one of them, with create_graph=True, or call it outside and pass the result as an argument",
        )
    plain_args = [_plain(run, node, value) for value in args]
    plain_kwargs = {name: _plain(run, node, value) for name, value in kwargs.items()}
    with _placed(run, node):
        return Static(target(*plain_args, **plain_kwargs))


@contextmanager
def _placed(run: Lowering, node: cst.CSTNode) -> Iterator[None]:
    """Errors of a call of gradscribe have no place of their own: here it is that of the call."""
    try:
        yield
    except GradscribeError as error:
        place = run.location(node)
        raise type(error)([replace(d, location=d.location or place) for d in error.diagnostics]) from None


def _plain(run: Lowering, node: cst.CSTNode, value: Abstract) -> object:
    match value:
        case Static(value=found):
            return found
        case Closure() | BoundMethod() | PartialCall():
            return _stand_in(value)
        case TupleValue(items=items):
            return tuple(_plain(run, node, item) for item in items)
    return run.static_int(node, value, "an option of a transformation")


def _stand_in(value: Closure | BoundMethod | PartialCall) -> FunctionType:
    """A function object that stands for a nested function, which does not exist while lowering."""

    def nested(*args: object, **kwargs: object) -> object:
        raise TypeError("this function exists only while another one is compiled")

    if isinstance(value, Closure):
        nested.__name__ = value.name if value.name.isidentifier() else "nested"
    setattr(nested, CLOSURE, value)
    assert isinstance(nested, FunctionType)
    return nested


class ArgumentTaker(Taker):
    """Takes arguments of a derivative apart: one may differentiate by a float that is written as a literal."""

    def take(self, value: Abstract) -> Structure:
        """The structure of a value."""
        if isinstance(value, Static) and type(value.value) in (float, complex):
            return self.leaf(as_value(self.run, value, self.node))
        return super().take(value)


def call_derivative(
    run: Lowering, node: cst.CSTNode, target: object, args: Sequence[Abstract], kwargs: Mapping[str, Abstract]
) -> Abstract:
    """The result of a derivative object on abstract arguments."""
    primal = target.primal  # type: ignore[attr-defined]
    program, inputs = program_of(run, node, primal, args, kwargs)
    run.lengths.restart_if_stale()
    with _placed(run, node):
        transformed: Program = target.transform(program)  # type: ignore[attr-defined]
    entry = transformed.entry
    mapping = dict(zip(entry.body.params, inputs, strict=True))
    for made in clone_nodes(entry.body.nodes, mapping):
        run.builder.append(made)
    run.graphs.update({name: graph for name, graph in transformed.graphs.items() if name != transformed.main})
    results = [mapping[value] for value in entry.body.results]
    return abstract_of(run, entry.signature.result, results)


def program_of(
    run: Lowering, node: cst.CSTNode, primal: Callable[..., object], args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> tuple[Program, list[Value]]:  # fmt: skip
    """The closed program of a call, and the values for its parameters: argument leaves, then what it captures."""
    parameters, leaves, inner, call = _parameters(run, node, primal, args, kwargs)
    held = contents_of(run, TupleValue((*call[0], *call[1].values())))
    heap, refusals = run.heap, set(run.refusals)
    run.heap = dict(heap)
    around = Suspended(frozenset(), None, serial_mark(), node)
    run.watching.append(around)
    try:
        with run.block() as builder:
            if is_derivative(primal):
                result = call_derivative(run, node, primal, *call)
            else:
                result = run.call(run, node, getattr(primal, CLOSURE, None) or Static(primal), *call)
            if run.refusals.keys() - refusals:
                # What it returns is not known.
                raise Unresolved
            if isinstance(result, MaybeNone) and is_none(result.otherwise):
                text = f"{getattr(primal, '__name__', 'function')} returned None, which has no derivative"
                raise_if_none(run, result, node, text=text)
                result = result.value
            taker = Taker(run, node, keep_literals=False)
            structure = taker.take(result)
            changes = any(run.heap.get(cell, content) is not content for cell, content in held)
            _refuse_sharing(run, node, (*args, *kwargs.values()), around, changes=changes)
    finally:
        run.watching.remove(around)
        run.heap = heap
    captured = captured_by((builder.nodes, taker.leaves), own=inner)
    block = close(builder.nodes, taker.leaves, inner, captured)
    hidden = tuple(
        Hidden(value.hint or f"captured{k}", Leaf(len(inner) + k), run, None)
        for k, value in enumerate(captured)
    )
    name = getattr(primal, "__name__", "function")
    name = name if name.isidentifier() and name not in run.graphs else f"inner_{len(run.graphs)}"
    graph = Graph(name, Signature(tuple(parameters), structure, hidden), block, run.location(node))
    outside = working_copies(run, node, block, [*leaves, *captured])
    return Program(name, {**run.graphs, name: graph}), outside


def _refuse_sharing(
    run: Lowering, node: cst.CSTNode, args: Sequence[Abstract], around: Suspended, *, changes: bool
) -> None:
    """A function that changes what it is given, or finds around it, must not have one object at two places."""
    found = Counter(root for value in args for cell in objects_in(run, value) for root in cell.roots)
    is_twice = any(count > 1 or root in around.reads for root, count in found.items())
    if (changes and is_twice) or not around.writes.isdisjoint(found):
        raise run.refusal(
            node,
            "GS133",
            "one object is passed at two places to the derivative of a function that changes it",
            why="each is an object of its own there: what is changed in one would not be seen in the other",
            fix="pass a copy of one of them, or pass it once",
        )


def _parameters(
    run: Lowering, node: cst.CSTNode, primal: Callable[..., object], args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> tuple[list[Parameter], list[Value], list[Value], tuple[list[Abstract], dict[str, Abstract]]]:  # fmt: skip
    """Parameters with their structure, outer and inner leaves, and the arguments as the body sees them."""
    bound = _bound(run, node, primal, args, kwargs)
    taker = ArgumentTaker(run, node, keep_literals=True)
    parameters = [Parameter(name, kind, taker.take(value)) for name, kind, value in bound]
    inner = [Value(value.type, "") for value in taker.leaves]
    # An int argument that is handed on is known where it is asked for, and then known here.
    run.origins.update(
        {
            own: run.origins[value]
            for own, value in zip(inner, taker.leaves, strict=True)
            if value in run.origins
        }
    )
    positional: list[Abstract] = []
    named: dict[str, Abstract] = {}
    for parameter in parameters:
        name_leaves(parameter.structure, parameter.name, inner)
        value = abstract_of(run, parameter.structure, inner)
        if parameter.kind is InspectParameter.VAR_POSITIONAL:
            assert isinstance(value, TupleValue)
            positional.extend(value.items)
        elif parameter.kind is InspectParameter.VAR_KEYWORD:
            assert isinstance(value, DictCell)
            named.update({str(key): item for key, item in value.initial.items()})
        elif parameter.kind is InspectParameter.KEYWORD_ONLY:
            named[parameter.name] = value
        else:
            positional.append(value)
    return parameters, taker.leaves, inner, (positional, named)


def _bound(
    run: Lowering, node: cst.CSTNode, primal: Callable[..., object], args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> list[tuple[str, inspect._ParameterKind, Abstract]]:  # fmt: skip
    closure = getattr(primal, CLOSURE, None)
    if isinstance(closure, Closure):
        signature, defaults = signature_of_syntax(closure.function), dict(closure.defaults)
    else:
        signature, defaults = inspect.signature(primal, follow_wrapped=False), {}
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise bad_call(run, node, f"the derivative cannot be called so: {error}") from None
    found: list[tuple[str, inspect._ParameterKind, Abstract]] = []
    for name, parameter in signature.parameters.items():
        value = given.get(name)
        if parameter.kind is InspectParameter.VAR_POSITIONAL:
            value = TupleValue(tuple(value or ()))
        elif parameter.kind is InspectParameter.VAR_KEYWORD:
            value = DictCell(dict(value or {}))
        elif value is None:
            value = defaults.get(name) or Static(parameter.default)
        found.append((name, parameter.kind, value))
    return found
