"""A program as the text of a Python module over NumPy.

In:  a program after all passes.   Out: `Generated`: text, and what is needed to run it.
Not here: running it (compiler/load.py), a module that stands alone (standalone.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gradscribe.codegen.accepted import Demand
from gradscribe.codegen.comments import with_comments
from gradscribe.codegen.fallback import NONE, Fallback
from gradscribe.codegen.functions import FunctionWriter, Prepared, prepare
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.codegen.residual_names import residual_names
from gradscribe.codegen.schedule import schedule_program
from gradscribe.codegen.statements import Line
from gradscribe.ir.control import graphs_called
from gradscribe.ir.graph import Program
from gradscribe.ir.walk import walk
from gradscribe.location import Location


@dataclass(frozen=True, slots=True, eq=False)
class Generated:
    """A generated module.

    Attributes:
        text: its source; what runs.
        functions: graph name -> name of its function.
        namespace: objects that the text refers to beyond its own imports.
        line_map: line of the text -> place in the user's source.
        derivative_lines: lines of derivative statements; the others are the user's own.
        names: imports and runtime functions of the text.
        body: the text without its imports.
    """

    text: str
    functions: Mapping[str, str]
    namespace: Mapping[str, object]
    line_map: Mapping[int, Location]
    derivative_lines: frozenset[int]
    names: ModuleNames
    body: str


def generate(program: Program, *, fallback: bool = False, demand: Demand | None = None) -> Generated:
    """The module of a program: one function per graph, the main one first.

    Hidden parameters come last; passing them by keyword always works.

    Args:
        program: verified, after all passes.
        fallback: derivative statements follow NumPy (inf, nan) where Python floats and `math` raise.
        demand: the main function checks its arguments for this, and their types; None for no check.
    """
    return _generate(program, Fallback.of(program) if fallback else NONE, demand)


def needs_fallback(program: Program) -> bool:
    """Whether the text with `fallback` is another one."""
    return Fallback.of(program) is not NONE


@lru_cache(maxsize=4)
def _prepared(program: Program) -> dict[str, Prepared]:
    """The functions of a program up to their variables: the same for both texts."""
    schedules = schedule_program(program)
    names = residual_names(schedules)
    return {name: prepare(schedule, names) for name, schedule in schedules.items()}


@lru_cache(maxsize=4)
def _generate(program: Program, fallback: Fallback, demand: Demand | None) -> Generated:
    order = _reached(program)
    prepared = _prepared(program)
    names = ModuleNames({taken for function in prepared.values() for taken in function.used_names()})
    functions = {name: names.function(name) for name in order}
    names.graphs.update(functions)
    writer = FunctionWriter(prepared, functions, names, ignored=program.ignored, fallback=fallback)
    lines: list[Line] = []
    texts: list[str] = []
    for name in order:
        function = list(writer.lines(name, demand if name == program.main else None))
        lines += [*_blank(2 if lines else 0), *function]
        texts += [*([""] * 2 if texts else []), *with_comments(function)]
    imports = names.imports(runtime=True)
    head = [*imports, "", ""] if imports else []
    first = len(head) + 1
    return Generated(
        "\n".join([*head, *texts]) + "\n",
        functions,
        names.namespace,
        {k: line.location for k, line in enumerate(lines, first) if line.location is not None},
        frozenset(k for k, line in enumerate(lines, first) if line.derivative),
        names,
        "\n".join(texts) + "\n",
    )


def _reached(program: Program) -> list[str]:
    """Graphs that somebody may call, the main one first. What only calls itself is left over from before."""
    calls = {
        name: [callee for node in walk(graph.body) for callee in graphs_called(node)]
        for name, graph in program.graphs.items()
    }
    called = {name for found in calls.values() for name in found}
    roots = [program.main, *(name for name in program.graphs if name not in called)]
    order: dict[str, None] = {}
    waiting = roots[::-1]
    while waiting:
        name = waiting.pop()
        if name not in order:
            order[name] = None
            waiting += reversed(calls[name])
    return list(order)


def _blank(count: int) -> list[Line]:
    return [Line("", None, True)] * count
