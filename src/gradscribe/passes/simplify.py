"""Derivative code as a person writes it.

    before:  d_x = 1.0 * (3.0 * (2.0 * x ** 1))        after:  d_x = 6.0 * x
             d_y = d_z + -(d_w * 2.0)                          d_y = d_z - 2.0 * d_w

Only derivative nodes are rewritten, and only such operands are looked into that have no name of their own:
what the user named, and the cotangents of what the user named, stay statements. What takes the place of a
value has its dtype, shape and kind.

In:  a program.   Out: a program with the same primal nodes; unused nodes are left to dead_code.
Not here: the rules (rewrites.py, products.py, layout.py, fold_constants.py).
"""

from __future__ import annotations

from functools import lru_cache

from gradscribe.ir.graph import Block, Node, Op, Program, Value
from gradscribe.ir.walk import map_graphs, substitute, with_blocks, with_body
from gradscribe.passes.fold_constants import fold_literals
from gradscribe.passes.layout import (
    drop_broadcast_operand,
    drop_conversion,
    drop_zeros,
    sum_of_scalar,
    take_shape_elsewhere,
)
from gradscribe.passes.list_updates import add_after_clearing, read_repeated
from gradscribe.passes.maybe_integer import maybe_integer
from gradscribe.passes.patterns import apply_identities
from gradscribe.passes.products import normalise_product
from gradscribe.passes.rebuild import same_block
from gradscribe.passes.reductions import drop_kept_axes, factor_out_of_sum, inner_product
from gradscribe.passes.rules import Rewriting, Rule
from gradscribe.passes.scope import Scope
from gradscribe.passes.settled import remembering_settled
from gradscribe.passes.stores import (
    add_back_after_clearing,
    merge_additions,
    read_whole,
    store_into_zeros,
)
from gradscribe.passes.sums import normalise_sum
from gradscribe.passes.transposes import drop_double_transpose, transpose_product

RULES: tuple[Rule, ...] = (
    fold_literals,
    drop_conversion,
    take_shape_elsewhere,
    drop_zeros,
    sum_of_scalar,
    drop_broadcast_operand,
    read_whole,
    add_back_after_clearing,
    add_after_clearing,
    read_repeated,
    store_into_zeros,
    merge_additions,
    drop_kept_axes,
    factor_out_of_sum,
    inner_product,
    drop_double_transpose,
    transpose_product,
    apply_identities,
    normalise_sum,
    normalise_product,
)


def simplify(program: Program) -> Program:
    """Rewrite derivative nodes into the form that a person would write."""
    integers = maybe_integer(program)
    return map_graphs(program, lambda graph: with_body(graph, _simplify_block(graph.body, integers)))


@remembering_settled
def _simplify_block(block: Block, integers: frozenset[Value]) -> Block:
    scope = Scope(block, integers)
    for original in block.nodes:
        node = substitute(original, scope.same)
        if node.blocks:
            scope.append([with_blocks(node, [_simplify_block(inner, integers) for inner in node.blocks])])
            continue
        result = _rewrite(scope, node)
        if result is None:
            scope.append([node])
        else:
            scope.replace(node, result)
    results = [scope.same.get(value, value) for value in block.results]
    nodes = [_renamed(node, scope.named) for node in scope.nodes] if scope.named else scope.nodes
    return same_block(block, block.params, nodes, [scope.named.get(value, value) for value in results])


def _rewrite(scope: Scope, node: Node) -> Value | None:
    if not node.derivative or node.has_effect or len(node.outputs) != 1:
        return None
    for rewrite in _rewritings_of(node.op):
        result = rewrite(scope, node)
        if result is not None:
            return result
    return None


@lru_cache(maxsize=1024)
def _rewritings_of(op: Op) -> tuple[Rewriting, ...]:
    return tuple(rule.rewrite for rule in RULES if rule.starts_from(op))


def _renamed(node: Node, names: dict[Value, Value]) -> Node:
    node = substitute(node, names)
    if not any(output in names for output in node.outputs):
        return node
    outputs = tuple(names.get(output, output) for output in node.outputs)
    return Node(node.op, node.inputs, outputs, node.attrs, node.blocks, node.location, node.derivative)
