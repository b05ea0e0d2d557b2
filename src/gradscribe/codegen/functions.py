"""One graph becomes one function: parameters, docstring, body, `return`.

In:  a schedule.   Out: lines.
Not here: the module around it (numpy_source.py).
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter as Formal

from gradscribe.codegen.absence import Absence
from gradscribe.codegen.accepted import Check, Demand
from gradscribe.codegen.blocks import BlockWriter
from gradscribe.codegen.comprehensions import comprehended
from gradscribe.codegen.described import types_of_parameters
from gradscribe.codegen.expressions import Expressions
from gradscribe.codegen.fallback import Fallback
from gradscribe.codegen.flow import may_be_absent
from gradscribe.codegen.inline import Inliner
from gradscribe.codegen.item_loops import over_items, without_unread_lengths
from gradscribe.codegen.lifetimes import Lifetimes
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.codegen.schedule import Schedule
from gradscribe.codegen.statements import INDENT, Line, Simple, Statement, to_lines
from gradscribe.codegen.stores import assign
from gradscribe.codegen.structure import build, leaf_hints, take_apart
from gradscribe.codegen.unreachable import reachable
from gradscribe.codegen.variables import Variables
from gradscribe.codegen.wrapping import filled
from gradscribe.ir.graph import Graph, Node, Value
from gradscribe.ir.signature import Container, Hidden, Leaf, Parameter, Signature, Structure, leaves
from gradscribe.ir.types import ScalarType
from gradscribe.naming import ALWAYS_TAKEN, Names

STARS: Mapping[object, str] = {Formal.VAR_POSITIONAL: "*", Formal.VAR_KEYWORD: "**"}


@dataclass(frozen=True)
class Prepared:
    """A function whose variables are decided.

    Attributes:
        parameters: name of each parameter, hidden ones included, by its name in the signature.
    """

    schedule: Schedule
    lifetimes: Lifetimes
    variables: Variables
    parameters: Mapping[str, str]

    def used_names(self) -> set[str]:
        """Names that module-level names must avoid."""
        return {*self.variables.used_names(), *self.parameters.values()}


def prepare(schedule: Schedule, residual_names: Mapping[Value, str]) -> Prepared:
    """Decide the variables of a function; `residual_names` are those of what it unpacks."""
    signature = schedule.graph.signature
    names = Names()
    parameters = {p.name: names.fresh(p.name) if p.name in names.taken else p.name for p in _all(signature)}
    body = schedule.body
    lifetimes = Lifetimes(body, Inliner(schedule))
    fixed: dict[Value, str] = {}
    hints = {**schedule.suggestions, **residual_names}
    for parameter in _all(signature):
        for index, hint in leaf_hints(parameter.name, parameter.structure):
            if isinstance(parameter.structure, Leaf):
                fixed[body.params[index]] = parameters[parameter.name]
            hints[body.params[index]] = hint
    taken = ALWAYS_TAKEN | {parameters[p.name] for p in _all(signature) if not isinstance(p.structure, Leaf)}
    variables = Variables(body, lifetimes, schedule.in_place, fixed, hints, taken)
    return Prepared(schedule, lifetimes, variables, parameters)


def _all(signature: Signature) -> tuple[Parameter | Hidden, ...]:
    return (*signature.parameters, *signature.hidden)


class FunctionWriter:
    """Prints functions of one module."""

    def __init__(
        self,
        prepared: Mapping[str, Prepared],
        functions: Mapping[str, str],
        names: ModuleNames,
        *,
        ignored: Collection[str],
        fallback: Fallback,
    ) -> None:
        self.prepared = prepared
        self.ignored = ignored
        self.functions = functions
        self.names = names
        self.fallback = fallback

    def lines(self, name: str, demand: Demand | None = None) -> Iterator[Line]:
        """The lines of the function of one graph, with a check of its arguments where one is demanded."""
        prepared = self.prepared[name]
        graph = prepared.schedule.graph
        if demand is not None:
            graph = replace(graph, signature=without_known(graph.signature))
        if self.ignored:
            modes = ", ".join(f"{kind}='ignore'" for kind in sorted(self.ignored))
            errstate = ast.unparse(self.names.numpy("errstate"))
            yield Line(f"@{errstate}({modes})", graph.location, True, uncommented=True)
        heading = f"def {self.functions[name]}({formals(graph.signature, prepared.parameters)}):"
        yield Line(heading, graph.location, True, uncommented=True)
        if graph.doc:
            types = types_of_parameters(graph)
            yield from _docstring(f"{graph.doc}\n\n{_sentence(f'For {types}.')}\n" if types else graph.doc)
        e = Expressions(
            prepared.schedule, prepared.lifetimes, prepared.variables, self.names, fallback=self.fallback
        )
        absence = Absence(prepared.schedule.body, prepared.variables)
        writer = BlockWriter(e, absence, self.call)
        if demand is not None:
            check = Check(graph, prepared.parameters, self.names)
            for text in check.lines(self.functions[name], demand):
                yield Line(text, graph.location, True, uncommented=True)
        statements: list[Statement] = [*self.unpacking(prepared), *writer.block(prepared.schedule.body)]
        statements.append(self.returning(e, graph))
        shorter = without_unread_lengths(over_items(reachable(statements)))
        yield from to_lines(comprehended(shorter))

    def unpacking(self, prepared: Prepared) -> Iterator[Simple]:
        """Container parameters taken apart."""
        body = prepared.schedule.body
        used = prepared.lifetimes.inliner.is_used
        for parameter in _all(prepared.schedule.graph.signature):
            if isinstance(parameter.structure, Leaf):
                continue
            variables = {
                leaf.index: prepared.variables.name(body.params[leaf.index])
                for leaf in leaves(parameter.structure)
                if used(body.params[leaf.index])
            }
            source = ast.Name(prepared.parameters[parameter.name])
            for code in take_apart(source, parameter.structure, variables, self.names):
                yield Simple(code, prepared.schedule.graph.location, True)

    def returning(self, e: Expressions, graph: Graph) -> Simple:
        """The `return` statement."""
        results = e.schedule.body.results
        absent = may_be_absent(e.schedule.body) if self.fallback.follows else frozenset()
        parts = [self.result(e, value, absent) for value in results]
        packed = build(graph.signature.result, parts.__getitem__, self.names)
        defined = [e.lifetimes.definition.get(value) for value in results]
        places = {node.location for node in defined if node is not None and node.location is not None}
        last = next(
            (node for node in reversed(defined) if node is not None and node.location is not None), None
        )
        location = places.pop() if len(places) == 1 else last.location if last else graph.location
        # A statement that gives the value, too, runs again as the others do.
        derivative = any(node is not None and node.derivative for node in defined) or not any(defined)
        return Simple(ast.Return(packed), location, derivative, uncommented=all(map(_is_handed_on, parts)))

    def result(self, e: Expressions, value: Value, absent: frozenset[Value]) -> ast.expr:
        """A result. Where derivative statements follow NumPy, a Python float is made one again."""
        node = e.lifetimes.definition.get(value)
        is_float = isinstance(value.type, ScalarType) and value.type.python and value.type.dtype.kind == "f"
        is_derived = node is not None and node.derivative and bool(node.inputs)
        if self.fallback.follows and is_float and is_derived and value not in absent:
            return ast.Call(ast.Name("float"), [e.value(value)], [])
        return e.value(value)

    def call(self, node: Node, e: Expressions) -> list[ast.stmt]:
        """A call of another generated function."""
        name = str(node.attrs["graph"])
        graph = self.prepared[name].schedule.graph
        arguments: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        by_keyword = needs_keywords(graph.signature)
        for parameter in _all(graph.signature):
            value = build(parameter.structure, lambda index: e.value(node.inputs[index]), self.names)
            hidden = isinstance(parameter, Hidden)
            kind = Formal.POSITIONAL_OR_KEYWORD if isinstance(parameter, Hidden) else parameter.kind
            if kind is Formal.VAR_POSITIONAL:
                arguments.append(ast.Starred(value))
            elif kind is Formal.VAR_KEYWORD:
                keywords.append(ast.keyword(None, value))
            elif kind is Formal.KEYWORD_ONLY or (hidden and by_keyword):
                keywords.append(ast.keyword(self.prepared[name].parameters[parameter.name], value))
            else:
                arguments.append(value)
        called = ast.Call(ast.Name(self.functions[name]), arguments, keywords)
        return self._receive(graph.signature.result, node, called, e)

    def _receive(self, result: Structure, node: Node, called: ast.expr, e: Expressions) -> list[ast.stmt]:
        used = e.lifetimes.inliner.is_used
        variables = {k: e.variables.name(value) for k, value in enumerate(node.outputs) if used(value)}
        if not variables:
            return [ast.Expr(called)]
        if isinstance(result, Leaf):
            return [assign(ast.Name(variables[result.index]), called)]
        assert isinstance(result, Container)
        single = take_apart(called, result, variables, self.names)
        if len(single) == 1:
            return single
        whole = self.names.names.fresh("results")
        return [assign(ast.Name(whole), called), *take_apart(ast.Name(whole), result, variables, self.names)]


def _is_handed_on(result: ast.expr) -> bool:
    """A variable or literal, perhaps made a float: other lines have computed it."""
    match result:
        case ast.Name() | ast.Constant() | ast.Call(ast.Name("float"), [ast.Name()]):
            return True
    return False


def needs_keywords(signature: Signature) -> bool:
    """Whether hidden parameters must be passed by keyword."""
    plain = (Formal.POSITIONAL_ONLY, Formal.POSITIONAL_OR_KEYWORD)
    return any(p.kind not in plain or p.default is not None for p in signature.parameters)


def without_known(signature: Signature) -> Signature:
    """For a function that nothing here calls: what is known of the world around the user's is not passed."""
    hidden = tuple(value for value in signature.hidden if any(leaves(value.structure)))
    return replace(signature, hidden=hidden)


def formals(signature: Signature, names: Mapping[str, str]) -> str:
    """The parameters between the parentheses of `def`."""
    parts: list[str] = []
    previous: Parameter | None = None
    for parameter in signature.parameters:
        if previous is not None and previous.kind is Formal.POSITIONAL_ONLY is not parameter.kind:
            parts.append("/")
        starred = previous is not None and previous.kind in (Formal.VAR_POSITIONAL, Formal.KEYWORD_ONLY)
        if parameter.kind is Formal.KEYWORD_ONLY and not starred:
            parts.append("*")
        default = "" if parameter.default is None else f"={parameter.default}"
        star = STARS.get(parameter.kind, "")
        parts.append(f"{star}{names[parameter.name]}{default}")
        previous = parameter
    if previous is not None and previous.kind is Formal.POSITIONAL_ONLY:
        parts.append("/")
    hidden = [names[value.name] for value in signature.hidden]
    if hidden and needs_keywords(signature):
        kinds = {p.kind for p in signature.parameters}
        if not kinds & {Formal.VAR_POSITIONAL, Formal.KEYWORD_ONLY}:
            hidden.insert(0, "*")
        if Formal.VAR_KEYWORD in kinds:
            return ", ".join([*parts[:-1], *hidden, parts[-1]])
    return ", ".join([*parts, *hidden])


def _sentence(text: str) -> str:
    """A sentence on as many lines as it takes; a name stays with its type."""
    lines = filled(text.replace(": ", ":\N{NO-BREAK SPACE}"), INDENT)
    return "\n".join(line.removeprefix(INDENT).replace("\N{NO-BREAK SPACE}", " ") for line in lines)


def _docstring(text: str) -> Iterator[Line]:
    safe = text.replace("\\", "\\\\").replace('"""', "'''").rstrip()
    if safe.endswith('"'):
        safe += " "
    first, *rest = safe.split("\n")
    if not rest:
        yield Line(f'{INDENT}"""{first}"""', None, True)
        return
    yield Line(f'{INDENT}"""{first}', None, True)
    for line in rest:
        yield Line(f"{INDENT}{line}".rstrip(), None, True)
    yield Line(f'{INDENT}"""', None, True)
