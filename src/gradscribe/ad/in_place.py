"""Derivatives of a block at given values, as nodes in place.

In:  a block, values for its parameters, cotangents or tangents.   Out: nodes in a builder; cotangents or tangents.
Not here: blocks that stay blocks (blocks.py), graphs that are called (calls.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from gradscribe.ad.state import Transformation
from gradscribe.ir.graph import Block, Value
from gradscribe.ir.walk import as_derivative, clone_block, clone_nodes
from gradscribe.ops.build import OpBuilder


def pulled(
    run: Transformation,
    b: OpBuilder,
    block: Block,
    given: Sequence[Value],
    varied: Sequence[bool],
    *cts: Value | None,
) -> list[Value | None]:
    """The cotangents of the parameters that are varied, None for zero.

    Args:
        run: the transformation.
        b: where the nodes go.
        block: with parameters of its own.
        given: the values of its parameters.
        varied: which parameters a cotangent is wanted for.
        cts: of the results.
    """
    own = clone_block(block)
    pull = run.reverse_block(run, own, varied, cts, {})
    wanted = zip(own.params, varied, strict=True)
    found = [pull.cotangents.dense(param) if flag else None for param, flag in wanted]
    mapping = dict(zip(own.params, given, strict=True))
    for made in clone_nodes([*pull.forward, *pull.b.nodes], mapping):
        b.append(as_derivative(made))
    return [None if ct is None else mapping.get(ct, ct) for ct in found]


def pushed(
    run: Transformation, b: OpBuilder, block: Block, given: Sequence[Value], moves: Sequence[Value | None]
) -> Value | None:
    """The tangent of the only result of a block, for the tangents `moves` of its parameters; None for zero."""
    own = clone_block(block)
    dots = {
        param: Value(param.type) for param, move in zip(own.params, moves, strict=True) if move is not None
    }
    found = run.push_block(run, own, dots)
    mapping = dict(zip(own.params, given, strict=True))
    mapping.update(
        (dots[param], move) for param, move in zip(own.params, moves, strict=True) if move is not None
    )
    for made in clone_nodes(found.b.nodes, mapping):
        b.append(as_derivative(made))
    (tangent,) = found.tangents
    return None if tangent is None else mapping.get(tangent, tangent)
