"""A compiler that generates nothing: what it "compiles" is the function itself, so that dispatch can be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

from gradscribe.compiler.cache import Specialisations
from gradscribe.frontend.lower import Lowered
from gradscribe.ir.graph import Block, Graph, Program, Value
from gradscribe.ir.signature import Leaf, Signature


@dataclass
class FakePipeline:
    """Stands for gradscribe.compiler.pipeline.

    Attributes:
        seen: arguments of each compilation.
    """

    hidden: tuple = ()
    hidden_types: tuple = ()
    facts: tuple = ()
    guards: tuple = ()
    written: tuple = ()
    careful: object = None
    should_run_carefully: object = None
    seen: list = field(default_factory=list)

    def compile_function(self, function, arguments, transform, name):
        self.seen.append(arguments)
        params = tuple(map(Value, (*arguments.leaf_types, *self.hidden_types)))
        signature = Signature(arguments.parameters, Leaf(0), self.hidden)
        graph = Graph(name, signature, Block(params, (), ()))
        program = Program(name, {name: graph})
        return SimpleNamespace(
            arguments=arguments,
            lowered=Lowered(program, self.facts, self.guards, self.written),
            program=program,
            careful=self.careful,
            should_run_carefully=self.should_run_carefully or (lambda error: False),
            run_carefully=self.careful,
            main=function,
        )


def specialisations(function, **options):
    """Specialisations of a function, compiled by the fake."""
    return Specialisations(function, lambda program: program, "f_grad", **options)
