"""Which graphs of a program have effects: a call of one prints, raises or asserts as its body does.

In:  a program.   Out: names of graphs.
Not here: effects of a single node and of its blocks (`Node.has_effect`).
"""

from __future__ import annotations

from gradscribe.ir.control import CALL, graphs_called
from gradscribe.ir.graph import Graph, Program
from gradscribe.ir.walk import walk


def called_by(graph: Graph) -> list[str]:
    """Names of the graphs that a graph calls, in order, each once."""
    return list(dict.fromkeys(name for node in walk(graph.body) for name in graphs_called(node)))


def handed_on_by(graph: Graph) -> frozenset[str]:
    """Names of the graphs that a graph hands to a library, which calls them with arguments of its own."""
    names = (name for node in walk(graph.body) if node.op is not CALL for name in graphs_called(node))
    return frozenset(names)


def effectful_graphs(program: Program) -> frozenset[str]:
    """Graphs whose call has an effect, their own or that of a graph they call."""
    callers: dict[str, list[str]] = {}
    for name, graph in program.graphs.items():
        for callee in called_by(graph):
            callers.setdefault(callee, []).append(name)
    found: set[str] = set()
    waiting = [
        name for name, graph in program.graphs.items() if any(node.has_effect for node in graph.body.nodes)
    ]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += callers.get(name, ())
    return frozenset(found)


def roots(program: Program) -> list[str]:
    """Graphs that are called from outside: the entry, and every graph that no other graph calls."""
    called = {
        callee for name, graph in program.graphs.items() for callee in called_by(graph) if callee != name
    }
    return [name for name in program.graphs if name == program.main or name not in called]
