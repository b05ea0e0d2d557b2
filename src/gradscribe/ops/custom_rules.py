"""Calls of functions with rules of the user, and of functions that cannot be read.

A function with rules is lowered in place; `by_rule` then stands between its results and their readers, and knows
the rules, as closed blocks. Where it is differentiated the rules take its place, where it is not, it is its first
inputs (passes/forward_values.py).

In:  nothing.   Out: `OPERATIONS`, `Rules`, `RuledCall`.
Not here: making the blocks (frontend/custom_calls.py), applying them (ad/custom_rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from gradscribe.ir.graph import Block, Node, Value
from gradscribe.ir.template import fill
from gradscribe.ir.types import ArrayType, Type
from gradscribe.ops.declare import constant_almost_everywhere, custom, linear
from gradscribe.ops.promotion import same_type
from gradscribe.ops.spec import Domain, OpSpec, Spelling
from gradscribe.runtime.opaque import checked, of_shape


@dataclass(eq=False)
class Rules:
    """The rules of one call, for arguments of these types.

    Every block reads the leaves of the arguments and, last, what the function and its rules capture.

    Attributes:
        name: of the function.
        forward: (arguments, captured) -> (results, residuals).
        backward: (arguments, residuals, cotangents of the float results, captured) -> cotangents of arguments.
        cotangents: for each argument leaf, its position among the results of `backward`, None for zero.
        pushforward: (arguments, tangents of the float arguments, captured) -> (results, tangents of results).
        tangents: for each result, the position of its tangent among the results of `pushforward`, or None.
        is_recursive: a rule calls the function itself.
    """

    name: str
    forward: Block | None = None
    backward: Block | None = None
    cotangents: tuple[int | None, ...] = ()
    pushforward: Block | None = None
    tangents: tuple[int | None, ...] = ()
    is_recursive: bool = False


@dataclass(frozen=True)
class RuledCall:
    """The parts of a `by_rule` node."""

    rules: Rules
    results: tuple[Value, ...]
    arguments: tuple[Value, ...]
    captured: tuple[Value, ...]

    @staticmethod
    def of(node: Node) -> RuledCall:
        """Read them off the node."""
        rules, n, m = node.attrs["rules"], node.attrs["results"], node.attrs["arguments"]
        assert isinstance(rules, Rules) and isinstance(n, int) and isinstance(m, int)
        return RuledCall(rules, node.inputs[:n], node.inputs[n : n + m], node.inputs[n + m :])


def is_ruled(node: Node) -> bool:
    """Whether the node stands for the results of a function with rules."""
    return node.op.name == "by_rule"


def _result_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    count = attrs["results"]
    assert isinstance(count, int)
    return tuple(types[:count])


def _given_types(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    given = attrs["types"]
    assert isinstance(given, tuple)
    return given


def _shaped_like(types: Sequence[Type], attrs: Mapping[str, object], spelling: Spelling) -> tuple[Type, ...]:
    value, like = types[:2]
    assert isinstance(value, ArrayType) and isinstance(like, ArrayType)
    return (ArrayType(value.dtype, like.shape),)


def _applied_elsewhere(*_: object) -> NoReturn:
    raise AssertionError("ad/custom_rules.py applies the rules of users")


def _call(inputs: Sequence[object], attrs: Mapping[str, object]) -> Any:
    function: Any = attrs["function"]
    return function(*fill(attrs["arguments"], inputs))


def _shape_transpose(b: object, node: Node, ct: Value) -> Value:
    return ct


OPERATIONS: tuple[OpSpec, ...] = (
    custom(
        "by_rule",
        "by_rule",
        "*values, rules, results, arguments",
        _applied_elsewhere,
        _applied_elsewhere,
        _result_types,
        "The results of a function whose derivative the user has stated.",
        why="the rule that the user has given",
        operands=(),
        evaluate=lambda inputs, attrs: inputs[0] if attrs["results"] == 1 else inputs[: attrs["results"]],
    ),
    constant_almost_everywhere(
        "opaque_call",
        "opaque_call",
        "its derivative is what the rules of the function say",
        "A call of a function that cannot be read.",
        signature="*values, function, arguments, types",
        types=_given_types,
        operands=(),
        backend=Domain.OPAQUE,
        evaluate=_call,
    ),
    constant_almost_everywhere(
        "checked",
        "gradscribe.runtime.opaque.checked",
        "it is the result of a function that cannot be read",
        "The result of a function that cannot be read, checked.",
        signature="value, *arguments, name, dtype, shape, same_as=None",
        types=same_type,
        operands=("value",),
        backend=Domain.OPAQUE,
        evaluate=lambda inputs, attrs: checked(
            *inputs, **{key: value for key, value in attrs.items() if key != "spelling"}
        ),
    ),
    linear(
        "of_shape",
        "gradscribe.runtime.opaque.of_shape",
        "value, like, what",
        _shape_transpose,
        _shaped_like,
        "What a rule of the user returns, if it has the shape it must have.",
        operands=("value", "like"),
        shape_only=frozenset({1}),
        evaluate=lambda inputs, attrs: of_shape(inputs[0], inputs[1], str(attrs["what"])),
    ),
)
