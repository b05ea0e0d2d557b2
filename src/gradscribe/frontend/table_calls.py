"""Calls of operations of the table: binding arguments as the entry's signature says.

In:  an entry, a spelling, abstract arguments.   Out: nodes and abstract results.
Not here: which callable means which entry (ops/table.py), user functions (functions.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import Parameter

import libcst as cst
import numpy as np

from gradscribe.frontend.entries import taken_for_empty
from gradscribe.frontend.entry_choice import means_its_text, meant
from gradscribe.frontend.layout import sharing_of
from gradscribe.frontend.library_arguments import dtype_of_argument, is_default
from gradscribe.frontend.node_arguments import NodeArguments
from gradscribe.frontend.operands import as_operand
from gradscribe.frontend.options import settled
from gradscribe.frontend.partly_filled import as_list
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import maybe_view, new_view, read_array, read_list
from gradscribe.frontend.values import (
    Abstract,
    ArrayCell,
    DictCell,
    ListCell,
    RangeValue,
    Static,
    TupleValue,
    View,
    is_none,
)
from gradscribe.frontend.write_backs import read_only, write_back_of
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, SequenceType, Type, shape_of
from gradscribe.ops.composite import is_written_out
from gradscribe.ops.spec import Aliasing, OpSpec, Spelling, SpellingKind, function, written
from gradscribe.ops.table import lookup, resolve


def apply_operation(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract:
    """The result of an operation on abstract arguments."""
    if spec.written is not None and means_its_text(run, spec, args, kwargs):
        if is_written_out(spec):
            bind_arguments(run, node, spec, spelling, args, kwargs)
        found = run.call(run, node, Static(spec.written), args, kwargs)
        return (
            as_returned(spec, found.items) if isinstance(found, TupleValue) and spec.result_class else found
        )
    args = [as_list(run, node, arg) for arg in args]
    asked, spec = spec, meant(spec, args, kwargs)
    if spec is not asked and is_written_out(spec):
        return apply_operation(run, node, spec, spelling, args, kwargs)
    if spec.name in ("array", "asarray") and args and _is_empty(run, args[0], node):
        return run.call(run, node, Static(np.zeros), (Static(0), *args[1:]), kwargs)
    if spec.nested and args and isinstance(args[0], RangeValue):
        args = (run.wrap(as_operand(run, args[0], node)), *args[1:])
    if spec.variadic and spec.signature.startswith("*"):
        args = [_array_of_list(run, node, arg) for arg in args]
    listed = _of_run_time_list(run, node, spec, spelling, args, kwargs)
    if listed is not None:
        return listed
    bound = bind_arguments(run, node, spec, spelling, args, kwargs)
    arguments = NodeArguments.of(run, node, spec, spelling, bound)
    try:
        outputs = arguments.apply()
    except Refusal:
        if not arguments.would_do_if_known():
            raise
        arguments = NodeArguments.of(run, node, spec, spelling, bound, asks=True)
        outputs = arguments.apply()
    results = _aliased(run, node, spec, spelling, list(bound.values()), arguments, outputs)
    if len(results) == 1 and not spec.returns_tuple:
        return results[0]
    return as_returned(spec, results) if results else Static(None)


def as_returned(spec: OpSpec, results: Sequence[Abstract]) -> TupleValue:
    """Several results as the function returns them: in a tuple, of its own class if it has one."""
    cls = resolve(spec.result_class) if spec.result_class else None
    if not isinstance(cls, type):
        return TupleValue(tuple(results))
    return TupleValue(tuple(results), cls, cls._fields)  # type: ignore[attr-defined]


def _is_empty(run: Lowering, value: Abstract, node: cst.CSTNode) -> bool:
    """A list or tuple without items, of which NumPy makes an array of floats."""
    if isinstance(value, TupleValue):
        return not value.items
    content = read_list(run, value, node) if isinstance(value, ListCell) else None
    return content == () or taken_for_empty(run, node, content)


def bind_arguments(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> dict[str, Abstract]:
    """Arguments by parameter name, in the order of the signature; those left at their default are left out."""
    _refuse_keywords(run, node, spec, spelling, kwargs)
    if spec.packed and spelling.kind is SpellingKind.METHOD and len(args) > 2:
        args = [args[0], TupleValue(tuple(args[1:]))]
    try:
        bound = spec.parameters.bind(*args, **kwargs)
    except TypeError as error:
        accepted = ", ".join(spec.parameters.parameters)
        further = [name for name in kwargs if name not in spec.parameters.parameters]
        if further:
            title = f"the keyword `{further[0]}` of `{written(spec, spelling)}` is not supported"
        else:
            title = f"`{written(spec, spelling)}` is called with arguments that are not supported: {error}"
        raise run.refusal(
            node,
            "GS204",
            title,
            why=f"the operation takes {accepted}",
            fix="leave the others at their defaults",
        ) from None
    found: dict[str, Abstract] = {}
    for name, value in bound.arguments.items():
        parameter = spec.parameters.parameters[name]
        if parameter.kind is Parameter.VAR_POSITIONAL:
            found[name] = TupleValue(tuple(value))
        elif parameter.kind is Parameter.VAR_KEYWORD:
            found[name] = DictCell(dict(value))
        elif not is_default(value, parameter):
            listed = name in spec.options
            found[name] = settled(run, node, spec, spelling, name, value) if listed else value
    for name in spec.options.keys() - bound.arguments.keys():
        settled(run, node, spec, spelling, name, Static(spec.parameters.parameters[name].default))
    return found


def _refuse_keywords(
    run: Lowering, node: cst.CSTNode, spec: OpSpec, spelling: Spelling, kwargs: Mapping[str, Abstract]
) -> None:
    for name, value in kwargs.items():
        why = spec.why_refused(name)
        if why is None:
            continue
        if isinstance(value, Static) and value.value is None:
            continue
        says_instead = why.startswith("use ")
        raise run.refusal(
            node,
            "GS204",
            f"the keyword `{name}` of `{written(spec, spelling)}` is not supported",
            why="what it asks for has another name" if says_instead else why,
            fix=why if says_instead else "leave it out",
        )


def _aliased(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    bound: Sequence[Abstract],
    arguments: NodeArguments,
    outputs: Sequence[Value],
) -> tuple[Abstract, ...]:
    """The results as objects: new, views of an operand, or the first operand itself."""
    rest, attrs = tuple([*arguments.operands[1:], *arguments.extra]), arguments.finished()
    types = [value.type for value in (*arguments.operands, *arguments.extra)]
    aliasing = spec.sharing(types, attrs, spelling)
    if aliasing is Aliasing.EACH:
        bases = arguments.objects
        return tuple(
            _maybe_view(run, bases[k], output) if k < len(bases) else run.wrap(output)
            for k, output in enumerate(outputs)
        )
    base = next(iter((*arguments.objects, *bound)), None)
    maker = run.makers[outputs[0]] if outputs else None
    if isinstance(base, ArrayCell) and maker is not None:
        aliasing = sharing_of(run, base, maker, aliasing)
    if aliasing is Aliasing.FRESH or not isinstance(base, ArrayCell):
        return tuple(run.wrap(output) for output in outputs)
    if aliasing is Aliasing.SAME:
        return (base,)
    if aliasing is Aliasing.MAYBE_VIEW:
        return tuple(_maybe_view(run, base, output) for output in outputs)

    def view_of(base: ArrayCell, output: Value, place: int) -> Abstract:
        def again(run: Lowering, content: Value) -> Value:
            return run.apply(node, spec, (content, *rest), attrs, spelling)[place]

        if not isinstance(output.type, ArrayType):
            return run.wrap(output)
        instead = read_only(maker) if maker is not None else ""
        write_back = write_back_of(run, node, maker, place) if maker is not None and not instead else None
        view = View(base, read_array(run, base, node), again, write_back, read_only=instead)
        return new_view(base, view, output)

    return tuple(view_of(base, output, place) for place, output in enumerate(outputs))


def _maybe_view(run: Lowering, base: Abstract, output: Value) -> Abstract:
    shared = isinstance(output.type, ArrayType) and isinstance(base, ArrayCell)
    return maybe_view(run, base, output) if shared and isinstance(base, ArrayCell) else run.wrap(output)


def _array_of_list(run: Lowering, node: cst.CSTNode, given: Abstract) -> Abstract:
    """The array that `np.ix_(items)` makes of each run-time list; anything else as it is."""
    is_list = isinstance(given, ListCell) and isinstance(read_list(run, given, node), Value)
    return run.wrap(as_operand(run, given, node)) if is_list else given


def _of_run_time_list(
    run: Lowering,
    node: cst.CSTNode,
    spec: OpSpec,
    spelling: Spelling,
    args: Sequence[Abstract],
    kwargs: Mapping[str, Abstract],
) -> Abstract | None:
    """`np.stack(items)`, `np.array(items)` of a run-time list; other operations take the array of its items."""
    if not spec.variadic or not args or not isinstance(args[0], ListCell):
        return None
    content = read_list(run, args[0], node)
    if not isinstance(content, Value):
        return None
    stack = lookup("stack_list")
    known = {name: value for name, value in kwargs.items() if not is_none(value)}
    joining = _joining(spec, content.type)
    if joining is not None:
        spelling, known = joining[0], {**known, "axis": Static(joining[1])}
    elif spec.name in ("array", "asarray"):
        spelling = function("numpy.array")
    elif spec.name not in ("stack", "concatenate"):
        raise run.refusal(
            node,
            "GS127",
            f"`{spelling.name}` of a list whose length is known at run time only",
            why="it is not supported yet",
            fix="use np.stack or np.concatenate",
        )
    dtype = known.pop("dtype", None)
    rest = [run.static_int(node, value, "the axis") for value in args[1:]]
    attrs: dict[str, object] = {"axis": rest[0]} if rest else {}
    attrs.update({name: run.static_int(node, value, f"`{name}`") for name, value in known.items()})
    if attrs.get("axis") == 0:
        del attrs["axis"]
    value = run.apply(node, stack, (content,), attrs, spelling)[0]
    wanted = dtype_of_argument(dtype.value) if isinstance(dtype, Static) else None
    if wanted is not None and isinstance(value.type, ArrayType) and wanted != value.type.dtype:
        value = run.op(node, "astype", value, dtype=wanted)
    return run.wrap(value)


def _joining(spec: OpSpec, type_: Type) -> tuple[Spelling, int] | None:
    """What `np.vstack` and its kin are for items of this type: np.stack or np.concatenate, and the axis."""
    ndim = 0
    while isinstance(type_, SequenceType):
        ndim, type_ = ndim + 1, type_.element
    ndim += len(shape_of(type_)) - 1
    joinings = {
        "vstack": (("stack", 0) if ndim == 1 else ("concatenate", 0)) if ndim else None,
        "hstack": {0: ("stack", 0), 1: ("concatenate", 0)}.get(ndim, ("concatenate", 1)),
        "column_stack": (("stack", 1) if ndim == 1 else ("concatenate", 1)) if ndim else None,
        "dstack": ("concatenate", 2) if ndim > 2 else ("stack", 2) if ndim == 2 else None,
    }
    found = joinings.get(spec.name)
    return None if found is None else (function(f"numpy.{found[0]}"), found[1])
