"""Values and nodes as Python expressions, driven by the spellings of the table.

In:  values; which of them are inlined, names of the others.   Out: `ast` expressions.
Not here: operations without a spelling that Python knows (special.py), statements (blocks.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from gradscribe.codegen.fallback import Fallback
from gradscribe.codegen.lifetimes import Lifetimes
from gradscribe.codegen.literals import index, template
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.codegen.schedule import Schedule
from gradscribe.codegen.special import SPECIAL
from gradscribe.codegen.variables import Variables
from gradscribe.ir.control import IF
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, kind_of
from gradscribe.ops.call import call_of
from gradscribe.ops.promotion import is_python
from gradscribe.ops.spec import OpSpec, Spelling, SpellingKind, spelling_of
from gradscribe.ops.table import resolve

BINARY: Mapping[str, ast.operator] = {
    "+": ast.Add(),
    "-": ast.Sub(),
    "*": ast.Mult(),
    "/": ast.Div(),
    "//": ast.FloorDiv(),
    "%": ast.Mod(),
    "**": ast.Pow(),
    "@": ast.MatMult(),
    "&": ast.BitAnd(),
    "|": ast.BitOr(),
    "^": ast.BitXor(),
    "<<": ast.LShift(),
    ">>": ast.RShift(),
}
COMPARE: Mapping[str, ast.cmpop] = {
    "<": ast.Lt(),
    "<=": ast.LtE(),
    ">": ast.Gt(),
    ">=": ast.GtE(),
    "==": ast.Eq(),
    "!=": ast.NotEq(),
}
UNARY: Mapping[str, ast.unaryop] = {"-x": ast.USub(), "+x": ast.UAdd(), "~x": ast.Invert(), "not": ast.Not()}
BOOLEAN: Mapping[str, ast.boolop] = {"and": ast.And(), "or": ast.Or()}


class Expressions:
    """Expressions of one function."""

    def __init__(
        self,
        schedule: Schedule,
        lifetimes: Lifetimes,
        variables: Variables,
        names: ModuleNames,
        *,
        fallback: Fallback,
    ) -> None:
        self.schedule = schedule
        self.lifetimes = lifetimes
        self.variables = variables
        self.names = names
        self.fallback = fallback

    def is_inlined(self, value: Value) -> bool:
        """Whether a value is printed where it is used."""
        return value in self.lifetimes.inliner.inlined

    def definition(self, value: Value) -> Node | None:
        """The node of an inlined value, None for one that has a variable."""
        return self.lifetimes.definition[value] if self.is_inlined(value) else None

    def value(self, value: Value) -> ast.expr:
        """A value as an expression."""
        node = self.definition(value)
        return ast.Name(self.variables.name(value)) if node is None else self.node(node)

    def node(self, node: Node) -> ast.expr:
        """What a node computes, as an expression."""
        if node.op is IF:
            return self._conditional(node)
        special = SPECIAL.get(node.op.name)
        if special is not None:
            found = special(self, node)
            if found is not None:
                return found
        if node.op.name == "bool_not" and spelling_of(node).name == "not":
            return ast.UnaryOp(ast.Not(), self.truth(node.inputs[0]))
        restored = self.fallback.restored(node)
        spelled = self._spelled(node)
        return spelled if restored is None else ast.Call(ast.Name(restored), [spelled], [])

    def index(self, node: Node) -> ast.expr:
        """The index of a node that has one."""
        return index(node.attrs["index"], lambda position: self.value(node.inputs[position]), self.names)

    def template(self, node: Node, item: object) -> ast.expr:
        """A template over the node's inputs."""
        return template(item, lambda position: self.value(node.inputs[position]), self.names)

    def call(self, function: str, *arguments: ast.expr) -> ast.expr:
        """A call of a function by its full name."""
        return ast.Call(self.names.dotted(function), list(arguments), [])

    def _conditional(self, node: Node) -> ast.expr:
        if is_bool_of_class(node.inputs[0], node.output):
            found = self._boolean(node, self.value)
            if found is not None:
                return found
        then, otherwise = (self.value(block.results[0]) for block in node.blocks)
        return ast.IfExp(self.test(node), then, otherwise)

    def _boolean(self, node: Node, print_: Callable[[Value], ast.expr]) -> ast.expr | None:
        then, otherwise = (print_(block.results[0]) for block in node.blocks)
        return boolean(self.test(node), then, otherwise)

    def test(self, node: Node) -> ast.expr:
        """The condition of an `if`; a list counts as true where it has entries."""
        asked = self.definition(node.inputs[0])
        if asked is not None and asked.op.name == "list_length" and asked.derivative:
            return self.value(asked.inputs[0])
        return self.truth(node.inputs[0])

    def truth(self, value: Value) -> ast.expr:
        """A value of which only matters whether it counts as true."""
        node = self.definition(value)
        if node is not None and node.op is IF:
            return self._boolean(node, self.truth) or self.value(value)
        return self.value(value)

    def _spelled(self, node: Node) -> ast.expr:
        spelling = self._spelling(node)
        call = call_of(node)
        arguments = [self.template(node, item) for item in call.positional]
        if node.derivative and self.fallback.wraps(node):
            scalar = "complex128" if kind_of(node.inputs[0].type) == "c" else "float64"
            arguments[0] = ast.Call(self.names.numpy(scalar), [arguments[0]], [])
        keywords = [ast.keyword(name, self.template(node, item)) for name, item in call.keywords.items()]
        match spelling.kind:
            case SpellingKind.OPERATOR:
                return self._operator(node, spelling.name, arguments)
            case SpellingKind.METHOD:
                method = ast.Attribute(arguments[0], spelling.name)
                return _only(node, ast.Call(method, arguments[1:], keywords))
            case SpellingKind.ATTRIBUTE if not keywords and len(arguments) == 1:
                return ast.Attribute(arguments[0], spelling.name)
            case SpellingKind.ATTRIBUTE:
                return ast.Call(self.names.numpy(node.op.name), arguments, keywords)
            case SpellingKind.FUNCTION:
                return _only(node, ast.Call(self.names.dotted(spelling.name), arguments, keywords))

    def _spelling(self, node: Node) -> Spelling:
        spelling = spelling_of(node)
        assert isinstance(node.op, OpSpec)
        if self.fallback.vectorises(node):
            vectorised = (s for s in node.op.spellings if s.name.startswith(("numpy.", "scipy.")))
            return next((s for s in vectorised if resolve(s.name) is not None), spelling)
        quick = node.op.name in QUICK_METHODS and isinstance(node.inputs[0].type, ArrayType)
        if node.derivative and spelling == node.op.spellings[0] and quick:
            return Spelling(SpellingKind.METHOD, node.op.name)
        return spelling

    def _operator(self, node: Node, symbol: str, arguments: list[ast.expr]) -> ast.expr:
        if symbol in BINARY:
            return ast.BinOp(arguments[0], BINARY[symbol], arguments[1])
        if symbol in COMPARE:
            return ast.Compare(arguments[0], [COMPARE[symbol]], [arguments[1]])
        if symbol in UNARY:
            return ast.UnaryOp(UNARY[symbol], arguments[0])
        if symbol in BOOLEAN:
            return ast.BoolOp(BOOLEAN[symbol], arguments)
        if symbol == "if-else":
            return ast.IfExp(arguments[0], arguments[1], arguments[2])
        raise AssertionError(f"`{node.op.name}` has no spelling in Python: {symbol}")


# Reductions of an array, whose method saves the time of a wrapper; only in derivative statements.
QUICK_METHODS = frozenset({"sum", "mean"})


def boolean(test: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr | None:
    """`a and b` for `b if a else False`, `a or b` for `True if a else b`; None for anything else."""
    match then, otherwise:
        case [ast.Constant(), ast.Constant()]:
            return None
        case [_, ast.Constant(False)]:
            return ast.BoolOp(ast.And(), [test, then])
        case [ast.Constant(True), _]:
            return ast.BoolOp(ast.Or(), [test, otherwise])
    return None


def is_bool_of_class(decides: Value, whole: Value) -> bool:
    """Both are bools, and the first one may stand for the second: it is not NumPy's where that is Python's."""
    types = (decides.type, whole.type)
    if not all(isinstance(type_, ScalarType) and type_.dtype.kind == "b" for type_ in types):
        return False
    return is_python(decides.type) or not is_python(whole.type)


def _only(node: Node, call: ast.expr) -> ast.expr:
    """The only output of a call that returns a tuple all the same."""
    assert isinstance(node.op, OpSpec)
    alone = node.op.returns_tuple and len(node.outputs) == 1
    return ast.Subscript(call, ast.Constant(0)) if alone else call
