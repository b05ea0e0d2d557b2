"""Statements that modify something in place: `x[i] = v`, `x[i] += v`, `d_x += v`, `saved.append(v)`.

In:  a node that writes in place.   Out: Python statements.
Not here: whether it may (storage.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping

from gradscribe.codegen.expressions import BINARY, Expressions
from gradscribe.codegen.write_backs import resolved_index
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ScalarType, is_number
from gradscribe.ops.spec import SpellingKind, spelling_of

WHOLE = (Ellipsis,)


def store(e: Expressions, node: Node) -> list[ast.stmt]:
    """The statements of a write in place; what it modifies has the variable of its result."""
    output = node.outputs[0]
    target = e.schedule.in_place[output]
    variable = ast.Name(e.variables.name(target))
    made = [] if output in e.schedule.elided else STORES[node.op.name](e, node, variable)
    if e.variables.name(output) != variable.id:
        made.append(assign(ast.Name(e.variables.name(output)), variable))
    return made


def assign(target: ast.expr, value: ast.expr) -> ast.stmt:
    """`target = value`."""
    return ast.Assign([target], value, lineno=0)


def negated(value: ast.expr) -> ast.expr | None:
    """The expression of -value, if it is simpler than that of the value: for `-=` instead of `+=`."""
    match value:
        case ast.UnaryOp(ast.USub(), operand):
            return operand
        case ast.Constant(float() as number) if number < 0:
            return ast.Constant(-number)
        case ast.BinOp(left, ast.Mult() | ast.Div() as operator, right):
            opposite = negated(left)
            return None if opposite is None else ast.BinOp(opposite, operator, right)
        case ast.BinOp(left, ast.Sub(), right):
            opposite = negated(left)
            return None if opposite is None else ast.BinOp(opposite, ast.Add(), right)
    return None


Target = ast.Name | ast.Subscript


def added(e: Expressions, target: Target, value: Value, *, subtract: bool = False) -> ast.stmt:
    """`target += value`, or `-=` where that is simpler."""
    expression = e.value(value)
    opposite = negated(expression)
    if opposite is not None:
        match opposite:
            case ast.BinOp(ast.Constant(1.0), ast.Mult(), right):
                # Inside of a product, the 1.0 keeps integers from being multiplied by each other.
                opposite = right
        return ast.AugAssign(target, ast.Add() if subtract else ast.Sub(), opposite)
    return ast.AugAssign(target, ast.Sub() if subtract else ast.Add(), expression)


def sum_in_place(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    """`d_x += v` for a derivative sum; `variable` stands for one of the operands."""
    target = e.schedule.in_place.get(node.output)
    position = 1 if target is not None and target is not node.inputs[0] and target in node.inputs else 0
    return [added(e, variable, node.inputs[1 - position], subtract=node.op.name == "sub")]


def _set_item(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    target = variable if node.attrs["index"] == WHOLE else ast.Subscript(variable, e.index(node))
    update = _update(e, node)
    if update is not None:
        operator, operand = update
        return [ast.AugAssign(target, operator, e.value(operand))]
    return [assign(ast.Subscript(variable, e.index(node)), e.value(node.inputs[1]))]


def _update(e: Expressions, node: Node) -> tuple[ast.operator, Value] | None:
    """Operator and operand, when what is stored is what was there combined with something."""
    operation = e.definition(node.inputs[1])
    if operation is None or len(operation.inputs) != 2:
        return None
    spelling = spelling_of(operation) if not operation.blocks else None
    if spelling is None or spelling.kind is not SpellingKind.OPERATOR or spelling.name not in BINARY:
        return None
    old, operand = operation.inputs
    if node.attrs["index"] == WHOLE and old is node.inputs[0]:
        return BINARY[spelling.name], operand
    read = e.definition(old)
    if read is None or read.op.name != "get_item" or read.inputs[0] is not node.inputs[0]:
        return None
    same = resolved_index(read) == resolved_index(node)
    return (BINARY[spelling.name], operand) if same else None


def _accumulate_at(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    if node.attrs.get("repeats"):
        given = node.attrs["index"]
        assert isinstance(given, tuple)
        index = e.template(node, given[0] if len(given) == 1 else given)
        return [ast.Expr(e.call("numpy.add.at", variable, index, e.value(node.inputs[1])))]
    target = variable if node.attrs["index"] == WHOLE else ast.Subscript(variable, e.index(node))
    return [added(e, target, node.inputs[1])]


def _list_append(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    inner = _entry(e, variable, node.inputs[1:-1])
    return [ast.Expr(ast.Call(ast.Attribute(inner, "append"), [e.value(node.inputs[-1])], []))]


def _entry(e: Expressions, items: ast.expr, path: Iterable[Value]) -> ast.expr:
    """`items[i][j]`."""
    for index in path:
        items = ast.Subscript(items, e.value(index))
    return items


def _list_pop(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    item = node.outputs[1]
    if e.lifetimes.inliner.is_used(item):
        return [take_out(e, node, ast.Name(e.variables.name(item)))]
    return [ast.Expr(_popped(e, node, variable))]


def take_out(e: Expressions, node: Node, target: ast.expr) -> ast.stmt:
    """`target = items.pop()`, of a `list_pop` in place whose entry is read."""
    variable = e.variables.name(e.schedule.in_place[node.outputs[0]])
    return assign(target, _popped(e, node, ast.Name(variable)))


def _popped(e: Expressions, node: Node, variable: ast.Name) -> ast.expr:
    return ast.Call(ast.Attribute(_entry(e, variable, node.inputs[1:]), "pop"), [], [])


def _list_insert(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    given = [e.value(part) for part in node.inputs[1:]]
    return [ast.Expr(ast.Call(ast.Attribute(variable, "insert"), given, []))]


def _list_delete(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    item = node.outputs[1]
    if e.lifetimes.inliner.is_used(item):
        taken = ast.Call(ast.Attribute(variable, "pop"), [e.value(node.inputs[1])], [])
        return [assign(ast.Name(e.variables.name(item)), taken)]
    return [ast.Delete([ast.Subscript(variable, e.value(node.inputs[1]))])]


def _list_set(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    return [assign(_entry(e, variable, node.inputs[1:-1]), e.value(node.inputs[-1]))]


def _list_accumulate(e: Expressions, node: Node, variable: ast.Name) -> list[ast.stmt]:
    """Never modifies an entry: two entries may be the same array."""
    entry = _entry(e, variable, node.inputs[1:-1])
    assert isinstance(entry, ast.Subscript)
    value = node.inputs[-1]
    if isinstance(value.type, ScalarType):
        return [added(e, entry, value)]
    if not is_number(value.type):
        return [assign(entry, e.call("gradscribe.runtime.lists.add_lists", entry, e.value(value)))]
    return [assign(entry, ast.BinOp(entry, ast.Add(), e.value(value)))]


STORES: Mapping[str, Callable[[Expressions, Node, ast.Name], list[ast.stmt]]] = {
    "set_item": _set_item,
    "accumulate_at": _accumulate_at,
    "add": sum_in_place,
    "sub": sum_in_place,
    "list_append": _list_append,
    "list_pop": _list_pop,
    "list_insert": _list_insert,
    "list_delete": _list_delete,
    "list_set": _list_set,
    "list_accumulate": _list_accumulate,
}
