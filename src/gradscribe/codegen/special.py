"""Operations that the table cannot spell alone: subscription, literals, shapes, zeros, lists.

In:  a node.   Out: an expression, or None where the spelling of the table is right.
Not here: writes in place (stores.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Protocol

from gradscribe.codegen import keyed
from gradscribe.codegen.literals import number, static
from gradscribe.codegen.module_names import ModuleNames
from gradscribe.ir.control import Caught
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import ArrayType, ScalarType, TupleType, shape_of
from gradscribe.ops.sparse import Transposed
from gradscribe.ops.spec import SpellingKind, spelling_of

LISTS = "gradscribe.runtime.lists"


class Writer(Protocol):
    """The parts of `Expressions` that are needed here."""

    names: ModuleNames

    def value(self, value: Value) -> ast.expr:
        """A value."""

    def index(self, node: Node) -> ast.expr:
        """The index of a node."""

    def template(self, node: Node, item: object) -> ast.expr:
        """A template over the inputs of a node."""

    def call(self, function: str, *arguments: ast.expr) -> ast.expr:
        """A call by full name."""


def _constant(w: Writer, node: Node) -> ast.expr:
    return static(node.attrs["value"], w.names)


def _absent(w: Writer, node: Node) -> ast.expr:
    return ast.Constant(None)


def _identity(w: Writer, node: Node) -> ast.expr:
    return w.value(node.inputs[0])


def _get_item(w: Writer, node: Node) -> ast.expr:
    return ast.Subscript(w.value(node.inputs[0]), w.index(node))


def _convert(w: Writer, node: Node) -> ast.expr | None:
    to = node.attrs.get("to")
    return w.call(f"builtins.{to}", w.value(node.inputs[0])) if to else None


def _astype(w: Writer, node: Node) -> ast.expr | None:
    (operand,) = node.inputs
    dtype = node.attrs.get("dtype")
    if dtype is None:
        return None
    if isinstance(operand.type, ScalarType):
        return ast.Call(static(dtype, w.names), [w.value(operand)], [])
    return ast.Call(ast.Attribute(w.value(operand), "astype"), [static(dtype, w.names)], [])


def _dimension(w: Writer, node: Node) -> ast.expr:
    operand = w.value(node.inputs[0])
    axis = node.attrs.get("axis", 0)
    if spelling_of(node).name == "builtins.len" and axis == 0:
        return w.call("builtins.len", operand)
    assert isinstance(axis, int)
    return ast.Subscript(ast.Attribute(operand, "shape"), number(axis, w.names))


def _size(w: Writer, node: Node) -> ast.expr | None:
    return None if isinstance(node.inputs[0].type, ArrayType) else ast.Constant(1)


def _zeros_like(w: Writer, node: Node) -> ast.expr:
    (operand,) = node.inputs
    match operand.type:
        case ScalarType(dtype, python):
            zero = {"b": False, "i": 0, "u": 0, "f": 0.0, "c": 0j}[dtype.kind]
            literal = number(zero, w.names)
            return literal if python else ast.Call(static(dtype, w.names), [literal], [])
        case ArrayType():
            return _if_present(w, node, w.call("numpy.zeros_like", w.value(operand)))
        case _:
            return w.call(f"{LISTS}.zeros_like", w.value(operand))


def _broadcast_like(w: Writer, node: Node) -> ast.expr | None:
    """`np.full_like`, where value and array have the dtype of the result."""
    value, like = node.inputs
    result = node.output.type
    full = isinstance(value.type, ScalarType) and isinstance(like.type, ArrayType)
    if full and isinstance(result, ArrayType) and isinstance(like.type, ArrayType):
        if result.dtype == like.type.dtype:
            return _if_present(w, node, w.call("numpy.full_like", w.value(like), w.value(value)), like)
    return None


def _copy(w: Writer, node: Node) -> ast.expr | None:
    (operand,) = node.inputs
    if node.attrs.get("order") == "strides":
        return w.call("gradscribe.runtime.copies.copy_with_strides", w.value(operand))
    if node.attrs.get("order") != "K":
        return None
    if node.attrs.get("nested"):
        return w.call("gradscribe.runtime.lists.copy_lists", w.value(operand))
    if isinstance(operand.type, ScalarType):
        return w.value(operand)
    if isinstance(operand.type, TupleType):
        return w.call(f"{LISTS}.copy_parts", w.value(operand))
    if isinstance(operand.type, ArrayType) and operand.type.ndim == 0:
        # It may be a number at run time.
        return _if_present(w, node, w.call("copy.copy", w.value(operand)))
    keeps = isinstance(operand.type, ArrayType) and operand.type.ndim > 1
    copied = ast.Call(ast.Attribute(w.value(operand), "copy"), [ast.Constant("K")] if keeps else [], [])
    return _if_present(w, node, copied)


def _if_present(w: Writer, node: Node, made: ast.expr, operand: Value | None = None) -> ast.expr:
    """What is made of a value that may be absent, the first operand if no other is given, and then is None."""
    if not node.attrs.get("optional"):
        return made
    return ast.IfExp(_is_none(w, operand or node.inputs[0]), ast.Constant(None), made)


def _is_none(w: Writer, value: Value) -> ast.expr:
    return ast.Compare(w.value(value), [ast.Is()], [ast.Constant(None)])


def _add_lists(w: Writer, node: Node) -> ast.expr | None:
    """Arrays that may be absent: the sum is that of those which are there."""
    if not isinstance(node.output.type, ArrayType):
        return None
    left, right = node.inputs
    both = ast.BinOp(w.value(left), ast.Add(), w.value(right))
    found = ast.IfExp(_is_none(w, right), w.value(left), both)
    return ast.IfExp(_is_none(w, left), w.value(right), found)


def _expand_dims(w: Writer, node: Node) -> ast.expr | None:
    """`x[:, None]` is ten times as fast as `np.expand_dims`, and says as much."""
    operand = node.inputs[0].type
    is_python = isinstance(operand, ScalarType) and operand.python
    if not node.derivative or is_python or spelling_of(node).kind is not SpellingKind.FUNCTION:
        return None
    given = node.attrs["axis"]
    axes = given if isinstance(given, tuple) else (given,)
    ndim = len(shape_of(node.output.type))
    places = {axis % ndim for axis in axes if isinstance(axis, int)}
    if not places:
        return w.value(node.inputs[0])
    last = max(places)
    parts: list[ast.expr] = [
        ast.Constant(None) if axis in places else ast.Slice() for axis in range(last + 1)
    ]
    if last == ndim - 1 and min(places) > 1:
        parts = [ast.Constant(...), *parts[min(places) :]]
    return ast.Subscript(w.value(node.inputs[0]), parts[0] if len(parts) == 1 else ast.Tuple(parts))


def _list_new(w: Writer, node: Node) -> ast.expr:
    return ast.List([w.value(item) for item in node.inputs])


def _list_get(w: Writer, node: Node) -> ast.expr:
    items, *path = map(w.value, node.inputs)
    return reduce(ast.Subscript, path, items)


def _length(w: Writer, node: Node) -> ast.expr:
    return w.call("builtins.len", w.value(node.inputs[0]))


def _sum_list(w: Writer, node: Node) -> ast.expr:
    items, start = w.value(node.inputs[0]), w.value(node.inputs[2])
    is_default = isinstance(start, ast.Constant) and start.value == 0 and isinstance(start.value, int)
    return w.call("builtins.sum", items, *([] if is_default else [start]))


def _repeat_item(w: Writer, node: Node) -> ast.expr:
    item, count = map(w.value, node.inputs)
    return ast.BinOp(ast.List([item]), ast.Mult(), count)


def _index_tuples(w: Writer, node: Node) -> ast.expr:
    indices = w.call("builtins.range", w.value(node.inputs[0]))
    size = node.attrs["size"]
    assert isinstance(size, int)
    return w.call("builtins.list", w.call(f"itertools.{node.attrs['choice']}", indices, ast.Constant(size)))


def _has_label(w: Writer, node: Node) -> ast.expr:
    label = node.attrs["label"]
    assert isinstance(label, str)
    return ast.Compare(w.value(node.inputs[0]), [ast.Eq()], [ast.Constant(label)])


def _unstack_list(w: Writer, node: Node) -> ast.expr | None:
    operand = w.value(node.inputs[0])
    axis = node.attrs.get("axis", 0)
    assert isinstance(axis, int)
    if node.attrs.get("depth", 1) != 1:
        return None
    if axis != 0:
        operand = w.call("numpy.moveaxis", operand, number(axis, w.names), ast.Constant(0))
    return w.call("builtins.list", operand)


def _pack(w: Writer, node: Node) -> ast.expr:
    return ast.Tuple([w.value(item) for item in node.inputs])


def _unpack(w: Writer, node: Node) -> ast.expr:
    """The part of a tuple of one, inside of an expression; statements take several apart."""
    return ast.Subscript(w.value(node.inputs[0]), ast.Constant(0))


def _opaque_call(w: Writer, node: Node) -> ast.expr:
    arguments = node.attrs["arguments"]
    assert isinstance(arguments, tuple)
    function = w.names.object(node.attrs["function"], "function")
    if isinstance(function, ast.Name) and function.id in w.names.namespace:
        w.names.opaque.setdefault(function.id, node.location)
    return ast.Call(function, [w.template(node, item) for item in arguments], [])


def _sparse(w: Writer, node: Node) -> ast.expr:
    given = node.attrs["matrix"]
    flipped = isinstance(given, Transposed)
    matrix = w.names.object(given.matrix if isinstance(given, Transposed) else given, "matrix")
    return ast.Attribute(matrix, "T") if bool(node.attrs.get("transposed", False)) != flipped else matrix


def _sparse_product(w: Writer, node: Node) -> ast.expr:
    left, right = _sparse(w, node), w.value(node.inputs[0])
    if node.attrs.get("flipped", False):
        left, right = right, left
    return ast.BinOp(left, ast.MatMult(), right)


def _sparse_solve(w: Writer, node: Node) -> ast.expr:
    return w.call("scipy.sparse.linalg.spsolve", _sparse(w, node), w.value(node.inputs[0]))


def classes_of(names: ModuleNames, catches: Caught) -> ast.expr:
    """Exception classes as `except` and `isinstance` take them."""
    classes = [names.exception(exception) for exception in catches]
    return classes[0] if len(classes) == 1 else ast.Tuple(classes)


def _is_caught(w: Writer, node: Node) -> ast.expr:
    classes = node.attrs["classes"]
    assert isinstance(classes, tuple)
    return ast.Call(ast.Name("isinstance"), [w.value(node.inputs[0]), classes_of(w.names, classes)], [])


def _is_array(w: Writer, node: Node) -> ast.expr:
    classes = w.names.numpy("ndarray")
    if node.attrs.get("or_number"):
        classes = ast.Tuple([classes, w.names.numpy("generic")])
    return w.call("builtins.isinstance", w.value(node.inputs[0]), classes)


SPECIAL: Mapping[str, Callable[[Writer, Node], ast.expr | None]] = {
    "constant": _constant,
    "absent": _absent,
    **dict.fromkeys(("identity", "reference", "row"), _identity),
    "get_item": _get_item,
    "convert": _convert,
    "astype": _astype,
    "dimension": _dimension,
    "size": _size,
    "zeros_like": _zeros_like,
    "add_lists": _add_lists,
    "broadcast_like": _broadcast_like,
    "copy": _copy,
    "expand_dims": _expand_dims,
    "list_new": _list_new,
    "list_get": _list_get,
    "list_length": _length,
    "text_length": _length,
    "sum_list": _sum_list,
    "repeat_item": _repeat_item,
    "index_tuples": _index_tuples,
    "has_label": _has_label,
    "unstack_list": _unstack_list,
    "pack": _pack,
    "unpack": _unpack,
    **keyed.EXPRESSIONS,
    "is_array": _is_array,
    "is_caught": _is_caught,
    "opaque_call": _opaque_call,
    "sparse_product": _sparse_product,
    "sparse_solve": _sparse_solve,
}
