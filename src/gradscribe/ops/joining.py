"""Joining arrays that are separate values, and splitting them.

The arrays are held in the template `arrays`: any nesting of lists and tuples of `Input`s and numbers.

In:  nothing.   Out: `OPERATIONS`.
Not here: joining the items of a run-time list (sequences.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import ONE, Length, as_length
from gradscribe.ir.types import ArrayType, Type, python_scalar, shape_of
from gradscribe.ops.axes import one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import linear
from gradscribe.ops.promotion import numbers, promote
from gradscribe.ops.shapes import product_of, reshape_like
from gradscribe.ops.spec import Aliasing, Contributions, Domain, OpSpec, Spelling, TypeRule, Unsupported
from gradscribe.ops.written import arrays as written

Attrs = Mapping[str, object]
Shape = tuple[Length, ...]
JOIN_KEYWORDS = {
    "out": "it writes into another array",
    "dtype": "convert the arrays with .astype instead",
    "casting": "convert the arrays with .astype instead",
}


def items_of(template: object) -> list[object]:
    """The arrays of a joining operation."""
    if not isinstance(template, tuple | list):
        raise Unsupported("the arrays to join are not a list", "pass a list or tuple of arrays")
    if not template:
        raise Unsupported("no arrays to join", "pass at least one array")
    return list(template)


def item_types(template: object, types: Sequence[Type]) -> list[Type]:
    """The types of the arrays of a joining operation; literals count as Python numbers."""
    return [_item_type(item, types) for item in items_of(template)]


def _item_type(item: object, types: Sequence[Type]) -> Type:
    if isinstance(item, Input):
        return types[item.position]
    if isinstance(item, bool | int | float | complex):
        return python_scalar(item)
    raise Unsupported(f"a {type(item).__name__} among arrays to join", "pass arrays and numbers")


def _nested_type(item: object, types: Sequence[Type]) -> Type:
    if not isinstance(item, tuple | list):
        return _item_type(item, types)
    inner = [_nested_type(part, types) for part in items_of(item)]
    return ArrayType(promote(inner), (as_length(len(inner)), *_common_shape(inner)))


def _common_shape(types: Sequence[Type]) -> Shape:
    """The shape that all have; where lengths are only known at run time, that of the first."""
    ndims = {len(shape_of(type_)) for type_ in types}
    if len(ndims) > 1:
        raise Unsupported("arrays of different numbers of dimensions are joined", "reshape them to the same")
    known = [shape_of(type_) for type_ in types]
    return tuple(_preferred(lengths) for lengths in zip(*known, strict=True))


def _preferred(lengths: Sequence[Length]) -> Length:
    return next((length for length in lengths if length.constant is not None), lengths[0])


def _positions(template: object) -> Iterator[tuple[int, int]]:
    """(place among the arrays, input position) of each array that is an input."""
    for place, item in enumerate(items_of(template)):
        if isinstance(item, Input):
            yield place, item.position


def _stack_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(item_types(attrs["arrays"], types))
    shape = _common_shape(found)
    place = one_axis(attrs.get("axis", 0), len(shape) + 1)
    dtype = _joined_dtype(found)
    return (ArrayType(dtype, (*shape[:place], as_length(len(found)), *shape[place:])),)


def _joined_dtype(types: Sequence[Type]) -> np.dtype:
    """Joining makes arrays of everything first: Python numbers are float64 or int64, not weak."""
    return np.result_type(*(type_.dtype for type_ in numbers(types)))


def _concatenate_shape(shapes: Sequence[Shape], axis: int) -> Shape:
    total = shapes[0][axis]
    for shape in shapes[1:]:
        total = total + shape[axis]
    return tuple(
        total if a == axis else _preferred([shape[a] for shape in shapes]) for a in range(len(shapes[0]))
    )


def _concatenate_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    found = numbers(item_types(attrs["arrays"], types))
    shapes = [shape_of(type_) for type_ in found]
    if attrs.get("axis", 0) is None:
        raise Unsupported("concatenate with axis=None", "ravel the arrays first")
    if len({len(shape) for shape in shapes}) > 1:
        raise Unsupported("arrays of different numbers of dimensions are joined", "reshape them to the same")
    axis = one_axis(attrs.get("axis", 0), len(shapes[0]))
    return (ArrayType(_joined_dtype(found), _concatenate_shape(shapes, axis)),)


def _joined_types(prepare: Callable[[Shape], Shape], axis_of: Callable[[int], int]) -> TypeRule:
    """The rule of vstack and its like: each array is reshaped by `prepare`, then joined."""

    def rule(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
        found = numbers(item_types(attrs["arrays"], types))
        shapes = [prepare(shape_of(type_)) for type_ in found]
        return (ArrayType(_joined_dtype(found), _concatenate_shape(shapes, axis_of(len(shapes[0])))),)

    return rule


def _slices(
    b: OpBuilder, node: Node, ct: Value, axis: int, shapes: Mapping[int, Shape]
) -> list[Value | None]:
    """What each array gets of `ct`: `ct[:n]`, `ct[n:n + m]`, ... along the axis.

    Args:
        b: builder.
        node: the joining node.
        ct: its cotangent.
        axis: along which the arrays were joined.
        shapes: by input position, the shape in which an array was joined.
    """
    found: list[Value | None] = [None] * len(node.inputs)
    places = items_of(node.attrs["arrays"])
    start: Value | int = 0
    for place, item in enumerate(places):
        if not isinstance(item, Input):
            start = start + 1 if isinstance(start, int) else b.op("add", start, 1)
            continue
        operand = node.inputs[item.position]
        last = place == len(places) - 1
        stop = None if last else _end(b, operand, start, shapes[item.position][axis])
        piece = _slice(b, ct, axis, start, stop)
        if len(shape_of(piece.type)) != len(shape_of(operand.type)):
            piece = reshape_like(b, piece, operand)
        before = found[item.position]
        found[item.position] = piece if before is None else b.op("add", before, piece)
        start = 0 if stop is None else stop
    return found


def _end(b: OpBuilder, operand: Value, start: Value | int, length: Length) -> Value | int:
    if length.constant is not None:
        return start + length.constant if isinstance(start, int) else b.op("add", start, length.constant)
    axis = shape_of(operand.type).index(length)
    own = b.op("dimension", operand, axis=axis)
    return own if isinstance(start, int) and start == 0 else b.op("add", start, own)


def _slice(b: OpBuilder, ct: Value, axis: int, start: Value | int, stop: Value | int | None) -> Value:
    """`ct[:, start:stop]`."""
    inputs: list[Value] = [ct]
    bounds: list[object] = []
    for bound in (None if isinstance(start, int) and start == 0 else start, stop):
        if isinstance(bound, Value):
            bounds.append(Input(len(inputs)))
            inputs.append(bound)
        else:
            bounds.append(bound)
    index = (*(slice(None),) * axis, slice(*bounds))
    return b.apply("get_item", inputs, {"index": index})[0]


def _split_transposes(prepare: Callable[[Shape], Shape], axis_of: Callable[[Node, int], int]) -> Any:
    def transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
        (ct,) = cts
        assert ct is not None
        shapes = {position: prepare(shape_of(value.type)) for position, value in enumerate(node.inputs)}
        return _slices(b, node, ct, axis_of(node, len(shape_of(ct.type))), shapes)

    return transposes


def _stack_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    place = one_axis(node.attrs.get("axis", 0), len(shape_of(ct.type)))
    found: list[Value | None] = [None] * len(node.inputs)
    for number, position in _positions(node.attrs["arrays"]):
        index = (*(slice(None),) * place, number)
        piece = b.op("get_item", ct, index=index)
        before = found[position]
        found[position] = piece if before is None else b.op("add", before, piece)
    return found


def _array_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    (found,) = numbers([_nested_type(attrs["arrays"], types)])
    given: Any = attrs.get("dtype")
    dtype: np.dtype = _nested_dtype(attrs["arrays"], types) if given is None else np.dtype(given)
    shape = shape_of(found)
    if spelling.name in ("numpy.ascontiguousarray", "numpy.asfortranarray") and not shape:
        shape = (ONE,)
    return (ArrayType(dtype, shape),)


def _nested_dtype(template: object, types: Sequence[Type]) -> np.dtype:
    if isinstance(template, tuple | list):
        return np.result_type(*(_nested_dtype(item, types) for item in template))
    (found,) = numbers([_item_type(template, types)])
    return found.dtype


def _paths(template: object, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], int]]:
    """(index in the result, input position) of each input of a nested template."""
    if isinstance(template, Input):
        yield path, template.position
    elif isinstance(template, tuple | list):
        for number, item in enumerate(template):
            yield from _paths(item, (*path, number))


def _array_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    found: list[Value | None] = [None] * len(node.inputs)
    for path, position in _paths(node.attrs["arrays"]):
        piece = b.op("get_item", ct, index=path) if path else reshape_like(b, ct, node.inputs[position])
        before = found[position]
        found[position] = piece if before is None else b.op("add", before, piece)
    return found


def _append_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    x, values = numbers(types)
    dtype = _joined_dtype((x, values))
    if attrs.get("axis") is None:
        return (ArrayType(dtype, (product_of(shape_of(x)) + product_of(shape_of(values)),)),)
    axis = one_axis(attrs["axis"], len(shape_of(x)))
    return (ArrayType(dtype, _concatenate_shape([shape_of(x), shape_of(values)], axis)),)


def _append_transposes(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    (ct,) = cts
    assert ct is not None
    x, values = node.inputs
    if node.attrs.get("axis") is None:
        middle, axis = b.op("size", x), 0
    else:
        axis = one_axis(node.attrs["axis"], len(shape_of(ct.type)))
        middle = b.op("dimension", x, axis=axis)
    first, second = _slice(b, ct, axis, 0, middle), _slice(b, ct, axis, middle, None)
    return [reshape_like(b, first, x), reshape_like(b, second, values)]


def _rows(shape: Shape) -> Shape:
    return shape if len(shape) > 1 else (ONE, *(shape or (ONE,)))


def _columns(shape: Shape) -> Shape:
    return shape if len(shape) > 1 else (*(shape or (ONE,)), ONE)


def _layers(shape: Shape) -> Shape:
    return shape if len(shape) > 2 else (*_rows(shape), ONE)


def _line(shape: Shape) -> Shape:
    return shape or (ONE,)


def _joiner(
    name: str,
    prepare: Callable[[Shape], Shape],
    axis_of: Callable[[int], int],
    doc: str,
    *more: str,
    **fields: Any,
) -> OpSpec:
    samples = ("[a(3), a(3)]", "[a(2, 3), a(2, 3)]", "[a(2, 3, 2), a(2, 3, 2)]", *more)
    return linear(
        name,
        f"numpy.{name} numpy.row_stack" if name == "vstack" else f"numpy.{name}",
        "arrays",
        None,
        _joined_types(prepare, axis_of),
        doc,
        operands=(),
        variadic="arrays",
        transposes=_split_transposes(prepare, lambda node, ndim: axis_of(ndim)),
        refused_keywords=JOIN_KEYWORDS,
        backend=Domain.LAYOUT,
        samples=samples,
        **fields,
    )


OPERATIONS = (
    linear(
        "stack",
        "numpy.stack",
        "arrays, axis=0",
        None,
        _stack_types,
        "Arrays along a new axis.",
        operands=(),
        otherwise="stack_list",
        written=written.stack,
        variadic="arrays",
        transposes=_stack_transposes,
        refused_keywords=JOIN_KEYWORDS,
        backend=Domain.LAYOUT,
        samples=(
            "[a(3), a(3)]",
            "[a(2, 3), a(2, 3), a(2, 3)], axis=-1",
            "[s(), s()]",
            "[f(), s(), 2.0]",
        ),
    ),
    linear(
        "concatenate",
        "numpy.concatenate numpy.concat",
        "arrays, axis=0",
        None,
        _concatenate_types,
        "Arrays one after another along an axis.",
        operands=(),
        otherwise="stack_list",
        written=written.concatenate,
        written_if=lambda given: given.get("axis", 0) is None or "dtype" in given,
        variadic="arrays",
        transposes=_split_transposes(
            lambda shape: shape, lambda node, ndim: one_axis(node.attrs.get("axis", 0), ndim)
        ),
        refused_keywords=JOIN_KEYWORDS,
        backend=Domain.LAYOUT,
        samples=(
            "[a(3), a(2)]",
            "[a(2, 3), a(1, 3), a(2, 3)]",
            "(a(2, 3), a(2, 1)), axis=1",
            "[a(3), a(0)]",
        ),
    ),
    _joiner("vstack", _rows, lambda ndim: 0, "Arrays as rows.", written=written.vstack),
    _joiner(
        "hstack",
        _line,
        lambda ndim: 0 if ndim == 1 else 1,
        "Arrays side by side.",
        "[1.0, a(3), s()]",
        "[a(2), 2.0, a(3)]",
        "[a(2, 3), a(2, 2)]",
        written=written.hstack,
    ),
    _joiner(
        "column_stack", _columns, lambda ndim: 1, "Arrays as columns.", "[a(3), a(3, 2)]", "[a(3, 1), a(3)]"
    ),
    _joiner("dstack", _layers, lambda ndim: 2, "Arrays along the third axis."),
    linear(
        "array",
        "numpy.array",
        "arrays, dtype=None",
        None,
        _array_types,
        "An array of nested lists of values.",
        operands=(),
        otherwise="stack_list",
        written=written.array,
        variadic="arrays",
        nested=True,
        transposes=_array_transposes,
        backend=Domain.LAYOUT,
        refused_keywords={
            "copy": "np.array copies",
            "order": "it changes only the memory layout",
            "ndmax": "nothing is known of objects in arrays",
            "like": "only NumPy arrays are supported",
            "subok": "subclasses are not supported",
        },
        samples=("[a(3), a(3)]", "[[s(), f()], [1.0, s()]]", "a(3)", "[f(), 2]", "f()", "[a(2, 3)]"),
    ),
    linear(
        "asarray",
        "numpy.asarray numpy.ascontiguousarray numpy.asfortranarray numpy.asanyarray",
        "arrays, dtype=None",
        None,
        _array_types,
        "The value as an array.",
        operands=(),
        otherwise="stack_list",
        variadic="arrays",
        nested=True,
        transposes=_array_transposes,
        backend=Domain.LAYOUT,
        aliasing=Aliasing.MAYBE_VIEW,
        refused_keywords={
            "order": "it changes only the memory layout",
            "copy": "use np.array",
            **dict.fromkeys(("device", "like"), "only NumPy arrays are supported"),
        },
        samples=("a(3)", "[s(), f()]", "f()"),
    ),
    linear(
        "append",
        "numpy.append",
        "x, values, axis=None",
        None,
        _append_types,
        "The second array after the first.",
        operands=("x", "values"),
        transposes=_append_transposes,
        backend=Domain.LAYOUT,
        samples=("a(3), a(2)", "a(3), s()", "a(2, 3), a(2)", "a(2, 3), a(1, 3), axis=0"),
    ),
)
