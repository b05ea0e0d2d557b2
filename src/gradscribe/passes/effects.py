"""Which graphs of a program call which, and which have effects: a call prints, raises or asserts as the body does.

In:  a program.   Out: `Calls`: names of graphs.
Not here: effects of a single node and of its blocks (`Node.has_effect`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gradscribe.ir.control import CALL, graphs_called
from gradscribe.ir.graph import Program
from gradscribe.ir.walk import walk


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls in a program, found by going over it once.

    Attributes:
        called: for each graph, the names of those that it calls, in order, each once.
        handed_on: those that some graph hands to a library, which calls them with arguments of its own.
    """

    program: Program
    called: Mapping[str, Sequence[str]]
    handed_on: frozenset[str]

    @staticmethod
    def of(program: Program) -> Calls:
        """The calls in all graphs."""
        called: dict[str, list[str]] = {}
        handed_on: set[str] = set()
        for name, graph in program.graphs.items():
            names: dict[str, None] = {}
            for node in walk(graph.body):
                if found := graphs_called(node):
                    names.update(dict.fromkeys(found))
                    handed_on.update(found if node.op is not CALL else ())
            called[name] = list(names)
        return Calls(program, called, frozenset(handed_on))

    def effectful(self) -> frozenset[str]:
        """Graphs whose call has an effect, their own or that of a graph they call."""
        callers: dict[str, list[str]] = {}
        for name, callees in self.called.items():
            for callee in callees:
                callers.setdefault(callee, []).append(name)
        found: set[str] = set()
        waiting = [
            name
            for name, graph in self.program.graphs.items()
            if any(node.has_effect for node in graph.body.nodes)
        ]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += callers.get(name, ())
        return frozenset(found)

    def roots(self) -> list[str]:
        """Graphs that are called from outside: the entry, and every graph that no other graph calls."""
        called = {callee for name, callees in self.called.items() for callee in callees if callee != name}
        return [name for name in self.called if name == self.program.main or name not in called]

    def reached(self, entries: Sequence[str]) -> set[str]:
        """The graphs of these names, and those that they call, and so on."""
        found: set[str] = set()
        waiting = list(entries)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.called[name]
        return found
