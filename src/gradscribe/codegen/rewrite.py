"""Carrying out decisions about memory: copies become nodes.

In:  an opened block, `Fixes` or `Decisions`.   Out: the block with `copy` nodes.
Not here: deciding (storage.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gradscribe.codegen.decisions import Decisions, Fixes
from gradscribe.codegen.flow import may_be_absent
from gradscribe.ir.control import CALL, FOR, WHILE
from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.types import SequenceType
from gradscribe.ir.walk import with_blocks, with_inputs
from gradscribe.location import Location
from gradscribe.ops.table import lookup


def copy_node(
    value: Value,
    location: Location | None,
    hint: str = "",
    *,
    optional: bool = False,
    nested: bool = False,
) -> Node:
    """A copy that keeps the memory layout, so that sums of Fortran arrays keep their bits.

    Args:
        value: what is copied.
        location: the place it belongs to.
        hint: name of the copy.
        optional: the value may be absent, and then so is its copy.
        nested: the lists in the list are copied, too.
    """
    made = Value(value.type, hint)
    attrs = {"order": "K", "optional": optional} | ({"nested": True} if nested else {})
    return Node(lookup("copy"), (value,), (made,), attrs, location=location, derivative=True)


def apply_fixes(block: Block, fixes: Fixes) -> Block:
    """The block with the copies that were asked for."""
    absent = may_be_absent(block)
    copies: dict[Value, Value] = {}
    start: list[Node] = []
    for param in block.params:
        if param in fixes.params:
            node = copy_node(param, None, param.hint)
            start.append(node)
            copies[param] = node.output
    fixed = _fix_block(_substituted(block, copies), fixes, {}, absent)
    return Block(fixed.params, (*start, *fixed.nodes), fixed.results)


def _substituted(block: Block, mapping: Mapping[Value, Value]) -> Block:
    if not mapping:
        return block
    nodes = []
    for node in block.nodes:
        node = with_inputs(node, (mapping.get(value, value) for value in node.inputs))
        nodes.append(with_blocks(node, [_substituted(inner, mapping) for inner in node.blocks]))
    return Block(block.params, tuple(nodes), tuple(mapping.get(value, value) for value in block.results))


def _fix_block(block: Block, fixes: Fixes, copies: dict[Value, Value], absent: frozenset[Value]) -> Block:
    nodes: list[Node] = []
    for node in block.nodes:
        if node.derivative:
            node = with_inputs(node, (copies.get(value, value) for value in node.inputs))
        if node.blocks:
            node = with_blocks(node, [_fix_block(inner, fixes, copies, absent) for inner in node.blocks])
        # What is saved may be a fixed view: then it needs no other copy.
        if not fixes.views and node.outputs and node.outputs[0] in fixes.appends:
            *others, value = node.inputs
            nested = node.outputs[0] in fixes.nested
            saved = copy_node(value, node.location, optional=value in absent, nested=nested)
            nodes.append(saved)
            node = with_inputs(node, (*others, saved.output))
        nodes.append(node)
        if node.outputs and node.outputs[0] in fixes.views:
            view = node.outputs[0]
            saved = copy_node(view, node.location, view.hint)
            nodes.append(saved)
            copies[view] = saved.output
    # A view that is fixed and leaves its branch goes to derivatives only.
    return Block(block.params, tuple(nodes), tuple(copies.get(value, value) for value in block.results))


@dataclass
class _Rewriter:
    decisions: Decisions
    absent: frozenset[Value]
    in_place: dict[Value, Value] = field(default_factory=dict)

    def block(self, block: Block, newest: Mapping[Value, Value]) -> Block:
        """`newest` maps values overwritten in place to the version that has their shape."""
        newest = dict(newest)
        nodes: list[Node] = []
        for node in block.nodes:
            made = self.node(node, newest, nodes)
            nodes.append(made)
            if made.outputs and made.outputs[0] in self.decisions.in_place:
                output = made.outputs[0]
                target = self.decisions.in_place[output]
                copied = (node, 0) in self.decisions.copied_inputs
                self.in_place[output] = made.inputs[0] if copied else target
                if not copied:
                    newest[target] = output
        results = list(block.results)
        for k, value in enumerate(results):
            if (block, k) in self.decisions.copied_results:
                place = nodes[-1].location if nodes else None
                nested = (block, k) in self.decisions.nested
                node = copy_node(value, place, optional=value in self.absent, nested=nested)
                nodes.append(node)
                results[k] = node.output
        return Block(block.params, tuple(nodes), tuple(results))

    def node(self, node: Node, newest: Mapping[Value, Value], before: list[Node]) -> Node:
        inputs = list(node.inputs)
        for position in node.op.shape_only:
            # An older version of a list may have had another length.
            while inputs[position] in newest and not isinstance(inputs[position].type, SequenceType):
                inputs[position] = newest[inputs[position]]
        for position, value in enumerate(inputs):
            if (node, position) in self.decisions.copied_inputs:
                hint = _hint_of_target(node, position)
                absent, nested = value in self.absent, (node, position) in self.decisions.nested
                saved = copy_node(value, node.location, hint, optional=absent, nested=nested)
                before.append(saved)
                inputs[position] = saved.output
        rewritten = with_inputs(node, inputs)
        if node.blocks:
            rewritten = with_blocks(rewritten, [self.block(inner, newest) for inner in node.blocks])
        return rewritten


def _hint_of_target(node: Node, position: int) -> str:
    """The name of what is going to be modified."""
    if node.op in (FOR, WHILE):
        return node.outputs[position - len(node.inputs)].hint
    return node.outputs[0].hint if node.outputs and node.op is not CALL else ""


def carry_out(block: Block, decisions: Decisions) -> tuple[Block, dict[Value, Value]]:
    """The block with its copies, and for each result of a write in place the value it takes over."""
    rewriter = _Rewriter(decisions, may_be_absent(block))
    return rewriter.block(block, {}), rewriter.in_place
