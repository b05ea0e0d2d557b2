"""Functions of the user's that are handed to a library, which calls them: `quad(f, a, b)`.

The function becomes a graph of its own. What it reads from around it are further parameters of the graph, and
inputs of the node, so that derivatives see them.

In:  a function and the types that it is called with.   Out: a graph of the program, and what it reads.
Not here: the operations that take functions (integrals.py), recursion (recursion.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from gradscribe.frontend.blocks import captured_by, close
from gradscribe.frontend.custom_rules import held
from gradscribe.frontend.derived import stays_derived
from gradscribe.frontend.iteration import items_of
from gradscribe.frontend.operands import as_value
from gradscribe.frontend.returning import Taker
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.values import Abstract, Cell, Closure, Static, TupleValue
from gradscribe.ir.build import leaf_signature
from gradscribe.ir.control import GraphReference
from gradscribe.ir.graph import Graph, Value
from gradscribe.naming import identifier, numbered


@dataclass(frozen=True)
class FunctionArgument:
    """A function that is handed to a library.

    Attributes:
        graph: its graph: parameters are those that the library passes, then one for each value of `reads`.
        reads: values of the caller that the library hands on to it.
        results: what it returns, in the graph.
    """

    graph: GraphReference
    reads: tuple[Value, ...]
    results: tuple[Value, ...]


def function_argument(
    run: Lowering,
    node: cst.CSTNode,
    function: Abstract,
    given: Sequence[Value],
    args: Sequence[Abstract],
    library: str,
    *,
    as_array: bool = False,
) -> FunctionArgument:
    """Lower a function into a graph.

    Args:
        run: the lowering.
        node: the call of the library.
        function: what is handed to it.
        given: parameters that the library passes first.
        args: further arguments, which it hands on.
        library: name of the function of the library.
        as_array: what it returns is made an array, as the library does.
    """
    outer = Taker(run, node, keep_literals=True)
    structures = [outer.take(value) for value in args]
    inner = [Value(value.type, value.hint) for value in outer.leaves]
    heap, newest = run.heap, Cell().serial
    run.heap = dict(heap)
    try:
        with run.block() as builder:
            leaves = [run.wrap(value) for value in inner]
            arguments = [run.wrap(value) for value in given]
            arguments += [held(structure, leaves) for structure in structures]
            taker = Taker(run, node, keep_literals=False)
            result = run.call(run, node, function, arguments, {})
            taker.take(run.wrap(as_value(run, result, node)) if as_array else result)
        _refuse_writes(run, node, heap, newest, library)
    finally:
        run.heap = heap
    if any(made.has_effect for made in builder.nodes):
        raise run.refusal(
            node,
            "GS206",
            f"the function handed to `{library}` prints, raises or asserts",
            why="how often it is called is up to the library, and its derivative must not do so again",
            fix="check the arguments before the call",
        )
    params = [*given, *inner]
    captured = captured_by((builder.nodes, taker.leaves), own=params)
    block = close(builder.nodes, taker.leaves, params, captured)
    name = _free_name(run, function)
    signature = leaf_signature(block.params, len(block.results))
    run.graphs[name] = Graph(name, signature, block, run.location(node), f"What `{library}` calls.")
    return FunctionArgument(GraphReference(name), (*outer.leaves, *captured), block.results)


def _refuse_writes(
    run: Lowering, node: cst.CSTNode, before: dict[Cell, object], newest: int, library: str
) -> None:
    for cell, content in run.heap.items():
        is_old = cell.serial < newest or cell.argument is not None
        if (
            is_old
            and not stays_derived(cell, before, run.heap)
            and content is not before.get(cell, getattr(cell, "initial", None))
        ):
            raise run.refusal(
                node,
                "GS206",
                f"the function handed to `{library}` changes an array or container from around it",
                why="how often it is called is up to the library",
                fix="let it work on a copy, and return that",
            )


def _free_name(run: Lowering, function: Abstract) -> str:
    match function:
        case Closure(name=name):
            wanted = name
        case Static(value=value):
            wanted = getattr(value, "__name__", "")
        case _:
            wanted = ""
    wanted = "" if wanted == "<lambda>" else wanted
    stem = identifier(wanted, "function") if wanted != run.entry_name else f"{wanted}_inner"
    taken = {*run.graphs, *(info.name for info in run.recursive.values()), run.entry_name}
    return next(name for name in numbered(stem) if name not in taken)


def handed_on(run: Lowering, node: cst.CSTNode, args: Abstract) -> list[Abstract]:
    """What SciPy's `args` passes to the function; a bare value stands for a tuple of one."""
    is_tuple = isinstance(args, TupleValue) or (isinstance(args, Static) and isinstance(args.value, tuple))
    return list(items_of(run, node, args)) if is_tuple else [args]
