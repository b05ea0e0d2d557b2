"""Functions and methods that write into an array they are given.

In:  arguments.   Out: a new content of the array.
Not here: assignment at an index (targets.py), `out=` (out_arguments.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst
import numpy as np

from gradscribe.frontend.attempts import refuse_where_caught
from gradscribe.frontend.contiguity import require_layout
from gradscribe.frontend.indexing import array_index, dimension, item_of
from gradscribe.frontend.iteration import ONE, ZERO
from gradscribe.frontend.layout import is_contiguous
from gradscribe.frontend.operands import as_value, describe, type_of
from gradscribe.frontend.operators import binary
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_array
from gradscribe.frontend.stores import check_cast, store_in_array, store_whole
from gradscribe.frontend.values import (
    NOTHING,
    Abstract,
    ArrayCell,
    Number,
    Static,
    TupleValue,
    is_none,
    known_int,
)
from gradscribe.ir.types import ArrayType, shape_of

Args = Sequence[Abstract]
Kwargs = Mapping[str, Abstract]


def _has_items(run: Lowering, value: Abstract) -> bool:
    type_ = type_of(run, value)
    return isinstance(type_, ArrayType) and type_.ndim > 0


def copy_to(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
    """`np.copyto(x, value, where=mask)`."""
    if len(args) != 2 or kwargs.keys() - {"where"}:
        return None
    array, value = written(run, node, args[0]), args[1]
    check_cast(run, node, as_value(run, value, node), read_array(run, array, node), "`np.copyto`")
    if "where" in kwargs:
        value = run.call(run, node, Static(np.where), (kwargs["where"], value, array), {})
    store_whole(run, node, array, value)
    return NOTHING


def _fill(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    if len(args) != 1 or kwargs or _has_items(run, args[0]):
        raise _unsupported(run, node, "`.fill`", "it takes one number", "assign `x[...] = value`")
    store_whole(run, node, array, args[0])


def _sort(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    _require_axis(run, node, "sort", *args[:1], *(v for name, v in kwargs.items() if name == "axis"))
    store_whole(run, node, array, run.call(run, node, Static(np.sort), (array, *args), kwargs))


def _require_axis(run: Lowering, node: cst.CSTNode, name: str, *axes: Abstract) -> None:
    if any(map(is_none, axes)):
        error = TypeError("'NoneType' object cannot be interpreted as an integer")
        raise run.refusal(
            node,
            "GS141",
            f"`.{name}` of an array along `axis=None`",
            why="this raises TypeError: in place, an array is sorted along one of its axes",
            fix=f"make another array: `np.{name}(..., axis=None)`",
            raises=error,
        )


def _partition(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    _require_axis(run, node, "partition", *args[1:2], *(v for name, v in kwargs.items() if name == "axis"))
    store_whole(run, node, array, run.call(run, node, Static(np.partition), (array, *args), kwargs))


def _put(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    if len(args) != 2 or kwargs:
        raise _unsupported(
            run, node, "`put` with a mode", "it takes positions and values", "clip the positions"
        )
    refuse_where_caught(
        run,
        node,
        IndexError,
        "`put` in a `try` that catches IndexError is outside the supported subset",
        "NumPy writes one item after another until a position does not exist",
        "write at an index, which is checked before: `x[positions] = values`",
    )
    flat: Abstract = array
    if len(shape_of(read_array(run, array, node).type)) != 1:
        if not is_contiguous(run, array):
            require_layout(run)
            raise _unsupported(
                run,
                node,
                "`put` into an array whose memory layout is not known",
                "it goes over the elements in C order",
                "write at an index: `x[rows, columns] = values`",
            )
        flat = run.call(run, node, Static(np.reshape), (array, Static(-1)), {})
    assert isinstance(flat, ArrayCell)
    places = run.call(run, node, Static(np.ravel), (args[0],), {})
    store_in_array(run, node, flat, array_index(run, node, places), _repeated(run, node, args[1], places))


def _repeated(run: Lowering, node: cst.CSTNode, values: Abstract, places: Abstract) -> Abstract:
    """The values for these places: over and over again, as many as there are places."""
    if not isinstance(type_of(run, values), ArrayType) and not _is_sequence(values):
        return values
    chosen = run.call(run, node, Static(np.ravel), (values,), {})
    lengths = [shape_of(as_value(run, part, node).type)[0] for part in (chosen, places)]
    if lengths[0] == lengths[1]:
        return chosen
    count = [dimension(run, node, as_value(run, part, node), 0) for part in (chosen, places)]
    order = run.call(run, node, Static(np.arange), (count[1],), {})
    return item_of(run, node, chosen, binary(run, node, "Modulo", order, count[0]))


def _is_sequence(values: Abstract) -> bool:
    return not isinstance(values, Static | Number)


def _place(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    mask, values = args
    places = run.call(run, node, Static(np.flatnonzero), (mask,), {})
    store_in_array(run, node, array, array_index(run, node, mask), _repeated(run, node, values, places))


def _putmask(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    mask, values = args
    found = type_of(run, values)
    shape = shape_of(read_array(run, array, node).type)
    if isinstance(found, ArrayType) and found.shape == shape:
        values = item_of(run, node, values, mask)
    elif isinstance(found, ArrayType) or _is_sequence(values):
        chosen = run.call(run, node, Static(np.ravel), (values,), {})
        count = dimension(run, node, as_value(run, chosen, node), 0)
        places = run.call(run, node, Static(np.flatnonzero), (mask,), {})
        values = item_of(run, node, chosen, binary(run, node, "Modulo", places, count))
    store_in_array(run, node, array, array_index(run, node, mask), values)


def _fill_diagonal(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    content = read_array(run, array, node)
    ndim = len(shape_of(content.type))
    value, *given = (*args, *kwargs.values())
    if given and isinstance(given[0], Static) and given[0].value and ndim == 2:
        _fill_wrapped(run, node, array, value)
        return
    if (given and not isinstance(given[0], Static)) or ndim != 2:
        raise _unsupported(
            run, node, "`np.fill_diagonal`", "a matrix and a value are needed", "index it yourself"
        )
    lengths = [dimension(run, node, content, axis) for axis in range(ndim)]
    same = shape_of(content.type)[0] == shape_of(content.type)[1]
    count = lengths[0] if same else run.call(run, node, Static(min), tuple(lengths), {})
    places = run.call(run, node, Static(np.arange), (count,), {})
    index = array_index(run, node, TupleValue((places,) * ndim))
    store_in_array(run, node, array, index, _repeated(run, node, value, places))


def _fill_wrapped(run: Lowering, node: cst.CSTNode, array: ArrayCell, value: Abstract) -> None:
    """The diagonal of a tall matrix begins anew below its last column, with one row left out."""
    content = read_array(run, array, node)
    rows, columns = (dimension(run, node, content, axis) for axis in (0, 1))
    step = binary(run, node, "Add", columns, ONE)
    size = binary(run, node, "Multiply", rows, columns)
    places = run.call(run, node, Static(np.arange), (ZERO, size, step), {})
    index = TupleValue(tuple(binary(run, node, name, places, columns) for name in ("FloorDivide", "Modulo")))
    store_in_array(run, node, array, array_index(run, node, index), _repeated(run, node, value, places))


def _put_along_axis(run: Lowering, node: cst.CSTNode, array: ArrayCell, args: Args, kwargs: Kwargs) -> None:
    indices, values, *rest = args
    given = rest[0] if rest else kwargs.get("axis")
    content = read_array(run, array, node)
    ndim = len(shape_of(content.type))
    axis = known_int(given) if given is not None else None
    if axis is None or not -ndim <= axis < ndim:
        raise _unsupported(run, node, "`np.put_along_axis`", "the axis must be known", "pass a literal axis")
    parts: list[Abstract] = []
    for dim in range(ndim):
        if dim == axis % ndim:
            parts.append(indices)
            continue
        order = run.call(run, node, Static(np.arange), (dimension(run, node, content, dim),), {})
        shape = TupleValue(tuple(Static(-1 if k == dim else 1) for k in range(ndim)))
        parts.append(run.call(run, node, Static(np.reshape), (order, shape), {}))
    store_in_array(run, node, array, array_index(run, node, TupleValue(tuple(parts))), values)


Writer = Callable[[Lowering, cst.CSTNode, ArrayCell, Args, Kwargs], None]
METHODS: Mapping[str, Writer] = {"fill": _fill, "sort": _sort, "put": _put, "partition": _partition}
FUNCTIONS: Mapping[object, Writer] = {
    np.put: _put,
    np.place: _place,
    np.putmask: _putmask,
    np.fill_diagonal: _fill_diagonal,
    np.put_along_axis: _put_along_axis,
}


def _function(writer: Writer) -> Callable[[Lowering, cst.CSTNode, Args, Kwargs], Abstract | None]:
    def handler(run: Lowering, node: cst.CSTNode, args: Args, kwargs: Kwargs) -> Abstract | None:
        writer(run, node, written(run, node, args[0]), args[1:], kwargs)
        return NOTHING

    return handler


IN_PLACE = {np.copyto: copy_to, **{function: _function(writer) for function, writer in FUNCTIONS.items()}}
"""Functions that return nothing, by what they do instead."""


def written(run: Lowering, node: cst.CSTNode, value: Abstract) -> ArrayCell:
    """The array that is written to."""
    if isinstance(value, ArrayCell):
        return value
    raise run.refusal(
        node,
        "GS131",
        f"this writes into {describe(run, value)}",
        why="only arrays are written into",
        fix="pass an array",
    )


def _unsupported(run: Lowering, node: cst.CSTNode, what: str, why: str, fix: str) -> Exception:
    return run.refusal(node, "GS132", f"{what} is not supported", why=why, fix=fix)
