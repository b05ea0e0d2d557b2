"""Truth: `and`, `or`, `not`, comparison, conditional expressions.

In:  expressions.   Out: abstract values; `if` nodes where something must not be computed needlessly.
Not here: `if` statements (statements.py), joining (branches.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from gradscribe.frontend.attempts import is_caught
from gradscribe.frontend.branches import choose
from gradscribe.frontend.choices import any_choice, as_key, over_choices
from gradscribe.frontend.containment import contains
from gradscribe.frontend.entries import taken_for_empty
from gradscribe.frontend.identical import identical
from gradscribe.frontend.joins import same_class
from gradscribe.frontend.operands import as_value, present, resolved, type_of
from gradscribe.frontend.operators import binary, static_result
from gradscribe.frontend.optional import any_optional, over_optional
from gradscribe.frontend.protocols import truth_by_method
from gradscribe.frontend.references import class_referred_to
from gradscribe.frontend.state import Lowering
from gradscribe.frontend.storage import read_dict, read_list
from gradscribe.frontend.text import is_never_empty
from gradscribe.frontend.text_operators import compared_texts
from gradscribe.frontend.trials import Point
from gradscribe.frontend.values import (
    HOLDING,
    PYTHON_NUMBERS,
    Abstract,
    ArrayCell,
    Choice,
    Closure,
    DictCell,
    InstanceCell,
    ListCell,
    MaybeNone,
    Number,
    RangeValue,
    ShapeValue,
    Static,
    Text,
    TupleValue,
    is_none,
    is_text,
)
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.lengths import ONE
from gradscribe.ir.types import BOOL, ArrayType, OpaqueType, ScalarType
from gradscribe.ops.table import find_operator

# Operations on scalars that never raise: the right side of `and` may be computed needlessly.
HARMLESS = frozenset(
    {
        "constant",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
        "bool_not",
        "bool_and",
        "bool_or",
        "add",
        "sub",
        "mul",
        "neg",
        "abs",
        "dimension",
        "size",
        "list_length",
        "row",
    }
)
MAX_HARMLESS = 8


Evaluate = Callable[[Lowering, cst.BaseExpression], Abstract]


def truth(run: Lowering, value: Abstract, node: cst.CSTNode) -> bool | Value:
    """Whether a value counts as true: known now, or a run-time condition."""
    value = resolved(run, value, node)
    match value:
        case MaybeNone() | Choice():
            return truth(run, run.call(run, node, Static(bool), (value,), {}), node)
        case Static(value=found):
            return bool(static_result(run, node, bool, found).value)
        case TupleValue(items=items):
            return bool(items)
        case ListCell():
            content = read_list(run, value, node)
            if taken_for_empty(run, node, content):
                return False
            if isinstance(content, tuple):
                return bool(content)
            return run.apply(node, "list_length", (content,))[0]
        case DictCell():
            return bool(read_dict(run, value, node))
        case Number(value=found) if not isinstance(found.type, OpaqueType):
            return _asked_for_truth(run, found, node)
        case ArrayCell():
            return _asked_for_truth(run, as_value(run, value, node), node)
        case RangeValue() | ShapeValue():
            return truth(run, run.call(run, node, Static(len), (value,), {}), node)
        case InstanceCell():
            return _truth_of_object(run, value, node)
        case Text() if is_never_empty(value):
            return True
        case Text() | Number() if is_text(value):
            return truth(run, compared_texts(run, node, "!=", value, Static("")), node)
        case _:
            return True


def _asked_for_truth(run: Lowering, value: Value, node: cst.CSTNode) -> Value:
    """The condition itself; its `bool` where a handler would see that an array of several items has no truth."""
    type_ = value.type
    is_plain = not isinstance(type_, ArrayType) or all(length == ONE for length in type_.shape)
    if is_plain or not is_caught(run, ValueError):
        return value
    return as_value(run, run.call(run, node, Static(bool), (run.wrap(value),), {}), node)


def _truth_of_object(run: Lowering, value: InstanceCell, node: cst.CSTNode) -> bool | Value:
    """What `__bool__` says, or that `__len__` is not 0."""
    found = truth_by_method(run, node, value)
    return True if found is None else truth(run, found, node)


def tested(run: Lowering, node: cst.BaseExpression) -> bool | Value:
    """Whether an expression counts as true, where nothing else is asked of it, as after `if`."""
    return truth(run, _as_test(run, node), node)


def _as_test(run: Lowering, node: cst.BaseExpression) -> Abstract:
    match node:
        case cst.BooleanOperation():
            return boolean(run, node, _operand_of_test)
        case cst.Comparison():
            left = run.evaluate(run, node.left)
            return _chain(run, node, left, node.comparisons, _as_bool)
        case _:
            return run.evaluate(run, node)


def _operand_of_test(run: Lowering, node: cst.BaseExpression) -> Abstract:
    return _as_bool(run, node, _as_test(run, node))


def _as_bool(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    """What is no number as the bool that it counts as, so that it may stand beside bools."""
    value = resolved(run, value, node)
    if isinstance(value, ArrayCell | MaybeNone):
        return run.call(run, node, Static(bool), (value,), {})
    is_number = isinstance(value, Number) and not isinstance(value.value.type, OpaqueType)
    return value if is_number else _truth_as_value(run, value, node)


def _truth_as_value(run: Lowering, value: Abstract, node: cst.CSTNode) -> Abstract:
    condition = truth(run, value, node)
    if isinstance(condition, bool):
        return Static(condition)
    known = run.wrap(condition)
    return known if is_bool(run, known) else binary(run, node, "GreaterThan", known, Static(0))


def truth_of_items(run: Lowering, node: cst.CSTNode, args: Sequence[Abstract]) -> Abstract | None:
    """`bool(value)` of functions, and of what holds items, which is no array of them; None for anything else."""
    if len(args) == 1 and is_function(args[0]):
        return Static(True)
    if len(args) == 1 and class_referred_to(args[0]) is not None:
        return Static(True)
    if len(args) != 1 or not isinstance(args[0], HOLDING):
        return None
    return _truth_as_value(run, args[0], node)


def _as_it_is(run: Lowering, node: cst.CSTNode, value: Abstract) -> Abstract:
    return value


def boolean(run: Lowering, node: cst.BooleanOperation, evaluate: Evaluate | None = None) -> Abstract:
    """`left and right`, `left or right`: one of the two values, the right one computed only where needed."""
    evaluate = evaluate or run.evaluate
    is_and = isinstance(node.operator, cst.And)
    left = resolved(run, evaluate(run, node.left), node.left)
    condition = truth(run, left, node.left)
    if isinstance(condition, bool):
        return evaluate(run, node.right) if condition is is_and else left
    combined = _combined(run, node, is_and, left, evaluate)
    if combined is not None:
        return combined

    def right() -> Abstract:
        return evaluate(run, node.right)

    def same() -> Abstract:
        return Static(not is_and) if _is_known_by_its_truth(run, left, evaluate) else left

    return choose(run, node, condition, right, same) if is_and else choose(run, node, condition, same, right)


def _is_known_by_its_truth(run: Lowering, left: Abstract, evaluate: Evaluate) -> bool:
    """Whether a value that decides is known by that: it is a bool, or nobody asks for more than its truth."""
    is_plain = isinstance(left, Number) and same_class(left.value.type, BOOL)
    return is_plain or evaluate is _operand_of_test


def _combined(
    run: Lowering, node: cst.BooleanOperation, is_and: bool, left: Abstract, evaluate: Evaluate
) -> Abstract | None:
    """Both sides computed, where both are plain conditions and computing the right one cannot be noticed."""
    if not is_bool(run, left) or not is_harmless_syntax(node.right):
        return None
    before = Point.of(run)
    with run.block() as trial:
        right = resolved(run, evaluate(run, node.right), node.right)
    if not is_bool(run, right) or not is_harmless(trial.nodes) or not before.is_unchanged(run):
        before.restore(run)
        return None
    for made in trial.nodes:
        run.builder.append(made)
    if isinstance(right, Static):
        if bool(right.value) is not is_and:
            return right
        if isinstance(left, Number) and not same_class(left.value.type, BOOL):
            # One of NumPy where it decides, the one of Python where that does.
            run.mixed.add(left.value)
        return left
    spec, spelling = find_operator("and" if is_and else "or")
    inputs = [as_value(run, left, node), as_value(run, right, node)]
    return Number(run.apply(node, spec, inputs, spelling=spelling)[0])


def is_harmless_syntax(node: cst.BaseExpression) -> bool:
    """Worth trying: no call, index or assignment in it."""
    match node:
        case cst.Comparison(left=left, comparisons=comparisons):
            return is_harmless_syntax(left) and all(
                is_harmless_syntax(part.comparator) for part in comparisons
            )
        case cst.BooleanOperation(left=left, right=right) | cst.BinaryOperation(left=left, right=right):
            return is_harmless_syntax(left) and is_harmless_syntax(right)
        case cst.UnaryOperation(expression=expression):
            return is_harmless_syntax(expression)
        case cst.Name() | cst.Integer() | cst.Float():
            return True
        case _:
            return False


def is_bool(run: Lowering, value: Abstract) -> bool:
    """A scalar bool."""
    if isinstance(value, Static):
        return isinstance(value.value, bool)
    found = type_of(run, value)
    return isinstance(found, ScalarType) and found.dtype.kind == "b"


def is_harmless(nodes: Sequence[Node]) -> bool:
    """Few scalar operations that cannot raise."""
    return len(nodes) <= MAX_HARMLESS and cannot_raise(nodes)


def cannot_raise(nodes: Sequence[Node]) -> bool:
    """Scalar operations that never raise."""
    return all(
        node.op.name in HARMLESS and all(isinstance(value.type, ScalarType) for value in node.outputs)
        for node in nodes
    )


def negation(run: Lowering, node: cst.UnaryOperation) -> Abstract:
    """`not operand`."""
    condition = tested(run, node.expression)
    if isinstance(condition, bool):
        return Static(not condition)
    return Number(run.negated(node, condition))


def inverse(run: Lowering, condition: Value, node: cst.CSTNode | None) -> Value:
    """The opposite of a run-time condition."""
    return run.negated(node, condition)


def conditional(run: Lowering, node: cst.IfExp) -> Abstract:
    """`body if test else orelse`."""
    condition = tested(run, node.test)
    if isinstance(condition, bool):
        return run.evaluate(run, node.body if condition else node.orelse)
    return choose(
        run, node, condition, lambda: run.evaluate(run, node.body), lambda: run.evaluate(run, node.orelse)
    )


def comparison(run: Lowering, node: cst.Comparison) -> Abstract:
    """`a < b < c`: the middle is computed once, the last one only where the first holds."""
    left = run.evaluate(run, node.left)
    return _chain(run, node, left, node.comparisons, _as_it_is)


def _chain(
    run: Lowering,
    node: cst.Comparison,
    left: Abstract,
    targets: Sequence[cst.ComparisonTarget],
    finish: Callable[[Lowering, cst.CSTNode, Abstract], Abstract],
) -> Abstract:
    first, *rest = targets
    right = run.evaluate(run, first.comparator)
    result = compare(run, node, first.operator, left, right)
    if len(node.comparisons) > 1:
        result = finish(run, node, result)
    if not rest:
        return result
    condition = truth(run, result, node)
    if isinstance(condition, bool):
        return _chain(run, node, right, rest, finish) if condition else result
    if all(is_harmless_syntax(part.comparator) for part in rest):
        before = Point.of(run)
        with run.block() as trial:
            others = resolved(run, _chain(run, node, right, rest, finish), node)
        are_bool = is_bool(run, result) and is_bool(run, others)
        if is_harmless(trial.nodes) and are_bool and before.is_unchanged(run):
            for made in trial.nodes:
                run.builder.append(made)
            spec, spelling = find_operator("and")
            inputs = [condition, as_value(run, others, node)]
            return Number(run.apply(node, spec, inputs, spelling=spelling)[0])
        before.restore(run)
    return choose(run, node, condition, lambda: _chain(run, node, right, rest, finish), lambda: result)


def compare(
    run: Lowering, node: cst.CSTNode, operator: cst.BaseCompOp, left: Abstract, right: Abstract
) -> Abstract:
    """One comparison."""
    left, right = resolved(run, left, node), resolved(run, right, node)
    if any_optional((left, right)):
        return _compare_optional(run, node, operator, left, right)
    if isinstance(operator, cst.In | cst.NotIn):
        left = as_key(run, right, left)
    if any_choice((left, right)):
        return over_choices(run, node, (left, right), lambda a, b: compare(run, node, operator, a, b))
    match operator:
        case cst.Is():
            return _identical(run, node, left, right, True)
        case cst.IsNot():
            return _identical(run, node, left, right, False)
        case cst.In():
            return contains(run, node, left, right, True)
        case cst.NotIn():
            return contains(run, node, left, right, False)
        case _:
            return binary(run, node, type(operator).__name__, left, right)


def _compare_optional(
    run: Lowering, node: cst.CSTNode, operator: cst.BaseCompOp, left: Abstract, right: Abstract
) -> Abstract:
    for optional, other in ((left, right), (right, left)):
        asks = isinstance(operator, cst.Is | cst.IsNot) and is_none(other)
        if asks and isinstance(optional, MaybeNone) and is_none(optional.otherwise):
            given = optional.given
            return Number(given if isinstance(operator, cst.IsNot) else inverse(run, given, node))
    return over_optional(run, node, (left, right), lambda a, b: compare(run, node, operator, a, b))


def _identical(run: Lowering, node: cst.CSTNode, left: Abstract, right: Abstract, wanted: bool) -> Abstract:
    left, right = present(run, left, node), present(run, right, node)
    if isinstance(left, Static) and isinstance(right, Static):
        return Static((left.value is right.value) is wanted)
    for known, other in ((left, right), (right, left)):
        if isinstance(known, Static) and isinstance(other, Number) and type(known.value) in PYTHON_NUMBERS:
            return _is_literal(run, node, known.value, other, wanted)
    if isinstance(left, Static) or isinstance(right, Static):
        # None, a flag or a function is no array, number or container of the user's.
        return Static(not wanted)
    if isinstance(left, Number) and isinstance(right, Number) and class_referred_to(left) is None:
        raise _accident(run, node)
    found = identical(run, node, left, right)
    if isinstance(found, Static):
        return Static(found.value is wanted)
    return found if wanted else Number(inverse(run, as_value(run, found, node), node))


def _is_literal(run: Lowering, node: cst.CSTNode, known: object, other: Number, wanted: bool) -> Abstract:
    """`flag is True`: there is one object True, and NumPy's own is another."""
    type_ = other.value.type
    if not isinstance(known, bool):
        raise _accident(run, node)
    if isinstance(type_, ScalarType) and type_.dtype.kind == "b" and other.value in run.mixed:
        raise run.refusal(
            node,
            "GS127",
            f"this bool is compared with {known} by `is`",
            why="it is one of Python on some ways and one of NumPy on others, which is another object",
            fix="make it one of Python: `bool(...)`",
        )
    if not isinstance(type_, ScalarType) or type_.dtype.kind != "b" or not type_.python:
        return Static(not wanted)
    return other if known is wanted else Number(inverse(run, other.value, node))


def _accident(run: Lowering, node: cst.CSTNode) -> Exception:
    return run.refusal(
        node,
        "GS127",
        "two numbers are compared with `is`",
        why="which numbers share an object is an accident",
        fix="compare them with `==`",
    )


def is_function(value: Abstract) -> bool:
    """Something that can be called."""
    return isinstance(value, Closure) or (isinstance(value, Static) and callable(value.value))
