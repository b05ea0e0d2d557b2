"""Arrays made of elements of others: picked by positions that do not depend on values, or by conditions.

The derivative of each is that of reading at positions. The positions are found by the same function, applied to
the numbers 0, 1, 2 ... instead of the elements. Of equal values, functions on sets read the first.

In:  nothing.   Out: `OPERATIONS`.
Not here: the different values of one array (different_values.py), `x[index]` (indexing.py), take (gathering.py),
where (selection.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.types import ArrayType, Type, broadcast_shapes, dtype_of, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import Number, OpBuilder
from gradscribe.ops.composite import Body, composite
from gradscribe.ops.declare import constant_almost_everywhere
from gradscribe.ops.joining import item_types
from gradscribe.ops.promotion import number_type, numbers, promote
from gradscribe.ops.shapes import product_of, shape_lengths
from gradscribe.ops.slices import counted, joined
from gradscribe.ops.spec import Aliasing, Domain, OpSpec, Spelling, TypeRule, Unsupported

Attrs = Mapping[str, object]
READ = "its elements are read at positions"


def flat(b: OpBuilder, x: Value) -> Value:
    """As a vector."""
    return x if len(shape_of(x.type)) == 1 else b.op("reshape", x, shape=(-1,))


def take(b: OpBuilder, x: Value, positions: Value, axis: int = 0) -> Value:
    """`x[:, positions]`."""
    index = (*(slice(None),) * one_axis(axis, len(shape_of(x.type))), Input(1))
    return b.apply("get_item", (x, positions), {"index": index})[0]


def _is_literal(obj: object) -> bool:
    if isinstance(obj, tuple | list):
        return all(map(_is_literal, obj))
    if isinstance(obj, slice):
        return all(part is None or isinstance(part, int) for part in (obj.start, obj.stop, obj.step))
    return isinstance(obj, int | np.integer) and not isinstance(obj, bool)


def _changed(attrs: Attrs, types: Sequence[Type], axis: object) -> tuple[np.dtype, list[Length], int]:
    """dtype, shape and axis of an array in which entries are inserted or deleted."""
    operand = numbers(types[:1])[0]
    shape = list(shape_of(operand))
    if not _is_literal(attrs["obj"]):
        raise Unsupported(
            "positions that are not known when the code is generated",
            "concatenate slices, or index with the positions to keep",
        )
    if axis is None:
        return operand.dtype, [product_of(shape)], 0
    return operand.dtype, shape, one_axis(axis, len(shape))


def _count(attrs: Attrs, length: Length) -> Length:
    """How many entries are left of an axis."""
    if length.constant is not None:
        obj: Any = attrs["obj"]
        return as_length(len(np.delete(np.empty(length.constant), obj)))
    return length - 1 if isinstance(attrs["obj"], int) else fresh()


def _delete_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype, shape, axis = _changed(attrs, types, attrs.get("axis"))
    shape[axis] = _count(attrs, shape[axis])
    return (ArrayType(dtype, tuple(shape)),)


def _delete(b: OpBuilder, x: Value, obj: object, axis: int | None = None) -> Value:
    if axis is None:
        x, axis = flat(b, x), 0
    return take(b, x, b.op("delete", counted(b, x, axis), obj=obj), axis)


def _insert_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    dtype, shape, axis = _changed(attrs, types, attrs.get("axis"))
    values = numbers(types)[1]
    obj = attrs["obj"]
    if shape_of(values) and len(shape_of(values)) != len(shape):
        raise Unsupported("inserting values of another number of dimensions", "reshape the values")
    if isinstance(obj, slice):
        raise Unsupported("inserting at a slice", "pass the positions as a list")
    own = shape_of(values)[axis] if shape_of(values) else as_length(1)
    count = as_length(len(obj)) if isinstance(obj, tuple | list) and len(obj) != 1 else own
    if len(shape) > 1 and not isinstance(obj, tuple | list) and shape_of(values):
        raise Unsupported("inserting an array at one position", "pass the position as a list: [k]")
    shape[axis] = shape[axis] + count
    return (ArrayType(dtype, tuple(shape)),)


def _insert(b: OpBuilder, x: Value, obj: object, values: Value, axis: int | None = None) -> Value:
    if axis is None:
        x, axis = flat(b, x), 0
    places = counted(b, x, axis)
    n = b.op("size", places)
    many = len(obj) if isinstance(obj, tuple | list) else 1
    values = _inserted(b, x, values, axis, many)
    numbers_ = b.op("add", n, counted(b, values, axis))
    order = b.op("insert", places, numbers_, obj=obj)
    whole = joined(b, [x, b.op("astype", values, dtype=dtype_of(x.type))], axis)
    return take(b, whole, order, axis)


def _inserted(b: OpBuilder, x: Value, values: Value, axis: int, many: int) -> Value:
    """The values in the shape of what they become: as many entries along the axis."""
    own = shape_of(values.type)
    if own and (many == 1 or own[axis].constant == many):
        return values
    shape: list[object] = []
    lengths: list[Value] = []
    for place in range(len(shape_of(x.type))):
        if place == axis:
            shape.append(many)
        else:
            shape.append(Input(len(lengths) + 1))
            lengths.append(b.op("dimension", x, axis=place))
    return b.apply("broadcast_to", (values, *lengths), {"shape": tuple(shape)})[0]


def _resize_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(numbers(types[:1])[0].dtype, shape_lengths(attrs["new_shape"], types)),)


def _resize(b: OpBuilder, x: Value, new_shape: Any) -> Value:
    elements = flat(b, x)
    items = new_shape if isinstance(new_shape, tuple | list) else (new_shape,)
    inputs = [item for item in items if isinstance(item, Value)]
    numbered = iter(range(1, len(inputs) + 1))
    template = tuple(Input(next(numbered)) if isinstance(item, Value) else item for item in items)
    order = b.apply("resize", (counted(b, elements), *inputs), {"new_shape": template})[0]
    return take(b, elements, order)


def _compress_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    operand = numbers(types)[1]
    if attrs.get("axis") is None:
        return (ArrayType(operand.dtype, (fresh(),)),)
    shape = shape_of(operand)
    axis = one_axis(attrs["axis"], len(shape))
    return (ArrayType(operand.dtype, (*shape[:axis], fresh(), *shape[axis + 1 :])),)


def _compress(b: OpBuilder, condition: Value, a: Value, axis: int | None = None) -> Value:
    if axis is None:
        a, axis = flat(b, a), 0
    return take(b, a, b.op("flatnonzero", condition), axis)


def _extract(b: OpBuilder, condition: Value, arr: Value) -> Value:
    return take(b, flat(b, arr), b.op("flatnonzero", condition))


def _trim_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types)
    if len(shape_of(operand)) != 1:
        raise Unsupported(f"trim_zeros of a {operand}", "pass a vector")
    return (ArrayType(operand.dtype, (fresh(),)),)


def _trim_zeros(b: OpBuilder, filt: Value, trim: str = "fb") -> Value:
    attrs = {} if trim == "fb" else {"trim": trim}
    return take(b, filt, b.apply("untrimmed", (filt,), attrs)[0])


def _set_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """NumPy makes arrays of both, joins them as they are for a union, and keeps to the first for a difference."""
    operation = spelling.name.rpartition(".")[2]
    if operation == "union1d":
        return (ArrayType(promote(types), (fresh(),)),)
    found = numbers(types[:1] if operation == "setdiff1d" else types)
    return (ArrayType(np.result_type(*(operand.dtype for operand in found)), (fresh(),)),)


def _positions_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    return (ArrayType(np.dtype(np.int64), (fresh(),)),)


def _set(name: str) -> Any:
    def body(b: OpBuilder, ar1: Value, ar2: Value) -> Value:
        pool = joined(b, [flat(b, ar1), flat(b, ar2)])
        return take(b, pool, b.op(f"{name}_positions", ar1, ar2))

    return body


def _select(
    b: OpBuilder, condlist: Sequence[Value | Number], choicelist: Sequence[Value | Number], default: Any = 0
) -> Value:
    """The first choice whose condition holds."""
    if len(condlist) != len(choicelist) or not condlist:
        raise Unsupported("select with lists of different lengths", "pass one choice for each condition")
    result = default if isinstance(default, Value) else b.constant(default)
    for condition, choice in reversed(list(zip(condlist, choicelist, strict=True))):
        result = b.op("where", condition, choice, result)
    return result


def _select_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    given = [attrs[name] for name in ("condlist", "choicelist")]
    conditions, choices = (numbers(item_types(template, types)) for template in given)
    (default,) = numbers(item_types((attrs.get("default", 0),), types))
    shape = broadcast_shapes(*map(shape_of, (*conditions, *choices, default)))
    return (ArrayType(promote([*choices, default]), shape),)


def _choose(b: OpBuilder, a: Value, choices: Sequence[Value | Number], mode: str = "raise") -> Value:
    if not isinstance(choices, tuple | list):
        raise Unsupported("choices that are one array", "pass a list of arrays")
    last = len(choices) - 1
    if mode == "wrap":
        a = b.op("mod", a, len(choices))
    result: Value | Number = choices[last]
    for place in range(last - 1, -1, -1):
        chosen = b.op("le" if mode == "clip" else "eq", a, place)
        result = b.op("where", chosen, choices[place], result)
    return result if isinstance(result, Value) else b.constant(result)


def _choose_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(item_types(attrs["choices"], types))
    shape = broadcast_shapes(shape_of(types[0]), *map(shape_of, found))
    return (number_type(promote(found), shape),)


def _unravel_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (operand,) = numbers(types[:1])
    shape = attrs["shape"]
    count = len(shape) if isinstance(shape, tuple | list) else 1
    return (number_type(np.dtype(np.int64), shape_of(operand)),) * count


def _entry(name: str, signature: str, body: Body, types: TypeRule | None, doc: str, **fields: Any) -> OpSpec:
    return composite(
        fields.pop("own_name", name),
        f"numpy.{name}",
        signature,
        body,
        doc,
        why=fields.pop("why", READ),
        types=types,
        **fields,
    )


def _positions(name: str, signature: str, doc: str, samples: tuple[str, ...]) -> OpSpec:
    return constant_almost_everywhere(
        name,
        f"gradscribe.runtime.picking.{name}",
        "its result is ints",
        doc,
        signature=signature,
        operands=tuple(part for part in ("ar1", "ar2") if part in signature),
        types=_positions_types,
        backend=Domain.OPAQUE,
        samples=samples,
    )


PAIR = ("a(3), a(2)",)

OPERATIONS = (
    _entry(
        "delete",
        "x, obj, axis=None",
        _delete,
        _delete_types,
        "The array without some entries.",
        operands=("x",),
        samples=("a(5), 1", "a(5), [0, -1]", "a(3, 4), 1, axis=1", "a(5), slice(1, 3)", "a(2, 3), -2"),
    ),
    _entry(
        "insert",
        "x, obj, values, axis=None",
        _insert,
        _insert_types,
        "The array with entries put in.",
        operands=("x", "values"),
        samples=(
            "a(3), 1, f()",
            "a(3), -1, a(2)",
            "a(3), [0, 2], a(2)",
            "a(3), [0, 3], s()",
            "a(2, 3), 1, 2.0",
            "a(2, 3), 1, f(), axis=1",
            "a(2, 3), [0, 1], a(2, 2), axis=1",
        ),
    ),
    _entry(
        "resize",
        "x, new_shape",
        _resize,
        _resize_types,
        "The elements, again and again, in a shape.",
        operands=("x",),
        samples=("a(3), (2, 4)", "a(2, 3), (4,)", "a(3), 5", "a(3), (n(2), 3)"),
    ),
    _entry(
        "compress",
        "condition, a, axis=None",
        _compress,
        _compress_types,
        "The entries for which a condition holds.",
        operands=("condition", "a"),
        refused_keywords={"out": "it writes into another array"},
        samples=("m(4), a(4)", "m(3), a(3, 4), axis=0", "m(2), a(4)", "m(4), a(2, 3)"),
    ),
    _entry(
        "extract",
        "condition, arr",
        _extract,
        lambda types, attrs, spelling: (ArrayType(numbers(types)[1].dtype, (fresh(),)),),
        "The elements for which a condition holds.",
        operands=("condition", "arr"),
        samples=("m(4), a(4)", "m(2, 3), a(2, 3)"),
    ),
    _entry(
        "trim_zeros",
        "filt, trim='fb'",
        _trim_zeros,
        _trim_types,
        "A vector without the zeros at its ends.",
        operands=("filt",),
        refused_keywords={"axis": "only vectors are supported"},
        aliasing=Aliasing.MAYBE_VIEW,
        samples=("a(3)", "a(3), trim='f'"),
    ),
    *(
        _entry(
            name,
            "ar1, ar2",
            _set(name),
            _set_types,
            doc,
            operands=("ar1", "ar2"),
            refused_keywords={"assume_unique": "the default is used", "return_indices": "only the values"},
            samples=PAIR,
        )
        for name, doc in (
            ("setdiff1d", "The values of one array that the other has not."),
            ("setxor1d", "The values that one of two arrays has."),
            ("union1d", "The values that one array or both have."),
            ("intersect1d", "The values that both arrays have."),
        )
    ),
    *(
        _positions(f"{name}_positions", "ar1, ar2", f"Positions in both arrays of what {name} gives.", PAIR)
        for name in ("setdiff1d", "setxor1d", "union1d", "intersect1d")
    ),
    constant_almost_everywhere(
        "untrimmed",
        "gradscribe.runtime.picking.untrimmed",
        "its result is ints",
        "Positions of the entries that trim_zeros keeps.",
        signature="filt, trim='fb'",
        operands=("filt",),
        types=_positions_types,
        backend=Domain.OPAQUE,
        samples=("array([0.0, 1.0, 2.0, 0.0])",),
    ),
    _entry(
        "select",
        "condlist, choicelist, default=0",
        _select,
        _select_types,
        "For each element, the first choice whose condition holds.",
        operands=(),
        variadic="choicelist",
        why="nested np.where",
        backend=Domain.ELEMENTWISE,
        samples=(
            "[m(3), m(3)], [a(3), a(3)]",
            "[m(3)], [a(2, 3)], default=1.0",
            "[m(3), m(3)], [a(3), 2.0], default=a(3)",
        ),
    ),
    _entry(
        "choose",
        "a, choices, mode='raise'",
        _choose,
        _choose_types,
        "For each element, the choice with that number.",
        operands=("a",),
        variadic="choices",
        why="nested np.where",
        backend=Domain.ELEMENTWISE,
        refused_keywords={"out": "it writes into another array"},
        samples=("i(3), [a(3), a(3)]", "i(3), [a(2, 3), 1.0]", "i(3), [a(3), a(3)], mode='clip'"),
    ),
    constant_almost_everywhere(
        "unravel_index",
        "numpy.unravel_index",
        "its result is ints",
        "Positions in a shape of positions in the flat array.",
        signature="indices, shape",
        operands=("indices",),
        types=_unravel_types,
        backend=Domain.OPAQUE,
        returns_tuple=True,
        refused_keywords={"order": "only C order is supported"},
        samples=("i(3), (2, 3)", "n(1), (2, 3)"),
    ),
)
