"""Equal slices have equal lengths, also where their bounds are known only at run time.

    L[i, :j] * L[j, :j]        both parts have the same unknown length
    y[i : i + 3] = f(y[i : i + 3])

Two slices along dimensions of the same length are equally long if their bounds are: the same value, or the same
arithmetic on the same values. Within one run of a block a value is one number.

In:  the nodes of a block, one after the other.   Out: types of reads with the lengths of equal reads before.
Not here: lengths that follow from types alone (indexes.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from gradscribe.ir.graph import Input, Node, Value
from gradscribe.ir.lengths import Length
from gradscribe.ir.template import freeze
from gradscribe.ir.types import ArrayType, ScalarType, Type, shape_of
from gradscribe.ops.indexes import spread

ARITHMETIC = frozenset(
    {"add", "sub", "mul", "neg", "floordiv", "mod", "maximum", "minimum", "dimension", "list_length"}
)


class SliceLengths:
    """What is known of the bounds and slices of one block.

    Args:
        nodes: nodes of the block that have been made already.
    """

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        self._numbers: dict[Value, Hashable] = {}
        self._lengths: dict[Hashable, Length] = {}
        for node in nodes:
            self.learn(node)

    def learn(self, node: Node) -> None:
        """Take note of a node that was appended."""
        if len(node.outputs) != 1 or node.blocks:
            return
        type_ = node.output.type
        if node.op.name == "constant":
            self._numbers[node.output] = freeze(node.attrs.get("value"))
        elif node.op.name in ARITHMETIC and isinstance(type_, ScalarType) and type_.dtype.kind in "iu":
            made = tuple(map(self._number, node.inputs))
            self._numbers[node.output] = (node.op.name, made, freeze(node.attrs))
        elif node.op.name == "get_item" and isinstance(type_, ArrayType):
            for position, key in self._keys(node.inputs, node.attrs["index"]):
                self._lengths.setdefault(key, type_.shape[position])

    def fitted(self, type_: Type, inputs: Sequence[Value], index: object) -> Type:
        """The type of a read, with the lengths of equal slices before."""
        if not isinstance(type_, ArrayType):
            return type_
        shape = list(type_.shape)
        for position, key in self._keys(inputs, index):
            shape[position] = self._lengths.get(key, shape[position])
        return ArrayType(type_.dtype, tuple(shape))

    def _number(self, value: Value) -> Hashable:
        return self._numbers.get(value, ("value", value))

    def _keys(self, inputs: Sequence[Value], index: object) -> list[tuple[int, Hashable]]:
        """For each slice with a bound of run time: its dimension in the result, and what its length depends on."""
        assert isinstance(index, tuple)
        if not all(_is_basic(item, inputs) for item in index):
            return []
        lengths = shape_of(inputs[0].type)
        found: list[tuple[int, Hashable]] = []
        axis = position = 0
        for item in spread_basic(index, len(lengths)):
            if item is None:
                position += 1
            elif isinstance(item, slice):
                bounds = (item.start, item.stop, item.step)
                if any(isinstance(bound, Input) for bound in bounds):
                    numbers = tuple(self._bound(bound, inputs) for bound in bounds)
                    found.append((position, (lengths[axis], numbers)))
                axis, position = axis + 1, position + 1
            else:
                axis += 1
        return found

    def _bound(self, bound: object, inputs: Sequence[Value]) -> Hashable:
        return self._number(inputs[bound.position]) if isinstance(bound, Input) else freeze(bound)


def spread_basic(index: tuple[object, ...], ndim: int) -> list[object]:
    """The items of an index of ints and slices, one per dimension, new axes between."""
    ints = sum(not isinstance(item, slice) and item is not None and item is not Ellipsis for item in index)
    return spread(list(index), ndim - ints)


def _is_basic(item: object, inputs: Sequence[Value]) -> bool:
    if isinstance(item, Input):
        type_ = inputs[item.position].type
        return isinstance(type_, ScalarType) and type_.dtype.kind in "iu"
    return item is None or item is Ellipsis or (isinstance(item, int | slice) and not isinstance(item, bool))
