"""Calls of operations that a function in Python models: the library computes the value, the model says what it is.

In:  an entry with a model, abstract arguments.   Out: nodes whose attribute `model` is the lowered model.
Not here: the entries (ops/), the models (ops/written/), what derivatives do with a model (ops/composite.py, ad/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter

import libcst as cst

from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.custom_calls import template_of
from gradscribe.frontend.custom_rules import held
from gradscribe.frontend.node_arguments import KNOWN_NOW
from gradscribe.frontend.operands import as_operand, present
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_list
from gradscribe.frontend.table_calls import as_returned, bind_arguments
from gradscribe.frontend.values import Abstract, ArrayCell, ListCell, Number, Static, TupleValue
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.signature import Leaf, Structure
from gradscribe.ir.types import ArrayType, ScalarType, Type
from gradscribe.ops.spec import Composite, OpSpec, Spelling, written


def call_modelled(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The results of the library's function."""
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    taker = Taker(run, node, keep_literals=True)
    structures: dict[str, Structure] = {}
    for name, value in bound.items():
        parameter = spec.parameters.parameters[name]
        structures[name] = taker.take(_as_argument(run, node, spec, parameter, value))
    _refuse_kinds(run, node, spec, spelling, taker.leaves)
    model, plain = _lowered(run, node, spec, spelling, structures, taker.leaves)
    attrs: dict[str, object] = {"model": model}
    for name, structure in structures.items():
        attrs[name] = template_of(run, node, spelling.name, structure)
    outputs = run.apply(node, spec, taker.leaves, attrs, spelling)
    if plain and not spec.returns_tuple:
        return run.wrap(outputs[0])
    return as_returned(spec, [run.wrap(output) for output in outputs])


def _as_argument(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, parameter: Parameter, value: Abstract
) -> Abstract:
    """The argument as the library sees it: sequences of numbers are arrays, what chooses code is known.

    An option stays what it is: a pair is no array of two numbers.
    """
    value = present(run, value, node)
    if isinstance(value, Number) and parameter.name in KNOWN_NOW:
        what = f"`{parameter.name}` of `{written(spec)}`"
        return Static(run.static_int(node, value, what))
    if spec.nested or parameter.name in spec.options or not isinstance(value, TupleValue | ListCell):
        return value
    is_array = parameter.default is Parameter.empty or _has_numbers(run, node, value)
    return run.wrap(as_operand(run, value, node)) if is_array else value


def _refuse_kinds(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, leaves: Sequence[Value]
) -> None:
    """Refuse the kinds of numbers for which the model does not say what the library computes."""
    if spec.double_only and any(_is_single(leaf.type) for leaf in leaves):
        raise run.refusal(
            node,
            "GS204",
            f"`{written(spec, spelling)}` is called with numbers of single precision",
            why="the dtype of its result then depends on how many there are, or on what is an array",
            fix="convert them with .astype(float)",
        )
    if spec.real_only and any(_is_complex(leaf.type) for leaf in leaves):
        raise run.refusal(
            node,
            "GS204",
            f"`{written(spec, spelling)}` is called with complex numbers",
            why="it is made for real numbers: imaginary parts are lost",
            fix="pass real numbers, np.real(x)",
        )


def _is_single(type_: Type) -> bool:
    return isinstance(type_, ScalarType | ArrayType) and type_.dtype.name in (
        "float16",
        "float32",
        "complex64",
    )


def _is_complex(type_: Type) -> bool:
    return isinstance(type_, ScalarType | ArrayType) and type_.dtype.kind == "c"


def _has_numbers(run: Lowering, node: cst.CSTNode, value: Abstract) -> bool:
    """Whether a sequence holds something that is known at run time only."""
    value = present(run, value, node)
    if isinstance(value, ListCell):
        content = read_list(run, value, node)
        if not isinstance(content, tuple):
            return True
        return any(_has_numbers(run, node, item) for item in content)
    if isinstance(value, TupleValue):
        return any(_has_numbers(run, node, item) for item in value.items)
    return isinstance(value, ArrayCell | Number)


def _lowered(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    structures: Mapping[str, Structure],
    leaves: Sequence[Value],
) -> tuple[Block, bool]:
    """The model for arguments of these kinds, as a closed block, and whether it returns one value."""
    assert isinstance(spec.form, Composite) and spec.form.model is not None
    params = [Value(value.type, value.hint) for value in leaves]
    given = [run.wrap(param) for param in params]
    arguments = {name: held(structure, given) for name, structure in structures.items()}
    heap, refusals, statement_builder = run.heap, run.refusals, run.statement_builder
    # The whole of the model is reached: where it only raises, it is refused.
    run.heap, run.refusals, run.statement_builder = dict(heap), {}, None
    try:
        with run.block() as builder:
            result = run.call(run, node, Static(spec.form.model), (), arguments)
            taker = Taker(run, node, keep_literals=False)
            if not run.refusals:
                structure = taker.take(result)
    except Refusal as refusal:
        run.keep(refusal)
    finally:
        found = next(iter(run.refusals.values()), None)
        run.heap, run.refusals, run.statement_builder = heap, refusals, statement_builder
    if found is not None:
        raise run.refusal(
            node,
            "GS204",
            f"this use of `{written(spec, spelling)}` is not supported",
            why=f"{found.diagnostic.title}: {found.diagnostic.why}",
            fix="state the derivative of the call: `gs.primitive` with `defvjp` or `defjvp`",
        )
    captured = captured_by((builder.nodes, taker.leaves), own=params)
    assert not captured, f"the model of {spec.name} reads {captured}"
    return close(builder.nodes, taker.leaves, params, ()), isinstance(structure, Leaf)
