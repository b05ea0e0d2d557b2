"""Dicts and sets that are asked at run time, as Python writes what is done with them.

In:  nodes.   Out: expressions and statements.
Not here: the operations (ops/places.py, ops/sets.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from gradscribe.codegen.literals import static
from gradscribe.ir.graph import Node

if TYPE_CHECKING:
    from gradscribe.codegen.expressions import Expressions
    from gradscribe.codegen.special import Writer

OPERATORS: Mapping[str, ast.operator] = {
    "|": ast.BitOr(),
    "&": ast.BitAnd(),
    "-": ast.Sub(),
    "^": ast.BitXor(),
}
COMPARISONS: Mapping[str, ast.cmpop] = {"<": ast.Lt(), "<=": ast.LtE(), "==": ast.Eq()}


def _new_places(w: Writer, node: Node) -> ast.expr:
    keys = node.attrs.get("keys", ())
    assert isinstance(keys, tuple)
    return ast.Dict([static(key, w.names) for key in keys], [ast.Constant(k) for k in range(len(keys))])


def _contains(w: Writer, node: Node) -> ast.expr:
    owner, key = map(w.value, node.inputs)
    return ast.Compare(key, [ast.In()], [owner])


def _place(w: Writer, node: Node) -> ast.expr:
    places, key = map(w.value, node.inputs)
    return ast.Subscript(places, key)


def _take_last_place(w: Writer, node: Node) -> ast.expr:
    return ast.Subscript(_called(w, node, "popitem"), ast.Constant(1))


def _kept_places(w: Writer, node: Node) -> ast.expr:
    return w.call("builtins.list", _called(w, node, "values"))


def _called(w: Writer, node: Node, method: str) -> ast.expr:
    owner, *args = map(w.value, node.inputs)
    return ast.Call(ast.Attribute(owner, method), args, [])


def _method(name: str) -> Callable[[Writer, Node], ast.expr]:
    return lambda w, node: _called(w, node, name)


def _function(name: str) -> Callable[[Writer, Node], ast.expr]:
    return lambda w, node: w.call(f"builtins.{name}", w.value(node.inputs[0]))


def _new_set(w: Writer, node: Node) -> ast.expr:
    return ast.Set([w.value(item) for item in node.inputs]) if node.inputs else w.call("builtins.set")


def _joined_sets(w: Writer, node: Node) -> ast.expr:
    left, right = map(w.value, node.inputs)
    return ast.BinOp(left, OPERATORS[str(node.attrs["symbol"])], right)


def _compare_sets(w: Writer, node: Node) -> ast.expr:
    left, right = map(w.value, node.inputs)
    return ast.Compare(left, [COMPARISONS[str(node.attrs["symbol"])]], [right])


EXPRESSIONS: Mapping[str, Callable[[Writer, Node], ast.expr | None]] = {
    "new_places": _new_places,
    "copy_of_places": _method("copy"),
    "has_place": _contains,
    "place": _place,
    "take_place": _method("pop"),
    "take_last_place": _take_last_place,
    "kept_places": _kept_places,
    "count_places": _function("len"),
    "new_set": _new_set,
    "set_has": _contains,
    "set_size": _function("len"),
    "list_of_set": _function("list"),
    "copy_of_set": _method("copy"),
    "pop_from_set": _method("pop"),
    "joined_sets": _joined_sets,
    "compare_sets": _compare_sets,
}


def _put_place(e: Expressions, node: Node) -> list[ast.stmt]:
    places, key = map(e.value, node.inputs)
    return [ast.Assign([ast.Subscript(places, key)], e.call("builtins.len", places))]


def _put_place_at(e: Expressions, node: Node) -> list[ast.stmt]:
    places, key, place = map(e.value, node.inputs)
    return [ast.Assign([ast.Subscript(places, key)], place)]


def _change_set(e: Expressions, node: Node) -> list[ast.stmt]:
    left, right = map(e.value, node.inputs)
    names = {"|": "update", "&": "intersection_update", "-": "difference_update"}
    method = names.get(str(node.attrs["symbol"]), "symmetric_difference_update")
    return [ast.Expr(ast.Call(ast.Attribute(left, method), [right], []))]


def _statement(name: str) -> Callable[[Expressions, Node], list[ast.stmt]]:
    return lambda e, node: [ast.Expr(_called(e, node, name))]


STATEMENTS: Mapping[str, Callable[[Expressions, Node], list[ast.stmt]]] = {
    "put_place": _put_place,
    "put_place_at": _put_place_at,
    "clear_places": _statement("clear"),
    "add_to_set": _statement("add"),
    "discard_from_set": _statement("discard"),
    "remove_from_set": _statement("remove"),
    "clear_set": _statement("clear"),
    "change_set": _change_set,
}
