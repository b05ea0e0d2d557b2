"""What follows a check that raises stands beside it, as it was written, not in its other branch.

    before:  if bad: raise ... else: y = f(x)             after:  if bad: raise ...
                                                                  y = f(x)

What a branch yields is joined with what the other one would, and lists and arrays that it changes are saved as a
whole; of what always runs, the reverse sweep undoes the changes one by one.

In:  a program, before it is differentiated.   Out: the same with fewer branches.
Not here: branches of `try`, whose exceptions are caught.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradscribe.ir.control import IF, IfView, caught_by
from gradscribe.ir.graph import Block, Node, Program, Value
from gradscribe.ir.walk import free_values, map_blocks, map_graphs, substitute, with_body
from gradscribe.ops.effects import surely_taken
from gradscribe.passes.rebuild import same_block


def unnest_checks(program: Program) -> Program:
    """Put what follows a check beside it."""
    return map_graphs(program, lambda graph: with_body(graph, _unnest(graph.body)))


def _unnest(block: Block) -> Block:
    same: dict[Value, Value] = {}
    nodes: list[Node] = []
    # A function checks one value after the other, each inside of the last one's branch.
    waiting: list[tuple[Iterator[Node], Sequence[Value], Sequence[Value]]] = [(iter(block.nodes), (), ())]
    while waiting:
        rest, results, outputs = waiting[-1]
        node = next(rest, None)
        if node is None:
            same.update(
                (output, same.get(result, result)) for output, result in zip(outputs, results, strict=True)
            )
            waiting.pop()
            continue
        node = map_blocks(substitute(node, same), _unnest)
        goes_on = _branch_that_goes_on(node)
        if goes_on is None:
            nodes.append(node)
            continue
        view = IfView.of(node)
        nodes.append(_check(node, view, goes_on))
        same.update(zip(goes_on.params, view.captured, strict=True))
        waiting.append((iter(goes_on.nodes), goes_on.results, view.outputs))
    return same_block(block, block.params, nodes, [same.get(result, result) for result in block.results])


def _branch_that_goes_on(node: Node) -> Block | None:
    """The branch that is taken wherever something follows; None where that may be both, or nothing is in it."""
    if node.op is not IF or caught_by(node):
        return None
    view = IfView.of(node)
    taken = surely_taken(view)
    if taken is None:
        return None
    goes_on = view.then if taken else view.otherwise
    return goes_on if goes_on.nodes or node.outputs else None


def _check(node: Node, view: IfView, goes_on: Block) -> Node:
    """The `if` with the branch that raises, which yields nothing."""
    raising = view.then if goes_on is view.otherwise else view.otherwise
    read = set(free_values(raising.nodes))
    kept = [k for k, param in enumerate(raising.params) if param in read]
    params = tuple(raising.params[k] for k in kept)
    nothing = Block(tuple(Value(param.type, param.hint) for param in params), (), ())
    alone = Block(params, raising.nodes, ())
    then, otherwise = (alone, nothing) if raising is view.then else (nothing, alone)
    captured = [view.captured[k] for k in kept]
    return IfView.make(
        view.condition, captured, then, otherwise, (), location=node.location, derivative=node.derivative
    )
