"""Moving, repeating and leaving out elements along axes.

In:  nothing.   Out: `OPERATIONS`.
Not here: shapes alone (shaping.py), index arrays (indexing.py), order (sorting.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length, as_length, fresh
from gradscribe.ir.template import inputs_in
from gradscribe.ir.types import Type, shape_of
from gradscribe.ops.axes import all_axes, one_axis
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.declare import custom, linear
from gradscribe.ops.promotion import number_type, numbers
from gradscribe.ops.shapes import int_length, product_of, reshape_like, shape_template
from gradscribe.ops.shaping import shaped
from gradscribe.ops.slices import counted, turned
from gradscribe.ops.spec import (
    Aliasing,
    At,
    Contributions,
    Domain,
    OpSpec,
    Spelling,
    Unsupported,
)
from gradscribe.ops.written import padding as written

Attrs = Mapping[str, object]
Shape = tuple[Length, ...]


def same_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    """The shape rule of an operation that keeps it."""
    return shape


def _flip_types(types: Sequence[Type], attrs: Attrs, spelling: Spelling) -> tuple[Type, ...]:
    """It is indexed with slices, so that an array of no dimensions becomes a scalar."""
    (operand,) = numbers(types[:1])
    all_axes(attrs.get("axis"), len(shape_of(operand)))
    return (number_type(operand.dtype, shape_of(operand)),)


def again(b: OpBuilder, node: Node, ct: Value) -> Value:
    """The operation is its own transpose."""
    return b.apply(
        node.op.name, (ct, *node.inputs[1:]), {k: v for k, v in node.attrs.items() if k != "spelling"}
    )[0]


def _negated(b: OpBuilder, template: object, inputs: Sequence[Value]) -> tuple[object, list[Value]]:
    """A template of ints with every sign turned, and its inputs."""
    if isinstance(template, Input):
        return template, [b.op("neg", inputs[template.position])]
    if isinstance(template, tuple | list):
        return tuple(-item for item in template), []
    assert isinstance(template, int)
    return -template, []


def _roll_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    if isinstance(node.attrs["shift"], tuple | list) and any(True for _ in inputs_in(node.attrs["shift"])):
        raise Unsupported("a roll by several run-time ints", "roll along one axis after the other")
    turned, inputs = _negated(b, node.attrs["shift"], node.inputs)
    attrs: dict[str, Any] = {"shift": turned}
    if "axis" in node.attrs:
        attrs["axis"] = node.attrs["axis"]
    return b.apply("roll", (ct, *inputs), attrs)[0]


def _rot_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    turns = attrs.get("k", 1)
    if not isinstance(turns, int):
        raise Unsupported(
            "the number of turns is not known when the code is generated", "write it as a literal"
        )
    axes = attrs.get("axes", (0, 1))
    assert isinstance(axes, tuple | list)
    first, second = (one_axis(axis, len(shape)) for axis in axes)
    turned = list(shape)
    if turns % 2:
        turned[first], turned[second] = turned[second], turned[first]
    return tuple(turned)


def _rot_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    turns = node.attrs.get("k", 1)
    assert isinstance(turns, int)
    axes: dict[str, Any] = {"axes": node.attrs["axes"]} if "axes" in node.attrs else {}
    return b.op("rot90", ct, k=-turns, **axes)


def _repeat_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    axis = attrs.get("axis")
    if _is_counted(attrs["repeats"], types):
        if axis is None and len(shape) != 1:
            raise Unsupported("a number of repeats for each element of several dimensions", "write x.ravel()")
        return tuple(
            fresh() if axis is None or a == one_axis(axis, len(shape)) else length
            for a, length in enumerate(shape)
        )
    count = int_length(attrs["repeats"], types)
    if axis is None:
        return (product_of(shape) * count,)
    place = one_axis(axis, len(shape))
    return tuple(length * count if a == place else length for a, length in enumerate(shape))


def _is_counted(repeats: object, types: Sequence[Type]) -> bool:
    """Each element has its own number of repeats."""
    if isinstance(repeats, Input):
        return bool(shape_of(types[repeats.position]))
    return isinstance(repeats, tuple | list)


def _repeat_transpose(b: OpBuilder, node: Node, ct: Value) -> Value | At:
    """Each element sums its copies: a new axis after its own, or added up where they came from."""
    operand = node.inputs[0]
    axis = node.attrs.get("axis")
    ndim = len(shape_of(operand.type))
    if _is_counted(node.attrs["repeats"], [value.type for value in node.inputs]):
        place = one_axis(axis if axis is not None else 0, ndim)
        inputs = (counted(b, operand, place), *node.inputs[1:])
        origin = b.apply("repeat", inputs, {"repeats": node.attrs["repeats"]})[0]
        return At(ct, (*(slice(None),) * place, Input(0)), (origin,), repeats=True)
    place = ndim if axis is None else one_axis(axis, ndim) + 1
    return _summed_blocks(b, operand, ct, node.attrs["repeats"], node.inputs, place)


def _summed_blocks(
    b: OpBuilder, operand: Value, ct: Value, count: object, inputs: Sequence[Value], place: int
) -> Value:
    """`ct` in the shape of `operand` with an axis of `count` copies put in at `place`, summed over it."""
    template, lengths = shape_template(b, operand, 1)
    given: list[Value] = list(lengths)
    if isinstance(count, Input):
        given.append(inputs[count.position])
        count = Input(len(given))
    shape = (*template[:place], count, *template[place:])
    return b.op("sum", b.apply("reshape", (ct, *given), {"shape": shape})[0], axis=place)


def _tile_counts(attrs: Attrs, types: Sequence[Type]) -> list[object]:
    reps = attrs["reps"]
    return list(reps) if isinstance(reps, tuple | list) else [reps]


def _tile_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    counts = [int_length(item, types) for item in _tile_counts(attrs, types)]
    ndim = max(len(shape), len(counts))
    full = (as_length(1),) * (ndim - len(shape)) + shape
    counts = [as_length(1)] * (ndim - len(counts)) + counts
    return tuple(length * count for length, count in zip(full, counts, strict=True))


def _tile_transpose(b: OpBuilder, node: Node, ct: Value) -> Value:
    """Each block of copies is summed: axes (copies, length) in pairs, summed over the copies."""
    operand = node.inputs[0]
    types = [value.type for value in node.inputs]
    counts = _tile_counts(node.attrs, types)
    template, lengths = shape_template(b, operand, 1)
    given: list[Value] = list(lengths)
    ndim = max(len(template), len(counts))
    own = (1,) * (ndim - len(template)) + template
    counts = [1] * (ndim - len(counts)) + counts
    shape: list[object] = []
    for count, length in zip(counts, own, strict=True):
        if isinstance(count, Input):
            given.append(node.inputs[count.position])
            count = Input(len(given))
        shape += [count, length]
    blocks = b.apply("reshape", (ct, *given), {"shape": tuple(shape)})[0]
    return reshape_like(b, b.op("sum", blocks, axis=tuple(range(0, 2 * ndim, 2))), operand)


def _pad_widths(attrs: Attrs, ndim: int) -> list[tuple[object, object]]:
    """(before, after) for each axis."""
    width = attrs["pad_width"]
    if not isinstance(width, tuple | list):
        return [(width, width)] * ndim
    if all(not isinstance(item, tuple | list) for item in width):
        if len(width) == 1:
            return [(width[0], width[0])] * ndim
        return [(width[0], width[1])] * ndim
    pairs = [tuple(item) for item in width]
    if len(pairs) == 1:
        pairs = pairs * ndim
    return [(pair[0], pair[-1]) for pair in pairs]


def _pad_shape(shape: Shape, attrs: Attrs, types: Sequence[Type]) -> Shape:
    mode = attrs.get("mode", "constant")
    if mode != "constant" and mode not in COPYING_MODES:
        raise Unsupported(f"padding with mode {mode!r}", "concatenate the border to the array instead")
    if any(True for _ in inputs_in(attrs.get("constant_values", 0))):
        raise Unsupported(
            "padding with a value that is not a literal", "pad with zeros and store it at the border"
        )
    widths = _pad_widths(attrs, len(shape))
    return tuple(
        length + int_length(before, types) + int_length(after, types)
        for length, (before, after) in zip(shape, widths, strict=True)
    )


# Modes whose border repeats elements of the array.
COPYING_MODES = ("edge", "reflect", "symmetric", "wrap")


def _pad_vjp(b: OpBuilder, node: Node, cts: Sequence[Value | None]) -> Contributions:
    """The middle of the cotangent, or everything, added up where it was copied from."""
    (ct,) = cts
    if ct is None:
        return [None]
    operand = node.inputs[0]
    if node.attrs.get("mode", "constant") != "constant":
        return [_added_up(b, node, ct)]
    inputs: list[Value] = [ct]
    index = tuple(
        _kept(b, node, operand, axis, widths, inputs)
        for axis, widths in enumerate(_pad_widths(node.attrs, len(shape_of(operand.type))))
    )
    return [b.apply("get_item", inputs, {"index": index})[0]]


def _added_up(b: OpBuilder, node: Node, ct: Value) -> At:
    """A border is copied from positions that are those of 0, 1, 2 ... padded in the same way."""
    operand = node.inputs[0]
    ndim = len(shape_of(operand.type))
    places = []
    for axis, widths in enumerate(_pad_widths(node.attrs, ndim)):
        given = [node.inputs[width.position] for width in widths if isinstance(width, Input)]
        numbered = iter(range(1, len(given) + 1))
        template = tuple(Input(next(numbered)) if isinstance(width, Input) else width for width in widths)
        attrs: dict[str, object] = {"pad_width": template, "mode": node.attrs["mode"]}
        found = b.apply("pad", (counted(b, operand, axis), *given), attrs)[0]
        places.append(turned(b, found, axis, ndim))
    return At(ct, tuple(Input(k) for k in range(ndim)), tuple(places), repeats=True)


def _kept(
    b: OpBuilder, node: Node, operand: Value, axis: int, widths: tuple[object, object], inputs: list[Value]
) -> slice:
    before, after = widths
    if isinstance(before, int) and isinstance(after, int):
        return slice(before or None, -after if after else None)
    start = node.inputs[before.position] if isinstance(before, Input) else b.constant(int(str(before)))
    inputs += [start, b.op("add", start, b.op("dimension", operand, axis=axis))]
    return slice(Input(len(inputs) - 2), Input(len(inputs) - 1))


def _pad_jvp(b: OpBuilder, node: Node, tangents: Sequence[Value | None]) -> Sequence[Value | None]:
    tangent = tangents[0]
    if tangent is None:
        return [None]
    attrs = {name: node.attrs[name] for name in ("pad_width", "mode") if name in node.attrs}
    return [b.apply("pad", (tangent, *node.inputs[1:]), attrs)[0]]


def layout(
    name: str, spellings: str, signature: str, transpose: Any, shape_rule: Any, doc: str, **fields: Any
) -> OpSpec:
    """An entry that moves the elements of its first operand."""
    fields.setdefault("operands", ("x",))
    return linear(
        name, spellings, signature, transpose, shaped(shape_rule), doc, backend=Domain.LAYOUT, **fields
    )


OPERATIONS = (
    linear(
        "flip",
        "numpy.flip",
        "x, axis=None",
        again,
        _flip_types,
        "Elements in reverse order.",
        operands=("x",),
        backend=Domain.LAYOUT,
        aliasing=Aliasing.VIEW,
        samples=("a(3)", "a(2, 3)", "a(2, 3), axis=1", "a(2, 3), axis=(0, 1)"),
    ),
    layout(
        "fliplr",
        "numpy.fliplr",
        "x",
        again,
        same_shape,
        "Columns in reverse order.",
        aliasing=Aliasing.VIEW,
        samples=("a(2, 3)",),
    ),
    layout(
        "flipud",
        "numpy.flipud",
        "x",
        again,
        same_shape,
        "Rows in reverse order.",
        aliasing=Aliasing.VIEW,
        samples=("a(2, 3)", "a(3)"),
    ),
    layout(
        "roll",
        "numpy.roll",
        "x, shift, axis=None",
        _roll_transpose,
        same_shape,
        "Elements moved round.",
        samples=(
            "a(4), 1",
            "a(3, 4), -2, axis=1",
            "a(3, 4), (1, 2), axis=(0, 1)",
            "a(4), n(2)",
            "a(2, 3), 2",
        ),
    ),
    layout(
        "rot90",
        "numpy.rot90",
        "x, k=1, axes=(0, 1)",
        _rot_transpose,
        _rot_shape,
        "Turned by quarter turns.",
        aliasing=Aliasing.VIEW,
        samples=("a(2, 3)", "a(2, 3), k=2", "a(2, 3), k=-1", "a(2, 3, 4), axes=(1, 2)"),
    ),
    layout(
        "repeat",
        "numpy.repeat .repeat()",
        "x, repeats, axis=None",
        _repeat_transpose,
        _repeat_shape,
        "Each element several times.",
        samples=(
            "a(3), 2",
            "a(2, 3), 2",
            "a(2, 3), 3, axis=0",
            "a(2, 3), n(2), axis=1",
            "a(2, 3), [2, 0, 1], axis=1",
            "a(2, 3), i(2), axis=0",
            "a(3), i(3)",
        ),
    ),
    layout(
        "tile",
        "numpy.tile",
        "x, reps",
        _tile_transpose,
        _tile_shape,
        "The whole array several times.",
        samples=("a(3), 2", "a(2, 3), (2, 2)", "a(3), (2, 3)", "a(2, 3), 2", "a(3), n(2)"),
    ),
    custom(
        "pad",
        "numpy.pad",
        "x, pad_width, mode='constant', constant_values=0",
        _pad_vjp,
        _pad_jvp,
        shaped(_pad_shape),
        "The array with a border of a value or of copies.",
        why="the border is constant or copied",
        operands=("x",),
        backend=Domain.LAYOUT,
        written=written.pad,
        written_if=lambda given: (
            isinstance(given["pad_width"], dict) or given.get("mode") in written.COMPUTED
        ),
        refused_keywords={"reflect_type": "borders are reflected evenly only"},
        samples=(
            "a(3), 1",
            "a(3), (0, 2)",
            "a(2, 3), ((1, 0), (2, 1))",
            "a(2, 3), 1, constant_values=2.0",
            "a(3), (n(1), n(2))",
            "a(2, 3), 1, constant_values=(1.0, 2.0)",
            "a(3), 2, mode='edge'",
            "a(2, 3), ((1, 0), (2, 1)), mode='reflect'",
            "a(3), (1, 5), mode='symmetric'",
            "a(2, 3), 1, mode='wrap'",
            "a(3), (n(1), n(2)), mode='edge'",
        ),
    ),
)
