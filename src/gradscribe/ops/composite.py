"""Operations that are made of simpler ones: their types and derivatives are those of a body of nodes.

A body is written as the function would be in NumPy, with nodes in place of calls:

    def _trapezoid(b, y, dx=1.0): ...    # b.op("sum", b.op("mul", dx, ...))

Where the body is more than a few nodes, it is a function in Python, the model: see `modelled`.

In:  a body or a model.   Out: `OpSpec` with the form `Composite`; `body_of`, the block that a node stands for.
Not here: taking the derivative of a body (ad/), the bodies (the modules of those entries), the models (written/),
lowering a model (frontend/modelled.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from inspect import Parameter, signature
from types import FunctionType, MappingProxyType
from typing import Any, NoReturn

import numpy as np

from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.template import fill
from gradscribe.ir.types import ArrayType, ScalarType, Type, dtype_of, is_inexact, numpy_scalar
from gradscribe.ir.walk import as_derivative, clone_nodes
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import entry
from gradscribe.ops.promotion import promote
from gradscribe.ops.spec import Composite, OpSpec, Reason, Spelling, TypeRule

Body = Callable[..., Value | tuple[Value, ...]]
NO_RESULT: Mapping[int, str] = MappingProxyType({})


def composite(
    name: str,
    spellings: str,
    parameters: str,
    body: Body,
    doc: str,
    *,
    why: Reason,
    types: TypeRule | None = None,
    **fields: Any,
) -> OpSpec:
    """An operation made of simpler ones; its types are those of the body unless given."""
    form = Composite(body=body, why=why)
    made: list[OpSpec] = []

    def types_of_body(
        given: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
    ) -> tuple[Type, ...]:
        inputs = [Value(type_) for type_ in given]
        return tuple(value.type for value in _build(OpBuilder(), made[0], inputs, attrs))

    made.append(entry(name, spellings, parameters, form, types or types_of_body, doc, **fields))
    return made[0]


def modelled(
    name: str,
    spellings: str,
    parameters: str,
    model: Callable[..., Any],
    doc: str,
    *,
    why: Reason,
    precise_as: Mapping[int, str] = NO_RESULT,
    weak_is_double: bool = False,
    **fields: Any,
) -> OpSpec:
    """An operation that is made of what a function in Python calls; parameters of both are called the same.

    Its types, too, are those of the function: a NumPy scalar where the library gives one. Constants make what the
    model computes double, though; `precise_as` names, for results that the library gives in the precision of
    arguments, these arguments. With `weak_is_double`, numbers of Python among them count as double.
    """

    def types_of_model(
        given: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling
    ) -> tuple[Type, ...]:
        types = [result.type for result in _model(attrs).results]
        for place, names in precise_as.items():
            arguments = [fill(attrs.get(name), given) for name in names.split()]
            if weak_is_double and any(map(_is_weak, arguments)):
                continue
            if promote(_numbers_in(arguments)).name in ("float32", "complex64"):
                types[place] = _single(types[place])
        return tuple(types)

    form = Composite(model=model, why=why)
    fields.setdefault("operands", ())
    return entry(name, spellings, parameters, form, types_of_model, doc, **fields)


def _numbers_in(argument: object) -> list[Type]:
    """The types of the numbers and arrays in arguments."""
    if isinstance(argument, tuple | list):
        return [type_ for part in argument for type_ in _numbers_in(part)]
    return [argument] if isinstance(argument, ScalarType | ArrayType) else []


def _is_weak(argument: object) -> bool:
    return isinstance(argument, int | float) or (isinstance(argument, ScalarType) and argument.python)


def _single(type_: Type) -> Type:
    """The type in single precision, for what is a float or complex number of NumPy's."""
    if not isinstance(type_, ScalarType | ArrayType) or type_.dtype.kind not in "fc":
        return type_
    dtype = np.dtype(np.complex64 if type_.dtype.kind == "c" else np.float32)
    return ArrayType(dtype, type_.shape) if isinstance(type_, ArrayType) else numpy_scalar(dtype)


def written_out(
    name: str,
    spellings: str,
    function: Callable[..., Any],
    doc: str,
    **fields: Any,
) -> OpSpec:
    """A function that is lowered from its text here, as the user's are: it never becomes a node."""
    assert isinstance(function, FunctionType), name
    return entry(
        name,
        spellings,
        ", ".join(map(str, plain_parameters(function))),
        Composite(why="what the function is written as"),
        _never_a_node,
        doc,
        operands=(),
        written=function,
        written_if=lambda given: True,
        **fields,
    )


def plain_parameters(function: FunctionType) -> list[Parameter]:
    """The parameters of a function, without annotations."""
    return [
        parameter.replace(annotation=Parameter.empty) for parameter in signature(function).parameters.values()
    ]


def _never_a_node(*_: object) -> NoReturn:
    raise AssertionError("it is lowered as what it is written as")


def _model(attrs: Mapping[str, object]) -> Block:
    model = attrs["model"]
    assert isinstance(model, Block)
    return model


def is_modelled(spec: OpSpec) -> bool:
    """Whether a function in Python says what the operation computes."""
    return isinstance(spec.form, Composite) and spec.form.model is not None


def is_written_out(spec: OpSpec) -> bool:
    """Whether calls of it are lowered from a text and never become nodes."""
    return isinstance(spec.form, Composite) and spec.form.body is None and spec.form.model is None


def _placed_model(b: OpBuilder, node: Node) -> Block:
    """The model of a node, over its inputs."""
    model = _model(node.attrs)
    mapping: dict[Value, Value] = dict(zip(model.params, node.inputs, strict=True))
    nodes = [replace(as_derivative(made), location=b.location) for made in clone_nodes(model.nodes, mapping)]
    own = OpBuilder(derivative=True, location=b.location, literals=b.literals)
    results = [
        _converted(own, mapping.get(value, value), output.type)
        for value, output in zip(model.results, node.outputs, strict=True)
    ]
    return Block(node.inputs, (*nodes, *own.nodes), tuple(results))


def body_of(b: OpBuilder, node: Node) -> Block:
    """What a node computes, as a block over its inputs, made of derivative nodes at the place of `b`.

    The results have the types of the outputs: an entry may know lengths that its body does not show.
    """
    assert isinstance(node.op, OpSpec)
    if is_modelled(node.op):
        return _placed_model(b, node)
    own = OpBuilder(derivative=True, location=b.location, literals=b.literals)
    made = _build(own, node.op, node.inputs, node.attrs)
    results = [
        _converted(own, result, output.type) for result, output in zip(made, node.outputs, strict=True)
    ]
    known = {
        result: Value(output.type, result.hint)
        for result, output in zip(results, node.outputs, strict=True)
        if result not in node.inputs and result.type != output.type
    }
    nodes = tuple(_renamed(made, known) for made in own.nodes) if known else tuple(own.nodes)
    return Block(node.inputs, nodes, tuple(known.get(result, result) for result in results))


def _converted(b: OpBuilder, result: Value, wanted: Type) -> Value:
    """The result in the precision that the library gives."""
    if not (is_inexact(result.type) and is_inexact(wanted)) or dtype_of(result.type) == dtype_of(wanted):
        return result
    return b.op("astype", result, dtype=dtype_of(wanted))


def _renamed(node: Node, known: Mapping[Value, Value]) -> Node:
    inputs = tuple(known.get(value, value) for value in node.inputs)
    return replace(node, inputs=inputs, outputs=tuple(known.get(value, value) for value in node.outputs))


def _build(
    b: OpBuilder, spec: OpSpec, inputs: Sequence[Value], attrs: Mapping[str, object]
) -> tuple[Value, ...]:
    """Build the body of an operation on these inputs; its outputs."""
    assert isinstance(spec.form, Composite) and spec.form.body is not None, spec
    names = [name for name in spec.operands if name not in attrs]
    arguments: dict[str, Any] = dict(zip(names, inputs, strict=False))
    for name, template in attrs.items():
        if name != "spelling" and not (name in spec.operands and template is None):
            arguments[name] = fill(template, inputs)
    rest = [p.name for p in spec.parameters.parameters.values() if p.kind is Parameter.VAR_POSITIONAL]
    arguments.update({name: inputs[len(names) :] for name in rest})
    results = spec.form.body(b, **arguments)
    return results if isinstance(results, tuple) else (results,)
