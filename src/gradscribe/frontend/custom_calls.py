"""Calls of functions of the user that have rules of their own, or whose result counts as constant.

The function is lowered in place, or called as it stands where it cannot be read. Its results then go through one
`by_rule` node, which holds the rules (custom_rules.py) and is what a derivative meets first.

In:  a `CustomFunction` and abstract arguments.   Out: abstract results.
Not here: lowering the rules (custom_rules.py), applying them (ad/custom_rules.py).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from inspect import Parameter

import libcst as cst

from gradscribe.extend import CustomFunction
from gradscribe.frontend.custom_results import note_other_names
from gradscribe.frontend.custom_rules import LeafTaker, held, lower_rules
from gradscribe.frontend.defaults import default_of
from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.operands import describe
from gradscribe.frontend.scope import outside
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Cell, Static
from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import fresh
from gradscribe.ir.signature import Container, ContainerKind, Fixed, Leaf, Structure
from gradscribe.ir.types import ArrayType, ScalarType, Type, is_number, numpy_scalar
from gradscribe.ir.walk import free_values


def call_custom(
    run: Lowering,
    node: cst.CSTNode,
    target: CustomFunction,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The result of calling it."""
    if target.is_constant and not target.is_opaque:
        return _constant(run, node, target, args, kwargs)
    arguments = _bound(run, node, target, args, kwargs)
    taker = LeafTaker(run, node, keep_literals=True)
    structures = [taker.take(value) for value in arguments]
    start = len(run.builder.nodes)
    newest = Cell().serial
    heap = dict(run.heap)
    if target.is_opaque:
        value = _call_as_it_stands(run, node, target, arguments, structures, taker)
    else:
        value = run.call(run, node, Static(target.function), arguments, {})
        _refuse_writes(run, node, target, heap, newest)
    results = LeafTaker(run, node, keep_literals=False)
    structure = results.take(value)
    _check_kinds(run, node, target, results)
    if target.is_constant:
        return note_other_names(run, value, _stopped(run, node, structure, results), newest)
    read = free_values(run.builder.nodes[start:], results.leaves)
    captured = [leaf for leaf in read if leaf not in taker.leaves]
    rules, captured = lower_rules(run, node, target, (structures, taker), (structure, results), captured)
    attrs = {"rules": rules, "results": len(results.leaves), "arguments": len(taker.leaves)}
    outputs = list(run.apply(node, "by_rule", [*results.leaves, *taker.leaves, *captured], attrs))
    made = held(structure, [run.wrap(output) for output in outputs])
    return note_other_names(run, value, made, newest)


def _constant(
    run: Lowering,
    node: cst.CSTNode,
    target: CustomFunction,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The result of a function without rules, which is called like any other."""
    newest, heap = Cell().serial, dict(run.heap)
    value = run.call(run, node, Static(target.function), args, kwargs)
    _refuse_writes(run, node, target, heap, newest)
    results = LeafTaker(run, node, keep_literals=False)
    structure = results.take(value)
    _check_kinds(run, node, target, results)
    return note_other_names(run, value, _stopped(run, node, structure, results), newest)


def _stopped(run: Lowering, node: cst.CSTNode, structure: Structure, results: LeafTaker) -> Abstract:
    outputs = [run.op(node, "stop_gradient", leaf) for leaf in results.leaves]
    return held(structure, [run.wrap(output) for output in outputs])


def _bound(
    run: Lowering,
    node: cst.CSTNode,
    target: CustomFunction,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> list[Abstract]:
    """The arguments by position, defaults filled in."""
    try:
        signature = inspect.signature(target.function)
    except (TypeError, ValueError):
        signature = None
    if signature is None:
        if kwargs:
            raise bad_call(run, node, f"`{target.name}` takes its arguments by position only")
        return list(args)
    try:
        given = signature.bind(*args, **kwargs).arguments
    except TypeError as error:
        raise bad_call(run, node, f"`{target.name}` cannot be called so: {error}") from None
    found: list[Abstract] = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is Parameter.VAR_POSITIONAL:
            found.extend(given.get(name, ()))
        elif parameter.kind in (Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY):
            if name in given:
                raise run.refusal(
                    node,
                    "GS206",
                    f"`{name}` of `{target.name}` can only be given by name",
                    why="rules get the arguments of their function by position",
                    fix=f"write its parameters without `*` and `**`, so that `{name}` has a position",
                )
        elif name in given:
            found.append(given[name])
        elif inspect.isfunction(target.function):
            found.append(default_of(run, node, target.function, name, parameter.default))
    return found


def _refuse_writes(
    run: Lowering, node: cst.CSTNode, target: CustomFunction, before: Mapping[Cell, object], newest: int
) -> None:
    """A function with rules must leave what it is given as it is: its rules know nothing of a change."""
    for cell, content in run.heap.items():
        is_old = cell.serial < newest or cell.argument is not None
        if (
            is_old
            and not stays_derived(cell, before, run.heap)
            and content is not before.get(cell, getattr(cell, "initial", None))
        ):
            raise run.refusal(
                node,
                "GS206",
                f"`{target.name}`, which has rules of its own, changes an array or container of its caller",
                why="its rules state the derivative of what it returns, and nothing of what it changes",
                fix="let it work on a copy, and return that",
            )


def _check_kinds(run: Lowering, node: cst.CSTNode, target: CustomFunction, results: LeafTaker) -> None:
    for value, leaf in zip(results.abstract, results.leaves, strict=True):
        if not is_number(leaf.type):
            raise run.refusal(
                node,
                "GS206",
                f"`{target.name}` returns {describe(run, value)}",
                why="a function with rules of its own returns numbers, arrays, and containers of them",
                fix="stack the items in an array",
            )


# Functions that cannot be read


def _call_as_it_stands(
    run: Lowering,
    node: cst.CSTNode,
    target: CustomFunction,
    arguments: Sequence[Abstract],
    structures: Sequence[Structure],
    taker: LeafTaker,
) -> Abstract:
    said, structure = _result_like(run, node, target, arguments)
    types = [_believed(type_, taker.leaves) for type_ in said]
    template = tuple(template_of(run, node, target.name, part) for part in structures)
    attrs = {"function": target.function, "arguments": template, "types": tuple(types)}
    outputs = run.apply(node, "opaque_call", taker.leaves, attrs)
    found = [_checked(run, node, target, output, taker.leaves) for output in outputs]
    return held(structure, [run.wrap(value) for value in found])


def _result_like(
    run: Lowering, node: cst.CSTNode, target: CustomFunction, arguments: Sequence[Abstract]
) -> tuple[list[ScalarType | ArrayType], Structure]:
    """Types of the results, and how they are held: those of the expression `like`, whose nodes are dropped."""
    heap, run.heap = run.heap, dict(run.heap)
    try:
        with run.block():
            if target.like is None:
                value = arguments[0] if arguments else Static(None)
            else:
                like = outside(run, target.like, target, "like", "like", node)
                value = run.call(run, node, like, arguments, {})
            taker = LeafTaker(run, node, keep_literals=False)
            structure = taker.take(value)
    finally:
        run.heap = heap
    plain = isinstance(structure, Leaf) or (
        isinstance(structure, Container)
        and structure.kind is ContainerKind.TUPLE
        and len(structure.children) > 1
        and all(isinstance(child, Leaf) for child in structure.children)
    )
    if not plain or not all(is_number(leaf.type) for leaf in taker.leaves):
        raise run.refusal(
            node,
            "GS206",
            f"the `like` of `{target.name}` gives {describe(run, value)}",
            why="a function that cannot be read returns a number, an array, or a tuple of several of them",
            fix=f"gs.primitive({target.name}, like=lambda x: x) says that the result is like x",
        )
    return [leaf.type for leaf in taker.leaves if isinstance(leaf.type, ScalarType | ArrayType)], structure


def template_of(run: Lowering, node: cst.CSTNode, name: str, structure: Structure) -> object:
    """An argument of the function of this name, as a template over its leaves."""
    match structure:
        case Leaf(index):
            return Input(index)
        case Fixed(value=value) if isinstance(value, str | bytes | bool | int | float | complex | None):
            return value
        case Container(ContainerKind.TUPLE, _, _, children):
            return tuple(template_of(run, node, name, child) for child in children)
        case Container(ContainerKind.LIST, _, _, children):
            return [template_of(run, node, name, child) for child in children]
    raise run.refusal(
        node,
        "GS206",
        f"`{name}`, which cannot be read, is given something other than numbers and arrays",
        why="what exists only while code is generated cannot be passed to it",
        fix="pass numbers, text, arrays, and tuples or lists of them",
    )


def _believed(type_: ScalarType | ArrayType, leaves: Sequence[Value]) -> Type:
    """The type without lengths that the result cannot be checked for; compiled code may give NumPy scalars."""
    if isinstance(type_, ScalarType):
        return numpy_scalar(type_.dtype)
    if _twin(type_, leaves) is not None:
        return type_
    return ArrayType(type_.dtype, tuple(n if n.constant is not None else fresh() for n in type_.shape))


def _twin(type_: ArrayType, leaves: Sequence[Value]) -> int | None:
    """Which of the arrays has the shape of a result."""
    shapes = [leaf.type.shape for leaf in leaves if isinstance(leaf.type, ArrayType)]
    return shapes.index(type_.shape) if type_.shape in shapes else None


def _checked(
    run: Lowering, node: cst.CSTNode, target: CustomFunction, output: Value, leaves: Sequence[Value]
) -> Value:
    """A result that is checked at run time."""
    type_ = output.type
    assert isinstance(type_, ArrayType | ScalarType)
    attrs: dict[str, object] = {"name": target.name, "dtype": type_.dtype.name, "shape": ()}
    if isinstance(type_, ArrayType):
        attrs["shape"] = tuple(length.constant for length in type_.shape)
        twin = _twin(type_, leaves)
        if twin is not None:
            attrs["same_as"] = twin
    arrays = [leaf for leaf in leaves if isinstance(leaf.type, ArrayType)]
    return run.apply(node, "checked", (output, *arrays), attrs)[0]
