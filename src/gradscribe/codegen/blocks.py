"""Blocks become statements.

In:  a schedule, expressions, variables.   Out: the statement tree of a function body.
Not here: parameters and `return` (functions.py), how expressions look (expressions.py), loops (loops.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest

from gradscribe.codegen import keyed
from gradscribe.codegen.absence import Absence
from gradscribe.codegen.expressions import Expressions, boolean, is_bool_of_class
from gradscribe.codegen.inline import ORDERLESS
from gradscribe.codegen.loops import write_loop
from gradscribe.codegen.moves import Move, in_order, move
from gradscribe.codegen.statements import If, Simple, Statement
from gradscribe.codegen.stores import assign, store, sum_in_place, take_out
from gradscribe.codegen.tries import asks_completion, write_try
from gradscribe.ir.control import CALL, FOR, IF, WHILE, caught_by
from gradscribe.ir.graph import Block, Input, Node, Value
from gradscribe.ir.types import ScalarType
from gradscribe.location import Location

LIST_WIDTH = 80

CallWriter = Callable[[Node, Expressions], list[ast.stmt]]


class BlockWriter:
    """Writes the statements of blocks; loops are written by loops.py, which comes back here for their bodies."""

    def __init__(self, expressions: Expressions, absence: Absence, write_call: CallWriter) -> None:
        self.e = expressions
        self.absence = absence
        self.write_call = write_call

    def block(self, block: Block) -> list[Statement]:
        """The statements of the nodes of a block."""
        statements: list[Statement] = []
        printed = [node for node in block.nodes if self.e.lifetimes.is_printed(node)]
        written: Node | None = None
        for node, following in zip_longest(printed, printed[1:]):
            if node is written:
                continue
            if caught_by(node):
                asks = following is not None and asks_completion(self.e, node, following)
                written = following if asks else None
                statements += write_try(self, node, written)
            elif following is not None and self.takes_apart(node, following):
                written = following
                code = take_out(self.e, node, self.pattern(following.outputs))
                statements.append(Simple(code, node.location, node.derivative))
            else:
                statements += self.node(node)
        return join_empty_lists(statements)

    def node(self, node: Node) -> list[Statement]:
        """The statements of a node that is not inlined; none for one that is dead."""
        if node.op is IF:
            return self.branch(node)
        if node.op in (FOR, WHILE):
            return write_loop(self, node)
        return [Simple(code, node.location, node.derivative) for code in self.simple(node)]

    def simple(self, node: Node) -> list[ast.stmt]:
        """An ordinary node as Python statements."""
        e = self.e
        if node.op is CALL:
            return self.write_call(node, e)
        effect = EFFECTS.get(node.op.name)
        if effect is not None:
            return effect(e, node)
        if node.outputs[0] in e.schedule.in_place:
            return store(e, node)
        if not any(map(e.lifetimes.inliner.is_used, node.outputs)):
            dead = node.derivative or node.op.name in ORDERLESS
            return [] if dead and not node.has_effect else [ast.Expr(e.node(node))]
        if node.op.name == "unpack":
            return [assign(self.pattern(node.outputs), e.value(node.inputs[0]))]
        if len(node.outputs) > 1:
            return [assign(self.pattern(node.outputs), e.node(node))]
        target = ast.Name(e.variables.name(node.output))
        if self.is_scalar_sum(node, target.id):
            return sum_in_place(e, node, target)
        value = e.node(node)
        if isinstance(value, ast.Name) and value.id == target.id:
            return []
        return [assign(target, value)]

    def is_scalar_sum(self, node: Node, name: str) -> bool:
        """`s = s + v` of derivative numbers, which reads better as `s += v`."""
        if node.op.name not in ("add", "sub") or not node.derivative:
            return False
        first = node.inputs[0]
        scalars = isinstance(first.type, ScalarType) and isinstance(node.output.type, ScalarType)
        return scalars and not self.e.is_inlined(first) and self.e.variables.name(first) == name

    def takes_apart(self, node: Node, following: Node) -> bool:
        """`a, b = items.pop()`: what is taken out of a list is only taken apart."""
        if node.op.name != "list_pop" or following.op.name != "unpack":
            return False
        content, entry = node.outputs
        target = self.e.schedule.in_place.get(content)
        if target is None or self.e.variables.name(target) != self.e.variables.name(content):
            return False
        return following.inputs[0] is entry and self.e.lifetimes.inliner.uses(entry) == 1

    def pattern(self, values: Sequence[Value]) -> ast.expr:
        """A tuple of variables to assign to; `_` for what nobody reads."""
        used = self.e.lifetimes.inliner.is_used
        return ast.Tuple([ast.Name(self.e.variables.name(v) if used(v) else "_") for v in values])

    def branch(self, node: Node) -> list[Statement]:
        """An `if` statement."""
        read = [k for k, output in enumerate(node.outputs) if self.e.lifetimes.inliner.is_used(output)]
        then, otherwise = self.sides(node, read)
        test = self.e.test(node)
        if not then and not otherwise:
            return []
        if len(read) == 1 and is_bool_of_class(node.inputs[0], node.outputs[read[0]]):
            whole = _one_flag(test, then, otherwise)
            if whole is not None:
                return [Simple(whole, node.location, node.derivative)]
        if not then:
            then, otherwise = otherwise, []
            test = opposite(test)
        return [If(test, tuple(then), tuple(otherwise), node.location, node.derivative)]

    def sides(self, node: Node, read: Sequence[int]) -> Iterator[list[Statement]]:
        """Both branches of an `if` or `try`, with the outputs that are read."""
        for block in node.blocks:
            moves = self.moves([node.outputs[k] for k in read], [block.results[k] for k in read], node)
            yield [*self.block(block), *moves]

    def moves(self, targets: Sequence[Value], sources: Sequence[Value], node: Node) -> list[Statement]:
        """Assignments that give the targets the values of the sources, all at once."""
        needed: list[Move] = []
        for target, source in zip(targets, sources, strict=True):
            if self.skips(target, source):
                continue
            needed.append(move(self.e.variables.name(target), self.e.value(source)))
        location = self.location_of(sources, node)
        return [Simple(code, location, node.derivative) for code in in_order(needed)]

    def skips(self, target: Value, source: Value) -> bool:
        """An absent value need not be stored where nothing but a read under the same condition follows."""
        definition = self.e.definition(source)
        return (
            definition is not None and definition.op.name == "absent" and not self.absence.is_stored(target)
        )

    def location_of(self, sources: Sequence[Value], node: Node) -> Location | None:
        """Where the moved values come from, if that is one place, else the place of the control node."""
        found = self.e.lifetimes.definition.get(sources[0]) if len(sources) == 1 else None
        return found.location if found is not None and found.location is not None else node.location


def _one_flag(test: ast.expr, then: Sequence[Statement], otherwise: Sequence[Statement]) -> ast.stmt | None:
    """`flag = a and b` for `if a: flag = b`, else `flag = False`; `flag = a or b` for the other way round."""
    match then, otherwise:
        case (
            [Simple(ast.Assign([ast.Name(flag)], first))],
            [Simple(ast.Assign([ast.Name(other)], second))],
        ) if flag == other:
            whole = boolean(test, first, second)
            return None if whole is None else assign(ast.Name(flag), whole)
    return None


def join_empty_lists(statements: list[Statement]) -> list[Statement]:
    """`x_saved, h_saved = [], []` for lists that are made one after the other."""
    joined: list[Statement] = []
    targets: list[ast.Name] = []
    for statement in [*statements, None]:
        target = _empty_list_target(statement)
        if target is not None:
            targets.append(target)
        else:
            if len(targets) > 1:
                joined[-len(targets) :] = list(_joined_lists(targets, joined[-1]))
            targets = []
        if statement is not None:
            joined.append(statement)
    return joined


def _joined_lists(targets: list[ast.Name], like: Statement) -> Iterator[Statement]:
    """Assignments of as many empty lists each as a line has room for."""
    start = width = 0
    for place, target in enumerate([*targets, None]):
        width += len(target.id) + len(", [], ") if target is not None else LIST_WIDTH
        if width > LIST_WIDTH and place > start:
            names: list[ast.expr] = [*targets[start:place]]
            lists: list[ast.expr] = [ast.List([]) for _ in names]
            joined = len(names) > 1
            code = assign(ast.Tuple(names), ast.Tuple(lists)) if joined else assign(names[0], lists[0])
            yield Simple(code, like.location, like.derivative)
            start, width = place, len(target.id) + len(", [], ") if target is not None else 0


def _empty_list_target(statement: Statement | None) -> ast.Name | None:
    match statement:
        case Simple(ast.Assign(targets=[ast.Name() as target], value=ast.List(elts=[]))):
            return target
    return None


def opposite(test: ast.expr) -> ast.expr:
    """`not test`, without double negation."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def _raise(e: Expressions, node: Node) -> list[ast.stmt]:
    exception = node.attrs["exception"]
    if exception is None:
        return [ast.Raise(None, None)]
    if isinstance(exception, Input):
        return [ast.Raise(e.template(node, exception), _cause(e, node))]
    raised = e.names.object(exception, "error")
    if isinstance(exception, type) and issubclass(exception, BaseException):
        raised = e.names.exception(exception)
    if not isinstance(exception, BaseException):
        arguments = node.attrs.get("args", ())
        assert isinstance(arguments, tuple)
        raised = ast.Call(raised, [e.template(node, item) for item in arguments], [])
    return [ast.Raise(raised, _cause(e, node))]


def _cause(e: Expressions, node: Node) -> ast.expr | None:
    return e.template(node, node.attrs["cause"]) if "cause" in node.attrs else None


def _assert(e: Expressions, node: Node) -> list[ast.stmt]:
    message = node.attrs.get("message", ())
    if isinstance(message, tuple):
        message = message[0] if message else None
    shown = None if message is None else e.template(node, message)
    return [ast.Assert(e.value(node.inputs[0]), shown)]


def _print(e: Expressions, node: Node) -> list[ast.stmt]:
    return _saying(e, node, ast.Name("print"))


def _warn(e: Expressions, node: Node) -> list[ast.stmt]:
    return _saying(e, node, e.names.dotted("warnings.warn"))


def _log(e: Expressions, node: Node) -> list[ast.stmt]:
    logger = node.attrs["logger"]
    function = e.names.dotted("logging" if logger is None else "logging.getLogger")
    if isinstance(logger, str):
        function = ast.Call(function, [ast.Constant(logger)], [])
    return _saying(e, node, ast.Attribute(function, str(node.attrs["method"])))


def _saying(e: Expressions, node: Node, function: ast.expr) -> list[ast.stmt]:
    arguments, keywords = node.attrs["args"], node.attrs.get("kwargs", {})
    assert isinstance(arguments, tuple)
    assert isinstance(keywords, Mapping)
    named = [ast.keyword(name, e.template(node, item)) for name, item in keywords.items()]
    return [ast.Expr(ast.Call(function, [e.template(node, item) for item in arguments], named))]


def _caught(e: Expressions, node: Node) -> list[ast.stmt]:
    """The clause of the handler gives it its name."""
    return []


EFFECTS: Mapping[str, Callable[[Expressions, Node], list[ast.stmt]]] = {
    "caught": _caught,
    "raise_": _raise,
    "assert_": _assert,
    "print_": _print,
    "warn_": _warn,
    "log_": _log,
    **keyed.STATEMENTS,
}
