"""Forms: expressions that are differentiated as a whole, past their parts.

In:  a node that ends a form, its cotangent or the tangents of what it rests on.   Out: contributions, a tangent.
Not here: which nodes end a form (stable.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from gradscribe.ad.accumulate import select
from gradscribe.ad.broadcasting import full_shape, reduce_to, whole
from gradscribe.ad.elementwise import contribution, scale
from gradscribe.ir.graph import Node, Value
from gradscribe.ir.types import shape_of
from gradscribe.ops.build import OpBuilder
from gradscribe.ops.expression import parse
from gradscribe.ops.reductions import reduce_like, restore_axes
from gradscribe.ops.spec import Dense, Masked

Passage = Callable[[OpBuilder, Value], Value]
Making = Callable[[OpBuilder], Value]


@dataclass(frozen=True, slots=True)
class Reduction:
    """How the result of a reduction moves with its operand, in the place of its own rule.

    Attributes:
        result: of the reduction.
        pull: from a cotangent of the result to one of the operand.
        push: from a tangent of the operand to one of the result.
    """

    result: Value
    pull: Passage
    push: Passage


@dataclass(frozen=True, slots=True)
class Part:
    """What a form moves by when one value further up moves.

    Attributes:
        operand: that value.
        partial: the derivative by it, or by the result of `reduction`: text over `names` and `out`.
        names: what the names stand for: a value, or how to compute it.
        reduction: what stands between the operand and the elementwise rest of the form.
    """

    operand: Value
    partial: str
    names: Mapping[str, Value | Making] = field(default_factory=dict)
    reduction: Reduction | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A node as a function of values further up; `common` is a factor of every partial."""

    parts: tuple[Part, ...]
    common: str = "1.0"


def weighted(over: Node, weights: Making) -> Reduction:
    """A reduction whose result moves by the sum of weight times tangent."""

    def pull(b: OpBuilder, ct: Value) -> Value:
        spread = restore_axes(b, over, ct) if shape_of(ct.type) else ct
        return b.op("mul", spread, weights(b))

    def push(b: OpBuilder, tangent: Value) -> Value:
        return reduce_like(b, over, "sum", b.op("mul", weights(b), tangent))

    return Reduction(over.output, pull, push)


def pull_form(
    b: OpBuilder, node: Node, form: Form, ct: Dense | Masked, varied: Set[Value], *, selected: bool
) -> Iterator[tuple[Value, Dense | Masked]]:
    """What each varied value that the form rests on gets of the cotangent of the node."""
    shared = scale(b, ct.value, parse(form.common), {"out": node.output})
    ct = Masked(shared, ct.condition, ct.taken_if) if isinstance(ct, Masked) else Dense(shared)
    for part in form.parts:
        if part.operand not in varied:
            continue
        names = _environment(b, node, part)
        if part.reduction is None:
            yield part.operand, contribution(b, node, part.operand, ct, part.partial, names, guard=selected)
            continue
        plain = select(b, ct) if isinstance(ct, Masked) else ct.value
        value = whole(b, scale(b, plain, parse(part.partial), names), node.output)
        yield part.operand, Dense(part.reduction.pull(b, _shaped(b, value, node, part.reduction.result)))


def _environment(b: OpBuilder, node: Node, part: Part) -> dict[str, Value]:
    """What the names in a partial stand for."""
    given = {name: of if isinstance(of, Value) else of(b) for name, of in part.names.items()}
    return {**given, "out": node.output}


def _shaped(b: OpBuilder, value: Value, node: Node, result: Value) -> Value:
    """A contribution to the result of a reduction: a number, or of its full shape."""
    value = reduce_to(b, value, node.output, result)
    return full_shape(b, value, result) if shape_of(value.type) else value


def push_form(b: OpBuilder, node: Node, form: Form, tangents: Mapping[Value, Value]) -> Value | None:
    """The tangent of the node."""
    total: Value | None = None
    for part in form.parts:
        tangent = tangents.get(part.operand)
        if tangent is None:
            continue
        if part.reduction is not None:
            tangent = part.reduction.push(b, tangent)
        term = scale(b, tangent, parse(part.partial), _environment(b, node, part))
        total = term if total is None else b.op("add", total, term)
    return None if total is None else scale(b, total, parse(form.common), {"out": node.output})
