"""`out=` and `where=`: operations that write their result into an array they are given.

What is computed is stored afterwards: NumPy, too, computes as if the output shared no memory with the operands.

In:  a call with `out`.   Out: the array written to.
Not here: functions that write and return nothing (inplace_calls.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.blocks import emit_branch
from gradscribe.frontend.contiguity import require_layout
from gradscribe.frontend.indexing import array_index, dimension, item_of
from gradscribe.frontend.inplace_calls import written
from gradscribe.frontend.layout import is_contiguous, is_dense
from gradscribe.frontend.operands import as_value, type_of
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array
from gradscribe.frontend.stores import check_cast, store_in_array, store_whole
from gradscribe.frontend.values import Abstract, ArrayCell, ShapeValue, Static, TupleValue
from gradscribe.ir.graph import Value
from gradscribe.ir.types import ArrayType, dtype_of, shape_of, type_text

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]
Compute = Callable[[Args, Kwargs], Abstract]

CORRECTLY_ROUNDED = frozenset(
    {
        *(np.add, np.subtract, np.multiply, np.divide, np.sqrt, np.square, np.reciprocal, np.negative),
        *(np.positive, np.absolute, np.fabs, np.maximum, np.minimum, np.fmax, np.fmin, np.sign, np.copysign),
        *(np.floor, np.ceil, np.trunc, np.rint, np.conjugate, np.heaviside),
    }
)
"""Ufuncs whose bits do not depend on how the output lies in memory."""


def with_out(
    run: Lowering, node: cst.CSTNode, function: object, args: Args, kwargs: Kwargs, compute: Compute
) -> Abstract | None:
    """The array that the call writes its result into; None for a call without `out`.

    `function` is the ufunc or other function, None for a method; `compute` makes the nodes of the call without it.
    """
    out, args = _out_of(run, node, function, args, kwargs)
    if out is None:
        return None
    rest = {name: value for name, value in kwargs.items() if name != "out"}
    mask = rest.pop("where", None) if isinstance(function, np.ufunc) else None
    if mask is not None and not (isinstance(mask, Static) and mask.value is True):
        _masked(run, node, out, mask, args, lambda parts: compute(parts, rest))
        return out
    result = as_value(run, compute(args, rest), node)
    content = read_array(run, out, node)
    if isinstance(function, np.ufunc) and function.signature is None:
        check_cast(run, node, result, content, "`out=`")
        _check_layout(run, node, function, out, args)
        if len(shape_of(result.type)) > len(shape_of(content.type)):
            raise _misfit(run, node, result, content)
    else:
        _check_same(run, node, result, content)
    store_whole(run, node, out, run.wrap(result))
    return out


def _out_of(
    run: Lowering, node: cst.CSTNode, function: object, args: Args, kwargs: Kwargs
) -> tuple[ArrayCell | None, Args]:
    """The array given as `out`, by name or after the operands, and the other arguments."""
    out = kwargs.get("out")
    if isinstance(function, np.ufunc) and len(args) > function.nin:
        out, args = (
            (args[function.nin] if len(args) == function.nin + 1 else TupleValue(())),
            args[: function.nin],
        )
    if isinstance(out, TupleValue) and len(out.items) == 1:
        (out,) = out.items
    if out is None or (isinstance(out, Static) and out.value is None):
        return None, args
    if isinstance(out, TupleValue):
        raise run.refusal(
            node,
            "GS204",
            "several outputs are given",
            why="only one array is written to at a time",
            fix="assign the results: `x[...], y[...] = function(...)`",
        )
    return written(run, node, out), args


def _masked(
    run: Lowering,
    node: cst.CSTNode,
    out: ArrayCell,
    mask: Abstract,
    args: Args,
    compute: Callable[[Args], Abstract],
) -> None:
    """`out[mask] = function(x[mask], ...)`: nothing is computed where the mask says no."""
    content = read_array(run, out, node)
    mask = _like(run, node, mask, content)
    types = [type_of(run, part) for part in args]
    parts = [
        item_of(run, node, _like(run, node, part, content), mask)
        if isinstance(type_, ArrayType) and type_.ndim
        else part
        for part, type_ in zip(args, types, strict=True)
    ]
    result = compute(parts)
    check_cast(run, node, as_value(run, result, node), read_array(run, out, node), "`out=`")
    store_in_array(run, node, out, array_index(run, node, mask), result)


def _like(run: Lowering, node: cst.CSTNode, part: Abstract, content: Value) -> Abstract:
    """An operand or mask with the shape of the output."""
    type_ = type_of(run, part)
    if isinstance(type_, ArrayType) and type_.shape == shape_of(content.type):
        return part
    return run.call(run, node, Static(np.broadcast_to), (part, ShapeValue(content)), {})


def _check_layout(run: Lowering, node: cst.CSTNode, ufunc: np.ufunc, out: ArrayCell, args: Args) -> None:
    if ufunc in CORRECTLY_ROUNDED or is_contiguous(run, out):
        return
    if is_dense(run, out) and all(arg is out or not isinstance(arg, ArrayCell) for arg in args):
        return
    require_layout(run)
    raise run.refusal(
        node,
        "GS204",
        f"`np.{ufunc.__name__}` writes into an array that may not be contiguous",
        why="NumPy then rounds in another way, in the last bit",
        fix=f"assign the result: `x[...] = np.{ufunc.__name__}(...)`",
    )


def _check_same(run: Lowering, node: cst.CSTNode, result: Value, content: Value) -> None:
    """What is no ufunc needs an output of the very dtype and shape of the result."""
    shapes = shape_of(result.type), shape_of(content.type)
    if dtype_of(result.type) != dtype_of(content.type) or len(shapes[0]) != len(shapes[1]):
        raise _misfit(run, node, result, content)
    for axis, (have, wanted) in enumerate(zip(*shapes, strict=True)):
        if have == wanted:
            continue
        lengths = [as_value(run, dimension(run, node, value, axis), node) for value in (result, content)]
        fits = run.op(node, "eq", *lengths)

        def raising() -> None:
            text = "output array has the wrong shape"
            run.apply(node, "raise_", (), {"exception": ValueError, "args": (text,)})

        emit_branch(run, node, fits, lambda: None, raising)


def _misfit(run: Lowering, node: cst.CSTNode, result: Value, content: Value) -> Exception:
    return run.refusal(
        node,
        "GS202",
        f"`out=` is {type_text(content.type)}, and the result {type_text(result.type)}",
        why="NumPy refuses, or computes in another precision",
        fix="make an output of the dtype and dimensions of the result, or assign: `x[...] = ...`",
    )
