"""What a reverse block reads from its forward block: saved, recomputed, or already outside.

The reverse block is emitted first, reading primal values freely. What it reads after dead code is gone is its
residual set. Each such value is then supplied in the cheapest exact way: a captured value or an entry of a list is
passed again, a literal or a cheap expression of values that are there anyway is computed again, a shape is read
from another array that has it, a length is saved as an int instead of the array that was only read for it, and the
rest is saved.

In:  reverse nodes, results, the forward block.   Out: `ResidualPlan`.
Not here: how saved values travel (loops.py: lists; branches.py and calls.py: outputs), the choice between saving
and computing again (analysis/recomputation.py), shapes (analysis/shape_sources.py).
References: Hascoet & Pascual, The Tapenade AD tool, TOMS 39(3) 2013, section 4 (to-be-recorded analysis).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from gradscribe.analysis.recomputation import nodes_to_run_again
from gradscribe.analysis.shape_sources import shapes_elsewhere
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import ArrayType, ScalarType
from gradscribe.ir.walk import clone_nodes, definitions, free_values, substitute


@dataclass(frozen=True)
class ResidualPlan:
    """How the reverse block gets the primal values it reads.

    Attributes:
        forward: the forward nodes, extended by lengths that the reverse block wants.
        recomputed: primal nodes to run again at the start of the reverse block, in order.
        reverse: the live nodes of the reverse block.
        outer: parameters of the forward block that are read.
        saved: values of the forward block that must be saved.
    """

    forward: list[Node]
    recomputed: list[Node]
    reverse: list[Node]
    outer: list[Value]
    saved: list[Value]

    def sweep(self, mapping: dict[Value, Value]) -> list[Node]:
        """The nodes of the reverse block, reading primal values as `mapping` has them; recomputed ones join it."""
        return [*clone_nodes(self.recomputed, mapping), *(substitute(node, mapping) for node in self.reverse)]


def plan_residuals(
    block: Block,
    forward: list[Node],
    reverse: Sequence[Node],
    results: Sequence[Value],
    own: Sequence[Value],
    stable: Sequence[Value],
    absent: Collection[Value] = (),
) -> ResidualPlan:
    """Decide for every primal value that the reverse block reads.

    Args:
        block: the primal block.
        forward: its nodes, as the forward sweep executes them.
        reverse: nodes of the reverse block.
        results: what the reverse block yields.
        own: parameters of the reverse block.
        stable: parameters of the forward block that the reverse block can read without their being saved.
        absent: values and cotangents that may be absent.
    """
    live = live_nodes(reverse, results)
    live, forward = _save_lengths_not_arrays(live, forward, frozenset(block.params))
    plan = _supplied(forward, live, results, own, stable)
    there = (*stable, *(output for node in plan.recomputed for output in node.outputs), *own)
    # What only the sweep of an inner block saves is there where that block ran.
    known = set(definitions(block.nodes))
    inner = {output for node in forward if node.blocks for output in node.outputs if output not in known}
    elsewhere = shapes_elsewhere([*plan.recomputed, *live], results, plan.saved, there, {*absent, *inner})
    if not elsewhere:
        return plan
    return _supplied(forward, [_shaped_like(node, elsewhere) for node in live], results, own, stable)


def _supplied(
    forward: list[Node],
    live: list[Node],
    results: Sequence[Value],
    own: Sequence[Value],
    stable: Sequence[Value],
) -> ResidualPlan:
    """The plan for a reverse block that reads these values."""
    ours, given = frozenset(own), frozenset(stable)
    reads = [value for value in free_values(live, results) if value not in ours]
    recomputed = nodes_to_run_again(reads, forward, given)
    inside = {output for node in recomputed for output in node.outputs}
    rest = [value for value in free_values(recomputed, reads) if value not in inside]
    outer = [value for value in rest if value in given]
    saved = [value for value in rest if value not in given]
    return ResidualPlan(forward, recomputed, live, outer, saved)


def _shaped_like(node: Node, elsewhere: Mapping[Value, Value]) -> Node:
    """The node reading a shape elsewhere: from what is there, whatever was absent."""
    if not node.attrs.get("optional") or elsewhere.keys().isdisjoint(node.inputs):
        return substitute(node, elsewhere)
    attrs = {key: attr for key, attr in node.attrs.items() if key != "optional"}
    return replace(substitute(node, elsewhere), attrs=attrs)


def live_nodes(nodes: Sequence[Node], results: Sequence[Value]) -> list[Node]:
    """The nodes that the results depend on (and those with effects), in order."""
    needed = set(results)
    kept: list[Node] = []
    for node in reversed(nodes):
        if node.has_effect or any(output in needed for output in node.outputs):
            kept.append(node)
            needed.update(node.inputs)
    kept.reverse()
    return kept


def _save_lengths_not_arrays(
    reverse: list[Node], forward: list[Node], params: frozenset[Value]
) -> tuple[list[Node], list[Node]]:
    """Move reads of a shape into the forward block, when the array is read for nothing else there."""
    defined = definitions(forward)
    other_reads = {value for node in reverse if not _is_length(node) for value in node.inputs}
    moved = [
        node
        for node in reverse
        if _is_length(node)
        and node.inputs[0] not in other_reads
        and (node.inputs[0] in defined or node.inputs[0] in params)
    ]
    if not moved:
        return reverse, forward
    kept = [node for node in reverse if node not in moved]
    return kept, [*forward, *moved]


def _is_length(node: Node) -> bool:
    """Whether it is a number read off the shape of an array."""
    if not node.op.shape_only or len(node.inputs) != 1:
        return False
    return isinstance(node.inputs[0].type, ArrayType) and isinstance(node.output.type, ScalarType)
