"""Reading storages that the reverse sweep carries backwards.

    before:  x_i = x[:i]  (saved, a part per iteration)        after:  d_l = outer(d_s, x[:i])  (x as restored)
             d_l = outer(d_s, x_i)

A read of a version, or of a part of it, becomes a read of the restored one where that has been restored by then;
what is read later than that (earlier in the reverse sweep) stays a read of the primal value, which is saved.

In:  the live nodes of a reverse sweep.   Out: the nodes, reading restored versions.
Not here: restoring (undo.py), what is saved (residuals.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gradscribe.ad.state import BlockPullback
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ScalarType
from gradscribe.ir.walk import definitions, substitute
from gradscribe.ops.spec import Aliasing, OpSpec

INCOMING = -1


def read_restored(
    block: Block, pull: BlockPullback, reverse: Sequence[Node], own: frozenset[Value]
) -> list[Node]:
    """The nodes of a reverse sweep, reading restored versions where they can.

    Args:
        block: the primal block.
        pull: its adjoint; `pull.restored` has the versions.
        reverse: the live nodes of the reverse sweep.
        own: parameters of the reverse block.
    """
    if not pull.restored:
        return list(reverse)
    return _Reading(block, pull.restored, reverse, own).nodes()


class _Reading:
    def __init__(
        self, block: Block, restored: Mapping[Value, Value], reverse: Sequence[Node], own: frozenset[Value]
    ) -> None:
        self.reverse = reverse
        self.defined = definitions(block.nodes)
        self.positions = {output: k for k, node in enumerate(reverse) for output in node.outputs}
        self.positions.update(dict.fromkeys(own, INCOMING))
        # Dead restorations have no position: nothing reads them.
        self.since = {
            version: (self.positions[value], value)
            for version, value in restored.items()
            if value in self.positions
        }

    def nodes(self) -> list[Node]:
        """The nodes, with parts read from restored versions before their first use."""
        mapping: dict[Value, Value] = {}
        kept: set[Value] = set()
        found: list[Node] = []
        for position, node in enumerate(self.reverse):
            for place, value in enumerate(node.inputs):
                if value in mapping or value in kept:
                    continue
                reading = self.part(value, position)
                if self.is_restored(value, position):
                    mapping[value] = self.since[value][1]
                elif reading is not None:
                    found.append(reading)
                    mapping[value] = reading.output
                elif place not in node.op.shape_only:
                    kept.add(value)
            found.append(self.shape_reading(substitute(node, mapping), position))
        return found

    def is_restored(self, value: Value, position: int) -> bool:
        """Whether a version has been restored by then."""
        return value in self.since and self.since[value][0] < position

    def part(self, value: Value, position: int) -> Node | None:
        """The read of a part of a version that has been restored by then."""
        node = self.defined.get(value)
        if node is None or not _reads_part(node) or not self.is_restored(node.inputs[0], position):
            return None
        inputs = (self.since[node.inputs[0]][1], *node.inputs[1:])
        output = Value(value.type, value.hint)
        return Node(node.op, inputs, (output,), node.attrs, (), node.location, derivative=True)

    def shape_reading(self, node: Node, position: int) -> Node:
        """A read of the shape of a version: stores keep the shape, so that of a later version is the same."""
        places = [place for place in node.op.shape_only if node.inputs[place] in self.since]
        return substitute(
            node, {node.inputs[place]: self.of_same_shape(node.inputs[place], position) for place in places}
        )

    def of_same_shape(self, version: Value, position: int) -> Value:
        """What has the shape of a version and is there by then: the version itself where nothing else is."""
        since, value = self.since[version]
        while since >= position:
            undoing = self.reverse[since]
            if undoing.op.name != "set_item":
                return version
            value = undoing.inputs[0]
            since = self.positions[value]
        return value


def _reads_part(node: Node) -> bool:
    spec = node.op
    if not isinstance(spec, OpSpec) or len(node.outputs) != 1:
        return False
    if spec.name in ("get_item", "list_get"):
        return all(isinstance(value.type, ScalarType) for value in node.inputs[1:])
    return spec.aliasing is Aliasing.VIEW
