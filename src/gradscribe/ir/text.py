"""Graphs as text, for people and for the tests of passes.

    graph loss(w: float64[n0], x: float64[n1, n0]) -> (r)  # loss.py:1
        %0: float64[n1] = matmul(x, w)  # loss.py:2
        r: np.float64 = sum(%0)  # loss.py:3

Names are the user's where there are any, lengths are numbered in the order in which they appear, so equal
programs have equal text in every process. `# d loss.py:3` marks a derivative node. `$1` in an attribute is the
node's input 1.

In:  programs, graphs, blocks.   Out: text.
Not here: Python source (codegen/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from gradscribe.ir.control import CALL, FOR, IF, WHILE, ForView, IfView, WhileView
from gradscribe.ir.graph import Block, Graph, Input, Node, Program, Value
from gradscribe.ir.lengths import (
    ZERO,
    AtLeastZero,
    Length,
    Smaller,
    Symbol,
    as_length,
    at_least_zero,
    of_symbol,
    smaller,
)
from gradscribe.ir.types import ArrayType, SequenceType, TupleType, Type
from gradscribe.location import Location

INDENT = "    "


def to_text(what: Program | Graph | Block) -> str:
    """The readable form of a program, a graph or a block."""
    match what:
        case Program():
            ordered = [what.entry, *(graph for graph in what.graphs.values() if graph is not what.entry)]
            return "\n\n".join(map(to_text, ordered))
        case Graph():
            return "\n".join(_Printer().graph(what))
        case Block():
            return "\n".join(_Printer().block("block", what, [("", what.params)]))


@dataclass
class _Printer:
    """Names given so far in one graph."""

    names: dict[Value, str] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    symbols: dict[int, Symbol] = field(default_factory=dict)
    numbered: int = 0

    def graph(self, graph: Graph) -> Iterator[str]:
        params = ", ".join(self.declare(param) for param in graph.body.params)
        body = list(self.lines(graph.body))
        results = ", ".join(self.name(value) for value in graph.body.results)
        donated = f" donated {sorted(graph.donated)}" if graph.donated else ""
        yield f"graph {graph.name}({params}) -> ({results}){donated}{_comment(graph.location, False)}"
        yield from (INDENT + line for line in body)

    def lines(self, block: Block) -> Iterator[str]:
        for node in block.nodes:
            yield from self.node(node)

    def block(self, label: str, block: Block, groups: Sequence[tuple[str, Sequence[Value]]]) -> Iterator[str]:
        parts = []
        for group, params in groups:
            declared = ", ".join(self.declare(param) for param in params)
            parts.append(f"{group}({declared})" if group else declared)
        head = " ".join(parts)
        yield f"{label} {head}:" if groups and groups[0][0] else f"{label}({head}):"
        for line in self.lines(block):
            yield INDENT + line
        yield f"{INDENT}yield {self.list(block.results)}".rstrip()

    def node(self, node: Node) -> Iterator[str]:
        inputs = list(node.inputs)
        comment = _comment(node.location, node.derivative)
        if node.op is IF:
            yield from self.control(node, self.branches(IfView.of(node)), comment)
        elif node.op is FOR:
            yield from self.control(node, self.counted(ForView.of(node)), comment)
        elif node.op is WHILE:
            yield from self.control(node, self.conditional(WhileView.of(node)), comment)
        elif node.op is CALL:
            text = f"call {node.attrs['graph']}({self.list(inputs)})"
            yield self.defined(node.outputs) + text + comment
        else:
            attrs = "".join(f", {name}={show(value)}" for name, value in node.attrs.items())
            text = f"{node.op.name}({(self.list(inputs) + attrs).removeprefix(', ')})"
            yield self.defined(node.outputs) + text + comment

    def control(self, node: Node, parts: Iterator[str], comment: str) -> Iterator[str]:
        """The blocks are printed before the outputs are named, and shown after them."""
        head, *inner = parts
        yield f"{self.defined(node.outputs)}{head}:{comment}"
        yield from (INDENT + line for line in inner)

    def branches(self, view: IfView) -> Iterator[str]:
        head, first, second = f"if {self.name(view.condition)}", "then", "else"
        if view.catches:
            names = ", ".join(exception.__name__ for exception in view.catches)
            head, first, second = f"try catches({names})", "body", "handler"
        yield f"{head} captured({self.list(view.captured)})"
        yield from self.block(first, view.then, [("", view.then.params)])
        yield from self.block(second, view.otherwise, [("", view.otherwise.params)])

    def counted(self, view: ForView) -> Iterator[str]:
        head = f"for range({self.list([view.start, view.stop, view.step])})"
        groups = [("sequences", view.sequences), ("carried", view.initial), ("captured", view.captured)]
        head += "".join(f" {label}({self.list(values)})" for label, values in groups if values)
        yield head + " backwards" * view.backwards + " leaves" * view.leaves
        params = [
            ("index", [view.index]),
            ("elements", view.elements),
            ("carried", view.carried_params),
            ("captured", view.captured_params),
        ]
        yield from self.block("body", view.body, [group for group in params if group[1]])

    def conditional(self, view: WhileView) -> Iterator[str]:
        groups = [("carried", view.initial), ("captured", view.captured)]
        head = "while" + "".join(f" {label}({self.list(values)})" for label, values in groups if values)
        yield head + " leaves" * view.leaves
        yield from self.block("condition", view.condition, [("", view.condition.params)])
        yield from self.block("body", view.body, [("", view.body.params)])

    def defined(self, outputs: Sequence[Value]) -> str:
        return ", ".join(map(self.declare, outputs)) + " = " if outputs else ""

    def declare(self, value: Value) -> str:
        return f"{self.name(value)}: {self.type(value.type)}"

    def list(self, values: Sequence[Value]) -> str:
        return ", ".join(map(self.name, values))

    def name(self, value: Value) -> str:
        if value not in self.names:
            self.names[value] = self.fresh_name(value.hint)
        return self.names[value]

    def fresh_name(self, hint: str) -> str:
        if not hint:
            self.numbered += 1
            return f"%{self.numbered - 1}"
        count = self.taken.get(hint, 0)
        self.taken[hint] = count + 1
        return f"{hint}.{count}" if count else hint

    def type(self, type_: Type) -> str:
        match type_:
            case ArrayType(dtype, shape):
                return f"{dtype.name}[{', '.join(str(self.length(length)) for length in shape)}]"
            case SequenceType(element):
                return f"list[{self.type(element)}]"
            case TupleType(elements):
                return f"({', '.join(map(self.type, elements))})"
            case _:
                return str(type_)

    def length(self, length: Length) -> Length:
        """The length over symbols that are numbered by appearance."""
        total = ZERO
        for atoms, coefficient in length.terms:
            product = as_length(coefficient)
            for atom in atoms:
                match atom:
                    case Symbol():
                        product = product * of_symbol(self.symbol(atom))
                    case AtLeastZero(inner):
                        product = product * at_least_zero(self.length(inner))
                    case Smaller(left, right):
                        product = product * smaller(self.length(left), self.length(right))
            total = total + product
        return total

    def symbol(self, symbol: Symbol) -> Symbol:
        if symbol.number not in self.symbols:
            number = len(self.symbols)
            self.symbols[symbol.number] = Symbol(number, f"n{number}", symbol.not_one, symbol.of_items)
        return self.symbols[symbol.number]


def show(template: object) -> str:
    """An attribute, without addresses and other accidents of a process."""
    match template:
        case Input(position):
            return f"${position}"
        case tuple():
            inner = ", ".join(map(show, template))
            return f"({inner},)" if len(template) == 1 else f"({inner})"
        case list():
            return f"[{', '.join(map(show, template))}]"
        case Mapping():
            return "{" + ", ".join(f"{show(key)}: {show(item)}" for key, item in template.items()) + "}"
        case slice():
            parts = ["" if part is None else show(part) for part in (template.start, template.stop)]
            step = "" if template.step is None else f":{show(template.step)}"
            return ":".join(parts) + step
        case np.dtype():
            return str(template.name)
        case bool() | int() | float() | complex() | str() | None:
            return repr(template)
        case _:
            return "..." if template is Ellipsis else _name_of(template)


def _name_of(thing: object) -> str:
    """A spelling, function or class by its name, anything else by its class."""
    for attribute in ("__qualname__", "name"):
        name = getattr(thing, attribute, None)
        if isinstance(name, str):
            return name
    return f"<{type(thing).__name__}>"


def _comment(location: Location | None, derivative: bool) -> str:
    words = ["d"] * derivative + ([location.short] if location is not None else [])
    return f"  # {' '.join(words)}" if words else ""
