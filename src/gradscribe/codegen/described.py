"""What generated functions say about themselves: the types they are for, the conventions at kinks.

In:  a graph or program.   Out: lines of text, the same in every process.
"""

from __future__ import annotations

from gradscribe.ir.graph import Graph, Program
from gradscribe.ir.signature import Hidden, Parameter, Structure, leaves
from gradscribe.ir.types import type_text
from gradscribe.ir.walk import walk
from gradscribe.ops.spec import OpSpec

MAX_LEAVES = 4


def types_of_parameters(graph: Graph) -> str:
    """'x: float64[:], n: int'."""
    parts = []
    formals: tuple[Parameter | Hidden, ...] = (*graph.signature.parameters, *graph.signature.hidden)
    for parameter in formals:
        found = _structure_text(graph, parameter.structure)
        if found:
            parts.append(f"{parameter.name}: {found}")
    return ", ".join(parts)


def _structure_text(graph: Graph, structure: Structure) -> str:
    types = [type_text(graph.body.params[leaf.index].type) for leaf in leaves(structure)]
    if len(types) > MAX_LEAVES:
        types = [*types[:MAX_LEAVES], f"... {len(types)} in all"]
    return ", ".join(types) if len(types) <= 1 else f"({', '.join(types)})"


def kinks(program: Program) -> list[str]:
    """The convention for each operation with a kink that the program uses."""
    used = {
        node.op.name: node.op
        for graph in program.graphs.values()
        for node in walk(graph.body)
        if isinstance(node.op, OpSpec) and node.op.kinks
    }
    lines = []
    for name in sorted(used):
        spec = used[name]
        for point, slope in spec.kinks.items():
            reason = f" ({spec.kink_reason})" if spec.kink_reason else ""
            lines.append(f"The derivative of {name} at {point} counts as {slope}{reason}.")
    return lines
