"""The value of an expression.

In:  LibCST expressions.   Out: abstract values; nodes in the current block.
Not here: operators (operators.py), `and`, `or`, `if` (conditions.py), calls (calls.py), attributes
(attributes.py), indices (indexing.py), comprehensions (comprehensions.py).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from gradscribe.frontend.attributes import attribute
from gradscribe.frontend.comprehensions import (
    dict_comprehension,
    generator_expression,
    list_comprehension,
    set_comprehension,
)
from gradscribe.frontend.conditions import boolean, comparison, conditional, negation
from gradscribe.frontend.container_methods import pairs_of
from gradscribe.frontend.entering import making_the_entry
from gradscribe.frontend.indexing import subscript
from gradscribe.frontend.instances import bad_call
from gradscribe.frontend.iteration import Counted, items_if_known, items_of
from gradscribe.frontend.keyed import filled, is_keyed, learn_keyed, made_at, new_dict, store
from gradscribe.frontend.list_copies import concatenated, of_run_time_lists
from gradscribe.frontend.operands import describe, present
from gradscribe.frontend.operators import binary, unary
from gradscribe.frontend.refusal import Refusal
from gradscribe.frontend.scope import bind, read_name
from gradscribe.frontend.selections import transposed
from gradscribe.frontend.sets import known_set, run_time_set
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.stepping import yield_value
from gradscribe.frontend.storage import read_dict
from gradscribe.frontend.subset import refuse
from gradscribe.frontend.syntax import parameters_of
from gradscribe.frontend.text import formatted
from gradscribe.frontend.values import Abstract, Closure, DictCell, InstanceCell, ListCell, Static, TupleValue
from gradscribe.ops.written.keyed import KeyedDict


def evaluate(run: Lowering, node: cst.BaseExpression) -> Abstract:
    """The value of an expression, evaluated in the order of Python."""
    handler = HANDLERS.get(type(node))
    if handler is None:
        raise refuse(run, node)
    return handler(run, node)


def _literal(run: Lowering, node: cst.Integer | cst.Float | cst.Imaginary) -> Abstract:
    return Static(ast.literal_eval(node.value))


def _string(run: Lowering, node: cst.SimpleString | cst.ConcatenatedString) -> Abstract:
    if isinstance(node, cst.ConcatenatedString) and node.evaluated_value is None:
        return formatted(run, node)
    return Static(node.evaluated_value)


def _ellipsis(run: Lowering, node: cst.Ellipsis) -> Abstract:
    return Static(...)


def _name(run: Lowering, node: cst.Name) -> Abstract:
    return read_name(run, node)


def _binary(run: Lowering, node: cst.BinaryOperation) -> Abstract:
    # A long sum leans to the left: 900 terms must not be 900 calls deep.
    spine: list[cst.BinaryOperation] = []
    current: cst.BaseExpression = node
    while isinstance(current, cst.BinaryOperation):
        spine.append(current)
        current = current.left
    result = evaluate(run, current)
    for operation in reversed(spine):
        right = evaluate(run, operation.right)
        listed = of_run_time_lists(run, operation, result, right)
        if listed is not None:
            result = listed
            continue
        result = binary(run, operation, type(operation.operator).__name__, result, right)
    return result


def _unary(run: Lowering, node: cst.UnaryOperation) -> Abstract:
    if isinstance(node.operator, cst.Not):
        return negation(run, node)
    return unary(run, node, type(node.operator).__name__, evaluate(run, node.expression))


def _tuple(run: Lowering, node: cst.Tuple) -> Abstract:
    return TupleValue(tuple(elements(run, node.elements)))


def _list(run: Lowering, node: cst.List) -> Abstract:
    parts: list[list[Abstract] | Counted] = []
    for element in node.elements:
        value = run.evaluate(run, element.value)
        starred = isinstance(element, cst.StarredElement)
        parts.append(items_if_known(run, element, value) if starred else [value])
    if not any(isinstance(part, Counted) for part in parts):
        return ListCell(tuple(item for part in parts if isinstance(part, list) for item in part))
    return concatenated(run, node, parts)


def elements(run: Lowering, nodes: Sequence[cst.BaseElement]) -> list[Abstract]:
    """The items of a display, starred ones expanded."""
    found: list[Abstract] = []
    for element in nodes:
        value = run.evaluate(run, element.value)
        if isinstance(element, cst.StarredElement):
            found.extend(items_of(run, element, value))
        else:
            found.append(value)
    return found


def _set(run: Lowering, node: cst.Set) -> Abstract:
    items = elements(run, node.elements)
    known = known_set(
        run, node, lambda: {static_value(run, node, item, "an item of a set") for item in items}
    )
    return run_time_set(run, node, items) if known is None else known


def _dict(run: Lowering, node: cst.Dict) -> Abstract:
    if is_keyed(run, node):
        return _dict_to_ask(run, node)
    try:
        return new_dict(run, node, _entries(run, node).items())
    except Refusal as refusal:
        if refusal.diagnostic.code == "GS125":
            learn_keyed(run, made_at(run, node))
        raise


def _dict_to_ask(run: Lowering, node: cst.Dict) -> Abstract:
    """A dict that is asked at run time."""
    starred = [k for k, element in enumerate(node.elements) if not isinstance(element, cst.DictElement)]
    first = node.elements[: starred[0]] if starred else node.elements
    written = [element for element in first if isinstance(element, cst.DictElement)]
    entries = [(evaluate(run, element.key), evaluate(run, element.value)) for element in written]
    made = filled(run, node, entries)
    for element in node.elements[len(first) :]:
        if isinstance(element, cst.DictElement):
            key = evaluate(run, element.key)
            store(run, element, made, key, evaluate(run, element.value))
        else:
            run.call(run, element, Static(KeyedDict.update), (made, evaluate(run, element.value)), {})
    return made


def _entries(run: Lowering, node: cst.Dict) -> dict[object, Abstract]:
    entries: dict[object, Abstract] = {}
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            key = static_value(run, element.key, evaluate(run, element.key), "a key")
            entries[key] = evaluate(run, element.value)
        else:
            value = evaluate(run, element.value)
            if not isinstance(value, DictCell | InstanceCell):
                raise run.refusal(
                    element,
                    "GS140",
                    f"{describe(run, value)} is unpacked as a dict",
                    why="`**` needs a dict",
                    fix="pass a dict",
                )
            entries.update(pairs_of(run, element, value))
    return entries


def static_value(run: Lowering, node: cst.CSTNode, value: Abstract, what: str) -> object:
    """A hashable object that must be known now; an int argument becomes part of the guard."""
    value = present(run, value, node)
    if isinstance(value, Static):
        return value.value
    if isinstance(value, TupleValue):
        return tuple(static_value(run, node, item, what) for item in value.items)
    return run.static_int(node, value, what)


def _lambda(run: Lowering, node: cst.Lambda) -> Abstract:
    return closure(run, "<lambda>", node)


def closure(run: Lowering, name: str, node: cst.Lambda | cst.FunctionDef) -> Closure:
    """A nested function: defaults are evaluated now, names when it is called."""
    defaults: Mapping[str, Abstract] = {
        param.name.value: evaluate(run, param.default)
        for param in parameters_of(node)
        if param.default is not None
    }
    return Closure(name, run.frame.captured, node, run.frame, defaults, tuple(run.comprehensions))


def _walrus(run: Lowering, node: cst.NamedExpr) -> Abstract:
    value = evaluate(run, node.value)
    assert isinstance(node.target, cst.Name)
    bind(run, node.target.value, value)
    return value


def _call(run: Lowering, node: cst.Call) -> Abstract:
    function = evaluate(run, node.func)
    found = _zipped_rows(run, node, function)
    if found is not None:
        return found
    args, kwargs = arguments(run, node)
    return run.call(run, node, making_the_entry(run, node, function), args, kwargs)


def _zipped_rows(run: Lowering, node: cst.Call, function: Abstract) -> Abstract | None:
    """`zip(*rows)` of a number of rows that is known at run time only."""
    if not isinstance(function, Static) or function.value is not zip or [a.star for a in node.args] != ["*"]:
        return None
    return transposed(run, node, evaluate(run, node.args[0].value))


def arguments(run: Lowering, node: cst.Call) -> tuple[list[Abstract], dict[str, Abstract]]:
    """The arguments of a call, starred ones expanded.

    All that is given by position is evaluated before what is given by name: `f(b=second(), *first())`.
    """
    args: list[Abstract] = []
    kwargs: dict[str, Abstract] = {}
    for arg in sorted(node.args, key=lambda arg: arg.star == "**" or arg.keyword is not None):
        value = evaluate(run, arg.value)
        if arg.star == "*":
            args.extend(items_of(run, arg.value, value))
        elif arg.star == "**":
            if not isinstance(value, DictCell):
                raise run.refusal(
                    arg.value,
                    "GS140",
                    f"{describe(run, value)} is unpacked as keywords",
                    why="`**` needs a dict",
                    fix="pass a dict",
                )
            found = {str(key): item for key, item in read_dict(run, value).items()}
            for name in found.keys() & kwargs.keys():
                raise bad_call(run, arg.value, f"the keyword argument '{name}' is given twice")
            kwargs.update(found)
        elif arg.keyword is not None:
            kwargs[arg.keyword.value] = value
        else:
            args.append(value)
    return args, kwargs


Handler = Callable[[Lowering, cst.BaseExpression], Abstract]

HANDLERS: dict[type[cst.BaseExpression], Handler] = {
    cst.Integer: _literal,  # type: ignore[dict-item]
    cst.Float: _literal,  # type: ignore[dict-item]
    cst.Imaginary: _literal,  # type: ignore[dict-item]
    cst.SimpleString: _string,  # type: ignore[dict-item]
    cst.ConcatenatedString: _string,  # type: ignore[dict-item]
    cst.FormattedString: formatted,  # type: ignore[dict-item]
    cst.Ellipsis: _ellipsis,  # type: ignore[dict-item]
    cst.Name: _name,  # type: ignore[dict-item]
    cst.BinaryOperation: _binary,  # type: ignore[dict-item]
    cst.UnaryOperation: _unary,  # type: ignore[dict-item]
    cst.BooleanOperation: boolean,  # type: ignore[dict-item]
    cst.Comparison: comparison,  # type: ignore[dict-item]
    cst.IfExp: conditional,  # type: ignore[dict-item]
    cst.Tuple: _tuple,  # type: ignore[dict-item]
    cst.List: _list,  # type: ignore[dict-item]
    cst.Set: _set,  # type: ignore[dict-item]
    cst.Dict: _dict,  # type: ignore[dict-item]
    cst.Lambda: _lambda,  # type: ignore[dict-item]
    cst.NamedExpr: _walrus,  # type: ignore[dict-item]
    cst.Call: _call,  # type: ignore[dict-item]
    cst.Attribute: attribute,  # type: ignore[dict-item]
    cst.Subscript: subscript,  # type: ignore[dict-item]
    cst.ListComp: list_comprehension,  # type: ignore[dict-item]
    cst.GeneratorExp: generator_expression,  # type: ignore[dict-item]
    cst.Yield: yield_value,  # type: ignore[dict-item]
    cst.SetComp: set_comprehension,  # type: ignore[dict-item]
    cst.DictComp: dict_comprehension,  # type: ignore[dict-item]
}
